"""`crumple test-mutators`: hold anybody's mutators to the rules that the built-in ones keep."""

from __future__ import annotations

from pathlib import Path

import click

from crumple.cli.output import emit
from crumple.errors import CrumpleError

_HELP = """Hold the mutators of a module to the rules that every mutator keeps.

Each is tried on its own examples and on small samples of every media type: it is documented, it acts on what it
says, its zero changes nothing, it leaves its input alone, the same seed makes the same bytes (in another process
too), what it says of the right answer is what its decorator says, and a higher level never means less damage.

\b
Examples:
  crumple test-mutators my_mutators
  crumple test-mutators my_mutators other_mutators

\b
Exit codes: 0 all keep the rules; 1 some do not; 2 a module cannot be imported, or has no mutators.
"""


@click.command("test-mutators", help=_HELP, short_help="Hold your own mutators to the rules.")
@click.argument("modules", nargs=-1, required=True)
def command(modules: tuple[str, ...]) -> int:
    """Check every mutator and name each flaw."""
    from crumple.mutation.conformance import differs_elsewhere, flaws
    from crumple.mutation.registry import collected

    root = Path.cwd()
    mutators = collected(modules, root)
    if not mutators:
        raise CrumpleError(
            "there is no mutator in it", where=" ".join(modules), hint="A mutator is a function under @mutator(...)."
        )
    elsewhere = differs_elsewhere(mutators, str(root))
    found = {
        name: [
            *flaws(mutator),
            *(
                f"{key.removeprefix(name + ' ')}: another process made other bytes of it"
                for key in elsewhere
                if key.startswith(name + " ")
            ),
        ]
        for name, mutator in mutators.items()
    }
    for name, each in found.items():
        emit(f"{name}: {'keeps the rules' if not each else ''}".rstrip())
        for flaw in each:
            emit(f"  {flaw}")
    return 1 if any(found.values()) else 0
