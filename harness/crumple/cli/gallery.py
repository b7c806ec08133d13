"""`crumple mutate --gallery`: every mutator at five levels, gathered for a contact sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from crumple.case import Case
from crumple.cli.contact_sheet import Row, Tile
from crumple.cli.page_tiles import Seen, page_tile, pages_tile, place_to_look_at, same_sheets, seen
from crumple.cli.statements import value
from crumple.cli.text_tiles import bytes_tile, text_tile
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable
from crumple.mutation.action import act, seen_as
from crumple.mutation.ladder import LEVELS
from crumple.mutation.mutator import Mutator
from crumple.places import Region
from crumple.plain_text import excerpt
from crumple.plan import acts_on
from crumple.views.format import read, views_of, write
from crumple.views.pages import Page, Pages
from crumple.views.text import Text

_MOST_PAGES = 4
_LONGEST_REASON = 200
_LONGEST_UNIT = 16


@dataclass(frozen=True, slots=True)
class Gallery:
    """What a contact sheet shows.

    Attributes:
        head: the clean document.
        rows: one for each mutator that applies at some level.
        skipped: the others, with the reason.
        elsewhere: how many act on other formats.
    """

    head: Row
    rows: tuple[Row, ...]
    skipped: tuple[tuple[str, str], ...]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class _Clean:
    """The clean document in the views that pictures are made from.

    Attributes:
        case: its document cut down to the first pages, where it has many.
        pages: None where it cannot be seen as pages.
        first: the first page.
        text: None where it cannot be seen as text.
        encoding: of the text.
        bom: whether a byte order mark stands before it.
        count: how many pages the whole document has.
    """

    case: Case
    pages: Pages | None = None
    first: Seen | None = None
    text: str | None = None
    encoding: str = ""
    bom: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Try:
    """One mutator at one level.

    Attributes:
        caption: the level with its value.
        view: what was made of the document: `Pages`, a text, bytes; None where it does not apply.
        reason: why it does not, or why what was made cannot be shown.
    """

    caption: str
    view: Pages | str | bytes | None = None
    reason: str = ""


def gallery(case: Case, mutators: Iterable[Mutator], seed: int, *, every: bool) -> Gallery:
    """Degrade one document with every mutator at five levels.

    Args:
        case: the document; with its truth where that is known.
        mutators: which to show.
        seed: of every step.
        every: the mutators are not a selection: those for other formats are counted and not named.

    Raises:
        CrumpleError: the document can be shown neither as pages nor as text.
    """
    clean = _clean(case)
    rows, skipped, elsewhere = [], [], 0
    for mutator in mutators:
        if not acts_on(mutator, case.document.media_type):
            elsewhere += every
            if not every:
                skipped.append((mutator.name, _not_for(mutator, case.document)))
            continue
        levels = LEVELS if mutator.ladder else (mutator.level,)
        tries = [_tried(mutator, clean, level, seed) for level in levels]
        if all(each.view is None for each in tries):
            skipped.append((mutator.name, tries[0].reason))
            continue
        tiles = _tiles(mutator, clean, tries)
        rows.append(Row(_title(mutator), _first(mutator.doc), tiles))
    return Gallery(_head(clean, seed, len(rows)), tuple(rows), tuple(skipped), elsewhere)


def _clean(case: Case) -> _Clean:
    document = case.document
    known = views_of(document.media_type)
    try:
        if Pages in known:
            pages = read(document, Pages)
            count = len(pages)
            if count > _MOST_PAGES:
                document = write(Pages(pages.pages[:_MOST_PAGES]), document)
                pages = read(document, Pages)
            return _Clean(replace(case, document=document), pages, seen(pages[0]), count=count)
        if Text in known:
            text = read(document, Text)
            return _Clean(case, text=text.value, encoding=text.encoding, bom=text.bom)
    except NotApplicable as reason:
        raise CrumpleError(f"it cannot be shown: {reason}", where=document.name) from None
    return _Clean(case)


def _not_for(mutator: Mutator, document: Document) -> str:
    from crumple.views.format import spoken

    acted = spoken(mutator.only) or f"what can be seen as {mutator.view.__name__}"
    return f"it acts on {acted}, not on {spoken([document.media_type])}"


def _title(mutator: Mutator) -> str:
    unit = mutator.ladder.unit if mutator.ladder else ""
    words = [mutator.parameter] if not unit.startswith(mutator.parameter) else []
    return f"{mutator.name}    {', '.join(filter(None, [*words, unit]))}".rstrip()


def _first(doc: str) -> str:
    """The first sentence of what a mutator says of itself."""
    words = " ".join(doc.split("\n\n", maxsplit=1)[0].split())
    return words.partition(". ")[0].removesuffix(".")


def _tried(mutator: Mutator, clean: _Clean, level: float, seed: int) -> _Try:
    step = mutator.step(level, seed)
    caption = f"level {level:g}"
    if mutator.ladder:
        rung = dict(step.parameters)[mutator.parameter]
        unit = mutator.ladder.unit
        # A long one stands in the row's title: "share of characters with marks".
        unit = unit if len(unit) <= _LONGEST_UNIT else unit.split()[0]
        if isinstance(rung, str) or not unit:
            caption += f":  {mutator.parameter} {value(rung)}" if not isinstance(rung, str) else f":  {value(rung)}"
        else:
            caption += f":  {value(rung)} {unit}"
    document = clean.case.document
    try:
        before: Any = clean.pages if seen_as(mutator) is Pages else read(document, seen_as(mutator))
        if mutator.view is Page and isinstance(before, Pages):
            before = Pages(before.pages[:1])
        after = act(mutator, before, step, clean.case.truth).view
        return _shown(caption, after, clean)
    except NotApplicable as reason:
        return _Try(caption, reason=str(reason))
    except Exception as error:  # noqa: BLE001 - somebody's mutator may raise anything, and its author is looking
        return _Try(caption, reason=f"it raises {type(error).__name__}: {error}"[:_LONGEST_REASON])


def _shown(caption: str, view: object, clean: _Clean) -> _Try:
    """What a mutator made, as a picture can be made from it."""
    if isinstance(view, Pages):
        return _Try(caption, view)
    degraded = write(view, clean.case.document)
    if degraded.data == clean.case.document.data:
        raise NotApplicable("it changed nothing")
    try:
        if clean.pages is not None:
            return _Try(caption, read(degraded, Pages))
        if clean.text is not None:
            # Who reads it with the clean document's encoding sees this; a guess at another would hide the damage.
            if read(degraded, Text).value != clean.text:
                mark = len("\ufeff".encode(clean.encoding)) if clean.bom else 0
                return _Try(caption, _decoded(degraded.data[mark:], clean.encoding))
            caption += ",  other bytes"
    except NotApplicable as reason:
        return _Try(caption, degraded.data, str(reason))
    return _Try(caption, degraded.data)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "surrogateescape")
    except UnicodeDecodeError:  # half a unit of UTF-16 has no lone surrogate to stand for it
        return data.decode(encoding, "backslashreplace")


def _tiles(mutator: Mutator, clean: _Clean, tries: list[_Try]) -> tuple[Tile, ...]:
    if clean.pages is None or clean.first is None:
        return tuple(_of_text(each, clean) for each in tries)
    firsts = [seen(each.view[0]) if isinstance(each.view, Pages) and each.view.pages else None for each in tries]
    place = place_to_look_at(clean.first, [each for each in firsts if each])
    # Of a mutator of single pages only the first was given.
    single = mutator.view is Page
    return tuple(_of_pages(each, first, clean, place, single=single) for each, first in zip(tries, firsts, strict=True))


def _of_pages(tried: _Try, first: Seen | None, clean: _Clean, place: Region, *, single: bool) -> Tile:
    if first is None or not isinstance(tried.view, Pages) or clean.first is None or clean.pages is None:
        return Tile(tried.caption, note=tried.reason or "nothing is left")
    if not single and not same_sheets(clean.pages, tried.view):
        count = len(tried.view)
        return Tile(f"{tried.caption},  {count} page{'s' * (count != 1)}", pages_tile(tried.view))
    page = clean.first.page
    same = np.array_equal(first.thumb, clean.first.thumb) and np.array_equal(first.page.pixels, page.pixels)
    caption = tried.caption + (",  same pixels" if same else "")
    return Tile(caption, page_tile(first, place, (page.height, page.width)))


def _of_text(tried: _Try, clean: _Clean) -> Tile:
    data = clean.case.document.data
    if isinstance(tried.view, bytes):
        return Tile(tried.caption, bytes_tile(tried.view, data))
    if not isinstance(tried.view, str):
        return Tile(tried.caption, note=tried.reason)
    return Tile(tried.caption, text_tile(tried.view, clean.text or ""))


def _head(clean: _Clean, seed: int, count: int) -> Row:
    document = clean.case.document
    lines = [f"{count} mutators at levels 1 to 5, seed {seed}"]
    if clean.first is not None:
        page = clean.first.page
        place = place_to_look_at(clean.first, ())
        across, down = page.size_mm
        dpi = (
            f"{page.dpi[0]:.0f}"
            if round(page.dpi[0]) == round(page.dpi[1])
            else f"{page.dpi[0]:.0f} x {page.dpi[1]:.0f}"
        )
        lines.append(
            f"page 1 of {clean.count}: {across:.0f} x {down:.0f} mm, {dpi} dpi, {page.width} x {page.height} pixels"
        )
        lines.append(
            "A frame shows where the piece below a page was cut out. It is shown pixel for pixel; where a page"
        )
        lines.append("has fewer pixels than the clean one, each is made larger.")
        picture = page_tile(clean.first, place, (page.height, page.width))
    else:
        lines.append("Yellow is what is not in the clean document; a red line is where something is missing.")
        picture = (
            text_tile(clean.text, clean.text) if clean.text is not None else bytes_tile(document.data, document.data)
        )
    title = f"{excerpt(document.name, 80)}   clean"
    return Row(title, document.media_type, (Tile("clean", picture),), tuple(lines))
