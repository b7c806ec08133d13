"""Sheets that lie wrong: fed in crooked, photographed from the side."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.paper import cut_off, paper


@mutator(
    "scan.skew",
    angle=Ladder(0.5, 1, 2, 5, 10, unit="deg", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def skew(page: Page, angle: float, rng: Generator) -> Page | Degraded[Page]:
    """Rotate the page about its centre, as a sheet that was fed in crooked.

    Left or right is drawn. The frame keeps its size, as a feeder's does: corners that leave it are cut off,
    and what stood there is lost. Paper shows where the sheet does not reach.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 6.1 degrees, within 0.15 of a
    degree; RoDLA uses 5, 10 and 15.
    """
    if not angle:
        return page
    turn = np.deg2rad(angle) * (1 if rng.random() < 0.5 else -1)
    across, down = page.dpi
    # Rotated on the sheet, not in the grid of pixels, which is not square on a fax.
    warp = np.array(
        [
            [np.cos(turn), -np.sin(turn) * across / down, 0.0],
            [np.sin(turn) * down / across, np.cos(turn), 0.0],
            [0.0, 0.0, 1.0],
        ]
    )
    centre = np.array([(page.width - 1) / 2, (page.height - 1) / 2])
    warp[:2, 2] = centre - warp[:2, :2] @ centre
    pixels = cv2.warpAffine(
        page.pixels,
        warp[:2],
        (page.width, page.height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=paper(page),
    )
    return _framed(page, pixels, warp)


@mutator("scan.perspective", shift=Ladder(0.005, 0.01, 0.02, 0.04, 0.08, unit="share", zero=0), refusable_from=5)
def perspective(page: Page, shift: float, rng: Generator) -> Page | Degraded[Page]:
    """Move the corners inwards, each its own way, as on a sheet that was photographed from the side.

    `shift` is how far the corner that moves most does, along each edge, as a share of the page's width.
    Nothing leaves the frame.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 0.027.
    """
    if not shift:
        return page
    draw = rng.random((4, 2))
    draw = (draw - draw.min(axis=0)) / np.ptp(draw, axis=0)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    right, bottom = page.width - 1.0, page.height - 1.0
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]])
    mm = shift * page.size_mm[0]
    moved = corners + inwards * draw * np.array(page.px(mm))
    if np.abs(moved - corners).max() < 0.25:
        raise NotApplicable(f"{mm:.2g} mm are less than a pixel of this page")
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    pixels = cv2.warpPerspective(
        page.pixels,
        warp,
        (page.width, page.height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=paper(page),
    )
    return page.with_pixels(np.asarray(pixels, dtype=np.uint8))


def _framed(page: Page, pixels: NDArray[np.generic], warp: NDArray[np.float64]) -> Page | Degraded[Page]:
    """The moved page, with what left the frame as lost."""
    moved = page.with_pixels(np.asarray(pixels, dtype=np.uint8))
    gone = cut_off(page, warp)
    return Degraded(moved, lost=gone) if gone else moved
