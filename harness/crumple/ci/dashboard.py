"""A dashboard for Grafana, of the metrics that `--metrics` writes, as the JSON that Grafana imports. Pure.

Source: the dashboard's JSON model, https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_SCHEMA: Final = 39
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_ONLY: Final = 'project=~"$project"'
_NIGHT: Final = {"worse": "red", "void": "orange", "no baseline": "blue", "same": "green", "better": "green"}
_CONTRACT: Final = {"broken": "red", "undecided": "orange", "met": "green"}
_DAY: Final = 86_400
_ROWS: Final = (
    (
        ("Last night", "state", "crumple_night_state{ONLY} == 1", "{{project}} {{state}}", _NIGHT),
        ("Contract", "state", "crumple_contract_state{ONLY} == 1", "{{project}} {{state}}", _CONTRACT),
        ("Since the last run", "s", "time() - crumple_last_run_timestamp_seconds{ONLY}", "{{project}}", 1.5 * _DAY),
        ("Void calls", "percentunit", "crumple_void_ratio{ONLY}", "{{project}}", 0.05),
        ("Fixed findings that fail again", "short", "crumple_findings_failing_again{ONLY}", "{{project}}", 1),
    ),
    (
        ("Failures by category", "percentunit", "crumple_failure_ratio{ONLY}", "{{category}}", None),
        ("Silent failures by category", "percentunit", "crumple_silent_ratio{ONLY}", "{{category}}", None),
    ),
    (
        (
            "Newly failing beside the baseline, less those that pass again",
            "short",
            'crumple_pairs_worse{ONLY,category!="all"} - crumple_pairs_better{ONLY,category!="all"}',
            "{{category}}",
            None,
        ),
        (
            "Limits: distance to the bound",
            "none",
            "crumple_limit_value{ONLY} - crumple_limit_bound{ONLY}",
            "{{limit}}",
            None,
        ),
    ),
    (
        ("Clean documents that fail", "short", 'crumple_clean_cases{ONLY,state="failed"}', "{{project}}", None),
        ("Findings", "short", "crumple_findings{ONLY}", "{{status}}", None),
        ("Kinds of failure", "short", "crumple_failure_kinds{ONLY}", "{{which}}", None),
    ),
    (
        ("Latency, median", "s", "crumple_latency_seconds{ONLY}", "{{when}}", None),
        ("How long a run takes", "s", "crumple_run_duration_seconds{ONLY}", "{{project}}", None),
        ("Calls of a run", "short", "crumple_run_calls{ONLY}", "{{project}}", None),
    ),
)
"""Title, unit, query, legend, and: for a tile its colours by state, or from where on it is red; None for a curve."""


def dashboard() -> str:
    """The dashboard as JSON; it asks for its data source, and for the project, with variables."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in _ROWS:
        height = 5 if row[0][4] is not None else 8
        width = 24 // len(row)
        for at, each in enumerate(row):
            place = {"x": at * width, "y": top, "w": width, "h": height}
            panels.append(_panel(len(panels) + 1, place, *each))
        top += height
    made = {
        "uid": "crumple",
        "title": "crumple",
        "description": "Robustness to degraded documents, night by night.",
        "tags": ["crumple"],
        "editable": True,
        "schemaVersion": _SCHEMA,
        "version": 1,
        "timezone": "browser",
        "refresh": "15m",
        "time": {"from": "now-30d", "to": "now"},
        "templating": {"list": _variables()},
        "annotations": {"list": _annotations()},
        "links": [],
        "panels": panels,
    }
    return json.dumps(made, indent=2) + "\n"


def _variables() -> list[dict[str, Any]]:
    return [
        {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "hide": 0},
        {
            "name": "project",
            "label": "Project",
            "type": "query",
            "datasource": _SOURCE,
            "definition": "label_values(crumple_run_info, project)",
            "query": {"query": "label_values(crumple_run_info, project)", "refId": "project"},
            "refresh": 2,
            "includeAll": True,
            "allValue": ".*",
            "multi": True,
            "sort": 1,
            "hide": 0,
        },
    ]


def _annotations() -> list[dict[str, Any]]:
    """A mark at each night in which something got worse."""
    return [
        {
            "name": "Worse",
            "datasource": _SOURCE,
            "enable": True,
            "iconColor": "red",
            "expr": _query(
                "changes(crumple_last_run_timestamp_seconds{ONLY}[1h]) > 0 and on(project, instance) "
                'crumple_night_state{ONLY,state="worse"} == 1'
            ),
            "titleFormat": "worse",
            "textFormat": "{{project}}",
        }
    ]


def _panel(
    number: int, place: Mapping[str, int], title: str, unit: str, query: str, legend: str, bad: object
) -> dict[str, Any]:
    tile = bad is not None
    target = {
        "refId": "A",
        "datasource": _SOURCE,
        "expr": _query(query),
        "legendFormat": legend,
        "instant": tile,
        "range": not tile,
    }
    return {
        "id": number,
        "type": "stat" if tile else "timeseries",
        "title": title,
        "datasource": _SOURCE,
        "gridPos": dict(place),
        "targets": [target],
        "fieldConfig": {"defaults": _defaults(unit, bad), "overrides": _overrides(bad)},
        "options": _tile(unit) if tile else {"legend": {"displayMode": "table", "calcs": ["lastNotNull"]}},
    }


def _query(query: str) -> str:
    return query.replace("ONLY", _ONLY)


def _defaults(unit: str, bad: object) -> dict[str, Any]:
    if unit == "state":
        return {"color": {"mode": "fixed", "fixedColor": "text"}}
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if isinstance(bad, (int, float)):
        steps.append({"color": "red", "value": bad})
        return {"unit": unit, "thresholds": {"mode": "absolute", "steps": steps}}
    # A point a night: each is a measurement, and stands until the next one.
    custom = {"lineInterpolation": "stepAfter", "showPoints": "never", "spanNulls": False}
    return {"unit": unit, "custom": custom, "thresholds": {"mode": "absolute", "steps": steps}}


def _overrides(bad: object) -> Sequence[dict[str, Any]]:
    """Each state its colour: a tile's name ends with it."""
    if not isinstance(bad, Mapping):
        return []
    return [
        {
            "matcher": {"id": "byRegexp", "options": f"/{state}$/"},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}],
        }
        for state, color in bad.items()
    ]


def _tile(unit: str) -> dict[str, Any]:
    return {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "name" if unit == "state" else "value_and_name",
        "colorMode": "background",
        "graphMode": "none",
    }
