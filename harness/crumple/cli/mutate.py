"""`crumple mutate`: one document degraded, to look at."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from itertools import islice
from os.path import splitext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import complete_names, words
from crumple.errors import CrumpleError, NotApplicable

if TYPE_CHECKING:
    from crumple.case import Case
    from crumple.destinations import Destination
    from crumple.mutation.bench import Degradation
    from crumple.mutation.mutator import Mutator
    from crumple.mutation.registry import Registry
    from crumple.recipe import Recipe

_MOST_PARTS = 5
_HELP = """Degrade one file and write the result, to see what a system would be given; or look at many mutators at once.

No configuration is needed. A recipe is a mutator with its parameter and a seed, or several joined by '>';
a mutator's bare name takes its parameter from --level. Mutators that change the right answer need it beside the
file: page.pdf and page.pdf.truth.json. part="rows.csv" in a recipe degrades an attachment, or a file in an archive.
only="0-3,7" keeps some of the changes that a mutator makes, numbered from 0, and undoes the others.

With --gallery the result is a contact sheet: a row for each mutator that applies, with five tiles, one a level. --with
then names categories and mutators; without it all are shown. Of a document of pages the first page is shown, of a text
the lines that differ. A picture of more than 20,000 pixels goes on in OUT-2.png; {category} in OUT makes a picture of
each category.

What is written may go to a URL: -o s3://bucket/broken.csv.

\b
Examples:
  crumple mutate page.png --with 'scan.skew(angle=3,seed=1)' -o skewed.png
  crumple mutate page.pdf --with scan.skew --level 2 -o skewed.pdf
  crumple mutate list.csv --with 'encoding.mojibake > table.ragged_row' --level 5 -o broken.csv
  crumple mutate mail.eml --with 'encoding.mojibake(part="rows.csv")' --level 3 -o broken.eml
  crumple mutate page.pdf --gallery gallery.png --with scan
  crumple mutate list.csv --gallery '{category}.png' --with encoding,table.ragged_row
"""


@click.command("mutate", help=_HELP, short_help="Degrade one file, to look at.")
@click.argument("file", type=click.Path())
@click.option(
    "--with",
    "wanted",
    multiple=True,
    metavar="RECIPE",
    help="What to do to it; with --gallery: categories and mutators.",
    shell_complete=complete_names,
)
@click.option(
    "--level",
    type=float,
    metavar="N",
    help="Severity of bare mutators: 1 is everyday, 3 is bad, 5 the worst that production really sends.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Of bare mutators.")
@click.option("-o", "--output", type=click.Path(), metavar="OUT", help="Where to write it; - is standard output.")
@click.option("--gallery", type=click.Path(), metavar="OUT.png", help="Where to write a contact sheet instead.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--config", type=click.Path(), metavar="PATH", help="The crumple.toml whose modules are to be known too.")
def command(
    file: str,
    wanted: tuple[str, ...],
    level: float | None,
    seed: int,
    output: str | None,
    gallery: str | None,
    force: bool,
    config: str | None,
) -> None:
    """Read, degrade, write, and say what was done."""
    from crumple.cli.known import known_mutators, known_pixels
    from crumple.cli.large_tables import mutate_large
    from crumple.destinations import write_whole
    from crumple.views.limits import limit_pixels

    if (output is None) == (gallery is None):
        raise CrumpleError("it needs exactly one of -o OUT and --gallery OUT.png", where="mutate")
    registry = known_mutators(config)
    limit_pixels(known_pixels(config))
    if gallery is not None:
        if level is not None:
            raise CrumpleError("a gallery shows every level", where="--level", hint="Leave it out.")
        _gallery(Path(file), words(wanted), seed, gallery, registry, _Targets(Path(file), config, force=force))
        return
    if len(wanted) != 1:
        raise CrumpleError("needs one recipe", where="--with", hint="Several steps are joined by '>'.")
    steps = _recipe(wanted[0], level, seed, registry)
    source = Path(file)
    if output == "-":
        sys.stdout.buffer.write(_degrade(source, steps, registry).document.data)
        return
    target = _Targets(source, config, force=force).free(str(output))
    written = mutate_large(source, target, steps, registry)
    if not written:
        data = _degrade(source, steps, registry).document.data
        written = len(data)
        write_whole(target, data)
    emit(f"{target}: {steps}, {written:,} bytes")


@dataclass(frozen=True, slots=True)
class _Targets:
    """Where what is made goes.

    Attributes:
        source: the file that it is made of.
        config: see `known_destination`.
        force: whether a file that is there is written over.
    """

    source: Path
    config: str | None
    force: bool

    def free(self, name: str) -> Destination:
        """A place by its name, which may be written to.

        Raises:
            CrumpleError: there is a file that is not to be written over, or it is the source; or see `destination`.
        """
        from crumple.config.storage import known_destination

        target = known_destination(name, self.config)
        own = isinstance(target, Path) and target.exists() and self.source.exists() and target.samefile(self.source)
        if own or (not self.force and target.exists()):
            raise CrumpleError(
                "there is a file already", where=str(target), hint="Choose another name, or use --force."
            )
        return target


def _gallery(
    source: Path, use: tuple[str, ...] | None, seed: int, output: str, registry: Registry, targets: _Targets
) -> None:
    """Draw contact sheets and say what is on which, and what is on none."""
    from crumple.cli.contact_sheet import contact_sheets
    from crumple.cli.gallery import gallery
    from crumple.destinations import write_whole

    if not output.lower().endswith(".png"):
        raise CrumpleError("a gallery is a PNG", where="--gallery", hint="Give it a name that ends with .png.")
    chosen = list(registry.select(use, where="--with") if use else registry)
    case = _case(source)
    shelves: dict[str, list[Mutator]] = {}
    for each in chosen:
        shelves.setdefault(output.replace("{category}", each.category), []).append(each)
    places = {path: targets.free(path) for path in shelves}
    elsewhere = 0
    skipped: list[tuple[str, str]] = []
    for path, mutators in shelves.items():
        found = gallery(case, mutators, seed, every=use is None)
        elsewhere += found.elsewhere
        skipped += found.skipped
        for number, data in enumerate(contact_sheets(found.head, found.rows) if found.rows else ()):
            target = targets.free(f"-{number + 1}".join(splitext(path))) if number else places[path]
            write_whole(target, data)
            emit(f"{target}: {len(data):,} bytes" + ("" if number else f", {len(found.rows)} mutators, seed {seed}"))
    if skipped:
        emit("\nNot shown:")
        for name, reason in skipped:
            emit(f"  {name}: {reason}")
    if elsewhere:
        emit(f"\n{elsewhere} more act on other formats than {case.document.media_type}; `crumple list` shows them all.")


def _degrade(source: Path, recipe: Recipe, registry: Registry) -> Degradation:
    from crumple.cli.large_tables import not_applicable
    from crumple.mutation.apply import degrade
    from crumple.truth import ABSENT

    case = _case(source)
    try:
        return degrade(case, recipe, registry.mutators)
    except NotApplicable as reason:
        untold = case.truth is ABSENT and any("new" in registry.get(step.mutator).truth for step in recipe.steps)
        inner = "" if any(step.part for step in recipe.steps) else _inner(case, recipe.steps[0].mutator)
        raise not_applicable(source, case.document.media_type, reason, untold=untold, inner=inner) from None


def _inner(case: Case, mutator: str) -> str:
    """How to degrade a part of a mail or an archive; "" where there is none."""
    from crumple.views.parts import inside

    names = [name for name, _ in islice(inside(case.document), _MOST_PARTS + 1)]
    if not names:
        return ""
    shown = ", ".join(names[:_MOST_PARTS]) + (", ..." if len(names) > _MOST_PARTS else "")
    return f"Of what it holds ({shown}) one part is degraded by {mutator}(part={json.dumps(names[0])})."


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
    from crumple.cli.statements import beside
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
            whole = mutator.step(level or mutator.level, step.seed or seed, part=step.part)
            step = replace(whole, only=step.only)  # noqa: PLW2901 - completed in place
        mutator.check(step)
        if aside := beside(mutator):
            raise CrumpleError(
                f"{step.mutator} acts on {aside}, not on a file",
                where="--with",
                hint=f"Run it: crumple run --use {step.mutator}",
            )
        if mutator.ladder is not None and isinstance(mutator.ladder.rungs[0], str):
            mutator.level_of(step)  # only the names on the ladder are values
        steps.append(step)
    return Recipe(tuple(steps))
