"""Where the calls of a search go: a bandit over mutators and kinds of documents, with a floor for each.

Several mutators that leave the system no excuse are tried in one call: where it stands the mixture, all are tested. At
first each mutator has its turn, those of other categories first; then calls go where new kinds of failure are to be
expected. What makes the system fail as is known stays out of mixtures, where it would hide the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crumple.case import Entry
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Result
from crumple.search.fuzz.arms import Arm, Fared
from crumple.search.fuzz.chances import Chances
from crumple.search.fuzz.pools import Pick, Pool
from crumple.targets import Target

_BY_CHANCE = 1 / 3
"""One call in so many goes where most is to be expected; the others go round, so that no mutator is forgotten."""
_LEAST = 0.02
_ALONE = 0.2
"""One call in so many has a single step, as bad as may be."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be tried.

    Attributes:
        case: the case's id.
        recipe: one to four steps.
        kind: the media type of the document that they act on.
        levels: the steps', by their mutators.
    """

    case: str
    recipe: Recipe
    kind: str
    levels: Mapping[str, float]

    @property
    def level(self) -> float:
        """The highest of its steps."""
        return max(self.levels.values())


class Explorer:
    """Draws what is tried next."""

    def __init__(
        self,
        registry: Registry,
        targets: Mapping[str, Sequence[Target]],
        entries: Sequence[Entry],
        rng: np.random.Generator,
    ) -> None:
        """Take what there is to draw from.

        Args:
            registry: the mutators.
            targets: mutator's name -> the documents that it may be tried on.
            entries: the cases that pass clean.
            rng: of all draws; they depend on nothing else but what is told between them.
        """
        chances = self._chances = Chances(rng)
        self._kinds = {Target(each.id, part): kind for each in entries for part, kind in each.documents}
        by_kind: dict[str, dict[str, list[Target]]] = {}
        for name, own in targets.items():
            for target in own:
                by_kind.setdefault(self._kinds[target], {}).setdefault(name, []).append(target)
        self._pools = {
            kind: Pool(_arms(registry, by_name, chances), chances) for kind, by_name in sorted(by_kind.items())
        }
        self._order = list(self._pools)
        chances.shuffle(self._order)
        self._fresh = deque(self._order)  # kinds of documents with mutators that were tried on none
        self._tried: set[str] = set()

    def draw(self, count: int) -> list[Drawn]:
        """The next ones."""
        return [self._one(self._chances) for _ in range(count)]

    def _one(self, chances: Chances) -> Drawn:
        kind, turns = self._kind(chances)
        pool = self._pools[kind]
        mixed = chances.share() >= _ALONE
        lead = pool.next_turn(self._tried, mixed=mixed) if turns else pool.drawn(chances)
        target = pool.target(lead)
        picks = pool.company(lead, target, alone=not mixed)
        picks.sort(key=_rank)
        levels: dict[str, float] = {}
        steps = []
        for arm, level in picks:
            steps.append(arm.mutator.step(level, chances.seed(), part=target.part))
            levels[arm.name] = level
        self._tried.update(levels)
        return Drawn(target.case, Recipe(tuple(steps)), kind, levels)

    def _kind(self, chances: Chances) -> tuple[str, bool]:
        """The kind of document, and whether it is some mutator's turn there."""
        while self._fresh:
            kind = self._fresh.popleft()
            if self._pools[kind].has_fresh(self._tried):
                self._fresh.append(kind)
                return kind, True
        turns = chances.share() >= _BY_CHANCE
        totals = [self._pools[kind].total for kind in self._order]
        # No kind of document is ever given up.
        least = _LEAST * sum(totals)
        at = chances.share() * sum(max(total, least) for total in totals)
        for kind, total in zip(self._order, totals, strict=True):
            at -= max(total, least)
            if at < 0:
                return kind, turns and self._pools[kind].has_turns
        return self._order[-1], False

    def skipped(self, drawn: Drawn) -> None:
        """It could not be carried out, or came to nothing."""
        self._carried(drawn, ())

    def passed(self, drawn: Drawn, result: Result) -> None:
        """The system stood it, or refused where it may."""
        pool, arms = self._pools[drawn.kind], self._carried(drawn, _names(result))
        assert result.verdict is not None
        if result.verdict.outcome is Outcome.REFUSED:
            self._fell(arms, drawn)
        else:
            for arm in arms:
                arm.stood(drawn.levels[arm.name])
        for arm in arms:
            pool.touch(arm)

    def failed(self, drawn: Drawn, result: Result, *, new: bool) -> None:
        """The system failed; `new` where it never failed so before."""
        pool, arms = self._pools[drawn.kind], self._carried(drawn, _names(result))
        for arm, share in zip(arms, self._fell(arms, drawn), strict=True):
            if new:
                arm.reward += share
            else:
                arm.known += share
            if len(arms) == 1:
                arm.triggers = True
            pool.touch(arm)

    @staticmethod
    def _fell(arms: Sequence[Arm], drawn: Drawn) -> list[float]:
        """The system did not stand it: the more likely that was for a step, the more it is put down to it."""
        doubts = [1 - arm.stands(drawn.levels[arm.name]) for arm in arms]
        total = sum(doubts)
        shares = [doubt / total for doubt in doubts]
        for arm, share in zip(arms, shares, strict=True):
            arm.fell(share, drawn.levels[arm.name])
        return shares

    def learned(self, first: Result, example: Result) -> None:
        """A failure was made smaller: what its example does without had no part in it.

        Args:
            first: what was met.
            example: the smallest that fails so.
        """
        parts = {step.part for step in first.work.recipe.steps}
        kind = self._kinds.get(Target(first.work.case, min(parts, default="")))
        if kind not in self._pools:  # known findings are called again with mutators that are not in use
            return
        pool, needed = self._pools[kind], _names(example)
        for name in dict.fromkeys((*_names(first), *needed)):
            arm = pool.arms.get(name)
            if arm is None:
                continue
            if name not in needed:
                arm.own.fell = max(0.0, arm.own.fell - 0.5)
            elif len(needed) == 1:
                arm.triggers = True
            pool.touch(arm)

    def _carried(self, drawn: Drawn, names: Iterable[str]) -> list[Arm]:
        """The arms that were carried out; those that were not may have another turn on this kind first."""
        pool, carried = self._pools[drawn.kind], set(names)
        arms = []
        for step in drawn.recipe.steps:
            arm = pool.arms[step.mutator]
            if step.mutator in carried:
                arm.was_called()
                arms.append(arm)
            else:
                arm.missed += 1
                if not arm.calls:
                    self._tried.discard(step.mutator)
                pool.touch(arm)
            if not arm.is_hopeless and not arm.triggers:
                pool.queue(arm)
        return arms


def _rank(pick: Pick) -> float:
    return pick[0].rank


def _names(result: Result) -> tuple[str, ...]:
    return tuple(step.mutator for step in result.work.recipe.steps)


def _arms(registry: Registry, by_name: Mapping[str, Sequence[Target]], chances: Chances) -> dict[str, Arm]:
    families: dict[str, Fared] = {}
    arms = {}
    for name, own in by_name.items():
        mutator = registry.get(name)
        family = families.setdefault(f"{mutator.category} {'lost' in mutator.truth}", Fared())
        arms[name] = Arm.of(mutator, own, family, chances.share())
    return arms
