"""Whether a run says anything about the system: read from its document, for exit codes and reports alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MANY_FAIL_CLEAN = 0.2
MANY_VOID = 0.2


def void_reason(document: Mapping[str, Any]) -> str:
    """Why a run is void, in one sentence; "" for one that says something about the system.

    Args:
        document: as `crumple.summary` makes it. A run that was interrupted is not void for that.
    """
    clean, void, ended = document["clean"], document["void"], document["run"]["ended"]
    cause = next(iter(void["causes"]), "no cause is known").rstrip(".")
    if ended == "outage" and not document["run"]["rounds"]:
        return f"One call after the other came to nothing, through no fault of the system: {cause}."
    if ended == "all fail clean":
        if void["calls"] and not clean["cases"]:
            return f"None of the clean documents came to an answer: {cause}."
        documents = (
            "the clean document is not" if clean["cases"] == 1 else f"none of {clean['cases']} clean documents is"
        )
        return f"Every case fails clean: {documents} answered right."
    calls = sum(each["runs"] for each in document["categories"].values())
    calls += sum(each["calls"] for each in document.get("breaking_points", ()))
    calls += sum((document.get("search") or {}).get("outcomes", {}).values())
    if not calls and not void["calls"] and (ended == "nothing to do" or document["run"]["rounds"]):
        return "No mutator could be run on these documents; the reasons are below."
    if much_is_void(document):
        return f"{void['calls']} of {document['run']['calls']} calls came to nothing through no fault of the system."
    if ended == "time" and not document["run"]["rounds"]:
        return "The time was up before every mutator had its first turn; there is no rate to show."
    if ended == "cost" and not document["run"]["rounds"]:
        return "The money was used up before every mutator had its first turn; there is no rate to show."
    return ""


def much_is_void(document: Mapping[str, Any]) -> bool:
    """Whether more calls came to nothing, through no fault of the system, than the run bears."""
    run = document["run"]
    return bool(document["void"]["calls"] > run.get("void_share", MANY_VOID) * run["calls"])


def fail_clean_share(document: Mapping[str, Any]) -> float:
    """The share of cases that fail on the clean document; 0 where none was tried."""
    clean = document["clean"]
    return (clean["cases"] - clean["right"]) / clean["cases"] if clean["cases"] else 0.0


def many_fail_clean(document: Mapping[str, Any]) -> bool:
    """Whether so many cases fail clean that it comes before any rate."""
    return fail_clean_share(document) > MANY_FAIL_CLEAN


def contract_state(document: Mapping[str, Any]) -> str:
    """What has come out for a run's whole contract: "met", "broken", "undecided"; "" where there is none.

    It is met where every limit is, and broken where one is.
    """
    states = {each["state"] for each in document.get("contract", ())}
    return next((each for each in ("broken", "undecided", "met") if each in states), "")
