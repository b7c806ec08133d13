"""A step of which only some changes are kept: the view, and what the step says of the right answer."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from crumple.errors import NotApplicable
from crumple.mutation.changes.forms import keeps_form
from crumple.mutation.changes.numbers import chosen
from crumple.mutation.changes.telling import changes
from crumple.mutation.changes.told import Changes
from crumple.mutation.mutator import Degraded, Mutator
from crumple.places import Cell, Extent, Place, Pointer, Span, touching
from crumple.truth import Everything

_SEVERAL = 2


def how_many(mutator: Mutator, before: object, degraded: Degraded[Any], media_type: str = "") -> int:
    """How many changes of a step can be told apart; 0 where they cannot.

    Args:
        mutator: of the step.
        before: the view that it acted on.
        degraded: what it made of it, and said.
        media_type: of the document; "" beside documents.
    """
    found = changes(mutator, before, degraded, media_type)
    return 0 if isinstance(found, str) else len(found)


def cut(mutator: Mutator, only: str, before: object, degraded: Degraded[Any], media_type: str = "") -> Degraded[Any]:
    """What a step is when some of its changes are kept and the others undone.

    What it has lost is lost still where it lies in a change that is kept, or in none.

    Args:
        mutator: of the step.
        only: which changes are kept, as `Step.only` says.
        before: the view that it acted on.
        degraded: what it made of it, and said.
        media_type: of the document; "" beside documents.

    Raises:
        NotApplicable: its changes cannot be told apart, there are not as many, or what is left of them makes a document
            of a kind that the whole step does not make.
    """
    found = changes(mutator, before, degraded, media_type)
    if isinstance(found, str) or len(found) < _SEVERAL:
        why = found if isinstance(found, str) else "it makes one change"
        raise NotApplicable(f"only={only!r} cannot be had of {mutator.name}: {why}")
    kept = chosen(only, len(found))
    if len(kept) == len(found):
        return degraded
    view = found.made(kept)
    if not keeps_form(media_type, before, degraded.view, view):
        raise NotApplicable(f"only={only!r} keeps changes of {mutator.name} that make no sense without the others")
    lost = degraded.lost if isinstance(degraded.lost, Everything) else _left(degraded.lost, found, kept)
    return replace(degraded, view=view, lost=lost, touched=_left(degraded.touched, found, kept))


def _left(places: Sequence[Place], found: Changes, kept: Collection[int]) -> Sequence[Place]:
    """Of some places those that lie in changes that are kept, and those that lie in none of them all."""
    if not len(places):
        return places
    undone = _near([place for number, own in enumerate(found.places) if number not in kept for place in own])
    left = _near([place for number, own in enumerate(found.places) if number in kept for place in own])
    return tuple(place for place in places if left(place) or not undone(place))


def _near(places: Sequence[Place]) -> Callable[[Place], bool]:
    """A test of whether a place overlaps any of these, or touches one of them in a text."""
    wide: list[Place] = [_widened(place) for place in places]
    kinds = {type(place) for place in wide}
    tests = [(kind, _test([place for place in wide if type(place) is kind])) for kind in kinds]
    return lambda place: any(test(place) for kind, test in tests if type(place) is kind)


def _test(places: Sequence[Place]) -> Callable[[Place], bool]:
    if isinstance(places[0], Cell):
        cells = {(place.row, place.column) for place in places if isinstance(place, Cell)}
        # The column of a whole row is -1.
        return lambda place: (
            isinstance(place, Cell) and not cells.isdisjoint(((place.row, place.column), (place.row, -1)))
        )
    if isinstance(places[0], Pointer):
        return _test_of_pointers(sorted(place.path for place in places if isinstance(place, Pointer)))
    return touching(places)


def _test_of_pointers(paths: Sequence[str]) -> Callable[[Place], bool]:
    own = frozenset(paths)

    def test(place: Place) -> bool:
        if not isinstance(place, Pointer):
            return False
        path = place.path
        at = bisect.bisect_left(paths, f"{path}/")
        if at < len(paths) and paths[at].startswith(f"{path}/"):
            return True
        while path and path not in own:
            path = path.rpartition("/")[0]
        return path in own

    return test


def _widened(place: Place) -> Place:
    """A place of a text with what touches it: where nothing stood, something may have been put in."""
    match place:
        case Span(start, end):
            return Span(max(0, start - 1), end + 1)
        case Extent(start, end):
            return Extent(max(0, start - 1), end + 1)
    return place
