"""Several mutators of a page as one, for combinations that belong together."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

from crumple.errors import NotApplicable
from crumple.mutation.mutator import Degraded, Mutator
from crumple.places import Place, Region
from crumple.recipe import Value
from crumple.truth import ALL, SAME, Everything
from crumple.views.pages import Page


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
