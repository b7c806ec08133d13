"""Members whose value is said twice, is not a number, or is more than a reader's numbers hold."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, Ladder, NotApplicable, Place, Pointer, Record, Span, Text, mutator
from crumple_mutators.format.edits import shares
from crumple_mutators.format.json_tokens import JSON, JSONS, ORDER
from crumple_mutators.positions import spliced
from crumple_mutators.selection import chosen

_NOT_NUMBERS: Final = ("NaN", "Infinity", "-Infinity", "1e400", "-1E+999")
_LEAST_ID: Final = 1000


@mutator("format.json_duplicate_keys", refusable_from=1, only=JSONS, share=shares("members"), examples=[ORDER])
def duplicate_keys(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write members twice with the same value, as templates and merged files do.

    Whichever is read, the answer is the same; RFC 8259 says that names should be unique, so refusing is acceptable.
    Ladder: the shares of `form`, of members that hold a single value.
    """
    paths = _scalar_members(record)
    hit = sorted(chosen(rng, len(paths), share))
    members, source = record.members(), record.source
    spans = [Span(members[paths[at]].begin, members[paths[at]].end) for at in hit]
    written = (f"{source[each.start : each.end]}, {source[each.start : each.end]}" for each in spans)
    return Degraded(_parsed(record, spliced(source, spans, written)), touched=[Pointer(paths[at]) for at in hit])


@mutator(
    "format.json_conflicting_keys",
    truth="new",
    refusable_from=1,
    only=JSON,
    share=shares("members"),
    examples=[ORDER],
)
def conflicting_keys(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write members twice with two values, as merged versions of a record and defaults that were left in do.

    Which is meant cannot be told: parsers keep the last, the first or both. Either is right, and refusing is
    acceptable. Ladder: the shares of `form`, of members that hold a single value.
    """
    paths = _scalar_members(record)
    draws, first = rng.integers(1, 1000, size=len(paths)).tolist(), rng.integers(2, size=len(paths)).tolist()
    hit = sorted(chosen(rng, len(paths), share))
    members, source = record.members(), record.source
    spans, written, values = list[Span](), list[str](), dict[Place, Json]()
    for at in hit:
        member, old = members[paths[at]], record.get(paths[at])
        other = _other(old, draws[at])
        key = source[member.begin : member.start]
        new = key + json.dumps(other, ensure_ascii=source.isascii())
        kept = source[member.begin : member.end]
        spans.append(Span(member.begin, member.end))
        written.append(f"{new}, {kept}" if first[at] else f"{kept}, {new}")
        values[Pointer(paths[at])] = AnyOf(old, other)
    return Degraded(_parsed(record, spliced(source, spans, written)), truth=Edit(values=values))


def _other(value: Any, draw: int) -> Any:
    """A value of the same type that is another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return round(value + draw, 2) if abs(value) < 1e12 else draw
    return f"{value} ({draw})" if value else f"unknown {draw}"


@mutator(
    "format.json_not_a_number",
    truth="lost",
    refusable_from=1,
    only=JSONS,
    share=shares("numbers"),
    examples=[ORDER],
)
def not_a_number(record: Record, share: float, rng: Generator) -> Degraded[Text]:
    """Write NaN, Infinity or a number beyond every double in place of numbers, as a division by zero upstream does.

    What the number was is lost: right is none, or the old one where other numbers tell it. RFC 8259 has no NaN
    and RFC 7493 no such numbers, so refusing is acceptable. Ladder: the shares of `form`, of numbers.
    """
    paths = [path for path, value in record.fields() if _is_number(value)]
    if not paths:
        raise NotApplicable("it holds no numbers")
    words = [_NOT_NUMBERS[each] for each in rng.integers(len(_NOT_NUMBERS), size=len(paths)).tolist()]
    found = record.spans()
    hit = sorted(chosen(rng, len(paths), share))
    value = spliced(record.source, [found[paths[at]] for at in hit], (words[at] for at in hit))
    return Degraded(record.text.with_value(value), lost=[Pointer(paths[at]) for at in hit])


@mutator(
    "format.json_long_integers",
    truth="new",
    only=JSON,
    digits=Ladder(16, 17, 18, 19, 20, unit="digits"),
    examples=[ORDER],
)
def long_integers(record: Record, digits: int, rng: Generator) -> Degraded[Record]:
    """Make whole numbers that name something so long that a double cannot hold them, as database ids are.

    Drawn digits follow those of every whole number from 1000 on, the last of them odd. JSON can write them, so the long
    number is the new right answer, to its last digit. Ladder: from the first past 2^53 to past 2^64.
    """
    fields = {path: value for path, value in record.fields() if _is_number(value) and isinstance(value, int)}
    fields = {path: value for path, value in fields.items() if _LEAST_ID <= abs(value) < 10**15}
    if not fields:
        raise NotApplicable("it holds no whole number from 1000 on")
    drawn = rng.integers(10, size=(len(fields), 24)).tolist()
    values = {
        path: _longer(value, int(digits), each) for (path, value), each in zip(fields.items(), drawn, strict=True)
    }
    return Degraded(record.set(values), truth=Edit(values={Pointer(path): value for path, value in values.items()}))


def _longer(value: int, digits: int, drawn: list[int]) -> int:
    head = "97" + str(abs(value))
    more = head + "".join(map(str, drawn))[: max(0, digits - len(head) - 1)] + "1"
    return int(more) if value > 0 else -int(more)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _scalar_members(record: Record) -> list[str]:
    """The pointers of members of objects that hold a single value, in the document's order."""
    found = [path for path, value in record.fields() if path and isinstance(record.get(path.rpartition("/")[0]), dict)]
    if not found:
        raise NotApplicable("no member holds a single value")
    return found


def _parsed(record: Record, source: str) -> Record:
    return (Record.of_lines if record.lines else Record.parsed)(Text(source, record.encoding, record.bom))
