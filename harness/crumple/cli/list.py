"""`crumple list`: every mutator that is there, by category; or some of them, with what they do."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import color, emit, width
from crumple.cli.parameters import complete_categories

if TYPE_CHECKING:
    from crumple.mutation.mutator import Mutator
    from crumple.mutation.registry import Registry

_HELP = """Show the names of all mutators by category; or of those asked for what they change, in which unit, how far,
and what becomes of the right answer.

They are asked for by a category, a name, or a word that stands in the name or in the sentence that describes it.

Those of installed plugins are there, and those that the configuration's [mutate] modules name, if there is one.

\b
Examples:
  crumple list
  crumple list encoding
  crumple list date xml_
  crumple list --json | jq '.[].name'
"""


@click.command("list", help=_HELP, short_help="Show the mutators.")
@click.argument("what", nargs=-1, shell_complete=complete_categories)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--config", type=click.Path(), metavar="PATH", help="The crumple.toml whose modules are to be shown too.")
def command(what: tuple[str, ...], as_json: bool, config: str | None) -> None:
    """Print names, a table, or JSON."""
    from crumple.cli.known import known_mutators

    registry = known_mutators(config)
    chosen = _asked_for(registry, what) if what else list(registry)
    if as_json:
        emit(json.dumps([_row(each) for each in chosen], ensure_ascii=False, indent=2))
        return
    total = f"{len(chosen)} mutator{'' if len(chosen) == 1 else 's'}"
    if what:
        emit(_table(chosen))
        emit(f"\n{total}. `crumple describe NAME` says what one does.")
        return
    emit(_names(registry))
    emit(f"\n{total}. `crumple list CATEGORY` shows what their levels mean, `crumple describe NAME` what one does.")


def _asked_for(registry: Registry, what: tuple[str, ...]) -> list[Mutator]:
    """The mutators of these categories and names, and those that other words find.

    Raises:
        CrumpleError: a word that finds none.
    """
    exact = {*registry.categories, *registry.mutators}
    found = {word: [each.name for each in registry if _speaks_of(each, word)] for word in what if word not in exact}
    # What finds nothing is met with what there is.
    known = [word for word in what if not found.get(word)]
    names = [*known, *(name for names in found.values() for name in names)]
    return list(registry.select(names, where="list"))


def _speaks_of(mutator: Mutator, word: str) -> bool:
    return word.casefold() in f"{mutator.name} {mutator.doc.partition(chr(10))[0]}".casefold()


def _names(registry: Registry) -> str:
    """The names under their categories."""
    lines = []
    for category in registry.categories:
        names = [each.name.removeprefix(f"{category}.") for each in registry if each.category == category]
        lines.append(f"{category} ({len(names)})")
        lines += textwrap.wrap(
            ", ".join(names), width(), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
    return "\n".join(lines)


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
