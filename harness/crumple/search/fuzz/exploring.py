"""Where the calls of a search go: a bandit over mutators and kinds of documents, with a floor for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crumple.case import Entry
from crumple.plan import Plan, Target
from crumple.recipe import Recipe
from crumple.result import Result

_SEEDS = 1_000_000
_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be tried.

    Attributes:
        case: the case's id.
        recipe: one to four steps.
    """

    case: str
    recipe: Recipe


class Explorer:
    """Draws what is tried next."""

    def __init__(self, plan: Plan, targets: Mapping[str, Sequence[Target]], entries: Sequence[Entry]) -> None:
        """Take what there is to draw from.

        Args:
            plan: its registry has the mutators.
            targets: mutator's name -> the documents that it may be tried on.
            entries: the cases that pass clean.
        """
        self._plan = plan
        self._kinds = {(each.id, part): kind for each in entries for part, kind in each.documents}
        by_target: dict[Target, list[str]] = {}
        for name, own in targets.items():
            for target in own:
                by_target.setdefault(target, []).append(name)
        self._by_target = by_target
        self._pool = list(by_target)

    def draw(self, rng: np.random.Generator) -> Drawn:
        """The next one."""
        target = self._pool[int(rng.integers(len(self._pool)))]
        names = self._by_target[target]
        count = min(len(names), int(rng.integers(1, _MOST_STEPS + 1)))
        steps = []
        for at in rng.choice(len(names), size=count, replace=False).tolist():
            mutator = self._plan.registry.get(names[at])
            steps.append(mutator.step(5 * (1 - rng.random()), int(rng.integers(1, _SEEDS)), part=target.part))
        return Drawn(target.case, Recipe(tuple(steps)))

    def told(self, drawn: Drawn, result: Result, *, new: bool) -> None:
        """What came of one; `new` where it was the first failure of its kind."""
