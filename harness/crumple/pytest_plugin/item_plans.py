"""What one item carries out: the part of a run that one limit, or one category, needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from crumple.clean import clean_calls
from crumple.contract.limits import CLEAN, LIKE_THESE, PRODUCTION, Contract, Limit, Metric
from crumple.course import Course, Rounds
from crumple.deciding.course import Deciding, largest_round
from crumple.mutation.registry import Registry
from crumple.plan import Plan, Turn, controlled, eligible, offered, population

if TYPE_CHECKING:
    from crumple.assembly import Assembly

ANOTHER: Final = "another item decides it"
_CLEAN_SHARE: Final = 4
"""A run spends one call in so many on clean documents; an item that is about nothing else spends all."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a run.

    Attributes:
        plan: what it does.
        contract: what it is held to.
        course: a new one for each item: it keeps what it has drawn.
    """

    plan: Plan
    contract: Contract
    course: Course


def names_of(limits: Sequence[Limit]) -> list[str]:
    """What the items of limits are called: "scan", "scan[silent]", "scan[failures, up to level 3]".

    A limit's name says what it is about, and does not change where others are written beside it, but where two would be
    called the same.
    """
    short = [_name(each, about=False) for each in limits]
    return [
        _name(limit, about=True) if short.count(name) > 1 else name for limit, name in zip(limits, short, strict=True)
    ]


def _name(limit: Limit, *, about: bool) -> str:
    parts = [] if limit.metric is Metric.FAILURES else [limit.metric.value]
    if limit.up_to_level < 5 and limit.of != CLEAN:
        parts.append(f"up to level {limit.up_to_level:g}")
    if about:
        parts.append(limit.about)
    return limit.of + (f"[{', '.join(parts)}]" if parts else "")


def of_limit(assembly: Assembly, number: int) -> Part:
    """What deciding one limit of the contract takes, and nothing that only others need.

    The family stays the whole contract's: that this limit is broken is said with all of them in mind.

    Args:
        assembly: the whole run.
        number: the limit's, from 0.
    """
    limit, contract = assembly.contract.limits[number], assembly.contract
    others = dict.fromkeys((each for each in range(len(contract.limits)) if each != number), ANOTHER)
    contract = replace(contract, partial={**others, **_only(contract.partial, number)})
    plan = _shared(assembly.plan, len(contract.limits))
    if limit.of == CLEAN:
        calls = None if plan.calls is None else _CLEAN_SHARE * plan.calls
        return Part(
            replace(plan, calls=calls, controls=Registry({}), round_size=0, again=False), contract, NoRounds(plan)
        )
    visited = _about(limit, assembly)
    plan = replace(plan, registry=visited if visited.mutators else plan.registry, again=False)
    size = largest_round(plan, Contract((limit,), contract.pin))
    plan = replace(plan, round_size=size, by_group=limit.about == LIKE_THESE)
    return Part(plan, contract, Deciding(plan, contract, assembly.mix))


def _only(partial: Mapping[int, str], number: int) -> Mapping[int, str]:
    return {number: partial[number]} if number in partial else {}


def _about(limit: Limit, assembly: Assembly) -> Registry:
    """The mutators that a limit is about: others would be called for the floor of their category alone."""
    registry = assembly.plan.registry
    if limit.of == PRODUCTION:
        names = {name for name, _ in assembly.mix.damaged} if assembly.mix is not None else set()
        return Registry({each.name: each for each in registry if each.name in names})
    return Registry({each.name: each for each in assembly.contract.scope(limit, registry)})


def _shared(plan: Plan, items: int) -> Plan:
    """Time and money are the session's: each item may use its share, whichever of them are run."""
    return replace(
        plan,
        seconds=None if plan.seconds is None else plan.seconds / items,
        cost=None if plan.cost is None else plan.cost / items,
    )


def categories(assembly: Assembly) -> Mapping[str, Sequence[str]]:
    """The categories that apply to the corpus, each with the mutators of it that do."""
    found: dict[str, list[str]] = {}
    plan = assembly.plan
    for name, targets in eligible(plan, offered(plan), set()).items():
        if not isinstance(targets, str):
            found.setdefault(plan.registry.get(name).category, []).append(name)
    return {name: found[name] for name in sorted(found)}


def of_category(assembly: Assembly, category: str, *, calls: int | None) -> Part:
    """A category's turns of a run, for which nothing is limited.

    Args:
        assembly: the whole run.
        category: one of `categories`.
        calls: at most so many; None: as many rounds as the whole run would have, so that all items together make it.
    """
    applying = categories(assembly)
    whole = assembly.plan
    own = Registry({each.name: each for each in whole.registry if each.category == category})
    plan = replace(_shared(whole, len(applying)), registry=own, again=False)
    rounds = None
    if calls is None and whole.calls is not None:
        entries, trips = population(whole), controlled(whole)
        clean = sum(clean_calls(each, whole.repeat) + len(list(trips(each))) for each in entries)
        rounds = max(1, (whole.calls - clean) // (whole.repeat * sum(map(len, applying.values()))))
    return Part(plan, Contract(), SomeRounds(plan, rounds))


class SomeRounds(Rounds):
    """Every mutator once a round, for so many rounds."""

    def __init__(self, plan: Plan, rounds: int | None) -> None:
        """Draw by the plan's seed; None: until a budget is used up."""
        super().__init__(plan)
        self._left = rounds

    @property
    def over(self) -> str:
        """The calls that it may make are made."""
        return "calls" if self._left == 0 else ""

    def following(self) -> Sequence[Turn]:
        """The next round."""
        if self._left is not None:
            if self._left == 0:
                return ()
            self._left -= 1
        return super().following()


class NoRounds(Rounds):
    """No round at all: what clean documents show is all that is asked."""

    @property
    def over(self) -> str:
        """From the beginning."""
        return "decided"

    def following(self) -> Sequence[Turn]:
        """None."""
        return ()
