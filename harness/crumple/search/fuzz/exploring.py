"""Where the calls of a search go: a bandit over mutators and kinds of documents, with a floor for each.

Several mutators that leave the system no excuse are tried in one call: where it stands the mixture, all are tested. At
first each mutator has its turn, those of other categories first; then calls go where new kinds of failure are to be
expected. What makes the system fail as is known stays out of mixtures, where it would hide the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crumple.case import Entry
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.plan import Target
from crumple.recipe import Recipe
from crumple.result import Result
from crumple.search.fuzz.arms import WORST, Arm, Company
from crumple.search.fuzz.chances import Chances
from crumple.search.fuzz.pools import Pool

_ANY = 1 / 3
"""One call in so many goes where most is to be expected even while some have not had their turn on each kind."""
_LEAST = 0.02
_MILD = 3.0
_TURNS = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be tried.

    Attributes:
        case: the case's id.
        recipe: one to four steps.
        kind: the media type of the document that they act on.
    """

    case: str
    recipe: Recipe
    kind: str


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
            rng: of the order of turns.
        """
        chances = Chances(rng)
        self._kinds = {Target(each.id, part): kind for each in entries for part, kind in each.documents}
        by_kind: dict[str, dict[str, list[Target]]] = {}
        for name, own in targets.items():
            for target in own:
                by_kind.setdefault(self._kinds[target], {}).setdefault(name, []).append(target)
        self._pools = {
            kind: Pool({name: Arm.of(registry.get(name), own) for name, own in by_name.items()}, chances)
            for kind, by_name in sorted(by_kind.items())
        }
        self._order = list(self._pools)
        chances.shuffle(self._order)
        self._turn = 0
        self._tried: set[str] = set()

    def draw(self, count: int, rng: np.random.Generator) -> list[Drawn]:
        """The next ones."""
        chances = Chances(rng)
        return [self._one(chances) for _ in range(count)]

    def _one(self, chances: Chances) -> Drawn:
        kind, turns = self._kind(chances)
        pool = self._pools[kind]
        lead = pool.next_turn(self._tried) if turns else pool.drawn(chances)
        target = pool.target(lead)
        group = pool.company(lead, target, chances, turns=turns)
        self._tried.update(arm.mutator.name for arm in group)
        steps = [
            (arm.rank, chances.share(), arm.mutator.step(_level(arm, group, chances), chances.seed(), part=target.part))
            for arm in group
        ]
        steps.sort(key=lambda each: each[:2])
        return Drawn(target.case, Recipe(tuple(step for _, _, step in steps)), kind)

    def _kind(self, chances: Chances) -> tuple[str, bool]:
        """The kind of document, and whether it is some mutator's turn there."""
        for fresh in (True, False):
            for _ in self._order:
                kind = self._order[self._turn % len(self._order)]
                self._turn += 1
                pool = self._pools[kind]
                if pool.has_fresh(self._tried) if fresh else pool.has_turns:
                    return kind, True
            if chances.share() < _ANY:
                break
        totals = [self._pools[kind].total for kind in self._order]
        # No kind of document is ever given up.
        least = _LEAST * sum(totals)
        at = chances.share() * sum(max(total, least) for total in totals)
        for kind, total in zip(self._order, totals, strict=True):
            at -= max(total, least)
            if at < 0:
                return kind, False
        return self._order[-1], False

    def skipped(self, drawn: Drawn) -> None:
        """It could not be carried out, or came to nothing."""
        self._carried(drawn, ())

    def passed(self, drawn: Drawn, result: Result) -> None:
        """The system stood it, or refused where it may."""
        pool, arms = self._pools[drawn.kind], self._carried(drawn, _names(result))
        assert result.verdict is not None
        refused = result.verdict.outcome is Outcome.REFUSED
        if any(arm.company is Company.EXCUSED for arm in arms):
            pool.learn_excused(refused=refused)
        if len(arms) > 1:
            pool.learn_mixture(len(arms), failed=False)
        for arm in arms:
            if not refused or len(arms) == 1:
                arm.cleared += 1
                arm.suspect = False
            elif arm.company is Company.EXCUSED or arm.lossy:
                # It may be what the system refused; alone it hides nothing.
                arm.company = Company.ALONE
                self._queue(pool, arm)
            else:
                self._queue(pool, arm)
            pool.touch(arm)

    def failed(self, drawn: Drawn, result: Result, *, new: bool) -> None:
        """The system failed; `new` where it never failed so before."""
        pool, arms = self._pools[drawn.kind], self._carried(drawn, _names(result))
        if len(arms) > 1:
            pool.learn_mixture(len(arms), failed=True)
        guilty = [arm for arm in arms if arm.triggers] if len(arms) > 1 else arms
        for arm in arms:
            if new:
                arm.reward += 1 / len(arms)
            if len(arms) == 1:
                arm.triggers, arm.suspect = True, False
            if arm in guilty:
                arm.known += not new
            elif guilty or arm.cleared:
                self._queue(pool, arm)
            else:
                # Each of those that the system was never seen to stand may be it.
                arm.known += not new
                arm.suspect = True
                self._queue(pool, arm)
            pool.touch(arm)

    def learned(self, first: Result, example: Result) -> None:
        """A failure was made smaller: what its example does without had no part in it.

        Args:
            first: what was met.
            example: the smallest that fails so.
        """
        parts = {step.part for step in first.work.recipe.steps}
        kind = self._kinds.get(Target(first.work.case, min(parts, default="")))
        if kind is None:
            return
        pool, needed = self._pools[kind], _names(example)
        for name in dict.fromkeys((*_names(first), *needed)):
            arm = pool.arms.get(name)
            if arm is None:
                continue
            if name not in needed:
                arm.suspect = False
                if not arm.cleared:
                    self._queue(pool, arm)
            elif len(needed) == 1:
                arm.triggers, arm.suspect = True, False
            pool.touch(arm)

    def _carried(self, drawn: Drawn, names: Iterable[str]) -> list[Arm]:
        """The arms that were carried out; those that were not may have another turn."""
        pool, carried = self._pools[drawn.kind], set(names)
        arms = []
        for step in drawn.recipe.steps:
            arm = pool.arms[step.mutator]
            if step.mutator in carried:
                arm.was_called()
                arms.append(arm)
                if _has_choices(arm) and arm.calls == 1:
                    self._queue(pool, arm)
            else:
                arm.missed += 1
                if not arm.calls and not arm.is_hopeless:
                    self._tried.discard(step.mutator)
                    self._queue(pool, arm)
            pool.touch(arm)
        return arms

    @staticmethod
    def _queue(pool: Pool, arm: Arm) -> None:
        if arm.calls + arm.missed < _TURNS:
            pool.queue(arm)


def _names(result: Result) -> tuple[str, ...]:
    return tuple(step.mutator for step in result.work.recipe.steps)


def _has_choices(arm: Arm) -> bool:
    return arm.mutator.ladder is not None and isinstance(arm.mutator.ladder.rungs[0], str)


def _level(arm: Arm, group: Sequence[Arm], chances: Chances) -> float:
    """How bad: in a mixture so bad that the system has no excuse; at first near the worst, later anything."""
    mixed = len(group) > 1
    top = arm.ceiling if mixed or chances.share() < 0.5 else WORST
    if mixed and arm.lossy:
        top = min(top, _MILD)
    if _has_choices(arm) or arm.calls:
        return chances.between(0.0, top)
    return top if chances.share() < 0.25 else chances.between(max(top - 2, top / 2), top)
