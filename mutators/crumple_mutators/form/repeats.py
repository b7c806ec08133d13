"""Answers that point at other answers: ditto marks below a row, "same as above" in another section."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

from numpy.random import Generator

from crumple import Degraded, Edit, Json, NotApplicable, Pointer, Record, mutator
from crumple_mutators.form.fields import APPLICATION, SHARE, as_read, entered, pointers

_MARKS: Final = ('"', "″", "''", "do.", "dto.", "ditto", "idem", '- " -', "id.")
_AS_ABOVE: Final = ("same as above", "as above", "s. o.", "see above", "siehe oben", "same", "wie oben", "idem")
_LONGEST: Final = 60
_ROWS: Final = 10_000


@mutator("form.ditto", truth=("same", "new"), share=SHARE, examples=[APPLICATION])
def ditto(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put ditto marks into rows for what stands above, as whoever fills in a table by hand does.

    The right answer is the value of the row above: the same where the two were equal, else a new one. Ladder: the
    catalogue's, of the values that have another of their kind above them.
    """
    mark = _MARKS[int(rng.integers(len(_MARKS)))]
    above = {path: upper for path, upper in _rows(record.value, "") if _pointable(record, path, upper)}
    return _pointing(record, rng, above, mark, share, "no list has rows with values of one kind below each other")


@mutator("form.same_as_above", truth=("same", "new"), share=SHARE, examples=[APPLICATION])
def same_as_above(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write "same as above" where a section asks what an earlier one has asked: an address, a name, a telephone.

    The right answer is what stands there under the same name: the same where the two were equal, else a new one.
    Ladder: the catalogue's, of the fields whose name an earlier section has too.
    """
    words = _AS_ABOVE[int(rng.integers(len(_AS_ABOVE)))]
    first: dict[str, str] = {}
    above: dict[str, str] = {}
    for path, _ in record.fields():
        parents, _, key = path.rpartition("/")
        if not parents or any(token.isdigit() for token in path.split("/")):
            continue
        if key in first and first[key].rpartition("/")[0] != parents and _pointable(record, path, first[key]):
            above[path] = first[key]
        first.setdefault(key, path)
    return _pointing(record, rng, above, words, share, "no section asks what an earlier one has asked")


def _pointing(
    record: Record, rng: Generator, above: dict[str, str], mark: str, share: float, lacking: str
) -> Degraded[Record]:
    """The record with a mark in a share of the fields, each of which now says what the one above it says."""
    if not above:
        raise NotApplicable(lacking)
    picked = entered(record, rng, dict.fromkeys(above, mark), share, "no field would hold the mark")
    now: dict[str, Json] = {}
    # From the top, since what stands above may itself be a mark by now.
    for path, upper in above.items():
        if path in picked:
            now[path] = now.get(upper, record.get(upper))
    new: dict[Any, Json] = {Pointer(path): as_read(value) for path, value in now.items() if value != record.get(path)}
    return Degraded(record.set(picked), Edit(values=new), touched=pointers(list(picked)))


def _rows(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Fields of objects in a list with the same field of the object before, from the top."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _rows(each, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for at, (before, each) in enumerate(itertools.pairwise(value[:_ROWS]), start=1):
            if isinstance(before, dict) and isinstance(each, dict):
                keys = [key for key in each if key in before]
                escaped = [key.replace("~", "~0").replace("/", "~1") for key in keys]
                yield from ((f"{path}/{at}/{key}", f"{path}/{at - 1}/{key}") for key in escaped)
        for at, each in enumerate(value[:_ROWS]):
            yield from _rows(each, f"{path}/{at}")


def _pointable(record: Record, path: str, upper: str) -> bool:
    """Whether both fields hold something short, and of one kind; numbers only where they are equal."""
    one, other = record.get(path), record.get(upper)
    if one in (None, "") or isinstance(one, (bool, dict, list)) or type(one) is not type(other) or not other:
        return False
    return bool(one == other) if not isinstance(one, str) else max(len(one), len(other)) <= _LONGEST
