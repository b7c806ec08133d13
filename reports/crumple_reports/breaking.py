"""Breaking points: from where on the system fails, beside what the mix says really arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crumple import visible
from crumple_reports.figures import count, percent
from crumple_reports.page import BAD, FAINT, HEAD, PLAIN, Page

_STATES = {"breaks": "breaks on {}", "always": "fails at any level of {}", "never": "never breaks on {}"}


def show_breaking_headline(page: Page, document: Mapping[str, Any]) -> None:
    """On how much the system breaks, in a sentence."""
    rows = document["breaking_points"]
    noun = "mutator and group of cases" if any(each["kind"] for each in rows) else "mutator"
    states = {state: sum(each["state"] == state for each in rows) for state in (*_STATES, "not known")}
    parts = [words.format(states[state]) for state, words in _STATES.items() if states[state]]
    if states["not known"]:
        parts.append(f"of {states['not known']} it is not known")
    plural = "pairs of a mutator and a group of cases" if noun != "mutator" else "mutators"
    about = "the system " if len(parts) > bool(states["not known"]) else ""
    page.line(f"{count(len(rows), noun, plural)} tried: {about}{'; '.join(parts)}.", HEAD)


def show_breaking(page: Page, document: Mapping[str, Any]) -> None:
    """The table of breaking points, with what it is about."""
    rows = document.get("breaking_points") or ()
    if not rows:
        return
    kinds = any(each["kind"] for each in rows)
    mixed = any((each["mix"] or {}).get("share") for each in rows)
    rates = {each["rate"] for each in rows}
    page.heading("Breaking points")
    heads = ["mutator", *(["cases"] if kinds else []), "the system", *(["rate %"] if len(rates) > 1 else []), "calls"]
    cells = [
        [
            each["mutator"],
            *([visible(each["kind"])] if kinds else []),
            visible(each["sentence"]),
            *([f"{each['rate'] * 100:g}"] if len(rates) > 1 else []),
            f"{each['calls']:,}",
            *([_beyond(each["mix"])] if mixed else []),
        ]
        for each in rows
    ]
    styles = [{"always": BAD, "never": FAINT}.get(each["state"], PLAIN) for each in rows]
    page.table([*heads, *(["the mix beyond it"] if mixed else [])], cells, styles=styles, names=3 if kinds else 2)
    page.line()
    page.line(about(rates), FAINT)


def _beyond(mix: Mapping[str, float]) -> str:
    """How much of production is beyond the breaking point, of how much that has this damage at all."""
    if not mix.get("share"):
        return "-"
    whole = percent(mix["share"])
    return f"? of {whole}" if "beyond" not in mix else f"{percent(mix['beyond'])} of {whole}"


def about(rates: set[float]) -> str:
    """What a breaking point is about, whose rate is one of these."""
    which = f"{percent(next(iter(rates)))} of the calls or more fail" if len(rates) == 1 else "the rate shown is passed"
    return (
        f"From the breaking point on {which}; in brackets its 95 % interval. Each call draws one of these documents at "
        "random, of those that are right when clean. Levels were chosen by what the calls before had shown, so that "
        "there are no failure rates by category here; `crumple run` measures those. Never and always rest on the calls "
        "at that end of the ladder alone."
    )
