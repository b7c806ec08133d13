"""What a run tells while it goes on: frozen data, from the engine to whoever counts, stores or shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from crumple.case import Entry
from crumple.recipe import Value
from crumple.result import Result


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase begins: "clean", "control" or "degraded"; `calls` as far as they can be told beforehand."""

    name: str
    calls: int | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """An unfinished run is gone on with, from these figures; what it has done beyond whole rounds comes as calls.

    Attributes:
        rounds, calls: its whole rounds, and the calls that were made in them.
        cost: the money that those took, and calls that are to be made again.
        seconds: how long it has been at work.
        made: all calls that need not be made again, those outside whole rounds included.
    """

    rounds: int
    calls: int
    cost: float
    seconds: float
    made: int = 0


@dataclass(frozen=True, slots=True)
class CallEnded:
    """One call came back; for progress. What counts in the rates comes with `RoundEnded`."""

    result: Result


@dataclass(frozen=True)
class CleanEnded:
    """All clean calls are back.

    Attributes:
        population: the cases that the run is about; where the time is short, those that could be tried.
        passed: those that are right on the clean document.
        results: every clean result, several for a case without truth.
        without_truth: the cases whose own answers stand in for the truth.
        unstable: of those, the fields set aside because the clean answers did not agree: case -> pointers.
    """

    population: Sequence[Entry]
    passed: frozenset[str]
    results: Sequence[Result]
    without_truth: frozenset[str]
    unstable: Mapping[str, tuple[str, ...]]

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """Case -> its group; one for all who ask, for there may be a million."""
        return {entry.id: entry.group for entry in self.population}


@dataclass(frozen=True, slots=True)
class ControlsEnded:
    """The round trips are back: control mutator's name -> results."""

    results: Mapping[str, Sequence[Result]]


@dataclass(frozen=True, slots=True)
class NotRun:
    """A mutator that is not visited at all, and why."""

    mutator: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """A whole round: a fair sample of every mutator, one call each; skips are among the results.

    Attributes:
        number: the round's, from 0.
        results: what counts, one of each mutator and repetition.
        calls: how many calls it took, tries included that turned out to be no test.
        cost: the money that they took.
    """

    number: int
    results: Sequence[Result]
    calls: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a limit of the contract stands, watched at the end of every round.

    Attributes:
        limit: its number in the contract, from 0.
        state: "met", "broken" or "undecided"; once decided it stays so.
        calls: how many calls are in its stream.
        groups: how many different groups they are of.
        figure: the mean of what was observed, as `contract.observing` counts it; None where there is nothing yet.
        low, high: bounds of it that hold however long one watches, each at the limit's confidence.
        decided_after: with how many calls it was decided; None: it is not.
        why: of an undecided one, why it gets no further calls; "" where it may.
    """

    limit: int
    state: str
    calls: int
    groups: int
    figure: float | None
    low: float
    high: float
    decided_after: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """How the limits stand: whenever something is decided, and in the end."""

    standings: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class BreakingPoint:
    """From where on the system fails on a mutator's damage.

    Attributes:
        mutator: its name.
        kind: which cases it is about: a media type, a tag; "" for all.
        state: "breaks", "never" (not up to level 5), "always" (from the mildest damage on), or "not known".
        level: at which the failure rate passes `rate`; None where it never does or always.
        low, high: the ends of its 95 % interval, as levels.
        rate: the failure rate that was looked for.
        calls: how many calls it took.
        falls: the level from which on it fails less often again than before; None where nothing speaks for that.
        ends: failures and calls at the end of the ladder that says "never" or "always".
    """

    mutator: str
    kind: str
    state: str
    level: float | None
    low: float
    high: float
    rate: float
    calls: int
    falls: float | None = None
    ends: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class BreakingPointsFound:
    """Breaking points as far as they are known after a round."""

    points: Sequence[BreakingPoint]


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a step of the smallest recipe begins to break the system, in its parameter's unit.

    Attributes:
        step: its number in the recipe, from 0.
        parameter, unit: as on the mutator's ladder.
        fails: the mildest value at which it failed.
        passes: the worst value below that at which it did not fail alike, or at which the mutator changes nothing;
            None: it failed at the mildest that was tried.
    """

    step: int
    parameter: str
    unit: str
    fails: Value
    passes: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Failures with one cause, as far as a search knows them.

    Attributes:
        number: from 0, in the order in which they were met.
        state: "met", "minimising", "minimised", "not minimised" (`why` says what was in the way), "flaky" (it fails now
            and then), "not reproduced" (it failed once), or "explained" (a mixture of others, named in `parts`).
        fingerprints: those that its failures had; the first is the one that it was met by, and is minimised for.
        first: the failure that it was met by.
        example: the simplest failure of it that is known; in the beginning the first.
        count: how many failures of the search were put down to it.
        met_after: how many calls the search had made when it was met, that one included.
        tries: how often the example was called.
        failed: how many of them failed with one of its fingerprints.
        calls: how many calls minimising it took.
        known: the id of the finding in `findings/` that it is; "" of a new one.
        parts: numbers of the discoveries that explain it.
        why: see `state`.
        thresholds: of those steps of the example that have more than one value below theirs.
        kept: for each step of the example how many of its changes are left, of how many; 0 of 0 where they cannot be
            told apart.
    """

    number: int
    state: str
    fingerprints: tuple[str, ...]
    first: Result
    example: Result
    count: int = 1
    met_after: int = 0
    tries: int = 1
    failed: int = 1
    calls: int = 0
    known: str = ""
    parts: tuple[int, ...] = ()
    why: str = ""
    thresholds: tuple[Threshold, ...] = ()
    kept: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Discovered:
    """A search has met failures of a new cause, or knows more of one; the last of a number is what holds."""

    discovery: Discovery


@dataclass(frozen=True, slots=True)
class Explored:
    """How far a search has come: after every round, and in the end.

    Attributes:
        calls: how many calls were made to explore.
        kinds: how many kinds of failure they have shown.
        once: how many of these were seen once only.
        chance: that the next such call shows a kind that was not seen before, estimated.
        low, high: its 95 % interval.
        open: how many discoveries are still being minimised.
    """

    calls: int
    kinds: int
    once: int
    chance: float
    low: float
    high: float
    open: int = 0


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finding that was known before was called again.

    Attributes:
        finding: its id.
        status: "FIXED", "FAILS", "CHANGED", "FLAKY", "ERROR" or "OTHER BYTES"; see `crumple.findings.status`.
        results: what came of its calls, in order.
        why: of an error, what was in the way; of what has changed, how.
    """

    finding: str
    status: str
    results: Sequence[Result]
    why: str = ""


@dataclass(frozen=True, slots=True)
class TriedAgain:
    """Examples of failures were called a second time: fingerprint -> what came of it. In no rate."""

    results: Mapping[str, Result]


@dataclass(frozen=True, slots=True)
class Ended:
    """The end, and why.

    "calls" or "cost" (no further whole round fits), "time", "all fail clean", "nothing to do", "outage": one call
    after the other was void, "decided": every limit of the contract is, or cannot be with these documents, "found":
    every breaking point is, "quiet": hardly anything new is to be expected, "replayed": every finding is, or "by
    hand": whoever watched has seen enough.

    Attributes:
        reason: see above.
        cut: how many calls belong to rounds that the budget cut short; they are in no rate.
    """

    reason: str
    cut: int = 0


Event: TypeAlias = (
    PhaseStarted
    | Resumed
    | CallEnded
    | CleanEnded
    | ControlsEnded
    | NotRun
    | RoundEnded
    | Watched
    | BreakingPointsFound
    | Discovered
    | Explored
    | Replayed
    | TriedAgain
    | Ended
)
