"""Runs and nights one after the other, as figures: what `crumple history` shows and writes. Pure.

Rates of two runs can be held against each other where the runs have one *plan*: nights that were compared with the
same baseline, or runs of one configuration, corpus and judge. What else has changed from one to the next, such as the
system's version, is named.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from crumple.nightly.baseline import ALL, CLEAN
from crumple.soundness import contract_state, void_reason

if TYPE_CHECKING:
    from crumple.store import Line

SCHEMA: Final = 1
NIGHT: Final = "night"
_DOCUMENTS: Final = 1
"""The version of a run's document whose rates can be read."""
_PLAN: Final = ("configuration", "corpus", "the judge")
_ENDED: Final = "ended"


def point(line: Line, identities: Mapping[str, str], document: Mapping[str, Any] | None) -> dict[str, Any]:
    """One run or night.

    Args:
        line: what the store's list says of it.
        identities: what its calls depend on, by name -> digest.
        document: its document; None where it has none.
    """
    info = line.info
    read = _readable(document)
    night = _mapping(read.get(NIGHT))
    state = _state(line, read, night)
    versions = _mapping(info.get("versions"))
    return {
        "id": line.id,
        "kind": NIGHT if info.get("kind") == NIGHT else "run",
        "state": state,
        "started": str(info.get("started", "")),
        "seconds": round(line.seconds, 3),
        "calls": line.calls,
        "void": line.void,
        "cost": line.cost,
        "system": str(info.get("system", "")),
        "crumple": str(versions.get("crumple", "")),
        "corpus": str(info.get("corpus", "")),
        "baseline": str(_mapping(info.get("known")).get("baseline", "")),
        "baseline_run": str(_mapping(night.get("baseline")).get("run", "")),
        "contract": _contract(read),
        # What is void says nothing of the system.
        "categories": {} if state == "void" else _categories(read, night),
        "drift": [str(each.get("category")) for each in _rows(night.get("drift")) if each.get("state") == "worse"],
        "unread": document is not None and not read,
        "identities": dict(identities),
    }


def timeline(points: Iterable[Mapping[str, Any]], *, where: str = "", **counts: int | None) -> dict[str, Any]:
    """A history as one JSON document.

    Args:
        points: as `point` makes them, oldest first.
        where: the store as it may be shown.
        counts: what else is said of the store: how many runs there are beside those.

    Returns:
        "schema"; "store"; the counts; "plans": each with its letter as "plan", "kind", "baseline" (its id, and as
        "baseline_run" the run that it was made from), "corpus", "runs" (how many) and "categories" (every name that one
        of them has); "runs": the points, each with its "plan", and as "changed" what is otherwise than in the run
        before of the same plan.
    """
    plans: dict[tuple[str, ...], dict[str, Any]] = {}
    last: dict[str, Mapping[str, str]] = {}
    rows = []
    for each in points:
        identities = each["identities"]
        plan = plans.setdefault(_plan(each), _new_plan(len(plans), each))
        plan["runs"] += 1
        plan["baseline_run"] = plan["baseline_run"] or each["baseline_run"]
        plan["categories"] += [name for name in each["categories"] if name not in plan["categories"]]
        before = last.get(plan["plan"])
        row = {name: value for name, value in each.items() if name not in {"identities", "baseline_run"}}
        rows.append(row | {"plan": plan["plan"], "changed": _changed(before, identities)})
        last[plan["plan"]] = identities
    return {"schema": SCHEMA, "store": where, **counts, "plans": list(plans.values()), "runs": rows}


def _plan(each: Mapping[str, Any]) -> tuple[str, ...]:
    """What runs have in common whose rates can be held against each other."""
    if each["baseline"]:
        return NIGHT, each["baseline"]
    return each["kind"], *(each["identities"].get(name, "") for name in _PLAN)


def _new_plan(number: int, each: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: each[name] for name in ("kind", "baseline", "baseline_run", "corpus")}
    return {"plan": _letters(number), **named, "runs": 0, "categories": []}


def _letters(number: int) -> str:
    """A, B, ..., Z, AA, AB, ..."""
    more, last = divmod(number, len(string.ascii_uppercase))
    return (_letters(more - 1) if more else "") + string.ascii_uppercase[last]


def _changed(before: Mapping[str, str] | None, now: Mapping[str, str]) -> list[str]:
    if before is None:
        return []
    return [name for name in dict.fromkeys((*before, *now)) if before.get(name) != now.get(name)]


def _state(line: Line, read: Mapping[str, Any], night: Mapping[str, Any]) -> str:
    """What became of it: of a night that ended, what it was said to be."""
    if line.state != _ENDED:
        return line.state
    if said := night.get("state"):
        return str(said)
    return "void" if _void(read) else _ENDED


def _void(read: Mapping[str, Any]) -> bool:
    try:
        return bool(read) and bool(void_reason(read))
    except (KeyError, TypeError, AttributeError, ValueError):
        return False  # a document of another crumple


def _contract(read: Mapping[str, Any]) -> str:
    try:
        return contract_state(read)
    except (KeyError, TypeError, AttributeError):
        return ""


def _categories(read: Mapping[str, Any], night: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every category's rate; "clean" is one, and "all" is the share of all degraded calls; both without interval."""
    found = {str(name): _rate(_mapping(each)) for name, each in _mapping(read.get("categories")).items()}
    found = {name: each for name, each in found.items() if each["runs"]}
    if found:
        failures, runs = (sum(each[name] for each in found.values()) for name in ("failures", "runs"))
        found[ALL] = _rate({"failures": failures, "runs": runs, "rate": failures / runs})
    clean = _mapping(read.get(CLEAN))
    cases, right = _whole(clean.get("cases")), _whole(clean.get("right"))
    if cases:
        found[CLEAN] = _rate({"failures": cases - right, "runs": cases, "rate": (cases - right) / cases})
    for each in _rows(night.get("categories")):
        name, pairs = str(each.get("category")), _whole(each.get("pairs"))
        paired = {"state": str(each.get("state", "")), "pairs": pairs}
        paired |= {side: _whole(each.get(side)) for side in ("before", "now")}
        found.setdefault(name, _rate({}))["paired"] = paired
    return found


def _rate(each: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: _share(each.get(name)) for name in ("rate", "low", "high")}
    return {name: _whole(each.get(name)) for name in ("runs", "failures")} | said | {"paired": None}


def _readable(document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """A document whose figures can be read; an empty one in place of another's."""
    return document if document is not None and document.get("schema") == _DOCUMENTS else {}


def _rows(value: object) -> Sequence[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and 0 <= value <= 1 else None
