"""What a night came to, added up from its events, as the part "night" of its run's document. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crumple.events import CleanEnded, Event, Replayed, RoundEnded
from crumple.nightly.baseline import Baseline, Call, call_of
from crumple.nightly.comparison import Compared, compared
from crumple.nightly.course import Night
from crumple.nightly.pairs import Pair, Paired, paired
from crumple.result import Result

_SHOWN = 3


class NightTally:
    """Adds up what a night's comparison needs; its size depends on the calls of the baseline."""

    def __init__(self, course: Night, baseline: Baseline | None, alpha: float, fixed_before: frozenset[str]) -> None:
        """Take what the night is compared with.

        Args:
            course: it knows which rounds are the same every night.
            baseline: None where there is none yet.
            alpha: how often a night may wake somebody for nothing.
            fixed_before: ids of the findings that were fixed before tonight.
        """
        self._course, self._baseline, self._alpha, self._fixed_before = course, baseline, alpha, fixed_before
        self.calls: list[Call] = []
        self._reasons: dict[tuple[str, str], str] = {}
        self._fresh: list[Result] = []
        self._again: list[Replayed] = []

    def add(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case CleanEnded(results=results):
                self._take(results)
            case RoundEnded(number=number, results=results) if number in self._course.fixed:
                self._take(results)
            case RoundEnded(results=results):
                self._fresh += [each for each in results if each.work.mutator]
            case Replayed():
                self._again.append(event)

    def _take(self, results: Iterable[Result]) -> None:
        for result in results:
            call = call_of(result)
            if call is not None:
                self.calls.append(call)
            elif result.work.key.endswith("/0"):
                key = result.work.case, str(result.work.recipe)
                self._reasons[key] = result.skipped or "it came to nothing"

    def document(self, cases: Mapping[str, str]) -> dict[str, Any]:
        """The part of the document.

        Args:
            cases: id -> digest of each case of the baseline as it is now.
        """
        made: dict[str, Any] = {
            "baseline": None if self._baseline is None else self._baseline.summary(),
            "alpha": self._alpha,
            "fixed_again": [each.finding for each in self._failing_again()],
            "categories": [],
            "left_out": [],
        }
        if self._baseline is not None:
            beside = paired(self._baseline, self.calls, cases, self._reasons)
            rows = compared(beside.pairs, _categories(self._baseline), self._alpha)
            made["categories"] = [_row(each) for each in rows]
            made["left_out"] = _left_out(beside)
        worse = made["fixed_again"] or any(each["state"] == "worse" for each in made["categories"])
        made["state"] = "worse" if worse else "no baseline" if self._baseline is None else "same"
        return made

    def _failing_again(self) -> list[Replayed]:
        failing = {"FAILS", "CHANGED"}
        return [each for each in self._again if each.finding in self._fixed_before and each.status in failing]


def _categories(baseline: Baseline) -> Sequence[str]:
    return list(dict.fromkeys(each.category for each in (*baseline.clean, *baseline.calls)))


def _row(each: Compared) -> dict[str, Any]:
    return {
        "category": each.category,
        "state": each.state,
        "pairs": each.pairs,
        "before": each.before,
        "now": each.now,
        "worse": len(each.worse),
        "better": len(each.better),
        "p": each.p,
        "documents": [_document(pair) for pair in each.worse[:_SHOWN]],
    }


def _document(pair: Pair) -> dict[str, Any]:
    return {
        "replay": pair.now.replay,
        "before": str(pair.before.outcome),
        "now": str(pair.now.outcome),
        "fingerprint": pair.now.fingerprint,
    }


def _left_out(beside: Paired) -> list[dict[str, Any]]:
    return [{"why": why, "calls": len(calls)} for why, calls in beside.left_out.items()]
