"""What a corpus and a budget offer the limits of a contract: calls, documents, groups. Nothing is called. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from crumple.case import Entry
from crumple.clean import clean_calls
from crumple.contract.limits import CLEAN, LIKE_THESE, PRODUCTION, THESE, Contract, Limit
from crumple.mix import Mix
from crumple.mutation.mutator import Mutator
from crumple.plan import Plan, controlled, corpus_size, eligible, population, reserve

UNBOUNDED: Final = 1_000_000
"""What stands for no limit on calls, where a run is ended by time or money."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run can draw on, if every case passes clean.

    Attributes:
        plan: the run's.
        entries: the cases that it is about.
        corpus, corpus_groups: how many cases there are, and groups of them.
        pools: mutator's name -> the groups of the cases that it can be tried on.
        not_run: mutator's name -> why it is visited on none of them.
        before: calls that clean documents and round trips take.
        left: calls for degraded documents; None: no such limit.
    """

    plan: Plan
    entries: Sequence[Entry]
    corpus: int
    corpus_groups: int
    pools: Mapping[str, Sequence[str]]
    not_run: Mapping[str, str] = field(default_factory=dict)
    before: int = 0
    left: int | None = None

    @property
    def rounds(self) -> int:
        """How many rounds of `crumple run` the budget has."""
        size = len(self.pools) * self.plan.repeat
        return (UNBOUNDED if self.left is None else self.left) // size if size else 0

    @property
    def groups(self) -> AbstractSet[str]:
        """The groups of the cases."""
        return {each.group for each in self.entries}


@dataclass(frozen=True, slots=True)
class Price:
    """What a call takes, as far as it is known beforehand.

    Attributes:
        cost: money; None: not known, or it costs none.
        seconds: of the run's time, with as many calls at once as there are; None: not known.
    """

    cost: float | None = None
    seconds: float | None = None

    def affordable(self, plan: Plan) -> int | None:
        """How many calls all budgets of a plan allow; None: no limit that is known."""
        most = [each for each in (plan.calls,) if each is not None]
        if plan.seconds is not None and self.seconds:
            most.append(int(plan.seconds / self.seconds))
        if plan.cost is not None and self.cost:
            most.append(int(plan.cost / self.cost))
        return min(most, default=None)


def ground(plan: Plan, price: Price | None = None) -> Ground:
    """What a plan offers.

    Args:
        plan: the run's.
        price: what a call takes, for budgets of time and money.

    Raises:
        CrumpleError: the corpus is empty, or the budget does not suffice for one round.
    """
    entries = population(plan)
    cases, all_groups = corpus_size(plan)
    groups = {each.id: each.group for each in entries}
    found = eligible(plan, entries, set())
    trips = controlled(plan)
    before = sum(clean_calls(each, plan.repeat) + len(list(trips(each))) for each in entries)
    most = (price or Price()).affordable(plan)
    left = None if most is None else max(0, most - before - reserve(plan, most))
    return Ground(
        plan,
        entries,
        cases,
        all_groups,
        {name: [groups[each.case] for each in own] for name, own in found.items() if not isinstance(own, str)},
        {name: why for name, why in found.items() if isinstance(why, str)},
        before,
        left,
    )


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is for one limit.

    Attributes:
        cases, groups: of the corpus that it can be held against.
        mutators: which it is about and can be run; () of clean documents.
        calls: of the budget, how many `crumple run` makes for it.
        worth: how many independent draws they are worth: weights differ, and documents recur.
        stream: how many observations `crumple run --decide` can make for it, were it the only limit.
        census: whether every document that it is about is tried, so that nothing is left to chance.
        price: how many calls one observation of the stream takes in the mean.
        why: why there is nothing to draw on; "" where there is.
    """

    cases: int
    groups: int
    mutators: tuple[str, ...] = ()
    calls: int = 0
    worth: float = 0.0
    stream: int = 0
    census: bool = False
    price: float = 1.0
    why: str = ""


def supply(limit: Limit, contract: Contract, offered: Ground, mix: Mix | None = None) -> Supply:
    """What there is for a limit.

    Args:
        limit: one of the contract's.
        contract: its pin says which mutators and levels count.
        offered: what the run can draw on.
        mix: what production sends.
    """
    if limit.of == CLEAN:
        return _clean(limit, offered)
    if limit.of == PRODUCTION:
        return _production(limit, offered, mix or Mix())
    return _damaged(limit, contract, offered)


def _clean(limit: Limit, offered: Ground) -> Supply:
    cases, groups = len(offered.entries), len(offered.groups)
    census = limit.about == THESE and cases == offered.corpus
    worth = groups if limit.about == LIKE_THESE else cases
    return Supply(cases, groups, calls=cases, worth=worth, stream=worth, census=census)


def _damaged(limit: Limit, contract: Contract, offered: Ground) -> Supply:
    run = {
        each.name: (len(_levels(each, limit, contract, offered.plan)), len(each.levels(offered.plan.levels)))
        for each in contract.scope(limit, offered.plan.registry)
        if each.name in offered.pools
    }
    drawn = {name: (own, every) for name, (own, every) in run.items() if own}
    if not drawn:
        return Supply(0, 0, why=_why_none(limit, contract, offered))
    pools = {name: offered.pools[name] for name in drawn}
    groups = {group for pool in pools.values() for group in pool}
    cases = sum(each.group in groups for each in offered.entries)
    calls = offered.rounds * sum(own / every for own, every in drawn.values())
    # Kish's effective number, of cells that weigh 1 / (mutators x levels that count).
    spread = sum(every / own for own, every in drawn.values()) / len(drawn) ** 2
    worth = offered.rounds / spread
    like_these = limit.about == LIKE_THESE
    stream = UNBOUNDED if offered.left is None else offered.left
    if like_these:
        worth = min(worth, _different(len(groups), calls))
        stream = min(stream, _fresh(pools))
    return Supply(cases, len(groups), tuple(drawn), int(calls), worth, stream)


def _levels(mutator: Mutator, limit: Limit, contract: Contract, plan: Plan) -> tuple[float, ...]:
    pinned = contract.pin.levels if contract.pin else ()
    return tuple(
        level for level in mutator.levels(plan.levels) if level <= limit.up_to_level and (not pinned or level in pinned)
    )


def _why_none(limit: Limit, contract: Contract, offered: Ground) -> str:
    """Why a limit has nothing to draw on."""
    covered = [each for each in offered.plan.registry if limit.covers(each)]
    if not covered:
        return "none of its mutators is run"
    if not contract.scope(limit, covered):
        return "every mutator that it is about is newer than crumple.lock"
    reasons = [offered.not_run[each.name] for each in covered if each.name in offered.not_run]
    return max(set(reasons), key=reasons.count) if reasons else "no level that it is about is run"


def _production(limit: Limit, offered: Ground, mix: Mix) -> Supply:
    """Of production: clean documents by their share, and damage by its own."""
    mix = mix.up_to(limit.up_to_level)
    cases, groups = len(offered.entries), len(offered.groups)
    if mix.named < 1 - 1e-6:
        return Supply(cases, groups, why=f"the mix names {mix.named:.0%} of the volume, and the rest is not known")
    lacking = sorted(
        {name for name, _ in mix.damaged if name not in offered.pools} | {each.name for each in mix.left_out}
    )
    if lacking:
        return Supply(cases, groups, why=f"the mix names {', '.join(lacking)}, of which not all is run")
    rounds = offered.rounds
    levels = {name: len(offered.plan.registry.get(name).levels(offered.plan.levels)) for name, _ in mix.damaged}
    spread = mix.clean**2 / cases + sum(
        share**2 * levels[name] / rounds if rounds else float("inf") for (name, _), share in mix.damaged.items()
    )
    worth = 1.0 / spread if spread else 0.0
    damaged = 1.0 - mix.clean
    stream = UNBOUNDED if offered.left is None or not damaged else int(offered.left / damaged)
    if limit.about == LIKE_THESE:
        sizes = {name: len(set(offered.pools[name])) for name, _ in mix.damaged}
        passed = mix.clean / groups + sum(share / sizes[name] for (name, _), share in mix.damaged.items())
        worth, stream = min(worth, groups), min(stream, int(mix.named / passed + 1e-9))
    names = tuple(sorted(levels))
    calls = cases + rounds * sum(1 / levels[name] for name, _ in mix.damaged)
    return Supply(cases, groups, names, int(calls), worth, stream, price=damaged)


def _different(groups: int, calls: float) -> float:
    """How many different groups so many draws are of, in the mean."""
    return groups * (1.0 - (1.0 - 1.0 / groups) ** calls) if groups else 0.0


def _fresh(pools: Mapping[str, Sequence[str]]) -> int:
    """About how many calls there are before the groups are used up, where each mutator has its turn.

    A mutator that few groups suit passes others over, which nobody else gets then: the harmonic mean of the pools.
    """
    return int(len(pools) / sum(1 / len(set(pool)) for pool in pools.values()) + 1e-9)
