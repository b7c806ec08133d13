"""The engines that read degraded pages, each in a process of its own."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from crumple import Page
from crumple.examples.invoices.reader import tesseract

MOST_SECONDS = 6
"""CPU seconds after which Tesseract gives up. A sheet takes it 0.4 to 1.5; noise can keep it busy for minutes, and
of what took more than four, it had never read more than 2 %."""


class Engine(Protocol):
    """What reads pages.

    Attributes:
        version: with everything that what it reads depends on.
    """

    version: str

    def read(self, page: Page) -> str:
        """The page's text, lines in the engine's order."""


def square(page: Page) -> Page:
    """The page with pixels as high as they are wide, as whatever shows or reads a fax makes it."""
    across, down = page.dpi
    if abs(across / down - 1) < 0.02:
        return page
    dpi = max(page.dpi)
    size = round(page.width * dpi / across), round(page.height * dpi / down)
    return Page(np.asarray(cv2.resize(page.pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8), (dpi, dpi))


def _portable(page: Page) -> bytes:
    """The page as PGM or PPM: nothing to compress."""
    kind = b"P5" if page.grey else b"P6"
    return b"%s\n%d %d\n255\n" % (kind, page.width, page.height) + page.pixels.tobytes()


class Tesseract:
    """Tesseract with its English model and automatic segmentation of the page, on one thread."""

    _ARGUMENTS = ("--psm", "3", "-l", "eng")

    def __init__(self) -> None:
        self._program, self._environment = tesseract()
        said = subprocess.run(
            [self._program, "--version"], env=self._environment, capture_output=True, text=True, check=True
        )
        self.version = f"{said.stdout.partition(chr(10))[0]} {' '.join(self._ARGUMENTS)}"

    def read(self, page: Page) -> str:
        """The page's text; nothing where reading it takes more than `MOST_SECONDS`."""
        page = square(page)
        # A limit on CPU time, not on the clock, so that a busy machine reads the same.
        command = ["/bin/sh", "-c", f'ulimit -t {MOST_SECONDS}; exec "$@"', "sh", self._program]
        command += ["stdin", "stdout", "--dpi", str(round(max(page.dpi))), *self._ARGUMENTS]
        # It ends with an error at the limit, and where it finds nothing to read in what is hardly a page.
        done = subprocess.run(command, input=_portable(page), capture_output=True, env=self._environment, check=False)
        return done.stdout.decode("utf-8", "replace")


class RapidOcr:
    """RapidOCR with the models that it ships, on one thread.

    It asks for an OpenCV of its own, so it may live in another environment than crumple; that one's Python
    runs `rapid_worker.py`.
    """

    def __init__(self, python: str) -> None:
        command = [python, str(Path(__file__).with_name("rapid_worker.py"))]
        self._worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.version = self._answer()

    def read(self, page: Page) -> str:
        """The page's text."""
        page = square(page)
        head = json.dumps(page.pixels.shape) + "\n"
        assert self._worker.stdin is not None
        self._worker.stdin.write(head.encode() + page.pixels.tobytes())
        self._worker.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._worker.stdout is not None
        line = self._worker.stdout.readline()
        if not line:
            raise SystemExit(
                "rapidocr does not start. Give it an environment of its own:\n"
                "  python -m venv .venv-rapidocr\n"
                "  .venv-rapidocr/bin/pip install rapidocr onnxruntime opencv-python-headless\n"
                "and name its Python: --rapidocr-python .venv-rapidocr/bin/python"
            )
        return str(json.loads(line))


@dataclass(frozen=True, slots=True)
class EngineName:
    """An engine that can be sent to another process, where it is started when it is first needed."""

    name: str
    python: str = sys.executable

    def start(self) -> Engine:
        """The engine, started once a process."""
        return _started(self)


@functools.cache
def _started(which: EngineName) -> Engine:
    return Tesseract() if which.name == "tesseract" else RapidOcr(which.python)
