"""The rules that every mutator keeps, built in or not, as one check that names each flaw.

Run over the built-in ones by the tests, and over anybody's by `crumple test-mutators MODULE`.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from crumple.case import Case
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, Unreadable
from crumple.mutation.apply import degrade
from crumple.mutation.ladder import LEVELS
from crumple.mutation.mutator import Degraded, Mutator
from crumple.places import Place
from crumple.recipe import Recipe, Step
from crumple.truth import ABSENT, ALL, SAME
from crumple.views.format import identify, read, views_of, write
from crumple.views.pages import Page, Pages
from crumple.views.table import Table
from crumple.views.text import Text

SEED = 20
_SHORTEST_DOC = 60
_LETTER = (
    "Invoice 2024-0117\r\nMüller & Søn, Málaga\r\nDate: 5 March 2024\r\nTotal: 1,234.50 EUR\r\n\r\nDear Zoë,\r\n"
    "please pay by 31.03.2024. Thank you for your order; café crème (12 pieces) will follow.\r\nYours, Łukasz Čapek\r\n"
) * 4
_ROWS = "".join(
    f"INV-{n},2024-03-{n:02d},Crème n° {n},{n},{n * 1.25:.2f},{n * 1000 + 234.5:.2f}\n" for n in range(1, 29)
)
_TABLE = f"number,date,description,quantity,unit price,amount\n{_ROWS}"
_RECORD = {
    "number": "INV-7",
    "date": "2024-03-05",
    "supplier": {"name": "Müller & Søn", "city": "Málaga", "country": "Spain"},
    "customer": {"name": "Zoë Čapek", "city": "Łódź", "phone": "+48 42 123 45 67"},
    "currency": "EUR",
    "lines": [{"description": "Crème", "quantity": 3, "unit_price": 12.5, "amount": 37.5}],
    "total": 1234.5,
    "note": "please deliver on Tuesday morning",
    "paid": False,
}


@cache
def samples() -> tuple[Document, ...]:
    """Small documents of every media type that is read, for mutators to act on."""
    record = json.dumps(_RECORD, ensure_ascii=False, indent=1)
    html = f'<!doctype html><html lang="en"><meta charset="utf-8"><p>{_LETTER}</p></html>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<invoice><note>{_LETTER.replace("&", "&amp;")}</note></invoice>\n'
    mail = f"From: a@example.org\r\nTo: b@example.org\r\nSubject: Invoice\r\nMIME-Version: 1.0\r\n\r\n{_LETTER}"
    texts = {
        "a.txt": _LETTER,
        "a.md": _LETTER,
        "a.csv": _TABLE,
        "a.json": record,
        "a.html": html,
        "a.xml": xml,
        "a.eml": mail,
    }
    texts["a.tsv"] = _TABLE.replace(",", "\t")
    data = {name: text.encode() for name, text in texts.items()} | _pictures()
    return tuple(Document(each, identify(each, name), name) for name, each in data.items())


def _pictures() -> dict[str, bytes]:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - heavy, and only for this check

    pages = []
    for number in (1, 2, 3):
        page = Image.new("L", (420, 594), 252)  # A4 at 50 dpi
        draw = ImageDraw.Draw(page)
        for line, text in enumerate(_LETTER.encode("ascii", "ignore").decode().splitlines()[:24]):
            draw.text((40, 40 + 20 * line), f"{number} {text}", fill=20)
        draw.rectangle((40, 540, 380, 560), fill=90)
        pages.append(page)

    def saved(kind: str, *images: Image.Image) -> bytes:
        buffer = io.BytesIO()
        more = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
        if kind == "PDF":
            images[0].save(buffer, kind, resolution=50, **more)
        else:
            images[0].save(buffer, kind, dpi=(50, 50), **more)
        return buffer.getvalue()

    return {
        "a.png": saved("PNG", pages[0].convert("RGB")),
        "a.jpg": saved("JPEG", pages[0]),
        "a.tiff": saved("TIFF", *pages),
        "a.pdf": saved("PDF", *pages),
    }


def flaws(mutator: Mutator, documents: Sequence[Document] = ()) -> list[str]:
    """What a mutator does that it must not; empty where it keeps the rules.

    Args:
        mutator: any mutator.
        documents: further documents to try it on, beside its own examples and the built-in samples.
    """
    found = list(_of_documentation(mutator))
    examples = [
        Document(data, identify(data, name), name)
        for name, content in mutator.examples
        for data in [content.encode() if isinstance(content, str) else content]
    ]
    acted = False
    for document in (*examples, *documents, *samples()):
        if _view(mutator) not in views_of(document.media_type):
            continue
        try:
            found.extend(f"{document.name}: {flaw}" for flaw in _on(mutator, document))
            acted = True
        except NotApplicable as reason:
            if document in examples:
                found.append(f"{document.name}: it does not act on its own example: {reason}")
        except CrumpleError as error:
            found.append(f"{document.name}: {error}")
    if not acted:
        found.append("it acts on no example and on no sample; give it examples=[(file name, content)]")
    return list(dict.fromkeys(found))


def _view(mutator: Mutator) -> type:
    return Pages if mutator.view is Page else mutator.view


def _of_documentation(mutator: Mutator) -> Iterator[str]:
    if len(mutator.doc) < _SHORTEST_DOC:
        yield "its docstring does not say what it does and where its ladder comes from"
    if mutator.ladder is not None and not mutator.ladder.unit:
        yield f"its ladder has no unit: {mutator.parameter} of what?"
    if mutator.refusable_from is not None and mutator.ladder is None and mutator.refusable_from > mutator.level:
        yield f"a refusal is acceptable from level {mutator.refusable_from:g} on, which it never has"


def _steps(mutator: Mutator) -> list[Step]:
    return [mutator.step(level, SEED) for level in (LEVELS if mutator.ladder else (mutator.level,))]


def _on(mutator: Mutator, document: Document) -> Iterator[str]:
    """The flaws on one document.

    Raises:
        NotApplicable: at level 5, or at the only one, it does not act on this document.
    """
    case = Case(document.name, document)
    steps = _steps(mutator)
    results: list[Document | None] = []
    for step in steps:
        try:
            results.append(_degraded(case, mutator, step))
        except NotApplicable:
            if step is steps[-1]:
                raise
            results.append(None)
    yield from _of_purity(mutator, document, steps[-1])
    yield from _of_zero(mutator, case)
    yield from _of_statements(mutator, document, steps)
    if mutator.ladder and not isinstance(mutator.ladder.rungs[0], str):
        yield from _of_order(mutator, document, results)


def _degraded(case: Case, mutator: Mutator, step: Step) -> Document:
    return degrade(case, Recipe((step,)), {mutator.name: mutator}).document


def _of_purity(mutator: Mutator, document: Document, step: Step) -> Iterator[str]:
    view: object = read(document, _view(mutator))
    subject = view[0] if mutator.view is Page and isinstance(view, Pages) else view
    before = _fingerprint(subject, document)
    one = _said(mutator, subject, step)
    if _fingerprint(subject, document) != before:
        yield "it modified the view that it was handed"
    again = _said(mutator, subject, step)
    if (one.truth, one.lost, one.touched) != (again.truth, again.lost, again.touched):
        yield "the same seed made another statement"
    if _written(one.view, document) != _written(again.view, document):
        yield "the same seed made other bytes"


def _said(mutator: Mutator, view: object, step: Step) -> Degraded[object]:
    return mutator.apply(view, step, ABSENT)


def _fingerprint(view: object, document: Document) -> object:
    return view.pixels.tobytes() if isinstance(view, Page) else _written(view, document)


def _written(view: object, document: Document) -> bytes:
    return write(Pages((view,)) if isinstance(view, Page) else view, document).data


def _of_zero(mutator: Mutator, case: Case) -> Iterator[str]:
    if mutator.ladder is None or mutator.ladder.zero is None:
        return
    zero = mutator.ladder.zero
    value = int(zero) if isinstance(mutator.ladder.rungs[0], int) else zero
    try:
        degraded = _degraded(case, mutator, Step(mutator.name, ((mutator.parameter, value),), SEED))
    except NotApplicable:
        return
    if damage(case.document, degraded) > 0:
        yield f"{mutator.parameter}={value} should change nothing, and does"


def _of_statements(mutator: Mutator, document: Document, steps: Sequence[Step]) -> Iterator[str]:
    view: object = read(document, _view(mutator))
    subject = view[0] if mutator.view is Page and isinstance(view, Pages) else view
    lost_before: set[Place] = set()
    for step in steps:
        try:
            said = _said(mutator, subject, step)
        except NotApplicable:
            continue
        if (said.lost is ALL or said.lost) and "lost" not in mutator.truth:
            yield f'{step} loses fields, and the decorator does not say truth="lost"'
        if said.truth != SAME and "new" not in mutator.truth:
            yield f'{step} changes the right answer, and the decorator does not say truth="new"'
        if mutator.truth == ("lost",) and not (said.lost is ALL or said.lost):
            yield f'{step} says that nothing is lost, and the decorator says truth="lost" alone'
        lost = set() if said.lost is ALL else set(said.lost)
        if said.lost is not ALL and mutator.ladder is not None and len(lost) < len(lost_before):
            yield f"{step} loses less than the level below"
        lost_before = lost


def _of_order(mutator: Mutator, document: Document, results: Sequence[Document | None]) -> Iterator[str]:
    """More level never means less damage, at one seed; a hair of noise is left to measure with."""
    damages = [damage(document, result) if result else 0.0 for result in results]
    for level, (low, high) in enumerate(itertools.pairwise(damages), start=1):
        if high < low * 0.98:
            yield f"level {level + 1} does less damage than level {level} ({high:.4g} after {low:.4g})"
    if damages[-1] == 0:
        yield "level 5 changes nothing"


def damage(clean: Document, degraded: Document) -> float:
    """How far a degraded document is from the clean one, by what it shows: pages by pixels, all else by edits."""
    if degraded.data == clean.data:
        return 0.0
    if Pages in views_of(clean.media_type):
        return _pixel_damage(clean, degraded)
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only for this check

    if Text in views_of(clean.media_type) or Table in views_of(clean.media_type):
        return float(Indel.distance(_characters(clean), _characters(degraded)))
    return float(Indel.distance(clean.data.decode("latin-1"), degraded.data.decode("latin-1")))


def _characters(document: Document) -> str:
    return document.data.decode("utf-8", "surrogateescape")


def _pixel_damage(clean: Document, degraded: Document) -> float:
    import numpy as np  # noqa: PLC0415 - only for pages

    try:
        before, after = read(clean, Pages), read(degraded, Pages)
    except Unreadable:
        return 1.0
    if len(before) != len(after):
        return 1.0
    total = 0.0
    for one, other in zip(before, after, strict=True):
        if one.pixels.shape[:2] != other.pixels.shape[:2]:
            return 1.0
        a, b = (page.pixels.mean(axis=2) if page.pixels.ndim == 3 else page.pixels for page in (one, other))
        total += float(np.abs(a.astype(np.float32) - b.astype(np.float32)).mean()) / 255
    return total / max(1, len(before))


_ELSEWHERE = """
import json, sys
from pathlib import Path
from crumple.mutation.conformance import digests
from crumple.mutation.registry import of_modules
modules, root = json.load(sys.stdin)
print(json.dumps(digests(of_modules(modules, Path(root) if root else None))))
"""


def digests(mutators: Mapping[str, Mutator]) -> dict[str, str]:
    """The hash of what each mutator makes of each sample at its highest level: "name document" -> SHA-256."""
    found = {}
    for name, mutator in mutators.items():
        for document in samples():
            if _view(mutator) in views_of(document.media_type):
                try:
                    found[f"{name} {document.name}"] = _degraded(
                        Case(document.name, document), mutator, _steps(mutator)[-1]
                    ).digest
                except NotApplicable:
                    continue
    return found


def differs_elsewhere(mutators: Mapping[str, Mutator], root: str | None = None) -> list[str]:
    """Which mutators make other bytes in another process with another hash seed: "name document".

    Raises:
        CrumpleError: the other process could not run them.
    """
    here = digests(mutators)
    modules = {name: mutator.module for name, mutator in mutators.items()}
    other = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", _ELSEWHERE],
        input=json.dumps([modules, root]),
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=False,
    )
    if other.returncode:
        raise CrumpleError(f"the mutators could not be run in another process: {other.stderr.strip()[-500:]}")
    there = json.loads(other.stdout)
    return sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))
