"""The tables of a report: figures by category, and by mutator and level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crumple_reports.figures import count, interval, points
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page

_MOST = 1_000
"""Mutators that are shown: more than there are built in; nobody reads more, and to lay them out takes seconds."""
_COUNTS = {"cases": "cases", "runs": "runs", "failures": "failed", "silent": "silent"}

_LIKE_THESE = ["95 %\nlike these", "groups", "design\neffect"]


def show_categories(page: Page, document: Mapping[str, Any]) -> None:
    """Figures by category, about these documents and about documents like these; what was never run is left out."""
    named = {name: each for name, each in document["categories"].items() if each["runs"]}
    if named:
        page.heading("Failures by category")
        _show(page, "category", list(named.items()), document, like_these=True)


def show_mutators(page: Page, document: Mapping[str, Any]) -> None:
    """Figures by mutator, each under its category; what was never run is left out, and of very many the best."""
    called = {name: each for name, each in document["mutators"].items() if each["runs"]}
    worst = set(sorted(called, key=lambda name: -(called[name]["rate"] or 0.0))[:_MOST])
    rows: list[tuple[str, Mapping[str, Any] | None]] = []
    category = ""
    for name, each in called.items():
        if name not in worst:
            continue
        if each["category"] != category:
            category = each["category"]
            rows.append((category, None))
        rows.append(("  " + name.removeprefix(category + "."), each))
    if rows:
        page.heading("Failures by mutator and level")
        _show(page, "mutator", rows, document)
    if len(called) > _MOST:
        rest = count(len(called) - _MOST, "more mutator")
        page.line(f"and {rest}, none of which fails more often; --json FILE keeps them all", FAINT)


def levels(document: Mapping[str, Any]) -> list[str]:
    """Every level that something was run at, in order."""
    found = {level for each in document["mutators"].values() for level in each["levels"]}
    return sorted(found, key=float)


def told_apart(document: Mapping[str, Any]) -> bool:
    """Whether what a rate is about is told apart: these documents, or documents like these."""
    return any(each.get("like_these") for each in document["categories"].values())


def _show(
    page: Page,
    first: str,
    rows: list[tuple[str, Mapping[str, Any] | None]],
    document: Mapping[str, Any],
    *,
    like_these: bool = False,
) -> None:
    """The figures with a column a level; where those do not fit, the levels get a table of their own."""
    at = levels(document)
    counts = _COUNTS | ({"flaky": "flaky"} if document["run"].get("repeat", 1) > 1 else {})
    apart = told_apart(document)
    heads = [first, *counts.values(), "rate %", "95 %\nthese" if apart else "95 %"]
    heads += _LIKE_THESE if apart and like_these else []
    at_heads = [f"L{level} %" for level in at]
    cells = [
        (name, *_row(figures, counts), *(_like_these(figures) if apart and like_these else []), *_levels(figures, at))
        for name, figures in rows
    ]
    styles = [_style(figures) for _, figures in rows]
    if page.fits([*heads, *at_heads], cells):
        page.table([*heads, *at_heads], cells, styles=styles)
        return
    whole = len(heads)
    page.table(heads, [row[:whole] for row in cells], styles=styles)
    for start in range(0, len(at), _levels_a_table(page, cells)):
        chunk = slice(start, start + _levels_a_table(page, cells))
        page.line()
        page.table([f"{first} at level", *at_heads[chunk]], [(row[0], *row[whole:][chunk]) for row in cells])


def _levels_a_table(page: Page, cells: list[tuple[str, ...]]) -> int:
    return max(1, (page.width - min(max(len(row[0]) for row in cells), page.width // 2)) // 8)


def _row(figures: Mapping[str, Any] | None, counts: Iterable[str]) -> list[str]:
    """A line's cells after its name; a heading has none of them filled."""
    if figures is None:
        return [""] * (len(list(counts)) + 2)
    sure = interval(figures["low"], figures["high"]) if figures["rate"] is not None else "-"
    return [*(f"{figures[name]:,}" for name in counts), points(figures["rate"]), sure]


def _like_these(figures: Mapping[str, Any] | None) -> list[str]:
    """What is known about documents like these, from how many groups, and how much calls of one go together."""
    known = figures.get("like_these") if figures else None
    if not known:
        return ["-"] * len(_LIKE_THESE)
    effect = known["design_effect"]
    return [interval(known["low"], known["high"]), f"{known['groups']:,}", "-" if effect is None else f"{effect:.1f}"]


def _levels(figures: Mapping[str, Any] | None, at: list[str]) -> list[str]:
    if figures is None:
        return [""] * len(at)
    return [points(figures["levels"][level]["rate"]) if level in figures["levels"] else "" for level in at]


def _style(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return HEAD
    return BAD if figures["rate"] and figures["low"] > 0.5 else PLAIN
