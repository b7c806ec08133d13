"""What the calls of limits are drawn from, and which documents have been used for it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from crumple.contract.limits import LIKE_THESE, PRODUCTION, Contract, Limit
from crumple.mix import Mix, Stratum
from crumple.mutation.mutator import Mutator
from crumple.result import Result

BLOCK: Final = 8
"""How many calls an open limit gets in a round: few, so that it is not called for long after it is decided."""
_USED_UP: Final = "each group of documents was used once"


@dataclass(slots=True)
class Population:
    """Mutators up to a level, on any documents, or on each group of documents once.

    Attributes:
        fresh: whether each group is used once.
        levels: mutator's name -> which of its levels count.
        why: why there are no further calls for it; "" where there may be.
        limits: which of the contract's limits are on it, by number.
        used: the groups that were used, or are meant to be.
        counted: the groups of the calls that count.
    """

    fresh: bool
    levels: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    why: str = ""
    limits: list[int] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)

    def block(self, order: Sequence[str], turn: int) -> list[str]:
        """Which mutators get a call for it in one turn of a round; few mutators get several turns."""
        if not self.levels or turn >= -(-BLOCK // len(self.levels)):
            return []
        return [name for name in order if name in self.levels][:BLOCK]

    def least(self, drawn: Mapping[str, Sequence[float]]) -> float:
        """How often, at least, a call of one of its mutators is at a level that counts.

        Where levels are drawn for a wider limit too, some mutators hit those of a narrower one more often than others
        (one without a ladder always). A coin evens that out, for in a rate each mutator weighs the same.
        """
        return min((len(own) / len(drawn[name]) for name, own in self.levels.items()), default=1.0)

    def takes(self, name: str, level: float, coin: float, least: float, drawn: Sequence[float]) -> bool:
        """Whether a call is a fair draw for it; see `least`."""
        own = self.levels[name]
        return level in own and coin * len(own) / len(drawn) < least

    def reserve(self, group: str, others: Callable[[], Iterator[str]]) -> bool:
        """Whether a call on a group is to count; the group is set aside for it.

        Args:
            group: the document's.
            others: all groups that the mutator can be tried on. Where none of them is new, there are no further calls
                at all: else the population's other mutators would weigh more than this one.
        """
        if self.why:
            return False
        if not self.fresh:
            return True
        if group not in self.used:
            self.used.add(group)
            return True
        if all(each in self.used for each in others()):
            self.why = _USED_UP
        return False

    def count(self, reserved: str, group: str | None) -> bool:
        """Whether a call that is back counts.

        Args:
            reserved: the group that was set aside for it.
            group: the group that it was made on in the end; None where it was not made, and the group can be used yet.
        """
        if self.fresh:
            self.used.discard(reserved)
        if group is None or (self.fresh and group in self.used):
            return False
        if self.fresh:
            self.used.add(group)
        self.counted.add(group)
        return True


@dataclass(slots=True)
class Production(Population):
    """What production sends: clean documents, and damage by its share.

    Attributes:
        strata: (mutator's name, level), or None for clean documents, each with its share.
    """

    strata: Sequence[tuple[Stratum | None, float]] = ()

    def stratum(self, rng: np.random.Generator) -> Stratum | None:
        """One of them at random, by their shares."""
        shares = np.array([share for _, share in self.strata])
        return self.strata[int(rng.choice(len(shares), p=shares / shares.sum()))][0]

    def clean_draw(
        self, rng: np.random.Generator, tried: Sequence[Result], groups: Mapping[str, str], tries: int
    ) -> Result | None:
        """The clean result of a document at random; None, and no further calls, where no group is new any more."""
        if not self.fresh:
            return tried[int(rng.integers(len(tried)))]
        for at in rng.integers(len(tried), size=tries):
            if groups[tried[int(at)].work.case] not in self.used:
                return tried[int(at)]
        new = [each for each in tried if groups[each.work.case] not in self.used]
        if not new:
            self.why = _USED_UP
            return None
        return new[int(rng.integers(len(new)))]


def population_of(
    limit: Limit, contract: Contract, mix: Mix | None, mutators: Sequence[Mutator], asked: Sequence[float]
) -> Population:
    """What a limit's calls are drawn from.

    Args:
        limit: one on degraded documents, or on production.
        contract: its own.
        mix: what production sends; None: it is not known.
        mutators: those that can be run on these documents.
        asked: the levels that are drawn from.
    """
    fresh = limit.about == LIKE_THESE
    if limit.of == PRODUCTION:
        return _production((mix or Mix()).up_to(limit.up_to_level), mutators, fresh=fresh)
    pinned = contract.pin.levels if contract.pin else ()
    levels = {
        each.name: tuple(
            level for level in each.levels(asked) if level <= limit.up_to_level and (not pinned or level in pinned)
        )
        for each in contract.scope(limit, mutators)
    }
    run = {name: own for name, own in levels.items() if own}
    return Population(fresh, run, "" if run else "no mutator that it is about can be run on these documents")


def _production(mix: Mix, mutators: Sequence[Mutator], *, fresh: bool) -> Production:
    damaged = sorted(mix.run.items())
    names = {each.name for each in mutators}
    lacking = sorted({name for (name, _), _ in damaged} - names)
    known = mix.clean + sum(mix.run.values())
    why = ""
    if lacking:
        why = f"the mix names {', '.join(lacking)}, which cannot be run on these documents"
    elif known < 1 - 1e-6:
        why = f"what the mix names and is run comes to {known:.1%} of the volume"
    strata = [(None, mix.clean), *damaged] if mix.clean else damaged
    return Production(fresh, why=why, strata=strata)
