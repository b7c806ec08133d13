"""What is shown while a run goes on: a live line on a terminal, otherwise a plain one every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from crumple.cli.output import emit
from crumple.estimates import spoken
from crumple.events import BreakingPointsFound, CallEnded, Event, Explored, PhaseStarted, Resumed, Watched
from crumple.outcome import Outcome
from crumple.plain_text import excerpt

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PHASES = {"clean": "clean", "control": "round trips", "degraded": "degraded", "again": "failures again"}
_EVERY = 5.0
_REDRAWN = 0.1
_SAID = 200
_FEWEST = 3
"""Calls from which on the rate may say how long the rest takes."""
_TELLING = 0.02
"""And the share of all calls; or they are so slow that seconds enough have passed."""
_LONG = 60.0


@dataclass(slots=True)
class Pace:
    """How far a phase has come.

    Attributes:
        seconds: the run's budget in time, which bounds the last phase too.
        clock: seconds that only go forward.
        done: how many calls were made.
        skipped: how many were not, for the mutator did not apply; they cost nothing.
        failures, void: how many failed, and how many came to nothing through no fault of the system.
        trouble: why the first of the latter did.
        settled: what of the contract is decided, which breaking points are found, or what a search has come to:
            "3 of 6 watched limits decided"; "" where nothing is looked for.
    """

    seconds: float | None = None
    clock: Callable[[], float] = time.monotonic
    phase: str = ""
    planned: int | None = None
    done: int = 0
    skipped: int = 0
    failures: int = 0
    void: int = 0
    trouble: str = ""
    settled: str = ""
    made: float = field(init=False)
    began: float = field(init=False)
    phase_began: float = field(init=False)

    def __post_init__(self) -> None:
        self.made = self.began = self.phase_began = self.clock()

    def add(self, event: Event) -> bool:
        """Take an event in; whether a phase began with it."""
        match event:
            case Resumed(seconds=seconds):
                self.began -= seconds
            case Watched(standings):
                decided = sum(each.decided_after is not None for each in standings)
                self.settled = f"{decided} of {len(standings)} watched limits decided"
            case BreakingPointsFound(points):
                found = sum(each.state != "not known" for each in points)
                self.settled = f"{found} of {len(points)} breaking points found"
            case Explored():
                from crumple.search.left import EARLY, bound  # only a search needs it

                kinds = f"{event.kinds} kind{'s' * (event.kinds != 1)} of failure"
                self.settled = f"{kinds}, {bound(event)} calls to show a new one" if event.high <= EARLY else kinds
            case PhaseStarted(name, calls):
                if not self.phase and name == "clean":
                    self.began += self.clock() - self.made  # until now the system was made ready
                self.phase, self.planned = _PHASES.get(name, name), calls
                self.done = self.skipped = self.failures = self.void = 0
                self.phase_began = self.clock()
                return True
            case CallEnded(result):
                self.done += result.made
                self.skipped += not result.made
                verdict = result.verdict
                self.failures += verdict is not None and verdict.failure
                if verdict is not None and verdict.outcome is Outcome.VOID:
                    self.void += 1
                    self.trouble = self.trouble or result.cause
        return False

    @property
    def rate(self) -> float:
        """Calls a second in this phase."""
        passed = self.clock() - self.phase_began
        return self.done / passed if passed > 0 else 0.0

    @property
    def _telling(self) -> bool:
        """Whether the rate says how long the rest takes: the first calls wait for lanes, or for a cluster's workers."""
        few = self.done < _FEWEST or self.done < _TELLING * (self.planned or 0)
        return self.rate > 0 and (not few or (self.done >= _FEWEST and self.clock() - self.phase_began >= _LONG))

    @property
    def left(self) -> float | None:
        """Seconds that the phase will probably still take; None while nobody can tell."""
        by_calls = (self.planned - self.done) / self.rate if self.planned is not None and self._telling else None
        by_time = self.seconds - (self.clock() - self.began) if self.seconds is not None else None
        known = [each for each in (by_calls, by_time) if each is not None]
        return max(0.0, min(known)) if known else None

    @property
    def complaint(self) -> str:
        """What is in the way: a service that is down is waited for, and whoever waits wants to know for what."""
        return f"void: {excerpt(self.trouble, _SAID)}"

    def words(self) -> str:
        """All of it in one line."""
        of = f" of {self.planned:,}" if self.planned is not None else ""
        parts = [
            f"{self.done:,}{of} {_calls(self.planned or self.done)}",
            *([f"{self.skipped:,} skipped"] if self.skipped else []),
            f"{self.failures:,} failed",
            *([f"{self.void:,} void"] if self.void else []),
            f"{self.rate:,.1f} calls/s",
        ]
        if self.left is not None:
            # What looks for something is through when it is found; then the budget says how long it takes at most.
            parts.append(f"{'at most ' if self.settled else ''}{spoken(self.left)} left")
        if self.settled:
            parts.append(self.settled)
        return f"{self.phase}: {', '.join(parts)}"


def _calls(number: int) -> str:
    return "call" if number == 1 else "calls"


class Watcher(Protocol):
    """Shows a run's events."""

    def add(self, event: Event) -> None:
        """Take one event in, and show what is new."""


class Lines:
    """A plain line when a phase begins, and one every few seconds after that."""

    def __init__(
        self, pace: Pace, write: Callable[[str], None], news: Callable[[Event], str] = lambda event: ""
    ) -> None:
        """Show with `write`, which is given a line without its end.

        Args:
            pace: takes the events in.
            write: see above.
            news: what an event has to tell beside the figures, as a line; "" for nothing.
        """
        self._pace, self._write, self._news = pace, write, news
        self._next = pace.clock() + _EVERY

    def add(self, event: Event) -> None:
        """Take one event in."""
        waited = bool(self._pace.trouble)
        began = self._pace.add(event)
        if self._pace.trouble and not waited:
            self._write(self._pace.complaint)
        if told := self._news(event):
            self._write(told)
        if began:
            phase, planned = self._pace.phase, self._pace.planned
            most = "up to " if phase == _PHASES["degraded"] else ""
            self._write(phase if planned is None else f"{phase}: {most}{planned:,} {_calls(planned)}")
            self._next = self._pace.clock() + _EVERY
        elif self._pace.clock() >= self._next:
            self._write(self._pace.words())
            self._next = self._pace.clock() + _EVERY


class Bar:
    """A live line: phase, bar, calls, failures so far, rate and time left."""

    def __init__(self, pace: Pace, progress: Progress) -> None:
        """Show in a bar that has been started."""
        self._pace, self._progress = pace, progress
        self._task: TaskID | None = None
        self._next = pace.clock()

    def add(self, event: Event) -> None:
        """Take one event in."""
        waited = bool(self._pace.trouble)
        began = self._pace.add(event)
        if self._pace.trouble and not waited:
            self._progress.console.print(self._pace.complaint, markup=False, highlight=False)
        if began:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task("", total=self._pace.planned)
            self._next = self._pace.clock()
        # Redrawing for each of ten thousand calls a second would cost more than the calls.
        if self._task is not None and self._pace.clock() >= self._next:
            self._next = self._pace.clock() + _REDRAWN
            self._progress.update(self._task, completed=self._pace.done, description=self._pace.words())


@contextmanager
def watching(seconds: float | None) -> Iterator[Watcher]:
    """Show progress on standard error, as suits it.

    Args:
        seconds: the run's budget in time.
    """
    pace = Pace(seconds)
    if not sys.stderr.isatty():
        yield Lines(pace, lambda line: emit(line, err=True))
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(bar_width=10), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=8) as progress:
        yield Bar(pace, progress)
