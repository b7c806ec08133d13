"""`crumple show`: the report of any past run."""

from __future__ import annotations

import time
from typing import Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.past_run import complete_runs, document_of, standing
from crumple.cli.stores import with_store

_HELP = """Print the report of a past run, as `crumple run` printed it. Of one that is unfinished: as it stood last.

RUN is an id as `crumple runs` lists them, the beginning of one, or "latest".

\b
Examples:
  crumple show latest
  crumple show 20261122-20
  crumple show latest --json > run.json
"""


@click.command("show", help=_HELP, short_help="Print the report of a past run.")
@click.argument("run", default="latest", shell_complete=complete_runs)
@click.option("--json", "as_json", is_flag=True, help="Print the run's document as JSON.")
@with_store
def command(run: str, as_json: bool, config: str | None, location: str | None) -> None:
    """Print it."""
    from crumple.cli.stores import past_runs, project
    from crumple.reporting import rendering

    with past_runs(project(config, location)) as store:
        line = store.find(run)
        document = document_of(store, line)
    if as_json:
        emit(rendering("json")(document))
        return
    if note := standing(line):
        emit(f"{note}\n")
    else:
        began = time.strftime("%Y-%m-%d %H:%M", time.localtime(line.started))
        emit(f"Run {line.id}, begun {began}.\n")
    emit(_rendered(document))


def _rendered(document: dict[str, Any]) -> str:
    from crumple.reporting import rendering

    return str(rendering("terminal")(document, width=width(), color=color())).rstrip("\n")
