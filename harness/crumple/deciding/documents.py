"""The documents that calls are drawn from, and the groups that they belong to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np

from crumple.deciding.populations import Population, Production
from crumple.events import CleanEnded
from crumple.targets import Target

TRIED: Final = 20
"""How many documents a visit tries: a mutator that many do not suit weighs as much as the others."""
_LOOKED_AT: Final = 4096
_SEEDS: Final = 1_000_000


class Documents:
    """What a run's clean calls have left to draw from.

    Attributes:
        groups: case -> its group.
        tried: the clean result of every case.
        passed: the cases that pass clean.
        pools: mutator's name -> the groups of all documents that it can be tried on.
    """

    def __init__(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what a course is begun with."""
        self._targets = targets
        self.groups = clean.groups
        self.passed = clean.passed
        self.pools = {name: frozenset(self.groups[each.case] for each in own) for name, own in targets.items()}
        first = {result.work.case: result for result in reversed(clean.results)}
        self.tried = [first[entry.id] for entry in clean.population if entry.id in first]
        self._clean = frozenset(self.groups[each] for each in clean.passed)
        self._unions: dict[tuple[str, ...], frozenset[str]] = {}

    def groups_of(self, names: Collection[str]) -> Iterator[str]:
        """The groups of all documents that mutators can be tried on."""
        return (group for name in names for group in self.pools[name])

    def about(self, population: Population) -> AbstractSet[str]:
        """The groups that a population is about; of production those of clean documents are among them."""
        names = (type(population).__name__, *sorted(population.names))
        if names not in self._unions:
            clean = self._clean if isinstance(population, Production) else frozenset()
            self._unions[names] = clean.union(*(self.pools[name] for name in population.names))
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
        order = list(dict.fromkeys(drawn.tolist()))
        if fresh:
            by = {at: sum(not each.is_new(self.groups[pool[at].case]) for each in fresh) for at in order}
            order = sorted((at for at in order if by[at] < len(fresh)), key=by.__getitem__) or order[:1]
        seeds = rng.integers(1, _SEEDS, size=TRIED).tolist()
        return tuple((pool[at], seed) for at, seed in zip(order, seeds, strict=False))
