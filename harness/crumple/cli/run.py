"""`crumple run`: measure, and print the failure rates."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.parameters import Duration, Levels, complete_uses, words
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.assembly import Assembly, Wishes
    from crumple.config.loading import Config
    from crumple.summary import Tally

INTERRUPTED = 130
VOID = 4

_HELP = """Degrade the corpus, call the system, and print what fails.

Reads crumple.toml (or [tool.crumple] in pyproject.toml) in this folder or the nearest above; `crumple init`
writes one. Options override it. Every case runs clean first; then come rounds in which every mutator has one turn,
until the calls or the time allowed are used up. Ctrl-C ends it early and shows what there is.

\b
Examples:
  crumple run
  crumple run --use scan,encoding.mojibake --levels 1,3 --calls 500
  crumple run --time 10m --json result.json

\b
Exit codes: 0 done; 2 usage or configuration; 4 the run is void: the system cannot be reached, or every
case fails clean; 130 interrupted.
"""


@click.command("run", help=_HELP, short_help="Measure, and print the failure rates.")
@click.option("--config", type=click.Path(), metavar="PATH", help="A crumple.toml, or the folder that it is in.")
@click.option(
    "--use",
    multiple=True,
    metavar="NAMES",
    help="Categories or mutators, with commas between them.",
    shell_complete=complete_uses,
)
@click.option("--levels", type=Levels(), metavar="LIST", help="Severities such as 1,3,5, each above 0 and at most 5.")
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Of every draw; the same seed makes the same calls."
)
@click.option(
    "--calls", type=click.IntRange(min=1), metavar="N", help="How many calls may be made, clean ones included."
)
@click.option("--time", "seconds", type=Duration(), metavar="DURATION", help='How long it may take: "30s", "10m".')
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="How many calls at a time; by default one a core."
)
@click.option(
    "--json", "json_file", type=click.Path(), metavar="FILE", help="Write all figures there too; - is standard output."
)
def command(
    config: str | None,
    use: tuple[str, ...],
    levels: tuple[float, ...] | None,
    seed: int | None,
    calls: int | None,
    seconds: float | None,
    workers: int | None,
    json_file: str | None,
) -> int:
    """Carry the run out."""
    from crumple.assembly import Wishes
    from crumple.config.finding import find

    wishes = Wishes(use=words(use), levels=levels, seed=seed, calls=calls, seconds=seconds, workers=workers)
    return carry_out(find(Path(config) if config is not None else None), wishes, json_file, named=config or "")


def carry_out(path: Path, wishes: Wishes | None = None, json_file: str | None = None, *, named: str = "") -> int:
    """Run a configuration from beginning to end.

    Args:
        path: its file.
        wishes: what overrides it.
        json_file: where to write the document; "-" is standard output.
        named: how the commands that replay are to name the configuration; "": not at all.

    Returns:
        The exit code.

    Raises:
        CrumpleError: it cannot be carried out.
    """
    from crumple.assembly import assemble
    from crumple.config.loading import load

    loaded = load(path)
    assembly = assemble(loaded, wishes)
    if json_file not in {None, "-"}:
        _check_writable(Path(str(json_file)))
    return _show(_measure(assembly, named), loaded, json_file)


def _measure(assembly: Assembly, named: str) -> dict[str, Any]:
    """The run's document; after an interruption, of what was done until then."""
    from crumple.assembly import run_info
    from crumple.mutation.registry import Registry
    from crumple.summary import Tally

    plan = assembly.plan
    info = run_info(plan)
    if named:
        info["config"] = named
    tally = Tally(Registry({**plan.registry.mutators, **plan.controls.mutators}), info)
    began = time.monotonic()
    try:
        _call(assembly, tally)
    except KeyboardInterrupt:
        emit("interrupted; this is what was done until then", err=True)
    return tally.document(time.monotonic() - began)


def _call(assembly: Assembly, tally: Tally) -> None:
    from crumple.cli.progress import watching
    from crumple.engine import run
    from crumple.execution.local import LocalLanes

    with LocalLanes(assembly.spec, assembly.lanes) as lanes, watching(assembly.plan.seconds) as watcher:
        for event in run(assembly.plan, lanes):
            tally.add(event)
            watcher.add(event)


def _show(document: dict[str, Any], config: Config, json_file: str | None) -> int:
    """Print the report, write the JSON, and say how the run ended as an exit code."""
    from crumple.config.loading import mask
    from crumple.reporting import renderer
    from crumple.soundness import void_reason

    shown: Any = mask(config, document)
    if json_file == "-":
        emit(renderer("json")(shown))
    elif json_file is not None:
        _write(Path(json_file), renderer("json")(shown))
    emit(renderer("terminal")(shown, width=width(), color=color()).rstrip("\n"), err=json_file == "-")
    if document["run"]["ended"] == "interrupted":
        return INTERRUPTED
    return VOID if void_reason(document) else 0


def _check_writable(path: Path) -> None:
    """Find out before any call is made whether the result can be written."""
    new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if new:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        # The figures are worth more than the file.
        emit(text)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> CrumpleError:
    return CrumpleError(f"it cannot be written: {error.strerror}", where=str(path), hint="Choose another --json FILE.")
