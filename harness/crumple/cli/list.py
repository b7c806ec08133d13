"""`crumple list`: every mutator that is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.parameters import complete_categories

if TYPE_CHECKING:
    from crumple.mutation.mutator import Mutator

_HELP = """Show every mutator: what it changes, in which unit, how far, and what becomes of the right answer.

Those of installed plugins are there, and those that the configuration's [mutate] modules name, if there is one.

\b
Examples:
  crumple list
  crumple list --category scan
  crumple list --json | jq '.[].name'
"""


@click.command("list", help=_HELP, short_help="Show every mutator.")
@click.option(
    "--category",
    metavar="NAME",
    help="Only this category, such as scan or encoding.",
    shell_complete=complete_categories,
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--config", type=click.Path(), metavar="PATH", help="The crumple.toml whose modules are to be shown too.")
def command(category: str | None, as_json: bool, config: str | None) -> None:
    """Print the table."""
    from crumple.cli.known import known_mutators

    registry = known_mutators(config)
    if category is not None:
        registry = registry.select([category], where="--category")
    if as_json:
        emit(json.dumps([_row(each) for each in registry], ensure_ascii=False, indent=2))
        return
    emit(_table(list(registry)))
    emit(f"\n{len(list(registry))} mutators. `crumple describe NAME` says what one does.")


def _row(mutator: Mutator) -> dict[str, Any]:
    from crumple.cli.statements import acts_on

    return {
        "name": mutator.name,
        "category": mutator.category,
        "parameter": mutator.parameter,
        "unit": mutator.ladder.unit if mutator.ladder else "",
        "ladder": list(mutator.ladder.rungs) if mutator.ladder else None,
        "level": None if mutator.ladder else mutator.level,
        "truth": list(mutator.truth),
        "refusable_from": mutator.refusable_from,
        "control": mutator.control,
        "view": mutator.view.__name__,
        "acts_on": acts_on(mutator),
        "module": mutator.module,
        "summary": mutator.doc.split("\n")[0],
    }


def _table(mutators: list[Mutator]) -> str:
    from crumple.cli.statements import ladder, parameter, refusal, seen, truth
    from crumple.cli.tables import tabulate

    rows = [
        (
            each.name,
            parameter(each),
            ladder(each),
            "control" if each.control else truth(each),
            refusal(each).removeprefix("from "),
            seen(each),
        )
        for each in mutators
    ]
    heads = ("mutator", "parameter", "levels 1 to 5", "right answer", "refusable from", "acts on")
    return tabulate(heads, rows, width=width(), color=color())
