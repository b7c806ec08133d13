"""The same call in the baseline and tonight; what cannot be compared, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crumple.nightly.baseline import Baseline, Call


@dataclass(frozen=True, slots=True)
class Pair:
    """One call, before and now, of the same bytes."""

    before: Call
    now: Call

    @property
    def worse(self) -> bool:
        """Whether only the second failed."""
        return self.now.failure and not self.before.failure

    @property
    def better(self) -> bool:
        """Whether only the first failed."""
        return self.before.failure and not self.now.failure


@dataclass(frozen=True, slots=True)
class Paired:
    """A night beside its baseline.

    Attributes:
        pairs: category -> its pairs; "clean" is one.
        left_out: why -> the baseline's calls that have no pair.
    """

    pairs: Mapping[str, Sequence[Pair]]
    left_out: Mapping[str, Sequence[Call]]


def paired(
    baseline: Baseline, tonight: Iterable[Call], cases: Mapping[str, str], reasons: Mapping[tuple[str, str], str]
) -> Paired:
    """Put the calls of a night beside those of the baseline.

    Args:
        baseline: what was called then.
        tonight: what was called now, clean calls and degraded ones.
        cases: id -> digest of each case of the baseline as it is now; without those that are gone.
        reasons: call -> why nothing came of it tonight.
    """
    now = {each.key: each for each in tonight}
    pairs: dict[str, list[Pair]] = {}
    left_out: dict[str, list[Call]] = {}
    for before in (*baseline.clean, *baseline.calls):
        found = now.get(before.key)
        why = _why(before, found, baseline, cases, reasons)
        if why:
            left_out.setdefault(why, []).append(before)
        elif found is not None:
            pairs.setdefault(before.category, []).append(Pair(before, found))
    return Paired(pairs, left_out)


def _why(
    before: Call,
    now: Call | None,
    baseline: Baseline,
    cases: Mapping[str, str],
    reasons: Mapping[tuple[str, str], str],
) -> str:
    """Why two calls cannot be compared; "" where they can."""
    if before.case not in cases:
        return "its case is not in the corpus any more"
    if cases[before.case] != baseline.cases.get(before.case):
        return "its case has changed"
    if now is None:
        return reasons.get(before.key, "it was not called tonight")
    return "" if now.digest == before.digest else "its recipe makes other bytes now"
