"""A manifest that only says how many cases each folder has, and how many of a sample come from each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import numpy as np

from crumple import CrumpleError, Wanted
from crumple_corpora.files import MANIFEST, Files
from crumple_corpora.folder_declared import Row

_STREAM: Final = 3  # of random numbers, which is of these alone
_MOST: Final = 10**9  # so many cases numpy draws from
_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Share:
    """What of a sample comes from one folder.

    Attributes:
        folder: below the corpus folder.
        count: how many cases it has, as the manifest says.
        drawn: how many of them are wanted; at least one.
    """

    folder: str
    count: int
    drawn: int


def counts_in(rows: Iterator[Row], place: Files) -> Mapping[str, int]:
    """Folder -> how many cases there are in it and below it.

    Raises:
        CrumpleError: what is no folder below this one or no number, or a folder that is there twice.
    """
    found: dict[str, int] = {}
    for row in rows:
        where = f"{place.where(MANIFEST)}, line {row.line}"
        given = row.cells.get("folder", "")
        if given.startswith("/") or ".." in PurePosixPath(given).parts:
            raise CrumpleError(f"{given!r} is not a folder's name", where=where, hint="Write its path below this one.")
        folder = given.rstrip("/")
        if folder in found:
            raise CrumpleError(f"{folder} is listed twice", where=where)
        found[folder] = _count(row, where)
    for folder in found:
        if above := next((str(each) for each in PurePosixPath(folder).parents if str(each) in found), ""):
            raise CrumpleError(
                f"{folder} is in {above}, whose count has its cases too",
                where=place.where(MANIFEST),
                hint="Leave one of them out.",
            )
    if sum(found.values()) >= _MOST:
        raise CrumpleError(
            f"it counts {sum(found.values()):,} cases, and a sample is drawn from fewer than {_MOST:,}",
            where=place.where(MANIFEST),
            hint="Name a folder in it.",
        )
    return found


def drawn_from(counts: Mapping[str, int], wanted: Wanted) -> Iterator[Share]:
    """The folders that a sample comes from, drawn as their cases would be."""
    numbers = np.array(list(counts.values()), dtype=np.int64)
    rng = np.random.Generator(np.random.PCG64([wanted.seed, _STREAM]))
    drawn = rng.multivariate_hypergeometric(numbers, min(wanted.most, int(numbers.sum())), method="marginals")
    for (folder, count), many in zip(counts.items(), drawn.tolist(), strict=True):
        if many:
            yield Share(folder, count, many)


def _count(row: Row, where: str) -> int:
    text = row.cells.get("count", "")
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        raise CrumpleError(f"{text!r} is not a number of cases", where=f"{where}, column count")
    return int(text)
