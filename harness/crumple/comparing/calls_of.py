"""The recipes of another run as the course of a new one: the very same calls, of another system. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from crumple.errors import CrumpleError
from crumple.events import CleanEnded, Event, RoundEnded
from crumple.mutation.registry import Registry
from crumple.nightly.baseline import Baseline, call_of
from crumple.nightly.fixed import Fixed, fixed_calls
from crumple.plan import Plan, Turn, Visit
from crumple.result import Result
from crumple.targets import Target

ROUND: Final = 50
_CLEAN: Final = 6
"""How many calls a case takes at most before it is degraded, roughly."""
_TOLD: Final = 3
_LAG: Final = 1


def calls_from(results: Iterable[Result], run: str, info: Mapping[str, Any]) -> Baseline:
    """What a run has called, to be called again.

    Args:
        results: that count in its rates.
        run: its id.
        info: what its document says of it beforehand.

    Raises:
        CrumpleError: it has called no degraded document.
    """
    made = {call.key: call for each in results if (call := call_of(each)) is not None}
    calls = [each for each in made.values() if each.mutator]
    if not calls:
        said = f"run {run} has called no degraded document"
        raise CrumpleError(said, where="--calls-of", hint="Name another run; `crumple runs` lists them.")
    return Baseline(
        run=run,
        started="",
        set_on="",
        by="",
        reason="",
        config="",
        seed=int(info.get("seed", 0)),
        system="",
        corpus=str(info.get("corpus_version", "")),
        versions={},
        mutators={},
        cases={},
        clean=[each for each in made.values() if not each.mutator],
        calls=calls,
    )


def plan_for(plan: Plan, known: Registry, other: Baseline) -> Plan:
    """A plan that allows for every call of the other run, with its cases, mutators and levels.

    Args:
        plan: as it is configured.
        known: every mutator there is.
        other: what was called.

    Raises:
        CrumpleError: none of its mutators is known here.
    """
    used = {each.mutator for each in other.calls}
    registry = Registry({name: each for name, each in known.mutators.items() if name in used and not each.control})
    if not registry.mutators:
        said = f"no mutator of run {other.run} is known here"
        raise CrumpleError(said, where="--calls-of", got=", ".join(sorted(used)[:_TOLD]), hint="See [mutate] modules.")
    cases = frozenset(each.case for each in (*other.clean, *other.calls))
    calls = math.ceil((len(other.calls) * plan.repeat + _CLEAN * plan.repeat * len(cases)) * 4 / 3)
    levels = tuple(sorted({each.level for each in other.calls}))
    return replace(
        plan,
        registry=registry,
        levels=levels,
        calls=calls,
        round_size=min(ROUND, len(other.calls)),
        always=cases,
        seed=other.seed,
        again=False,
    )


class CallsOf:
    """A `Course`: the calls of another run, in their order.

    Attributes:
        reasons: a call of it -> why it cannot be made; known when the course begins.
    """

    def __init__(self, plan: Plan, other: Baseline) -> None:
        """Take what is to be called.

        Args:
            plan: as `plan_for` made it.
            other: what was called.
        """
        self._plan, self._other = plan, other
        self._rest: Iterator[Visit] = iter(())
        self._number = 0
        self._over = ""
        self.reasons: Mapping[tuple[str, str], str] = {}

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
        found = fixed_calls(self._other, Fixed(self._plan.registry, self._plan.levels, targets, clean), None)
        self._rest, self.reasons = iter(found.visits), dict(found.reasons)

    def following(self) -> Sequence[Turn]:
        """The next of them."""
        turns = [replace(each, round=self._number) for each in islice(self._rest, ROUND)]
        self._number += 1
        if not turns:
            self._over = "same calls"
        return turns

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Nothing depends on it."""
        return ()

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """Nothing is told of it."""
        return ()

    def ended(self) -> Sequence[Event]:
        """There is nothing to tell."""
        return ()


def left_out(course: CallsOf) -> dict[str, int]:
    """Why calls were not made -> how many."""
    found: dict[str, int] = {}
    for why in course.reasons.values():
        found[why] = found.get(why, 0) + 1
    return dict(sorted(found.items(), key=lambda each: -each[1]))
