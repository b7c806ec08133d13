"""The documents that calls are drawn from, and the groups that they belong to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from crumple.deciding.populations import Population, Production, Tried
from crumple.events import CleanEnded
from crumple.targets import Target

S = TypeVar("S")

TRIED: Final = 20
"""How many documents a visit tries: a mutator that many do not suit weighs as much as the others."""
_LOOKED_AT: Final = 4096
_AT_ONCE: Final = 64
_SEEDS: Final = 1_000_000


class Documents:
    """What a run's clean calls have left to draw from.

    Attributes:
        groups: case -> its group.
        tried: the clean result of every case, where they are drawn from.
        passed: the cases that pass clean.
        pools: mutator's name -> the groups of all documents that it can be tried on; one set for all that are alike.
    """

    def __init__(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded, *, keeps_clean: bool) -> None:
        """Take what a course is begun with.

        Args:
            targets: mutator's name -> what it can be tried on.
            clean: what came of the clean calls.
            keeps_clean: whether their results are drawn from.
        """
        self._targets = targets
        self.groups = clean.groups
        self.passed = clean.passed
        first = {result.work.case: result for result in reversed(clean.results)} if keeps_clean else {}
        self.tried = [Tried.of(first[entry.id]) for entry in clean.population if entry.id in first]
        alike = {id(own): frozenset(self.groups[each.case] for each in own) for own in _distinct(targets.values())}
        self.pools = {name: alike[id(own)] for name, own in targets.items()}
        self._clean = frozenset(self.groups[each] for each in clean.passed)
        self._unions: dict[tuple[str, ...], frozenset[str]] = {}

    def groups_of(self, names: Collection[str]) -> Iterator[str]:
        """The groups of all documents that mutators can be tried on."""
        for own in _distinct(self.pools[name] for name in names):
            yield from own

    def about(self, population: Population) -> AbstractSet[str]:
        """The groups that a population is about; of production those of clean documents are among them."""
        names = (type(population).__name__, *sorted(population.names))
        if names not in self._unions:
            clean = self._clean if isinstance(population, Production) else frozenset()
            self._unions[names] = clean.union(*_distinct(self.pools[name] for name in population.names))
        return self._unions[names]

    def candidates(
        self, rng: np.random.Generator, name: str, asking: Sequence[Population]
    ) -> tuple[tuple[Target, int], ...]:
        """Documents at random, each with a seed; where all that ask want new groups, those alone, while there are any.

        Args:
            rng: to draw with.
            name: the mutator's.
            asking: the populations that the call counts for.
        """
        pool = self._targets[name]
        fresh = asking if all(each.fresh for each in asking) else []
        if len(pool) <= _LOOKED_AT:
            drawn = rng.permutation(len(pool))
        else:
            drawn = rng.integers(len(pool), size=_LOOKED_AT if fresh else 2 * TRIED)
        order = self._newest(pool, drawn, fresh) if fresh else dict.fromkeys(drawn.tolist())
        seeds = rng.integers(1, _SEEDS, size=TRIED).tolist()
        return tuple((pool[at], seed) for at, seed in zip(order, seeds, strict=False))

    def _newest(self, pool: Sequence[Target], drawn: NDArray[np.int64], asking: Sequence[Population]) -> Sequence[int]:
        """Of documents at random those that are new to most, the others left out; only one where all are used."""
        by: list[list[int]] = [[] for _ in asking]
        seen: set[int] = set()
        # Mostly the first ones will do.
        for at in chain.from_iterable(
            drawn[begin : begin + _AT_ONCE].tolist() for begin in range(0, len(drawn), _AT_ONCE)
        ):
            if at in seen:
                continue
            seen.add(at)
            group = self.groups[pool[at].case]
            used = sum(not each.is_new(group) for each in asking)
            if used < len(by):
                by[used].append(at)
                if len(by[0]) == TRIED:
                    break
        return list(chain.from_iterable(by))[:TRIED] or [int(drawn[0])]


def _distinct(own: Iterable[S]) -> Iterator[S]:
    """Each object once: a hundred mutators share a few."""
    return iter({id(each): each for each in own}.values())
