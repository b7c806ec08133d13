"""Which calls a night makes: findings again, then the same recipes as every night, then some that are new. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from crumple.events import CleanEnded, Event, RoundEnded
from crumple.findings.status import MOST_OF_FLAKY, Known
from crumple.findings.status import TRIES as REPLAYS
from crumple.mutation.registry import Registry
from crumple.nightly.baseline import Baseline, Call
from crumple.nightly.fixed import Fixed, fixed_calls
from crumple.plan import TRIES, Plan, Trial, Turn, Visit, controlled, draw_round
from crumple.search.fuzz.replaying import Replaying
from crumple.targets import Target

ROUND: Final = 50
"""How many calls a round of a night has: few, so that a budget is used up to the end."""
_CLEAN: Final = 6
"""How many calls a case takes at most before it is degraded, roughly: three clean ones without truth, round trips."""
_IDLE_ROUNDS, _IDLE_VISITS = 3, 20
"""After so many rounds, and visits, in a row that no document suited, mutators have no further turn."""
_LAG = 1
"""Rounds out beyond the one that is drawn: the system need not wait for the last call of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a night may spend.

    Attributes:
        calls: all of it, clean calls and findings included; None: what the whole baseline takes, and new recipes.
        fresh: the share that goes to new recipes, of what is left beside those.
    """

    calls: int | None
    fresh: float

    def enough(self, fixed: int, findings: int, cases: int, repeat: int) -> int:
        """How many calls are more than enough where none are given; as in a run a quarter goes to clean documents.

        Args:
            fixed: how many calls the baseline has.
            findings: how many are called again.
            cases: how many must be among the clean ones.
            repeat: how often every call is made.
        """
        rounds = self.whole(fixed * repeat) + MOST_OF_FLAKY * findings
        return math.ceil((rounds + _CLEAN * repeat * cases) * 4 / 3)

    def whole(self, fixed: int) -> int:
        """How many calls there are of fixed and new recipes, where so many are of fixed ones."""
        return math.ceil(fixed / (1 - self.fresh))


class Night:
    """A `Course`. `know` comes before it begins.

    Attributes:
        fixed: the rounds that have the same recipes every night.
        fresh: those whose recipes are new.
        reasons: a call of the baseline -> why it is not made tonight; known when it begins.
    """

    def __init__(
        self,
        plan: Plan,
        registry: Registry,
        baseline: Baseline | None,
        share: Share,
        cases: Mapping[str, str] | None = None,
    ) -> None:
        """Draw by a plan.

        Args:
            plan: its seed draws the fixed recipes where there is no baseline.
            registry: every mutator that a finding's recipe may name.
            baseline: whose recipes are called again; None: there is none yet.
            share: what the night may spend.
            cases: id -> digest of each case of the baseline as it is now; None: they are what they were.
        """
        self._plan, self._registry, self._baseline, self._share = plan, registry, baseline, share
        self._cases = cases
        self._known: Sequence[Known] = ()
        self._seed = plan.seed
        self._number = 0
        self._over = ""
        self._replaying: Replaying | None = None
        self._replays: dict[tuple[int, str], Known] = {}
        self._same: Iterator[Visit] = iter(())
        self._new: Iterator[Visit] = iter(())
        self._left = 0
        self._idle: list[int] = []  # visits of each round in a row that came to no call
        self._spent = _Spent(plan.repeat)
        self.fixed: set[int] = set()
        self.fresh: set[int] = set()
        self.reasons: dict[tuple[str, str], str] = {}

    def know(self, known: Sequence[Known], fresh_seed: int) -> None:
        """Take the findings that are called again, and what tonight's new recipes are drawn from."""
        self._known, self._seed = known, fresh_seed

    @property
    def lag(self) -> int | None:
        """What is called of findings, and how many calls are left, depends on what came before."""
        return _LAG

    @property
    def gives_up(self) -> bool:
        """It comes to its end by itself, whatever is skipped."""
        return True

    @property
    def over(self) -> str:
        """Why nothing follows."""
        return self._over

    @property
    def asked(self) -> str:
        """What the night is compared with, and how much of it is new."""
        return f"night {self._baseline.id if self._baseline else ''} {self._share}"

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be called."""
        self._replaying = Replaying(self._known, self._registry, clean)
        trips = controlled(self._plan)
        passed = (each for each in clean.population if each.id in clean.passed)
        before = len(clean.results) + sum(len(list(trips(each))) for each in passed)
        whole = 0
        if self._baseline is None:
            self._same = self._in_turn(self._plan, targets, "")
        else:
            found = fixed_calls(
                self._baseline, Fixed(self._plan.registry, self._plan.levels, targets, clean), self._cases
            )
            self._same, self.reasons = iter(found.visits), dict(found.reasons)
            whole = self._share.whole(len(found.visits) * self._plan.repeat)
        self._left = whole if self._share.calls is None else self._share.calls - before
        self._new = (
            self._in_turn(replace(self._plan, seed=self._seed), targets, "new") if self._share.fresh else iter(())
        )

    def following(self) -> Sequence[Turn]:
        """The next round."""
        assert self._replaying is not None
        turns: Sequence[Turn] = self._again(self._replaying.next(ROUND))
        kind = "findings"
        if not turns:
            kind, turns = "fixed", self._taken(self._same, self._of_fixed())
        if not turns:
            kind, turns = "fresh", self._taken(self._new, self._of_fresh())
        if not turns and self._replays:
            kind, turns = "findings", [self._pause()]
        if kind != "findings" and turns:
            (self.fixed if kind == "fixed" else self.fresh).add(self._number)
        self._spent.draw(self._number, kind, len(turns))
        self._number += 1
        if not turns:
            self._over = "night"
        return turns

    def _again(self, known: Sequence[Known]) -> list[Turn]:
        turns: list[Turn] = []
        for at, each in enumerate(known):
            self._replays[self._number, str(at)] = each
            turns.append(self._trial(each, str(at)))
        return turns

    def _pause(self) -> Turn:
        """A call that says nothing: what is out of findings may ask for more, and nothing else follows."""
        return self._trial(next(iter(self._replays.values())), "pause")

    def _trial(self, known: Known, name: str) -> Trial:
        level = max((self._registry.get(step.mutator).level_of(step) for step in known.recipe.steps), default=0.0)
        return Trial(self._number, name, known.case, known.recipe, level)

    def _of_fixed(self) -> int:
        """How many calls of the same recipes there may still be: findings come first, and new ones have their share."""
        if self._share.calls is None:
            return ROUND * self._plan.repeat
        findings = max(self._spent.made["findings"], REPLAYS * len(self._known))
        return int((1 - self._share.fresh) * (self._left - findings)) - self._spent.expected_of("fixed")

    def _of_fresh(self) -> int:
        """How many calls of new recipes there may still be."""
        findings = self._spent.expected_of("findings") if self._share.calls is None else 0
        return self._left - (self._spent.expected - findings)

    def _taken(self, visits: Iterator[Visit], most: int) -> list[Visit]:
        count = min(ROUND, max(0, most) // self._plan.repeat)
        return [replace(each, round=self._number) for each in islice(visits, count)]

    def _in_turn(self, plan: Plan, targets: Mapping[str, Sequence[Target]], mark: str) -> Iterator[Visit]:
        """Every mutator in turn, round after round."""
        number = 0
        while targets:
            for visit in draw_round(plan, number, targets, TRIES):
                yield replace(visit, slot=f"{mark}{number}")
            number += 1

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take in what came of findings, and what the round took."""
        assert self._replaying is not None
        self._spent.take(ended)
        self._give_up(ended)
        for result in ended.results:
            known = self._replays.pop((ended.number, result.work.key.split("/")[1]), None)
            if known is not None:
                self._replaying.take(known, result)
        return self._replaying.told()

    def _give_up(self, ended: RoundEnded) -> None:
        """Rounds that are drawn without end come to one where nothing applies; skips cost nothing."""
        endless = ended.number in self.fresh or (ended.number in self.fixed and self._baseline is None)
        if not endless:
            return
        self._idle = [] if any(each.made for each in ended.results) else [*self._idle, len(ended.results)]
        if len(self._idle) >= _IDLE_ROUNDS and sum(self._idle) >= _IDLE_VISITS:
            self._idle = []
            if ended.number in self.fresh:
                self._new = iter(())
            else:
                self._same = iter(())

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """A finding that was called was called."""
        return self.told(ended)

    def ended(self) -> Sequence[Event]:
        """What is known of the findings in the end."""
        assert self._replaying is not None
        return self._replaying.ended()

    def planned(self, call: Call) -> str:
        """Why a call of the baseline that nothing came of was not made."""
        return self.reasons.get(call.key, "the calls allowed did not reach it")


class _Spent:
    """What rounds of each kind took, and what those that are out will probably take; skips cost nothing."""

    def __init__(self, repeat: int) -> None:
        self._repeat = repeat
        self._out: dict[int, tuple[str, int]] = {}
        self._turns = {"findings": 0, "fixed": 0, "fresh": 0}
        self.made = dict(self._turns)

    def draw(self, number: int, kind: str, turns: int) -> None:
        self._out[number] = kind, turns

    def take(self, ended: RoundEnded) -> None:
        kind, turns = self._out.pop(ended.number, ("findings", 0))
        self._turns[kind] += turns
        # Not `ended.calls`: a run that goes on knows the results of the rounds behind it alone.
        self.made[kind] += sum(each.made for each in ended.results)

    @property
    def expected(self) -> int:
        return sum(map(self.expected_of, self.made))

    def expected_of(self, kind: str) -> int:
        """What is made, and what is out, rather a little more: a round too large for what is left is not begun."""
        turns, out = self._turns[kind], sum(count for own, count in self._out.values() if own == kind)
        share = min(1.0, self.made[kind] / (turns * self._repeat)) if turns else 1.0
        most = min(out, share * out + 2 * math.sqrt(out * share * (1 - share)))
        return self.made[kind] + math.ceil(most * self._repeat)
