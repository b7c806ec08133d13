"""The right answer for a case, and what a mutator says has become of it. Pure data, no I/O."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from crumple.places import Place


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Several right answers; an answer that agrees with any of them is right. Stands at any depth of a truth.

    In a truth file it is written `{"$any_of": [...]}`.
    """

    options: tuple[Json | Edit, ...]

    def __init__(self, *options: Json | Edit) -> None:
        if not options:
            raise ValueError("AnyOf needs at least one option")
        object.__setattr__(self, "options", options)


Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | AnyOf | None"
"""JSON as Python knows it, in which `AnyOf` may stand for a value."""


class Absent(enum.Enum):
    """The type of `ABSENT`: nobody has said what the right answer is."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Truth: TypeAlias = "Json | Absent"


class Everything(enum.Enum):
    """The type of `ALL`: no field can be read any more."""

    ALL = "all"


ALL: Final = Everything.ALL

_PROSE = 8
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Edit:
    """How the right answer changes, said in terms of the view; the engine carries it over to the truth.

    Attributes:
        rows: of a `Table`, which of the clean rows (indices into `table.rows`, header included or not)
            the right answer now has, in order; a row that is missing is dropped, one named twice is
            doubled. None: all, as they were.
        values: what stands at a place now; None means "missing". Cells are those of the clean table.
        repeated: places whose list items the right answer now has twice, one after the other.
    """

    rows: tuple[int, ...] | None = None
    values: Mapping[Place, Json] = field(default_factory=dict)
    repeated: tuple[Place, ...] = ()


SAME: Final = Edit()
"""The right answer is what it was."""


def is_transcription(truth: Truth) -> bool:
    """Whether a truth is a text of more than eight words, or of several lines.

    It has an order, and losing a part of it does not lose all of it.
    """
    return isinstance(truth, str) and (len(truth.split()) > _PROSE or "\n" in truth.strip())


def alternatives(truth: Truth) -> tuple[Truth, ...]:
    """The whole answers that a truth gives a choice of: several records, lists or transcriptions; else itself alone.

    Each has fields of its own. Several ways of writing one value are one field.
    """
    if not isinstance(truth, AnyOf):
        return (truth,)
    options = tuple(each for option in truth.options if not isinstance(option, Edit) for each in alternatives(option))
    whole = any(isinstance(each, (Mapping, list)) or is_transcription(each) for each in options)
    return options if whole else (truth,)


def one_of(options: Sequence[Truth]) -> Truth:
    """Whole answers as one truth, each of them once."""
    found: list[Json] = []
    for option in options:
        if isinstance(option, Absent):
            return ABSENT
        found += [each for each in alternatives(option) if not isinstance(each, Absent) and each not in found]
    return found[0] if len(found) == 1 else AnyOf(*found)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an answer to one degraded document is held against.

    Attributes:
        truth: the right answer now.
        lost: JSON pointers of fields that cannot be read any more: they pass with their old value, with none, or
            with what can be read in its place now (`mutation.standing`), and any other value is wrong. "" stands
            for the whole answer.
        refusable: whether refusing is acceptable.
    """

    truth: Truth
    lost: frozenset[str] = frozenset()
    refusable: bool = False


def pointer(*tokens: str | int) -> str:
    """A JSON pointer from its unescaped tokens: `pointer("lines", 0)` is "/lines/0"."""
    return "".join(["/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens])


def tokens(path: str) -> tuple[str, ...]:
    """The unescaped tokens of a JSON pointer; () for "", the whole value."""
    if not path:
        return ()
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in path[1:].split("/"))


def lookup(value: Truth, path: str) -> Truth:
    """What stands at a JSON pointer; ABSENT where nothing does. Of several right answers the first is looked into."""
    for token in tokens(path):
        while isinstance(value, AnyOf):
            first = value.options[0]
            value = ABSENT if isinstance(first, Edit) else first
        if isinstance(value, Mapping) and token in value:
            value = value[token]
        elif isinstance(value, Sequence) and not isinstance(value, str) and _INDEX.fullmatch(token):
            value = value[int(token)] if int(token) < len(value) else ABSENT
        else:
            return ABSENT
    return value


def stands(value: Truth, path: str, expected: Json) -> bool:
    """Whether this is the value at a JSON pointer; true and 1 are two values."""
    found = lookup(value, path) if not path or isinstance(value, (Mapping, list)) else ABSENT
    return bool(found == expected) and isinstance(found, bool) == isinstance(expected, bool)


def leaves(value: Truth, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every field of a truth as (pointer, value): scalars, empty containers, and `AnyOf` as one field."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, path + pointer(key))
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for index, item in enumerate(value):
            yield from leaves(item, path + pointer(index))
    elif not isinstance(value, Absent):
        yield path, value


def covers(path: str, lost: frozenset[str]) -> bool:
    """Whether the field at `path`, or anything that contains it, is among `lost`."""
    if not lost:
        return False
    while path:
        if path in lost:
            return True
        path = path.rpartition("/")[0]
    return "" in lost
