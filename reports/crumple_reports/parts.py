"""What a report that is read elsewhere is made of. Figures only, but for the calls behind its examples. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple_reports.figures import interval, percent
from crumple_reports.grid import Grid

BAD: Final = "bad"
OPEN: Final = "open"
GOOD: Final = "good"
TOLD: Final = "told"
SEQUENTIAL: Final = (
    "Limits stop as soon as they are decided: their bounds allow for that, the intervals by category do not."
)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and what has come out of it; `row` is its line in the document."""

    item: str
    row: Mapping[str, Any]
    seed: str


@dataclass(frozen=True, slots=True)
class Example:
    """A failure to look at.

    Attributes:
        title: the mutator, its level and how it ended.
        command: what makes the call again, to be pasted into a shell.
        call: the call as the document has it, with what was answered; None of a finding and of a night's document.
        privacy: what may be shown of it; "" where whoever renders says.
    """

    item: str
    title: str
    command: str
    call: Mapping[str, Any] | None = None
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding that was called again."""

    item: str
    id: str
    status: str
    bad: bool
    what: str
    replay: str


@dataclass(frozen=True, slots=True)
class Content:
    """A report.

    Attributes:
        kind: "run", "night", "fuzz", "breaking-points", "pytest" or "compare".
        state: BAD, OPEN or GOOD; TOLD where there is nothing to keep.
        verdict: the first sentence.
        lines: more sentences: what got worse, what fails clean, what is void.
        steps: what to do next, each with its commands.
        categories: category -> its figures.
        night: a night's comparison by category, worst first.
        subject: what was run: a system's version, or those of crumple, pytest and Python.
        void: items of a session that say nothing about the system, each with its reason.
        together: how many tests the figures by category are added up over.
        worse: how many of `lines`, the first ones, say what got worse since the baseline.
        grids: further tables: those of a comparison.
    """

    kind: str
    state: str
    verdict: str
    lines: Sequence[str]
    steps: Sequence[tuple[str, Sequence[str]]]
    limits: Sequence[Limit]
    categories: Mapping[str, Mapping[str, Any]]
    night: Sequence[Mapping[str, Any]]
    examples: Sequence[Example]
    findings: Sequence[Finding]
    subject: str
    void: Sequence[tuple[str, str]] = ()
    together: int = 1
    worse: int = 0
    grids: Sequence[Grid] = ()

    @property
    def remarks(self) -> Sequence[str]:
        """The lines but those of what got worse, for a report that shows that for itself."""
        return self.lines[self.worse :]

    @property
    def note(self) -> str:
        """What is to be known of the figures by category."""
        several = f"Added up over {self.together} tests. " if self.together > 1 else ""
        sequential = any(each.row["method"] == "sequential" for each in self.limits)
        return (several + (SEQUENTIAL if sequential else "")).strip()


NIGHT_HEADS: Final = ("category", "state", "documents", "failed before", "fail now", "newly", "no longer", "p")
CATEGORY_HEADS: Final = ("category", "documents", "failed", "silent", "rate", "95 %")
LIMIT_HEADS: Final = ("limit", "state", "figure", "bound", "must be", "calls")


def night_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What stands behind a category and its state in a table of a night."""
    return (*(f"{row[name]:,}" for name in ("pairs", "before", "now", "worse", "better")), chance(row))


def category_cells(figures: Mapping[str, Any]) -> tuple[str, ...]:
    """What stands behind a category in a table of failures."""
    sure = f"{interval(figures['low'], figures['high'])} %" if figures["rate"] is not None else "-"
    return (*(f"{figures[name]:,}" for name in ("runs", "failures", "silent")), percent(figures["rate"]), sure)


def chance(row: Mapping[str, Any]) -> str:
    """The p-value of a night's row; "-" where nothing was compared."""
    p = row.get("p")
    return "-" if p is None or row["state"] == "unknown" else f"{p:.2g}"
