"""How long calls take and what they cost, beside the baseline. For information: it never wakes anybody. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair
from crumple.statistics.paired import mcnemar
from crumple.statistics.quantiles import interval, quantile

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


def latency(pairs: Iterable[Pair]) -> Amount | None:
    """How long calls take, in seconds, beside the baseline; None where there is nothing to compare."""
    return _amount(pairs, lambda call: call.seconds, ("slower", "faster"), SECONDS)


def money(pairs: Iterable[Pair]) -> Amount | None:
    """What calls cost beside the baseline; None where they cost nothing, or nothing can be compared."""
    return _amount(pairs, lambda call: call.cost, ("dearer", "cheaper"), 0.0)


def _amount(pairs: Iterable[Pair], of: Callable[[Call], float], words: tuple[str, str], least: float) -> Amount | None:
    """Source: the sign test, of pairs that differ; the interval of the median ratio by order statistics.

    W. R. Thompson, "On confidence ranges for the median and other expectation distributions for populations of unknown
    distribution form", Annals of Mathematical Statistics 7 (1936), 122-128.
    """
    both = [(of(each.before), of(each.now)) for each in pairs if not (each.before.failure or each.now.failure)]
    both = [each for each in both if all(0 < amount < math.inf for amount in each)]
    if not both:
        return None
    ratios = [now / before for before, now in both]
    before, now, ratio = _median([each for each, _ in both]), _median([each for _, each in both]), _median(ratios)
    p = mcnemar(sum(each > 1 for each in ratios), sum(each < 1 for each in ratios))
    state = "same"
    if mcnemar(len(both), 0) > ALPHA:
        state = "unknown"
    elif p <= ALPHA and max(ratio, 1 / ratio) >= RATIO and abs(now - before) >= least:
        state = words[0] if ratio > 1 else words[1]
    low, high = (each if math.isfinite(each) else None for each in interval(ratios, 0.5, _EACH_SIDE))
    return Amount(state, len(both), before, now, ratio, low, high, p)


def _median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)
