"""The nights before, as a store has them: what tonight is held against for slow change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNight:
    """One night that was compared with the same baseline, or the baseline's own run.

    Attributes:
        run: its id.
        started: when it began, as its document says; clocks jump, so that the order is the store's, not this.
        system: the system's version.
        outcomes: call -> (digest of the degraded document, whether it failed), of its fixed recipes and clean calls.
        worse: categories that it was said to be worse in.
    """

    run: str
    started: str
    system: str
    outcomes: Mapping[tuple[str, str], tuple[str, bool]]
    worse: frozenset[str] = frozenset()
