"""The mutators that act on one kind of document: whose turn it is, and what is to be expected of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from crumple.plan import Target
from crumple.search.fuzz.arms import Arm, Company
from crumple.search.fuzz.chances import Chances

_MOST_STEPS = 4
_LOOKED_AT = 24
_FADES = 0.97


class Pool:
    """A kind of document.

    Attributes:
        arms: by the mutators' names.
        refused: how many calls out of `excused` the system refused, where that is acceptable.
    """

    def __init__(self, arms: Mapping[str, Arm], chances: Chances) -> None:
        """Nothing was tried yet."""
        self.arms = arms
        self._list = list(arms.values())
        self._at = {id(arm): at for at, arm in enumerate(self._list)}
        self._fresh = _in_turn(self._list, chances)
        self._again: list[Arm] = []
        self._queued = set(map(id, self._list))
        self._weights = [arm.weight for arm in self._list]
        self._sums: list[float] | None = None
        self._turn = chances.below(1000)
        most = max(len(arm.targets) for arm in self._list)
        self._narrow = {id(arm): frozenset(arm.targets) for arm in self._list if len(arm.targets) < most}
        self._steps, self._failures = 4.0, 0.2
        self._excused, self._refused = 1.0, 0.5

    @property
    def total(self) -> float:
        """What is to be expected of all of it."""
        return self._cumulated()[-1]

    def has_fresh(self, tried: set[str]) -> bool:
        """Whether there is a mutator that nothing was tried with, on any kind of document."""
        while self._fresh and self._fresh[0].mutator.name in tried:
            self._again.append(self._fresh.pop(0))
        return bool(self._fresh)

    @property
    def has_turns(self) -> bool:
        """Whether there is a mutator whose turn has not come."""
        return bool(self._fresh or self._again)

    def queue(self, arm: Arm) -> None:
        """It is to have another turn."""
        if id(arm) not in self._queued:
            self._queued.add(id(arm))
            self._again.append(arm)

    def touch(self, arm: Arm) -> None:
        """Something new is known of it."""
        self._weights[self._at[id(arm)]] = arm.weight
        self._sums = None

    def learn_mixture(self, steps: int, *, failed: bool) -> None:
        """What came of a mixture: it says how many steps a mixture is to have."""
        self._steps = self._steps * _FADES + steps
        self._failures = self._failures * _FADES + failed

    def learn_excused(self, *, refused: bool) -> None:
        """Whether the system refused what it may refuse."""
        self._excused += 1
        self._refused += refused

    def target(self, arm: Arm) -> Target:
        """A document for it, in turn."""
        self._turn += 1
        return arm.targets[self._turn % len(arm.targets)]

    def next_turn(self, tried: set[str]) -> Arm:
        """Whose turn it is."""
        queue = self._fresh if self.has_fresh(tried) else self._again
        arm = queue.pop(0)
        self._queued.discard(id(arm))
        return arm

    def drawn(self, chances: Chances) -> Arm:
        """One at random, in proportion to what is to be expected."""
        sums = self._cumulated()
        return self._list[min(bisect_right(sums, chances.share() * sums[-1]), len(sums) - 1)]

    def company(self, lead: Arm, target: Target, chances: Chances, *, turns: bool) -> list[Arm]:
        """A mutator and others that are tried with it in one recipe."""
        group = [lead]
        size = self._size(lead)
        if turns:
            for queue in (self._fresh, self._again):
                for arm in queue[:_LOOKED_AT]:
                    if len(group) < size and self._goes_with(arm, group, target):
                        group.append(arm)
                        queue.remove(arm)
                        self._queued.discard(id(arm))
        for _ in range(3 * (size - len(group))):
            arm = self.drawn(chances)
            if len(group) < size and self._goes_with(arm, group, target):
                group.append(arm)
        return group

    def _size(self, lead: Arm) -> int:
        if lead.triggers or lead.company is Company.ALONE:
            return 1
        if lead.company is Company.EXCUSED:
            share = self._refused / self._excused
            return 3 if share < 0.2 else 2 if share < 0.6 else 1
        if lead.suspect:
            return 2
        # So many that about every other mixture has none of those that fail as others do.
        return max(1, min(_MOST_STEPS, int(0.7 * self._steps / self._failures)))

    def _goes_with(self, arm: Arm, group: Sequence[Arm], target: Target) -> bool:
        lead = group[0]
        if arm.triggers or arm.is_hopeless or (arm.company, arm.suspect) != (lead.company, lead.suspect):
            return False
        module = arm.mutator.module
        if any(
            module == each.mutator.module or (arm.edits and each.edits) or (arm.lossy and each.lossy) for each in group
        ):
            return False
        return id(arm) not in self._narrow or target in self._narrow[id(arm)]

    def _cumulated(self) -> list[float]:
        if self._sums is None:
            self._sums = list(accumulate(self._weights))
        return self._sums


def _in_turn(arms: Sequence[Arm], chances: Chances) -> list[Arm]:
    """An order in which mutators of other categories, and of other modules in a category, come first.

    A category of many mutators has more turns than one of few, but not as many more.
    """
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
        placed += [((at + start) / len(own) ** 0.5, len(placed) + at, arm) for at, arm in enumerate(own)]
    return [arm for _, _, arm in sorted(placed, key=lambda each: each[:2])]
