"""Figures as they are written beside their limit: rounding never moves one to the other side of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Final

NEAREST: Final = ROUND_HALF_EVEN
DOWN: Final = ROUND_FLOOR
UP: Final = ROUND_CEILING
SAME: Final = 12
"""Figures that agree in so many decimals are the same: what differs beyond is arithmetic."""


def percent(share: float, beside: float | None = None, *, rounding: str = NEAREST) -> str:
    """A share in per cent, one decimal or as many as it takes: "12.4 %", "5.04 %".

    Args:
        share: in [0, 1].
        beside: the limit that it stands beside.
        rounding: DOWN for what holds as "at least", UP for "at most".
    """
    # A bound may be written as never or always, being no more than a bound; a figure may not, being what was seen.
    ends = [Decimal(0), Decimal(100)] if rounding == NEAREST else []
    against = [*ends, *([_exact(beside) * 100] if beside is not None else [])]
    return f"{_written(_exact(share) * 100, 1, against, rounding)} %"


def amount(value: float, beside: float | None = None, *, rounding: str = NEAREST) -> str:
    """Seconds or money, three digits that say something or as many as it takes: "1.83", "0.0042", "2.004"."""
    exact = _exact(value)
    digits = max(0, 2 - exact.adjusted()) if exact else 0
    return _written(exact, min(digits, SAME), [Decimal(0), *([_exact(beside)] if beside is not None else [])], rounding)


def same(one: float, other: float) -> bool:
    """Whether two figures differ by nothing but arithmetic."""
    return round(one - other, SAME) == 0


def _exact(value: float) -> Decimal:
    return Decimal(repr(round(value, SAME)))


def _written(value: Decimal, digits: int, against: Iterable[Decimal], rounding: str) -> str:
    """The value with so many decimals, or more where it would seem to be what it is beside, or beyond it."""
    others = list(against)
    for decimals in range(digits, SAME + 1):
        short = value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
        if all(short.compare(other) == value.compare(other) for other in others):
            return f"{short.normalize():,f}"
    return f"{value.normalize():,f}"
