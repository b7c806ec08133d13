"""Which calls a night makes: findings again, then the same recipes as every night, then some that are new. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crumple.events import CleanEnded, Event, RoundEnded
from crumple.findings.status import Known
from crumple.mutation.registry import Registry
from crumple.nightly.baseline import Baseline, Call
from crumple.plan import TRIES, Plan, Target, Trial, Turn, Visit, draw_round
from crumple.search.fuzz.replaying import Replaying

ROUND: Final = 50
"""How many calls a round of a night has: few, so that a budget is used up to the end."""
_REPLAYS: Final = 3
"""How many calls a finding takes, roughly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a night may spend.

    Attributes:
        calls: all of it, clean calls and findings included; None: no such limit.
        fresh: the share that goes to new recipes.
    """

    calls: int | None
    fresh: float


class Night:
    """A `Course`. `know` comes before it begins."""

    def __init__(self, plan: Plan, registry: Registry, baseline: Baseline | None, share: Share) -> None:
        """Draw by a plan.

        Args:
            plan: its seed draws the fixed recipes where there is no baseline.
            registry: every mutator that a finding's recipe may name.
            baseline: whose recipes are called again; None: there is none yet.
            share: what the night may spend.
        """
        self._plan, self._registry, self._baseline, self._share = plan, registry, baseline, share
        self._known: Sequence[Known] = ()
        self._seed = plan.seed
        self._number = 0
        self._over = ""
        self._replaying: Replaying | None = None
        self._replays: dict[tuple[int, str], Known] = {}
        self._rounds: Iterator[list[Visit]] = iter(())
        self.fixed: set[int] = set()
        """The rounds that have the same recipes every night."""

    def know(self, known: Sequence[Known], fresh_seed: int) -> None:
        """Take the findings that are called again, and what tonight's new recipes are drawn from."""
        self._known, self._seed = known, fresh_seed

    @property
    def lag(self) -> int | None:
        """What is called of findings depends on what they did before."""
        return 0

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
        self._rounds = self._drawn(targets, clean)

    def following(self) -> Sequence[Turn]:
        """The next round."""
        assert self._replaying is not None
        turns: Sequence[Turn] = self._again(self._replaying.next(ROUND))
        if not turns:
            turns = [replace(each, round=self._number) for each in next(self._rounds, ())]
        if not turns:
            self._over = "night"
        self._number += 1
        return turns

    def _again(self, known: Sequence[Known]) -> list[Turn]:
        turns: list[Turn] = []
        for at, each in enumerate(known):
            level = max((self._registry.get(step.mutator).level_of(step) for step in each.recipe.steps), default=0.0)
            self._replays[self._number, str(at)] = each
            turns.append(Trial(self._number, str(at), each.case, each.recipe, level))
        return turns

    def _drawn(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> Iterator[list[Visit]]:
        left = None
        if self._share.calls is not None:
            left = max(0, self._share.calls - len(clean.results) - _REPLAYS * len(self._known))
        fresh = None if left is None else int(self._share.fresh * left)
        fixed = None if left is None or fresh is None else left - fresh
        for visits in self._chunks(self._fixed(targets, clean), fixed):
            self.fixed.add(self._number)
            yield visits
        if self._share.fresh:
            seen = len(self.fixed) * ROUND
            most = fresh if fresh is not None else max(ROUND, int(seen * self._share.fresh / (1 - self._share.fresh)))
            yield from self._chunks(self._in_turn(replace(self._plan, seed=self._seed), targets), most)

    def _fixed(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> Iterator[Visit]:
        if self._baseline is None:
            yield from self._in_turn(self._plan, targets)
            return
        there = {name: frozenset(own) for name, own in targets.items()}
        for number, call in enumerate(self._baseline.calls):
            visit = self._visit(number, call)
            if visit is not None and visit.candidates[0][0] in there.get(call.mutator, ()):
                yield visit

    def _visit(self, number: int, call: Call) -> Visit | None:
        """The turn that makes a call of the baseline again; None where its mutator is not in use."""
        mutator = self._plan.registry.mutators.get(call.mutator)
        if mutator is None:
            return None
        step = call.recipe.steps[0]
        return Visit(0, mutator, call.level, ((Target(call.case, step.part), step.seed),), str(number))

    def _in_turn(self, plan: Plan, targets: Mapping[str, Sequence[Target]]) -> Iterator[Visit]:
        """Every mutator in turn, round after round."""
        number = 0
        while targets:
            for visit in draw_round(plan, number, targets, TRIES):
                yield replace(visit, slot=str(number))
            number += 1

    @staticmethod
    def _chunks(visits: Iterator[Visit], most: int | None) -> Iterator[list[Visit]]:
        chunk: list[Visit] = []
        for count, visit in enumerate(visits):
            if count == most:
                break
            chunk.append(visit)
            if len(chunk) == ROUND:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take in what came of findings."""
        assert self._replaying is not None
        for result in ended.results:
            known = self._replays.pop((ended.number, result.work.key.split("/")[1]), None)
            if known is not None:
                self._replaying.take(known, result)
        return self._replaying.told()

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """A finding that was called was called."""
        return self.told(ended)

    def ended(self) -> Sequence[Event]:
        """What is known of the findings in the end."""
        assert self._replaying is not None
        return self._replaying.ended()
