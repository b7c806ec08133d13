"""Many decisions at once."""

from __future__ import annotations

from collections.abc import Sequence


def holm(ratios: Sequence[float]) -> tuple[bool, ...]:
    """Which of several claims can be made, so that one is wrong at most as often as each may be alone.

    Args:
        ratios: of each claim the p-value divided by its own alpha. For a stream 1 / evidence is a p-value, whenever it
            was stopped. With different alphas, one is wrong at most as often as the mean of the alphas of those that
            do not hold.

    Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
    (1979), 65-70. With different alphas: the first wrong claim is made while all m that do not hold are left, at
    p <= alpha / m; the sum of these is the mean alpha.
    """
    made = [False] * len(ratios)
    for done, at in enumerate(sorted(range(len(ratios)), key=lambda at: ratios[at])):
        # A p-value of exactly alpha / m counts; dividing must not lose it to rounding.
        if not ratios[at] * (len(ratios) - done) <= 1 + 1e-12:
            break
        made[at] = True
    return tuple(made)
