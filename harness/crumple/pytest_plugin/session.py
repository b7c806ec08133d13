"""The document of a pytest session: every item that ran under crumple, and what all of them come to. Pure.

{"schema": 1, "kind": "pytest",
 "session": {"calls", "failing", "crumple", "pytest", "python"},
 "state": "failed" | "undecided" | "passed",
 "categories": category -> runs, failures, silent, rate, low, high,
 "amounts": as `crumple.amounts` describes them, of the same calls,
 "items": [{"id": its node id, "outcome": "passed" | "failed" | "skipped" | "xfailed" | "", "source",
            "document": the run's, of an item that makes calls, or "finding": of one that calls a finding again}]}
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from crumple import __version__

SCHEMA: Final = 1
_KEPT: Final = ("runs", "failures", "silent", "rate", "low", "high")


def session_document(items: Sequence[Mapping[str, Any]], *, calls: int, failing: int) -> dict[str, Any]:
    """The document.

    Args:
        items: as they were reported, with what became of each.
        calls: how many degraded documents were called, also in rounds that did not become whole.
        failing: how many of them failed.
    """
    ordered = sorted(items, key=lambda each: str(each["id"]))  # xdist reports them in any order
    return {
        "schema": SCHEMA,
        "kind": "pytest",
        "session": {
            "calls": calls,
            "failing": failing,
            "crumple": __version__,
            "pytest": pytest.__version__,
            "python": platform.python_version(),
        },
        "state": _state(ordered),
        "categories": added_up(ordered),
        "amounts": _amounts(ordered),
        "items": ordered,
    }


def _state(items: Sequence[Mapping[str, Any]]) -> str:
    outcomes = {each["outcome"] for each in items}
    if outcomes & {"failed", ""}:
        return "failed"
    # One that was skipped before it made a call was not to be measured here.
    undecided = any(each["outcome"] == "skipped" and ("document" in each or "finding" in each) for each in items)
    return "undecided" if undecided else "passed"


def added_up(items: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Figures by category over all items.

    Items of one source call the same documents of one system, the one more of them than the other: of those the one
    with most counts. What different sources have called is added up, by mutator and level, and weighed as in a run.
    """
    chosen: dict[str, dict[str, Mapping[str, Any]]] = {}
    for item in items:
        document = item.get("document")
        for name, figures in (document or {}).get("categories", {}).items():
            own = chosen.setdefault(name, {})
            known = own.get(item["source"])
            if figures["runs"] and (known is None or known["categories"][name]["runs"] < figures["runs"]):
                own[item["source"]] = document or {}
    return {name: _together(name, list(own.values())) for name, own in sorted(chosen.items()) if own}


def _amounts(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Time and money over all items: of each source those of the item that has called most."""
    from crumple.amounts import Amounts

    chosen: dict[str, Mapping[str, Any]] = {}
    for item in items:
        own = (item.get("document") or {}).get("amounts")
        known = chosen.get(item["source"])
        if own and (known is None or known["degraded"]["calls"] < own["degraded"]["calls"]):
            chosen[item["source"]] = own
    together = Amounts()
    for _, each in sorted(chosen.items()):
        together.join(each)
    return together.document()


def _together(category: str, documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if len(documents) == 1:
        figures: Mapping[str, Any] = documents[0]["categories"][category]
    else:
        figures = _pooled(category, documents)
    return {name: figures[name] for name in _KEPT}


def _pooled(category: str, documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    from crumple import counts

    found: dict[str, dict[float, counts.Count]] = {}
    for document in documents:
        repeat = max(1, int(document["run"].get("repeat", 1)))
        for name, figures in document["mutators"].items():
            if figures["category"] != category:
                continue
            for level, at in figures["levels"].items():
                count = counts.Count(
                    runs=at["runs"], drawn=at["runs"] // repeat, failures=at["failures"], silent=at["silent"]
                )
                found.setdefault(name, {}).setdefault(float(level), counts.Count()).join(count)
    each = [count for levels in found.values() for count in levels.values()]
    return counts.document(counts.evenly([levels for _, levels in sorted(found.items())]), each, {})
