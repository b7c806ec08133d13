"""Ink, printing and sensors, plainly: thresholds, screens, specks, noise, lines."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from benchmarks.compared.plain import DPI, MM, Pixels, clouds, coarse, like, paper, spread


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def _blanked(pixels: Pixels, bare: Pixels) -> Pixels:
    """The page with bare paper where a mask is not 0."""
    out = pixels.copy()
    cv2.copyTo(np.full_like(pixels, paper(pixels)), bare, out)
    return out


def sensor_noise(pixels: Pixels, sigma: float) -> Pixels:
    noise = np.empty(pixels.shape, np.int16)
    cv2.randn(noise, 0, sigma)
    return cv2.add(pixels, noise, dtype=cv2.CV_8U)


def salt_and_pepper(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    high, wide = pixels.shape[:2]
    count = int(share * high * wide)
    out = pixels.copy()
    rows, columns = rng.integers(0, high, count), rng.integers(0, wide, count)
    out[rows[: count // 2], columns[: count // 2]] = 0
    out[rows[count // 2 :], columns[count // 2 :]] = 255
    return out


def vertical_streaks(pixels: Pixels, count: int) -> Pixels:
    rng = np.random.default_rng(1)
    out = pixels.copy()
    for column, wide in zip(rng.integers(0, pixels.shape[1] - 5, count), rng.integers(1, 5, count), strict=True):
        tone = cv2.resize(rng.uniform(0.3, 0.8, (30, 1)).astype(np.float32), (int(wide), pixels.shape[0]))
        strip = out[:, column : column + wide]
        out[:, column : column + wide] = strip * (tone if strip.ndim == 2 else tone[..., None])
    return out


def dropout_lines(pixels: Pixels, lines: int) -> Pixels:
    rng = np.random.default_rng(1)
    out = pixels.copy()
    out[:, rng.integers(0, pixels.shape[1], round(lines * pixels.shape[1] / MM / 100))] = paper(pixels)
    return out


def binarise(pixels: Pixels, threshold: float) -> Pixels:
    x, _ = coarse(pixels, 24)
    grey = cv2.multiply(_grey(pixels), spread(1 - 0.06 * x, pixels), scale=1 / 255)
    noise = np.empty(grey.shape, np.int16)
    cv2.randn(noise, 0, 4)
    black = cv2.threshold(cv2.add(grey, noise, dtype=cv2.CV_8U), threshold, 255, cv2.THRESH_BINARY)[1]
    return like(black, pixels)


def fax_resolution(pixels: Pixels, dpi: str) -> Pixels:
    size = pixels.shape[1], pixels.shape[0]
    across, down = (int(each) for each in dpi.split("x"))
    grey = _grey(pixels)
    small = cv2.resize(grey, (round(size[0] * across / DPI), round(size[1] * down / DPI)), interpolation=cv2.INTER_AREA)
    black = cv2.threshold(small, 128, 255, cv2.THRESH_BINARY)[1]
    return like(cv2.resize(black, size, interpolation=cv2.INTER_NEAREST), pixels)


def dither(pixels: Pixels, dpi: float) -> Pixels:
    size = pixels.shape[1], pixels.shape[0]
    small = cv2.resize(
        _grey(pixels), (round(size[0] * dpi / DPI), round(size[1] * dpi / DPI)), interpolation=cv2.INTER_AREA
    )
    dots = np.asarray(Image.fromarray(small).convert("1"), np.uint8) * 255
    return like(cv2.resize(dots, size, interpolation=cv2.INTER_NEAREST), pixels)


def _screen(pixels: Pixels, lpi: float, degrees: float) -> Pixels:
    """A halftone screen's thresholds over the page."""
    period, turn = DPI / lpi, np.deg2rad(degrees)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    across = cv2.addWeighted(x, np.cos(turn), y, np.sin(turn), 0) * (2 * np.pi / period)
    down = cv2.addWeighted(y, np.cos(turn), x, -np.sin(turn), 0) * (2 * np.pi / period)
    return (127.5 + 63.75 * (np.cos(across) + np.cos(down))).astype(np.uint8)


def halftone(pixels: Pixels, lpi: float) -> Pixels:
    if pixels.ndim == 2:
        return cv2.compare(pixels, _screen(pixels, lpi, 45), cv2.CMP_GT)
    black = cv2.min(cv2.min(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    dots = cv2.compare(black, _screen(pixels, lpi, 45), cv2.CMP_GT)
    inks = [cv2.compare(pixels[..., each], _screen(pixels, lpi, (15, 75, 0)[each]), cv2.CMP_GT) for each in range(3)]
    return cv2.merge([cv2.min(ink, dots) for ink in inks])


def dot_matrix(pixels: Pixels, dpi: float) -> Pixels:
    size = pixels.shape[1], pixels.shape[0]
    small = cv2.resize(pixels, (round(size[0] * dpi / DPI), round(size[1] * dpi / DPI)), interpolation=cv2.INTER_AREA)
    tall = cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)
    pitch = DPI / dpi
    y, x = ((np.arange(each, dtype=np.float32) / pitch) % 1 - 0.5 for each in pixels.shape[:2])
    dots = np.clip(255 * (1.6 - 3 * np.hypot(y[:, None], x[None])), 0, 255).astype(np.uint8)
    blank = np.full_like(pixels, paper(pixels))
    return cv2.subtract(blank, cv2.multiply(cv2.subtract(blank, tall), like(dots, pixels), scale=1 / 255))


def _moved_edges(pixels: Pixels, radius: float, move: Callable[[Pixels, Pixels], Pixels]) -> Pixels:
    """Edges moved by a fraction of a pixel too: between what two discs of whole pixels make."""
    small = int(radius)
    near, far = (
        move(pixels, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * each + 1, 2 * each + 1)))
        for each in (small, small + 1)
    )
    return cv2.addWeighted(near, 1 - (radius - small), far, radius - small, 0)


def dot_gain(pixels: Pixels, radius: float) -> Pixels:
    return _moved_edges(pixels, radius * MM, cv2.erode)


def ink_thinning(pixels: Pixels, radius: float) -> Pixels:
    return _moved_edges(pixels, radius * MM, cv2.dilate)


def toner_patches(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    field = cv2.resize(clouds(rng, pixels, 40), (pixels.shape[1], pixels.shape[0]))
    grain = np.frombuffer(rng.bytes(field.size), np.uint8).reshape(field.shape)
    level = np.quantile(field[::16, ::16], 1 - share)
    bare = cv2.add(field, cv2.LUT(grain, np.linspace(-0.1, 0.1, 256, dtype=np.float32)))
    return _blanked(pixels, cv2.compare(bare, float(level), cv2.CMP_GT))


def uneven_ink(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    high, wide = pixels.shape[:2]
    grain = np.frombuffer(rng.bytes(high * wide // 4), np.uint8)[: (high // 2) * (wide // 2)].reshape(
        high // 2, wide // 2
    )
    soft = cv2.resize(cv2.GaussianBlur(grain, (0, 0), 0.12 * MM), (wide, high))
    return _blanked(pixels, cv2.compare(soft, float(np.quantile(soft[::8, ::8], 1 - share)), cv2.CMP_GT))


def print_noise(pixels: Pixels, alpha: float) -> Pixels:
    rng = np.random.default_rng(1)
    ink = cv2.threshold(_grey(pixels), 128, 255, cv2.THRESH_BINARY_INV)[1]
    away = np.minimum(cv2.distanceTransform(ink, cv2.DIST_L2, 3) + cv2.distanceTransform(~ink, cv2.DIST_L2, 3), 15)
    odds = (255 * np.minimum(1, np.exp(-alpha * np.arange(16) ** 2) + 0.01)).astype(np.uint8)
    odds_here = cv2.LUT(away.astype(np.uint8), np.resize(odds, 256))
    drawn = np.frombuffer(rng.bytes(ink.size), np.uint8).reshape(ink.shape)
    flips = cv2.compare(drawn, odds_here, cv2.CMP_LT)
    out = _blanked(pixels, cv2.bitwise_and(flips, ink))
    out[cv2.bitwise_and(flips, ~ink) != 0] = 20
    return out


PLAIN = {
    "scan.binarise": binarise,
    "scan.dither": dither,
    "scan.dot_gain": dot_gain,
    "scan.dot_matrix": dot_matrix,
    "scan.dropout_lines": dropout_lines,
    "scan.fax_resolution": fax_resolution,
    "scan.halftone": halftone,
    "scan.ink_thinning": ink_thinning,
    "scan.print_noise": print_noise,
    "scan.salt_and_pepper": salt_and_pepper,
    "scan.sensor_noise": sensor_noise,
    "scan.toner_patches": toner_patches,
    "scan.uneven_ink": uneven_ink,
    "scan.vertical_streaks": vertical_streaks,
}
