"""Several mutators of a page or a table as one, for combinations that belong together."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

from crumple.errors import NotApplicable
from crumple.mutation.mutator import Degraded, Mutator
from crumple.places import Place, Region
from crumple.recipe import Value
from crumple.truth import ALL, SAME, Everything
from crumple.views.pages import Page
from crumple.views.table import Table


def chain(page: Page, rng: Generator, *steps: tuple[Mutator, Value | None]) -> Degraded[Page]:
    """Apply mutators of a page one after the other, and say of the page what all of them together have lost.

        return chain(page, rng, (skew, 0.8), (dropout_lines, 5), (fax_resolution, "204x98"))

    Moves that follow one another are drawn in one resampling. A step that cannot act on the page is left out.

    Args:
        page: what the first one is given.
        rng: handed to each of them in turn.
        steps: mutators of one page whose right answer stays the same or is lost, each with the value of its main
            parameter; None for one that has none.

    Raises:
        NotApplicable: none of them can act on the page.
        TypeError: a mutator is of another view, or changes the right answer.
    """
    now, reasons = page.afresh(), []
    lost: list[Place] = []
    touched: list[Place] = []
    everything = False
    for mutator, value in steps:
        if mutator.view is not Page or "new" in mutator.truth:
            raise TypeError(f"{mutator.name} cannot be in a chain: it must act on one page and leave the answer")
        try:
            said = mutator(now, rng=rng, **({} if value is None else {mutator.parameter: value}))
        except NotApplicable as reason:
            reasons.append(str(reason))
            continue
        said = said if isinstance(said, Degraded) else Degraded(said)
        assert said.truth == SAME
        everything = everything or said.lost is ALL
        lost += _before(now, () if isinstance(said.lost, Everything) else said.lost)
        touched += _before(now, said.touched)
        now = said.view
    if len(reasons) == len(steps):
        raise NotApplicable(reasons[0] if reasons else "it has no steps")
    return Degraded(now.following(page), lost=ALL if everything else lost, touched=touched)


def _before(now: Page, places: Sequence[Place]) -> list[Place]:
    """Places of a page that was bent on the way, as places of the page at first."""
    found = [now.bend.origin(place) if isinstance(place, Region) else place for place in places]
    return [place for place in found if place is not None]


def table_chain(table: Table, rng: Generator, *steps: tuple[Mutator, Value | None]) -> Degraded[Table]:
    """Apply mutators of a table one after the other, and say of the clean one what all of them together have lost.

        return table_chain(table, rng, (ragged_row, 0.05), (delimiter, ";"), (preamble, 3))

    What is lost is said in places of the clean table, so those that put rows in or leave some out come last. A step
    that cannot act on the table is left out.

    Args:
        table: what the first one is given.
        rng: handed to each of them in turn.
        steps: mutators of a table, each with the value of its main parameter, at which it leaves the right answer or
            loses some of it; None for one that has none.

    Raises:
        NotApplicable: none of them can act on the table.
        TypeError: a mutator is of another view, changes the right answer, or loses something after rows have moved.
    """
    now, reasons = table, []
    lost: list[Place] = []
    everything = False
    for mutator, value in steps:
        if mutator.view is not Table:
            raise TypeError(f"{mutator.name} cannot be in a chain of tables: it acts on {mutator.view.__name__}")
        try:
            said = mutator(now, rng=rng, **({} if value is None else {mutator.parameter: value}))
        except NotApplicable as reason:
            reasons.append(str(reason))
            continue
        said = said if isinstance(said, Degraded) else Degraded(said)
        if said.truth != SAME:
            raise TypeError(f"{mutator.name} cannot be in a chain of tables: it changes the right answer")
        if said.lost and len(now.rows) != len(table.rows):
            raise TypeError(f"{mutator.name} loses places of a table whose rows have moved: let it come sooner")
        everything = everything or said.lost is ALL
        lost += () if isinstance(said.lost, Everything) else said.lost
        now = said.view
    if len(reasons) == len(steps):
        raise NotApplicable(reasons[0] if reasons else "it has no steps")
    return Degraded(now, lost=ALL if everything else list(dict.fromkeys(lost)))
