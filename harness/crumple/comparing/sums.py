"""All cases of two runs, added up as they are read: of a million calls no more is held than of a thousand. Pure.

Only medians take two numbers a pair (`nightly.amounts.Taken`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crumple.comparing.ends import Ends, ends_of
from crumple.comparing.pairing import Paired, case_by_case
from crumple.comparing.sides import Side
from crumple.comparing.telling import ToLookAt, simpler
from crumple.nightly.amounts import latency, money
from crumple.nightly.baseline import CLEAN, category_of
from crumple.nightly.pairs import Pair


class Sums:
    """What can be compared, and what cannot.

    Attributes:
        ends: mutator -> how its pairs ended; "" is the clean calls.
        calls: of the first and of the second, mutator -> how many calls it has.
        cases: how many have a pair.
        to_look_at: the documents that say most.
        common: mutator -> the simplest degraded document on which both fail.
        latency, money: what calls take.
    """

    def __init__(self) -> None:
        """Of nothing yet."""
        self.ends: dict[str, Ends] = {}
        self.calls: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.cases = 0
        self.to_look_at = ToLookAt()
        self.common: dict[str, Pair] = {}
        self.latency, self.money = latency(), money()
        self._alone: tuple[Counter[str], Counter[str]] = (Counter(), Counter())

    def add(self, paired: Paired) -> None:
        """Take in what was made of a case."""
        for calls, side in zip(self.calls, (paired.first, paired.second), strict=True):
            calls.update(each.mutator for each in side.calls.values())
        for alone, own in zip(self._alone, paired.alone, strict=True):
            alone.update(own)
        self.cases += len({each.now.case for each in paired.pairs})
        for pair in paired.pairs:
            self._add(pair)

    def _add(self, pair: Pair) -> None:
        before, now = pair.before, pair.now
        ends = self.ends.setdefault(now.mutator, Counter())
        ends[ends_of(pair)] += 1
        self.latency.add(pair)
        self.money.add(pair)
        if before.failure or now.failure:
            self.to_look_at.add(pair)
        if before.failure and now.failure and now.mutator:
            known = self.common.get(now.mutator)
            self.common[now.mutator] = pair if known is None else simpler(known, pair)

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return sum(each.total() for each in self.ends.values())

    @property
    def degraded(self) -> int:
        """How many of them are of degraded documents."""
        return sum(each.total() for name, each in self.ends.items() if name)

    @property
    def alone(self) -> Mapping[str, tuple[int, int]]:
        """Why -> how many calls of the first, and of the second, have no partner; what most have comes first."""
        mine, theirs = self._alone
        ranked = sorted({*mine, *theirs}, key=lambda why: (-mine[why] - theirs[why], why))
        return {why: (mine[why], theirs[why]) for why in ranked}

    def by_category(self) -> dict[str, Ends]:
        """Category -> how its pairs ended; "clean" is one."""
        found: dict[str, Ends] = {}
        for name, each in self.ends.items():
            found.setdefault(category_of(name), Counter()).update(each)
        return found


def side_by_side(first: Side, second: Side) -> Sums:
    """Add up two runs, reading both once."""
    found = Sums()
    for paired in case_by_case(first, second):
        found.add(paired)
    return found


def calls_of_category(calls: Mapping[str, int]) -> dict[str, int]:
    """How many calls there are of each category, by its name; "clean" is the first."""
    found: Counter[str] = Counter()
    for name, number in calls.items():
        found[category_of(name)] += number
    return {CLEAN: found.pop(CLEAN, 0), **dict(sorted(found.items()))}
