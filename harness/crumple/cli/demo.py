"""`crumple demo`: the example that comes with crumple, run or copied."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from crumple.cli.output import emit
from crumple.errors import CrumpleError

_HELP = """Run the example that comes with crumple: reading invoices, and what it makes of messy ones.

It decides the example's contract, as `crumple run --decide` would. Needs the extra demo: pip install "crumple[demo]".

\b
Examples:
  crumple demo
  crumple demo --report report.html   and a page to look at
  crumple demo --copy invoices        a copy to change and run: cd invoices, then crumple run --decide
"""
_EXAMPLE = "invoices"
_PAGES = (".html", ".htm")
_BROKEN = 1  # the example's contract is, and should be: that is what the demonstration shows


@click.command("demo", help=_HELP, short_help="Run the example that comes with crumple.")
@click.option("--copy", "folder", metavar="DIR", help="Write the example there instead of running it.")
@click.option(
    "--report",
    "reports",
    type=click.Path(),
    multiple=True,
    metavar="FILE",
    help="Write a report of it, by its ending, as `crumple report` does. May be repeated.",
)
def command(folder: str | None, reports: tuple[str, ...]) -> int:
    """Copy, or run a temporary copy."""
    from crumple.destinations import here

    example = example_folder()
    if folder is not None:
        if reports:
            raise CrumpleError(
                "a copy is not run, so there is nothing to report",
                where="--report",
                hint="Leave one of --copy and --report out.",
            )
        target = here(folder, where="--copy")
        if target.exists():
            raise CrumpleError("there is something already", where=folder, hint="Choose a folder that is not there.")
        _copy(example, target)
        emit(f"wrote {target}. Next: cd {target}, then crumple check, and crumple run --decide")
        return 0
    with tempfile.TemporaryDirectory(prefix="crumple-demo-") as scratch:
        place = Path(scratch) / _EXAMPLE
        _copy(example, place)
        code = _run(place, reports)
    emit("\nThe lines above replay in a copy of the example: crumple demo --copy invoices, then cd invoices.")
    pages = [each for each in reports if Path(each).suffix.lower() in _PAGES and Path(each).is_file()]
    emit(f"Open {pages[0]} in a browser." if pages else "As a page to look at: crumple demo --report report.html")
    return 0 if code == _BROKEN else code


def _run(place: Path, reports: tuple[str, ...]) -> int:
    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import UNWRITTEN, Manner, carry_out, manner_of
    from crumple.config.finding import FILE
    from crumple.config.loading import load

    config = load(place / FILE)
    if not reports:
        return carry_out(assemble(config, Wishes(decide=True)), config, Manner(kept=False))
    # What is stored goes with the folder; until then a table of results, and a page, are made of it.
    manner = manner_of(
        config, None, reports=reports, metrics=None, store=None, fresh=False, no_wait=False, passing=True
    )
    code = carry_out(assemble(config, Wishes(decide=True)), config, manner)
    return UNWRITTEN if code == _BROKEN and manner.files is not None and manner.files.unwritten else code


def example_folder() -> Path:
    """Where the example is: in the installed package, or in the sources that it was built from.

    Raises:
        CrumpleError: it did not come with this installation.
    """
    import crumple

    package = Path(crumple.__file__).parent
    for place in (package / "examples" / _EXAMPLE, package.parent.parent / "examples" / _EXAMPLE):
        if (place / "crumple.toml").is_file():
            return place
    raise CrumpleError(
        "the example did not come with this installation", where="demo", hint="`crumple init` writes a small one."
    )


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
