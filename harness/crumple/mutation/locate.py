"""Where the values of a truth stand in a clean document.

A mutator says which places of a view it touched; which fields of the truth stood there is worked out here, by
looking the truth's values up in the clean view, each by its kind and in any notation. A document is looked at in
the finest way there is (cells, record values, words on a page, else characters), and places of one kind are
carried over to another: a byte that was flipped to the character, that to the cell.
"""

from __future__ import annotations

import bisect
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crumple import normalise
from crumple.case import Case
from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Cell, Extent, Place, Pointer, Region, Span, touching
from crumple.truth import Json, Truth, leaves, tokens
from crumple.views.format import read, views_of
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

_NUMBER = re.compile(r"[-+(]?\d{1,3}(?:[  ]\d{3})+(?:[.,]\d+)?\)?-?|[-+(]?\d[\d.,'’]*\)?-?")
_DATE = re.compile(
    r"\d{1,4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,4}日?|\d{1,2}\.?\s+(?:de\s+)?[^\W\d]+\.?,?\s+(?:de\s+)?\d{4}"
    r"|[^\W\d]+\.?\s+\d{1,2},?\s+\d{4}"
)
_SHORT = 3
"""A value of fewer characters may stand anywhere by chance: that it also stands elsewhere proves nothing."""

Places = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A list in a truth whose items are the rows of a table.

    Attributes:
        path: the list's JSON pointer.
        first: the table row of its item 0 (a list may begin with the header).
        rows: the table row of each item.
        cells: the fields that were found in their rows, by pointer.
    """

    path: str
    first: int
    rows: tuple[int, ...]
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Located:
    """Where each field of a truth stands in one clean document.

    Attributes:
        fields: JSON pointer -> the places of its value; () where it was not found.
        short: the pointers whose values are too short to be told from chance.
        known: False where nobody can say where anything stands (a picture without regions).
        convert: carries a place of the finest kind over to the kind of the place that it is compared with.
        lists: of a table, the truth's lists that go with its rows.
    """

    fields: Mapping[str, Places]
    short: frozenset[str]
    known: bool
    convert: Callable[[Place, type], Place | None]
    lists: tuple[Aligned, ...] = ()

    def at(self, touched: Sequence[Place]) -> frozenset[str]:
        """The fields that the touched places hold.

        A field whose value also stands, untouched, elsewhere is not among them, unless it is so short
        that it may stand there by chance.
        """
        touches = self._touching(touched)
        hit: set[str] = set()
        for path, places in self.fields.items():
            untouched = [place for place in places if not touches(place)]
            if len(untouched) < len(places) and (not untouched or path in self.short):
                hit.add(path)
        return frozenset(hit)

    def within(self, touched: Sequence[Place]) -> frozenset[str]:
        """The fields of which at least one place is touched, whatever stands elsewhere."""
        touches = self._touching(touched)
        return frozenset(path for path, places in self.fields.items() if any(map(touches, places)))

    def _touching(self, touched: Sequence[Place]) -> Callable[[Place], bool]:
        """A test of whether a place is touched; built once, since damage may be dense and truths long."""
        by_kind: dict[type, list[Place]] = {}
        for place in touched:
            by_kind.setdefault(type(place), []).append(place)
        tests = [(kind, touching(places)) for kind, places in by_kind.items()]

        def touches(place: Place) -> bool:
            for kind, test in tests:
                same_kind = place if type(place) is kind else self.convert(place, kind)
                if same_kind is not None and test(same_kind):
                    return True
            return False

        return touches

    @property
    def nowhere(self) -> tuple[str, ...]:
        """The fields whose values were not found."""
        return tuple(path for path, places in self.fields.items() if not places)


def locate(truth: Truth, document: Document, case: Case) -> Located:
    """Look the values of a truth up in a clean document.

    Args:
        truth: what it is known to say.
        document: the case's document, or what earlier steps have made of it.
        case: for the regions that its corpus knows.
    """
    fields = dict(leaves(truth))
    short = frozenset(path for path, value in fields.items() if len(str(value)) < _SHORT)
    for view in views_of(document.media_type):
        try:
            if view is Table:
                return _in_table(fields, short, read(document, Table))
            if view is Record:
                return _in_record(fields, short, read(document, Record))
            if view is Text:
                return _in_text(fields, short, read(document, Text))
        except Unreadable:
            continue
    return _on_pages(fields, short, document, case)


def _in_table(fields: Mapping[str, Json], short: frozenset[str], table: Table) -> Located:
    index = _Index((Cell(r, c), value) for r in table.data for c, value in enumerate(table.rows[r].cells))
    written: dict[Place, Span] = {}
    in_bytes = _Bytes(table.text)

    def convert(place: Place, kind: type) -> Place | None:
        if not written:
            written.update(table.spans())
        return _narrowed(written.get(place), kind, in_bytes)

    lists = tuple(aligned_lists(fields, table))
    cells = {path: cell for each in lists for path, cell in each.cells.items()}
    found = {path: (cells[path],) if path in cells else index.find(value) for path, value in fields.items()}
    return Located(found, short - cells.keys(), known=True, convert=convert, lists=lists)


def _in_record(fields: Mapping[str, Json], short: frozenset[str], record: Record) -> Located:
    values = dict(record.fields())
    index = _Index((Pointer(path), value) for path, value in values.items())
    spans, in_bytes = record.spans(), _Bytes(record.text)
    found: dict[str, Places] = {}
    for path, value in fields.items():
        places = index.find(value)
        named = [place for place in places if isinstance(place, Pointer) and _same_name(place.path, path)]
        exact = [place for place in places if place == Pointer(path)]
        found[path] = tuple(exact or named or places)

    def convert(place: Place, kind: type) -> Place | None:
        return _narrowed(spans.get(place.path) if isinstance(place, Pointer) else None, kind, in_bytes)

    named_fields = frozenset(path for path, places in found.items() if len(places) == 1)
    return Located(found, short - named_fields, known=True, convert=convert)


def _in_text(fields: Mapping[str, Json], short: frozenset[str], text: Text) -> Located:
    found: dict[str, Places] = {path: spans_of(value, text.value) for path, value in fields.items()}
    in_bytes = _Bytes(text)
    return Located(found, short, known=True, convert=lambda place, kind: _narrowed(place, kind, in_bytes))


def _on_pages(fields: Mapping[str, Json], short: frozenset[str], document: Document, case: Case) -> Located:
    found: dict[str, Places] = {path: tuple(case.regions.get(path, ())) for path in fields}
    known = bool(case.regions)
    missing = [path for path, places in found.items() if not places]
    words = _words(document) if missing else []
    if words:
        known = True
        text, starts = " ".join(word for word, _ in words), list[int]()
        at = 0
        for word, _ in words:
            starts.append(at)
            at += len(word) + 1
        for path in missing:
            found[path] = tuple(
                region
                for span in spans_of(fields[path], text)
                for _, region in words[
                    bisect.bisect_right(starts, span.start) - 1 : bisect.bisect_left(starts, span.end)
                ]
            )
    return Located(found, short, known, lambda place, kind: place if isinstance(place, kind) else None)


def _words(document: Document) -> list[tuple[str, Region]]:
    if document.media_type != "application/pdf":
        return []
    from crumple.views import pdf  # heavy, and only for PDF

    try:
        return pdf.words(document)
    except Unreadable:
        return []


class _Bytes:
    """Where the characters of a text stand among its bytes."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._ends: list[int] = []

    def extent(self, span: Span) -> Extent:
        if self._text.encoding == "utf-8" and self._text.value.isascii():
            mark = 3 * self._text.bom
            return Extent(mark + span.start, mark + span.end)
        if not self._ends:
            start = len(Text("", self._text.encoding, self._text.bom).encoded())
            lengths = (len(Text(each, self._text.encoding).encoded()) for each in self._text.value)
            self._ends = list(itertools.accumulate(lengths, initial=start))
        return Extent(self._ends[span.start], self._ends[span.end])


def _narrowed(place: Place | None, kind: type, in_bytes: _Bytes) -> Place | None:
    """A span as a place of another kind: itself, or the bytes that it is written in."""
    if place is None or isinstance(place, kind):
        return place
    return in_bytes.extent(place) if kind is Extent and isinstance(place, Span) else None


def _same_name(one: str, other: str) -> bool:
    return tokens(one)[-1:] == tokens(other)[-1:]


class _Index:
    """Places by what stands there: as text in small letters, as a number, as a date."""

    def __init__(self, placed: Iterable[tuple[Place, Json]]) -> None:
        self.by: dict[object, list[Place]] = {}
        for place, value in placed:
            for kind in kinds(value):
                self.by.setdefault(kind, []).append(place)

    def find(self, value: Json) -> Places:
        found = dict.fromkeys(place for kind in kinds(value) for place in self.by.get(kind, ()))
        if not found and isinstance(value, str) and len(value) >= _SHORT:
            part = normalise.text(value).casefold()
            found = dict.fromkeys(
                place
                for whole, places in self.by.items()
                if isinstance(whole, str) and part in whole
                for place in places
            )
        return tuple(found)


def kinds(value: Json) -> list[object]:
    """What a value is looked up as: its text in small letters, the numbers and the dates that it may be."""
    if value is None or isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return []
    if not isinstance(value, str):
        return [Decimal(repr(value)).normalize()]
    written = normalise.text(value)
    return [written.casefold(), *normalise.numbers(written), *normalise.dates(written)] if written else []


def spans_of(value: Json, text: str) -> tuple[Span, ...]:
    """Where a value stands in running text, in any notation."""
    if value is None or isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ()
    wanted = kinds(value)
    found: dict[Span, None] = {}
    if isinstance(value, str) and value.strip():
        forms = {value, unicodedata.normalize("NFC", value), unicodedata.normalize("NFKC", value)}
        pattern = "|".join(r"\s+".join(map(re.escape, form.split())) for form in sorted(forms))
        found.update((Span(*match.span()), None) for match in re.finditer(pattern, text, re.IGNORECASE))
    if any(isinstance(kind, Decimal) for kind in wanted):
        _scan(_NUMBER, normalise.numbers, text, wanted, found)
    if any(not isinstance(kind, (str, Decimal)) for kind in wanted):
        _scan(_DATE, normalise.dates, text, wanted, found)
    return tuple(found)


def _scan(
    pattern: re.Pattern[str],
    meanings: Callable[[str], Iterable[object]],
    text: str,
    wanted: Sequence[object],
    found: dict[Span, None],
) -> None:
    for match in pattern.finditer(text):
        written = match.group().rstrip(".,'’")
        if any(meaning in wanted for meaning in meanings(written)):
            found[Span(match.start(), match.start() + len(written))] = None


def aligned_lists(fields: Mapping[str, Json], table: Table) -> list[Aligned]:
    """The lists of a truth, given by its fields, that go with the rows of a table, item by item."""
    data = [row for row in table.data if any(table.rows[row].cells)]
    by_list: dict[str, dict[int, dict[str, Json]]] = {}
    for path, value in fields.items():
        at = tokens(path)
        for depth, token in enumerate(at[:2]):
            if token.isdigit():
                root = "".join("/" + part for part in path.split("/")[1 : depth + 1])
                by_list.setdefault(root, {}).setdefault(int(token), {})[path] = value
                break
    return [found for root, items in by_list.items() if (found := _align(root, items, data, table))]


def _align(root: str, items: Mapping[int, Mapping[str, Json]], data: Sequence[int], table: Table) -> Aligned | None:
    for rows in (tuple(data), (0, *data)):
        if len(items) != len(rows):
            continue
        cells: dict[str, Cell] = {}
        total = 0
        for item, row in zip(sorted(items), rows, strict=True):
            index = _Index((Cell(row, column), value) for column, value in enumerate(table.rows[row].cells))
            for path, value in items[item].items():
                total += 1
                if places := index.find(value):
                    place = places[0]
                    cells[path] = place if isinstance(place, Cell) else Cell(row, 0)
        if total and len(cells) >= total / 2:
            return Aligned(root, rows[0], rows, cells)
    return None
