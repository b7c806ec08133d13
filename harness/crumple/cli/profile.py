"""`crumple profile`: what is the matter with a folder of real files, and the mix that it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from crumple.cli.json_file import SCREEN, check_json, write_json
from crumple.cli.output import color, emit, width
from crumple.cli.parameters import Duration, config_option
from crumple.errors import CrumpleError

_HELP = """Measure the mess in a folder of real files, and write the [mix] that a forecast is weighted by.

Every file below FOLDER is opened, in a process of its own that it cannot hurt, and what mutators would have had to do
to a clean file for it to look so is measured: skew, resolution, noise and the like of pages; codepages, mojibake and
bad bytes; locked and damaged PDFs; dialects and ragged rows of tables; what is cut, empty, or there twice. Prints how
many files have what, with 95 % intervals, the strangest of each kind, and a [mix] to paste. Nothing is changed.

\b
Examples:
  crumple profile inbox/
  crumple profile inbox/ --sample 500 -o mix.toml
  crumple profile inbox/ --write           puts the mix into crumple.toml

Exit codes: 0 done; 2 usage or configuration, or there is a [mix] that says
something else; 130 interrupted.
"""


@click.command("profile", help=_HELP, short_help="Measure real files, and write the mix.")
@click.argument("folder", type=click.Path())
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only so many files, drawn at random.")
@click.option("--seed", type=click.IntRange(min=0), default=0, metavar="N", help="Of the draw; by default 0.")
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Write the mix into a file of its own.")
@click.option(
    "--json", "json_file", type=click.Path(), metavar="FILE", help="Write all figures there; - is standard output."
)
@click.option("--write", is_flag=True, help="Put the mix at the end of crumple.toml, where there is none.")
@click.option(
    "--timeout", "seconds", type=Duration(), default=60.0, metavar="DURATION", help='How long one file may take: "60s".'
)
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="How many files at a time; by default one a core."
)
@config_option
def command(
    folder: str,
    sample: int | None,
    seed: int,
    output: str | None,
    json_file: str | None,
    write: bool,
    seconds: float,
    workers: int | None,
    config: str | None,
) -> None:
    """Measure, print and write."""
    from crumple.cli.known import known_mutators, known_pixels
    from crumple.config.finding import find
    from crumple.destinations import here
    from crumple.execution.cores import cores
    from crumple.profile import mix_file
    from crumple.profile.pool import Limits
    from crumple.profile.shares import as_toml
    from crumple.profile.whole import profile
    from crumple.reporting import rendering

    configuration = find(Path(config) if config is not None else None) if write else None
    check_json(json_file, config)
    mix = here(output, where="-o", hint="`--json` may go to a URL.") if output is not None else None
    registry = known_mutators(config)
    with _progress() as progress:
        document = profile(
            Path(folder),
            registry,
            pixels=known_pixels(config),
            sample=sample,
            seed=seed,
            workers=workers or cores(),
            limits=Limits(seconds=seconds),
            progress=progress,
        )
    fixed = frozenset(each.name for each in registry if each.ladder is None)
    toml = as_toml(document["mix"], fixed, _about(document)) if document["mix"] else ""
    if json_file is not None:
        write_json(json_file, rendering("json")(document), config)
    shown = rendering("profile")(document | {"toml": toml}, width=width(), color=color())
    emit(shown.rstrip("\n"), err=json_file == SCREEN)
    if (output or write) and not toml:
        raise CrumpleError("there is no mix to write: no file could be opened", where=folder)
    if mix is not None:
        mix_file.write_new(mix, toml)
        emit(f"wrote {output}", err=True)
    if configuration is not None:
        mix_file.append(configuration, toml)
        emit(f"the mix is in {configuration.name}", err=True)


def _about(document: dict[str, object]) -> list[str]:
    """What the mix says of itself, as comments."""
    opened, files, there, drawn = (int(str(document[name])) for name in ("opened", "files", "there", "drawn"))
    of = f", drawn from {there:,} (seed {document['seed']})" if there > drawn else ""
    lines = [f"Shares of {opened:,} files in {document['folder']}{of}, as crumple profile measured them."]
    if files > opened:
        lines.append(f"{files - opened:,} more could not be opened, and are no part of it.")
    return lines


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show how far it has come: a live bar on a terminal; elsewhere a line every few seconds."""
    import sys
    import time

    if not sys.stderr.isatty():
        said = [time.monotonic()]

        def line(done: int, planned: int) -> None:
            if time.monotonic() - said[0] > 5:
                said[0] = time.monotonic()
                emit(f"{done:,} of {planned:,} files", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("measuring"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=8) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, planned: bar.update(task, completed=done, total=planned)
