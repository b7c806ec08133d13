"""The mutators that act on one kind of document: whose turn it is, and what is to be expected of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from crumple.search.fuzz.arms import WORST, Arm
from crumple.search.fuzz.chances import Chances
from crumple.targets import Target

_MOST_STEPS = 4
_LOOKED_AT = 16
_EVERYDAY = 0.7
"""What the system stands only below this level shows nothing beside others."""
_GOOD, _AT = 0.6, 2.0
"""What a mixture begins with, the system is to stand so likely at this level."""


_WORTH = 1.05
"""By how much more a recipe is to show for one more step: who is at fault is the harder to tell."""
_SHARE = 0.9
"""A category of many mutators has more turns than one of few, but not as many more: 1 would be as many, 0 no more."""


Pick: TypeAlias = tuple[Arm, float]
"""A mutator and a level."""


class Pool:
    """A kind of document.

    Attributes:
        arms: by the mutators' names.
        total: what is to be expected of all of them.
    """

    def __init__(self, arms: Mapping[str, Arm], chances: Chances) -> None:
        """Nothing was tried yet."""
        self.arms = arms
        self._list = list(arms.values())
        for at, arm in enumerate(self._list):
            arm.at, arm.weight = at, arm.expected()
        self._fresh = _in_turn(self._list, chances)
        self._again: list[Arm] = []
        self._queued = [True] * len(self._list)
        self._weights = [arm.weight for arm in self._list]
        self._sums: list[float] = []
        self.total = sum(self._weights)
        self._turn = chances.below(1000)
        # Neighbours do much the same: they are not put together where there are others.
        self._varied = len({arm.module for arm in self._list}) > _MOST_STEPS
        most = max(len(arm.targets) for arm in self._list)
        self._narrow = {arm.at: frozenset(arm.targets) for arm in self._list if len(arm.targets) < most}

    def has_fresh(self, tried: set[str]) -> bool:
        """Whether there is a mutator that nothing was tried with, on any kind of document."""
        while self._fresh and self._fresh[0].name in tried:
            self._again.append(self._fresh.pop(0))
        return bool(self._fresh)

    @property
    def has_turns(self) -> bool:
        """Whether there is a mutator whose turn has not come."""
        return bool(self._fresh or self._again)

    def queue(self, arm: Arm) -> None:
        """It is to have another turn."""
        if not self._queued[arm.at]:
            self._queued[arm.at] = True
            self._again.append(arm)

    def touch(self, arm: Arm) -> None:
        """Something new is known of it."""
        before, arm.weight = arm.weight, arm.expected()
        self._weights[arm.at] = arm.weight
        self.total += arm.weight - before
        self._sums = []

    def target(self, arm: Arm) -> Target:
        """A document for it, in turn."""
        self._turn += 1
        return arm.targets[self._turn % len(arm.targets)]

    def next_turn(self, tried: set[str], *, mixed: bool) -> Arm:
        """Whose turn it is."""
        fresh = self.has_fresh(tried)
        queue = self._fresh if fresh else self._again
        # At first those that most can be put beside; later each when it is its turn.
        good = (at for at, arm in enumerate(queue[:_LOOKED_AT]) if arm.stands(_AT) >= _GOOD)
        at = next(good, 0) if mixed and fresh else 0
        arm = queue.pop(at)
        self._queued[arm.at] = False
        return arm

    def drawn(self, chances: Chances) -> Arm:
        """One at random, in proportion to what is to be expected."""
        sums = self._sums = self._sums or list(accumulate(self._weights))
        return self._list[min(bisect_right(sums, chances.share() * sums[-1]), len(sums) - 1)]

    def company(self, lead: Arm, target: Target, *, alone: bool) -> list[Pick]:
        """A mutator and others that are tried with it in one recipe.

        One more is worth it where what it may show outweighs what it may hide.
        """
        top = WORST if alone else lead.ceiling
        level = lead.next_level(top, min(lead.stood_at, top) / 2)
        picks = [(lead, level)]
        if alone or lead.triggers:
            return picks
        # What the recipe may show: of each step what is expected of it, where the system stands the others.
        value, stands = lead.weight * lead.applies, 1 - lead.harm(level)
        for queue in (self._fresh, self._again):
            for arm in queue[:_LOOKED_AT]:
                if len(picks) == _MOST_STEPS:
                    return picks
                if not self._goes_with(arm, picks, target):
                    continue
                level = arm.next_level(arm.mild)
                each = 1 - arm.harm(level)
                worth = value * each + arm.weight * arm.applies * stands
                if worth > value * _WORTH:
                    picks.append((arm, level))
                    value, stands = worth, stands * each
                    queue.remove(arm)
                    self._queued[arm.at] = False
        return picks

    def _goes_with(self, arm: Arm, picks: Sequence[Pick], target: Target) -> bool:
        if arm.triggers or arm.is_hopeless or arm.mild < _EVERYDAY:
            return False
        for other, _ in picks:
            if (arm.edits and other.edits) or (arm.lossy and other.lossy):
                return False
            if self._varied and arm.module == other.module:
                return False
        return arm.at not in self._narrow or target in self._narrow[arm.at]


def _in_turn(arms: Sequence[Arm], chances: Chances) -> list[Arm]:
    """An order in which mutators of other categories, and of other modules in a category, come first."""
    by_category: dict[str, dict[str, list[Arm]]] = {}
    for arm in arms:
        by_category.setdefault(arm.mutator.category, {}).setdefault(arm.mutator.module, []).append(arm)
    placed: list[tuple[float, int, Arm]] = []
    for modules in by_category.values():
        rows = list(modules.values())
        for row in rows:
            chances.shuffle(row)
        chances.shuffle(rows)
        own = [row[at] for at in range(max(map(len, rows))) for row in rows if at < len(row)]
        start = chances.share()
        placed += [((at + start) / len(own) ** _SHARE, len(placed) + at, arm) for at, arm in enumerate(own)]
    return [arm for _, _, arm in sorted(placed, key=lambda each: each[:2])]
