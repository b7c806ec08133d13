"""What the calls of limits are drawn from, and which documents have been used for it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from crumple.contract.demand import BLOCK
from crumple.contract.limits import LIKE_THESE, PRODUCTION, Contract, Limit, Metric
from crumple.deciding.blocks import Blocks
from crumple.mix import Mix, Stratum
from crumple.mutation.mutator import Mutator
from crumple.outcome import VALID, Outcome, Verdict
from crumple.result import Result, Work

_USED_UP: Final = "each group of documents was used once, and there are no more"
_FEW: Final = "{} can be tried on too few documents"
_NOTHING: Final = "call after call of {} came to nothing"
_VAIN, _WORKED, _SKIPPED = 12, 36, 4
"""How much may be in vain in a row before a mutator's level is given up, more where it has worked; a call without an
outcome is 1 of it, a visit that no document suits is more: it has tried many."""
_REOPENED: Final = 8
"""So often a population that ran out of groups is gone on with before any further call of it counts."""


class Tried(NamedTuple):
    """What is kept of a clean result, of which there may be a million.

    Attributes:
        case: the case's id.
        verdict: how the call ended; None where it was not made.
        seconds, cost: what it took.
    """

    case: str
    verdict: Verdict | None
    seconds: float
    cost: float

    @classmethod
    def of(cls, result: Result) -> Tried:
        """A result's."""
        return cls(result.work.case, result.verdict, result.seconds, result.cost)

    @property
    def result(self) -> Result:
        """It as a result."""
        return Result(Work(0, self.case), self.verdict, seconds=self.seconds, cost=self.cost)


@dataclass(slots=True)
class Population:
    """Mutators up to a level, on any documents, or on each group of documents once.

    Attributes:
        fresh: whether each group is used once.
        levels: mutator's name -> which of its levels count.
        why: why there are no further calls for it; "" where there may be.
        ran_out: whether that is for want of new groups, for all its mutators alike.
        limits: which of the contract's limits are on it, by number.
        answers: whether only calls count that have an answer to hold to the schema.
        used: the groups that were used.
        aside: those that are meant to be, by calls that are out.
        blocks: its calls, which count a round's at a time.
        worked: mutators and levels of which a call came to something, whatever it was made for.
        vain: mutator and level -> how much was in vain since something came of it.
        reopened: how often it was gone on with after it had run out, since something came of it.
    """

    fresh: bool
    levels: dict[str, tuple[float, ...]] = field(default_factory=dict)
    why: str = ""
    ran_out: bool = False
    limits: list[int] = field(default_factory=list)
    answers: bool = False
    used: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    blocks: Blocks = field(default_factory=Blocks)
    worked: set[Stratum] = field(default_factory=set)
    vain: dict[Stratum, int] = field(default_factory=dict)
    reopened: int = 0

    @property
    def names(self) -> Collection[str]:
        """The mutators that its calls are of."""
        return self.levels

    def own(self, name: str) -> tuple[float, ...]:
        """A mutator's levels that count; () where it has none, or no further ones."""
        return self.levels.get(name, ())

    def sees(self, result: Result) -> bool:
        """Whether a call shows anything that its limits are on."""
        verdict = result.verdict
        if result.skipped or verdict is None or verdict.outcome is Outcome.VOID:
            return False
        return not self.answers or VALID in verdict.figures

    def close(self, why: str, *, even: bool) -> None:
        """Let there be no further calls.

        Args:
            why: see the attributes.
            even: whether all its mutators have run out together; else the blocks that are not whole show too little of
                one of them.
        """
        self.why, self.ran_out = why, even
        if not even:
            self.blocks = Blocks()

    def open_again(self, groups: Iterable[str]) -> None:
        """Go on where it ran out of new groups, and some that were set aside turned out not to be needed.

        Args:
            groups: all that its mutators can be tried on.
        """
        if self.ran_out and self.reopened < _REOPENED and any(map(self.is_new, groups)):
            self.why, self.ran_out = "", False
            self.reopened += 1

    def settle(self, block: int, place: Stratum, reserved: str, group: str | None, result: Result | None) -> None:
        """Take note of a call that is back: it counts, or another one like it is owed.

        Rounds count whole, or a mutator that many documents do not suit would weigh less than the others.

        Args:
            block: the round that it was drawn for.
            place: its mutator and level.
            reserved: the group that was set aside for it.
            group: the group that it was made on in the end; None where it was not made.
            result: what came of it.
        """
        seen = result is not None and self.sees(result)
        if self.count(reserved, group if seen else None) and result is not None:
            self.vain.pop(place, None)
            self.reopened = 0
            self.blocks.count(block, result)
            return
        self.vain[place] = self.vain.get(place, 0) + (_SKIPPED if group is None else 1)
        if self.vain[place] >= (_WORKED if place in self.worked else _VAIN) and not self.why:
            self._give_up(place, _FEW if seen or group is None else _NOTHING)
        self.blocks.owe(block, place, self.own(place[0]))

    def _give_up(self, place: Stratum, why: str) -> None:
        """Of what never came to anything there is no rate; without what did, there would be another one."""
        name, level = place
        if place in self.worked:
            self.close(why.format(name), even=False)
            return
        left = tuple(each for each in self.own(name) if each != level)
        self.levels = {**self.levels, name: left} if left else {k: v for k, v in self.levels.items() if k != name}
        self.blocks.give_up(place, left)
        if not self.levels:
            self.close(why.format(name), even=False)

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

    def reserve(self, group: str, own: Callable[[], Iterator[str]], every: Callable[[], Iterator[str]]) -> bool:
        """Whether a call on a group is to count; the group is set aside for it.

        Args:
            group: the document's.
            own: all groups that the mutator can be tried on. Where none of them is new, there are no further calls
                at all: else the population's other mutators would weigh more than this one.
            every: all groups that any of its mutators can be tried on.
        """
        if self.why:
            return False
        if not self.fresh:
            return True
        if self.is_new(group):
            self.aside.add(group)
            return True
        if not any(map(self.is_new, own())):
            self.close(_USED_UP, even=not any(map(self.is_new, every())))
        return False

    def count(self, reserved: str, group: str | None) -> bool:
        """Whether a call that is back counts.

        Args:
            reserved: the group that was set aside for it.
            group: the group that it was made on in the end; None where it was not made, and the group can be used yet.
        """
        if self.fresh:
            self.aside.discard(reserved)
        if group is None or (self.fresh and group in self.used):
            return False
        if self.fresh:
            self.used.add(group)
        return True

    def pass_over(self, rng: np.random.Generator, own: AbstractSet[str], every: AbstractSet[str]) -> None:
        """Leave out as many groups as a mutator would have to, taking all in random order until one suits it.

        Else the groups that few mutators suit would be used up by those, and be lacking among what the others see.

        Args:
            rng: of this round.
            own: the groups that the mutator can be tried on.
            every: the groups that any can be tried on.
        """
        if not self.fresh or len(own) == len(every):
            return
        others = sorted(filter(self.is_new, every - own))
        suiting, passed = 1 + sum(map(self.is_new, own)), 0
        while passed < len(others) and rng.random() * (suiting + len(others) - passed) >= suiting:
            passed += 1
        self.used.update(others[at] for at in rng.permutation(len(others))[:passed].tolist())

    def is_new(self, group: str) -> bool:
        """Whether a group is neither used nor set aside."""
        return group not in self.used and group not in self.aside


@dataclass(slots=True)
class Production(Population):
    """What production sends: clean documents, and damage by its share.

    Attributes:
        strata: (mutator's name, level), or None for clean documents, each with its share.
    """

    strata: Sequence[tuple[Stratum | None, float]] = ()

    @property
    def names(self) -> Collection[str]:
        """The mutators of the mix."""
        return {each[0] for each, _ in self.strata if each is not None}

    def own(self, name: str) -> tuple[float, ...]:
        """All levels of the mix: its shares stay what they are."""
        return tuple(each[1] for each, _ in self.strata if each is not None and each[0] == name)

    def _give_up(self, place: Stratum, why: str) -> None:
        """Without it nothing can be said of production as it is."""
        self.close(why.format(place[0]), even=False)

    def stratum(self, rng: np.random.Generator) -> Stratum | None:
        """One of them at random, by their shares."""
        shares = np.array([share for _, share in self.strata])
        return self.strata[int(rng.choice(len(shares), p=shares / shares.sum()))][0]

    def clean_draw(
        self, rng: np.random.Generator, tried: Sequence[Tried], groups: Mapping[str, str], tries: int
    ) -> Tried | None:
        """The clean result of a document at random; None, and no further calls, where no group is new any more."""
        if not self.fresh:
            return tried[int(rng.integers(len(tried)))]
        for at in rng.integers(len(tried), size=tries):
            if self.is_new(groups[tried[int(at)].case]):
                return tried[int(at)]
        new = [each for each in tried if self.is_new(groups[each.case])]
        if not new:
            self.close(_USED_UP, even=True)
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
    fresh, answers = limit.about == LIKE_THESE, limit.metric is Metric.VALID
    if limit.of == PRODUCTION:
        found = _production((mix or Mix()).up_to(limit.up_to_level), mutators, fresh=fresh)
        found.answers = answers
        return found
    pinned = contract.pin.levels if contract.pin else ()
    levels = {
        each.name: tuple(
            level for level in each.levels(asked) if level <= limit.up_to_level and (not pinned or level in pinned)
        )
        for each in contract.scope(limit, mutators)
    }
    run = {name: own for name, own in levels.items() if own}
    why = "" if run else "no mutator that it is about can be run on these documents"
    return Population(fresh, run, why, answers=answers)


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
