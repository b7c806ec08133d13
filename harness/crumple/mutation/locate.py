"""Where the values of a truth stand in a clean document.

A mutator says which places of a view it touched; which fields of the truth stood there is worked out here, by
looking the truth's values up in the clean view, each by its kind and in any notation. A document is looked at in
the finest way there is (cells, record values, words on a page, else characters), and places of one kind are
carried over to another: a byte that was flipped to the character, that to the cell.
"""

from __future__ import annotations

import bisect
import html
import itertools
from collections.abc import Mapping, Sequence

from crumple.case import Case
from crumple.document import Document
from crumple.errors import Unreadable
from crumple.mutation.alignment import aligned_lists, plain_name
from crumple.mutation.drawn import drawn_from, in_columns, in_items, not_itemised
from crumple.mutation.located import Located
from crumple.mutation.occurrences import Index, Occurrence, is_short, occurrences
from crumple.mutation.on_pages import on_form, on_pages
from crumple.places import Cell, Extent, Member, Place, Pointer, Span, touching
from crumple.truth import Json, Truth, leaves, tokens
from crumple.views.format import read, views_of
from crumple.views.pages import Pages
from crumple.views.parts import DEEPEST, Parts
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

_MARKUP = ("application/xml", "text/html")


def locate(truth: Truth, document: Document, case: Case, *, depth: int = DEEPEST) -> Located:
    """Look the values of a truth up in a clean document.

    Args:
        truth: what it is known to say.
        document: the case's document, or what earlier steps have made of it.
        case: for the regions that its corpus knows.
        depth: how many documents inside one another are looked into.
    """
    fields = dict(leaves(truth))
    short = frozenset(path for path, value in fields.items() if is_short(value))
    views = views_of(document.media_type)
    if Parts in views and depth:
        return _in_parts(truth, short, document, depth)
    for view in views:
        try:
            if view is Table:
                return _in_table(fields, short, read(document, Table))
            if view is Record:
                found = _in_record(fields, short, read(document, Record))
                return on_form(found, fields, document, case) if Pages in views else found
            if view is Text:
                return _in_text(fields, short, read(document, Text), escaped=document.media_type in _MARKUP)
        except Unreadable:
            continue
    return on_pages(fields, short, document, case)


def _in_table(fields: Mapping[str, Json], short: frozenset[str], table: Table) -> Located:
    index = Index((Cell(r, c), value) for r in table.data for c, value in enumerate(table.rows[r].cells))
    written: dict[Place, Span] = {}
    in_bytes = _Bytes(table.text)

    def convert(place: Place, kind: type) -> Place | None:
        if not written:
            written.update(table.spans())
        return _narrowed(written.get(place), kind, in_bytes)

    lists = tuple(aligned_lists(fields, table))
    cells = {path: cell for each in lists for path, cell in each.cells.items()}
    found = {
        path: ((cells[path],),) if path in cells else _in_own_column(path, index.find(value), table)
        for path, value in fields.items()
    }
    rows = [row for row in table.data if any(table.rows[row].cells)]
    loose = frozenset(
        path
        for path, each in found.items()
        if path not in cells and 0 < len(_rows_of(each) & set(rows)) < len(rows) and 0 not in _rows_of(each)
    )
    drawn = drawn_from({path: fields[path] for path in loose}, found, in_columns(table))
    return Located(found, short - cells.keys(), known=True, convert=convert, lists=lists, loose=loose, drawn=drawn)


def _in_own_column(path: str, found: tuple[Occurrence, ...], table: Table) -> tuple[Occurrence, ...]:
    """Of the places of a value those in the column of the field's name; all, where it stands in none such."""
    titles, (name,) = table.header, tokens(path)[-1:] or ("",)
    own = (
        each
        for each in found
        if isinstance(each[0], Cell)
        and each[0].column < len(titles)
        and plain_name(titles[each[0].column]) == plain_name(name)
    )
    return tuple(own) or found


def _rows_of(found: Sequence[Occurrence]) -> set[int]:
    return {place.row for each in found for place in each if isinstance(place, Cell)}


def _in_record(fields: Mapping[str, Json], short: frozenset[str], record: Record) -> Located:
    values = dict(record.fields())
    index = Index((Pointer(path), value) for path, value in values.items())
    spans, in_bytes = record.spans(), _Bytes(record.text)
    found: dict[str, tuple[Occurrence, ...]] = {}
    for path, value in fields.items():
        if path in values and values[path] == value:
            found[path] = ((Pointer(path),),)
            continue
        everywhere = index.find(value)
        named = [each for each in everywhere if isinstance(each[0], Pointer) and _same_name(each[0].path, path)]
        # Of fields of one name in several items of a list, the one of the same item: "/lines/1/amount" in "/1/amount".
        items = _items(path)
        own = [each for each in named if items and isinstance(each[0], Pointer) and _items(each[0].path) == items]
        found[path] = tuple(own or named) or everywhere

    def convert(place: Place, kind: type) -> Place | None:
        return _narrowed(spans.get(place.path) if isinstance(place, Pointer) else None, kind, in_bytes)

    named_fields = frozenset(path for path, each in found.items() if len(each) == 1)
    drawn = drawn_from(not_itemised(fields, found, values), found, in_items(values))
    return Located(found, short - named_fields, known=True, convert=convert, drawn=drawn)


def _in_text(fields: Mapping[str, Json], short: frozenset[str], text: Text, *, escaped: bool = False) -> Located:
    found = {path: tuple((span,) for span in _spans(value, text.value, escaped)) for path, value in fields.items()}
    in_bytes = _Bytes(text)
    return Located(found, short, known=True, convert=lambda place, kind: _narrowed(place, kind, in_bytes))


def _spans(value: Json, text: str, escaped: bool) -> list[Span]:
    """Where a value stands in a text; in markup also as it is written with entities."""
    found = list(occurrences(value, text))
    if not escaped or not isinstance(value, str):
        return found
    written = {html.escape(value, quote=quote) for quote in (False, True)} - {value}
    return sorted({*found, *(span for each in written for span in occurrences(each, text))})


def _in_parts(truth: Truth, short: frozenset[str], document: Document, depth: int) -> Located:
    """Each field in the parts that hold it, and in the text around them."""
    fields = dict(leaves(truth))
    found: dict[str, list[Occurrence]] = {path: [] for path in fields}
    known, extents = False, dict[str, Extent]()
    try:
        parts = read(document, Parts).parts
    except Unreadable:
        parts = ()
    for part in parts:
        extents[part.name] = part.extent
        bare = Case(part.name, part.document)
        inner = locate(truth, part.document, bare, depth=depth - 1)
        known = known or inner.known
        for path, each in inner.fields.items():
            if each:
                found[path].append((Member(part.name),))
    in_bytes: _Bytes | None = None
    if Text in views_of(document.media_type):
        text = read(document, Text)
        in_bytes, known = _Bytes(text), True
        carried = touching(list(extents.values()))
        for path, spans in _in_text(fields, short, text).fields.items():
            found[path].extend(each for each in spans if not any(map(carried, _extents(each, in_bytes))))

    def convert(place: Place, kind: type) -> Place | None:
        if isinstance(place, Member):
            extent = extents.get(place.path)
            if kind is Extent or extent is None:
                return extent
            return in_bytes.span(extent) if kind is Span and in_bytes else None
        return _narrowed(place, kind, in_bytes) if in_bytes else None

    return Located({path: tuple(each) for path, each in found.items()}, short, known, convert)


def _extents(occurrence: Occurrence, in_bytes: _Bytes) -> list[Extent]:
    return [in_bytes.extent(place) for place in occurrence if isinstance(place, Span)]


class _Bytes:
    """Where the characters of a text stand among its bytes."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._ends: list[int] = []

    def extent(self, span: Span) -> Extent:
        if self._plain:
            mark = 3 * self._text.bom
            return Extent(mark + span.start, mark + span.end)
        return Extent(self._starts()[span.start], self._starts()[span.end])

    def span(self, extent: Extent) -> Span:
        """The characters that begin among these bytes."""
        if self._plain:
            mark = 3 * self._text.bom
            return Span(extent.start - mark, extent.end - mark)
        return Span(bisect.bisect_left(self._starts(), extent.start), bisect.bisect_left(self._starts(), extent.end))

    @property
    def _plain(self) -> bool:
        return self._text.encoding == "utf-8" and self._text.value.isascii()

    def _starts(self) -> list[int]:
        """The byte at which each character begins, and the end."""
        if not self._ends:
            start = len(Text("", self._text.encoding, self._text.bom).encoded())
            lengths = (len(Text(each, self._text.encoding).encoded()) for each in self._text.value)
            self._ends = list(itertools.accumulate(lengths, initial=start))
        return self._ends


def _narrowed(place: Place | None, kind: type, in_bytes: _Bytes) -> Place | None:
    """A span as a place of another kind: itself, or the bytes that it is written in."""
    if place is None or isinstance(place, kind):
        return place
    return in_bytes.extent(place) if kind is Extent and isinstance(place, Span) else None


def _items(path: str) -> list[str]:
    """The numbers of the list items that a pointer goes through."""
    return [token for token in tokens(path) if token.isdigit()]


def _same_name(one: str, other: str) -> bool:
    return tokens(one)[-1:] == tokens(other)[-1:]
