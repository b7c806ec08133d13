"""What a run shows of the parts of a mix: one number a call, gathered by group. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from crumple.clean import by_case
from crumple.events import CleanEnded, Event, NotRun, RoundEnded
from crumple.mix import Mix, Stratum
from crumple.outcome import Outcome
from crumple.result import Result

Value: TypeAlias = Callable[[Result], "float | None"]
"""What a call counts for, in [0, 1]; None where it counts for nothing: a skip, a void call."""


def failed(result: Result) -> float | None:
    """1 for a failure."""
    verdict = result.verdict
    return None if verdict is None or verdict.outcome is Outcome.VOID else float(verdict.failure)


def failed_silently(result: Result) -> float | None:
    """1 for a failure without a complaint."""
    verdict = result.verdict
    return None if verdict is None or verdict.outcome is Outcome.VOID else float(verdict.failure and verdict.silent)


class Sum(NamedTuple):
    """Calls, and what they come to; groups which came to the same share one."""

    calls: int = 0
    total: float = 0.0


class CleanSum(NamedTuple):
    """The clean documents of one group.

    Attributes:
        cases: how many there are; void ones are none.
        out: how many do not pass clean, so that they are not degraded.
        total, total_out: what all of them come to, and those that do not pass.
    """

    cases: int = 0
    out: int = 0
    total: float = 0.0
    total_out: float = 0.0


_NONE: Final = Sum()
_NO_CASES: Final = CleanSum()


@dataclass(slots=True)
class Sample:
    """Takes a run's events; its size depends on the mix and the groups, not on calls.

    Attributes:
        mix: what production sends; nothing else is gathered.
        value: what a call counts for.
        corpus: how many cases the corpus has; None: not known, and then more than were tried.
        clean: group -> its clean documents.
        strata: mutator and level -> group -> its calls.
        not_run: mutator -> why it is not visited at all.
        void: whether a clean document came to nothing.
    """

    mix: Mix
    value: Value = failed
    corpus: int | None = None
    clean: dict[str, CleanSum] = field(default_factory=dict)
    strata: dict[Stratum, dict[str, Sum]] = field(default_factory=dict)
    not_run: dict[str, str] = field(default_factory=dict)
    void: bool = False
    _groups: Mapping[str, str] = field(default_factory=dict)
    _sums: dict[Sum, Sum] = field(default_factory=dict)
    _clean_sums: dict[CleanSum, CleanSum] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case CleanEnded():
                self._add_clean(event)
            case RoundEnded(results=results):
                self._add_round(results)
            case NotRun(mutator, reason):
                self.not_run[mutator] = reason

    def _add_clean(self, event: CleanEnded) -> None:
        self._groups = event.groups
        for entry, results in by_case(event.population, event.results):
            if any(each.verdict is not None and each.verdict.outcome is Outcome.VOID for each in results):
                self.void = True
                continue
            out = entry.id not in event.passed
            known = [value for each in results if (value := self.value(each)) is not None]
            value = sum(known) / len(known) if known else 0.0
            if out and self.value is failed:
                value = 1.0  # whatever single answers were: they may only have disagreed, or none could be asked for
            cases, outs, total, total_out = self.clean.get(entry.group, _NO_CASES)
            more = CleanSum(cases + 1, outs + out, total + value, total_out + value * out)
            self.clean[entry.group] = self._clean_sums.setdefault(more, more)

    def _add_round(self, results: Sequence[Result]) -> None:
        draws: dict[str, list[Result]] = {}
        for result in results:
            if (result.work.mutator, result.work.level) in self.mix.damaged:
                draws.setdefault(result.work.key.rpartition("/")[0] or str(result.work.id), []).append(result)
        for own in draws.values():
            work = own[0].work
            known = [value for each in own if (value := self.value(each)) is not None]
            if known:  # repetitions of a call are one
                group = self._groups.get(work.case, work.case)
                strata = self.strata.setdefault((work.mutator, work.level), {})
                calls, total = strata.get(group, _NONE)
                now = Sum(calls + 1, total + sum(known) / len(known))
                strata[group] = self._sums.setdefault(now, now)

    @property
    def cases(self) -> int:
        """How many clean documents were tried."""
        return sum(each.cases for each in self.clean.values())

    @property
    def census(self) -> bool:
        """Whether every clean document that there is was tried, so that nothing of them is left to chance."""
        return self.corpus is not None and not self.void and self.cases >= self.corpus

    def of(self, stratum: Stratum) -> Sum:
        """The calls of a stratum, all groups together."""
        own = self.strata.get(stratum, {}).values()
        return Sum(sum(each.calls for each in own), sum(each.total for each in own))
