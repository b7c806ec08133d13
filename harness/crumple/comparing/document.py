"""A comparison as the document that every report is made from: `"schema": 1`, `"kind": "comparison"`. Pure.

a, b            the two runs: `name`, `run`, `system`, `config`, ..., `clean`, `contract`, `forecast`, `breaking_points`
rows            by category, "all" and "clean" first; "worse" and "better" are said of b; of silent failures apart
mutators        of each how many pairs, and which of the two failed
look_at         documents of which only one of the two fails, with what became of them in both
common          what fails in both
amounts         latency and money of the calls that failed in neither
calls, alone    how many calls each has by category, and why some have no partner
differs         what is not the same in both; `warnings`: what must be known before the figures are believed
steps           how to get more pairs, each with its commands
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple.comparing.comparable import POINTS, SCHEMA, differences, warnings
from crumple.comparing.sides import Side
from crumple.comparing.standing import ALPHA, standings
from crumple.comparing.sums import Sums, calls_of_category
from crumple.comparing.telling import by_mutator, flaky, in_common, told

KIND: Final = "comparison"
_FEW: Final = 0.9
"""With a smaller share of the smaller run's calls in pairs, the way to more of them is said."""
_COPIED: Final = (
    "project",
    "system",
    "corpus",
    "corpus_cases",
    "seed",
    "levels",
    "started",
    "ended",
    "calls",
    "cost",
    "wall_seconds",
    "repeat",
)


def comparison(first: Side, second: Side, sums: Sums, *, names: tuple[str, str], command: str) -> dict[str, Any]:
    """Make the document.

    Args:
        first: one run.
        second: the other, of which "better" and "worse" are said.
        sums: of their calls.
        names: what they are called.
        command: what makes the first run's calls with the second's system.
    """
    points = first.kind == POINTS
    shown = [] if points else sums.to_look_at.shown()
    keys = frozenset(each.now.key for each in shown)
    results = first.results(keys), second.results(keys)
    rows = [] if points else standings(sums.by_category(), adaptive=first.adaptive or second.adaptive)
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "a": _side(first, names[0]),
        "b": _side(second, names[1]),
        "state": rows[0]["state"] if rows else "unknown",
        "method": "sequential" if first.adaptive or second.adaptive else "exact",
        "alpha": ALPHA,
        "pairs": 0 if points else sums.count,
        "degraded_pairs": 0 if points else sums.degraded,
        "cases": sums.cases,
        "rows": rows,
        "mutators": [] if points else by_mutator(sums.ends),
        "look_at": [told(each, *results) for each in shown],
        "common": [] if points else in_common(sums.ends, sums.common),
        "amounts": {} if points else _amounts(sums),
        "calls": dict(zip(("a", "b"), map(calls_of_category, sums.calls), strict=True)),
        "alone": [] if points else [{"why": why, "a": mine, "b": theirs} for why, (mine, theirs) in sums.alone.items()],
        "differs": differences(first, second),
        "warnings": warnings(first, second),
        "steps": [] if points else _steps(sums, rows, command),
    }


def _side(side: Side, name: str) -> dict[str, Any]:
    document, about = side.document, side.about
    return {
        "name": name,
        "run": side.run,
        "state": side.state,
        "kind": side.kind,
        "config": side.config,
        **{key: about[key] for key in _COPIED if key in about},
        "clean": {key: document["clean"].get(key, 0) for key in ("cases", "right")},
        "categories": document["categories"],
        "contract": document.get("contract") or [],
        "forecast": document.get("forecast"),
        "breaking_points": document.get("breaking_points") or [],
        "flaky": flaky(side),
        "void": document["void"]["calls"],
    }


def _amounts(sums: Sums) -> dict[str, Any]:
    found = {"latency": sums.latency.amount(), "money": sums.money.amount()}
    return {name: each.to_json() for name, each in found.items() if each is not None}


def _steps(sums: Sums, rows: Sequence[Mapping[str, Any]], command: str) -> list[dict[str, Any]]:
    """What to do where there are few pairs."""
    steps: list[dict[str, Any]] = []
    fewer = min(each.total() for each in sums.calls)
    if sums.count < _FEW * fewer:
        said = f"Only {sums.count:,} of {fewer:,} calls have a partner. This makes the very same calls with B's system"
        steps.append({"text": said, "commands": [command]})
    whole = rows[0] if rows else {}
    if enough := whole.get("enough"):
        calls = f"about {_rounded(enough):,} pairs; there are {sums.count:,}"
        steps.append(
            {"text": f"If the two differ as much as it looks, telling them apart takes {calls}", "commands": []}
        )
    return steps


def _rounded(number: int) -> int:
    """To two digits, upwards: it is an estimate."""
    step = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // step) * step
