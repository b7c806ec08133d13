"""What the rest of a run will take, told from its clean calls, and whether that must be allowed first. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from crumple.errors import CrumpleError
from crumple.events import CleanEnded
from crumple.outcome import Outcome
from crumple.plan import Plan

LONG: Final = 3600.0
"""A run that would take more seconds than this, and has no budget in time, must be allowed."""
_MORE = 1.25
"""Degraded documents take longer than clean ones, and what is proposed as a budget should suffice."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What a run will take after its clean calls, about; degraded documents are taken to take what clean ones do.

    Attributes:
        calls: how many; None: only the time bounds them.
        seconds: how long; None where no clean call came back.
        cost: the money; 0 where none is counted.
        each: how long one call takes.
        at_a_time: how many calls there are at a time.
        seconds_before, cost_before: what the clean calls took; budgets are for all of a run.
    """

    calls: int | None
    seconds: float | None
    cost: float
    each: float
    at_a_time: int
    seconds_before: float = 0.0
    cost_before: float = 0.0

    def sentence(self) -> str:
        """It in words."""
        parts = ["calls until the time is up" if self.calls is None else f"up to {self.calls:,} calls"]
        if self.seconds is not None:
            parts.append(f"about {spoken(self.seconds)} ({self.each:.2g} s a call, {self.at_a_time} at a time)")
        if self.cost:
            parts.append(f"about {_money(self.cost)} in money")
        return ", ".join(parts)


def rest_of(plan: Plan, clean: CleanEnded, *, at_a_time: int, rate: float | None = None) -> Rest:
    """Tell from the clean calls what the rest will take.

    Args:
        plan: the run's; its budgets bound the rest.
        clean: what came of the clean calls.
        at_a_time: how many calls there are at a time.
        rate: how many calls may begin in a second; None: as many as can.
    """
    made = [each for each in clean.results if each.verdict is not None and each.verdict.outcome is not Outcome.VOID]
    if not made:
        return Rest(None, None, 0.0, 0.0, at_a_time)
    each = math.fsum(result.seconds for result in made) / len(made)
    money = math.fsum(result.cost for result in made) / len(made)
    pace = max(each / at_a_time, 1 / rate if rate else 0.0)
    most = [] if plan.calls is None else [max(0, plan.calls - len(clean.results))]
    if plan.cost is not None and money:
        most.append(max(0, math.floor(plan.cost / money) - len(made)))
    if plan.seconds is not None and pace:
        most.append(max(0, math.floor(plan.seconds / pace) - len(made)))
    if not most:
        return Rest(None, plan.seconds, 0.0, each, at_a_time)
    calls = min(most)
    return Rest(calls, calls * pace, calls * money, each, at_a_time, len(made) * pace, len(made) * money)


def objection(rest: Rest, plan: Plan, ask_above: float | None, *, default: bool) -> CrumpleError | None:
    """Why a run must not go on before somebody allows what it will take; None where it may.

    Args:
        rest: what it will take.
        plan: the run's; a budget in time or money is leave to use it.
        ask_above: more money than this must be allowed; None: any may be spent.
        default: whether nobody has said how many calls there may be. A budget in time would then stand in for the
            default and make another run, so that the calls are named beside it.
    """
    long = plan.seconds is None and rest.seconds is not None and rest.seconds > LONG
    dear = plan.cost is None and ask_above is not None and rest.cost > ask_above
    if not long and not dear:
        return None
    allow = []
    if long and rest.seconds is not None:
        allow += [f"--calls {plan.calls}"] * default
        allow += [f"--time {_hours((rest.seconds + rest.seconds_before) * _MORE)}"]
    if dear:
        allow.append(f"--cost {_rounded((rest.cost + rest.cost_before) * _MORE):g}")
    why = ["more than an hour"] * long + ["more money than [run] ask_above"] * dear
    return CrumpleError(
        f"the rest of this run would take {' and '.join(why)}, which nobody has allowed: {rest.sentence()}",
        where="[run]",
        hint=f"The clean calls are stored; the same command with `{' '.join(allow)}` goes on from there. "
        f"{_fewer(rest, ask_above if dear else None)}",
    )


def _fewer(rest: Rest, ask_above: float | None) -> str:
    """The other way: fewer calls, which is another run."""
    if not rest.calls or not rest.seconds:
        return "Fewer calls (--calls N) are another run."
    share = min(1.0, LONG / rest.seconds, ask_above / rest.cost if ask_above and rest.cost else 1.0)
    return (
        f"Or allow fewer calls, which is another run: `--calls {_rounded_down(rest.calls * share)}` would stay below."
    )


def spoken(seconds: float) -> str:
    """A stretch of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _hours(seconds: float) -> str:
    return f"{math.ceil(seconds / 3600)}h"


def _money(amount: float) -> str:
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.2g}"


def _rounded(amount: float) -> float:
    """An amount rounded up to two digits that say something."""
    unit = 10.0 ** (math.floor(math.log10(amount)) - 1)
    return math.ceil(amount / unit - 1e-9) * unit


def _rounded_down(number: float) -> int:
    unit = int(10 ** max(0, math.floor(math.log10(max(number, 1))) - 1))
    return max(1, math.floor(number / unit) * unit)
