"""What a night came to, added up from its events, as the part "night" of its run's document. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crumple.events import CleanEnded, Event, Replayed, RoundEnded
from crumple.findings.status import Known, Status
from crumple.nightly.baseline import Baseline, Call, call_of
from crumple.nightly.beside import Beside, beside
from crumple.nightly.course import Night
from crumple.nightly.kinds import kinds
from crumple.nightly.pairs import Paired, paired
from crumple.nightly.past import PastNight
from crumple.outcome import Outcome
from crumple.result import Result

_NAMED: Final = 3
_UNDONE: Final = {
    "time": "the time was up before it",
    "cost": "the money was used up before it",
    "outage": "the system could not be reached any more",
    "interrupted": "the night was interrupted before it",
    "all fail clean": "its case fails clean tonight",
}
"""Why a call was not made, by how the run ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known beside a night's calls.

    Attributes:
        said: how often it may wake somebody for nothing, as it was asked for.
        alpha: the same as a share of nights.
        void_above: with a larger share of void calls it says nothing.
        known: the findings as they were when it began.
        cases: id -> digest of each case of the baseline as it is now.
        changes: what is different from the baseline.
        past: the nights before, as `history.past_nights` gives them.
        store: where those were read.
        met: fingerprints that new recipes of those nights have shown.
        happens: a finding's id -> what happens, in one line.
        kept: a document's digest -> the file that it is kept in; "" where it is not.
    """

    said: str
    alpha: float
    void_above: float
    known: Sequence[Known] = ()
    cases: Mapping[str, str] = field(default_factory=dict)
    changes: Sequence[Mapping[str, str]] = ()
    past: Sequence[PastNight] = ()
    store: str = ""
    met: frozenset[str] = frozenset()
    happens: Callable[[str], str] = lambda finding: ""
    kept: Callable[[str], str] = lambda digest: ""


class NightTally:
    """Adds up what a night's comparison needs; its size depends on the calls of the night."""

    def __init__(self, course: Night, baseline: Baseline | None) -> None:
        """Take what the night is compared with.

        Args:
            course: it knows which rounds are the same every night.
            baseline: None where there is none yet.
        """
        self._course, self._baseline = course, baseline
        self.same: list[Call] = []
        """The clean calls, and those of the same recipes as every night."""
        self.fresh: list[Call] = []
        self._reasons: dict[tuple[str, str], str] = {}
        self._again: list[Replayed] = []
        self._made = {"fixed": 0, "fresh": 0, "findings": 0}
        self._void = 0

    def add(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case CleanEnded(results=results):
                self.same += self._calls(results)
            case RoundEnded(number=number, results=results) if number in self._course.fixed:
                self.same += self._calls(results)
                self._count("fixed", results)
                self._void += sum(_is_void(each) for each in results)
            case RoundEnded(number=number, results=results) if number in self._course.fresh:
                self.fresh += self._calls(results)
                self._count("fresh", results)
            case RoundEnded(results=results):
                self._count("findings", results)
            case Replayed():
                self._again.append(event)

    def _count(self, kind: str, results: Sequence[Result]) -> None:
        self._made[kind] += sum(each.made for each in results)

    def _calls(self, results: Iterable[Result]) -> list[Call]:
        made = []
        for result in results:
            call = call_of(result)
            if call is not None:
                made.append(call)
            elif result.work.key.endswith("/0"):
                why = "its recipe cannot be applied to it now" if result.skipped else "it came to nothing tonight"
                self._reasons[result.work.case, str(result.work.recipe)] = why
        return made

    def document(self, setting: Setting, ended: str, void: str) -> dict[str, Any]:
        """The part of the document.

        Args:
            setting: what else is known.
            ended: why the run is over, as `Ended.reason`, or "interrupted".
            void: why the run says nothing of the system; "" where it does.
        """
        made: dict[str, Any] = {
            "state": "no baseline",
            "baseline": None if self._baseline is None else self._baseline.summary(),
            "calls": dict(self._made),
            "findings": self._findings(setting),
            "left_out": [],
            "changes": list(setting.changes),
            "history": {"nights": max(0, len(setting.past) - 1), "store": setting.store},
        }
        missing = _UNDONE.get(ended, "the calls allowed did not reach it")
        both = Paired({}, {})
        if self._baseline is not None:
            both = paired(self._baseline, self.same, setting.cases, lambda call: self._missing(call, missing))
            made["left_out"] = _left_out(both)
        found = beside(self._baseline, both, setting.past, setting.alpha, setting.kept)
        found = found.all_clean() if ended == "all fail clean" else found
        made["state"] = self._state(made, found, both, setting, void)
        if made["state"] == "void":
            found = found.void()
            made["findings"] = [each | {"again": False} for each in made["findings"]]
        made |= found.rows()
        made["alarms"] = {"said": setting.said, **made["alarms"]}
        pairs = [pair for own in both.pairs.values() for pair in own]
        every = () if self._baseline is None else self._baseline.calls
        made["kinds"] = kinds(pairs, every, self.fresh, setting.known, setting.met)
        if self._baseline is None or made["state"] == "void":
            made["kinds"] |= {"new": [], "gone": []}
        return made

    def _missing(self, call: Call, otherwise: str) -> str:
        reasons = self._reasons.get(call.key) or self._course.reasons.get(call.key)
        return reasons or otherwise

    def _state(self, made: Mapping[str, Any], found: Beside, both: Paired, setting: Setting, void: str) -> str:
        tried = self._made["fixed"]
        if found.is_all_clean:
            return "worse"
        if void or self._void > setting.void_above * tried:
            return "void"
        if found.worse or any(each["again"] for each in made["findings"]):
            return "worse"
        if self._baseline is None:
            return "no baseline"
        if not both.degraded:
            return "void"  # clean calls alone can show that something got worse, but not that nothing did
        return "better" if found.better else "same"

    def _findings(self, setting: Setting) -> list[dict[str, Any]]:
        before = {each.id: each for each in setting.known}
        failing = {Status.FAILS, Status.CHANGED}
        rows = []
        for each in self._again:
            known = before.get(each.finding)
            if known is None:
                continue
            rows.append(
                {
                    "id": each.finding,
                    "was": known.state,
                    "status": each.status,
                    "again": known.state == "fixed" and each.status in failing,
                    "what": setting.happens(each.finding),
                    "replay": f"{known.case} > {known.recipe}",
                }
            )
        return rows


def _is_void(result: Result) -> bool:
    return result.verdict is not None and result.verdict.outcome is Outcome.VOID


def _left_out(both: Paired) -> list[dict[str, Any]]:
    rows = []
    for why, calls in sorted(both.left_out.items(), key=lambda item: -len(item[1])):
        cases = list(dict.fromkeys(each.case for each in calls))
        mutators = list(dict.fromkeys(each.mutator for each in calls if each.mutator))
        rows.append({"why": why, "calls": len(calls), "cases": cases[:_NAMED], "mutators": mutators[:_NAMED]})
    return rows
