"""Which categories got worse since the baseline, so seldom wrong as was asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
class Compared:
    """One category.

    Attributes:
        category: its name; "clean" is one, and "all" is all pairs together.
        state: "worse", "better", "same" (nothing is shown), or "unknown" (too little could be compared to show it).
        pairs: how many calls were compared.
        before: how many of them failed in the baseline.
        now: how many failed tonight.
        worse: the pairs of which only tonight's failed.
        better: those of which only the baseline's failed.
        p: the two-sided p-value of "it is as it was", of this row alone.
        why: of "unknown": what it would take.
    """

    category: str
    state: str
    pairs: int
    before: int
    now: int
    worse: Sequence[Pair] = ()
    better: Sequence[Pair] = ()
    p: float = 1.0
    why: str = ""


def compared(pairs: Mapping[str, Sequence[Pair]], categories: Sequence[str], alpha: float) -> list[Compared]:
    """Every category beside its baseline, and all of them together, clean calls included, as the last row, "all".

    What got a little worse everywhere is seen there.

    Only pairs that came out differently say anything. If each call fails with a probability of its own that has not
    changed, and calls have nothing to do with each other, each of those is as likely to have got worse as better,
    whatever the probabilities are, and however many versions of one document there are. So of nights without any
    change at most a share of alpha has a row that is worse. Not promised is that for noise that many calls of a night
    have in common, nor for a baseline that was chosen because it was good.

    Args:
        pairs: category -> its pairs.
        categories: every category that the baseline has.
        alpha: how often, of nights without any change, one may be called worse.

    Source: as `paired.mcnemar_worse` and `discrete.discrete_holm`. A row without enough pairs that came out
    differently takes nothing of alpha from the others; "all" takes nothing where one category has all such pairs.
    """
    names = [each for each in dict.fromkeys((*categories, *pairs)) if each != ALL]
    rows = [_counted(each, pairs.get(each, ())) for each in names]
    rows.append(_counted(ALL, [pair for each in names for pair in pairs.get(each, ())]))
    worse = discrete_holm([_claim(each, len(each.worse), len(each.better)) for each in rows], alpha)
    better = discrete_holm([_claim(each, len(each.better), len(each.worse)) for each in rows], alpha)
    return [_settled(*each, alpha) for each in zip(rows, worse, better, strict=True)]


def _counted(category: str, pairs: Sequence[Pair]) -> Compared:
    worse = [each for each in pairs if each.worse]
    better = [each for each in pairs if each.better]
    before, now = sum(each.before.failure for each in pairs), sum(each.now.failure for each in pairs)
    return Compared(category, "same", len(pairs), before, now, worse, better, mcnemar(len(worse), len(better)))


def _claim(row: Compared, more: int, less: int) -> Claim:
    differing = more + less
    of = frozenset(each.now.key for each in (*row.worse, *row.better))
    return Claim(mcnemar_worse(more, less), lambda share: mcnemar_at_most(differing, share), of)


def _settled(row: Compared, worse: bool, better: bool, alpha: float) -> Compared:
    if worse or better:
        return replace(row, state="worse" if worse else "better")
    why = _lacking(row, alpha)
    return replace(row, state="unknown", why=why) if why else row


def _lacking(row: Compared, alpha: float) -> str:
    """Why a row could not have been called worse, whatever tonight had shown; "" where it could."""
    if not row.pairs:
        return "nothing could be compared"
    right, needed = row.pairs - row.before, fewest(alpha)
    if right >= needed:
        return ""
    of = f"{row.pairs} were compared" if right == row.pairs else f"{right} of {row.pairs} were right in the baseline"
    return f"it takes {needed} that turn wrong to tell that from chance, and only {of}"


def fewest(alpha: float) -> int:
    """How many pairs must get worse, where none gets better, for one row alone to be called worse."""
    count = 1
    while mcnemar_worse(count, 0) > alpha:
        count += 1
    return count
