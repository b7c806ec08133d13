"""Documents of nights, as `crumple nightly` makes them, for whoever renders them."""

from __future__ import annotations

from typing import Any

from crumple.statistics.paired import mcnemar

RUN = "20261123-020003-9c1f"
BEFORE = "20261120-020004-75ae"


def row(category: str, worse: int = 0, better: int = 0, *, both: int = 8, pairs: int = 120, **more: Any) -> Any:
    """One category; its state follows from what differs, as without any correction, where it is not given."""
    p = mcnemar(worse, better)
    state = "unknown" if not pairs else "same" if p > 0.005 else "worse" if worse > better else "better"
    return {
        "category": category,
        "state": state,
        "pairs": pairs,
        "before": both + better,
        "now": both + worse,
        "worse": worse,
        "better": better,
        "p": p,
        "since": None,
        "why": "",
        "documents": [looked_at(category, number) for number in range(min(worse, 3))],
    } | more


def looked_at(category: str, number: int = 0, **more: Any) -> dict[str, Any]:
    """One document that passed in the baseline and fails now."""
    step = "" if category == "clean" else f" > {category}.mojibake(share=0.{number + 1},seed=577138)"
    return {
        "replay": f"order {number}.csv{step}",
        "before": "right",
        "now": ("wrong", "crashed", "hung")[number % 3],
        "fingerprint": ("wrong /total (other value)", "crashed ValueError at reader.py:read", "hung")[number % 3],
        "cause": ("", "ValueError: could not convert string to float: '1.2,3'", "")[number % 3],
        "kept_file": f".crumple/documents/3f/3f9a-{category}.csv" if number == 0 else "",
    } | more


def drift(category: str, **more: Any) -> dict[str, Any]:
    """One category that got slowly worse."""
    return {
        "category": category,
        "state": "worse",
        "nights": 30,
        "first": 0.041,
        "last": 0.12,
        "p": 0.0004,
        "since": {"run": BEFORE, "started": "2026-11-12T02:00:04Z"},
        "documents": [looked_at(category, 1)],
    } | more


def finding(name: str, was: str = "fixed", status: str = "FAILS", **more: Any) -> dict[str, Any]:
    """One finding that was called again."""
    return {
        "id": name,
        "was": was,
        "status": status,
        "again": was == "fixed" and status in {"FAILS", "CHANGED"},
        "what": "crashes: KeyError at reader.py:read",
        "replay": 'order 1.csv > encoding.bom(form="utf-8",seed=3)',
    } | more


def kind(fingerprint: str, category: str = "encoding", count: int = 2) -> dict[str, Any]:
    """One kind of failure."""
    replay = looked_at(category, 1)["replay"]
    return {"fingerprint": fingerprint, "category": category, "count": count, "replay": replay}


def amount(state: str = "same", ratio: float = 1.02) -> dict[str, Any]:
    """Latency, or money."""
    before = 0.12
    return {
        "state": state,
        "pairs": 480,
        "before": before,
        "now": before * ratio,
        "ratio": ratio,
        "low": ratio * 0.9,
        "high": ratio * 1.1,
        "p": 0.5 if state == "same" else 1e-9,
    }


def limit(state: str = "met", name: str = "encoding, failures") -> dict[str, Any]:
    """One limit of the contract."""
    return {
        "name": name,
        "of": name.partition(",")[0],
        "metric": "failures",
        "state": state,
        "about": "these documents",
        "sentence": f"On these documents {name.partition(',')[0]} fails 62.3 % of the time; the limit is 5 %.",
        "shown": {"figure": "62.3 %", "bound": "at least 49.3 %", "limit": "at most 5 %"},
        "calls": 54,
        "groups": 12,
        "design_effect": None,
        "method": "fixed",
        "decided_after": None,
        "other": {"about": "documents like these", "calls": 54, "shown": ""},
    }


def night(*rows: dict[str, Any], state: str = "", **more: Any) -> dict[str, Any]:
    """The part of the document."""
    rows = rows or (row("clean", pairs=12, both=0), row("encoding", 1, 2), row("table"), row("all", 1, 2, pairs=252))
    states = {each["state"] for each in rows}
    return {
        "state": state or next((each for each in ("worse", "better") if each in states), "same"),
        "baseline": {
            "id": "67d2e3957ce7bf42",
            "run": "20261101-091502-11aa",
            "started": "2026-11-01T09:15:02Z",
            "set_on": "2026-11-02",
            "by": "M. Osei",
            "reason": "release 2.3, signed off",
            "system": "2.3.0",
            "calls": 240,
        },
        "alarms": {"said": "2 a year", "alpha": 2 / 365, "pairs_alpha": 1 / 365, "drift_alpha": 1 / 365},
        "calls": {"fixed": 240, "fresh": 60, "findings": 0},
        "categories": list(rows),
        "drift": [],
        "findings": [],
        "kinds": {"new": [], "gone": [], "tonight": []},
        "latency": None,
        "money": None,
        "left_out": [],
        "changes": [],
        "history": {"nights": 12, "store": ".crumple/store.db"},
    } | more


def document(part: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A whole document of a run with this night."""
    made = {
        "schema": 1,
        "run": {
            "kind": "night",
            "id": RUN,
            "seed": 0,
            "config": "",
            "started": "2026-11-23T02:00:03Z",
            "calls": 312,
            "attempts": 312,
            "rounds": 7,
            "wall_seconds": 12.0,
            "ended": "night",
            "about": "these documents",
            "versions": {"crumple": "0.1.0"},
        },
        "clean": {"cases": 12, "right": 12, "failed": []},
        "controls": {},
        "categories": {"encoding": _figures(120, 9), "table": _figures(132, 1)},
        "mutators": {},
        "buckets": [],
        "labels": {},
        "contract": [],
        "forecast": None,
        "skipped": [],
        "void": {"calls": 0, "causes": {}},
        "breaking_points": [],
        "search": None,
        "night": part if part is not None else night(),
    }
    return made | more


def _figures(runs: int, failures: int) -> dict[str, Any]:
    rate = failures / runs
    figures = {"cases": 12, "runs": runs, "failures": failures, "silent": 0, "rate": rate, "low": rate / 2}
    return figures | {"high": rate * 2, "outcomes": {"right": runs - failures, "crashed": failures}, "levels": {}}


def bad_night() -> dict[str, Any]:
    """Much got worse: for looking at it."""
    return document(
        night(
            row("clean", pairs=12, both=0),
            row(
                "encoding",
                25,
                2,
                since={"run": BEFORE, "started": "2026-11-20T02:00:04Z", "nights": 3},
            ),
            row("table", 14, 0),
            row("text", 2, 16),
            row("scope", pairs=3, both=1, state="unknown", why="3 documents are too few ever to say"),
            row("all", 41, 18, pairs=375, both=30),
            drift=[drift("language")],
            findings=[finding("encoding-3f9a1c07"), finding("table-00aa11bb", "open", "FIXED")],
            kinds={
                "new": [kind("crashed ValueError at reader.py:read")],
                "gone": [kind("wrong /count (other value)")],
                "tonight": [kind("hung", "corruption")],
            },
            latency=amount("slower", 2.6),
            money=amount(),
            left_out=[
                {"why": "its case has changed", "calls": 34, "cases": ["order 7.csv", "o8.csv"], "mutators": []},
                {"why": "its recipe makes other bytes now", "calls": 2, "cases": [], "mutators": ["table.merged"]},
            ],
            changes=[
                {"what": "numpy", "before": "2.4.5", "now": "2.4.6"},
                {"what": "system", "before": "2.3.0", "now": "2.4.0-rc1"},
            ],
        ),
        contract=[limit("broken"), limit("met", "table, failures")],
    )


def void_night() -> dict[str, Any]:
    """The system could not be reached."""
    causes = {"ConnectError: [Errno 111] Connection refused": 60, "status 503": 2}
    part = night(row("encoding", pairs=0, both=0), state="void")
    made = document(part, void={"calls": 62, "causes": causes})
    return made | {"run": made["run"] | {"calls": 64, "ended": "outage", "void_share": 0.05}}


def first_night() -> dict[str, Any]:
    """There is no baseline yet."""
    return document(night(state="no baseline", baseline=None, categories=[], history={"nights": 0, "store": ""}))


def better_night() -> dict[str, Any]:
    """Something got better."""
    return document(night(row("encoding", 1, 19), row("table"), row("all", 1, 19, pairs=240)))
