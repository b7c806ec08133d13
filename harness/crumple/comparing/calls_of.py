"""The recipes of another run as the course of a new one: the very same calls, of another system. Pure."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from crumple.comparing.other_run import OtherRun
from crumple.course import Course
from crumple.errors import CrumpleError
from crumple.events import CleanEnded
from crumple.mutation.registry import Registry
from crumple.nightly.fixed import Fixed
from crumple.plan import Plan, Turn, Visit
from crumple.targets import Target

ROUND: Final = 50
_CLEAN: Final = 6
"""How many calls a case takes at most before it is degraded, roughly."""
_TOLD: Final = 3
_LAG: Final = 1


def plan_for(plan: Plan, known: Registry, other: OtherRun) -> Plan:
    """A plan that allows for every call of the other run, with its cases, mutators and levels.

    Args:
        plan: as it is configured.
        known: every mutator there is.
        other: what was called.

    Raises:
        CrumpleError: none of its mutators is known here.
    """
    used = other.mutators
    registry = Registry({name: each for name, each in known.mutators.items() if name in used and not each.control})
    if not registry.mutators:
        said = f"no mutator of run {other.run} is known here"
        raise CrumpleError(said, where="--calls-of", got=", ".join(sorted(used)[:_TOLD]), hint="See [mutate] modules.")
    calls = math.ceil((len(other) * plan.repeat + _CLEAN * plan.repeat * len(other.cases)) * 4 / 3)
    return replace(
        plan,
        registry=registry,
        levels=other.levels,
        calls=calls,
        round_size=min(ROUND, len(other)),
        always=frozenset(other.cases),
        seed=other.seed,
        again=False,
    )


class CallsOf(Course):
    """The calls of another run, in their order.

    Attributes:
        left_out: why calls of it cannot be made -> how many, most of them first; known when the course begins.
    """

    def __init__(self, plan: Plan, other: OtherRun) -> None:
        """Take what is to be called.

        Args:
            plan: as `plan_for` made it.
            other: what was called.
        """
        self._plan, self._other = plan, other
        self._fixed: Fixed | None = None
        self._rest: Iterator[int] = iter(())
        self._number = 0
        self._over = ""
        self.left_out: Mapping[str, int] = {}

    @property
    def lag(self) -> int | None:
        """A run that goes on draws the rounds behind it again."""
        return _LAG

    @property
    def gives_up(self) -> bool:
        """It comes to its end by itself."""
        return True

    @property
    def over(self) -> str:
        """Why nothing follows."""
        return self._over

    @property
    def asked(self) -> str:
        """Whose calls these are."""
        return f"calls of {self._other.run} {self._other.id}"

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be called."""
        self._fixed = Fixed(self._plan.registry, self._plan.levels, targets, clean)
        left_out: Counter[str] = Counter()
        rest = array("L")
        for number, call in enumerate(self._other):
            visit = self._fixed.visit(number, call)
            if isinstance(visit, Visit):
                rest.append(number)
            else:
                left_out[visit] += 1
        self._rest, self.left_out = iter(rest), dict(left_out.most_common())

    def following(self) -> Sequence[Turn]:
        """The next of them."""
        assert self._fixed is not None
        turns = []
        for number in islice(self._rest, ROUND):
            visit = self._fixed.visit(number, self._other[number])
            assert isinstance(visit, Visit)
            turns.append(replace(visit, round=self._number))
        self._number += 1
        if not turns:
            self._over = "same calls"
        return turns
