"""`crumple runs`: every run that the store knows."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.stores import with_store
from crumple.plain_text import visible

if TYPE_CHECKING:
    from crumple.store import Line

_HELP = """List the runs in the store, the newest first, with what became of them.

A run is running, interrupted (the same command goes on with it), ended, or abandoned (--fresh was said after it).

\b
Examples:
  crumple runs
  crumple runs --json | jq '.[0].id'
"""
_HEADS = ("run", "started", "state", "calls", "failed", "void", "took", "cost", "about")
_SHOWN = 50


@click.command("runs", help=_HELP, short_help="List past runs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, of all of them.")
@click.option("--all", "everything", is_flag=True, help=f"Show more than {_SHOWN}.")
@with_store
def command(as_json: bool, everything: bool, config: str | None, location: str | None) -> None:
    """Print them."""
    from crumple.cli.stores import past_runs, project
    from crumple.cli.tables import tabulate

    with past_runs(project(config, location)) as store:
        lines = store.lines()
        where = store.where
    if as_json:
        emit(json.dumps([_row(line) for line in lines], indent=2))
        return
    if not lines:
        emit(f"There are no runs in {where} yet; `crumple run` makes one.")
        return
    shown = lines if everything else lines[:_SHOWN]
    emit(tabulate(_HEADS, [_cells(line) for line in shown], width=width(), color=color()))
    more = (
        f"the newest {len(shown)} of {len(lines):,} runs; `--all` lists them all. " if len(shown) < len(lines) else ""
    )
    emit(f"\n{more}`crumple show RUN` prints one; `crumple show latest` the newest.".strip())
    if any(line.info.get("kind") == "night" for line in shown):
        emit("`crumple history` has what nights came to.")


def _row(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.info.get("kind", ""),
        "state": line.state,
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(line.started)),
        "seconds": round(line.seconds, 3),
        "calls": line.calls,
        "failures": line.failures,
        "void": line.void,
        "cost": line.cost,
        "by": line.holder,
        "corpus": line.info.get("corpus", ""),
        "system": line.info.get("system", ""),
    }


def _cells(line: Line) -> list[str]:
    kind = visible(str(line.info.get("kind", "")))
    about = f"{kind + ': ' if kind else ''}{visible(str(line.info.get('corpus', '')))}"
    return [
        line.id,
        time.strftime("%Y-%m-%d %H:%M", time.localtime(line.started)),
        line.state,
        f"{line.calls:,}",
        f"{line.failures:,}",
        f"{line.void:,}" if line.void else "",
        _took(line.seconds),
        f"{line.cost:,.2f}" if line.cost else "",
        about,
    ]


def _took(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
