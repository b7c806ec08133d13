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


class Fixed:
    """What of the calls of another run can be made again."""

    def __init__(
        self,
        registry: Registry,
        levels: Sequence[float],
        targets: Mapping[str, Sequence[Target]],
        clean: CleanEnded,
    ) -> None:
        """Take what there is.

        Args:
            registry: the mutators in use.
            levels: the levels in use.
            targets: mutator's name -> the documents that it can be tried on.
            clean: what came of the clean calls.
        """
        self._registry, self._levels = registry, levels
        self._passed, self._tried = clean.passed, frozenset(each.id for each in clean.population)
        # Mutators of one kind of document share a list of them.
        lists = {id(each): each for each in targets.values()}
        sets = {key: frozenset(each) for key, each in lists.items()}
        self._there = {name: sets[id(each)] for name, each in targets.items()}

    def visit(self, number: int, call: Call) -> Visit | str:
        """The turn that makes a call again; or why it cannot be made.

        Args:
            number: of the call in its run: the turn's slot, so that keys are the same but for the round.
            call: a degraded one.
        """
        if call.case not in self._passed:
            return "its case fails clean tonight" if call.case in self._tried else "its case was not tried tonight"
        mutator = self._registry.mutators.get(call.mutator)
        if mutator is None:
            return "its mutator is not in use any more"
        if call.level not in mutator.levels(self._levels):
            return "its level is not in use any more"
        step = call.recipe.steps[0]
        try:
            same = Recipe((mutator.step(call.level, step.seed, part=step.part),)) == call.recipe
        except CrumpleError:
            same = False
        if not same:
            return "its mutator has another ladder now"
        target = Target(call.case, step.part)
        if target not in self._there.get(call.mutator, ()):
            return "its mutator cannot be run on its document now"
        return Visit(0, mutator, call.level, ((target, step.seed),), str(number))


@dataclass(slots=True)
class FixedCalls:
    """The calls of a baseline, one turn each; or why not.

    Attributes:
        visits: the turns, in the baseline's order.
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
    for number, call in enumerate(baseline.calls):
        visit = changed(call, baseline, cases) or night.visit(number, call)
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
