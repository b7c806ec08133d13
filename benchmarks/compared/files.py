"""What writing files costs, apart from degrading; and what a long document takes while it is degraded."""

from __future__ import annotations

import io
import re
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.compared.plain import DPI, Pixels
from crumple import Case, Document, Pages, Recipe, read, write
from crumple.mutation.apply import degrade
from crumple.mutation.registry import discover

Writer = Callable[[], object]


def writers(pixels: Pixels) -> Iterator[tuple[str, Writer]]:
    """Ways to write one degraded page, each with what it is called."""
    picture = Image.fromarray(pixels)
    bilevel = picture.convert("L").point(lambda shade: 255 * (shade > 128)).convert("1")

    def saved(image: Image.Image, kind: str, **options: object) -> Writer:
        return lambda: image.save(io.BytesIO(), kind, **options)

    yield "PNG, Pillow, level 1", saved(picture, "PNG", compress_level=1)
    yield "PNG, Pillow, level 6 (its default)", saved(picture, "PNG", compress_level=6)
    yield "PNG, OpenCV, level 1", lambda: cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    yield "JPEG, quality 85", saved(picture, "JPEG", quality=85)
    yield "TIFF, raw", saved(picture, "TIFF")
    yield "TIFF, group 4", saved(bilevel, "TIFF", compression="group4")
    yield "PDF of a JPEG", saved(picture, "PDF", quality=85, resolution=DPI)
    for media_type, clean in _documents(pixels):
        page = read(clean, Pages)[0]
        degraded = Pages((page.with_pixels(pixels),))
        yield f"crumple, {media_type.partition('/')[2]}", lambda view=degraded, clean=clean: write(view, clean)


def _documents(pixels: Pixels) -> Iterator[tuple[str, Document]]:
    """A clean page in the formats that crumple writes most."""
    blank = Image.fromarray(np.full_like(pixels, 250))
    for kind, media_type in (
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("TIFF", "image/tiff"),
        ("PDF", "application/pdf"),
    ):
        file = io.BytesIO()
        blank.save(file, kind, **({"resolution": DPI} if kind == "PDF" else {"dpi": (DPI, DPI)}))
        yield media_type, Document(file.getvalue(), media_type, f"page.{kind.lower()}")


LONG = 20
LONG_DPI = 300


def long_tiff(path: Path, mode: str) -> None:
    """A TIFF of twenty A4 pages at 300 dpi."""
    size = round(210 / 25.4 * LONG_DPI), round(297 / 25.4 * LONG_DPI)
    page = Image.new(mode, size, 245 if mode == "L" else (245, 243, 238))
    marks = np.array(page)
    for row in range(300, size[1] - 300, 63):
        said = f"{row} units of something at 12.50 each, delivered on 12 March"
        cv2.putText(marks, said, (220, row), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 40), 3, cv2.LINE_AA)
    page = Image.fromarray(marks)
    page.save(
        path, "TIFF", save_all=True, append_images=[page] * (LONG - 1), dpi=(LONG_DPI, LONG_DPI), compression="tiff_lzw"
    )


def peak() -> None:
    """In a process of its own: degrade the TIFF that the command line names, and print the resident peak in bytes."""
    mutators = discover().mutators
    path, *names = sys.argv[1:]
    case = Case("long", Document(Path(path).read_bytes(), "image/tiff", "long.tiff"))
    degrade(case, Recipe(tuple(mutators[name].step(3, 1) for name in names)), mutators)
    print(_peak())


def _peak() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage counts what the parent had before this program began.
        return int(re.findall(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    peak()
