"""Changes in pages: whole pages, and places of a page whose size and points have stayed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple.mutation.changes.told import Changes
from crumple.places import Region
from crumple.views.pages import Page, Pages

_CELLS_ACROSS = 96
_MOST_PLACES = 256


@dataclass(frozen=True, slots=True)
class _Change:
    """What is another on one page.

    Attributes:
        page: its number.
        region: where; a rectangle around it.
        label: of the cells that differ; 0: the whole page.
    """

    page: int
    region: Region
    label: int = 0


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of a grid over a page, each with the number of the place that differs there; 0 where nothing does."""

    labels: NDArray[np.int32]
    size: int

    def mask(self, labels: Collection[int], shape: Sequence[int]) -> NDArray[np.bool_]:
        """The pixels of some places."""
        chosen = np.isin(self.labels, list(labels))
        wide = chosen.repeat(self.size, axis=0).repeat(self.size, axis=1)
        return wide[: shape[0], : shape[1]]


def of_pages(before: Pages, after: Pages, *, each_alone: bool) -> Changes | None:
    """The changes of pages; None where pages were moved.

    Args:
        before: the pages.
        after: what has become of them.
        each_alone: whether the mutator acts on each page by itself.
    """
    if len(before) != len(after) or not (each_alone or _in_place(before, after)):
        return None
    grids: dict[int, _Cells] = {}
    changes = list(_changes(before, after, grids))

    def made(kept: Collection[int]) -> Pages:
        chosen = [each for number, each in enumerate(changes) if number in kept]
        pages = list(before)
        for number in {each.page for each in chosen}:
            labels = {each.label for each in chosen if each.page == number}
            pages[number] = _mixed(before[number], after[number], grids.get(number), labels)
        return Pages(tuple(pages))

    return Changes([(each.region,) for each in changes], made)


def _in_place(before: Pages, after: Pages) -> bool:
    pairs = zip(before, after, strict=True)
    return all(
        one.source is not None
        and other.source is not None
        and (one.source.document, one.source.index) == (other.source.document, other.source.index)
        for one, other in pairs
    )


def _changes(before: Pages, after: Pages, grids: dict[int, _Cells]) -> Iterator[_Change]:
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        if one is other:
            continue
        cells = _cells(one, other) if _still(one, other) else None
        count = int(cells.labels.max()) if cells else -1
        if cells is None or count == 1:
            yield _Change(number, Region(number))
        elif count > 1:
            grids[number] = cells
            yield from (_Change(number, _around(number, cells, label, one), label) for label in range(1, count + 1))


def _still(one: Page, other: Page) -> bool:
    """Whether a page has kept its size and every point its place, so that pixels can be held against each other."""
    return (one.width, one.height, one.grey, one.dpi, one.text_layer, one.bend) == (
        other.width,
        other.height,
        other.grey,
        other.dpi,
        other.text_layer,
        other.bend,
    )


def _cells(one: Page, other: Page) -> _Cells:
    """The places where two pages differ: cells that touch one another are one place."""
    differs = one.pixels != other.pixels
    if differs.ndim == 3:
        differs = differs.any(axis=2)
    size = max(8, one.width // _CELLS_ACROSS)
    while True:
        rows, columns = -(-one.height // size), -(-one.width // size)
        padded = np.zeros((rows * size, columns * size), np.bool_)
        padded[: one.height, : one.width] = differs
        grid = padded.reshape(rows, size, columns, size).any(axis=(1, 3))
        count, labels = cv2.connectedComponents(np.asarray(grid, np.uint8), connectivity=8, ltype=cv2.CV_32S)
        if count - 1 <= _MOST_PLACES:
            return _Cells(_in_order(np.asarray(labels, np.int32), count - 1), size)
        size *= 2


def _in_order(labels: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """The same places, numbered from the top left; OpenCV promises no order."""
    found, first = np.unique(labels, return_index=True)
    seen = [int(each) for _, each in sorted(zip(first.tolist(), found.tolist(), strict=True)) if each]
    renumbered = np.zeros(count + 1, np.int32)
    renumbered[seen] = np.arange(1, count + 1)
    return renumbered[labels]


def _around(page: int, cells: _Cells, label: int, one: Page) -> Region:
    rows, columns = np.nonzero(cells.labels == label)
    across, down = cells.size / one.width, cells.size / one.height
    return Region(
        page,
        float(columns.min() * across),
        float(rows.min() * down),
        min(1.0, float((columns.max() + 1) * across)),
        min(1.0, float((rows.max() + 1) * down)),
    )


def _mixed(one: Page, other: Page, cells: _Cells | None, labels: Collection[int]) -> Page:
    """A page with what differs in some places."""
    if cells is None or len(labels) == int(cells.labels.max()):
        return other
    mask = cells.mask(labels, one.pixels.shape)
    if one.pixels.ndim == 3:
        mask = mask[..., None]
    return one.with_pixels(np.where(mask, other.pixels, one.pixels))
