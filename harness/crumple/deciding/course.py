"""The rounds of a run that decides a contract, one after the other. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np

from crumple.contract.demand import BLOCK
from crumple.contract.limits import CLEAN, Contract, Limit, Metric, State
from crumple.contract.observing import observed
from crumple.contract.streams import Stream, decide
from crumple.deciding.documents import Documents
from crumple.deciding.populations import Population, Production, population_of
from crumple.events import CleanEnded, Event, RoundEnded, Standing, Watched
from crumple.mix import Mix, Stratum
from crumple.mutation.mutator import Mutator
from crumple.plan import TRIES, Plan, Visit, draws
from crumple.result import Result
from crumple.targets import Target

FLOOR: Final = 8
"""How many calls every category gets, whatever the contract says of it."""
_PRODUCTION, _AGAIN = "mix", "again"
_MOST_FREE = 50


@dataclass(slots=True)
class _Call:
    """A call that counts for populations once it is back.

    Attributes:
        place: its mutator and level.
        counts_for: populations, by their number, with the round that it counts in and the group set aside for it.
    """

    place: Stratum
    counts_for: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Out:
    """A round that is out: its calls by the visit's name, and what needs no call, clean results by population."""

    calls: dict[str, _Call] = field(default_factory=dict)
    free: list[tuple[int, int, Result]] = field(default_factory=list)


class Deciding:
    """Draws the rounds of a run that decides a contract; see `crumple.course.Course`."""

    def __init__(self, plan: Plan, contract: Contract, mix: Mix | None = None) -> None:
        """Take what is to be decided.

        Args:
            plan: its seed, levels and mutators.
            contract: its limits on degraded documents and on production get a stream each; those on clean documents
                have all their calls before the first round.
            mix: what production sends; None: limits on it stay undecided.
        """
        self._plan, self._contract, self._mix = plan, contract, mix
        numbers = [number for number, each in enumerate(contract.limits) if each.of != CLEAN]
        self._streams = {number: Stream(contract.limits[number]) for number in numbers}
        self._populations: list[Population] = []
        self._documents = Documents({}, CleanEnded((), frozenset(), (), frozenset(), {}), keeps_clean=False)
        self._names: Sequence[str] = ()
        self._visited: dict[str, int] = {}
        self._out: dict[int, _Out] = {}
        self._number = 0

    @property
    def lag(self) -> int | None:
        """While one round is out, the next is drawn, so that nothing stands idle."""
        return 1

    @property
    def gives_up(self) -> bool:
        """A mutator that call after call comes to nothing of is left out, so that rounds in vain need not end a run."""
        return True

    @property
    def over(self) -> str:
        """Why no round follows: everything is decided that can be."""
        return "" if self._open() or any(self._floors()) else "decided"

    @property
    def asked(self) -> str:
        """The contract, its pin, and the mix: they say which calls there are."""
        return repr((self._contract, self._mix))

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be visited, and find out what each limit is about."""
        self._names = sorted(targets)
        self._visited = {self._mutator(name).category: 0 for name in targets}
        mutators, asked = [self._mutator(name) for name in targets], self._plan.levels
        by_population: dict[tuple[object, ...], Population] = {}
        for number in self._streams:
            if number in self._contract.partial:
                continue
            limit = self._contract.limits[number]
            drawn_from = _drawn_from(limit)
            found = by_population.get(drawn_from)
            if found is None:
                found = population_of(limit, self._contract, self._mix, mutators, asked)
                by_population[drawn_from] = found
            found.limits.append(number)
        self._populations = list(by_population.values())
        from_clean = any(isinstance(each, Production) for each in self._populations)
        self._documents = Documents(targets, clean, keeps_clean=from_clean)

    def following(self) -> Sequence[Visit]:
        """The next round's calls: a block for every open limit, and what is lacking of every category's floor."""
        rng = draws(self._plan.seed, self._number + 1)
        visits: list[Visit] = []
        # A round may need no call at all: of production that is clean, all is known.
        for _ in range(_MOST_FREE):
            visits += self._drawn(rng)
            if visits or not self._open():
                break
        if not visits:
            self._conclude(self._out.pop(self._number, _Out()), {})
            return ()
        self._out.setdefault(self._number, _Out())
        self._number += 1
        return visits

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Weigh what a round has shown."""
        by_visit = {each.work.key.split("/")[1]: each for each in ended.results if each.work.key.endswith("/0")}
        before = self._open()
        for population in self._populations:
            places = ((each.work.mutator, each.work.level) for each in ended.results if population.sees(each))
            population.worked.update(places)
        self._conclude(self._out.pop(ended.number, _Out()), by_visit)
        # The bounds take some computing, and are worth it where something has come of the round.
        return [] if self._open() == before else self.ended()

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """A round counts only whole."""
        return ()

    def ended(self) -> Sequence[Event]:
        """How the limits stand."""
        return [Watched(self._standings())]

    def _mutator(self, name: str) -> Mutator:
        return self._plan.registry.get(name)

    def _open(self) -> list[int]:
        """The populations that further calls are drawn from, by number."""
        return [number for number, each in enumerate(self._populations) if not each.why and self._is_open(each)]

    def _is_open(self, population: Population) -> bool:
        return any(self._streams[number].state is State.UNDECIDED for number in population.limits)

    def _floors(self) -> Iterator[str]:
        """The categories that have not had their floor."""
        return (category for category, count in self._visited.items() if count < FLOOR)

    def _drawn(self, rng: np.random.Generator) -> Iterator[Visit]:
        """Calls for all that are open as the round begins."""
        for population in self._populations:
            population.open_again(self._documents.groups_of(population.names))
        numbers = self._open()
        tops = self._tops(numbers)
        least = {number: self._populations[number].least(tops) for number in numbers}
        out = self._out.setdefault(self._number, _Out())
        # What rounds before still lack comes first, and no more is begun than that leaves room for.
        ready = [number for number in numbers if len(self._populations[number].blocks.owed) < BLOCK]
        for number in numbers:
            yield from self._owed(rng, out, number)
        for turn in range(BLOCK):
            order = [self._names[at] for at in rng.permutation(len(self._names)).tolist()]
            wanted = self._wanted(ready, order, turn)
            if not wanted:
                break
            for name in (each for each in order if each in wanted):
                mutator = self._mutator(name)
                levels = tops.get(name) or mutator.levels(self._plan.levels)
                level, coin = levels[int(rng.integers(len(levels)))], float(rng.random())
                counts_for = [
                    number
                    for number in wanted[name]
                    if self._populations[number].takes(name, level, coin, least[number], levels)
                ]
                for number in counts_for:
                    self._populations[number].blocks.promise(self._number)
                visit = Visit(self._number, mutator, level, ())
                yield self._call(rng, out, visit, counts_for, f"{turn}." if turn else "")
        for number in ready:
            population = self._populations[number]
            if isinstance(population, Production):
                for at in range(BLOCK):
                    yield from self._of_production(rng, out, number, population, at)

    def _owed(self, rng: np.random.Generator, out: _Out, number: int) -> Iterator[Visit]:
        """Calls once more that came to nothing."""
        for at, each in enumerate(self._populations[number].blocks.next_owed(BLOCK)):
            levels = self._populations[number].own(each.name)
            level = each.level if each.level is not None else levels[int(rng.integers(len(levels)))]
            visit = Visit(self._number, self._mutator(each.name), level, ())
            yield self._call(rng, out, visit, [number], f"{_AGAIN}{number}.{at}.", each.block)

    def _wanted(self, numbers: Sequence[int], order: Sequence[str], turn: int) -> dict[str, list[int]]:
        """Which mutators get a call in a turn of a round, and for which populations."""
        wanted: dict[str, list[int]] = {}
        for number in numbers:
            for name in self._populations[number].block(order, turn):
                wanted.setdefault(name, []).append(number)
        for category in sorted(self._floors()) if turn == 0 else ():
            for name in [each for each in order if self._mutator(each).category == category][:FLOOR]:
                wanted.setdefault(name, [])
        return wanted

    def _tops(self, numbers: Sequence[int]) -> dict[str, tuple[float, ...]]:
        """From which levels each mutator is drawn: all that count for some open limit."""
        levels: dict[str, set[float]] = {}
        for number in numbers:
            for name, own in self._populations[number].levels.items():
                levels.setdefault(name, set()).update(own)
        return {name: tuple(sorted(own)) for name, own in levels.items()}

    def _call(
        self,
        rng: np.random.Generator,
        out: _Out,
        visit: Visit,
        counts_for: Sequence[int],
        prefix: str,
        block: int | None = None,
    ) -> Visit:
        """One call on documents at random, and what it counts for, in this round or an earlier one."""
        populations = [self._populations[number] for number in counts_for]
        candidates = self._documents.candidates(rng, visit.mutator.name, populations)
        visit = _marked(replace(visit, candidates=candidates), prefix)
        call = out.calls[visit.name] = _Call((visit.mutator.name, visit.level))
        self._reserve(rng, call, counts_for, self._number if block is None else block, candidates[0][0])
        self._visited[visit.mutator.category] += 1
        return visit

    def _reserve(
        self, rng: np.random.Generator, call: _Call, numbers: Sequence[int], block: int, first: Target
    ) -> None:
        """Set a document's group aside for what the call is to count for; what has used it wants another call."""
        documents, name = self._documents, call.place[0]
        group = documents.groups[first.case]
        for number in numbers:
            population = self._populations[number]
            own, every = partial(documents.groups_of, [name]), partial(documents.groups_of, population.names)
            if population.reserve(group, own, every):
                call.counts_for.append((number, block, group))
                population.pass_over(rng, documents.pools[name], documents.about(population))
            elif population.why:
                population.blocks.withdraw(block)
            else:
                population.blocks.owe(block, call.place, population.own(name))

    def _of_production(
        self, rng: np.random.Generator, out: _Out, number: int, population: Production, at: int
    ) -> Iterator[Visit]:
        """One draw of production: a clean document, whose result is known, or a call."""
        if population.why:
            return
        stratum = population.stratum(rng)
        clean = population.clean_draw(rng, self._documents.tried, self._documents.groups, TRIES)
        if clean is None:
            return
        # What fails clean fails when it is damaged too.
        if stratum is None or clean.case not in self._documents.passed:
            if population.fresh:
                population.used.add(self._documents.groups[clean.case])
            population.blocks.promise(self._number)
            out.free.append((number, self._number, clean.result))
            return
        name, level = stratum
        population.blocks.promise(self._number)
        visit = Visit(self._number, self._mutator(name), level, ())
        yield self._call(rng, out, visit, [number], f"{_PRODUCTION}{number}.{at}.")

    def _conclude(self, out: _Out, results: Mapping[str, Result]) -> None:
        """Add what a round has shown to every stream that it counts for, and see what that decides."""
        for number, block, clean in out.free:
            self._populations[number].blocks.count(block, clean)
        for name, call in out.calls.items():
            result = results.get(name)
            group = None if result is None or result.skipped else self._documents.groups[result.work.case]
            for number, block, reserved in call.counts_for:
                self._populations[number].settle(block, call.place, reserved, group, result)
        for population in self._populations:
            own = population.blocks.whole()
            for at in population.limits:
                stream = self._streams[at]
                known = [(value, each) for each in own if (value := self._observed(stream.limit, each)) is not None]
                stream.add([value for value, _ in known], (self._documents.groups[each.work.case] for _, each in known))
        decide(list(self._streams.values()), len(self._contract.limits))

    def _observed(self, limit: Limit, result: Result) -> float | None:
        value = observed(limit, result)
        unfit = not result.work.recipe.steps and result.work.case not in self._documents.passed
        # Where clean answers agree on nothing no single call fails, and the document does not pass all the same.
        return 1.0 if value is not None and unfit and limit.metric is Metric.FAILURES else value

    def _standings(self) -> list[Standing]:
        whys = {at: each.why for each in self._populations for at in each.limits} | dict(self._contract.partial)
        return [stream.standing(at, whys[at]) for at, stream in self._streams.items()]


def _drawn_from(limit: Limit) -> tuple[object, ...]:
    """What its calls are drawn from: only of answers is it said whether they are valid."""
    return (*limit.population, limit.metric is Metric.VALID)


def largest_round(plan: Plan, contract: Contract) -> int:
    """How many calls a round takes at most, so that a budget can be held against it beforehand."""
    sizes: dict[str, int] = {}
    for each in plan.registry:
        sizes[each.category] = sizes.get(each.category, 0) + 1
    limits = {_drawn_from(each) for each in contract.limits if each.of != CLEAN}
    return sum(min(FLOOR, size) for size in sizes.values()) + BLOCK * len(limits)


def _marked(visit: Visit, prefix: str) -> Visit:
    """A visit whose name says what is drawn: with other results before it, a round of this number may differ."""
    drawn = repr((visit.level, visit.candidates)).encode()
    return replace(visit, slot=prefix + hashlib.blake2b(drawn, digest_size=3).hexdigest())
