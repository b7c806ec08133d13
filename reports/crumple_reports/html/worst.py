"""The worst problems, a line each, for the top of a page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple import excerpt, visible
from crumple_reports.figures import count, listed
from crumple_reports.problem import Problem
from crumple_reports.problems import problems_of

_MOST: Final = 3
_LONG: Final = 160


@dataclass(frozen=True, slots=True)
class Worst:
    """A problem in a line.

    Attributes:
        number: its rank; `#problem-N` on the page.
        title: what fails, and under what.
        said: how often, and against what it counts.
        command: the line that makes one of its calls again.
        silent: whether nobody would notice.
        outcome: how its calls end.
    """

    number: int
    title: str
    said: str
    command: str
    silent: bool
    outcome: str


def worst_of(document: Mapping[str, Any], most: int = _MOST) -> list[Worst]:
    """The worst problems of a document, the first of them the one to begin with."""
    if document.get("kind") == "comparison":
        return []
    failures = _failures(document)
    return [
        Worst(
            number=each.number,
            title=excerpt(each.title, _LONG),
            said="; ".join(_said(each, failures)),
            command=each.command,
            silent=each.silent,
            outcome=each.outcome,
        )
        for each in problems_of(document)[:most]
    ]


def _failures(document: Mapping[str, Any]) -> int:
    """Of how many failures a problem's calls are some; 0 where they are not the same calls."""
    if document.get("kind") == "pytest" or (document.get("run") or {}).get("kind") == "fuzz":
        return 0
    return sum(each["failures"] for each in document["categories"].values())


def _said(problem: Problem, failures: int) -> Iterator[str]:
    if problem.note:
        yield problem.note
    if problem.count and failures >= problem.count:
        yield f"{problem.count:,} of {count(failures, 'failing call')}"
    elif problem.count:
        yield count(problem.count, "call")
    if problem.flaky:
        yield f"failed {problem.flaky} times"
    if problem.limits:
        names = listed([f"“{visible(each)}”" for each in problem.limits], 2)
        yield f"breaks the {'limit' if len(problem.limits) == 1 else 'limits'} {names}"
    if problem.forecast:
        yield f"in production: {problem.forecast.rstrip('.')}"
    if problem.item:
        yield visible(problem.item)
