"""What a run has shown of each limit, added up as the run goes on. Pure; holds sums by group, not results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from crumple.clean import by_case
from crumple.contract.limits import CLEAN, PRODUCTION, Contract, Limit, Metric, Pin
from crumple.contract.observing import observed
from crumple.contract.timings import Timings
from crumple.events import CleanEnded, Event, RoundEnded, Standing, Watched
from crumple.mix import Mix, Stratum
from crumple.mix.sample import Sample, Value, failed
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.noted import Noted
from crumple.outcome import Outcome
from crumple.result import Result

Key: TypeAlias = tuple[Metric, float]
"""What is observed: limits on the same metric share it; of latency each bound is another."""
_CLEAN: Final = ("", 0.0)
"""The stratum of clean documents."""


@dataclass(slots=True)
class Cell:
    """What was observed in one stratum: of what must not be, so that less is better; of cost, money.

    Attributes:
        calls: group -> how many draws; repetitions of one are one.
        totals: group -> the sum of what was observed, where it is not 0.
        squares: the sum of its squares.
        timings: how long the calls took, where the limit is on that.
    """

    calls: Noted = field(default_factory=Noted)
    totals: dict[str, float] = field(default_factory=dict)
    squares: float = 0.0
    timings: Timings = field(default_factory=Timings)

    def add(self, group: str, value: float) -> None:
        """Note one draw."""
        self.calls.note(group)
        if value:
            self.totals[group] = self.totals.get(group, 0.0) + value
        self.squares += value * value


@dataclass(frozen=True, slots=True)
class Basis:
    """What a limit's rate is made of.

    Attributes:
        cells: (weight, cell); the weights come to 1. Only strata with data.
        left_out: mutators that the limit would be about, were they not newer than the pin, or another version.
        unseen: mutators that the limit is about and of which nothing is known but void calls.
        unrun: mutators of the pin that the limit is about and that were not among those to run.
        share: of the volume that the limit is about.
    """

    cells: tuple[tuple[float, Cell], ...] = ()
    left_out: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    unrun: tuple[str, ...] = ()
    share: float = 1.0


class Ledger:
    """Adds up events. Its size depends on limits, mutators, levels and groups, not on calls."""

    def __init__(
        self, contract: Contract, registry: Registry, mix: Mix | None = None, *, corpus_cases: int | None = None
    ) -> None:
        """Take what is to be kept, and what may occur.

        Args:
            contract: its limits.
            registry: every mutator that may be visited.
            mix: what production sends; limits on it have no data without.
            corpus_cases: how many cases the corpus has; None: not known.
        """
        self.contract = contract
        self.standings: Mapping[int, Standing] = {}
        self.corpus_cases = corpus_cases
        self._registry = registry
        self._groups: Mapping[str, str] = {}
        self._cells: dict[tuple[Key, Stratum], Cell] = {}
        self._void: set[str] = set()
        self._seen: set[str] = set()
        self._watch: dict[str, dict[Key, Limit]] = {}
        on_production = [each for each in contract.limits if each.of == PRODUCTION] if mix is not None else []
        # What the mix' own sample does not keep: amounts that are no share, and latencies.
        self._by_stratum = {
            key_of(each): each for each in on_production if each.metric in (Metric.COST, Metric.LATENCY)
        }
        self._clean = {key_of(each): each for each in contract.limits if each.of == CLEAN} | self._by_stratum
        self._mix = mix or Mix()
        self._production = {
            (key_of(each), each.up_to_level): Sample(
                (mix or Mix()).up_to(each.up_to_level), _value_of(each), corpus_cases
            )
            for each in on_production
        }

    def add(self, event: Event) -> None:
        """Count one event."""
        if not self.contract.limits:
            return
        for production in self._production.values():
            production.add(event)
        match event:
            case CleanEnded():
                self._begin(event)
            case RoundEnded(results=results):
                for draw in _draws(results):
                    self._draw(draw)
            case Watched(standings):
                self.standings = {each.limit: each for each in standings}

    def _begin(self, clean: CleanEnded) -> None:
        self._groups = clean.groups
        for case, results in ((entry.id, own) for entry, own in by_case(clean.population, clean.results)):
            for key, limit in self._clean.items():
                value = self._value(limit, results, _CLEAN)
                if value is None:
                    continue
                if limit.metric is Metric.FAILURES and case not in clean.passed and not value:
                    value = 1.0  # its answers agree on nothing, or say nothing: it passes for no single call's fault
                self._cell(key, _CLEAN).add(self._groups.get(case, case), value)

    def _draw(self, results: Sequence[Result]) -> None:
        work = results[0].work
        verdicts = [each.verdict for each in results if each.verdict is not None]
        if verdicts:
            void = all(each.outcome is Outcome.VOID for each in verdicts)
            (self._void if void else self._seen).add(work.mutator)
        stratum = (work.mutator, work.level)
        for key, limit in self._watched(work.mutator).items():
            value = self._value(limit, results, stratum)
            if value is not None:
                self._cell(key, stratum).add(self._groups.get(work.case, work.case), value)

    def _value(self, limit: Limit, results: Sequence[Result], stratum: Stratum) -> float | None:
        """The mean over the repetitions of one draw, of what must not be."""
        known = [(value, each) for each in results if (value := observed(limit, each)) is not None]
        if not known:
            return None
        if limit.metric is Metric.LATENCY:
            timings = self._cell(key_of(limit), stratum).timings
            for _, result in known:
                hung = result.verdict is not None and result.verdict.outcome is Outcome.HUNG
                timings.add(math.inf if hung else result.seconds, 1 / len(known))
        value = math.fsum(value for value, _ in known) / len(known)
        return 1.0 - value if limit.metric is Metric.ACCURACY else value

    def _cell(self, key: Key, stratum: Stratum) -> Cell:
        found = self._cells.get((key, stratum))
        if found is None:
            found = self._cells[key, stratum] = Cell(timings=Timings(key[1]))
        return found

    def _watched(self, name: str) -> Mapping[Key, Limit]:
        """What is to be observed of a mutator's calls."""
        if name not in self._watch:
            mutator = self._registry.get(name)
            limits = [each for each in self.contract.limits if each.covers(mutator)]
            damaged = any(name == each for each, _ in self._mix.damaged)
            self._watch[name] = {key_of(each): each for each in limits} | (self._by_stratum if damaged else {})
        return self._watch[name]

    def cell(self, limit: Limit, name: str, level: float) -> Cell | None:
        """What was observed in one stratum for a limit; None where nothing was."""
        found = self._cells.get((key_of(limit), (name, level)))
        return found if found is not None and found.calls else None

    def production(self, limit: Limit) -> Sample | None:
        """Of a limit on production; None without a mix."""
        return self._production.get((key_of(limit), limit.up_to_level))

    def clean(self, limit: Limit) -> Basis:
        """Of a limit on clean documents: every case weighs the same."""
        found = self.cell(limit, *_CLEAN)
        return Basis(((1.0, found),) if found else ())

    def by_mix(self, limit: Limit) -> Basis:
        """Of a limit on production, for what is no share: the mean over what the mix names, by its shares."""
        mix = self._mix.up_to(limit.up_to_level)
        shares = {_CLEAN: mix.clean, **mix.damaged}
        known = [
            (share, found)
            for stratum, share in shares.items()
            if share and (found := self.cell(limit, *stratum)) is not None
        ]
        whole = math.fsum(share for share, _ in known)
        return Basis(tuple((share / whole, cell) for share, cell in known), share=min(1.0, whole))

    def basis(self, limit: Limit) -> Basis:
        """Of a limit on mutators: the mean over them of the mean over levels, each weighing the same."""
        covered = [each for each in self._registry if limit.covers(each) and not each.control]
        pin = self.contract.pin
        inside = self.contract.scope(limit, covered)
        names = {each.name for each in inside}
        own = [cells for each in inside if (cells := self._of(limit, each))]
        pinned = [name for name in (pin.mutators if pin else ()) if limit.of in (name, name.partition(".")[0], "all")]
        told = self._seen | self._void | set(pinned)  # what changed since is missed, also where it was not run
        return Basis(
            tuple((1.0 / len(own) / len(cells), cell) for cells in own for cell in cells),
            left_out=tuple(each.name for each in covered if each.name not in names and each.name in told),
            unseen=tuple(each.name for each in inside if each.name in self._void - self._seen),
            unrun=tuple(name for name in sorted(pinned) if name not in self._registry.mutators),
        )

    def _of(self, limit: Limit, mutator: Mutator) -> list[Cell]:
        pin = self.contract.pin
        levels = {
            level
            for key, (name, level) in self._cells
            if key == key_of(limit) and name == mutator.name and level <= limit.up_to_level
        }
        known = (self.cell(limit, mutator.name, level) for level in sorted(levels) if _pinned(pin, level))
        return [cell for cell in known if cell is not None]


def _pinned(pin: Pin | None, level: float) -> bool:
    return pin is None or not pin.levels or level in pin.levels


def _value_of(limit: Limit) -> Value:
    """What a call counts for in a limit on production: of what must not be."""
    if limit.metric is Metric.FAILURES:
        return failed

    def value(result: Result) -> float | None:
        found = observed(limit, result)
        return 1.0 - found if found is not None and limit.metric is Metric.ACCURACY else found

    return value


def key_of(limit: Limit) -> Key:
    """What is observed for a limit."""
    return limit.metric, limit.bound if limit.metric is Metric.LATENCY else 0.0


def _draws(results: Sequence[Result]) -> Iterator[Sequence[Result]]:
    """The results of a round, repetitions of one draw together; without findings, which count in no rate."""
    draws: dict[str, list[Result]] = {}
    for result in results:
        if not result.work.mutator:
            continue
        draws.setdefault(result.work.key.rpartition("/")[0] or str(result.work.id), []).append(result)
    yield from draws.values()
