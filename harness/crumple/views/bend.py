"""How a page was moved and bent: where each of its points comes from, and drawing that in one resampling.

Points are in shares of a page's width and height from its top left, so that they mean the same at any
resolution. Moves that follow one another are composed before a pixel is touched: resampling three times
would blur what resampling once keeps sharp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from crumple.places import Region

Points: TypeAlias = NDArray[np.float64]
"""Any shape that ends in 2: across and down, in shares of the page."""

_CELL = 8  # pixels between the nodes at which a bend is worked out exactly
_STRIP = 256  # rows drawn at once: their share of the map stays in the processor's cache
_PASSES = 8
_FULL_LIGHT = 200.0
_FLAT = 1e-12  # of a projection's last row: parallels stay parallel
_EDGE = 5  # points along a region's edge that are carried over


class Move(Protocol):
    """One move of a page's points."""

    def back(self, points: Points) -> Points:
        """Where points of the moved page were before."""
        ...

    def forth(self, points: Points) -> Points:
        """Where points of the page before have gone."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A move that keeps straight lines straight: turned, shifted, scaled, mirrored, seen from the side.

    Attributes:
        matrix: 3 x 3, from points of the page before to points of the moved one.
    """

    matrix: NDArray[np.float64]

    @classmethod
    def of_pixels(cls, matrix: NDArray[np.float64], before: tuple[int, int], after: tuple[int, int]) -> Projection:
        """From a matrix between pixel centres, as OpenCV has them.

        Args:
            matrix: 3 x 3, from pixels of the page before to pixels of the moved one.
            before: width and height of the page before, in pixels.
            after: of the moved one.
        """
        return cls(np.linalg.inv(_to_pixels(after)) @ matrix @ _to_pixels(before))

    def back(self, points: Points) -> Points:
        """See `Move`."""
        return _projected(np.asarray(np.linalg.inv(self.matrix), dtype=np.float64), points)

    def forth(self, points: Points) -> Points:
        """See `Move`."""
        return _projected(self.matrix, points)


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """A move that bends: each point of the bent page comes from a little beside its own place.

    Attributes:
        shift: (rows, columns, 2), float64, in shares of the page: what is added to a point of the bent page
            to find where it comes from; at the nodes of a grid whose outermost ones are the page's edges.
    """

    shift: Points

    def back(self, points: Points) -> Points:
        """See `Move`."""
        rows, columns = self.shift.shape[:2]
        x = np.clip(points[..., 0], 0, 1) * (columns - 1)
        y = np.clip(points[..., 1], 0, 1) * (rows - 1)
        left, top = np.minimum(x.astype(np.int64), columns - 2), np.minimum(y.astype(np.int64), rows - 2)
        x, y, node = x - left, y - top, top * columns + left
        # Across and down are looked up together, as one complex number.
        shift = np.ascontiguousarray(self.shift).view(np.complex128).ravel()
        above, below = shift.take(node), shift.take(node + columns)
        above += (shift.take(node + 1) - above) * x
        below += (shift.take(node + columns + 1) - below) * x
        above += (below - above) * y
        return np.asarray(points + above.view(np.float64).reshape(points.shape))

    def forth(self, points: Points) -> Points:
        """See `Move`; found by going back again and again, which ends within a pixel for bends of paper."""
        found = points
        for _ in range(_PASSES):
            found = found + (points - self.back(found))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """Moves that follow one another.

    Attributes:
        moves: the first one first.
    """

    moves: tuple[Move, ...] = ()

    def then(self, move: Move) -> Bend:
        """These moves and one more; projections that meet become one."""
        if self.moves and isinstance(move, Projection) and isinstance(self.moves[-1], Projection):
            return Bend((*self.moves[:-1], Projection(move.matrix @ self.moves[-1].matrix)))
        return Bend((*self.moves, move))

    def back(self, points: Points) -> Points:
        """Where points of the moved page were at first."""
        for move in reversed(self.moves):
            points = move.back(points)
        return points

    def forth(self, points: Points) -> Points:
        """Where points of the first page are now."""
        for move in self.moves:
            points = move.forth(points)
        return points

    def origin(self, region: Region) -> Region | None:
        """The box around where a region of the moved page was at first; None where that is off the page."""
        return _boxed(region.page, self.back(_outline(region)))

    def destination(self, region: Region) -> Region | None:
        """The box around where a region of the first page is now; None where that is off the page."""
        return _boxed(region.page, self.forth(_outline(region)))

    def draw(self, pixels: NDArray[np.uint8], size: tuple[int, int], fill: tuple[int, ...]) -> NDArray[np.uint8]:
        """The page as it looks after the moves, resampled once.

        Args:
            pixels: of the page at first, (height, width) or (height, width, 3).
            size: width and height of the result in pixels.
            fill: the colour, one number or three, where no page is.
        """
        import cv2  # heavy, and only for pages

        before = pixels.shape[1], pixels.shape[0]
        linear, beyond = cv2.INTER_LINEAR, cv2.BORDER_CONSTANT
        if len(self.moves) == 1 and isinstance(self.moves[0], Projection):
            matrix = _to_pixels(size) @ self.moves[0].matrix @ np.linalg.inv(_to_pixels(before))
            matrix = matrix / matrix[2, 2]
            if np.abs(matrix[2, :2]).max() < _FLAT:
                moved = cv2.warpAffine(pixels, matrix[:2], size, flags=linear, borderMode=beyond, borderValue=fill)
            else:
                moved = cv2.warpPerspective(pixels, matrix, size, flags=linear, borderMode=beyond, borderValue=fill)
            return np.asarray(moved, dtype=np.uint8)
        nodes = self._nodes(before, size)
        drawn = np.empty((size[1], size[0], *pixels.shape[2:]), np.uint8)
        for top in range(0, size[1], _STRIP):
            rows = nodes[top // _CELL : (top + _STRIP) // _CELL + 2]
            places = cv2.resize(rows, (rows.shape[1] * _CELL, rows.shape[0] * _CELL), interpolation=linear)
            high = min(_STRIP, size[1] - top)
            part = places[_CELL : _CELL + high, _CELL : _CELL + size[0]]
            cv2.remap(  # type: ignore[call-overload]  # its stubs do not know that one map may hold both coordinates
                pixels,
                part,
                None,
                linear,
                drawn[top : top + high],
                borderMode=beyond,
                borderValue=fill,
            )
        return drawn

    def _nodes(self, before: tuple[int, int], size: tuple[int, int]) -> NDArray[np.float32]:
        """Pixels of the first page at the middles of square cells of the result, one cell beyond its edges."""
        columns, rows = (np.arange(-1, -(-pixels // _CELL) + 1) * _CELL + _CELL / 2 for pixels in size)
        points = np.stack(np.meshgrid(columns / size[0], rows / size[1]), axis=-1)
        return np.asarray(self.back(points) * before - 0.5, dtype=np.float32)


STILL = Bend()


def lit(pixels: NDArray[np.uint8], light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pixels under uneven light.

    Args:
        pixels: (height, width) or (height, width, 3).
        light: (rows, columns) over the page; 1 is as it was, more is brighter, up to 1.27.
    """
    import cv2  # heavy, and only for pages

    high, wide = pixels.shape[:2]
    nodes = np.clip(np.rint(light * _FULL_LIGHT), 0, 255).astype(np.uint8)
    mask = cv2.resize(nodes, (wide, high), interpolation=cv2.INTER_LINEAR)
    if pixels.ndim == 3:
        mask = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.multiply(pixels, mask, scale=1 / _FULL_LIGHT), dtype=np.uint8)


def relaid(light: NDArray[np.float32], shape: tuple[int, int], bend: Bend) -> NDArray[np.float32]:
    """Light that lies on a page, on a grid of (rows, columns), after the page has moved."""
    rows, columns = shape
    points = np.stack(np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows)), axis=-1)
    x, y = np.moveaxis(np.clip(bend.back(points), 0, 1) * (light.shape[1] - 1, light.shape[0] - 1), -1, 0)
    return np.asarray(light[np.rint(y).astype(int), np.rint(x).astype(int)])


def _to_pixels(size: tuple[int, int]) -> NDArray[np.float64]:
    """From shares of a page to the coordinates of its pixels, whose centres are whole numbers."""
    return np.array([[size[0], 0, -0.5], [0, size[1], -0.5], [0, 0, 1]], dtype=np.float64)


def _projected(matrix: NDArray[np.float64], points: Points) -> Points:
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(moved[..., :2] / moved[..., 2:])


def _outline(region: Region) -> Points:
    across, down = np.linspace(region.left, region.right, _EDGE), np.linspace(region.top, region.bottom, _EDGE)
    return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)


def _boxed(page: int, points: Points) -> Region | None:
    left, top = np.clip(points.min(axis=0), 0, 1).tolist()
    right, bottom = np.clip(points.max(axis=0), 0, 1).tolist()
    return Region(page, left, top, right, bottom) if right > left and bottom > top else None
