"""The few figures at the top of a page. Pure; nothing is said here that was not counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple import contract_state
from crumple_reports.examples import without_truth
from crumple_reports.figures import count, duration, interval, money, percent
from crumple_reports.night_words import pairs
from crumple_reports.search import is_search

KINDS: Final = ("met", "minimising", "minimised", "not minimised")
"""States of what a search has met that is a kind of failure of its own."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure.

    Attributes:
        label: of what.
        value: the figure itself, short.
        note: what it comes from.
    """

    label: str
    value: str
    note: str = ""


def key_figures(document: Mapping[str, Any]) -> list[Figure]:
    """The figures that this kind of document has, in the order of their weight."""
    kind = document.get("kind")
    if kind == "pytest":
        return list(_of_session(document))
    return [] if kind == "comparison" else list(_of_run(document))


def _of_run(document: Mapping[str, Any]) -> Iterator[Figure]:
    yield from _limits(document)
    yield from _failures(document)
    yield from _kinds(document)
    yield from _production(document)
    yield from _compared(document)
    clean = document["clean"]
    if clean["cases"]:
        yield Figure("Right when clean", f"{clean['right']:,} of {clean['cases']:,}", "cases, before any damage")
    run = document["run"]
    if run["calls"]:
        yield Figure("Calls", f"{run['calls']:,}", f"in {duration(run['wall_seconds'])}")
    if run.get("cost"):
        each = f"{money(run['cost'] / run['calls'])} a call" if run["calls"] else ""
        yield Figure("Cost", money(run["cost"]), each)


def _limits(document: Mapping[str, Any]) -> Iterator[Figure]:
    rows = document.get("contract") or ()
    if not contract_state(document):
        return
    numbers = {state: sum(each["state"] == state for each in rows) for state in ("broken", "undecided", "met")}
    rest = [f"{numbers[state]} {state}" for state in ("broken", "undecided") if numbers[state]]
    yield Figure("Limits met", f"{numbers['met']} of {len(rows)}", ", ".join(rest))


def _failures(document: Mapping[str, Any]) -> Iterator[Figure]:
    categories = document["categories"].values()
    runs, failures, silent = (sum(each[name] for each in categories) for name in ("runs", "failures", "silent"))
    if not runs:
        return
    yield Figure("Calls failed", f"{failures:,} of {runs:,}", "of degraded documents")
    if failures:
        what = "another answer than when clean" if without_truth(document) else "wrong, and no complaint"
        yield Figure("Failed silently", f"{silent:,} of them", what)


def _kinds(document: Mapping[str, Any]) -> Iterator[Figure]:
    search = document.get("search") or {}
    looked = (search.get("explored") or {}).get("calls")
    if not looked or not is_search(document):
        return
    found = [each for each in search["discoveries"] if each["state"] in KINDS]
    yield Figure("Kinds of failure", f"{len(found):,}", f"in {count(looked, 'call')} that looked for them")
    if found:
        silent = sum(each["example"]["outcome"] == "wrong" for each in found)
        yield Figure("Silent ones", f"{silent:,} of them", "wrong, and no complaint")


def _production(document: Mapping[str, Any]) -> Iterator[Figure]:
    found = document.get("forecast") or {}
    mix = document.get("mix") or {}
    if found.get("rate") is None or (mix.get("damaged") and found["share"] < mix["clean"] + 1e-9):
        return  # of what arrives damaged nothing was measured: "0 a day" would be heard as a promise
    day = found.get("failing_per_day")
    if day:
        low, high = math.floor(day["low"] + 1e-6), math.ceil(day["high"] - 1e-6)
        failing = max(1, round(day["failures"])) if day["failures"] else 0
        note = f"would fail, {low:,} to {high:,} of {round(day['documents']):,}, 95 % interval"
        yield Figure("In production", f"{failing:,} a day", note)
    else:
        note = f"would fail, {interval(found['low'], found['high'])} %, 95 % interval"
        yield Figure("In production", percent(found["rate"]), note)


def _compared(document: Mapping[str, Any]) -> Iterator[Figure]:
    if not (document.get("night") or {}).get("baseline"):
        return
    compared, before, now = pairs(document)
    if compared:
        yield Figure("The same calls", f"{before:,} → {now:,}", f"of {compared:,} failed in the baseline → fail now")


def _of_session(document: Mapping[str, Any]) -> Iterator[Figure]:
    items, session = document["items"], document["session"]
    if items:
        failed = sum(each["outcome"] == "failed" for each in items)
        yield Figure("Tests failed", f"{failed:,} of {len(items):,}")
    rows = [row for each in items for row in (each.get("document") or {}).get("contract") or ()]
    if rows:
        met = sum(each["state"] == "met" for each in rows)
        yield Figure("Limits met", f"{met:,} of {len(rows):,}")
    if session["calls"]:
        yield Figure(
            "Calls failed", f"{session['failing']:,} of {session['calls']:,}", "of degraded documents, in all tests"
        )
    silent = sum(each["silent"] for each in document["categories"].values())
    if session["failing"] and document["categories"]:
        yield Figure("Failed silently", f"{silent:,} of them", "wrong, and no complaint")
    runs = [each["document"]["run"] for each in items if each.get("document")]
    if cost := sum(each.get("cost") or 0.0 for each in runs):
        yield Figure("Cost", money(cost), count(sum(each["calls"] for each in runs), "call"))
