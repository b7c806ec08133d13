"""Broken limits that no cause of failures explains: of time, of money, of form, of clean documents. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from crumple import excerpt, visible
from crumple_reports.figures import listed
from crumple_reports.problem import Problem, problem_of

_CLEAN: Final = "clean"
_EVERYWHERE: Final = frozenset({"all", "production"})
_LONG: Final = 300


def of_limits(document: Mapping[str, Any], found: Iterable[Problem]) -> Iterator[Problem]:
    """A problem for each broken limit that none of the others counts against.

    Args:
        document: of a run, a night or a search.
        found: the problems that are known.
    """
    told = {name for each in found for name in each.limits}
    for row in document.get("contract") or ():
        if row["state"] == "broken" and row["name"] not in told:
            yield replace(_of_limit(document, row), limits=(str(row["name"]),))


def _of_limit(document: Mapping[str, Any], row: Mapping[str, Any]) -> Problem:
    if row.get("metric") == "valid" and (invalid := _invalid(document, row)):
        mutators = {name: int(each["count"]) for name, each in invalid.items()}
        example = min((each["example"] for each in invalid.values()), key=_level)
        problem = problem_of(document, example, mutators, fingerprint="", count=sum(mutators.values()))
        under = listed(map(visible, problem.mutators), 2)
        title = f"Answers that do not keep to the JSON schema under {under}"
        return replace(problem, title=title, silent=False, failing=False)
    failed = (document.get("clean") or {}).get("failed") or ()
    if row["of"] == _CLEAN and failed and row.get("metric") in {"failures", "accuracy", "silent", "refusals"}:
        problem = problem_of(document, {"recipe": "", **failed[0]}, {}, fingerprint="", count=len(failed))
        return replace(problem, title="Clean documents fail, before any damage", failing=False)
    said = excerpt(str(row.get("sentence") or "").rstrip("."), _LONG)
    return Problem(
        title=f"{visible(str(row['name']))}: {_figure(row)}",
        outcome="",
        silent=False,
        count=0,
        failing=False,
        mutators={},
        categories=() if row["of"] in _EVERYWHERE else (str(row["of"]).partition(".")[0],),
        levels=(),
        fingerprint="",
        note=said[:1].lower() + said[1:],
        example={},
        command="",
    )


def _figure(row: Mapping[str, Any]) -> str:
    """What came out, and what was to be."""
    shown = row.get("shown") or {}
    return f"{shown.get('figure') or 'not kept'}, and must be {shown.get('limit') or 'otherwise'}"


def _invalid(document: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Mutator -> its answers that do not keep to the schema, of those that a limit is about."""
    of, up_to = str(row["of"]), float(row.get("up_to_level") or 5.0)
    return {
        name: each["invalid"]
        for name, each in (document.get("mutators") or {}).items()
        if each.get("invalid")
        and (of in _EVERYWHERE or of in {name, name.partition(".")[0]})
        and _level(each["invalid"]["example"]) <= up_to
    }


def _level(example: Mapping[str, Any]) -> float:
    return float(example.get("level") or 0.0)
