"""Changes in a form's sheets, in what a document carries inside, in inputs, and in what the system calls."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from crumple.mutation.changes.told import Changes, Piece, joined
from crumple.places import Member, Place, Pointer, Region
from crumple.truth import Json, lookup, pointer, tokens
from crumple.views.acroform_fields import FilledForm
from crumple.views.dependency import Dependency
from crumple.views.inputs import Inputs
from crumple.views.parts import Parts


def of_sheets(before: FilledForm, after: FilledForm) -> Changes | None:
    """The changes of a form's sheets, page by page: what is drawn on one is drawn in one piece.

    A field that is taken out of the form goes with the page that it is shown on, and pages that show it together.
    """
    drawn, flat = after.drawn[len(before.drawn) :], after.flattened[len(before.flattened) :]
    if (*before.drawn, *drawn) != after.drawn or (*before.flattened, *flat) != after.flattened:
        return None
    shown = {path: sorted({each.page for each in before.boxes[path].widgets}) for path in flat if path in before.boxes}
    first = {page: page for page, _ in drawn}
    for pages in shown.values():
        for page in pages:
            first.setdefault(page, page)
        least = min((first[page] for page in pages), default=0)
        merged = {first[page] for page in pages}
        first = {page: least if root in merged else root for page, root in first.items()}
    roots = sorted(set(first.values()))
    places: list[Sequence[Place]] = []
    for root in roots:
        pages = [page for page, own in first.items() if own == root]
        fields = [Pointer(path) for path, on in shown.items() if on and first[on[0]] == root]
        places.append((*map(Region, sorted(pages)), *fields))

    def made(kept: Collection[int]) -> FilledForm:
        chosen = {roots[number] for number in kept}
        own = tuple(each for each in drawn if first[each[0]] in chosen)
        out = tuple(path for path in flat if not shown.get(path) or first[shown[path][0]] in chosen)
        return replace(before, drawn=(*before.drawn, *own), flattened=(*before.flattened, *out))

    return Changes(places, made)


def of_parts(before: Parts, after: Parts) -> Changes | None:
    """The changes of what a document carries inside, part by part; None where parts have come, gone or moved."""
    if [each.name for each in before.parts] != [each.name for each in after.parts]:
        return None
    pairs = list(zip(before.parts, after.parts, strict=True))
    at = [number for number, (one, other) in enumerate(pairs) if one != other]

    def made(kept: Collection[int]) -> Parts:
        chosen = {at[number] for number in kept}
        return Parts(tuple(other if number in chosen else one for number, (one, other) in enumerate(pairs)))

    return Changes([(Member(before.parts[number].name),) for number in at], made)


def of_inputs(before: Inputs, after: Inputs) -> Changes:
    """The changes of what is passed on beside the documents: values, as far down as both have the same members."""
    paths = list(_differing(before.value, after.value, ""))
    pieces = [
        Piece(Pointer(path), _spelled(lookup(before.value, path)), _spelled(lookup(after.value, path)))
        for path in paths
    ]

    def made(kept: Collection[int]) -> Inputs:
        value = before.value
        for number in sorted(kept):
            value = _with(value, tokens(paths[number]), lookup(after.value, paths[number]))  # type: ignore[arg-type]  # it is there
        return Inputs(value)

    return joined(pieces, made)


def _spelled(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _differing(one: Json, other: Json, path: str) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping) and list(one) == list(other):
        for key in one:
            yield from _differing(one[key], other[key], path + pointer(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (here, there) in enumerate(zip(one, other, strict=True)):
            yield from _differing(here, there, path + pointer(at))
    elif one != other or type(one) is not type(other):
        yield path


def _with(value: Json, at: Sequence[str], new: Json) -> Json:
    if not at:
        return new
    first, *rest = at
    if isinstance(value, Mapping):
        return {key: _with(each, rest, new) if key == first else each for key, each in value.items()}
    assert isinstance(value, list)
    return [_with(each, rest, new) if str(number) == first else each for number, each in enumerate(value)]


def of_dependency(before: Dependency, after: Dependency) -> Changes | None:
    """The faults that have come, each by itself."""
    new = after.faults[len(before.faults) :]
    if (*before.faults, *new) != after.faults:
        return None

    def made(kept: Collection[int]) -> Dependency:
        return type(before)((*before.faults, *(each for number, each in enumerate(new) if number in kept)))

    return Changes([() for _ in new], made)
