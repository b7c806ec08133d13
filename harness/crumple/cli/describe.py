"""`crumple describe`: one mutator in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crumple.cli.output import color, emit, width
from crumple.cli.parameters import complete_names
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.mutation.mutator import Mutator

_HELP = """Say what a mutator does, what its levels mean, and what it says of the right answer.

\b
Examples:
  crumple describe scan.skew
  crumple describe encoding.mojibake
"""


@click.command("describe", help=_HELP, short_help="Say what one mutator does.")
@click.argument("mutator", shell_complete=complete_names)
@click.option("--config", type=click.Path(), metavar="PATH", help="The crumple.toml whose modules are to be known too.")
def command(mutator: str, config: str | None) -> None:
    """Print what is known of it."""
    from crumple.cli.known import known_mutators

    registry = known_mutators(config)
    if mutator in registry.categories:
        raise CrumpleError(
            f"{mutator!r} is a category",
            where="describe",
            hint=f"`crumple list {mutator}` shows its mutators.",
        )
    emit(_description(registry.get(mutator)))


def _description(mutator: Mutator) -> str:
    from crumple.cli.statements import acts_on, beside, refusal, truth
    from crumple.mutation.changes.telling import may_be_told

    # What follows "Args:" is for those who read the function.
    sections = [mutator.name, mutator.doc.partition("\n\nArgs:")[0], _levels(mutator)]
    meanings = {
        "same": "same: it stays what it was",
        "new": "new: it changes with the document",
        "lost": "lost: fields that were hit pass with their old value, with none, or with what can be read there now",
    }
    sections.append(
        "\n".join(
            (
                f"Right answer: {truth(mutator)}",
                *(f"  {meanings[each]}" for each in mutator.truth),
                f"Refusing is acceptable: {refusal(mutator)}",
                *([] if beside(mutator) else [f"Sees a document as: {mutator.view.__name__}"]),
                f"Acts on: {beside(mutator) or ', '.join(acts_on(mutator)) or 'no known format'}",
                *(["It is a control: the round trip alone, run once a case, in no rate."] if mutator.control else []),
                *(['Its changes can be kept one by one: only="0-3,7"'] if may_be_told(mutator) else []),
                f"Defined in: {mutator.module}",
            )
        )
    )
    sections.append(f"Try it:\n  {_example(mutator, acts_on(mutator))}")
    return "\n\n".join(sections)


def _levels(mutator: Mutator) -> str:
    from crumple.cli.statements import value
    from crumple.cli.tables import tabulate
    from crumple.mutation.ladder import LEVELS

    more = [name for name in mutator.accepts if name != mutator.parameter]
    further = f"\nFurther parameters: {', '.join(more)}" if more else ""
    if mutator.ladder is None:
        return f"It has one level, {mutator.level:g}, and no parameter for others{further}"
    unit = mutator.ladder.unit or mutator.parameter
    heads = ("level", *map(str, LEVELS))
    rungs = tabulate(heads, [(unit, *map(value, mutator.ladder.rungs))], width=width(), color=color())
    return f"Parameter: {mutator.parameter}\n{rungs}{further}"


def _example(mutator: Mutator, media_types: list[str]) -> str:
    from crumple.cli.statements import beside
    from crumple.views.format import formats

    if beside(mutator):
        return f"crumple run --use {mutator.name}{_needed(mutator)}"
    known = [formats()[each].extensions[0] for each in media_types if each in formats()]
    ending = next((each for each in (".pdf", ".png", ".txt", ".csv", ".json") if each in known), (known or [".pdf"])[0])
    recipe = mutator.step(mutator.level, 1)
    return f"crumple mutate document{ending} --with '{recipe}' -o degraded{ending}"


def _needed(mutator: Mutator) -> str:
    from crumple.views.dependency import Dependency

    return "      with [dependency] in crumple.toml" if mutator.view is Dependency else ""
