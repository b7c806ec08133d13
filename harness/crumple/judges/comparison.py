"""Compare a nested answer with a nested truth, field by field: what the judges of structured answers share."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from crumple.judges.alignment import Pair, align
from crumple.judges.values import is_list
from crumple.normalise import holds_values, is_blank
from crumple.outcome import Judgement
from crumple.truth import ABSENT, Absent, AnyOf, Json, covers, leaves, pointer

_RATIO, _SPARE = 10, 10_000  # what an answer's list may hold beyond the truth's and still be looked through
_MOST_KEYS = 1000

Same: TypeAlias = Callable[[str, Json, Json], bool]
"""(pointer, the truth's scalar, the answer's scalar) -> whether they are the same value."""


@dataclass(slots=True)
class Tally:
    """What was found so far: fields that count, those that are right, and pointers of the others."""

    counted: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    abstained: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take up what was found elsewhere."""
        self.counted += other.counted
        self.right += other.right
        self.wrong += other.wrong
        self.abstained += other.abstained

    @property
    def share(self) -> float:
        """The share of right fields; 1 where none counts."""
        return self.right / self.counted if self.counted else 1.0

    def judgement(self) -> Judgement:
        """The tally as a judge's word."""
        figures = {"fields": float(self.counted), "right": float(self.right)}
        return Judgement(self.share, tuple(self.wrong), tuple(self.abstained), figures)


def _always(_path: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rules that one judge compares by.

    Attributes:
        same: whether two scalars are the same value.
        counts: whether the field at a pointer counts.
        blank: whether a scalar of the answer is no value.
        closed: whether keys that the truth does not have are wrong.
    """

    same: Same
    counts: Callable[[str], bool] = _always
    blank: Callable[[object], bool] = is_blank
    closed: bool = False

    def compare(self, truth: Json, answer: Json | Absent, lost: frozenset[str]) -> Tally:
        """Compare a whole answer; one that holds no value at all abstains from every field."""
        if not holds_values(answer) and not _surely_equal(truth, answer):
            answer = ABSENT
        return self._walk("", truth, answer, lost)

    def _walk(self, path: str, truth: Json, answer: Json | Absent, lost: frozenset[str]) -> Tally:
        if not lost and not isinstance(truth, AnyOf) and _surely_equal(truth, answer):
            size = self._size(path, truth)
            return Tally(size, size)
        if isinstance(truth, AnyOf):
            tallies = [self._walk(path, option, answer, lost) for option in truth.options]  # type: ignore[arg-type]
            return max(tallies, key=lambda tally: (tally.share, -len(tally.wrong)))
        if not self.closed and _hollow(truth, answer):
            answer = ABSENT
        if isinstance(truth, Mapping):
            return self._mapping(path, truth, answer, lost)
        if is_list(truth):
            return self._list(path, truth, answer, lost)
        return self._scalar(path, truth, answer, lost)

    def _mapping(self, path: str, truth: Mapping[str, Json], answer: Json | Absent, lost: frozenset[str]) -> Tally:
        nothing = self.blank(answer)
        if not nothing and not isinstance(answer, Mapping):
            return self._wrong(path, truth)
        tally = Tally()
        for key, item in truth.items():
            below = answer.get(key, ABSENT) if isinstance(answer, Mapping) else ABSENT
            tally.add(self._walk(path + pointer(key), item, below, lost))
        if not truth and self.counts(path):
            tally.add(Tally(1, 0, abstained=[path]) if nothing and self.closed else Tally(1, 1))
        if self.closed and isinstance(answer, Mapping):
            extra = [key for key in answer if key not in truth]
            named = [path + pointer(key) for key in extra] if len(extra) <= _MOST_KEYS else [path]
            tally.add(Tally(counted=len(extra), wrong=named))
        return tally

    def _list(self, path: str, truth: Sequence[Json], answer: Json | Absent, lost: frozenset[str]) -> Tally:
        if self.blank(answer):
            size = self._size(path, truth)
            # Of a list that holds nothing, as of a form that was left blank, nothing is all that there is to say.
            said = self._gone(path, truth, lost) or not (self.closed or holds_values(truth))
            gone = said if truth else not self.closed
            return Tally(size, size if gone else 0, abstained=[path] if size and not gone else [])
        if not is_list(answer):
            return self._wrong(path, truth)
        if not truth and not answer:
            return Tally(1, 1) if self.counts(path) else Tally()
        # An answer may be a million items long. What is beyond ten times the truth's fields changes no score
        # that is not below a tenth already, and is not looked at.
        most = sum(1 for _ in leaves(truth)) * _RATIO + _SPARE
        tally, unpaired, added = Tally(), False, 0
        for here, there in self._pairs(path, truth, answer[:most], lost):
            if here is None:
                added += max(1, _count(answer[there or 0], most - added))
                unpaired = True
            elif there is None:
                size = self._size(path + pointer(here), truth[here])
                gone = self._gone(path + pointer(here), truth[here], lost)
                tally.add(Tally(size, size if gone else 0))
                unpaired = unpaired or (size > 0 and not gone)
            else:
                tally.add(self._walk(path + pointer(here), truth[here], answer[there], lost))
        if not self._size(path, truth):
            return Tally()
        tally.counted += added
        # After a lost row every later field is another's: one pointer says it better than hundreds.
        return Tally(tally.counted, tally.right, wrong=[path]) if unpaired else tally

    def _pairs(self, path: str, truth: Sequence[Json], answer: Sequence[Json], lost: frozenset[str]) -> Iterable[Pair]:
        if len(truth) == len(answer):
            return [(index, index) for index in range(len(truth))]
        kept = [index for index, item in enumerate(truth) if not self._gone(path + pointer(index), item, lost)]
        if len(kept) == len(answer):
            paired: list[Pair] = [(index, there) for there, index in enumerate(kept)]
            return paired + [(index, None) for index in sorted(set(range(len(truth))) - set(kept))]
        return align(truth, answer, sum(1 for _ in leaves(truth)) * _RATIO + _SPARE)

    def _scalar(self, path: str, truth: Json, answer: Json | Absent, lost: frozenset[str]) -> Tally:
        if not self.counts(path):
            return Tally()
        if isinstance(answer, Absent) or self.blank(answer):
            nothing = self.blank(truth) and not (self.closed and answer is ABSENT)
            right = nothing or covers(path, lost)
            return Tally(1, int(right), abstained=[] if right else [path])
        if isinstance(answer, Mapping) or is_list(answer) or self.blank(truth) or not self.same(path, truth, answer):
            return Tally(1, wrong=[path])
        return Tally(1, 1)

    def _wrong(self, path: str, truth: Json) -> Tally:
        size = self._size(path, truth)
        return Tally(size, wrong=[path] if size else [])

    def _size(self, path: str, truth: Json) -> int:
        """How many fields that count a truth has."""
        return sum(1 for where, _ in leaves(truth, path) if self.counts(where))

    def _gone(self, path: str, truth: Json, lost: frozenset[str]) -> bool:
        """Whether a truth has lost all that it held and that counts."""
        if not lost:
            return False
        fields = ((where, value) for where, value in leaves(truth, path) if self.counts(where))
        held = [covers(where, lost) for where, value in fields if not self.blank(value)]
        return bool(held) and all(held)


def _hollow(truth: Json, answer: Json | Absent) -> bool:
    """Whether a container without values stands where another kind of value should: [] for a total."""
    if isinstance(answer, Mapping):
        return not isinstance(truth, Mapping) and not holds_values(answer)
    return is_list(answer) and not is_list(truth) and not holds_values(answer)


def _count(value: Json, most: int) -> int:
    """How many fields a value has, counted no further than `most`."""
    return sum(1 for _ in itertools.islice(leaves(value), max(most, 0)))


def _surely_equal(truth: object, answer: object) -> bool:
    # The text tells 1 from true, which are equal to Python.
    return type(truth) is type(answer) and truth == answer and repr(truth) == repr(answer)


def structured(answer: Json | bytes, truth: Json) -> Json:
    """An answer in the form that it is compared in.

    Bytes are read as UTF-8. Where the truth has fields, text that is JSON is read as JSON; anything around
    the JSON (a code fence, a sentence) makes it text, as it would for whoever has to parse it.
    """
    if isinstance(answer, (bytes, bytearray)):
        answer = bytes(answer).decode("utf-8-sig", "replace")
    if not isinstance(answer, str) or not _has_fields(truth):
        return answer
    try:
        read: Json = json.loads(answer.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return answer
    return read


def _has_fields(truth: Json) -> bool:
    if isinstance(truth, AnyOf):
        return any(_has_fields(option) for option in truth.options)  # type: ignore[arg-type]
    return isinstance(truth, Mapping) or is_list(truth)
