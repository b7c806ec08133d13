"""Which calls come next: the rounds of a run, drawn ahead, or by what earlier rounds have shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crumple.events import CleanEnded, Event, RoundEnded
from crumple.plan import TRIES, Plan, Target, Visit, draw_round


class Course(Protocol):
    """Draws the rounds of a run, one after the other.

    What round n is depends on the plan and on nothing but the rounds that were told before `following` first could
    draw it, so that an interrupted run draws the same rounds when it goes on, whatever the pace of its calls was: where
    round n depends on round k, `following` answers None until k was told, and disregards what was told after it.
    """

    @property
    def adaptive(self) -> bool:
        """Whether rounds depend on the results of earlier ones; only then is anything told."""

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Called once before the first round.

        Args:
            targets: mutator's name -> what it can be tried on: documents of cases that pass clean.
            clean: what came of the clean calls.
        """

    def following(self) -> Sequence[Visit] | None:
        """Draw the next round; None where that must wait until an earlier round is told; () where none follows."""

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take note of a whole round; in the order of their numbers. What there is to tell of it goes on as events."""

    @property
    def over(self) -> str:
        """Why no round follows, as `Ended.reason` has it; "" before that."""


class Rounds:
    """Every mutator once a round, in random order, with level, document and seed at random: a fair sample."""

    def __init__(self, plan: Plan) -> None:
        """Draw by the plan's seed."""
        self._plan = plan
        self._number = 0
        self._targets: Mapping[str, Sequence[Target]] = {}

    @property
    def adaptive(self) -> bool:
        """It is not: its rounds can be drawn in any order."""
        return False

    @property
    def over(self) -> str:
        """Never; budgets end it."""
        return ""

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be visited."""
        self._targets = targets

    def skip(self, rounds: int) -> None:
        """Leave out the first rounds, which are whole already."""
        self._number = rounds

    def following(self) -> Sequence[Visit]:
        """The next round."""
        visits = draw_round(self._plan, self._number, self._targets, TRIES)
        self._number += 1
        return visits

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Nothing depends on it."""
        return ()
