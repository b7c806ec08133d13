"""The contract as data: what each limit is on, of what, and how sure one wants to be."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from crumple.mutation.mutator import Mutator

ALL: Final = "all"
CLEAN: Final = "clean"
PRODUCTION: Final = "production"

About: TypeAlias = Literal["documents like these", "these documents"]
LIKE_THESE: Final = "documents like these"
THESE: Final = "these documents"


class Metric(enum.StrEnum):
    """What a limit is on; its key in crumple.toml."""

    FAILURES = "failures"
    SILENT = "silent"
    REFUSALS = "refusals"
    ACCURACY = "accuracy"
    VALID = "valid"
    LATENCY = "latency_p95"
    COST = "cost_mean"

    @property
    def at_least(self) -> bool:
        """Whether the limit is a floor, as of accuracy, and not a ceiling."""
        return self in (Metric.ACCURACY, Metric.VALID)


class State(enum.StrEnum):
    """What has come out for a limit."""

    MET = "met"
    BROKEN = "broken"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One line of the contract.

    Attributes:
        of: a category, a mutator, "all" (every mutator weighs the same), "clean", or "production" (by the mix).
        metric: what is limited.
        bound: a share (of calls, of the score), seconds, or money.
        up_to_level: levels above it do not count; 5: all do.
        confidence: how sure one wants to be before it is said to be met, or broken; above 0.5, below 1.
        about: what the rate is about.
    """

    of: str
    metric: Metric
    bound: float
    up_to_level: float = 5.0
    confidence: float = 0.95
    about: About = LIKE_THESE

    @property
    def alpha(self) -> float:
        """How often, at most, it may be said wrongly that it is met."""
        return 1.0 - self.confidence

    @property
    def population(self) -> tuple[str, float, About]:
        """What its calls are drawn from; limits of one population share every call."""
        return self.of, self.up_to_level, self.about

    def covers(self, mutator: Mutator) -> bool:
        """Whether a mutator's calls are what it is about, but for their level; "production" and "clean" name none."""
        return self.of in (ALL, mutator.category, mutator.name)


@dataclass(frozen=True, slots=True)
class Pin:
    """The population that a contract was written for; what is newer is reported beside it, never inside.

    Attributes:
        mutators: name -> version.
        levels: what is drawn from.
    """

    mutators: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[float, ...] = ()

    def has(self, mutator: Mutator) -> bool:
        """Whether it was written for this mutator as it is now."""
        return self.mutators.get(mutator.name) == mutator.version


@dataclass(frozen=True, slots=True)
class Contract:
    """All limits, in the order of the file.

    Attributes:
        limits: each is met at its own confidence; that one is broken is said with the family in mind (Holm).
        pin: see there; None: whatever mutators there are.
        partial: limits, by number, that this run cannot decide, whatever it shows, with why: the command line leaves
            out some of what they are about.
    """

    limits: tuple[Limit, ...] = ()
    pin: Pin | None = None
    partial: Mapping[int, str] = field(default_factory=dict)

    def scope(self, limit: Limit, mutators: Iterable[Mutator]) -> tuple[Mutator, ...]:
        """Which mutators a limit is about."""
        return tuple(each for each in mutators if limit.covers(each) and (self.pin is None or self.pin.has(each)))
