"""Many decisions at once, where few observations cannot come out significant, whatever they show."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, and what its p-value could have been.

    Attributes:
        p: its p-value, from a discrete distribution; or more.
        below: of a share, the largest p-value at most that large which the data could have had, given what the test
            conditions on; 0 where there is none.
        of: what the p-value is computed from: two claims that agree in it have the same p-value, whatever happens.
    """

    p: float
    below: Callable[[float], float] = field(compare=False)
    of: Hashable = None


def discrete_holm(claims: Sequence[Claim], alpha: float) -> tuple[bool, ...]:
    """Which of several claims can be made, so that with a probability of at most alpha any of them is wrong.

    Like Holm's procedure, of which it keeps the promise whatever the claims have to do with each other; but a claim
    takes of alpha only what it could really use: a category in which three calls came out differently has no p-value
    below 1/8, and so takes nothing from the others.

    Source: R. E. Tarone, "A modified Bonferroni method for discrete data", Biometrics 46 (1990), 515-522; with the sum
    of what each claim can use for the number of those that can use anything, as P. H. Westfall, R. D. Wolfinger,
    "Multiple tests with discrete distributions", The American Statistician 51 (1997), 3-8; one after the other as
    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979),
    65-70. That sum never grows as claims are left out, which is what going on after a claim was made takes.
    """
    order = sorted(range(len(claims)), key=lambda at: claims[at].p)
    made = [False] * len(claims)
    for done, at in enumerate(order):
        p = claims[at].p * (1 + _ROUNDING)
        if not 0 <= p <= alpha * (1 + _ROUNDING):
            break
        left = {claims[other].of: claims[other] for other in order[done:]}
        if sum(each.below(p) for each in left.values()) > alpha * (1 + _ROUNDING):
            break
        made[at] = True
    return tuple(made)
