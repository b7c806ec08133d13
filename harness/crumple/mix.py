"""What production sends: shares of its volume by mutator and level, and what they make of failure rates. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of production volume; they may come to less than 1, and what is missing is said, not guessed.

    Attributes:
        clean: the share of clean documents.
        damaged: (mutator's name, level) -> share.
        per_day: how many documents a day production sends; None: not said.
    """

    clean: float = 0.0
    damaged: Mapping[tuple[str, float], float] = field(default_factory=dict)
    per_day: float | None = None

    @property
    def named(self) -> float:
        """How much of the volume the shares come to."""
        return self.clean + sum(self.damaged.values())
