"""What a chat model's tokens cost. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crumple.errors import CrumpleError

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one answer, as the service counts them; those that it still knew are a part of those that went in.

    Attributes:
        sent: tokens that went in.
        answered: tokens that came back.
        cached: of those that went in, the ones that the service still knew.
    """

    sent: int
    answered: int
    cached: int = 0

    @property
    def figures(self) -> dict[str, float]:
        """As measures of a reply."""
        return {"tokens in": float(self.sent), "tokens out": float(self.answered)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Money for a million tokens.

    Attributes:
        input: that go in.
        output: that come back.
        cached: that go in and that the service still knew; None: as the others.
    """

    input: float
    output: float
    cached: float | None = None

    def __post_init__(self) -> None:
        for name in ("input", "output", "cached"):
            price = getattr(self, name)
            if price is not None and not (price >= 0 and math.isfinite(price)):
                raise CrumpleError(f"a price is a number from 0 up, got {price!r}", where=f"[system] prices.{name}")

    def of(self, usage: Usage) -> float:
        """The money that an answer has cost."""
        known = min(usage.cached, usage.sent)
        cached = self.input if self.cached is None else self.cached
        return ((usage.sent - known) * self.input + known * cached + usage.answered * self.output) / _MILLION
