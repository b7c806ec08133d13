"""`crumple findings`: what is kept of failures that were found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.parameters import config_option
from crumple.plain_text import excerpt, visible

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from crumple.findings.finding import Finding

_HELP = """List the findings that are kept in findings/, beside crumple.toml: the open ones first.

A finding is open; fixed, once a replay has found that it fails no more; or accepted by somebody, until a day.

\b
Examples:
  crumple findings
  crumple findings --state open --json | jq -r '.[].replay'

Exit codes: 0 done; 2 usage or configuration, or a finding cannot be read (the others are listed).
"""
_STATES = ("open", "accepted", "fixed")
_HEADS = ("finding", "state", "since", "seen", "what happens")
_LONG = 140
_UNREADABLE = 2


@click.command("findings", help=_HELP, short_help="List the failures that were found and kept.")
@click.option("--state", type=click.Choice(_STATES), help="Only those.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def command(state: str | None, as_json: bool, config: str | None) -> int:
    """Print them."""
    import datetime as dt

    from crumple.cli.tables import tabulate
    from crumple.config.finding import find
    from crumple.findings.folder import Folder

    folder = Folder(find(Path(config) if config is not None else None).parent)
    shelf = folder.shelf()
    today = dt.date.today()
    chosen = [each for each in shelf.findings.values() if state in (None, each.stands(today))]
    chosen.sort(key=lambda each: (_STATES.index(each.stands(today)), each.id))
    if as_json:
        emit(json.dumps([_row(each, today, config) for each in chosen], indent=2))
    elif chosen:
        emit(tabulate(_HEADS, [_cells(each, today) for each in chosen], width=width(), color=color()))
        emit(f"\n{_counts(chosen, today)} {_footer(chosen[0], config)}")
    elif not shelf.flaws:
        emit(f"There are no {f'{state} ' if state else ''}findings; `crumple fuzz` looks for some.")
    for flaw in shelf.flaws:
        emit(f"not read: {visible(str(flaw))}", err=True)
    return _UNREADABLE if shelf.flaws else 0


def _cells(finding: Finding, today: dt.date) -> list[str]:
    from crumple.findings.words import what_happens

    return [
        finding.id,
        _state(finding, today),
        str(finding.first_seen.date),
        f"{finding.seen:,}",
        excerpt(what_happens(finding), _LONG) + _over(finding, today),
    ]


def _state(finding: Finding, today: dt.date) -> str:
    if finding.accepted is not None and finding.stands(today) == "accepted":
        return f"accepted until {finding.accepted.until}"
    return finding.stands(today)


def _over(finding: Finding, today: dt.date) -> str:
    """That an acceptance is over."""
    if finding.accepted is None or finding.stands(today) == "accepted":
        return ""
    return f" (accepted until {finding.accepted.until}, which is over)"


def _counts(findings: Sequence[Finding], today: dt.date) -> str:
    states = [each.stands(today) for each in findings]
    return ", ".join(f"{states.count(each)} {each}" for each in _STATES if each in states) + "."


def _footer(finding: Finding, config: str | None) -> str:
    from dataclasses import replace

    return f"`{replay_line(finding, config)}` calls one again, `{replay_line(replace(finding, id='all'), config)}` all."


def replay_line(finding: Finding, config: str | None) -> str:
    """The command that calls a finding again, from where one is."""
    from dataclasses import replace

    if not finding.config:
        return replace(finding, config=config or "").replay()
    folder = Path(config or ".")
    return replace(finding, config=str((folder if folder.is_dir() else folder.parent) / finding.config)).replay()


def _row(finding: Finding, today: dt.date, config: str | None) -> dict[str, Any]:
    from crumple.findings.words import what_happens

    return finding.to_json() | {
        "state": finding.stands(today),
        "what": what_happens(finding),
        "category": finding.category,
        "replay": replay_line(finding, config),
    }
