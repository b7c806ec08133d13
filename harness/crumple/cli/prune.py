"""`crumple prune`: frees space in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import Duration
from crumple.cli.stores import with_store
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.store import Store

_HELP = """Remove old runs with their results, and then the documents that no result names any more.

Without options, runs are removed that are older than [privacy] keep_for. A run that is going on stays. So do, where
--keep or --older-than is said, the last 30 nights beside the present baseline, in which slow change is looked for.

\b
Examples:
  crumple prune --older-than 30d
  crumple prune --keep 10             all but the newest ten
  crumple prune --keep 0              all of them
  crumple prune --keep 0 --nights     those nights too
"""


@click.command("prune", help=_HELP, short_help="Remove old runs, and free the space.")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="The newest N runs stay.")
@click.option("--older-than", type=Duration(), metavar="DURATION", help='Only runs that began so long ago: "30d".')
@click.option("--nights", "nights_too", is_flag=True, help="The last nights beside the present baseline may go too.")
@with_store
def command(
    keep: int | None, older_than: float | None, nights_too: bool, config: str | None, location: str | None
) -> None:
    """Remove, and say what was freed."""
    from crumple.cli.stores import other_stores, past_runs, project
    from crumple.project import FOLDER
    from crumple.store.pruning import DOCUMENTS, prune

    found = project(config, location)
    promised = keep is None and older_than is None
    if promised:
        older_than = found.keep_for
    if keep is None and older_than is None:
        raise CrumpleError(
            "it is not said which runs are to go",
            where="crumple prune",
            hint='Say --keep N or --older-than 30d, or set [privacy] keep_for = "30d".',
        )
    with past_runs(found) as store, other_stores(found) as others:
        needed = {} if nights_too else _needed(store, config)
        # What the team has promised not to keep goes, whatever it is good for.
        spared = () if promised else needed
        freed = prune(store, keep, older_than, found.root / FOLDER / DOCUMENTS, others, needed=spared)
        left = len(store.lines())
    if freed.spared:
        nights = f"{_count(len(freed.spared), 'night')} beside the present baseline"
        stays = "stays" if len(freed.spared) == 1 else "stay"
        emit(f"{nights} {stays}, for slow change is looked for there (--nights removes such nights too)")
    lost = len(set(freed.runs) & set(needed.values()))
    if lost:
        emit(f"{_count(lost, 'night')} beside the present baseline went: the next ones see less of slow change")
    for run in freed.going_on:
        emit(f"run {run} stays: a process is at it")
    removed = f"removed {_count(len(freed.runs), 'run')} and {_count(freed.documents, 'document')}"
    emit(f"{removed}, {_size(freed.bytes)} freed; {_count(left, 'run')} left")


def _needed(store: Store, config: str | None) -> dict[int, str]:
    """The nights in which slow change since the present baseline is looked for: number -> id."""
    from crumple.config.finding import find, nearest
    from crumple.nightly.baseline_file import read_baseline
    from crumple.nightly.history import needed

    if config is None and nearest(Path.cwd()) is None:
        return {}
    baseline = read_baseline(find(Path(config) if config is not None else None))
    return {} if baseline is None else needed(store, baseline)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _size(size: float) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
