"""The same call in the baseline and tonight; what cannot be compared, and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crumple.nightly.baseline import Baseline, Call
from crumple.nightly.fixed import changed


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

    @property
    def degraded(self) -> int:
        """How many degraded calls can be compared."""
        return sum(bool(pair.before.mutator) for own in self.pairs.values() for pair in own)


def paired(
    baseline: Baseline, tonight: Iterable[Call], cases: Mapping[str, str], missing: Callable[[Call], str]
) -> Paired:
    """Put the calls of a night beside those of the baseline.

    Args:
        baseline: what was called then.
        tonight: what was called now, clean calls and degraded ones.
        cases: id -> digest of each case of the baseline as it is now; without those that are gone.
        missing: why nothing came of a call of the baseline tonight.
    """
    now = {each.key: each for each in tonight}
    pairs: dict[str, list[Pair]] = {}
    left_out: dict[str, list[Call]] = {}
    # Drawn twice it is one call: its pair would count twice.
    for before in {each.key: each for each in (*baseline.clean, *baseline.calls)}.values():
        found = now.get(before.key)
        why = changed(before, baseline, cases)
        if not why and found is None:
            why = missing(before)
        if not why and found is not None and found.digest != before.digest:
            why = "its recipe makes other bytes now"
        if why:
            left_out.setdefault(why, []).append(before)
        elif found is not None:
            pairs.setdefault(before.category, []).append(Pair(before, found))
    return Paired(pairs, left_out)
