"""Moves of the sheet, plainly: one warp or one remap each, with shading where a slope has it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.compared.plain import MM, Pixels, coarse, paper


def _size(pixels: Pixels) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]


def skew(pixels: Pixels, angle: float) -> Pixels:
    wide, high = _size(pixels)
    matrix = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), angle, 1)
    return cv2.warpAffine(pixels, matrix, (wide, high), borderValue=paper(pixels))


def perspective(pixels: Pixels, shift: float) -> Pixels:
    wide, high = _size(pixels)
    most = shift * wide
    corners = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    moved = corners + np.float32([(most, most / 2), (-most / 3, most), (-most, -most / 4), (most / 2, -most)])
    return cv2.warpPerspective(
        pixels, cv2.getPerspectiveTransform(corners, moved), (wide, high), borderValue=paper(pixels)
    )


def _bent(pixels: Pixels, dx: NDArray[Any], dy: NDArray[Any], light: NDArray[Any] | None = None) -> Pixels:
    """The page with shifts and light that are given coarsely."""
    wide, high = _size(pixels)
    map_x = cv2.resize(dx, (wide, high), interpolation=cv2.INTER_CUBIC) + np.arange(wide, dtype=np.float32)
    map_y = cv2.resize(dy, (wide, high), interpolation=cv2.INTER_CUBIC) + np.arange(high, dtype=np.float32)[:, None]
    out = cv2.remap(pixels, map_x, map_y, cv2.INTER_LINEAR, borderValue=paper(pixels))
    if light is None:
        return out
    mask = cv2.resize(np.clip(light * 200, 0, 255).astype(np.uint8), (wide, high))
    return cv2.multiply(out, mask if out.ndim == 2 else cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB), scale=1 / 200)


def crumple(pixels: Pixels, sigma: float) -> Pixels:
    rng = np.random.default_rng(1)
    knots = tuple(int(each / (12 * MM)) + 2 for each in pixels.shape[:2])
    dx, dy = rng.normal(0, sigma * MM, (2, *knots)).astype(np.float32)
    facets = cv2.resize(rng.uniform(0.85, 1.05, knots).astype(np.float32), (206, 292), interpolation=cv2.INTER_LINEAR)
    return _bent(pixels, dx, dy, facets)


def curl(pixels: Pixels, height: float) -> Pixels:
    x, y = coarse(pixels, 16)
    wave = 2 * np.pi * (1.3 * x + 0.2)
    dy = (height * MM * np.sin(wave) * (0.8 + 0.2 * y)).astype(np.float32)
    dx = (0.3 * height * MM * np.cos(wave)).astype(np.float32)
    return _bent(pixels, dx, dy, 1 - 0.15 * np.maximum(0, np.cos(wave)))


def fold(pixels: Pixels, depth: float) -> Pixels:
    x, y = coarse(pixels, 8)
    near = sum(np.exp(-np.abs(y - crease) * 25) for crease in (0.33, 0.67))
    dx = (depth * MM * near * (x - 0.5)).astype(np.float32)
    dy = (depth * MM * near * 0.5).astype(np.float32)
    side = sum(np.exp(-np.abs(y - crease) * 25) * np.sign(y - crease) for crease in (0.33, 0.67))
    return _bent(pixels, dx, dy, 1 - 0.15 * side)


def lens_distortion(pixels: Pixels, bulge: float) -> Pixels:
    wide, high = _size(pixels)
    x, y = coarse(pixels, 16)
    x, y = x * 2 - 1, y * 2 - 1
    out = (1 + bulge * (x * x + y * y) / 2) - 1
    return _bent(pixels, (out * x * wide / 2).astype(np.float32), (out * y * high / 2).astype(np.float32))


def uneven_feed(pixels: Pixels, slip: float) -> Pixels:
    wide, high = _size(pixels)
    rows = np.arange(high, dtype=np.float32)
    for at in (0.2, 0.5, 0.8):
        rows -= slip * MM / (1 + np.exp(-(rows - at * high) / (4 * MM))) * np.exp(-np.abs(rows - at * high) / (30 * MM))
    map_x = np.ascontiguousarray(np.broadcast_to(np.arange(wide, dtype=np.float32), (high, wide)))
    map_y = np.ascontiguousarray(np.broadcast_to(rows[:, None], (high, wide)))
    return cv2.remap(pixels, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def surroundings(pixels: Pixels, margin: float) -> Pixels:
    rng = np.random.default_rng(1)
    wide, high = _size(pixels)
    grain = rng.uniform(0.75, 1, (high // 4, 8)).astype(np.float32)
    colour = np.float32((120, 85, 60)[:1] if pixels.ndim == 2 else (120, 85, 60))
    table = cv2.resize(grain, (wide, high), interpolation=cv2.INTER_CUBIC)[..., None] * colour
    table = np.clip(table, 0, 255).astype(np.uint8).reshape(pixels.shape)
    corners = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    inset = margin / 2 * np.float32([wide, high])
    to = corners * (1 - margin) + inset + np.float32([(5, 9), (-8, 3), (2, -6), (0, 4)])
    matrix = cv2.getPerspectiveTransform(corners, to)
    shade = cv2.warpPerspective(np.full((high, wide), 90, np.uint8), matrix, (wide, high))
    table = cv2.subtract(
        table, cv2.GaussianBlur(cv2.resize(shade, (wide, high)), (31, 31), 0) if table.ndim == 2 else _rgb(shade)
    )
    laid = cv2.warpPerspective(pixels, matrix, (wide, high), table, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    return np.asarray(laid, np.uint8)


def _rgb(shade: Pixels) -> Pixels:
    return cv2.cvtColor(cv2.GaussianBlur(shade, (31, 31), 0), cv2.COLOR_GRAY2RGB)


PLAIN = {
    "scan.crumple": crumple,
    "scan.curl": curl,
    "scan.fold": fold,
    "scan.lens_distortion": lens_distortion,
    "scan.perspective": perspective,
    "scan.skew": skew,
    "scan.surroundings": surroundings,
    "scan.uneven_feed": uneven_feed,
}
