"""What a sample says of the parts of a mix, gathered once for every confidence that is asked for. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from operator import attrgetter
from typing import TYPE_CHECKING

from crumple.mix import Stratum
from crumple.mix.sample import CleanSum, Sample, Sum
from crumple.statistics.clustered import kish
from crumple.statistics.sums import total

if TYPE_CHECKING:
    from crumple.statistics.sums import Floats, Numbers


@dataclass(frozen=True)
class Parts:
    """A sample's figures, as shares of the part of the volume that is covered.

    A case that does not pass clean is not degraded; damaged, it is taken to do what it did clean. So the rate is
    clean x mean + damaged x (mean of those that do not pass + (1 - out) x degraded), where `degraded` is conditional
    on passing.

    Attributes:
        census: whether every clean document that there is was tried.
        covered: how much of the volume there are figures of.
        weights: each stratum's share of the damaged part.
        own: each stratum's calls.
        clean, damaged: shares of what is covered.
        documents: the clean documents by group, a row a group: cases, out, total, total_out as of `CleanSum`.
        calls_of: the strata's calls by group, in the order of the weights: of each group its row, and a row of calls
            and total as of `Sum`.
        groups: how many groups the calls are of; those without clean documents come last.
    """

    census: bool
    covered: float
    weights: Mapping[Stratum, float]
    own: Mapping[Stratum, Sum]
    clean: float
    damaged: float
    documents: Floats
    calls_of: tuple[tuple[Numbers, Floats], ...]
    groups: int

    @cached_property
    def cases(self) -> int:
        """How many clean documents there are."""
        return int(self.documents[:, 0].sum())

    @cached_property
    def calls(self) -> int:
        """How many calls of degraded documents."""
        return sum(each.calls for each in self.own.values())

    @cached_property
    def out(self) -> float:
        """The share of clean documents that do not pass."""
        return total(self.documents[:, 1]) / self.cases

    @cached_property
    def mean(self) -> float:
        """What a clean document comes to."""
        return total(self.documents[:, 2]) / self.cases

    @cached_property
    def mean_out(self) -> float:
        """The part of it that those make up which do not pass."""
        return total(self.documents[:, 3]) / self.cases

    @cached_property
    def degraded(self) -> float:
        """What a degraded document comes to."""
        return sum(weight * self.own[stratum].total / self.own[stratum].calls for stratum, weight in self._strata)

    @property
    def _strata(self) -> list[tuple[Stratum, float]]:
        return list(self.weights.items())

    @property
    def rate(self) -> float:
        """Of all that is covered."""
        return self.mean * self.clean + self.damaged * (self.mean_out + (1 - self.out) * self.degraded)

    @cached_property
    def by_clean(self) -> float:
        """How much the rate moves with the clean documents' mean; at most 1."""
        alike = math.isclose(self.mean, self.mean_out) and math.isclose(self.out, self.mean_out)
        return 1 - self.damaged * self.degraded if alike else 1.0

    @cached_property
    def by_degraded(self) -> float:
        """How much it moves with the degraded ones'."""
        return self.damaged * (1 - self.out)

    @property
    def contributions(self) -> dict[Stratum, float]:
        """What each stratum's damage adds to the rate, beyond the cases that fail clean; those that were called.

        What is left of the rate is the clean documents' own part.
        """
        own = self.own
        return {each: self.by_degraded * weight * own[each].total / own[each].calls for each, weight in self._strata}

    @cached_property
    def independent(self) -> float:
        """Kish's effective number of calls, were all of them independent."""
        spread = sum(weight**2 / self.own[stratum].calls for stratum, weight in self._strata)
        return 1 / (self.by_clean**2 / self.cases + self.by_degraded**2 * spread)

    @cached_property
    def variance(self) -> float:
        """Of the rate, were all calls independent."""
        spread = 0.0
        for stratum, weight in self._strata:
            own = self.own[stratum]
            rate = own.total / own.calls
            spread += weight**2 * rate * (1 - rate) / own.calls
        return self.by_clean**2 * self.mean * (1 - self.mean) / self.cases + self.by_degraded**2 * spread

    @cached_property
    def between(self) -> float:
        """The variance of the rate between groups, from by how much each moves it: the linearisation of the rate."""
        import numpy as np

        cases, out, all_, all_out = self.documents.T
        moved = np.zeros(self.groups)
        moved[: len(cases)] = (
            self.clean * (all_ - self.mean * cases)
            + self.damaged * (all_out - self.mean_out * cases)
            - self.damaged * self.degraded * (out - self.out * cases)
        ) / self.cases
        for (stratum, weight), (rows, sums) in zip(self._strata, self.calls_of, strict=True):
            whole = self.own[stratum]
            off = (sums[:, 1] - whole.total / whole.calls * sums[:, 0]) / whole.calls
            moved[rows] += self.by_degraded * weight * off
        return self.groups / (self.groups - 1) * total(moved * moved)

    @cached_property
    def clean_groups(self) -> float:
        """Kish's effective number of groups of clean documents."""
        import numpy as np

        return kish(np.sort(self.documents[:, 0]))

    @cached_property
    def by_size(self) -> float:
        """Kish's effective number of groups, from what each has part in."""
        import numpy as np

        part = np.zeros(self.groups)
        part[: len(self.documents)] = self.by_clean * self.documents[:, 0] / self.cases
        for (stratum, weight), (rows, sums) in zip(self._strata, self.calls_of, strict=True):
            part[rows] += self.by_degraded * weight * sums[:, 0] / self.own[stratum].calls
        return kish(np.sort(part))

    @cached_property
    def failing_clean(self) -> int:
        """In how many groups a clean document counts at all."""
        return int((self.documents[:, 2] > 0).sum())

    @cached_property
    def failing(self) -> int:
        """In how many groups anything counts at all."""
        import numpy as np

        found = np.zeros(self.groups, bool)
        found[: len(self.documents)] = self.documents[:, 2] != 0
        for rows, sums in self.calls_of:
            found[rows[sums[:, 1] != 0]] = True
        return int(found.sum())


def parts_of(sample: Sample) -> Parts | None:
    """What a sample says; None where nothing of the mix is known."""
    mix, cases = sample.mix, sample.cases
    strata = {stratum: share for stratum, share in mix.damaged.items() if sample.strata.get(stratum)}
    damaged = sum(strata.values())
    covered = mix.clean + damaged
    if not cases or not covered:
        return None
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    documents = _table(sample.clean, numbers, ("cases", "out", "total", "total_out"))[1]
    calls_of = tuple(_table(sample.strata[stratum], numbers, ("calls", "total")) for stratum in strata)
    own = {
        stratum: Sum(int(sums[:, 0].sum()), total(sums[:, 1]))
        for stratum, (_, sums) in zip(strata, calls_of, strict=True)
    }
    return Parts(
        census=sample.census,
        covered=covered,
        weights={stratum: share / damaged for stratum, share in strata.items()},
        own=own,
        clean=mix.clean / covered,
        damaged=damaged / covered,
        documents=documents,
        calls_of=calls_of,
        groups=len(numbers),
    )


def _table(
    sums: Mapping[str, Sum] | Mapping[str, CleanSum], numbers: Mapping[str, int], names: tuple[str, ...]
) -> tuple[Numbers, Floats]:
    """Each group's number, and its figures, a row a group."""
    import numpy as np

    rows = np.fromiter(map(numbers.__getitem__, sums), np.int64, len(sums))
    figures = chain.from_iterable(map(attrgetter(*names), sums.values()))
    return rows, np.fromiter(figures, float, len(sums) * len(names)).reshape(-1, len(names))
