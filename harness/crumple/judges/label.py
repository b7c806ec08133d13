"""The judge `label`: one label, a set of labels, or a ranked list; and the confusion table of many answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crumple import normalise
from crumple.errors import CrumpleError
from crumple.judges.comparison import structured
from crumple.judges.values import is_list
from crumple.normalise import holds_values, is_blank
from crumple.outcome import Judgement
from crumple.truth import AnyOf, Json, covers, pointer

_RATIO, _SPARE = 10, 1000  # labels
_LONGEST = 10_000  # characters of a label
_MOST_SHOWN = 500  # characters in the table


@dataclass(frozen=True, slots=True)
class Label:
    """Labels, trimmed and without regard to case.

    A truth of one label is matched by that label alone; a truth that is a list is a set, in any order, and the
    score is the share of labels that both have among those that either has. With `top`, the answer is a ranked
    list, best first, and is right where the truth (or one of its labels) is among the first `top`.

    Of an answer's labels ten times the truth's and a thousand are read, of a label 10,000 characters; one that is
    longer equals none that is not.

    Attributes:
        top: how many of a ranked list count; None: the answer is no ranked list.
    """

    top: int | None = None

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Compare an answer with the truth; of a ranked list the first label counts in the confusion table."""
        if isinstance(truth, AnyOf):
            judged = [self.judge(answer, option, lost) for option in truth.options]  # type: ignore[arg-type]
            return max(judged, key=lambda each: each.score)
        got = structured(answer, truth if self.top is None else [])
        expected = _labels(truth)
        # What is lost may be in the answer and need not be.
        may_lack = {name for at, name in _placed(truth) if covers(at, lost)}
        if is_list(got):
            got = got[: _RATIO * len(expected) + max(_SPARE, self.top or 0)]
        first = got[0] if self.top is not None and is_list(got) and got else got
        labels = (self.right_label(truth), _one(first))
        if not holds_values(got):
            given = expected <= may_lack
            return Judgement(1.0, labels=labels) if given else Judgement(0.0, abstained=("",), labels=labels)
        if self.top is not None:
            ranked = got if is_list(got) else [got]
            right = any(normalised(each) in expected for each in ranked[: self.top])
            return Judgement(float(right), wrong=() if right else ("",), labels=labels)
        answered = _labels(got)
        expected -= may_lack - answered
        score = len(expected & answered) / len(expected | answered)
        return Judgement(score, wrong=() if score == 1 else ("",), labels=labels)

    def right_label(self, truth: Json) -> str:
        """The truth as the confusion table names it; of several the first."""
        while isinstance(truth, AnyOf):
            truth = truth.options[0]  # type: ignore[assignment]  # edits are carried out by now
        return _one(truth)


def label(*, top: int | None = None) -> Label:
    """Make the judge.

    Args:
        top: take the answer for a ranked list and look among its first `top`.

    Raises:
        CrumpleError: `top` is not a whole number from 1 up.
    """
    if top is not None and (isinstance(top, bool) or not isinstance(top, int) or top < 1):
        raise CrumpleError(f"top is a whole number from 1 up, got {top!r}", where="[judge] top")
    return Label(top)


def normalised(value: Json) -> str:
    """A label as it is compared: trimmed, in one case."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return normalise.text(value[:_LONGEST], ignore_case=True) + "..."
    return normalise.text(value, ignore_case=True)


def _placed(value: Json) -> list[tuple[str, str]]:
    """Labels with their JSON pointers; blank ones are none."""
    items = [(pointer(index), item) for index, item in enumerate(value)] if is_list(value) else [("", value)]
    return [(at, normalised(item)) for at, item in items if not is_blank(item)]


def _labels(value: Json) -> frozenset[str]:
    return frozenset(name for _, name in _placed(value))


class Confusion:
    """Counts which answer was given for which label, over many answers.

    The shares are over all that were added, answers without a label included.
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, truth: Json, answer: Json) -> None:
        """Count one answer; of a set or a ranked list its labels together are one answer, no label is ""."""
        seen = (_one(truth), _one(answer))
        self._counts[seen] = self._counts.get(seen, 0) + 1

    @property
    def table(self) -> Mapping[str, Mapping[str, int]]:
        """Truth -> answer -> how often, both in alphabetical order."""
        rows: dict[str, dict[str, int]] = {}
        for (truth, answer), count in sorted(self._counts.items()):
            rows.setdefault(truth, {})[answer] = count
        return rows

    @property
    def total(self) -> int:
        """How many answers were added."""
        return sum(self._counts.values())

    @property
    def accuracy(self) -> float:
        """The share of right answers; 0 without any."""
        right = sum(count for (truth, answer), count in self._counts.items() if truth == answer)
        return right / self.total if self.total else 0.0

    @property
    def constant(self) -> float:
        """What answering the commonest label every time would score: the accuracy that a system has to beat."""
        shares = [sum(row.values()) for row in self.table.values()]
        return max(shares) / self.total if shares else 0.0


def _one(value: Json) -> str:
    named = ", ".join(sorted(_labels(value)))
    return named if len(named) <= _MOST_SHOWN else named[:_MOST_SHOWN] + "..."
