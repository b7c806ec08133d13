"""A fingerprint read back: how a call ended, and which fields went wrong in what manner. Pure."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crumple.outcome import Outcome

MANNERS: Final = (
    "another scale",
    "sign",
    "day and month",
    "items missing",
    "items added",
    "another shape",
    "made up",
    "shifted",
    "empty",
    "truncated",
    "garbled",
    "other value",
)
"""How a value can be wrong."""
MORE: Final = "..."
"""Stands for the fields beyond those that a fingerprint names."""
_WHOLE = "answer"
_UNSURE = frozenset({"garbled", "other value"})
_NEARLY = 0.8
_SPEAKING = 2
_WORD = re.compile(r"(?!(?:N|ID|PATH|URL|EMAIL)\b)[^\W\d_]{2,}\W?")
_GROUP = re.compile(rf"(?P<names>(?:/.*?)?|{_WHOLE}) ?(?:\((?P<manner>{'|'.join(MANNERS)})\))?(?:; (?=[/.])|$)")
_PLACE = re.compile(r" at [^\s:]+:\S")
_SAYING_NOTHING = re.compile(
    r"(?:internal (?:server )?error|bad request|unprocessable (?:entity|content)|(?:an |unknown |unexpected )?error"
    r"(?: occurred)?|something went wrong|failed|N|…|'…')?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a fingerprint says.

    Attributes:
        outcome: how the call ended.
        how: of anything but fields, the rest: "ValueError at reader.py:total: float(text)".
        fields: of an answer that is wrong or leaves fields out: its fields, list indices as *, and the manner in which
            each is wrong, "" where that cannot be told; the field of an answer without fields is "".
        more: whether there are fields that are not named.
    """

    outcome: str
    how: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    more: bool = False

    @property
    def head(self) -> str:
        """Without what was said on that occasion: outcome and status, exit code, or exception and its place."""
        return f"{self.outcome} {self.how.partition(': ')[0]}".strip()

    @property
    def said(self) -> tuple[str, ...]:
        """The words behind the head, of a failure that names no place: a message."""
        return () if self.placed else tuple(self.how.partition(": ")[2].split())

    @property
    def placed(self) -> bool:
        """Whether it names a place in the user's own code."""
        return _PLACE.search(self.how) is not None

    @property
    def telling(self) -> bool:
        """Whether it tells a cause by itself: a place in the code, or a message.

        Which fields are wrong does not, nor does "status 500": many causes come to the same.
        """
        if self.outcome != Outcome.CRASHED:
            return False
        return self.placed or not _SAYING_NOTHING.fullmatch(self.how.partition(": ")[2])


@functools.lru_cache(maxsize=4096)
def read(fingerprint: str) -> Signs:
    """A fingerprint as `judges.fingerprint` and `judges.verdict` write it; of any other text the outcome and a rest."""
    outcome, _, rest = fingerprint.partition(" ")
    if outcome == Outcome.REFUSED and rest.startswith("no "):
        found = _fields(rest.removeprefix("no "))
        if found is not None:
            return Signs(outcome, "", {name: "empty" for name in found if name != MORE}, MORE in found)
    if outcome == Outcome.WRONG:
        found = _fields(rest)
        if found is not None:
            return Signs(outcome, "", {name: manner for name, manner in found.items() if name != MORE}, MORE in found)
    return Signs(outcome, rest)


def _fields(text: str) -> dict[str, str] | None:
    """The fields and their manners; None where a text names none."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text) or not found:
        group = _GROUP.match(text, at)
        if group is None or (group.end() == at and text):
            return None
        for name in re.split(r", (?=[/.])", group["names"]):
            found["" if name == _WHOLE else name] = group["manner"] or ""
        at = group.end()
    return found


def alike(one: str, other: str) -> bool:
    """Whether two manners are the same, as far as can be told: between some lies only a degree of likeness."""
    return one == other or {one, other} <= _UNSURE


def overlap(one: str, other: str) -> bool:
    """Whether one field is the other, or one of those that the other holds."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def nearly(one: Signs, other: Signs) -> bool:
    """Whether two failures that name no place are of the same head, and say nearly the same words."""
    if one.head != other.head or one.placed or other.placed:
        return False
    words, others = Counter(one.how.split()), Counter(other.how.split())
    return 2 * (words & others).total() >= _NEARLY * (words.total() + others.total())


def beginning(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The words that two messages begin with."""
    pairs = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return tuple(word for word, _ in pairs)


def speaks(words: Sequence[str]) -> bool:
    """Whether the beginning of a message says something: two words at least, beside what stands for numbers."""
    return sum(_WORD.fullmatch(each) is not None for each in words) >= _SPEAKING
