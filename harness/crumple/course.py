"""Which calls come next: the rounds of a run, drawn ahead, or by what earlier rounds have shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crumple.events import CleanEnded, Event, RoundEnded
from crumple.plan import TRIES, Plan, Turn, draw_round
from crumple.targets import Target


class Course(Protocol):
    """Draws the rounds of a run, one after the other, from number 0 on.

    Of what it is told a course takes note of nothing and tells nothing, unless it says otherwise.

    Where rounds depend on the results of earlier ones, round n is drawn when exactly the rounds before n - `lag` have
    been told, whatever the pace of the calls was: so a run that goes on draws the rounds that it drew before.
    """

    @property
    def lag(self) -> int | None:
        """How many rounds may be out beyond the one that is drawn; None: no round depends on another, none is told."""

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Called once before the first round.

        Args:
            targets: mutator's name -> what it can be tried on: documents of cases that pass clean.
            clean: what came of the clean calls.
        """

    def following(self) -> Sequence[Turn]:
        """Draw the next round; () where none follows. Two turns of a round differ in their names."""

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take note of a whole round; in the order of their numbers. What there is to tell of it goes on as events."""
        return ()

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """Take note of what has come back of a round in the end that is not whole, or that follows such a one."""
        return ()

    def ended(self) -> Sequence[Event]:
        """Called once after the last round was told: what there is to tell in the end."""
        return ()

    @property
    def gives_up(self) -> bool:
        """Whether it leaves out by itself what comes to nothing; else the run ends when round after round does."""

    @property
    def over(self) -> str:
        """Why no round follows, as `Ended.reason` has it; "" before that."""

    @property
    def asked(self) -> str:
        """What the rounds depend on beside the plan, in a text: a run goes on only where that is the same."""


class Rounds(Course):
    """Every mutator once a round, in random order, with level, document and seed at random: a fair sample."""

    def __init__(self, plan: Plan, first: int = 0) -> None:
        """Draw by the plan's seed, from a round on."""
        self._plan = plan
        self._number = first
        self._targets: Mapping[str, Sequence[Target]] = {}

    @property
    def lag(self) -> int | None:
        """Its rounds can be drawn in any order."""
        return None

    @property
    def gives_up(self) -> bool:
        """Every mutator has its turn again."""
        return False

    @property
    def over(self) -> str:
        """Never; budgets end it."""
        return ""

    @property
    def asked(self) -> str:
        """Nothing."""
        return ""

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be visited."""
        self._targets = targets

    def following(self) -> Sequence[Turn]:
        """The next round."""
        visits = draw_round(self._plan, self._number, self._targets, TRIES)
        self._number += 1
        return visits
