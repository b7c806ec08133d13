"""Which categories got worse since the baseline, so seldom wrong as was asked for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from crumple.nightly.baseline import ALL
from crumple.nightly.pairs import Pair
from crumple.statistics.discrete import Claim, discrete_holm
from crumple.statistics.paired import mcnemar, mcnemar_at_most, mcnemar_worse


@dataclass(frozen=True, slots=True)
class Alarms:
    """How often a night without any change may wake somebody.

    Attributes:
        alpha: in all: the expected share of such nights.
        pairs_alpha: the part of it for tonight beside the baseline.
        drift_alpha: the part of it for tonight and the nights before.
    """

    alpha: float
    pairs_alpha: float
    drift_alpha: float


def alarms(per_night: float) -> Alarms:
    """Share out what was asked for: half to the baseline, half to slow change.

    Raises:
        ValueError: it is not above 0 and below 1.
    """
    if not 0 < per_night < 1:
        raise ValueError(f"alarms a night are above 0 and below 1, got {per_night}")
    return Alarms(per_night, per_night / 2, per_night / 2)


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs, counted.

    Attributes:
        pairs: how many calls were compared.
        before: how many of them failed in the baseline.
        now: how many failed tonight.
        worse: how many failed tonight alone.
        better: how many failed in the baseline alone.
    """

    pairs: int = 0
    before: int = 0
    now: int = 0
    worse: int = 0
    better: int = 0

    @property
    def both(self) -> int:
        """How many failed both times."""
        return self.now - self.worse

    @classmethod
    def of(cls, cells: Counter[tuple[bool, bool]]) -> Counts:
        """Of pairs by whether the first failed, and whether the second did."""
        both, worse, better = cells[True, True], cells[False, True], cells[True, False]
        return cls(cells.total(), both + better, both + worse, worse, better)

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


def counted(pairs: Iterable[Pair]) -> Counts:
    """Count pairs."""
    return Counts.of(Counter((each.before.failure, each.now.failure) for each in pairs))


@dataclass(frozen=True, slots=True)
class Compared:
    """One category.

    Attributes:
        category: its name; "clean" is one, and "all" is all pairs together.
        state: "worse", "better", "same" (nothing is shown), or "unknown" (too little could be compared to show it).
        counts: of its pairs.
        p: the two-sided p-value of "it is as it was", of this row alone.
        why: of "unknown": what it would take.
    """

    category: str
    state: str
    counts: Counts
    p: float = 1.0
    why: str = ""


def compared(counts: Mapping[str, Counts], categories: Sequence[str], alpha: float) -> list[Compared]:
    """Every category beside its baseline, and all of them together, clean calls included, as the last row, "all".

    What got a little worse everywhere is seen there.

    Only pairs that came out differently say anything. If each call fails with a probability of its own that has not
    changed, and calls have nothing to do with each other, each of those is as likely to have got worse as better,
    whatever the probabilities are, and however many versions of one document there are. So of nights without any
    change at most a share of alpha has a row that is worse. Not promised is that for noise that many calls of a night
    have in common, nor for a baseline that was chosen because it was good.

    Args:
        counts: category -> its pairs, of which none is in two.
        categories: every category that the baseline has.
        alpha: how often, of nights without any change, one may be called worse.

    Source: as `paired.mcnemar_worse` and `discrete.discrete_holm`. A row without enough pairs that came out
    differently takes nothing of alpha from the others; "all" takes nothing where one category has all such pairs.
    """
    names = [each for each in dict.fromkeys((*categories, *counts)) if each != ALL]
    own = {name: counts.get(name, Counts()) for name in names}
    own[ALL] = sum(own.values(), Counts())
    differing = {name: _differing(name, own) for name in own}
    worse = discrete_holm([_claim(each.worse, each.better, differing[name]) for name, each in own.items()], alpha)
    better = discrete_holm([_claim(each.better, each.worse, differing[name]) for name, each in own.items()], alpha)
    rows = [Compared(name, "same", each, mcnemar(each.worse, each.better)) for name, each in own.items()]
    return [_settled(*each, alpha) for each in zip(rows, worse, better, strict=True)]


def _differing(name: str, counts: Mapping[str, Counts]) -> frozenset[str]:
    """The categories whose pairs a row is judged by: what two rows have in common, as no pair is in two categories."""
    return frozenset(
        each for each, own in counts.items() if each != ALL and name in {each, ALL} and own.worse + own.better
    )


def _claim(more: int, less: int, of: frozenset[str]) -> Claim:
    return Claim(mcnemar_worse(more, less), lambda share: mcnemar_at_most(more + less, share), of)


def _settled(row: Compared, worse: bool, better: bool, alpha: float) -> Compared:
    if worse or better:
        return replace(row, state="worse" if worse else "better")
    why = _lacking(row, alpha)
    return replace(row, state="unknown", why=why) if why else row


def _lacking(row: Compared, alpha: float) -> str:
    """Why a row could not have been called worse, whatever tonight had shown; "" where it could."""
    pairs, before = row.counts.pairs, row.counts.before
    if not pairs:
        return "nothing could be compared"
    right, needed = pairs - before, fewest(alpha)
    if right >= needed:
        return ""
    of = f"{pairs} were compared" if right == pairs else f"{right} of {pairs} were right in the baseline"
    return f"it takes {needed} that turn wrong to tell that from chance, and only {of}"


def fewest(alpha: float) -> int:
    """How many pairs must get worse, where none gets better, for one row alone to be called worse."""
    count = 1
    while mcnemar_worse(count, 0) > alpha:
        count += 1
    return count
