"""Metrics: read by Prometheus' own parser, the same names for a run, a search and a night, figures and no texts."""

from __future__ import annotations

import math
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

import nights
from crumple_reports.metrics import render
from documents_of_runs import figures, limit, run

HOSTILE = 'a"b\\c\nd} 1\ncrumple_forged 1\x1b[31m é'


def samples(document: Any) -> dict[str, list[tuple[dict[str, str], float]]]:
    text = render(document)
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type == "gauge"
        for each in family.samples:
            assert each.timestamp is None, "node_exporter rejects a file with timestamps"
            found.setdefault(each.name, []).append((each.labels, each.value))
    return found


def value(found: Any, name: str, **labels: str) -> float:
    (only,) = [number for own, number in found[name] if labels.items() <= own.items()]
    return float(only)


def test_a_runs_figures_can_be_read() -> None:
    made = run(
        categories={"encoding": figures(10, 4, 1, outcomes={"right": 6, "crashed": 3, "wrong": 1})},
        clean={"cases": 5, "right": 3, "void": 1},
        void={"calls": 3, "causes": {}},
    )
    made["run"] |= {"started": "2026-11-23T02:00:00Z", "wall_seconds": 90.5, "cost": 1.25, "project": "invoices"}
    found = samples(made)
    assert value(found, "crumple_failure_ratio", category="encoding", project="invoices") == 0.4
    assert value(found, "crumple_failure_ratio_low", category="encoding") == 0.4 - 0.1
    assert value(found, "crumple_failure_ratio_high", category="encoding") == 0.5
    assert value(found, "crumple_silent_ratio", category="encoding") == 0.1
    assert value(found, "crumple_calls", outcome="crashed", category="encoding") == 3
    assert value(found, "crumple_clean_cases", state="failed") == 2
    assert value(found, "crumple_void_ratio") == 0.25
    assert value(found, "crumple_last_run_timestamp_seconds") == 1795399200 + 90.5
    assert value(found, "crumple_run_info", kind="run", project="invoices") == 1
    assert "crumple_night_state" not in found


def test_exactly_one_state_of_a_limit_is_1() -> None:
    found = samples(run(contract=[limit("met"), limit("undecided", figure=None)]))
    states = [(labels["limit"], labels["state"]) for labels, number in found["crumple_limit_state"] if number]
    assert states == [("encoding, failures", "met"), ("encoding, failures (2)", "undecided")], "two limits of one name"
    assert len(found["crumple_limit_state"]) == 6
    assert [labels["limit"] for labels, _ in found["crumple_limit_value"]] == ["encoding, failures"]
    assert value(found, "crumple_contract_state", state="undecided") == 1


def test_a_nights_figures_can_be_read() -> None:
    part = nights.night(
        nights.row("encoding", 12, 1),
        nights.row("table"),
        findings=[
            nights.finding("encoding-1"),
            nights.finding("table-2", "open"),
            nights.finding("t-3", "fixed", "OK"),
        ],
        drift=[nights.drift("scan")],
        latency=nights.amount("slower", 2.0),
        kinds={"new": [nights.kind("crashed")], "gone": [], "tonight": []},
    )
    found = samples(nights.document(part))
    assert value(found, "crumple_night_state", state="worse") == 1
    assert value(found, "crumple_night_state", state="void") == 0
    assert value(found, "crumple_pairs_worse", category="encoding") == 12
    assert value(found, "crumple_pairs_better", category="encoding") == 1
    assert value(found, "crumple_category_state", category="table", state="same") == 1
    assert value(found, "crumple_drift", category="scan", state="worse") == 1
    assert value(found, "crumple_findings", status="FAILS") == 2
    assert value(found, "crumple_findings_failing_again") == 1
    assert value(found, "crumple_latency_seconds", when="now", quantile="0.5") == 0.24
    assert value(found, "crumple_failure_kinds", which="new") == 1
    assert value(found, "crumple_run_void") == 0


def test_a_night_in_which_every_clean_document_fails_is_worse_and_not_void() -> None:
    """Such a run alone would be void; a night has the baseline to hold it against."""
    made = nights.document(nights.night(nights.row("clean", 12, pairs=12, both=0)))
    made["run"]["ended"] = "all fail clean"
    assert value(samples(made), "crumple_run_void") == 0
    made["night"] = nights.night(state="void")
    assert value(samples(made), "crumple_run_void") == 1


def test_a_search_counts_its_findings_and_claims_no_rate() -> None:
    search = {
        "outcomes": {"right": 20, "crashed": 4},
        "discoveries": [{"state": "kept"}, {"state": "kept"}],
        "replayed": [{"finding": "encoding-1", "status": "FIXED"}],
    }
    made = run(categories={}, search=search, contract=[])
    made["run"]["kind"] = "fuzz"
    found = samples(made)
    assert value(found, "crumple_search_calls", outcome="crashed") == 4
    assert value(found, "crumple_discoveries", state="kept") == 2
    assert value(found, "crumple_findings", status="FIXED") == 1
    assert "crumple_failure_ratio" not in found
    assert "crumple_contract_state" not in found


def test_no_name_can_forge_a_metric_or_end_a_label() -> None:
    made = run(categories={HOSTILE: figures(4, 1)}, contract=[limit(name=HOSTILE, of=HOSTILE)])
    made["run"] |= {"system": HOSTILE, "project": HOSTILE}
    found = samples(made)
    assert "crumple_forged" not in found
    assert "\x1b" not in render(made)
    assert {labels["project"] for labels, _ in found["crumple_run_info"]} == {found["crumple_run_info"][0][0]["system"]}


def test_what_is_no_number_is_left_out() -> None:
    made = run(categories={"encoding": figures(0, 0), "table": figures(2, 1)})
    made["categories"]["table"]["high"] = math.nan
    made["run"] |= {"started": "yesterday", "calls": 0, "cost": math.inf}
    found = samples(made)
    assert [labels["category"] for labels, _ in found["crumple_failure_ratio"]] == ["table"]
    assert found.keys().isdisjoint(
        {"crumple_failure_ratio_high", "crumple_last_run_timestamp_seconds", "crumple_void_ratio", "crumple_run_cost"}
    )


def test_texts_of_documents_and_answers_are_in_no_label() -> None:
    text = render(run()) + render(nights.document(nights.night(nights.row("encoding", 12))))
    assert "11.9" not in text
    assert "could not convert" not in text
