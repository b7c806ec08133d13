"""`crumple prune`: frees space in the store."""

from __future__ import annotations

import click

from crumple.cli.output import emit
from crumple.cli.parameters import Duration
from crumple.cli.stores import with_store
from crumple.errors import CrumpleError

_HELP = """Remove old runs with their results, and then the documents that no result names any more.

Without options, runs are removed that are older than [privacy] keep_for. A run that is going on stays.

\b
Examples:
  crumple prune --older-than 30d
  crumple prune --keep 10             all but the newest ten
  crumple prune --keep 0              all of them
"""


@click.command("prune", help=_HELP, short_help="Remove old runs, and free the space.")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="The newest N runs stay.")
@click.option("--older-than", type=Duration(), metavar="DURATION", help='Only runs that began so long ago: "30d".')
@with_store
def command(keep: int | None, older_than: float | None, config: str | None, location: str | None) -> None:
    """Remove, and say what was freed."""
    from crumple.cli.stores import other_stores, past_runs, project
    from crumple.project import FOLDER
    from crumple.store.pruning import DOCUMENTS, prune

    found = project(config, location)
    if keep is None and older_than is None:
        older_than = found.keep_for
    if keep is None and older_than is None:
        raise CrumpleError(
            "it is not said which runs are to go",
            where="crumple prune",
            hint='Say --keep N or --older-than 30d, or set [privacy] keep_for = "30d".',
        )
    with past_runs(found) as store, other_stores(found) as others:
        freed = prune(store, keep, older_than, found.root / FOLDER / DOCUMENTS, others)
        left = len(store.lines())
    for run in freed.going_on:
        emit(f"run {run} stays: a process is at it")
    removed = f"removed {_count(len(freed.runs), 'run')} and {_count(freed.documents, 'document')}"
    emit(f"{removed}, {_size(freed.bytes)} freed; {_count(left, 'run')} left")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _size(size: float) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
