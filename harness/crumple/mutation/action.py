"""One step on one view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crumple.errors import NotApplicable
from crumple.mutation.mutator import Degraded, Mutator
from crumple.places import Place, Region
from crumple.recipe import Step
from crumple.truth import ABSENT, ALL, Everything, Truth
from crumple.views.pages import Page, Pages


def seen_as(mutator: Mutator) -> type:
    """The view that a document is read as for a mutator: a mutator of one page acts on all of `Pages`."""
    return Pages if mutator.view is Page else mutator.view


def act(mutator: Mutator, view: object, step: Step, truth: Truth = ABSENT) -> Degraded[Any]:
    """Apply one step to a view of the kind that `seen_as` names.

    Raises:
        NotApplicable: the mutator cannot act on it.
        CrumpleError: the step's parameters are not the mutator's.
    """
    if mutator.view is Page and isinstance(view, Pages):
        return _on_pages(mutator, view, step, truth)
    return mutator.apply(view, step, truth)


def _on_pages(mutator: Mutator, pages: Pages, step: Step, truth: Truth) -> Degraded[Pages]:
    """A mutator of one page on every page of a document; a page that it cannot act on stays as it is."""
    degraded: list[Page] = []
    lost: list[Place] = []
    touched: list[Place] = []
    reasons: list[str] = []
    everything = True
    for number, page in enumerate(pages):
        try:
            one = mutator.apply(page, step, truth, page=number)
        except NotApplicable as reason:
            degraded.append(page)
            reasons.append(str(reason))
            everything = False
            continue
        degraded.append(one.view)
        touched.extend(_moved(one.touched, number))
        everything = everything and one.lost is ALL
        lost.extend((Region(number),) if one.lost is ALL else _moved(one.lost, number))
    if len(reasons) == len(pages):
        raise NotApplicable(reasons[0] if reasons else "it has no pages")
    gone: Sequence[Place] | Everything = ALL if everything else lost
    return Degraded(Pages(tuple(degraded)), lost=gone, touched=touched)


def _moved(places: Sequence[Place] | Everything, page: int) -> list[Place]:
    if isinstance(places, Everything):
        return [Region(page)]
    return [replace(place, page=page) if isinstance(place, Region) else place for place in places]
