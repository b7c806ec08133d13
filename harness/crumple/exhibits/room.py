"""How much room pictures have in a report: the worst problems' first, each picture counted once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from crumple.exhibit import Exhibit

MOST: Final = 1_000_000
"""Bytes of pictures in one report."""
_FULL: Final = "there was no room for more pictures in this report"


def within(exhibits: Iterable[Exhibit], most: int = MOST) -> Iterator[Exhibit]:
    """The exhibits, without the pictures that found no room; those that come first have it first."""
    seen: set[bytes] = set()
    left = most
    for each in exhibits:
        new = {picture.data for pair in each.pages for picture in pair.pictures} - seen
        size = sum(map(len, new))
        if size > left:
            yield replace(each, kind="", pages=(), left_out=0, note=f"{each.note}; {_FULL}" if each.note else _FULL)
            continue
        left -= size
        seen |= new
        yield each
