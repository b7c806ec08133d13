"""Changes: what was done to a view, piece by piece, each of which can be kept or undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from crumple.places import Place

Made: TypeAlias = Callable[[Collection[int]], Any]

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes between a view and what a step has made of it.

    Attributes:
        places: of each change, in the order of the document, where it is in the view before the step.
        made: the view with the changes of some numbers, without the others; all of them are what the step has made.
        vanish: whether some change only takes words away, without putting any there or elsewhere.
    """

    places: Sequence[Sequence[Place]]
    made: Made
    vanish: bool = False

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Piece:
    """One place that differs.

    Attributes:
        place: where, in the view before the step.
        gone: the characters that are no more there.
        come: the characters that are there now.
        bond: pieces of one bond, other than "", are one change.
    """

    place: Place
    gone: str
    come: str
    bond: str = ""


def joined(pieces: Sequence[Piece], made: Made) -> Changes:
    """Changes of pieces; those between which a word has moved are one.

    What stood in one place and stands in another one now would be lost, or stand there twice, if only one of the two
    were undone.

    Args:
        pieces: in the order of the document.
        made: the view with the pieces of some numbers, without the others.
    """
    groups = _grouped(pieces)
    vanish = any(_vanish([pieces[at] for at in group]) for group in groups)
    if len(groups) == len(pieces):
        return Changes([(each.place,) for each in pieces], made, vanish)
    places = [tuple(pieces[at].place for at in group) for group in groups]
    return Changes(places, lambda kept: made(frozenset(at for number in kept for at in groups[number])), vanish)


def _vanish(group: Sequence[Piece]) -> bool:
    if any(_WORD.search(each.come) for each in group):
        return False
    return any(each.gone and _WORD.search(_TAG.sub("", each.gone)) for each in group)


def _grouped(pieces: Sequence[Piece]) -> list[list[int]]:
    """The numbers of the pieces that belong together, each group at the place of its first."""
    words = [(_words(each.gone), _words(each.come)) for each in pieces]
    taken: dict[str, list[int]] = {}
    for at, (gone, come) in enumerate(words):
        for word in gone - come:
            taken.setdefault(word, []).append(at)
    root = list(range(len(pieces)))
    _tie(root, ((at, *taken.get(word, ())) for at, (gone, come) in enumerate(words) for word in come - gone))
    bonds: dict[str, list[int]] = {}
    for at, each in enumerate(pieces):
        if each.bond:
            bonds.setdefault(each.bond, []).append(at)
    _tie(root, bonds.values())
    groups: dict[int, list[int]] = {}
    for at in range(len(pieces)):
        groups.setdefault(_root(root, at), []).append(at)
    return list(groups.values())


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text)) if text else frozenset()


def _tie(root: list[int], together: Iterable[Sequence[int]]) -> None:
    for first, *others in together:
        for other in others:
            one, two = sorted((_root(root, first), _root(root, other)))
            root[two] = one


def _root(root: list[int], at: int) -> int:
    while root[at] != at:
        root[at] = root[root[at]]
        at = root[at]
    return at
