"""The course of a run that decides a contract: calls go to the limits that are still open. Pure.

Each round takes a block of calls for every open limit: a random part of its mutators, each at a random level on a
random document. What is drawn for one limit counts for every other that it is fairly drawn for too. Which observations
a limit gets never depends on what the same observations show, so that its evidence may be looked at after every round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import numpy as np

from crumple.contract.limits import CLEAN, LIKE_THESE, PRODUCTION, Contract, Limit, State
from crumple.contract.observing import observed
from crumple.contract.streams import Stream, decide
from crumple.events import CleanEnded, Event, RoundEnded, Standing, Watched
from crumple.mix import Mix
from crumple.mutation.mutator import Mutator
from crumple.plan import TRIES, Plan, Target, Visit, draws
from crumple.result import Result

BLOCK: Final = 8
"""How many calls an open limit gets in a round: few, so that it is not called for long after it is decided."""
FLOOR: Final = 8
"""How many calls every category gets, whatever the contract says of it."""
_LOOKED_AT = 4096
_SEEDS = 1_000_000
_PRODUCTION = "mix"
_MOST_FREE = 50

_Population: TypeAlias = "_Damaged | _Production"


@dataclass(slots=True)
class _Damaged:
    """What the calls of limits are drawn from: mutators up to a level, on any documents or each group once.

    Attributes:
        limits: which of the contract's limits are on it, by number.
        levels: mutator's name -> which levels count.
        fresh: whether each group of documents is used once.
        used: the groups that were, or are meant to be.
        counted: the groups of the calls that count.
        why: why there are no further calls for it; "" where there may be.
    """

    limits: list[int]
    levels: Mapping[str, tuple[float, ...]]
    fresh: bool
    used: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    why: str = ""

    def block(self, order: Sequence[str], turn: int) -> list[str]:
        """Which mutators get a call for it in one turn of a round: few mutators get several turns."""
        if not self.levels or turn >= -(-BLOCK // len(self.levels)):
            return []
        return [name for name in order if name in self.levels][:BLOCK]


@dataclass(slots=True)
class _Production(_Damaged):
    """What production sends: clean documents, and damage by its share.

    Attributes:
        strata: (mutator's name, level), or None for clean documents, with their shares.
    """

    strata: Sequence[tuple[tuple[str, float] | None, float]] = ()


@dataclass(slots=True)
class _Call:
    """A call that counts for populations once it is back.

    Attributes:
        counts_for: populations, by their number, with the group that is reserved for it ("" where groups may recur).
    """

    counts_for: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Out:
    """A round that is out: its calls by the visit's name, and what needs no call, clean results by population."""

    calls: dict[str, _Call] = field(default_factory=dict)
    free: list[tuple[int, Result]] = field(default_factory=list)


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
        self._populations: list[_Population] = []
        self._targets: Mapping[str, Sequence[Target]] = {}
        self._groups: Mapping[str, str] = {}
        self._tried: list[Result] = []
        self._passed: frozenset[str] = frozenset()
        self._visited: dict[str, int] = {}
        self._out: dict[int, _Out] = {}
        self._number = 0

    @property
    def lag(self) -> int | None:
        """While one round is out, the next is drawn, so that nothing stands idle."""
        return 1

    @property
    def over(self) -> str:
        """Why no round follows: everything is decided that can be."""
        return "" if self._open() or any(self._floors()) else "decided"

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be visited, and find out what each limit is about."""
        self._targets = targets
        self._groups = {entry.id: entry.group for entry in clean.population}
        self._passed = clean.passed
        first = {result.work.case: result for result in reversed(clean.results)}
        self._tried = [first[entry.id] for entry in clean.population if entry.id in first]
        self._visited = {self._mutator(name).category: 0 for name in targets}
        by_population: dict[tuple[str, float, str], _Population] = {}
        for number in self._streams:
            limit = self._contract.limits[number]
            found = by_population.get(limit.population)
            if found is None:
                found = by_population[limit.population] = self._population(limit)
            found.limits.append(number)
        self._populations = list(by_population.values())

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
        self._conclude(self._out.pop(ended.number, _Out()), by_visit)
        # The bounds take some computing, and are worth it where something has come of the round.
        return [] if self._open() == before else self.ended()

    def ended(self) -> Sequence[Event]:
        """How the limits stand."""
        return [Watched(self._standings())]

    def _mutator(self, name: str) -> Mutator:
        return self._plan.registry.get(name)

    def _open(self) -> list[int]:
        """The populations that further calls are drawn from, by number."""
        return [number for number, each in enumerate(self._populations) if not each.why and self._is_open(each)]

    def _is_open(self, population: _Population) -> bool:
        return any(self._streams[number].state is State.UNDECIDED for number in population.limits)

    def _floors(self) -> Iterator[str]:
        """The categories that have not had their floor."""
        return (category for category, count in self._visited.items() if count < FLOOR)

    def _population(self, limit: Limit) -> _Population:
        fresh = limit.about == LIKE_THESE
        if limit.of == PRODUCTION:
            return self._production(fresh=fresh)
        named = self._contract.scope(limit, [self._mutator(name) for name in self._targets])
        levels = {each.name: self._levels(each, limit.up_to_level) for each in named}
        run = {name: own for name, own in levels.items() if own}
        return _Damaged([], run, fresh, why="" if run else "no mutator that it is about can be run on these documents")

    def _levels(self, mutator: Mutator, most: float) -> tuple[float, ...]:
        pinned = self._contract.pin.levels if self._contract.pin else ()
        return tuple(
            level for level in mutator.levels(self._plan.levels) if level <= most and (not pinned or level in pinned)
        )

    def _production(self, *, fresh: bool) -> _Production:
        mix = self._mix or Mix()
        damaged = [(stratum, share) for stratum, share in sorted(mix.damaged.items()) if share]
        strata = [(None, mix.clean), *damaged] if mix.clean else damaged
        lacking = sorted({name for (name, _), _ in damaged if name not in self._targets})
        why = ""
        if lacking:
            why = f"the mix names {', '.join(lacking)}, which cannot be run on these documents"
        elif mix.named < 1 - 1e-6:
            why = f"the mix names {mix.named:.0%} of the volume, and nothing is known of the rest"
        return _Production([], {}, fresh, why=why, strata=strata)

    def _drawn(self, rng: np.random.Generator) -> Iterator[Visit]:
        """Calls for all that are open as the round begins."""
        numbers = self._open()
        tops = self._tops(numbers)
        least = {number: self._least(number, tops) for number in numbers}
        floors = set(self._floors())
        names = sorted(self._targets)
        out = self._out.setdefault(self._number, _Out())
        for turn in range(BLOCK):
            order = [names[at] for at in rng.permutation(len(names)).tolist()]
            wanted: dict[str, list[int]] = {}
            for number in numbers:
                for name in self._populations[number].block(order, turn):
                    wanted.setdefault(name, []).append(number)
            for category in sorted(floors) if turn == 0 else ():
                for name in [each for each in order if self._mutator(each).category == category][:FLOOR]:
                    wanted.setdefault(name, [])
            for name in (each for each in order if each in wanted):
                mutator = self._mutator(name)
                levels = tops.get(name) or mutator.levels(self._plan.levels)
                level, coin = levels[int(rng.integers(len(levels)))], float(rng.random())
                counts_for = [
                    number
                    for number in wanted[name]
                    if level in (own := self._populations[number].levels[name])
                    and coin * len(own) / len(levels) < least[number]
                ]
                yield self._call(
                    rng, out, Visit(self._number, mutator, level, ()), counts_for, f"{turn}." if turn else ""
                )
        for number in numbers:
            population = self._populations[number]
            if isinstance(population, _Production):
                for at in range(BLOCK):
                    yield from self._of_production(rng, out, number, population, at)

    def _tops(self, numbers: Sequence[int]) -> dict[str, tuple[float, ...]]:
        """From which levels each mutator is drawn: all that count for some open limit."""
        levels: dict[str, set[float]] = {}
        for number in numbers:
            for name, own in self._populations[number].levels.items():
                levels.setdefault(name, set()).update(own)
        return {name: tuple(sorted(own)) for name, own in levels.items()}

    def _least(self, number: int, tops: Mapping[str, tuple[float, ...]]) -> float:
        """How often, at least, a call of a mutator that a population is about is at a level that counts for it.

        Where levels are drawn for a wider limit too, some mutators hit those of a narrower one more often than others
        (one without a ladder always). A coin evens that out, for in a rate each mutator weighs the same.
        """
        levels = self._populations[number].levels
        return min((len(own) / len(tops[name]) for name, own in levels.items()), default=1.0)

    def _call(self, rng: np.random.Generator, out: _Out, visit: Visit, counts_for: Sequence[int], prefix: str) -> Visit:
        """One call on documents at random, and what it counts for."""
        pool = self._targets[visit.mutator.name]
        candidates = self._candidates(rng, pool, counts_for)
        visit = _marked(replace(visit, candidates=candidates), prefix)
        out.calls[visit.name] = self._reserved(counts_for, pool, candidates[0][0])
        self._visited[visit.mutator.category] += 1
        return visit

    def _candidates(
        self, rng: np.random.Generator, pool: Sequence[Target], numbers: Sequence[int]
    ) -> tuple[tuple[Target, int], ...]:
        """Documents at random, those of groups that are new to the populations first."""
        fresh = [self._populations[number] for number in numbers if self._populations[number].fresh]
        if not fresh or len(pool) <= _LOOKED_AT:
            drawn = rng.permutation(len(pool)) if len(pool) <= _LOOKED_AT else rng.integers(len(pool), size=2 * TRIES)
        else:
            drawn = rng.integers(len(pool), size=_LOOKED_AT)
        order = list(dict.fromkeys(drawn.tolist()))
        if fresh:
            order.sort(key=lambda at: sum(self._groups[pool[at].case] in each.used for each in fresh))
        seeds = rng.integers(1, _SEEDS, size=TRIES).tolist()
        return tuple((pool[at], seed) for at, seed in zip(order, seeds, strict=False))

    def _reserved(self, numbers: Sequence[int], pool: Sequence[Target], first: Target) -> _Call:
        """What a call will count for; a population that has no new group left for it gets no further calls.

        Not even for its other mutators: then they would weigh more than this one.
        """
        call = _Call()
        for number in numbers:
            population, group = self._populations[number], self._groups[first.case]
            if population.why:
                continue
            if not population.fresh:
                call.counts_for.append((number, ""))
            elif group not in population.used:
                population.used.add(group)
                call.counts_for.append((number, group))
            elif all(self._groups[each.case] in population.used for each in pool):
                population.why = "each group of documents was used once"
        return call

    def _of_production(
        self, rng: np.random.Generator, out: _Out, number: int, population: _Production, at: int
    ) -> Iterator[Visit]:
        """One draw of production: a clean document, whose result is known, or a call."""
        if population.why:
            return
        shares = np.array([share for _, share in population.strata])
        stratum = population.strata[int(rng.choice(len(shares), p=shares / shares.sum()))][0]
        clean = self._clean_draw(rng, population)
        if clean is None:
            population.why = "each group of documents was used once"
            return
        # What fails clean fails when it is damaged too.
        if stratum is None or clean.work.case not in self._passed:
            if population.fresh:
                population.used.add(self._groups[clean.work.case])
            out.free.append((number, clean))
            return
        name, level = stratum
        visit = Visit(self._number, self._mutator(name), level, ())
        yield self._call(rng, out, visit, [number], f"{_PRODUCTION}{number}.{at}.")

    def _clean_draw(self, rng: np.random.Generator, population: _Production) -> Result | None:
        """The clean result of a document at random; None where no group is new any more."""
        if not population.fresh:
            return self._tried[int(rng.integers(len(self._tried)))]
        for at in rng.integers(len(self._tried), size=TRIES).tolist():
            if self._groups[self._tried[at].work.case] not in population.used:
                return self._tried[at]
        new = [at for at, each in enumerate(self._tried) if self._groups[each.work.case] not in population.used]
        return self._tried[new[int(rng.integers(len(new)))]] if new else None

    def _conclude(self, out: _Out, results: Mapping[str, Result]) -> None:
        """Add what a round has shown to every stream that it counts for, and see what that decides."""
        seen: dict[int, list[Result]] = {}
        for number, clean in out.free:
            self._populations[number].counted.add(self._groups[clean.work.case])
            seen.setdefault(number, []).append(clean)
        for name, call in out.calls.items():
            result = results.get(name)
            for number, reserved in call.counts_for:
                if self._is_counted(self._populations[number], reserved, result) and result is not None:
                    seen.setdefault(number, []).append(result)
        for number, own in seen.items():
            for at in self._populations[number].limits:
                stream = self._streams[at]
                values = [observed(stream.limit, each) for each in own]
                stream.add([each for each in values if each is not None])
        decide(list(self._streams.values()), len(self._contract.limits))

    def _is_counted(self, population: _Population, reserved: str, result: Result | None) -> bool:
        """Whether a call that is back counts; a group that was reserved in vain may be drawn again."""
        group = self._groups[result.work.case] if result is not None else ""
        if result is None or result.skipped or (group != reserved and group in population.used and population.fresh):
            population.used.discard(reserved)
            return False
        if population.fresh:
            population.used.discard(reserved)
            population.used.add(group)
        population.counted.add(group)
        return True

    def _standings(self) -> list[Standing]:
        whys = {at: each.why for each in self._populations for at in each.limits}
        groups = {at: len(each.counted) for each in self._populations for at in each.limits}
        return [stream.standing(at, groups[at], whys[at]) for at, stream in self._streams.items()]


def largest_round(plan: Plan, contract: Contract) -> int:
    """How many calls a round takes at most, so that a budget can be held against it beforehand."""
    sizes: dict[str, int] = {}
    for each in plan.registry:
        sizes[each.category] = sizes.get(each.category, 0) + 1
    limits = {each.population for each in contract.limits if each.of != CLEAN}
    return sum(min(FLOOR, size) for size in sizes.values()) + BLOCK * len(limits)


def _marked(visit: Visit, prefix: str) -> Visit:
    """A visit whose name says what is drawn: with other results before it, a round of this number may differ."""
    drawn = repr((visit.level, visit.candidates)).encode()
    return replace(visit, slot=prefix + hashlib.blake2b(drawn, digest_size=3).hexdigest())
