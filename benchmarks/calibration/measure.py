"""One measurement: a sheet is degraded, read, and its words are held against what stands on it."""

from __future__ import annotations

import io
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.calibration.engines import Engine
from benchmarks.calibration.readings import Readings, fingerprint
from benchmarks.calibration.sheets import Sheet
from crumple import ALL, Degraded, Document, NotApplicable, Page, Pages, Region, read
from crumple.mutation.mutator import Mutator
from crumple.places import overlap

CATEGORIES = ("scan", "combination")


@dataclass(frozen=True, slots=True)
class Measurement:
    """What an engine missed of one degraded sheet, in shares.

    Attributes:
        mutator: "" for the clean sheet.
        level: 0 for the clean sheet.
        sheet: its name.
        seed: of the degradation.
        error: of all words, those not read.
        left: of the words that the mutator does not declare lost, those not read; None where it leaves none.
        characters: edits from what was read to what stands there, a character of the latter; at most 1.
        lost: of all words, those declared lost.
        refused: why the mutator could not act; the rest is 0 then.
        fresh: whether an engine read it just now.
    """

    mutator: str
    level: float
    sheet: str
    seed: int
    error: float = 0.0
    left: float | None = None
    characters: float = 0.0
    lost: float = 0.0
    refused: str = ""
    fresh: bool = False


def calibrated(mutator: Mutator) -> bool:
    """Whether a mutator makes scanned pages worse, and can do so to a PNG."""
    return mutator.category in CATEGORIES and not mutator.control and _seen(mutator) and mutator.fits("image/png")


def _seen(mutator: Mutator) -> bool:
    return mutator.view in (Page, Pages, Document)


def measure(
    mutator: Mutator | None, level: float, sheet: Sheet, seed: int, engine: Engine, readings: Readings
) -> Measurement:
    """Degrade and read one sheet; without a mutator it is read as it is."""
    name = mutator.name if mutator else ""
    try:
        clean: Degraded[Sequence[Page]] = Degraded((sheet.page,))
        degraded = _degraded(mutator, level, sheet.page, seed) if mutator else clean
    except NotApplicable as reason:
        return Measurement(name, level, sheet.name, seed, refused=str(reason))
    value = "" if mutator is None or mutator.ladder is None else str(mutator.ladder.at(level))
    texts, fresh = [], False
    for page in degraded.view:
        key = fingerprint(page)
        text = readings.find(engine.version, key)
        if text is None:
            started, fresh = time.perf_counter(), True
            text = engine.read(page)
            spent = time.perf_counter() - started
            readings.keep(engine.version, key, text, spent, about=(name, value, sheet.name, seed))
        texts.append(text)
    return _scored(name, level, sheet, seed, degraded, "\n".join(texts), fresh=fresh)


def _degraded(mutator: Mutator, level: float, page: Page, seed: int) -> Degraded[Sequence[Page]]:
    """What a mutator makes of a page, whatever it sees it as: the pages that there are then."""
    step = mutator.step(level, seed)
    if mutator.view is Page:
        one = mutator.apply(page, step)
        return Degraded((one.view,), lost=one.lost)
    if mutator.view is Pages:
        several = mutator.apply(Pages((page,)), step)
        return Degraded(several.view.pages, lost=several.lost)
    document = mutator.apply(_png(page), step)
    return Degraded(read(document.view, Pages).pages, lost=document.lost)


def _png(page: Page) -> Document:
    file = io.BytesIO()
    Image.fromarray(page.pixels).save(file, "PNG", dpi=page.dpi, compress_level=1)
    return Document(file.getvalue(), "image/png", "sheet.png")


def _scored(
    name: str, level: float, sheet: Sheet, seed: int, degraded: Degraded[Sequence[Page]], text: str, *, fresh: bool
) -> Measurement:
    regions = [place for place in degraded.lost if isinstance(place, Region)] if degraded.lost is not ALL else []
    gone = [degraded.lost is ALL or any(overlap(place, region) for region in regions) for _, place in sheet.words]
    found = Counter(normalised(text.split()))
    left = Counter(normalised(word for (word, _), lost in zip(sheet.words, gone, strict=True) if not lost))
    printed = Counter(normalised(word for word, _ in sheet.words))
    clean = " ".join(word for word, _ in sheet.words)
    return Measurement(
        name,
        level,
        sheet.name,
        seed,
        error=_missed(printed, found),
        left=_missed(left, found) if left else None,
        characters=min(1.0, Levenshtein.distance(clean, " ".join(text.split())) / len(clean)),
        lost=sum(gone) / len(gone),
        fresh=fresh,
    )


def normalised(words: Iterable[str]) -> list[str]:
    """Words without case and punctuation; what is nothing else is no word."""
    bare = (
        "".join(letter for letter in unicodedata.normalize("NFKC", word).casefold() if letter.isalnum())
        for word in words
    )
    return [word for word in bare if word]


def _missed(printed: Counter[str], found: Counter[str]) -> float:
    return (printed - found).total() / printed.total()
