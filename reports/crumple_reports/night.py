"""What a night says first: what got worse, since when, how sure, what to look at, what was different, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crumple import excerpt, visible, void_reason
from crumple_reports.examples import replay_command
from crumple_reports.figures import count
from crumple_reports.night_rest import show_rest
from crumple_reports.night_steps import case_of, steps
from crumple_reports.night_words import (
    all_clean,
    changes,
    day,
    drifting,
    failing_again,
    headline,
    how_sure,
    since,
    title,
    to_look_at,
    told,
    told_of_drift,
    worse_rows,
)
from crumple_reports.page import BAD, FAINT, HEAD, Page

_MOST_ROWS = 4
_MOST_CAUSES = 4
_LONG = 200
_COLUMN = 11
OUTCOMES: Final = {
    "wrong": "wrong, without a complaint",
    "refused": "refused, where it may not be",
    "right": "right",
    "crashed": "crashed",
    "hung": "hung",
    "exhausted": "past its limit of memory or output",
}
NOTHING_CHANGED: Final = (
    "Nothing that crumple knows of: system, crumple, corpus and libraries are the baseline's. What the system calls "
    "itself, its data and its machine's load it does not know."
)


def show_night(page: Page, document: Mapping[str, Any]) -> bool:
    """What came out of a night; whether that makes the first sentences of an ordinary report superfluous.

    A run that is no night is left as it is.
    """
    night = document.get("night")
    if not night:
        return False
    state = str(night.get("state"))
    page.line(headline(document), BAD if state in {"worse", "void"} else HEAD)
    if state == "worse":
        _what_got_worse(page, document)
        _documents(page, document)
        if night.get("baseline"):
            _changes(page, document)
    if state == "void":
        _why_void(page, document)
    _steps(page, document)
    show_rest(page, document)
    page.heading("All calls of the night")
    # A night of which every document fails clean is no void run where the baseline's were right.
    return bool(state == "void" or (state == "worse" and void_reason(document)))


def show_night_again(page: Page, document: Mapping[str, Any]) -> None:
    """On the last line what the first ones say, which a screen no longer shows; where there is something to do."""
    night = document.get("night") or {}
    if night.get("state") == "worse":
        page.line()
        page.line(f"{headline(document)} What to do stands at the beginning of this report.", BAD)


def _what_got_worse(page: Page, document: Mapping[str, Any]) -> None:
    rows = worse_rows(document)
    for each in rows[:_MOST_ROWS]:
        page.line()
        page.line(f"{title(each)}: {told(each)}.", HEAD)
        page.labelled("how sure", how_sure(each), column=_COLUMN)
        page.labelled("since", since(each, document), column=_COLUMN)
    if len(rows) > _MOST_ROWS:
        page.line(f"also worse: {', '.join(title(each) for each in rows[_MOST_ROWS:])}", indent=2)
    for each in drifting(document)[:_MOST_ROWS]:
        page.line()
        page.line(f"{title(each)}: {told_of_drift(each)}.", HEAD)
        page.labelled("how sure", f"{how_sure(each, slowly=True)} No single night shows it.", column=_COLUMN)
        if known := each.get("since"):
            when = f"{day(known.get('started'))} (run {visible(str(known['run']))}), most likely"
            page.labelled("since", when, column=_COLUMN)
    again = failing_again(document)
    for each in again[:_MOST_ROWS]:
        page.line()
        page.line(f"{excerpt(str(each['id']), 80)}: a finding that was fixed fails again.", HEAD)
        if each.get("what"):
            page.labelled("what", excerpt(str(each["what"]), _LONG), column=_COLUMN)
        page.copyable(f"  {replay_command(document, {'replay': each['id']})}")
    if len(again) > _MOST_ROWS:
        page.line(f"and {count(len(again) - _MOST_ROWS, 'more finding')} that fail again", indent=2)
    if said := alarms_words(document):
        page.line()
        page.line(said, FAINT)


def alarms_words(document: Mapping[str, Any]) -> str:
    """How often what got worse is said of a system that has not changed; "" where chance has no part in it."""
    said = (document["night"].get("alarms") or {}).get("said")
    rows = worse_rows(document)
    if not said or not (drifting(document) or not all(map(all_clean, rows))):
        return ""
    return (
        f"Alarms of this kind, all together, come at most {excerpt(str(said), 40)} on average where "
        "nothing changes, as long as calls fail independently of each other."
    )


def _documents(page: Page, document: Mapping[str, Any]) -> None:
    shown = to_look_at(document)
    if not shown:
        return
    page.heading("Look at this document first" if len(shown) == 1 else "Look at these documents first")
    for number, each in enumerate(shown, start=1):
        page.line()
        now = OUTCOMES.get(str(each["now"]), excerpt(str(each["now"]), 40))
        before = f"{excerpt(str(each['before']), 40)} in the baseline, now " if each.get("before") else "now "
        said = f"{excerpt(case_of(each), 80)}: {before}{now}"
        page.labelled(f"{number}.", said, indent=0, column=3)
        if cause := cause_of(each):
            page.labelled("how", cause, indent=3, column=8)
        if each.get("kept_file"):
            page.labelled("kept", excerpt(str(each["kept_file"]), _LONG), indent=3, column=8)
        page.copyable(f"   {replay_command(document, each)}")


def cause_of(example: Mapping[str, Any]) -> str:
    """How it failed, without the outcome that was said already."""
    text = str(example.get("cause") or example.get("fingerprint") or "")
    now = str(example["now"])
    if text.startswith(now):
        text = text.removeprefix(now).strip()
    return excerpt(text, _LONG)


def _changes(page: Page, document: Mapping[str, Any]) -> None:
    page.heading("What was different")
    found = changes(document)
    if not found:
        page.line(NOTHING_CHANGED, indent=2)
        return
    column = min(max(len(what) for what, _, _ in found) + 2, 24)
    for what, before, now in found:
        page.labelled(what, f"{excerpt(before, _LONG)} in the baseline, {excerpt(now, _LONG)} tonight", column=column)


def _why_void(page: Page, document: Mapping[str, Any]) -> None:
    reason = "" if document["void"]["calls"] else void_reason(document)
    if reason:
        page.line(excerpt(reason, 2 * _LONG))
    causes = document["void"]["causes"]
    rows = list(causes.items()) if isinstance(causes, Mapping) else [(each, 0) for each in causes]
    for cause, times in rows[:_MOST_CAUSES]:
        page.line(excerpt(str(cause), _LONG) + (f" ({times:,} times)" if times > 1 else ""), indent=2)
    if len(rows) > _MOST_CAUSES:
        page.line(f"and {count(len(rows) - _MOST_CAUSES, 'more cause')}; they are below", FAINT, indent=2)


def _steps(page: Page, document: Mapping[str, Any]) -> None:
    advised = steps(document)
    if not advised:
        return
    page.heading("What to do")
    for number, each in enumerate(advised, start=1):
        first = f"{number}." if len(advised) > 1 else ""
        page.labelled(first, each.text, indent=2 if first else 0, column=3 if first else 2)
        for command in each.commands:
            page.copyable(f"     {command}")
