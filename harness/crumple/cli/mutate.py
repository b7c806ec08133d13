"""`crumple mutate`: one document degraded, to look at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import complete_names
from crumple.errors import CrumpleError, NotApplicable

if TYPE_CHECKING:
    from crumple.case import Case
    from crumple.mutation.apply import Degradation
    from crumple.mutation.registry import Registry
    from crumple.recipe import Recipe

_HELP = """Degrade one file and write the result, to see what a system would be given.

No configuration is needed. A recipe is a mutator with its parameter and a seed, or several joined by '>';
a mutator's bare name takes its parameter from --level. Mutators that change the right answer need it beside the
file: page.pdf and page.pdf.truth.json.

\b
Examples:
  crumple mutate page.png --with 'scan.skew(angle=3,seed=1)' -o skewed.png
  crumple mutate page.pdf --with scan.skew --level 2 -o skewed.pdf
  crumple mutate list.csv --with 'encoding.mojibake > table.ragged_row' --level 5 -o broken.csv
"""


@click.command("mutate", help=_HELP, short_help="Degrade one file, to look at.")
@click.argument("file", type=click.Path())
@click.option(
    "--with", "recipe", required=True, metavar="RECIPE", help="What to do to it.", shell_complete=complete_names
)
@click.option(
    "--level",
    type=float,
    metavar="N",
    help="Severity of bare mutators: 1 is everyday, 3 is bad, 5 the worst that production really sends.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Of bare mutators.")
@click.option(
    "-o", "--output", type=click.Path(), required=True, metavar="OUT", help="Where to write it; - is standard output."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--config", type=click.Path(), metavar="PATH", help="The crumple.toml whose modules are to be known too.")
def command(
    file: str, recipe: str, level: float | None, seed: int, output: str, force: bool, config: str | None
) -> None:
    """Read, degrade, write, and say what was done."""
    from crumple.cli.known import known_mutators

    registry = known_mutators(config)
    steps = _recipe(recipe, level, seed, registry)
    source, target = Path(file), Path(output)
    if output != "-" and target.exists() and (not force or target.samefile(source)):
        raise CrumpleError("there is a file already", where=output, hint="Choose another name, or use --force.")
    degradation = _degrade(source, steps, registry)
    if output == "-":
        sys.stdout.buffer.write(degradation.document.data)
        return
    try:
        target.write_bytes(degradation.document.data)
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=output) from None
    emit(f"{output}: {steps}, {len(degradation.document.data):,} bytes")


def _degrade(source: Path, recipe: Recipe, registry: Registry) -> Degradation:
    from crumple.mutation.apply import degrade
    from crumple.truth import ABSENT

    case = _case(source)
    try:
        return degrade(case, recipe, registry.mutators)
    except NotApplicable as reason:
        untold = case.truth is ABSENT and any("new" in registry.get(step.mutator).truth for step in recipe.steps)
        raise CrumpleError(
            f"the recipe does not apply to this {case.document.media_type}: {reason}",
            where=str(source),
            hint=f"Write the right answer beside it, in {source.name}.truth.json."
            if untold
            else "`crumple describe MUTATOR` says what one acts on.",
        ) from None


def _case(source: Path) -> Case:
    """The file as a case; with its truth where that stands beside it, for mutators that change the right answer."""
    from crumple.case import Case
    from crumple.cli.surroundings import truth_beside
    from crumple.corpora import folder
    from crumple.document import Document
    from crumple.views.format import identify

    try:
        data = source.read_bytes()
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(source)) from None
    if truth_beside(source) is not None:
        corpus = folder(source.parent)
        if any(entry.id == source.name for entry in corpus.entries()):
            return corpus.load(source.name)
    return Case(source.name, Document(data, identify(data, source.name), source.name))


def _recipe(text: str, level: float | None, seed: int, registry: Registry) -> Recipe:
    """The recipe, in which a step without parameters takes the level's."""
    from crumple.mutation.ladder import check_level
    from crumple.recipe import Recipe

    if level is not None:
        try:
            check_level(level)
        except ValueError as error:
            raise CrumpleError(str(error), where="--level") from None
    parsed = Recipe.parse(text)
    if not parsed.steps:
        raise CrumpleError("the recipe is empty", where="--with", hint="`crumple list` shows the mutators.")
    steps = []
    for step in parsed.steps:
        mutator = registry.get(step.mutator)
        bare = not step.parameters
        if bare and mutator.ladder is not None and level is None:
            raise CrumpleError(
                f"{step.mutator} needs its {mutator.parameter}, or a level",
                where="--with",
                hint=f"Add --level 3, or write {mutator.step(3, seed)}.",
            )
        if bare:
            step = mutator.step(level or mutator.level, step.seed or seed, part=step.part)  # noqa: PLW2901 - completed in place
        mutator.check(step)
        if mutator.ladder is not None and isinstance(mutator.ladder.rungs[0], str):
            mutator.level_of(step)  # only the names on the ladder are values
        steps.append(step)
    return Recipe(tuple(steps))
