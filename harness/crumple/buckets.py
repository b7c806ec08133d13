"""Failures with one cause, counted, each with its simplest example. Pure; holds examples, not results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crumple.outcome import VALID, Outcome
from crumple.result import Result, simplest
from crumple.truth import ABSENT

SHOWN: Final = 100
"""How many buckets a run's document holds, the largest."""
_MOST = 10_000
_WORST = (Outcome.WRONG, Outcome.HUNG, Outcome.CRASHED, Outcome.EXHAUSTED, Outcome.REFUSED)


@dataclass(slots=True)
class Bucket:
    """Failures with one cause.

    Attributes:
        fingerprint: what tells the cause.
        outcome: how those calls ended.
        count: how many there are.
        mutators: mutator -> how many of them are its.
        example: the simplest.
    """

    fingerprint: str
    outcome: str
    count: int
    mutators: dict[str, int]
    example: Result

    def add(self, result: Result) -> None:
        """Count one more failure of this cause."""
        self.count += 1
        self.mutators[result.work.mutator] = self.mutators.get(result.work.mutator, 0) + 1
        self.example = min(self.example, result, key=simplest)

    def document(self, again: Result | None) -> dict[str, Any]:
        """The figures, with what came of the example when it was called a second time."""
        told = again is not None and again.verdict is not None and again.verdict.outcome is not Outcome.VOID
        tried = [self.example, again] if again is not None and told else [self.example]
        return {
            "fingerprint": self.fingerprint,
            "outcome": self.outcome,
            "mutator": max(sorted(self.mutators), key=lambda name: self.mutators[name]),
            "mutators": dict(sorted(self.mutators.items())),
            "count": self.count,
            "tried": len(tried),
            "failed": sum(has_failed(each) for each in tried),
            "example": example(self.example),
        }


@dataclass(slots=True)
class Buckets:
    """All failures of degraded documents, and the answers that do not keep to the schema."""

    _worst: dict[str, Result] = field(default_factory=dict)
    _invalid: dict[str, tuple[int, Result]] = field(default_factory=dict)
    _found: dict[str, Bucket] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Count one result; what is no failure is in no bucket."""
        verdict = result.verdict
        if verdict is None:
            return
        name = result.work.mutator
        if verdict.figures.get(VALID) == 0:
            times, known = self._invalid.get(name, (0, result))
            self._invalid[name] = times + 1, min(known, result, key=simplest)
        if not verdict.failure:
            return
        bucket = self._found.get(verdict.fingerprint)
        if bucket is None:
            self._found[verdict.fingerprint] = Bucket(verdict.fingerprint, verdict.outcome, 1, {name: 1}, result)
            if len(self._found) > _MOST:  # a system that fails in another way each time
                self._found = {each.fingerprint: each for each in self._largest(_MOST // 2)}
        else:
            bucket.add(result)
        self._worst[name] = min(self._worst.get(name, result), result, key=_worst)

    def of_mutator(self, name: str) -> dict[str, Any]:
        """Of a mutator the "worst" failure and the simplest "invalid" answer with their count; None: there is none.

        What is worst should least have failed. An answer that does not keep to the schema may be right all the same.
        """
        worst, (times, simple) = self._worst.get(name), self._invalid.get(name, (0, None))
        return {
            "worst": example(worst) if worst else None,
            "invalid": {"count": times, "example": example(simple)} if simple else None,
        }

    def document(self, again: Mapping[str, Result]) -> list[dict[str, Any]]:
        """The largest, with what came of their examples when they were called a second time: fingerprint -> result."""
        return [each.document(again.get(each.fingerprint)) for each in self._largest(SHOWN)]

    def _largest(self, most: int) -> Sequence[Bucket]:
        return sorted(self._found.values(), key=lambda bucket: (-bucket.count, bucket.fingerprint))[:most]


def example(result: Result) -> dict[str, Any]:
    """One call as reports show it, with the line that replays it."""
    return {
        "case": result.work.case,
        "recipe": str(result.work.recipe),
        "replay": result.work.replay,
        "level": result.work.level,
        "outcome": result.verdict.outcome if result.verdict else "",
        "cause": result.cause,
        "expected": result.expected,
        "answer": result.answer,
        "wrong": list(result.verdict.wrong) if result.verdict else [],
        "digest": result.digest,
        "stand_in": result.work.stand_in is not ABSENT,
    }


def has_failed(result: Result) -> bool:
    """Whether a call came to an outcome, and that is a failure."""
    return result.verdict is not None and result.verdict.failure


def _worst(result: Result) -> tuple[int, float, str, str]:
    """Silent failures first, then at the lowest level: what should have worked and did not, without a word."""
    assert result.verdict is not None
    return _WORST.index(result.verdict.outcome), *simplest(result)
