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
  crumple demo --copy invoices        a copy to change and run: cd invoices, then crumple run --decide
"""
_EXAMPLE = "invoices"
_BROKEN = 1  # the example's contract is, and should be: that is what the demonstration shows


@click.command("demo", help=_HELP, short_help="Run the example that comes with crumple.")
@click.option("--copy", "folder", metavar="DIR", help="Write the example there instead of running it.")
def command(folder: str | None) -> int:
    """Copy, or run a temporary copy."""
    example = example_folder()
    if folder is not None:
        target = Path(folder)
        if target.exists():
            raise CrumpleError("there is something already", where=folder, hint="Choose a folder that is not there.")
        _copy(example, target)
        emit(f"wrote {target}. Next: cd {target}, then crumple check, and crumple run --decide")
        return 0
    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import Manner, carry_out
    from crumple.config.finding import FILE
    from crumple.config.loading import load

    with tempfile.TemporaryDirectory(prefix="crumple-demo-") as scratch:
        place = Path(scratch) / _EXAMPLE
        _copy(example, place)
        config = load(place / FILE)
        code = carry_out(assemble(config, Wishes(decide=True)), config, Manner(kept=False))
    emit("\nThe lines above replay in a copy of the example: crumple demo --copy invoices, then cd invoices.")
    return 0 if code == _BROKEN else code


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
