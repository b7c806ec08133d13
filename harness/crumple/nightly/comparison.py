"""Which categories got worse since the baseline, so seldom wrong as was asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple.nightly.pairs import Pair
from crumple.statistics.multiple import holm
from crumple.statistics.paired import mcnemar


@dataclass(frozen=True, slots=True)
class Compared:
    """One category.

    Attributes:
        category: its name; "clean" is one.
        state: "worse", "better", "same", or "unknown" (nothing could be compared).
        pairs: how many calls were compared.
        before: how many of them failed in the baseline.
        now: how many failed tonight.
        worse: the pairs of which only tonight's failed.
        better: those of which only the baseline's failed.
        p: the two-sided p-value of "it is as it was".
    """

    category: str
    state: str
    pairs: int
    before: int
    now: int
    worse: Sequence[Pair] = ()
    better: Sequence[Pair] = ()
    p: float = 1.0


def compared(pairs: Mapping[str, Sequence[Pair]], categories: Sequence[str], alpha: float) -> list[Compared]:
    """Every category beside its baseline.

    Args:
        pairs: category -> its pairs.
        categories: every category that the baseline has.
        alpha: how often, of nights without any change, one may be called worse.
    """
    found = [_counted(each, pairs.get(each, ())) for each in categories]
    # Both sides are looked at, and only one of them is an alarm.
    rejected = holm([each.p / (2 * alpha) for each in found])
    return [_settled(each, known) for each, known in zip(found, rejected, strict=True)]


def _counted(category: str, pairs: Sequence[Pair]) -> Compared:
    worse = [each for each in pairs if each.worse]
    better = [each for each in pairs if each.better]
    before, now = sum(each.before.failure for each in pairs), sum(each.now.failure for each in pairs)
    p = mcnemar(len(worse), len(better))
    return Compared(category, "same" if pairs else "unknown", len(pairs), before, now, worse, better, p)


def _settled(each: Compared, known: bool) -> Compared:
    if not known:
        return each
    state = "worse" if len(each.worse) > len(each.better) else "better"
    return Compared(each.category, state, each.pairs, each.before, each.now, each.worse, each.better, each.p)
