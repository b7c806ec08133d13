"""What a night says after what got worse: the contract, what stayed, new kinds, latency, what could not be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crumple import contract_state, excerpt, visible
from crumple_reports.examples import replay_command
from crumple_reports.figures import count, listed, money
from crumple_reports.night_words import (
    ALL,
    better_rows,
    changes,
    contract_words,
    day,
    drifting,
    failing_again,
    how_sure,
    rows_that_are,
    title,
    told,
    told_of_drift,
)
from crumple_reports.page import FAINT, Page

_MOST = 3
_MOST_ROWS, _MOST_NAMES = 6, 14
_LONG = 160
_FEWEST = 2
"""Fewer nights before tonight have no trend."""
_COLUMN = 13


def show_rest(page: Page, document: Mapping[str, Any]) -> None:
    """Everything else, a line each."""
    lines = [(label, text) for label, text in _lines(document) if text]
    if lines and document["night"].get("state") != "same":
        page.line()
    for label, text in lines:
        page.labelled(label, text, indent=0, column=_COLUMN)
    _kinds(page, document)


def _lines(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    night = document["night"]
    yield "baseline", baseline_words(document)
    if night.get("state") == "void":  # what else came out bears nothing
        yield "changed", _changed(document)
        yield from (("not compared", line) for line in _left_out(document))
        return
    if contract_state(document) != "broken" or night.get("state") == "worse":
        yield "contract", contract_words(document)  # else the first sentence has said it
    yield "findings", findings_words(document)
    yield "all", _together(document)
    for each in better_rows(document)[:_MOST_ROWS]:
        yield "better", f"{title(each)}: {told(each)}. {how_sure(each)}"
    for each in drifting(document, "better")[:_MOST]:
        yield "better", f"{title(each)}: {told_of_drift(each)}. {how_sure(each, slowly=True)}"
    yield "same", listed([title(each) for each in rows_that_are(document, "same")], _MOST_NAMES)
    yield "unknown", _unknown(rows_that_are(document, "unknown"))
    yield "drift", drift_words(document)
    if night.get("state") != "worse":
        yield "changed", _changed(document)
    for line in _left_out(document):
        yield "not compared", line
    yield "latency", latency_words(document)
    yield "money", money_words(document)
    gone = (night.get("kinds") or {}).get("gone") or ()
    names = [excerpt(str(each["fingerprint"]), 60) for each in gone]
    yield "gone", f"{count(len(names), 'kind')} of failure of the baseline: {listed(names, _MOST)}" if names else ""


def baseline_words(document: Mapping[str, Any]) -> str:
    """The run that a night is compared with, since when, and who said so; "" where there is none."""
    baseline = document["night"].get("baseline")
    if not baseline:
        return ""
    when = visible(str(baseline.get("set_on") or day(baseline.get("started"))))
    why = f": {excerpt(str(baseline['reason']), _LONG)}" if baseline.get("reason") else ""
    return f"run {visible(str(baseline['run']))}, since {when} by {excerpt(str(baseline['by']), 60)}{why}"


def _together(document: Mapping[str, Any]) -> str:
    """All categories together, where a category of its own is what got worse or better."""
    rows = [*rows_that_are(document, "worse"), *rows_that_are(document, "better")]
    whole = [each for each in rows if each["category"] == ALL]
    return told(whole[0]) if whole and len(rows) > 1 else ""


def findings_words(document: Mapping[str, Any]) -> str:
    """How the findings that were called again stand, in a sentence; "" where none was."""
    found = document["night"].get("findings") or ()
    if not found:
        return ""
    statuses = [str(each["status"]) for each in found]
    numbers = [f"{statuses.count(name)} {visible(name)}" for name in dict.fromkeys(statuses)]
    mended = [visible(str(each["id"])) for each in found if each["was"] == "open" and each["status"] == "FIXED"]
    said = f"{count(len(found), 'finding was', 'findings were')} called again: {', '.join(numbers)}"
    if mended:
        said += (
            f"; {listed(mended, _MOST)} fails no more" if len(mended) == 1 else f"; no more: {listed(mended, _MOST)}"
        )
    again = failing_again(document)
    return said if again else f"{said}; none that was fixed fails again"


def _unknown(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    reasons = {str(each.get("why") or "") for each in rows}
    why = reasons.pop() if len(reasons) == 1 else ""
    why = excerpt(why, _LONG) or "too little to compare; --json FILE says for each what it would take"
    return f"{listed([title(each) for each in rows], _MOST_NAMES)}: {why}"


def drift_words(document: Mapping[str, Any]) -> str:
    """Whether slow changes were looked for; "" where there is one, or nothing to compare with."""
    night = document["night"]
    if night.get("baseline") is None or drifting(document):
        return ""
    nights = int((night.get("history") or {}).get("nights") or 0)
    if nights < _FEWEST:
        return f"not looked for: it takes {_FEWEST} earlier nights, and there {'is' if nights == 1 else 'are'} {nights}"
    return f"none noticed over {count(nights, 'earlier night')}"


def _changed(document: Mapping[str, Any]) -> str:
    found = [f"{what} {excerpt(before, 40)} to {excerpt(now, 40)}" for what, before, now in changes(document)]
    return f"since the baseline: {listed(found, _MOST_ROWS)}" if found else ""


def _left_out(document: Mapping[str, Any]) -> list[str]:
    lines = []
    rows = document["night"].get("left_out") or ()
    for each in rows[:_MOST_ROWS]:
        names = [*(each.get("cases") or ()), *(each.get("mutators") or ())]
        which = f" ({listed([excerpt(str(name), 60) for name in names], _MOST)})" if names else ""
        lines.append(f"{count(int(each['calls']), 'call')}: {excerpt(str(each['why']), _LONG)}{which}")
    if len(rows) > _MOST_ROWS:
        left = sum(int(each["calls"]) for each in rows[_MOST_ROWS:])
        lines.append(f"{count(left, 'call')} for {count(len(rows) - _MOST_ROWS, 'more reason')}")
    return lines


def latency_words(document: Mapping[str, Any]) -> str:
    """How the time of a call has changed; "" where it has not, or nobody can tell."""
    return _amount(document["night"].get("latency"), _seconds)


def money_words(document: Mapping[str, Any]) -> str:
    """How the money of a call has changed; "" where it has not, or nobody can tell."""
    return _amount(document["night"].get("money"), money)


def _seconds(seconds: float) -> str:
    return (
        f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.2g} ms" if seconds < 0.0995 else f"{seconds:.2g} s"
    )


def _amount(found: Mapping[str, Any] | None, shown: Callable[[float], str]) -> str:
    """Medians of the same calls, with an interval; nothing where they are as they were, or nobody can tell."""
    if not found or found["state"] in {"same", "unknown"}:
        return ""
    state = visible(str(found["state"]))
    before, now = (shown(float(found[name])) for name in ("before", "now"))
    low, high = found.get("low"), found.get("high")
    ends = low is not None and high is not None
    sure = f" (between {low:.2g} and {high:.2g} times, with 95 % confidence)" if ends else ""
    times = f"{float(found['ratio']):.2g} times as much a call{sure}"
    return f"{state}: median {before} in the baseline, {now} tonight, {times}; that wakes nobody"


def _kinds(page: Page, document: Mapping[str, Any]) -> None:
    kinds = document["night"].get("kinds") or {}
    new, tonight = (list(kinds.get(name) or ()) for name in ("new", "tonight"))
    if not document["night"].get("baseline"):
        return  # every kind is new then
    _listed(page, document, new, "New kinds of failure, on the baseline's documents", "")
    _listed(
        page,
        document,
        tonight,
        "New tonight, on documents that were drawn tonight",
        "These wake nobody: more documents, more kinds. By day `crumple fuzz` looks into them.",
    )


def _listed(page: Page, document: Mapping[str, Any], kinds: list[Mapping[str, Any]], heading: str, about: str) -> None:
    if not kinds:
        return
    page.heading(heading)
    for each in kinds[:_MOST]:
        often = count(int(each["count"]), "time")
        page.line(f"{visible(str(each['category']))}: {excerpt(str(each['fingerprint']), 100)} ({often})", indent=2)
        page.copyable(f"    {replay_command(document, each)}")
    if len(kinds) > _MOST:
        page.line(f"and {count(len(kinds) - _MOST, 'more kind')}; --json FILE keeps them all", FAINT, indent=2)
    if about:
        page.line(about, FAINT, indent=2)
