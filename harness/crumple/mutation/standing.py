"""What stands in a degraded document now, where a value of the truth stood that damage has changed.

A *lost* field passes with its old value or with none. Where damage has left a value that can be read, "35,25" where
"385,25" stood, a reader that answers it has read rightly: nobody can know better, and nobody can act on a finding that
says otherwise. So what stands in the place of a lost value passes too. It is looked up only where an answer would be
wrong.

Accepted is what stands there now, in the notation of the document or as the number or date that it says, if

- the place can be told: the same member of a record, the same cell in the same row, the same characters of a text
  whose surroundings are still much the same;
- it is still much like what stood there: no more than half of its characters have changed. In capitals too, where the
  old value was: who writes codes in capitals writes all of them so.

A number that was the highest or the lowest of a column, and stands for no row, may have been worked out: what is the
highest or lowest now passes, if the column has as many numbers as before. A number that stood nowhere was worked out,
as a sum is. Where the document says as many numbers as before, and other
ones, nobody can tell what they make: any number passes.

Not accepted is what is no reading of the place: a value that was cut off (nothing follows it any more, or two of its
last characters are gone, and nothing else), one with U+FFFD or control characters in it, an empty place, what came
there from elsewhere in the document (shifted, swapped), a stamp, what is no number or no date any more where one is
asked for. On pages nobody can say what stands there.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import NoneType

from crumple import normalise
from crumple.case import Case
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.changes.of_text import spliced
from crumple.mutation.changes.sequences import differing
from crumple.mutation.drawn import extremes, in_columns, in_items
from crumple.mutation.legible import is_legible, now_at, readings
from crumple.mutation.located import Located
from crumple.mutation.occurrences import occurrences
from crumple.mutation.side import Side
from crumple.places import Cell, Member, Pointer, Span
from crumple.truth import (
    ABSENT,
    Absent,
    AnyOf,
    Expectation,
    Json,
    Truth,
    alternatives,
    covers,
    leaves,
    lookup,
    one_of,
    tokens,
)
from crumple.views.format import views_of
from crumple.views.pages import Pages
from crumple.views.record import Record
from crumple.views.table import Table

_MOST_FIELDS = 20
_MOST_PLACES = 50
_WIDEST = 400  # characters of a place whose surroundings have changed too
_MOST_WHOLE = 3
_EDGES = "\"' \t\r\n"


def as_it_stands(
    expectation: Expectation,
    wrong: Sequence[str],
    case: Case,
    degradation: Degradation,
    cache: ViewCache,
    *,
    answer: Truth = ABSENT,
    whole: bool = False,
) -> Expectation:
    """What an answer is held against, with what stands in the places of lost values as right as these.

    Args:
        expectation: as the mutators said.
        wrong: JSON pointers of the fields that an answer has got wrong.
        case: the clean one.
        degradation: what the recipe has made of it.
        cache: of decoded clean documents.
        answer: what was answered, for numbers that stand nowhere.
        whole: for a judge that takes no `AnyOf` within an answer: say them as whole answers.

    Returns:
        The expectation itself where nothing else is right.
    """
    fields = _lost(expectation, wrong)
    if not fields or case.truth is ABSENT:
        return expectation
    pairs = _pairs(case, degradation)
    now = {path: found for path, old in fields.items() if (found := _passing(path, old, case, pairs, cache, answer))}
    if not now:
        return expectation
    options = alternatives(expectation.truth)
    if whole:
        most = range(min(_MOST_WHOLE, max(map(len, now.values()))))
        nth = [{path: each[min(number, len(each) - 1)] for path, each in now.items()} for number in most]
        return replace(
            expectation, truth=one_of([*options, *(_put(fields, one, new) for one in options for new in nth)])
        )
    new = {path: AnyOf(*_options(fields[path]), *each) for path, each in now.items()}
    return replace(expectation, truth=one_of([_put(fields, one, new) for one in options]))


def _passing(
    path: str, old: Json, case: Case, pairs: Mapping[str, tuple[Side, Side]], cache: ViewCache, answer: Truth
) -> tuple[Json, ...]:
    """The values that pass for a lost one."""
    clean = alternatives(case.truth)
    number = next((at for at, each in enumerate(clean) if lookup(each, path) == old), None)
    if number is None:  # an earlier step has made another answer right: nobody knows where that stands
        return ()
    found: dict[Json, None] = {}
    for name, (before, after) in pairs.items():
        located = None if name else cache.located(case, number)
        found.update(dict.fromkeys(_now(path, old, before, after, clean[number], located)))
    answered = lookup(answer, path)
    if isinstance(answered, str) and isinstance(old, str) and _in_its_case(answered, old, found):
        found[answered] = None
    if found or not isinstance(answered, (str, int, float)) or not _is_number(answered) or not _is_number(old):
        return tuple(found)
    worked_out = path in cache.located(case, number).nowhere and any(map(_other_numbers, pairs.values()))
    return (answered,) if worked_out else ()


def _in_its_case(answered: str, old: str, found: Mapping[Json, None]) -> bool:
    """Whether an answer is what stands there in capitals, or small letters, where the old value was all in these."""
    texts = [each for each in found if isinstance(each, str)]
    return any(fold(old) == old and answered == fold(each) for fold in (str.upper, str.lower) for each in texts)


def _lost(expectation: Expectation, wrong: Sequence[str]) -> dict[str, Json]:
    """The lost values among what is wrong, by pointer."""
    found: dict[str, Json] = {}
    for path in wrong:
        at = lookup(expectation.truth, path)
        for leaf, value in leaves(at, path):
            if len(found) < _MOST_FIELDS and value is not None and covers(leaf, expectation.lost):
                found.setdefault(leaf, value)
    return found


def _is_number(value: Json) -> bool:
    return not isinstance(value, bool) and normalise.quantity(value) is not None


def _other_numbers(pair: tuple[Side, Side]) -> bool:
    """Whether a document says as many numbers as before, and not the same ones; the last of them was not cut off."""
    before, after = (each.numbers for each in pair)
    if len(before) != len(after) or before == after:
        return False
    return before[-1] == after[-1] or not before[-1].startswith(after[-1])


def _pairs(case: Case, degradation: Degradation) -> dict[str, tuple[Side, Side]]:
    """The documents of a case, clean and degraded, that have changed."""
    documents = {"": (case.document, degradation.document)}
    documents |= {one.name: (one, other) for one, other in zip(case.parts, degradation.parts, strict=False)}
    return {
        name: (Side(one), Side(other))
        for name, (one, other) in documents.items()
        if one.data != other.data and Pages not in views_of(one.media_type)
    }


def _now(path: str, old: Json, before: Side, after: Side, truth: Truth, located: Located | None) -> Iterator[Json]:
    """What stands where a field's value stood, in each of its places that can be told."""
    located = located or before.located(truth)
    for place in [each for every in located.fields.get(path, ())[:_MOST_PLACES] for each in every]:
        if isinstance(place, Member):
            here, there = before.parts.get(place.path), after.parts.get(place.path)
            if here and there and here.document.data != there.document.data:
                yield from _now(path, old, here, there, truth, None)
            continue
        drawn = path in located.drawn
        if isinstance(place, Pointer) and before.record and after.record:
            yield from _in_record(old, place, before.record, after.record)
            columns = [in_items(dict(each.fields())) for each in (before.record, after.record)] if drawn else []
            yield from _extremes(old, [[*column(place).values()] for column in columns])
        elif isinstance(place, Cell) and before.table and after.table:
            yield from _in_table(old, place, before.table, after.table)
            column = _column(place.column, before.table.header, after.table.header) if drawn else None
            if column is not None:
                places = (before.table, place), (after.table, replace(place, column=column))
                yield from _extremes(old, [[*in_columns(table)(cell).values()] for table, cell in places])
        span = place if isinstance(place, Span) else located.convert(place, Span)
        if isinstance(span, Span):
            yield from _in_text(old, span, before, after)


def _extremes(old: Json, columns: Sequence[Sequence[Decimal]]) -> Iterator[Json]:
    """The highest or lowest number of a column or list now, where the value was that before."""
    for value in normalise.numbers(old)[:1] if columns and not isinstance(old, AnyOf) else ():
        for now in extremes(value, *columns):
            yield f"{now:f}" if isinstance(old, str) else float(now)


def _in_record(old: Json, place: Pointer, before: Record, after: Record) -> Iterator[Json]:
    try:
        was, now = before.get(place.path), after.get(place.path)
    except KeyError:
        return
    if any(isinstance(each, (bool, list, dict, NoneType)) for each in (was, now)):
        return
    held = [[str(value) for _, value in each.fields()].count(str(now)) for each in (before, after)]
    if held[1] > held[0]:
        yield from _within(old, str(was), str(now))


def _in_table(old: Json, place: Cell, before: Table, after: Table) -> Iterator[Json]:
    row, column = _row(place.row, before, after), _column(place.column, before.header, after.header)
    if row is None or column is None:
        return
    was, now = before.value(place), after.value(Cell(row, column))
    held = [sum(each.cells.count(now) for each in table.rows) for table in (before, after)]
    if held[1] > held[0]:
        yield from _within(old, was, now)


def _row(number: int, before: Table, after: Table) -> int | None:
    """Where a row of the one table stands in the other; None where that cannot be told."""
    shift = 0
    for each in differing([row.cells for row in before.rows], [row.cells for row in after.rows]):
        if each.start <= number < each.end:
            return number - each.start + each.begin if each.end - each.start == each.stop - each.begin else None
        if each.start > number:
            break
        shift = each.stop - each.end
    return number + shift


def _column(number: int, before: Sequence[str], after: Sequence[str]) -> int | None:
    """Where a column of the one header stands in the other: by its name, or where nothing has moved."""
    if number >= len(before):
        return None
    title = before[number]
    if before.count(title) == 1 == after.count(title):
        return after.index(title)
    return number if len(before) == len(after) else None


def _within(old: Json, was: str, now: str) -> Iterator[Json]:
    """What stands in a cell or a member, in place of a value that is all of it or a part."""
    for span in occurrences(old, was):
        right = was[span.start : span.end]
        for each in now_at(was, now, span):
            if is_legible(right, each):
                yield from readings(old, right, each)


def _in_text(old: Json, span: Span, before: Side, after: Side) -> Iterator[Json]:
    """What stands in a place of a text, where it came to stand there by damage and not from elsewhere."""
    if not before.text or not after.text:
        return
    clean, degraded = before.text.value, after.text.value
    edits = before.edits(after)
    here = [each for each in edits if each.start < span.end and span.start < each.end]
    if not here:
        return
    start, end = min(span.start, here[0].start), max(span.end, here[-1].end)
    now = spliced(clean[start:end], [each._replace(start=each.start - start, end=each.end - start) for each in here])
    if max(end - start, len(now)) > _WIDEST:
        return
    # Where the place ends in the degraded text, by all that has come and gone before.
    stop = start + len(now) + sum(len(each.new) - each.end + each.start for each in edits if each.end <= start)
    right = clean[span.start : span.end].strip(_EDGES)
    rest, followed = degraded[stop:].strip(), clean[end:].strip()
    for each in now_at(clean[start:end], now, Span(span.start - start, span.end - start)):
        left = each.strip(_EDGES)
        cut = (followed and not rest) or (not rest and right.startswith(left))
        if not cut and left and _times(left, degraded) > _times(left, clean):
            for plain in _plain(left):
                if is_legible(right, plain):
                    yield from readings(old, right, plain)


def _times(value: str, text: str) -> int:
    """How often a value stands in a text, not as a part of a word."""
    return sum(1 for _ in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text))


def _plain(written: str) -> Iterator[str]:
    """A value as markup, JSON and CSV mean it, without what they write it with."""
    yield written
    yield from {html.unescape(written), written.replace('""', '"')} - {written}
    if "\\" in written:
        try:
            said = json.loads(f'"{written}"')
        except ValueError:
            return
        yield said


def _options(value: Json) -> Sequence[Json]:
    return value.options if isinstance(value, AnyOf) else (value,)  # type: ignore[return-value]  # no edits by now


def _put(old: Mapping[str, Json], truth: Truth, new: Mapping[str, Json]) -> Truth:
    """A truth with other values in some fields that have the old ones."""
    if isinstance(truth, Absent):
        return truth
    for path, value in new.items():
        truth = _set(truth, tokens(path), old[path], value)
    return truth


def _set(truth: Json, path: Sequence[str], old: Json, new: Json) -> Json:
    if not path:
        return new if truth == old else truth
    name, *deeper = path
    if isinstance(truth, Mapping) and name in truth:
        return {**truth, name: _set(truth[name], deeper, old, new)}
    if isinstance(truth, list) and name.isdecimal() and int(name) < len(truth):
        return [_set(each, deeper, old, new) if at == int(name) else each for at, each in enumerate(truth)]
    return truth
