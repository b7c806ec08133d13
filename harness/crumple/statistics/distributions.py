"""The distributions that the rest is made of. The one place that knows scipy, and imports it when it is first asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = float | NDArray[np.float64]


def _special() -> Any:
    import scipy.special  # type: ignore[import-untyped]  # it ships no types

    return scipy.special


def beta_quantile(share: float, a: float, b: float) -> float:
    """Below which value a share of the distribution Beta(a, b) lies; 0 and 1 at its ends, where a or b is 0."""
    if a <= 0:
        return 0.0
    return 1.0 if b <= 0 else float(_special().betaincinv(a, b, share))


def binomial_below(successes: int, draws: int, share: float) -> float:
    """The probability of at most so many successes; 0 below none of them."""
    return 0.0 if successes < 0 else float(_special().bdtr(min(successes, draws), draws, share))


def t_quantile(share: float, freedom: float) -> float:
    """Below which value a share of Student's t distribution lies."""
    return float(_special().stdtrit(freedom, share))


def log_beta(a: Numbers, b: Numbers) -> Any:
    """The logarithm of the beta function."""
    return _special().betaln(a, b)


def beta_below(a: Numbers, b: Numbers, value: Numbers) -> Any:
    """The share of Beta(a, b) that lies below a value."""
    return _special().betainc(a, b, value)


def beta_above(a: Numbers, b: Numbers, value: Numbers) -> Any:
    """The share of Beta(a, b) that lies above a value, exact also where it is tiny."""
    return _special().betaincc(a, b, value)
