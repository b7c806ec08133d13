"""Which calls of the baseline can be made again, as turns of a night; and why the others cannot. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crumple.errors import CrumpleError
from crumple.events import CleanEnded
from crumple.mutation.registry import Registry
from crumple.nightly.baseline import Baseline, Call
from crumple.plan import Visit
from crumple.recipe import Recipe
from crumple.targets import Target


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a night can call.

    Attributes:
        registry: the mutators in use.
        levels: the levels in use.
        targets: mutator's name -> the documents that it can be tried on.
        clean: what came of the clean calls.
    """

    registry: Registry
    levels: Sequence[float]
    targets: Mapping[str, Sequence[Target]]
    clean: CleanEnded


@dataclass(slots=True)
class FixedCalls:
    """The calls of a baseline, one turn each; or why not.

    Attributes:
        visits: the turns, in the baseline's order; the slot is the call's number in it, so that keys are the same
            every night but for the round.
        reasons: call -> why it is not made.
    """

    visits: list[Visit] = field(default_factory=list)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)


def fixed_calls(baseline: Baseline, night: Fixed, cases: Mapping[str, str] | None) -> FixedCalls:
    """Sort the calls of a baseline.

    Args:
        baseline: in which they are.
        night: what can be called.
        cases: id -> digest of each case as it is now; None: they are what they were.
    """
    found = FixedCalls()
    there = {name: frozenset(own) for name, own in night.targets.items()}
    tried = frozenset(each.id for each in night.clean.population)
    for number, call in enumerate(baseline.calls):
        why = changed(call, baseline, cases)
        if not why and call.case not in night.clean.passed:
            why = "its case fails clean tonight" if call.case in tried else "its case was not tried tonight"
        visit = why or _visit(number, call, night)
        if isinstance(visit, Visit) and visit.candidates[0][0] not in there.get(call.mutator, ()):
            visit = "its mutator cannot be run on its document now"
        if isinstance(visit, Visit):
            found.visits.append(visit)
        else:
            found.reasons[call.key] = visit
    return found


def changed(call: Call, baseline: Baseline, cases: Mapping[str, str] | None) -> str:
    """Why a call's case is not what it was; "" where it is."""
    if cases is None:
        return ""
    if call.case not in cases:
        return "its case is not in the corpus any more"
    return "" if cases[call.case] == baseline.cases.get(call.case) else "its case has changed"


def _visit(number: int, call: Call, night: Fixed) -> Visit | str:
    mutator = night.registry.mutators.get(call.mutator)
    if mutator is None:
        return "its mutator is not in use any more"
    if call.level not in mutator.levels(night.levels):
        return "its level is not in use any more"
    step = call.recipe.steps[0]
    try:
        same = Recipe((mutator.step(call.level, step.seed, part=step.part),)) == call.recipe
    except CrumpleError:
        same = False
    if not same:
        return "its mutator has another ladder now"
    return Visit(0, mutator, call.level, ((Target(call.case, step.part), step.seed),), str(number))
