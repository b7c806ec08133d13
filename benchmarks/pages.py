"""The page mutators against the plain OpenCV calls that they are made of, on an A4 page at 200 dpi.

    python benchmarks/pages.py [rounds]

Prints CPU milliseconds, medians of interleaved rounds on one thread, and ends with 1 where a mutator takes
more than 1.3 times the plain call. Decoding and encoding of files is not part of it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Degraded, Page
from crumple_mutators import scan

LIMIT = 1.3
DPI = 200.0
WIDTH, HEIGHT = 1654, 2339
Pixels = NDArray[np.uint8]


def page(*, grey: bool) -> Page:
    pixels = np.full((HEIGHT, WIDTH, 3), (250, 249, 246), np.uint8)
    for row in range(200, HEIGHT - 200, 42):
        text = f"{row} units of something at 12.50 each, delivered on 12 March"
        cv2.putText(pixels, text, (150, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 40), 2, cv2.LINE_AA)
    return Page(np.ascontiguousarray(pixels[..., 0]) if grey else pixels, (DPI, DPI))


def rotated(pixels: Pixels) -> object:
    matrix = cv2.getRotationMatrix2D(((WIDTH - 1) / 2, (HEIGHT - 1) / 2), 2, 1)
    return cv2.warpAffine(pixels, matrix, (WIDTH, HEIGHT), borderValue=(250, 249, 246))


def blurred(pixels: Pixels) -> object:
    return cv2.GaussianBlur(pixels, (0, 0), 0.32 * DPI / 25.4)


def noisy(pixels: Pixels) -> object:
    noise = np.empty(pixels.shape, np.int16)
    cv2.randn(noise, 0, 40)
    return cv2.add(pixels, noise, dtype=cv2.CV_8U)


def compressed(pixels: Pixels) -> object:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 20])
    return cv2.imdecode(data, cv2.IMREAD_UNCHANGED)


def coarse(pixels: Pixels) -> object:
    small = cv2.resize(pixels, (round(WIDTH * 75 / DPI), round(HEIGHT * 75 / DPI)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)


def generator() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(1))


PAIRS: dict[str, tuple[Callable[[Pixels], object], Callable[[Page], Page | Degraded[Page]]]] = {
    "skew 2 deg": (rotated, lambda page: scan.skew(page, angle=2.0, rng=generator())),
    "defocus 0.32 mm": (blurred, lambda page: scan.defocus(page, sigma=0.32, rng=generator())),
    "noise 40": (noisy, lambda page: scan.sensor_noise(page, sigma=40, rng=generator())),
    "jpeg q20": (compressed, lambda page: scan.jpeg(page, quality=20, rng=generator())),
    "resolution 75": (coarse, lambda page: scan.resolution(page, dpi=75, rng=generator())),
}


def seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> int:
    cv2.setNumThreads(1)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    worst = 0.0
    print(f"OpenCV {cv2.__version__}, CPU ms, median of {rounds} interleaved rounds")
    print(f"{'':16}{'':6}{'plain':>8}{'crumple':>9}{'ratio':>7}")
    for name, (plain, mutator) in PAIRS.items():
        for grey in (True, False):
            sheet = page(grey=grey)
            pixels = sheet.pixels
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds + 2):
                times[0].append(seconds(lambda plain=plain, pixels=pixels: plain(pixels)))
                times[1].append(seconds(lambda mutator=mutator, sheet=sheet: mutator(sheet)))
            # The first rounds warm up caches and allocators.
            base, ours = (statistics.median(each[2:]) * 1000 for each in times)
            worst = max(worst, ours / base)
            print(f"{name:16}{'grey' if grey else 'RGB':6}{base:8.2f}{ours:9.2f}{ours / base:7.2f}")
    print(f"worst ratio {worst:.2f}, limit {LIMIT}")
    return 1 if worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
