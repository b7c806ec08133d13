"""What was expected of one call and what came: field by field, or whole; as far as it may be shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from crumple import excerpt
from crumple_reports.examples import wrong_fields
from crumple_reports.problem import Problem

_MOST: Final = {"excerpts": 4, "full": 10}
_LONG: Final = {"excerpts": 80, "full": 400}
_CAUSE: Final = {"excerpts": 160, "full": 600}
_CRASH: Final = re.compile(r"\w+ \S+ at (?P<file>[^:]+):(?P<function>[^:]+)(?:: (?P<code>.*))?", re.DOTALL)


def answer_of(problem: Problem, privacy: str) -> dict[str, Any]:
    """What is to be seen of a call's answer.

    Args:
        problem: of which the example is shown.
        privacy: "figures": nothing that a document or a system has said; "excerpts"; or "full".

    Returns:
        `rows`: wrong fields as (path, expected, got); `more`: how many are left out; `expected` and `answer` whole
        where there are no fields; `cause`: what the system raised or said, `said` how that is called; `place` and
        `code`: where, the function and its line, which is shown where documents may be.
    """
    example = problem.example
    model: dict[str, Any] = {
        "rows": [],
        "more": 0,
        "expected": "",
        "answer": "",
        "cause": "",
        "said": "What is wrong with it" if problem.outcome == "right" else "The system said",
        "own": bool(example.get("stand_in")) or problem.outcome == "changed answer",
        **_place(problem.fingerprint),
    }
    if privacy not in _LONG:
        return model | {"code": ""}  # it is the team's own, and may quote anything
    model["cause"] = excerpt(str(example.get("cause") or ""), _CAUSE[privacy])
    if not problem.silent:
        # What was expected of a call that came to nothing says nothing of why.
        model["answer"] = excerpt(str(example.get("answer") or ""), _LONG[privacy])
        return model
    fields = _fields(example)
    if not fields:
        return model | {name: excerpt(str(example.get(name) or ""), _LONG[privacy]) for name in ("expected", "answer")}
    shown = [tuple(excerpt(each, _LONG[privacy]) for each in row) for row in fields[: _MOST[privacy]]]
    return model | {"rows": shown, "more": max(0, len(example["wrong"]) - len(shown))}


def _fields(example: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    if not all(isinstance(example.get(name), str) for name in ("expected", "answer")):
        return []
    return wrong_fields(example)


def _place(fingerprint: str) -> dict[str, str]:
    """Where it was raised, as a fingerprint has it: "crashed KeyError at reader.py:from_csv: the line of code"."""
    found = _CRASH.fullmatch(fingerprint)
    if found is None:
        return {"place": "", "code": ""}
    return {"place": f"{found['function']}, {found['file']}", "code": found["code"] or ""}
