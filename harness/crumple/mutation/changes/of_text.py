"""Changes in characters: words, or lines where too many of them differ."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from crumple.mutation.changes.sequences import differing
from crumple.mutation.changes.told import Changes, Piece, joined
from crumple.places import Span
from crumple.views.text import Text

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
# Signs that structure a line end a word, a comma within a number does not.
_TOKEN = re.compile(r'\s+|(?:[^\s,;|"<>(){}\[\]=]|(?<=\d),(?=\d))+|.')
_MOST_LINES = 20_000
_LONGEST = 1 << 18


class Edit(NamedTuple):
    """Characters [start, end) of a text, and what stands there now."""

    start: int
    end: int
    new: str


def of_text(before: Text, after: Text, *, in_place: bool = False) -> Changes | None:
    """The changes of a text; None where it is written in another encoding.

    Args:
        before: the text.
        after: what has become of it.
        in_place: whether something must still stand wherever something stood, and nothing else.
    """
    if before.encoding != after.encoding or (in_place and before.bom != after.bom):
        return None
    marked = int(before.bom != after.bom)
    edits = list(edits_of(before.value, after.value))
    if in_place and not all(each.start < each.end and each.new for each in edits):
        return None
    pieces = [Piece(Span(each.start, each.end), before.value[each.start : each.end], each.new) for each in edits]

    def made(kept: Collection[int]) -> Text:
        chosen = [each for number, each in enumerate(edits, marked) if number in kept]
        bom = after.bom if marked and 0 in kept else before.bom
        return Text(spliced(before.value, chosen), before.encoding, bom)

    mark = [Piece(Span(0, 0), "", "")] if marked else []
    return joined([*mark, *pieces], made)


def edits_of(before: str, after: str) -> Iterator[Edit]:
    """What makes the one text of the other, in its order."""
    ours, theirs = _LINE.findall(before), _LINE.findall(after)
    starts = list(itertools.accumulate(map(len, ours), initial=0))
    blocks = differing(ours, theirs)
    fine = sum(each.end - each.start for each in blocks) <= _MOST_LINES
    for each in blocks:
        if each.end - each.start == each.stop - each.begin:
            for here, there in zip(range(each.start, each.end), range(each.begin, each.stop), strict=True):
                yield from _in_line(starts[here], ours[here], theirs[there], fine=fine)
        else:
            old, new = "".join(ours[each.start : each.end]), "".join(theirs[each.begin : each.stop])
            yield from _in_line(starts[each.start], old, new, fine=fine)


def _in_line(at: int, before: str, after: str, *, fine: bool) -> Iterator[Edit]:
    if before == after:
        return
    if not fine or not before or not after or max(len(before), len(after)) > _LONGEST:
        yield Edit(at, at + len(before), after)
        return
    ours, theirs = _TOKEN.findall(before), _TOKEN.findall(after)
    starts = list(itertools.accumulate(map(len, ours), initial=at))
    for each in differing(ours, theirs):
        yield Edit(starts[each.start], starts[each.end], "".join(theirs[each.begin : each.stop]))


def spliced(value: str, edits: Sequence[Edit]) -> str:
    """A text with some edits made; they rise and do not overlap."""
    pieces, at = list[str](), 0
    for start, end, new in edits:
        pieces += (value[at:start], new)
        at = end
    pieces.append(value[at:])
    return "".join(pieces)
