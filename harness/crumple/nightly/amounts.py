"""How long calls take and what they cost, beside the baseline. For information: it never wakes anybody. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

import numpy as np

from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair
from crumple.statistics.paired import mcnemar
from crumple.statistics.quantiles import Numbers, interval, quantile

RATIO: Final = 1.2
"""Machines differ from night to night: less than a fifth more or less is nothing to speak of."""
ALPHA: Final = 0.001
SECONDS: Final = 0.002
"""Nor is less than this, in seconds: what starting a timer and rounding make of it."""
_EACH_SIDE: Final = 0.975


@dataclass(frozen=True, slots=True)
class Amount:
    """What calls took then and now.

    Attributes:
        state: "slower", "faster"; of money "dearer", "cheaper"; "same", or "unknown": too few pairs to tell.
        pairs: how many calls were compared: those that failed neither time, and took something both times.
        before: the median in the baseline.
        now: the median tonight.
        ratio: the median of what each call takes now over what it took then.
        low: the lower end of its 95 % interval; None where there are too few pairs for one.
        high: the upper end; None likewise.
        p: the two-sided p-value of "as many took more as took less".
    """

    state: str
    pairs: int
    before: float
    now: float
    ratio: float
    low: float | None
    high: float | None
    p: float

    def to_json(self) -> dict[str, Any]:
        """As it stands in a night's document."""
        return {name: getattr(self, name) for name in self.__slots__}


class Taken:
    """What calls took then and now, of some kind: two numbers a pair, which medians are made of."""

    def __init__(self, of: Callable[[Call], float], words: tuple[str, str], least: float) -> None:
        """Of no pair yet.

        Args:
            of: what a call took.
            words: for more and for less.
            least: less than this between two medians is nothing to speak of.
        """
        self._of, self._words, self._least = of, words, least
        self._before, self._now = array("d"), array("d")

    def add(self, pair: Pair) -> None:
        """Take a pair in, where it failed neither time and took something both times."""
        if pair.before.failure or pair.now.failure:
            return
        before, now = self._of(pair.before), self._of(pair.now)
        if 0 < before < math.inf and 0 < now < math.inf:
            self._before.append(before)
            self._now.append(now)

    def amount(self) -> Amount | None:
        """The one beside the other; None where there is nothing to compare.

        Source: the sign test, of pairs that differ; the interval of the median ratio by order statistics.

        W. R. Thompson, "On confidence ranges for the median and other expectation distributions for populations of
        unknown distribution form", Annals of Mathematical Statistics 7 (1936), 122-128.
        """
        if not self._now:
            return None
        then, tonight = np.frombuffer(self._before), np.frombuffer(self._now)
        with np.errstate(over="ignore", under="ignore"):
            ratios = tonight / then
        before, now, ratio = _median(then), _median(tonight), _median(ratios)
        p = mcnemar(int(np.count_nonzero(ratios > 1)), int(np.count_nonzero(ratios < 1)))
        state = "same"
        if mcnemar(len(ratios), 0) > ALPHA:
            state = "unknown"
        elif p <= ALPHA and max(ratio, 1 / ratio) >= RATIO and abs(now - before) >= self._least:
            state = self._words[0] if ratio > 1 else self._words[1]
        low, high = (each if math.isfinite(each) else None for each in interval(ratios, 0.5, _EACH_SIDE))
        return Amount(state, len(ratios), before, now, ratio, low, high, p)


def latency(pairs: Iterable[Pair] = ()) -> Taken:
    """How long calls take, in seconds: of these pairs, and of all that are added."""
    return _taken(Taken(attrgetter("seconds"), ("slower", "faster"), SECONDS), pairs)


def money(pairs: Iterable[Pair] = ()) -> Taken:
    """What calls cost, which may be nothing: of these pairs, and of all that are added."""
    return _taken(Taken(attrgetter("cost"), ("dearer", "cheaper"), 0.0), pairs)


def _taken(found: Taken, pairs: Iterable[Pair]) -> Taken:
    for each in pairs:
        found.add(each)
    return found


def _median(values: Numbers) -> float:
    return quantile(values, 0.5)
