"""Each problem with all that a developer needs: documents side by side, fields, the error, the line that replays it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crumple import Exhibit, Material, excerpt, visible
from crumple_reports.figures import count, listed
from crumple_reports.html.exhibit import Pictures, exhibit_model
from crumple_reports.html.fields import answer_of
from crumple_reports.html.section import Section
from crumple_reports.problems import IN_FULL, LISTED, Problem, failures_of, problems_of

_OPEN: Final = 3
_FIGURES: Final = "figures"
_LONG: Final = 200
_MUTATORS: Final = 6


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where nothing fails, or nothing is known of it."""
    problems = problems_of(document) if document.get("kind") != "comparison" else []
    if not problems:
        return None
    full = problems[:IN_FULL]
    lines = [each.replay for each in full if _privacy(each, material) != _FIGURES]
    exhibits = material.exhibits(lines) if lines else {}
    pictures = Pictures([exhibits[line] for line in dict.fromkeys(lines) if line in exhibits])
    model = {
        "count": count(len(problems), "problem"),
        "discreet": all(_privacy(each, material) == _FIGURES for each in full),
        "pictures": pictures.shared,
        "full": [_full(each, document, material, exhibits, pictures) for each in full],
        "listed": [_listed(each) for each in problems[IN_FULL:LISTED]],
        "more": max(0, len(problems) - LISTED),
    }
    return Section("problems", "Problems, the worst first", model)


def _privacy(problem: Problem, material: Material) -> str:
    return problem.privacy or material.privacy


def _full(
    problem: Problem,
    document: Mapping[str, Any],
    material: Material,
    exhibits: Mapping[str, Exhibit],
    pictures: Pictures,
) -> dict[str, Any]:
    privacy = _privacy(problem, material)
    exhibit = exhibits.get(problem.replay) if privacy != _FIGURES else None
    return {
        **_listed(problem),
        "open": problem.number <= _OPEN,
        "facts": _facts(problem, failures_of(document)),
        "example": _example(problem),
        "answer": answer_of(problem, privacy),
        "exhibit": exhibit_model(exhibit, pictures) if exhibit is not None else None,
        "command": problem.command,
        "finding": problem.finding,
    }


def _example(problem: Problem) -> str:
    """Which call is shown: its document, by which mutators, and how much."""
    steps = [each.partition("(")[0] for each in str(problem.example.get("recipe") or "").split(" > ")]
    level = problem.example.get("level")
    parts = [
        excerpt(str(problem.example.get("case", "")), _LONG),
        *([excerpt(" and ".join(filter(None, steps)), _LONG)] if any(steps) else []),
        *([f"level {level:.3g}"] if isinstance(level, (int, float)) and level else []),
    ]
    return ", ".join(filter(None, parts))


def _listed(problem: Problem) -> dict[str, Any]:
    return {
        "number": problem.number,
        "title": problem.title,
        "outcome": problem.outcome,
        "silent": problem.silent,
        "said": ", ".join(_said(problem)),
        "categories": " ".join(problem.categories),
        "outcomes": " ".join(dict.fromkeys((str(problem.example.get("outcome", "")), *problem.outcome.split()[:1]))),
        "levels": " ".join(problem.levels),
        "breaks": bool(problem.limits),
    }


def _said(problem: Problem) -> list[str]:
    """What stands beside a title."""
    level = problem.example.get("level")
    return [
        *([problem.often()] if problem.often() else []),
        *([f"from level {level:.3g} on"] if isinstance(level, (int, float)) and level else []),
        *([problem.note] if problem.note else []),
        *(["breaks the contract"] if problem.limits else []),
        *([f"flaky: {problem.flaky}"] if problem.flaky else []),
    ]


def _facts(problem: Problem, failures: int) -> list[tuple[str, str]]:
    """What is known of a problem beside its example, as (name, what)."""
    named = [f"{visible(name)}{f' ({times:,})' if times else ''}" for name, times in problem.mutators.items()]
    facts = [
        ("how often", problem.often(failures)),
        ("mutators", listed(named, _MUTATORS)),
        ("breaks", listed(map(visible, problem.limits), 3)),
        ("in production", problem.forecast),
        ("flaky", f"its example failed {problem.flaky} times" if problem.flaky else ""),
        ("note", problem.note),
        ("test", visible(problem.item)),
    ]
    return [(name, what) for name, what in facts if what]
