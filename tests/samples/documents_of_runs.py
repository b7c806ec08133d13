"""Documents of a run, a night and a pytest session, as small as reports take them."""

from __future__ import annotations

from typing import Any

EXAMPLE = {
    "case": "a.csv",
    "recipe": "encoding.bom(seed=5)",
    "replay": "a.csv > encoding.bom(seed=5)",
    "level": 3,
    "outcome": "wrong",
    "cause": "the cause of it",
    "expected": '{"total":119.0}',
    "answer": '{"total":11.9}',
    "wrong": ["/total"],
    "digest": "ab" * 32,
    "stand_in": False,
}


def figures(runs: int, failures: int, silent: int = 0, **more: Any) -> dict[str, Any]:
    rate = failures / runs if runs else None
    made = {"cases": 2, "runs": runs, "failures": failures, "silent": silent, "rate": rate}
    return made | {"low": max(0.0, (rate or 0) - 0.1), "high": min(1.0, (rate or 0) + 0.1)} | more


def mutator(runs: int, failures: int, *, category: str = "encoding", **more: Any) -> dict[str, Any]:
    worst = EXAMPLE | more if failures else None
    levels = {"3": figures(runs, failures, failures)}
    return figures(runs, failures, failures, category=category, levels=levels, worst=worst, parameter="", unit="")


def limit(state: str = "broken", **more: Any) -> dict[str, Any]:
    return {
        "name": "encoding, failures",
        "of": "encoding",
        "metric": "failures",
        "limit": 0.05,
        "state": state,
        "figure": 0.4,
        "low": 0.2,
        "high": 0.6,
        "calls": 10,
        "method": "fixed",
        "sentence": "encoding fails 40 % of the time, at least 20 % with 95 % confidence; the limit is 5 %.",
        "shown": {"figure": "40 %", "bound": "at least 20 %", "limit": "at most 5 %"},
    } | more


def run(**more: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "run": {"id": "20260101-000000-abcd", "seed": 7, "calls": 12, "rounds": 3, "ended": "calls", "system": "1.2"},
        "clean": {"cases": 2, "right": 2, "failed": [], "void": 0, "without_truth": 0, "stand_ins": 0},
        "controls": {},
        "categories": {"encoding": figures(10, 4, 4)},
        "mutators": {"encoding.bom": mutator(10, 4)},
        "buckets": [],
        "labels": {},
        "contract": [limit()],
        "skipped": [],
        "void": {"calls": 0, "causes": {}},
    } | more


def night(**more: Any) -> dict[str, Any]:
    row = {"category": "encoding", "state": "worse", "pairs": 40, "before": 2, "now": 14, "worse": 12, "better": 0}
    document = {"replay": EXAMPLE["replay"], "before": "right", "now": "wrong", "fingerprint": "wrong /total"}
    made = {
        "state": "worse",
        "baseline": {"id": "1", "run": "20260101-000000-0000", "set_on": "2026-01-01", "by": "me", "reason": "first"},
        "alarms": {"said": "2 a year", "alpha": 0.005},
        "categories": [row | {"p": 0.0005, "since": None, "documents": [document]}],
        "drift": [],
        "findings": [{"id": "encoding-1a2b", "was": "fixed", "status": "FAILS", "again": True, "replay": "replay it"}],
        "left_out": [],
        "changes": [],
        "history": {"nights": 0},
    }
    return run(night=made | more)


def session(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    known = {"calls": 12, "failing": 4, "crumple": "0.1.0", "pytest": "9.2.0", "python": "3.11.7"}
    categories: dict[str, Any] = {"encoding": figures(10, 4, 4)} if items else {}
    made = {"schema": 1, "kind": "pytest", "session": known, "state": "failed", "categories": categories}
    return made | {"items": list(items)} | more


def item(name: str = "tests/test_a.py::test_a", outcome: str = "failed", **more: Any) -> dict[str, Any]:
    own = run()
    own["run"] = {**own["run"], "replay": f"pytest {name} --crumple-replay"}
    return {"id": name, "outcome": outcome, "source": name, "document": own} | more
