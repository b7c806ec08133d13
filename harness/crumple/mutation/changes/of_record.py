"""Changes in a record: its values, and members and items that were put in or taken out."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crumple.mutation.changes.sequences import differing
from crumple.mutation.changes.told import Changes, Piece, joined
from crumple.places import Pointer
from crumple.views.acroform import AcroForm
from crumple.views.record import Member, Record
from crumple.views.text import Text

_LONGEST = 1 << 22
"""Characters: where every value of a longer one stands takes seconds to say."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """Characters that differ; `number` is that of their piece."""

    number: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Optional:
    """A member or an item that only one of the records has.

    Attributes:
        number: of its piece.
        written: its characters.
        come: whether it has come; else it has gone.
    """

    number: int
    written: str
    come: bool


@dataclass(frozen=True, slots=True)
class _Holder:
    """An object, a list or the whole document: what stands between the children, and the children.

    Attributes:
        gaps: one more than there are children.
        children: in order; each with its key.
    """

    gaps: Sequence[str]
    children: Sequence[_Node]


_Node: TypeAlias = "str | _Choice | _Optional | _Holder | tuple[str, _Node]"


def of_record(before: Record, after: Record, *, values_only: bool) -> Changes | None:
    """The changes of a record; None where it is written in another encoding, or too long.

    Args:
        before: the record.
        after: what has become of it.
        values_only: whether only values may differ, and not the structure.
    """
    if isinstance(before, AcroForm) and isinstance(after, AcroForm):
        return _of_fields(before, after)
    if (before.encoding, before.bom, before.lines) != (after.encoding, after.bom, after.lines):
        return None
    if max(len(before.source), len(after.source)) > _LONGEST:
        return None
    walk = _Walk(_Written(before), _Written(after))
    node = walk.whole()
    if values_only and walk.structural:
        return None

    def made(kept: Collection[int]) -> Record:
        text = Text("".join(_rendered(node, kept)), before.encoding, before.bom)
        return Record.of_lines(text) if before.lines else Record.parsed(text)

    return joined(walk.pieces, made)


def _of_fields(before: AcroForm, after: AcroForm) -> Changes:
    """The changes of a PDF's form, field by field."""
    new = [(path, after.get(path)) for path in before.boxes if before.get(path) != after.get(path)]
    pieces = [Piece(Pointer(path), _spelled(before.get(path)), _spelled(value)) for path, value in new]
    return joined(pieces, lambda kept: before.set(dict(each for at, each in enumerate(new) if at in kept)))


def _spelled(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class _Written:
    """A record as it is written: the children of each value."""

    def __init__(self, record: Record) -> None:
        self.source, self.lines = record.source, record.lines
        self.members = record.members()
        self._children: dict[str, list[str]] = {}
        for path in sorted(self.members, key=lambda path: (self.members[path].start, len(path))):
            if path:
                self._children.setdefault(path.rpartition("/")[0], []).append(path)

    def children(self, path: str) -> list[str]:
        return self._children.get(path, [])

    def value(self, path: str) -> str:
        member = self.members[path]
        return self.source[member.start : member.end]

    def chunk(self, path: str) -> str:
        """A value with its key."""
        member = self.members[path]
        return self.source[member.begin : member.end]

    def key(self, path: str) -> str:
        member = self.members[path]
        return self.source[member.begin : member.start]

    def gaps(self, path: str) -> list[str]:
        """What stands before, between and behind the children of a value."""
        inner = [self.members[each] for each in self.children(path)]
        outer = self.members[path]
        ends = [outer.start, *(each.end for each in inner)]
        begins = [*(each.begin for each in inner), outer.end]
        return [self.source[end:begin] for end, begin in zip(ends, begins, strict=True)]

    def around(self) -> tuple[str, str]:
        root: Member = self.members[""]
        return self.source[: root.start], self.source[root.end :]


class _Walk:
    """Two records side by side.

    Attributes:
        pieces: what differs, in order.
        structural: whether more than values differ.
    """

    def __init__(self, before: _Written, after: _Written) -> None:
        self.before, self.after = before, after
        self.pieces: list[Piece] = []
        self.structural = False

    def whole(self) -> _Node:
        """Both documents."""
        around = self.before.around()
        if around != self.after.around():
            return self._choice("", self.before.source, self.after.source)
        return _Holder(around, (self._compared("", ""),))

    def _compared(self, ours: str, theirs: str) -> _Node:
        before, after = self.before, self.after
        old, new = before.value(ours), after.value(theirs)
        if old == new:
            return old
        here, there = before.children(ours), after.children(theirs)
        alike = (before.lines and not ours) or old[0] == new[0]
        if not here or not there or not alike:
            return self._choice(ours, old, new)
        gaps, others = before.gaps(ours), after.gaps(theirs)
        if len(here) == len(there):
            if gaps != others:
                return self._choice(ours, old, new)
            return _Holder(gaps, [self._member(one, other) for one, other in zip(here, there, strict=True)])
        return self._longer(ours, theirs) or self._choice(ours, old, new)

    def _member(self, ours: str, theirs: str) -> _Node:
        if self.before.key(ours) == self.after.key(theirs):
            return self.before.key(ours), self._compared(ours, theirs)
        return self._choice(ours, self.before.chunk(ours), self.after.chunk(theirs))

    def _longer(self, ours: str, theirs: str) -> _Node | None:
        """An object or a list in which some have only come, or only gone; None where both, or others differ too."""
        here, there = self.before.children(ours), self.after.children(theirs)
        names = [_name(self.before, each) for each in here], [_name(self.after, each) for each in there]
        blocks = differing(*names)
        come = all(each.start == each.end for each in blocks)
        if not come and not all(each.begin == each.stop for each in blocks):
            return None
        if come:
            alone = {at for each in blocks for at in range(each.begin, each.stop)}
            union, gaps = there, self.after.gaps(theirs)
        else:
            alone = {at for each in blocks for at in range(each.start, each.end)}
            union, gaps = here, self.before.gaps(ours)
        others = iter(here if come else there)
        children: list[_Node] = []
        for at, path in enumerate(union):
            if at in alone:
                children.append(self._optional(path, come=come))
            else:
                children.append(self._member(*((next(others), path) if come else (path, next(others)))))
        return _Holder(gaps, children)

    def _choice(self, path: str, old: str, new: str) -> _Choice:
        self.structural = self.structural or old[:1] in "{[" or new[:1] in "{["
        self.pieces.append(Piece(Pointer(path), old, new))
        return _Choice(len(self.pieces) - 1, old, new)

    def _optional(self, path: str, *, come: bool) -> _Optional:
        self.structural = True
        written = self.after.chunk(path) if come else self.before.chunk(path)
        self.pieces.append(Piece(Pointer(path), "" if come else written, written if come else ""))
        return _Optional(len(self.pieces) - 1, written, come)


def _name(written: _Written, path: str) -> str:
    """What a child is told by: a member by its key, an item by what it says."""
    return written.key(path) or written.chunk(path)


def _rendered(node: _Node, kept: Collection[int]) -> list[str]:
    match node:
        case str():
            return [node]
        case _Choice(number, old, new):
            return [new if number in kept else old]
        case _Optional(written=written):
            return [written]
        case (str() as key, inner):
            return [key, *_rendered(inner, kept)]
        case _Holder(gaps, children):
            pieces, first = [gaps[0]], True
            for gap, child in zip(gaps, children, strict=False):
                if isinstance(child, _Optional) and (child.number in kept) != child.come:
                    continue
                pieces += [] if first else [gap]
                pieces += _rendered(child, kept)
                first = False
            return [*pieces, gaps[-1]]
    raise AssertionError(node)
