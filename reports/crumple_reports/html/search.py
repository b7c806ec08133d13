"""What a search came to: how far it looked, how much is left, and how findings that were known stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import Material, visible
from crumple_reports.examples import replay_command
from crumple_reports.figures import interval, percent
from crumple_reports.html.section import Section
from crumple_reports.search import about_search, in_short, is_search, known_findings, next_search

_MOST: Final = 100
_ONCE: Final = "not reproduced"
"""The state of what failed once and not again; it is no problem that one could look into."""


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None of a run that has not searched, or not begun to."""
    search = document.get("search")
    if not search or not is_search(document):
        return None
    known = known_findings(document, quoting=material.privacy != "figures")
    aside = [each for each in search["discoveries"] if each["state"] == _ONCE]
    model = {
        "explored": _explored(search.get("explored")),
        "outcomes": sorted(search.get("outcomes", {}).items(), key=lambda each: (-each[1], each[0])),
        "found": _found(search["discoveries"]),
        "known": known[:_MOST],
        "more_known": max(0, len(known) - _MOST),
        "aside": [_unsure(document, each) for each in aside[:_MOST]],
        "more_aside": max(0, len(aside) - _MOST),
        "about": about_search(search).replace("`", ""),
        "again": next_search(document),
    }
    return Section("search", "How far the search has looked", model)


def _explored(explored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Its figures; None where no call looked for anything."""
    if not explored or not explored["calls"]:
        return None
    kinds = int(explored["kinds"])
    return {
        "calls": int(explored["calls"]),
        "kinds": kinds,
        "once": int(explored["once"]),
        "chance": percent(explored["chance"]) if kinds else "",
        "sure": interval(explored["low"], explored["high"]),
        "open": int(explored.get("open", 0)),
    }


def _found(discoveries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where kinds of failure turned up, the category with most of them first."""
    found: dict[str, dict[str, Any]] = {}
    for each in discoveries:
        if each["state"] in {"explained", "flaky", _ONCE}:
            continue
        name = str(each["category"])
        row = found.setdefault(name, {"category": name, "kinds": 0, "calls": 0})
        row["kinds"] += 1
        row["calls"] += int(each["count"])
    return sorted(found.values(), key=lambda row: (-row["kinds"], -row["calls"], row["category"]))


def _unsure(document: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """A failure that was seen, and not when it was called again."""
    return {
        "category": str(found["category"]),
        "outcome": str(found["example"]["outcome"]),
        "what": visible(in_short(found)),
        "count": int(found["count"]),
        "failed": int(found["failed"]),
        "tries": int(found["tries"]),
        "command": replay_command(document, found["example"]),
    }
