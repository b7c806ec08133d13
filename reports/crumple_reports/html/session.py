"""A pytest session: every robustness test with what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import Material, excerpt
from crumple_reports.content import SAID, content_of, ended_of
from crumple_reports.figures import count, duration, listed
from crumple_reports.html.section import Section
from crumple_reports.parts import Content

_MOST: Final = 300
_LONG: Final = 240
_LIMITS: Final = 3
_STATES: Final = {"failed": "bad", "void": "open", "not finished": "bad", "undecided": "open", "passed": "good"}


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None of what is no session, and of one without a test."""
    if document.get("kind") != "pytest" or not document["items"]:
        return None
    content = content_of(document)
    void = dict(content.void)
    order = {said: at for at, said in enumerate(SAID.values())}
    rows = [_row(each, ended_of(each, void), content, material) for each in document["items"]]
    rows.sort(key=lambda row: (order.get(row["ended"], -1), row["id"]))
    model = {
        "rows": rows[:_MOST],
        "more": max(0, len(rows) - _MOST),
    }
    return Section("session", "Tests", model)


def _row(item: Mapping[str, Any], ended: str, content: Content, material: Material) -> dict[str, Any]:
    document = item.get("document")
    figures = list(document["categories"].values()) if document else []
    runs, failures, silent = (sum(each[name] for each in figures) for name in ("runs", "failures", "silent"))
    return {
        "id": str(item["id"]),
        "ended": ended,
        "state": _STATES.get(ended, ""),
        "categories": sorted(document["categories"]) if document else [],
        "calls": f"{runs:,}" if document else "",
        "failed": f"{failures:,}" if document and runs else "",
        "silent": f"{silent:,}" if document and runs else "",
        "said": _said(item, content, material),
        "made": _made(document["run"]) if document else "",
    }


def _said(item: Mapping[str, Any], content: Content, material: Material) -> list[str]:
    """What its limits came to, or its finding."""
    limits = [each.row for each in content.limits if each.item == item["id"]]
    said = [f"{each['name']}: {each['state']}" for each in limits[:_LIMITS]]
    if len(limits) > _LIMITS:
        said.append(f"and {count(len(limits) - _LIMITS, 'more limit')}")
    if finding := item.get("finding"):
        said.append(f"finding {finding['id']}, {finding.get('was', '')}: {finding.get('status', '')}")
        own = item.get("privacy") or material.privacy
        if finding.get("what") and own != "figures" and material.privacy != "figures":
            said.append(str(finding["what"]))
    return [excerpt(each, _LONG) for each in said]


def _made(run: Mapping[str, Any]) -> str:
    """How to make it again, in a line."""
    levels: Sequence[float] = run.get("levels") or ()
    parts = [
        f"seed {run['seed']}" if "seed" in run else "",
        f"levels {listed((f'{level:g}' for level in levels), 6)}" if levels else "",
        f"corpus {run['corpus']}" if run.get("corpus") else "",
        duration(run["wall_seconds"]) if run.get("wall_seconds") else "",
    ]
    return excerpt("; ".join(filter(None, parts)), _LONG)
