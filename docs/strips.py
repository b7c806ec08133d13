"""A strip of pictures a mutator: the clean page, and what it looks like at each level; drawn, and known by a digest."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from crumple import Document, NotApplicable, read
from crumple.cli import statements
from crumple.cli.lettering import FAINT, INK, cut
from crumple.cli.lettering import write as letter
from crumple.cli.page_tiles import Seen, same_sheets, seen
from crumple.errors import CrumpleError
from crumple.mutation.action import act, seen_as
from crumple.mutation.ladder import LEVELS
from crumple.mutation.mutator import Mutator
from crumple.mutation.samples import samples
from crumple.places import Region
from crumple.views.format import write
from crumple.views.pages import Page, Pages, Pixels
from crumple_corpora.forms import Forms
from crumple_corpora.invoices import Invoices

SEED: Final = 7
INVOICE, PNG, JPEG, TIFF = "an invoice", "an invoice as PNG", "an invoice as JPEG", "an invoice as TIFF"
FORM, BY_HAND, SEVERAL = "a form", "a form filled in by hand", "three pages"
_WIDTH, _GAP, _WIDEST = 976, 8, 300
_CUT_SHARE, _CAPTION, _HEAD = 0.72, 13, 22
_GROUND, _FRAME, _MARK = (250, 250, 248), (196, 196, 192), (214, 0, 150)
_LIGHT, _SMALL, _PER_ROW = 190, (100, 142), 9
_OF_PAGES, _SHADE = ("combination", "form", "scan"), 40
_DRAWN_BY: Final = 2  # counts up when strips look different


@dataclass(frozen=True, slots=True)
class Subject:
    """What a strip is drawn of.

    Attributes:
        document: one of the documents below, by what it is called in an alternative text.
        seed: of every step: where damage falls beside what is on the page, another one shows more.
        page: the page that is shown, from 0.
    """

    document: str = INVOICE
    seed: int = SEED
    page: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip as it was drawn.

    Attributes:
        picture: RGB.
        document: what it shows.
        levels: those that are shown.
        pages: whether all pages are shown small, for other sheets or another order are what there is to see.
    """

    picture: Pixels
    document: str
    levels: tuple[float, ...]
    pages: bool


def digest(mutator: Mutator, subject: Subject) -> str:
    """Known by this: the mutator's code and ladder, what it is drawn of, and how."""
    rungs = [statements.value(each) for each in mutator.ladder.rungs] if mutator.ladder else [mutator.level]
    known = [mutator.version, rungs, subject.document, subject.seed, subject.page, _DRAWN_BY]
    return hashlib.blake2b(json.dumps(known).encode(), digest_size=8).hexdigest()


@cache
def documents() -> Mapping[str, Document]:
    """What strips are drawn of."""
    invoices, forms = Invoices(count=7, seed=7), Forms(count=3, seed=7)
    small = {each.name: each for each in samples()}
    png = invoices.load("invoice-0001.png").document
    jpeg = io.BytesIO()
    Image.open(io.BytesIO(png.data)).convert("RGB").save(jpeg, "JPEG", quality=90, dpi=(150, 150))
    return {
        INVOICE: invoices.load("invoice-0007.pdf").document,
        PNG: png,
        JPEG: Document(jpeg.getvalue(), "image/jpeg", "invoice-0001.jpg"),
        TIFF: invoices.load("invoice-0007.tiff").document,
        FORM: forms.load("form-0001.pdf").document,
        BY_HAND: forms.load("form-0001-by-hand.pdf").document,
        SEVERAL: small["a.pdf"],
    }


def draw(mutator: Mutator, subject: Subject) -> Strip:
    """Draw a mutator's strip.

    Raises:
        NotApplicable: it acts on no page of this document, or nothing of it can be seen.
    """
    document = documents()[subject.document]
    clean = read(document, Pages)
    levels = LEVELS if mutator.ladder else (mutator.level,)
    made = [_degraded(mutator, document, clean, level, subject) for level in levels]
    same = _equal if mutator.category in _OF_PAGES else _alike
    if all(each is None or same(each, clean) for each in made):
        raise NotApplicable("nothing of it is to be seen")
    captions = ["clean", *(_caption(mutator, level) for level in levels)]
    whole = [clean, *made]
    across = min(_WIDEST, (_WIDTH - _GAP * (len(whole) - 1)) // len(whole))
    several = mutator.view is not Page and any(each is not None and not same_sheets(clean, each) for each in made)
    tiles = [_all_pages(each, across) for each in whole] if several else _pieces(whole, across, subject.page)
    return Strip(_joined(tiles, captions, across), subject.document, levels, several)


def overview(drawn: Sequence[tuple[str, Pixels, int]], *, pieces: bool) -> Pixels:
    """Many mutators on one picture, each at a high level under its name.

    Args:
        drawn: of each its name, its strip, and how many levels that has.
        pieces: whether to show the pieces, not the pages.
    """
    across, down = (_SMALL[0], round(_CUT_SHARE * _SMALL[0])) if pieces else _SMALL
    rows = -(-len(drawn) // _PER_ROW)
    picture = np.full((rows * (down + _HEAD + _GAP), _PER_ROW * (across + _GAP) - _GAP, 3), _GROUND, np.uint8)
    for number, (name, strip, levels) in enumerate(drawn):
        width = (strip.shape[1] + _GAP) // (levels + 1)
        column = strip[_HEAD:, min(levels, 4) * width :][:, : width - _GAP]
        left, top = number % _PER_ROW * (across + _GAP), number // _PER_ROW * (down + _HEAD + _GAP)
        high = round(column.shape[1] * (_CUT_SHARE if pieces else 1.42))
        shown = column[-high - _GAP : -_GAP] if pieces else column[:high]
        small = _fitted(np.ascontiguousarray(shown), across, down)
        picture[top : top + len(small), left : left + small.shape[1]] = small
        letter(picture, cut(name.replace("_", " "), 11, across), (left, top + down + 14), 11, colour=INK)
    return picture


def _degraded(mutator: Mutator, document: Document, clean: Pages, level: float, subject: Subject) -> Pages | None:
    step = mutator.step(level, subject.seed)
    try:
        if mutator.view is Page:
            one = act(mutator, Pages((clean[subject.page],)), step).view
            return Pages((*clean.pages[: subject.page], one[0], *clean.pages[subject.page + 1 :]))
        view = clean if seen_as(mutator) is Pages else read(document, seen_as(mutator))
        after = act(mutator, view, step).view
        return after if isinstance(after, Pages) else read(write(after, document), Pages)
    except (NotApplicable, CrumpleError):
        return None


def _equal(one: Pages, other: Pages) -> bool:
    return len(one) == len(other) and all(
        each.pixels.shape == its.pixels.shape and np.array_equal(each.pixels, its.pixels)
        for each, its in zip(one, other, strict=True)
    )


def _alike(one: Pages, other: Pages) -> bool:
    """Whether nobody sees a difference: what a file is written in changes pixels by a shade."""
    if len(one) != len(other) or any(a.pixels.shape[:2] != b.pixels.shape[:2] for a, b in zip(one, other, strict=True)):
        return False
    pairs = [(seen(each).strength, seen(its).strength) for each, its in zip(one, other, strict=True)]
    return all(a.shape == b.shape and float(np.abs(a - b).max()) < _SHADE for a, b in pairs)


def _caption(mutator: Mutator, level: float) -> str:
    if not mutator.ladder:
        return f"level {level:g}"
    rung = statements.value(dict(mutator.step(level, 0).parameters)[mutator.parameter])
    unit = mutator.ladder.unit if len(mutator.ladder.unit) <= 6 else ""
    return f"{level:g}: {rung} {unit}".rstrip()


def _pieces(whole: Sequence[Pages | None], across: int, number: int) -> list[list[Pixels]]:
    """Of each the page, and below it a piece of it, pixel for pixel."""
    shown = [None if each is None else seen(each[number]) for each in whole]
    first = shown[0]
    assert first is not None
    place = _place(first, [each for each in shown[1:] if each], across)
    tiles = []
    for each in shown:
        if each is None:
            tiles.append([])
            continue
        thumb = _marked(_fitted(each.thumb, across, across * 1.45), place)
        tiles.append([thumb, _cut_out(each.page, place, across)])
    return tiles


def _place(clean: Seen, degraded: Sequence[Seen], across: int) -> Region:
    """A piece as large as a tile where there is damage and dark text on light ground, or damage beside the text."""
    page, still = clean.page, clean.strength
    width, height = min(1.0, across / page.width), min(1.0, round(_CUT_SHARE * across) / page.height)
    down, wide = still.shape
    window = max(1, round(width * wide)), max(1, round(height * down))
    text = np.abs(still - cv2.blur(still, (7, 7))) * (cv2.blur(still, window) > _LIGHT)
    changed = np.zeros_like(text)
    for number, each in enumerate(degraded):
        # What is there at the lowest levels already is looked at first.
        changed += np.abs(cv2.resize(each.strength, (wide, down)) - still) / (number + 1)
    much = cv2.blur(changed, window)
    score = _share(much) * (0.1 + _share(cv2.blur(text, window)))
    score[: window[1] // 2], score[down - window[1] // 2 :] = -1, -1
    score[:, : window[0] // 2], score[:, wide - window[0] // 2 :] = -1, -1
    row, column = np.unravel_index(int(np.argmax(score)), score.shape)
    left = min(max((column + 0.5) / wide - width / 2, 0.0), 1 - width)
    top = min(max((row + 0.5) / down - height / 2, 0.0), 1 - height)
    return Region(0, float(left), float(top), float(left + width), float(top + height))


def _share(values: Any) -> Any:
    return values / max(float(values.max()), 1e-6)


def _cut_out(page: Page, place: Region, across: int) -> Pixels:
    left, top = round(place.left * page.width), round(place.top * page.height)
    right = max(left + 1, round(place.right * page.width))
    bottom = max(top + 1, round(place.bottom * page.height))
    size = across, round(_CUT_SHARE * across)
    piece = np.ascontiguousarray(page.pixels[top:bottom, left:right])
    if piece.shape[1::-1] != size:
        piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    return piece


def _all_pages(pages: Pages | None, across: int) -> list[Pixels]:
    """All pages of a document, small, two beside each other."""
    if pages is None:
        return []
    half = (across - 4) // 2
    rows = []
    for start in range(0, min(len(pages), 8), 2):
        pair = [_fitted(each.pixels, half, half * 1.45) for each in pages.pages[start : start + 2]]
        row = np.full((max(map(len, pair)), across, 3), _GROUND, np.uint8)
        for at, each in enumerate(pair):
            _put(row, each, at * (half + 4), 0)
        rows.append(row)
    return rows


def _fitted(pixels: Pixels, across: float, down: float) -> Pixels:
    scale = min(across / pixels.shape[1], down / pixels.shape[0])
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return small if small.ndim == 3 else np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _marked(thumb: Pixels, place: Region) -> Pixels:
    height, width = thumb.shape[:2]
    start = round(place.left * width), round(place.top * height)
    cv2.rectangle(thumb, start, (round(place.right * width) - 1, round(place.bottom * height) - 1), _MARK, 1)
    return thumb


def _joined(tiles: Sequence[Sequence[Pixels]], captions: Sequence[str], across: int) -> Pixels:
    """Tiles beside each other under their captions, each part of them below the same part of the others."""
    parts = max(map(len, tiles))
    heights = [max((len(tile[at]) for tile in tiles if at < len(tile)), default=0) for at in range(parts)]
    down = _HEAD + sum(heights) + _GAP * parts
    picture = np.full((down, len(tiles) * (across + _GAP) - _GAP, 3), _GROUND, np.uint8)
    for number, (tile, caption) in enumerate(zip(tiles, captions, strict=True)):
        left, top = number * (across + _GAP), _HEAD
        letter(picture, cut(caption, _CAPTION, across), (left, _HEAD - 7), _CAPTION, colour=INK)
        if not tile:
            letter(picture, "cannot be drawn", (left, top + 20), _CAPTION, colour=FAINT)
        for at, part in enumerate(tile):
            _put(picture, part, left + (across - part.shape[1]) // 2, top)
            top += heights[at] + _GAP
    return picture


def _put(picture: Pixels, part: Any, left: int, top: int) -> None:
    """Put a part into a picture, with a frame."""
    height, width = part.shape[:2]
    area = picture[top : top + height, left : left + width]
    area[:] = part if part.ndim == 3 else part[..., None]
    area[0], area[-1], area[:, 0], area[:, -1] = (_FRAME,) * 4
