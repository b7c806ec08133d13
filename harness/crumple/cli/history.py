"""`crumple history`: runs and nights one after the other, and how the rates of each category went."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.json_file import SCREEN, write_json
from crumple.cli.output import color, emit, width
from crumple.cli.stores import with_store
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HELP = """Show runs and nights one after the other: what became of each, and how the rates of each category went.

A night stands beside its baseline: what is drawn is the share of the baseline's documents that failed. What changed
from one to the next (the system, crumple, the corpus) is named.

\b
Examples:
  crumple history
  crumple history --category scan        one category, a line for each, with its interval
  crumple history --kind night --last 90
  crumple history --of 2.3               of systems whose version begins so
  crumple history --json history.json
"""
_LAST = 30


@click.command("history", help=_HELP, short_help="Runs and nights one after the other.")
@click.option("--category", metavar="NAME", default="", help='One category run by run; "clean" and "all" are some too.')
@click.option("--last", type=click.IntRange(min=1), default=_LAST, show_default=True, metavar="N", help="The newest N.")
@click.option("--kind", type=click.Choice(["all", "run", "night"]), default="all", help="Only runs, or only nights.")
@click.option("--of", "system", metavar="VERSION", default="", help="Of systems whose version begins so.")
@click.option("--json", "json_file", metavar="FILE", help="Write the figures as JSON; - is standard output.")
@with_store
def command(
    category: str,
    last: int,
    kind: str,
    system: str,
    json_file: str | None,
    config: str | None,
    location: str | None,
) -> None:
    """Print them."""
    from crumple.cli.stores import past_runs, project
    from crumple.nightly.history import read_timeline
    from crumple.reporting import rendering

    with past_runs(project(config, location)) as store:
        found = read_timeline(store, kind="" if kind == "all" else kind, last=last, system=system)
    if json_file is not None:
        write_json(json_file, json.dumps(found, indent=2, allow_nan=False), config)
    if json_file == SCREEN:
        return
    if not found["runs"]:
        emit(_nothing(found, kind))
        return
    if category:
        _check(found, category)
    emit(
        rendering("history")(
            _shown(found), width=width(), color=color(), unicode=_unicode(), category=category
        ).rstrip()
    )


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    """With the time of each as the clock on this wall has it, like in other lists of runs."""
    return {**found, "runs": [{**each, "began": _local(str(each["started"]))} for each in found["runs"]]}


def _local(started: str) -> str:
    import datetime as dt

    try:
        at = dt.datetime.fromisoformat(started).timestamp()
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
    except (ValueError, OverflowError, OSError):
        return started


def _nothing(found: Mapping[str, Any], kind: str) -> str:
    """What to do where there is nothing to show."""
    if kind == "night":
        return f"There are no nights in {found['store']} yet; `crumple nightly` makes one."
    searches = f" ({found['others']:,} of another kind: `crumple runs`)" if found["others"] else ""
    return f"There are no runs in {found['store']} yet{searches}; `crumple run` makes one."


def _check(found: Mapping[str, Any], category: str) -> None:
    """A category is one that some run has."""
    names = sorted({name for plan in found["plans"] for name in plan["categories"]})
    if category not in names:
        raise CrumpleError("none of these runs has such a category", where="--category", got=category, allowed=names)


def _unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
