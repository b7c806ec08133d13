"""How a run or a night ended, as JSON for a webhook: figures alone, for whatever takes them on from there.

No text of a document, of an answer, nor of what a system said is in it; the lines that replay calls are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from crumple import contract_state
from crumple_reports.night_words import changes, drifting, failing_again, headline, to_look_at, worse_rows

SCHEMA: Final = 1
_ROW: Final = ("category", "state", "pairs", "before", "now", "worse", "better", "p")
_DRIFT: Final = ("category", "state", "nights", "first", "last", "p")
_LIMIT: Final = ("name", "of", "metric", "state", "figure", "low", "high", "limit", "calls")
_BASELINE: Final = ("id", "run", "started", "set_on")


def render(document: Mapping[str, Any], *, links: Mapping[str, str] | None = None) -> str:
    """The message as one line of JSON, ASCII alone.

    Args:
        document: of a run or a night, as `Discretion.stored_document` lets it out.
        links: name -> where more is to be read: "ci", the job that ran it.
    """
    run, night = document["run"], document.get("night") or {}
    baseline = night.get("baseline")
    made = {
        "schema": SCHEMA,
        "kind": run.get("kind", "run"),
        "state": state(document),
        "headline": headline(document) or _ended(document),
        "project": run.get("project", ""),
        "run": {name: run.get(name, "") for name in ("id", "started", "ended", "calls", "system")},
        "baseline": {name: baseline.get(name, "") for name in _BASELINE} if baseline else None,
        "worse": [_part(each, _ROW) for each in worse_rows(document)],
        "drift": [_part(each, _DRIFT) for each in drifting(document)],
        "findings": [{"id": each["id"], "status": each["status"]} for each in failing_again(document)],
        "documents": [_part(each, ("replay", "before", "now")) for each in to_look_at(document)],
        "contract": {
            "state": contract_state(document),
            "limits": [_part(each, _LIMIT) for each in document.get("contract") or ()],
        },
        "changes": [{"what": what, "before": before, "now": now} for what, before, now in changes(document)],
        "links": dict(links or {}),
    }
    return json.dumps(made, allow_nan=False)


def state(document: Mapping[str, Any]) -> str:
    """How it ended, in a word: a night's state, or else that of the contract; "" where there is neither."""
    night = document.get("night")
    return str(night["state"]) if night else contract_state(document)


def _ended(document: Mapping[str, Any]) -> str:
    told = contract_state(document)
    return f"The contract is {told}." if told else f"The run has ended: {document['run']['calls']:,} calls."


def _part(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}
