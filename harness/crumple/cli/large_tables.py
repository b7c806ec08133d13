"""`crumple mutate` on a delimited file too large to be held in memory several times over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crumple.cli.surroundings import truth_beside
from crumple.errors import CrumpleError, NotApplicable, Unreadable
from crumple.truth import SAME

if TYPE_CHECKING:
    from crumple.destinations import Destination
    from crumple.mutation.registry import Registry
    from crumple.recipe import Recipe


def mutate_large(source: Path, target: Destination, recipe: Recipe, registry: Registry) -> int | None:
    """Degrade a large CSV or TSV file row by row; how many bytes were written.

    Args:
        source: a file.
        target: it is written over.
        recipe: what to do to it.
        registry: the mutators that the recipe names.

    Returns:
        None, where this is not the way: the file is not large or no table, its truth stands beside it, or a step of
        the recipe acts on something else than tables, or keeps only some of its changes.

    Raises:
        CrumpleError: the recipe does not apply, or a file cannot be read or written.
    """
    from crumple.mutation.action import act
    from crumple.views.format import spoken
    from crumple.views.table import Table
    from crumple.views.table_files import LARGE, map_table, media_type_of, save_table

    steps = [(step, registry.get(step.mutator)) for step in recipe.steps]
    if not source.is_file() or source.stat().st_size < LARGE or truth_beside(source) is not None:
        return None
    if any(mutator.view is not Table or mutator.wants_truth or step.part or step.only for step, mutator in steps):
        return None
    media_type = media_type_of(source)
    try:
        clean = now = map_table(source)
    except Unreadable:
        return None
    try:
        for step, mutator in steps:
            if not mutator.fits(media_type):
                raise NotApplicable(f"{mutator.name} acts on {spoken(mutator.only)}, not on {spoken([media_type])}")
            said = act(mutator, now, step)
            if said.truth != SAME:
                raise not_applicable(source, media_type, "its right answer is new, and there is no truth", untold=True)
            now = said.view
        if now is clean:
            raise NotApplicable("it changed nothing")
        return save_table(now, target)
    except NotApplicable as reason:
        raise not_applicable(source, media_type, reason, untold=False) from None


def not_applicable(source: Path, media_type: str, reason: object, *, untold: bool, inner: str = "") -> CrumpleError:
    """What to say where a recipe does not apply to a file.

    Args:
        source: the file.
        media_type: what it is.
        reason: in plain words.
        untold: whether its truth would have helped.
        inner: how to degrade what the file holds instead, where it holds something.
    """
    if source.is_file() and not source.stat().st_size:
        return CrumpleError("the file is empty: nothing of it can be degraded", where=str(source))
    return CrumpleError(
        f"the recipe does not apply to this {media_type}: {reason}",
        where=str(source),
        hint=f"Write the right answer beside it, in {source.name}.truth.json."
        if untold
        else inner or "`crumple describe MUTATOR` says what one acts on.",
    )
