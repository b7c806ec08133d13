"""The worst problems, a line each, for whoever reads no further. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import excerpt, visible
from crumple_reports.figures import count, listed
from crumple_reports.problem import Problem
from crumple_reports.problems import LEADING, failures_of, problems_of

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


def worst_of(document: Mapping[str, Any], most: int = LEADING) -> list[Worst]:
    """The worst problems of a document, the first of them the one to begin with."""
    if document.get("kind") == "comparison":
        return []
    failures = failures_of(document)
    problems = problems_of(document)
    return [
        Worst(
            number=each.number,
            title=excerpt(each.title, _LONG),
            said="; ".join((*_said(each, failures), *_others(each, problems))),
            command=each.command,
            silent=each.silent,
            outcome=each.outcome,
        )
        for each in problems[:most]
    ]


def _others(problem: Problem, problems: Sequence[Problem]) -> Iterator[str]:
    """How many more there are of its category: only the worst of each stands at the top."""
    for category in problem.categories[:1]:
        more = sum(category in each.categories for each in problems) - 1
        if more:
            yield f"{visible(category)} has {count(more, 'more problem')}"


def _said(problem: Problem, failures: int) -> Iterator[str]:
    if problem.note:
        yield problem.note
    if problem.count:
        yield problem.often(failures)
    if problem.flaky:
        yield f"failed {problem.flaky} times"
    if problem.limits:
        names = listed([f"“{visible(each)}”" for each in problem.limits], 2)
        yield f"against the broken {'limit' if len(problem.limits) == 1 else 'limits'} {names}"
    if problem.forecast:
        yield problem.forecast
    if problem.item:
        yield visible(problem.item)
