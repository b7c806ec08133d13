"""What a night came to beside its baseline: what got worse and since when, what to do, what else has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import Material, excerpt, void_reason
from crumple_reports.examples import replay_command
from crumple_reports.html.section import Section
from crumple_reports.night import NOTHING_CHANGED, OUTCOMES, alarms_words, cause_of
from crumple_reports.night_rest import baseline_words, drift_words, findings_words, latency_words, money_words
from crumple_reports.night_steps import case_of, steps
from crumple_reports.night_words import (
    CLEAN,
    better_rows,
    changes,
    drifting,
    failing_again,
    how_sure,
    since,
    title,
    to_look_at,
    told,
    told_of_drift,
    worse_rows,
)
from crumple_reports.parts import chance
from crumple_reports.problems import LISTED, problems_of

_MOST: Final = 100
_LONG: Final = 240
_ORDER: Final = {"worse": 0, "better": 1, "unknown": 2}


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None of a run that is no night."""
    night = document.get("night")
    if not night:
        return None
    void = night["state"] == "void"
    model = {
        "baseline": baseline_words(document),
        "why_void": void_reason(document) if void and not document["void"]["calls"] else "",
        "advised": steps(document),
        "changes": changes(document) if night.get("baseline") else [],
        "no_change": NOTHING_CHANGED if night.get("baseline") else "",
        "left_out": _capped(_left_out(night)),
    }
    # What else came out of a night that is void bears nothing.
    rest = dict(_NOTHING) if void else _compared(document, material)
    return Section("night", "Compared with the baseline", {**model, **rest})


def _compared(document: Mapping[str, Any], material: Material) -> dict[str, Any]:
    night = document["night"]
    kinds = night.get("kinds") or {}
    numbers = {each.replay: each.number for each in problems_of(document) if each.number <= LISTED}
    with_baseline = bool(night.get("baseline"))
    return {
        "worse": [*_worse(document), *_drifting(document)],
        "better": _better(document),
        "alarms": alarms_words(document),
        "again": _capped([_finding(document, material, each) for each in failing_again(document)]),
        "documents": [_document(document, material, each, numbers) for each in to_look_at(document)],
        "rows": _capped(_rows(night)),
        "findings": _capped([_finding(document, material, each) for each in _findings(night)]),
        "findings_words": findings_words(document),
        "drift": drift_words(document),
        "amounts": [
            (name, said)
            for name, said in (("latency", latency_words(document)), ("money", money_words(document)))
            if said
        ],
        "new": _capped(_kinds(document, kinds.get("new"))) if with_baseline else _EMPTY,
        "tonight": _capped(_kinds(document, kinds.get("tonight"))) if with_baseline else _EMPTY,
        "gone": _capped(_kinds(document, kinds.get("gone"))) if with_baseline else _EMPTY,
    }


def _capped(rows: Sequence[Any]) -> dict[str, Any]:
    """The first rows, and how many more there are."""
    return {"rows": list(rows[:_MOST]), "more": max(0, len(rows) - _MOST)}


_EMPTY: Final = _capped(())
_NOTHING: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("worse", "better", "documents", "amounts"), ()),
    **dict.fromkeys(("again", "rows", "findings", "new", "tonight", "gone"), _EMPTY),
    "alarms": "",
    "drift": "",
    "findings_words": "",
}


def _worse(document: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "category": str(each["category"]),
            "title": title(each),
            "said": told(each),
            "sure": how_sure(each),
            "since": since(each, document),
        }
        for each in worse_rows(document)
    ]


def _drifting(document: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "category": str(each["category"]),
            "title": title(each),
            "said": told_of_drift(each),
            "sure": f"{how_sure(each, slowly=True)} No single night shows it.",
            "since": f"{since(each, document)}, most likely" if each.get("since") else "",
        }
        for each in drifting(document)
    ]


def _better(document: Mapping[str, Any]) -> list[str]:
    return [
        *(f"{title(each)}: {told(each)}. {how_sure(each)}" for each in better_rows(document)),
        *(
            f"{title(each)}: {told_of_drift(each)}. {how_sure(each, slowly=True)}"
            for each in drifting(document, "better")
        ),
    ]


def _document(
    document: Mapping[str, Any], material: Material, each: Mapping[str, Any], numbers: Mapping[str, int]
) -> dict[str, Any]:
    """A document to look at; what the system said of it only where that may be shown."""
    now = str(each["now"])
    return {
        "case": case_of(each),
        "outcome": now,
        "before": str(each.get("before") or ""),
        "now": OUTCOMES.get(now, now),
        "how": cause_of(each) if material.privacy != "figures" else "",
        "kept": str(each.get("kept_file") or ""),
        "command": replay_command(document, each),
        "problem": numbers.get(str(each["replay"]), 0),
    }


def _rows(night: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The comparison by category: what got worse first."""
    found = sorted(night.get("categories") or (), key=lambda each: _ORDER.get(str(each["state"]), len(_ORDER)))
    return [
        {
            "category": str(each["category"]),
            "name": title(each),
            "state": str(each["state"]),
            "p": chance(each),
            "why": excerpt(str(each.get("why") or ""), _LONG),
            "figures": [each[name] for name in ("pairs", "before", "now", "worse", "better")],
            "damaged": each["category"] != CLEAN,
        }
        for each in found
    ]


def _findings(night: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Findings that were called again: those that are back are shown before, those that fail come first here."""
    found = [each for each in night.get("findings") or () if not each.get("again")]
    return sorted(found, key=lambda each: each["status"] == "FIXED")


def _finding(document: Mapping[str, Any], material: Material, each: Mapping[str, Any]) -> dict[str, str]:
    return {
        "id": str(each["id"]),
        "was": str(each.get("was") or ""),
        "status": str(each.get("status") or ""),
        "what": excerpt(str(each.get("what") or ""), _LONG) if material.privacy != "figures" else "",
        "command": replay_command(document, {"replay": each["id"]}),
    }


def _kinds(document: Mapping[str, Any], kinds: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    return [
        {
            "category": str(each["category"]),
            "fingerprint": excerpt(str(each["fingerprint"]), _LONG),
            "count": int(each["count"]),
            "command": replay_command(document, each) if each.get("replay") else "",
        }
        for each in kinds or ()
    ]


def _left_out(night: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "calls": int(each["calls"]),
            "why": excerpt(str(each["why"]), _LONG),
            "names": [excerpt(str(name), 60) for name in (*(each.get("cases") or ()), *(each.get("mutators") or ()))],
        }
        for each in night.get("left_out") or ()
    ]
