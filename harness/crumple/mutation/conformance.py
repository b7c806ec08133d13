"""The rules that every mutator keeps, built in or not, as one check that names each flaw.

Run over the built-in ones by the tests, and over anybody's by `crumple test-mutators MODULE`.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable
from crumple.mutation.action import act, seen_as
from crumple.mutation.ladder import LEVELS
from crumple.mutation.mutator import Degraded, Mutator
from crumple.mutation.samples import OF_SEVERAL_PAGES, samples
from crumple.places import Place
from crumple.recipe import Step
from crumple.truth import ALL, SAME, Everything
from crumple.views.dependency import Dependency
from crumple.views.format import identify, read, views_of, write
from crumple.views.inputs import Inputs
from crumple.views.pages import Page, Pages
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

SEED = 20
_SHORTEST_DOC = 60
_ONE_OF_ALL = "a.json"
_T = TypeVar("_T")


def flaws(mutator: Mutator, documents: Sequence[Document] = (), rising: int | None = None) -> list[str]:
    """What a mutator does that it must not; empty where it keeps the rules.

    Args:
        mutator: any mutator.
        documents: further documents to try it on, beside its own examples and the built-in samples.
        rising: of the samples that suit it, so many are tried at every level, others for each mutator, and the rest
            at the highest alone; None: all at every level.
    """
    found = list(_of_documentation(mutator))
    suiting = [document.name for document in samples() if _suits(mutator, document)]
    whole = _some(suiting, mutator.name, rising)
    examples = [
        Document(data, identify(data, name), name)
        for name, content in mutator.examples
        for data in [content.encode() if isinstance(content, str) else content]
    ]
    acted = False
    given = (*examples, *documents)
    for at, document in enumerate((*given, *samples())):
        if not _suits(mutator, document):
            continue
        # The levels of what acts on one page after the other are told from the samples of one page.
        several = mutator.view is Page and document.name in OF_SEVERAL_PAGES
        brief = at >= len(given) and (several or document.name not in whole)
        try:
            steps = _steps(mutator)[-1:] if brief else _steps(mutator)
            found.extend(f"{document.name}: {flaw}" for flaw in _on(mutator, document, steps))
            acted = True
        except NotApplicable as reason:
            if document in examples:
                found.append(f"{document.name}: it does not act on its own example: {reason}")
        except CrumpleError as error:
            found.append(f"{document.name}: {error}")
    if not acted:
        found.append("it acts on no example and on no sample; give it examples=[(file name, content)]")
    return list(dict.fromkeys(found))


def _some(of: Sequence[_T], name: str, most: int | None) -> Sequence[_T]:
    """So many in a row, beginning at another one for each mutator."""
    start = zlib.crc32(name.encode()) % len(of) if most and of else 0
    return (*of[start:], *of[:start])[:most]


def _suits(mutator: Mutator, document: Document) -> bool:
    if mutator.view is Dependency:
        return document.name == _ONE_OF_ALL  # it is one and the same beside every document
    if mutator.view is Inputs:
        return document.media_type == "application/json" and document.data.lstrip()[:1] == b"{"
    if seen_as(mutator) is Pages and document.name == "form.pdf":
        return False  # what is done to pages is tried on pages of print
    return mutator.fits(document.media_type) and seen_as(mutator) in views_of(document.media_type)


def _seen(mutator: Mutator, document: Document) -> object:
    """A document as the mutator's view; what goes with documents is JSON, and a dependency has no faults yet."""
    if mutator.view is Dependency:
        return Dependency()
    return Inputs(json.loads(document.data)) if mutator.view is Inputs else read(document, seen_as(mutator))


def _bytes(view: object, document: Document) -> bytes:
    match view:
        case Dependency():
            return repr(view.faults).encode()
        case Inputs():
            return json.dumps(view.value).encode()
    return write(view, document).data


def _of_documentation(mutator: Mutator) -> Iterator[str]:
    if len(mutator.doc) < _SHORTEST_DOC:
        yield "its docstring does not say what it does and where its ladder comes from"
    if mutator.ladder is not None and not mutator.ladder.unit and not isinstance(mutator.ladder.rungs[0], str):
        yield f"its ladder has no unit: {mutator.parameter} of what?"
    if mutator.refusable_from is not None and mutator.ladder is None and mutator.refusable_from > mutator.level:
        yield f"a refusal is acceptable from level {mutator.refusable_from:g} on, which it never has"


def _steps(mutator: Mutator) -> list[Step]:
    return [mutator.step(level, SEED) for level in (LEVELS if mutator.ladder else (mutator.level,))]


def _on(mutator: Mutator, document: Document, steps: Sequence[Step]) -> Iterator[str]:
    """The flaws on one document, by steps whose level rises.

    Raises:
        NotApplicable: at the highest level, or at the only one, it does not act on this document.
    """
    said: list[Degraded[Any] | None] = []
    view = _seen(mutator, document)
    for step in steps:
        try:
            said.append(act(mutator, view, step))
        except NotApplicable:
            if step is steps[-1]:
                raise
            said.append(None)
    yield from _of_zero(mutator, view)
    fresh = _seen(mutator, document)
    if _content(view) != _content(fresh):
        yield "it modified the view that it was handed"
        view = fresh
    elif said[-1] is not None:
        yield from _of_repetition(document, said[-1], act(mutator, fresh, steps[-1]))
    for step, each in zip(steps, said, strict=True):
        if each is not None:
            yield from _of_statement(mutator, step, each)
    if mutator.ladder and not isinstance(mutator.ladder.rungs[0], str):
        yield from _of_order(mutator, view, said)


def _of_repetition(document: Document, one: Degraded[Any], again: Degraded[Any]) -> Iterator[str]:
    """What the same step says and makes of the same document opened anew."""
    if (one.truth, one.lost, one.touched) != (again.truth, again.lost, again.touched):
        yield "the same seed made another statement"
    if _bytes(one.view, document) != _bytes(again.view, document):
        yield "the same seed made other bytes"


def _content(view: object) -> object:
    return [page.pixels.tobytes() for page in view] if isinstance(view, Pages) else view


def _of_zero(mutator: Mutator, view: object) -> Iterator[str]:
    if mutator.ladder is None or mutator.ladder.zero is None:
        return
    zero = mutator.ladder.zero
    value = int(zero) if isinstance(mutator.ladder.rungs[0], int) else zero
    try:
        said = act(mutator, view, Step(mutator.name, ((mutator.parameter, value),), SEED))
    except NotApplicable:
        return
    if damage(view, said.view) > 0:
        yield f"{mutator.parameter}={value} should change nothing, and does"


def _of_statement(mutator: Mutator, step: Step, said: Degraded[Any]) -> Iterator[str]:
    loses = said.lost is ALL or bool(said.lost)
    if loses and "lost" not in mutator.truth:
        yield f'{step} loses fields, and the decorator does not say truth="lost"'
    if said.truth != SAME and "new" not in mutator.truth:
        yield f'{step} changes the right answer, and the decorator does not say truth="new"'
    if mutator.truth == ("lost",) and not loses:
        yield f'{step} loses nothing, and the decorator says truth="lost" alone'


def _of_order(mutator: Mutator, view: object, said: Sequence[Degraded[Any] | None]) -> Iterator[str]:
    """More level never means less damage, at one seed; a hair of noise is left to measure with."""
    damages = [damage(view, each.view) if each else 0.0 for each in said]
    lost = [math.inf if each and each.lost is ALL else len(_places(each)) for each in said]
    for level, ((low, high), (fewer, more)) in enumerate(
        zip(itertools.pairwise(damages), itertools.pairwise(lost), strict=True), start=1
    ):
        if high < low * 0.98:
            yield f"level {level + 1} does less damage than level {level} ({high:.4g} after {low:.4g})"
        if more < fewer:
            yield f"level {level + 1} loses less than level {level} ({more} places after {fewer})"
    if damages[-1] == 0:
        yield "level 5 changes nothing"


def _places(said: Degraded[Any] | None) -> Sequence[Place]:
    return () if said is None or isinstance(said.lost, Everything) else said.lost


def damage(clean: object, degraded: object) -> float:
    """How far a degraded view is from the clean one: by pixels, moved points, bytes, cells, or edited characters."""
    if not isinstance(clean, Pages) and clean == degraded:
        return 0.0
    match clean, degraded:
        case Dependency(), Dependency():
            return degraded.harm - clean.harm
        case Pages(), Pages():
            return _pixel_damage(clean, degraded)
        case ((bytes() | Document()), (bytes() | Document())):
            return _byte_damage(*(each.data if isinstance(each, Document) else each for each in (clean, degraded)))
        case Table(), Table() if differing := _cell_damage(clean, degraded):
            return differing
        case ((Text() | Table() | Record()), (Text() | Table() | Record())):
            from rapidfuzz.distance import Indel  # only for this check

            return float(Indel.distance(_characters(clean), _characters(degraded)))
    return 1.0


def _characters(view: Text | Table | Record) -> str:
    text = view if isinstance(view, Text) else view.text
    return text.value if text.encoding == "utf-8" else text.encoded().decode("latin-1")


def _byte_damage(clean: bytes, degraded: bytes) -> float:
    if len(clean) != len(degraded):
        return float(abs(len(clean) - len(degraded)))
    return float(np.count_nonzero(np.frombuffer(clean, np.uint8) != np.frombuffer(degraded, np.uint8)))


def _cell_damage(clean: Table, degraded: Table) -> float:
    rows = itertools.zip_longest(clean.rows, degraded.rows)
    return float(
        sum(
            one != other
            for before, after in rows
            for one, other in itertools.zip_longest(before.cells if before else (), after.cells if after else ())
        )
    )


def _pixel_damage(before: Pages, after: Pages) -> float:
    if len(before) != len(after):
        return 1.0
    total = 0.0
    for one, other in zip(before, after, strict=True):
        if one.pixels.shape[:2] != other.pixels.shape[:2]:
            return 1.0
        if one.text_layer != other.text_layer:
            return 1.0  # which is nothing that is seen
        if other.bend.moves:
            # How far points were moved: lines of print that come to lie on others would look like less damage.
            points = np.stack(np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 1, 40)), axis=-1)
            total += float(np.abs(other.bend.back(points) - points).mean())
            continue
        total += float(np.abs(_shades(one) - _shades(other)).mean()) / 255
    return total / max(1, len(before))


def _shades(page: Page) -> NDArray[np.float32]:
    """A page in grey; by its channels one after the other, which is several times faster than a mean over them."""
    if page.pixels.ndim == 2:
        return page.pixels.astype(np.float32)
    red, green, blue = (page.pixels[..., channel].astype(np.float32) for channel in range(3))
    return (red + green + blue) / np.float32(3)


_ELSEWHERE = """
import json, sys
from pathlib import Path
from crumple.mutation.conformance import digests
from crumple.mutation.registry import of_modules
modules, root, most = json.load(sys.stdin)
print(json.dumps(digests(of_modules(modules, Path(root) if root else None), most)))
"""


def digests(mutators: Mapping[str, Mutator], most: int | None = None) -> dict[str, str]:
    """The hash of what each mutator makes of each sample at its highest level: "name document" -> hash.

    Args:
        mutators: by name.
        most: of the samples that suit a mutator so many, others for each; None: all.
    """
    found = {}
    for name, mutator in mutators.items():
        suiting = [document for document in samples() if _suits(mutator, document)]
        for document in _some(suiting, name, most):
            try:
                said = act(mutator, _seen(mutator, document), _steps(mutator)[-1])
                made = Document(_bytes(said.view, document), document.media_type, document.name)
                found[f"{name} {document.name}"] = made.digest
            except NotApplicable:
                continue
    return found


def differs_elsewhere(mutators: Mapping[str, Mutator], root: str | None = None, most: int | None = None) -> list[str]:
    """Which mutators make other bytes in another process with another hash seed: "name document".

    Args:
        mutators: by name.
        root: the folder that modules of one's own are in.
        most: on how many samples each is tried; None: on all that suit it.

    Raises:
        CrumpleError: the other process could not run them.
    """
    here = digests(mutators, most)
    modules = {name: mutator.module for name, mutator in mutators.items()}
    other = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", _ELSEWHERE],
        input=json.dumps([modules, root, most]),
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=False,
    )
    if other.returncode:
        raise CrumpleError(f"the mutators could not be run in another process: {other.stderr.strip()[-500:]}")
    there = json.loads(other.stdout)
    return sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))
