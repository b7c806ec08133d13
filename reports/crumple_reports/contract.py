"""The verdict: the contract in a sentence, a table of its limits, and what is to be said of those that are not met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crumple import contract_state, visible
from crumple_reports.figures import count, listed
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page

_ORDER = {"broken": 0, "undecided": 1, "met": 2}
_STYLES = {"broken": BAD, "undecided": "yellow", "met": "green"}
_HEADS = ["limit", "state", "figure", "bound", "must be", "calls"]


def verdict(document: Mapping[str, Any]) -> str:
    """The contract in a sentence: "The contract is broken: 2 of 6 limits are broken, 3 met, 1 undecided."."""
    rows = document["contract"]
    state = contract_state(document)
    numbers = {name: sum(each["state"] == name for each in rows) for name in _ORDER}
    if len(rows) == 1:
        return f"The contract is {state}: it has one limit."
    if numbers[state] == len(rows):
        return f"The contract is {state}: {'both' if len(rows) == 2 else f'all {len(rows)}'} limits are {state}."
    rest = [f"{number} {name}" for name, number in numbers.items() if number and name not in {state, "met"}]
    met = [f"{numbers['met']} met"] if numbers["met"] and state != "met" else []
    verb = "is" if numbers[state] == 1 else "are"
    parts = [f"{numbers[state]} of {len(rows)} limits {verb} {state}", *met, *rest]
    return f"The contract is {state}: {', '.join(parts)}."


def show_contract(page: Page, document: Mapping[str, Any]) -> None:
    """The limits in the order of the contract, then the sentences of those that are not met, the worst first."""
    rows = document.get("contract", [])
    if not rows:
        return
    page.heading("Contract")
    _table(page, rows)
    for each in sorted(rows, key=lambda row: _ORDER[row["state"]]):
        if each["state"] != "met":
            page.line()
            page.line(visible(each["sentence"]), BAD if each["state"] == "broken" else PLAIN)
            if each["calls"]:
                page.line(came_from(each), FAINT, indent=2)
    met = [each for each in rows if each["state"] == "met"]
    if met:
        page.line()
    for each in met:
        page.line(f"{visible(each['name'])}: met. {came_from(each)}", FAINT)
    page.line()
    page.line(about(rows), FAINT)
    for line in newer(rows):
        page.line(line, HEAD)


def _table(page: Page, rows: list[Mapping[str, Any]]) -> None:
    cells = [
        (
            visible(each["name"]),
            each["state"],
            each["shown"]["figure"],
            each["shown"]["bound"],
            each["shown"]["limit"],
            f"{each['calls']:,}",
        )
        for each in rows
    ]
    page.table(_HEADS, cells, styles=[_STYLES[each["state"]] for each in rows], names=2)


def came_from(row: Mapping[str, Any]) -> str:
    """What a limit's figures come from, and what the calls say of the other: these documents, or documents like these.

    In a run that decides only the figures of a limit's own stream bear an interval.
    """
    effect = row["design_effect"]
    groups = f" of {count(row['groups'], 'group')}" if row["groups"] else ""
    # Of production that is clean all is known: a stream draws from that without calling again.
    drawn = row["method"] == "sequential" and row["of"] == "production"
    parts = [f"About {row['about']}: {count(row['calls'], 'draw' if drawn else 'call')}{groups}"]
    if effect is not None or row["about"] == "documents like these":
        parts.append(f"design effect {'not known' if effect is None else f'{effect:.1f}'}")
    if row["decided_after"] is not None:
        parts.append(f"decided after {row['decided_after']:,}")
    other = row["other"]
    whole = f", by all {count(other['calls'], 'call')} of the run" if row["method"] == "sequential" else ""
    beside = f" About {other['about']}{whole}: {other['shown']}." if other["shown"] else ""
    return f"{', '.join(parts)}.{beside}"


def about(rows: Sequence[Mapping[str, Any]]) -> str:
    """What bounds are, and what these documents and documents like these mean, as far as these limits need it."""
    parts = ["Bounds are one-sided, each at its limit's confidence."]
    if len(rows) > 1:
        parts.append("Broken is said with all limits in mind: of many that are kept, one looks broken by chance.")
    if any(each["about"] == "documents like these" for each in rows):
        parts.append(
            "Documents like these are new ones of the same kind: what counts there is how many groups of documents "
            "were tried, not how many calls."
        )
    if any(each["about"] == "these documents" for each in rows):
        parts.append("These documents are those of the corpus, and no others.")
    if any(each["method"] == "sequential" for each in rows):
        parts.append(
            "Calls went where they were needed to decide: the verdict's figures are those of each limit's own stream "
            "of calls, and the tables below, which count every call, may differ from them."
        )
    return " ".join(parts)


def newer(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What no limit is about because it is newer than the contract's pin, in a sentence; empty where there is none."""
    names = sorted({name for each in rows for name in each.get("left_out", ())})
    if not names:
        return []
    few = listed(map(visible, names), 6)
    again = "`crumple check --pin` takes them in."
    return [f"Newer than the contract's pin, or changed since, and in no limit: {few}. {again}"]
