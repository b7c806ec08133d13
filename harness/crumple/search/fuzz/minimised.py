"""What minimising a failure has come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crumple.events import Threshold
from crumple.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimised:
    """What minimising has come to.

    Attributes:
        state: "minimised", "not minimised", "flaky", "not reproduced" or "explained"; see `crumple.events.Discovery`.
        example: the simplest failure of that cause which failed alike in every call of it: two or more, but one where
            the search ended first; of one that is flaky or not reproduced the one that failed most.
        tries: how often the example's recipe was called, the first time included; of one that is flaky the recipe that
            it was met by as well.
        failed: how many of them failed so.
        others: failures of other causes that were met on the way, one of each
            fingerprint and set of mutators; of one that is "explained"
            those that explain it are among them.
        why: see `state`.
        fingerprints: those of the failures that were taken for the same cause, the first one's first.
        thresholds: of those steps of the example that have more than one value below theirs.
        kept: for each step of the example how many of its changes are left, of how many; 0 of 0 where they cannot be
            told apart.
        calls: how many calls it took; skips are none.
    """

    state: str
    example: Result
    tries: int = 1
    failed: int = 1
    others: Sequence[Result] = ()
    why: str = ""
    fingerprints: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    calls: int = 0
