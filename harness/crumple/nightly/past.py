"""The nights before, as a store has them: what tonight is held against for slow change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

NIGHTS: Final = 30
"""How many nights back is looked for slow change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNight:
    """One night that was compared with the same baseline, or the baseline's own run.

    Attributes:
        run: its id.
        started: when it began, as its document says; clocks jump, so that the order is the store's, not this.
        system: the system's version.
        outcomes: call -> (digest of the degraded document, whether it failed), of its fixed recipes and clean calls.
        worse: categories that it was said to be worse in.
        drifting: those of them that no comparison with the baseline showed, only the nights together.
    """

    run: str
    started: str
    system: str
    outcomes: Mapping[tuple[str, str], tuple[str, bool]]
    worse: frozenset[str] = frozenset()
    drifting: frozenset[str] = frozenset()


def since(past: Sequence[PastNight], category: str) -> dict[str, Any] | None:
    """Since when a category that is worse tonight has been said to be; None where tonight is the first time.

    Args:
        past: as `history.past_nights` gives it.
        category: its name.

    Returns:
        "run" and "started" of the first of the unbroken row of nights; "nights", how many it has, tonight included;
        "at_least", whether it may have begun earlier than the nights that were read.
    """
    row: list[PastNight] = []
    for each in reversed(past[1:]):
        if category not in each.worse:
            break
        row.append(each)
    if not row:
        return None
    return {
        "run": row[-1].run,
        "started": row[-1].started,
        "nights": len(row) + 1,
        "at_least": len(row) == len(past) - 1 >= NIGHTS,
    }
