"""`crumple report`: files of any past run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.past_run import complete_runs
from crumple.cli.report_files import say
from crumple.cli.stores import with_store
from crumple.errors import CrumpleError
from crumple.plain_text import visible

if TYPE_CHECKING:
    from crumple.cli.stores import Project
    from crumple.config.loading import Config
    from crumple.destinations import Destination

_HELP = """Write reports of a past run, each by its ending.

RUN is an id as `crumple runs` lists them, the beginning of one, or "latest". Of a run that is unfinished, what there is
of it is shown, and said to be that.

\b
Endings:
  .html     one page for everybody, to be looked at or mailed
  .md       a comment on a pull request, a step summary; figures only
  .xml      JUnit; figures only
  .json     all figures, as `crumple run --json` writes them
  .csv .jsonl .parquet     every result, for your own analysis

Plugins bring further ones. FILE may be a URL, such as s3://bucket/report.html. What a page or a table shows of
documents and answers is as [privacy] reports says.

\b
Examples:
  crumple report latest -o report.html
  crumple report 20261122-20 -o report.html -o results.parquet

Exit codes: 0 all are written; 2 one is not, and why is said.
"""
_USAGE = 2


@click.command("report", help=_HELP, short_help="Write reports of a past run: a page, a comment, all results.")
@click.argument("run", default="latest", shell_complete=complete_runs)
@click.option(
    "-o", "--output", "files", type=click.Path(), multiple=True, required=True, metavar="FILE", help="May be repeated."
)
@with_store
def command(run: str, files: tuple[str, ...], config: str | None, location: str | None) -> int:
    """Write them; one that cannot be written costs no other."""
    from crumple.cli.past_run import document_of, standing
    from crumple.cli.report_material import material_of
    from crumple.cli.stores import past_runs, project
    from crumple.reporting import write_report

    possible = _possible(dict.fromkeys(files), config)
    if not possible:
        return _USAGE
    found = project(config, location)
    with past_runs(found) as store:
        line = store.find(run)
        document = document_of(store, line)
    if note := standing(line):
        emit(note, err=True)
    material = material_of(document, configuration(config, found), found)
    written = 0
    for place in possible:
        try:
            write_report(place, document, material)
        except CrumpleError as error:
            say(error)
            continue
        emit(f"wrote {place}")
        written += 1
    return 0 if written == len(set(files)) else _USAGE


def _possible(names: Iterable[str], config: str | None) -> list[Destination]:
    """Those that can be written, as far as can be told beforehand; why the others cannot is said."""
    from crumple.config.storage import known_destination
    from crumple.reporting import check_report

    possible = []
    for name in names:
        try:
            place = known_destination(name, config)
            check_report(place)
        except CrumpleError as error:
            say(error)
            continue
        possible.append(place)
    return possible


def configuration(config: str | None, found: Project) -> Config | None:
    """The configuration, as far as it can be read; without it neither documents nor what may be shown are known."""
    from crumple.config.finding import find
    from crumple.config.loading import load

    try:
        return load(find(Path(config) if config is not None else found.root))
    except CrumpleError as error:
        emit(f"nothing but figures is shown, for the configuration cannot be read: {visible(str(error))}", err=True)
        return None
