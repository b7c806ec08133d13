"""Asking before much time or money is spent: once the clean calls are back, the rest of a run can be told from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crumple.cli.output import emit
from crumple.events import CleanEnded, Event

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.config.model import Run
    from crumple.errors import CrumpleError


@dataclass(frozen=True, slots=True)
class Spending:
    """What one run may spend without being asked.

    Attributes:
        assembly: the run.
        allowed: what is configured for it.
    """

    assembly: Assembly
    allowed: Run

    def objection(self, event: Event, *, begun: bool) -> CrumpleError | None:
        """Why the run must stop here and be allowed more; None where it may go on.

        Args:
            event: the run's; only the end of the clean calls says what the rest will take.
            begun: whether documents were degraded already, so that it was allowed before.
        """
        if not isinstance(event, CleanEnded) or begun or self.assembly.plan.ahead:
            return None
        from crumple.config.model import DEFAULT_CALLS
        from crumple.estimates import objection, rest_of

        plan, system = self.assembly.plan, self.assembly.system
        rate = self.allowed.rate if system.concurrency else None
        rest = rest_of(plan, event, at_a_time=system.concurrency or self.assembly.lanes, rate=rate)
        # A budget that is the default's is named beside a time, which would else take its place.
        default = self.allowed.calls is None and plan.calls == DEFAULT_CALLS
        found = objection(rest, plan, self.allowed.ask_above, default=default)
        if found is None and rest.cost and plan.cost is None and self.allowed.ask_above is None:
            emit(f"the rest: {rest.sentence()}; --cost limits it", err=True)
        return found
