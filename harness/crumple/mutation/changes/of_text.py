"""Changes in characters: words, or lines where too many of them differ."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from crumple.mutation.changes.sequences import Block, coarse, differing
from crumple.mutation.changes.told import Changes, Piece, joined
from crumple.places import Span
from crumple.views.text import Text

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
# A tag is one sign; others that structure a line end a word, a comma within a number does not.
_TOKEN = re.compile(r'\s+|</?[A-Za-z][^<>\r\n]*>|(?:[^\s,;|"<>(){}\[\]=]|(?<=\d),(?=\d))+|.')
_STRINGS = re.compile(rf'"(?:[^"\\\r\n]|\\.)*"|{_TOKEN.pattern}')
_WORD = re.compile(r"\w")
_MOST_LINES = 20_000
_LONGEST = 1 << 18


class Edit(NamedTuple):
    """Characters [start, end) of a text, and what stands there now."""

    start: int
    end: int
    new: str


def of_text(before: Text, after: Text, *, like: str = "", in_place: bool = False) -> Changes | None:
    """The changes of a text; None where it is written in another encoding.

    Args:
        before: the text.
        after: what has become of it.
        like: what stands or falls as a whole, beside words: "lines", "strings" in double quotes; "": nothing.
        in_place: whether something must still stand wherever something stood, and nothing else.
    """
    if before.encoding != after.encoding or (in_place and before.bom != after.bom):
        return None
    marked = int(before.bom != after.bom)
    edits = list(edits_of(before.value, after.value, _STRINGS if like == "strings" else _TOKEN))
    if in_place and not all(each.start < each.end and each.new for each in edits):
        return None
    bonds = _lines(before.value, edits) if like == "lines" else [""] * len(edits)
    pieces = [
        Piece(Span(start, end), before.value[start:end], new, bond)
        for (start, end, new), bond in zip(edits, bonds, strict=True)
    ]

    def made(kept: Collection[int]) -> Text:
        chosen = [each for number, each in enumerate(edits, marked) if number in kept]
        bom = after.bom if marked and 0 in kept else before.bom
        return Text(spliced(before.value, chosen), before.encoding, bom)

    mark = [Piece(Span(0, 0), "", "")] if marked else []
    return joined([*mark, *pieces], made)


def edits_of(before: str, after: str, token: re.Pattern[str] = _TOKEN) -> Iterator[Edit]:
    """What makes the one text of the other, in its order; the smallest pieces are what `token` matches."""
    ours, theirs = _LINE.findall(before), _LINE.findall(after)
    starts = list(itertools.accumulate(map(len, ours), initial=0))
    blocks = differing(ours, theirs)
    fine = sum(each.end - each.start for each in blocks) <= _MOST_LINES
    for each in blocks if fine else coarse(blocks):
        if fine and each.end - each.start == each.stop - each.begin:
            for here, there in zip(range(each.start, each.end), range(each.begin, each.stop), strict=True):
                yield from _in_line(starts[here], ours[here], theirs[there], token if fine else None)
        else:
            old, new = "".join(ours[each.start : each.end]), "".join(theirs[each.begin : each.stop])
            yield from _in_line(starts[each.start], old, new, token if fine else None)


def _in_line(at: int, before: str, after: str, token: re.Pattern[str] | None) -> Iterator[Edit]:
    if before == after:
        return
    if token is None or not before or not after or max(len(before), len(after)) > _LONGEST:
        yield Edit(at, at + len(before), after)
        return
    ours, theirs = token.findall(before), token.findall(after)
    starts = list(itertools.accumulate(map(len, ours), initial=at))
    for each in _sure(differing(ours, theirs), ours):
        yield Edit(starts[each.start], starts[each.end], "".join(theirs[each.begin : each.stop]))


def _sure(blocks: Iterable[Block], ours: Sequence[str]) -> Iterator[Block]:
    """Blocks that stand for themselves: a sign between two of them may be another one than it seems.

    Where "0117</td>" has become "01<b>17</b></td>", what is between two places that differ may be any of the tags.
    """
    held: Block | None = None
    for each in blocks:
        if held is not None and _doubtful(held, each, "".join(ours[held.end : each.start])):
            held = Block(held.start, each.end, held.begin, each.stop)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held


def _doubtful(one: Block, other: Block, between: str) -> bool:
    if not between.startswith("<") and _WORD.search(between):
        return False
    uneven = one.end - one.start != one.stop - one.begin or other.end - other.start != other.stop - other.begin
    return uneven or not any(map(str.isspace, between))


def _lines(value: str, edits: Iterable[Edit]) -> Iterator[str]:
    """The line that each edit begins in."""
    starts = list(itertools.accumulate(map(len, _LINE.findall(value)), initial=0))
    return (f"line {bisect.bisect_right(starts, each.start)}" for each in edits)


def spliced(value: str, edits: Sequence[Edit]) -> str:
    """A text with some edits made; they rise and do not overlap."""
    pieces, at = list[str](), 0
    for start, end, new in edits:
        pieces += (value[at:start], new)
        at = end
    pieces.append(value[at:])
    return "".join(pieces)
