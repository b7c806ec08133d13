"""`crumple show`: the report of any past run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.stores import with_store
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.store import Line

_HELP = """Print the report of a past run, as `crumple run` printed it. Of one that is unfinished: as it stood last.

RUN is an id as `crumple runs` lists them, the beginning of one, or "latest".

\b
Examples:
  crumple show latest
  crumple show 20261122-20
  crumple show latest --json > run.json
"""
_UNFINISHED = {
    "running": "is still going on, by {holder}; this is how it stood a moment ago",
    "interrupted": "was interrupted; the same command goes on with it. This is how it stood last",
    "abandoned": "was interrupted and given up; this is how it stood last",
}


@click.command("show", help=_HELP, short_help="Print the report of a past run.")
@click.argument("run", default="latest")
@click.option("--json", "as_json", is_flag=True, help="Print the run's document as JSON.")
@with_store
def command(run: str, as_json: bool, config: str | None, location: str | None) -> None:
    """Print it."""
    from crumple.cli.stores import past_runs, project
    from crumple.reporting import renderer

    with past_runs(project(config, location)) as store:
        line = store.find(run)
        document = store.document(line)
        where = store.where
    if document is None:
        raise CrumpleError(
            f"run {line.id} {_stood(line)} anything to report: {line.calls:,} calls are stored",
            where=where,
            hint="" if line.state == "running" else "The same command goes on with it.",
        )
    if as_json:
        emit(renderer("json")(document))
        return
    note = _UNFINISHED.get(line.state)
    if note:
        emit(f"Run {line.id} {note.format(holder=line.holder)} ({line.calls:,} calls).\n")
    else:
        began = time.strftime("%Y-%m-%d %H:%M", time.localtime(line.started))
        emit(f"Run {line.id}, begun {began}.\n")
    emit(_rendered(document))


def _rendered(document: dict[str, Any]) -> str:
    from crumple.reporting import renderer

    return str(renderer("terminal")(document, width=width(), color=color())).rstrip("\n")


def _stood(line: Line) -> str:
    return "is going on, and does not yet have" if line.state == "running" else "was interrupted before it had"
