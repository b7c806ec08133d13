"""`crumple test-mutators`: hold anybody's mutators to the rules that the built-in ones keep."""

from __future__ import annotations

import inspect
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.mutation.mutator import Mutator

_HELP = """Hold the mutators of a module to the rules that every mutator keeps.

Each is tried on its own examples and on small samples of every media type: it is documented, it acts on what it
says, its zero changes nothing, it leaves its input alone, the same seed makes the same bytes (in another process
too), what it says of the right answer is what its decorator says, and a higher level never means less damage.

\b
Examples:
  crumple test-mutators my_mutators
  crumple test-mutators my_mutators other_mutators

Exit codes: 0 all keep the rules; 1 some do not; 2 a module cannot be imported, or has no mutators.
"""


@click.command("test-mutators", help=_HELP, short_help="Hold your own mutators to the rules.")
@click.argument("modules", nargs=-1, required=True)
def command(modules: tuple[str, ...]) -> int:
    """Check every mutator and name each flaw."""
    from crumple.mutation.conformance import differs_elsewhere
    from crumple.mutation.registry import collected

    root = Path.cwd()
    # A file's name is what a shell completes.
    modules = tuple(each.removeprefix("./").removesuffix(".py").replace("/", ".") for each in modules)
    mutators = collected(modules, root)
    if not mutators:
        raise CrumpleError(
            "there is no mutator in it", where=" ".join(modules), hint="A mutator is a function under @mutator(...)."
        )
    tried = {name: _tried(mutator) for name, mutator in mutators.items()}
    found = {name: flaws for name, (flaws, _) in tried.items()}
    for key in differs_elsewhere({name: mutators[name] for name, (_, whole) in tried.items() if whole}, str(root)):
        name, _, document = key.partition(" ")
        found[name].append(f"{document}: another process made other bytes of it")
    for name, each in found.items():
        emit(f"{name}: {'keeps the rules' if not each else ''}".rstrip())
        for flaw in each:
            emit(f"  {flaw}")
    return 1 if any(found.values()) else 0


def _tried(mutator: Mutator) -> tuple[list[str], bool]:
    """What it does against the rules, and whether it came to the end of them all without raising."""
    from crumple.mutation.conformance import flaws

    try:
        return list(flaws(mutator)), True
    except Exception as error:
        own = inspect.getsourcefile(mutator.function)
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
        if not lines:
            raise
        what = f"line {lines[-1]} raises {type(error).__name__}: {error}; what it cannot act on is NotApplicable"
        return [what], False
