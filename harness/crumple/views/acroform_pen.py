"""Writing and drawing on a sheet by hand, as an overlay of its size: in the boxes of a form, or wherever a pen goes.

The hands are fonts of handwriting: `pip install "crumple[handwriting]"`.
"""

from __future__ import annotations

import functools
import importlib.util
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator

from crumple.errors import NotApplicable
from crumple.views.acroform_fields import Box, FormField

Points: TypeAlias = Sequence[tuple[float, float]]

TICKS = ("check", "cross", "slash", "fill")
# Package, file, by how much it is set larger than its size says to be as large as other hands, and the room that is
# put between its letters, of the size, where points between digits would be lost.
_FONTS = {
    "caveat": ("fontpkg_caveat", "Caveat[wght].ttf", 1.12, 0.0),
    "indie-flower": ("fontpkg_indie_flower", "IndieFlower-Regular.ttf", 0.86, 0.0),
    "kalam": ("fontpkg_kalam", "Kalam-Regular.ttf", 0.86, 0.0),
    "shadows-into-light": ("fontpkg_shadows_into_light", "ShadowsIntoLight.ttf", 0.92, 0.07),
}
# Ballpoint blue and black, a gel pen's blue-black, a fountain pen's royal blue.
_INKS = ((0.10, 0.19, 0.58), (0.12, 0.12, 0.14), (0.13, 0.17, 0.40), (0.16, 0.24, 0.66))
_ASCENT, _DESCENT = 0.62, 0.2  # of capitals and of what hangs below the line, against the size
_BELOW = 0.31  # the line below the middle of what is written on it
_BEND = 9.0  # points, of a long arrow
_LARGEST, _LEAST = 15.0, 6.0  # points


@dataclass(frozen=True, slots=True)
class Hand:
    """How one person writes.

    Attributes:
        font: one of the fonts of handwriting.
        ink: red, green and blue, 0 to 1.
        size: against the usual.
        slope: of the line of writing, in degrees; above 0 it rises.
        pen: width of a stroke in points.
        tick: how a box is ticked.
    """

    font: str
    ink: tuple[float, float, float]
    size: float
    slope: float
    pen: float
    tick: str

    @classmethod
    def drawn(cls, rng: Generator) -> Hand:
        """Somebody's."""
        return cls(
            font=sorted(_FONTS)[int(rng.integers(len(_FONTS)))],
            ink=_INKS[int(rng.integers(len(_INKS)))],
            size=float(rng.uniform(0.9, 1.1)),
            slope=float(np.clip(rng.normal(0.3, 0.5), -0.8, 1.2)),
            pen=float(rng.uniform(0.9, 1.3)),
            tick=TICKS[min(3, int(rng.integers(8)) // 3)],
        )

    def writes(self, text: str) -> bool:
        """Whether it has every letter of a text.

        Raises:
            NotApplicable: the fonts of handwriting are not installed.
        """
        known = _font(self.font).face.charToGlyph
        return all(ord(each) in known for each in text if each != "\n")


@functools.cache
def _font(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    package, file, *_ = _FONTS[name]
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise NotApplicable('there are no fonts of handwriting: pip install "crumple[handwriting]"')
    font = TTFont(f"crumple-{name}", str(Path(found.origin).parent / "files" / file))
    pdfmetrics.registerFont(font)
    return font


class Pen:
    """A sheet that one person writes on; the same calls with the same generator give the same bytes.

    Attributes:
        size: of the sheet, width and height in points.
        hand: whose.
        rng: of what comes next; it may be changed for another.
        marks: what was written, ticked and drawn so far: a box around each word and stroke.
    """

    def __init__(self, size: tuple[float, float], hand: Hand, rng: Generator) -> None:
        """Take a sheet of a width and a height in points; places are from its bottom left.

        Raises:
            NotApplicable: the fonts of handwriting are not installed.
        """
        from reportlab.pdfgen.canvas import Canvas  # loading it takes a while

        self.size, self.hand, self.rng = size, hand, rng
        self.marks: list[Box] = []
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(self._buffer, pagesize=size, pageCompression=1, invariant=1)
        self._font, (*_, self._scale, self._apart) = _font(hand.font).fontName, _FONTS[hand.font]
        self._canvas.setStrokeColorRGB(*hand.ink)
        self._canvas.setFillColorRGB(*hand.ink)
        self._canvas.setLineCap(1)
        self._canvas.setLineJoin(1)

    def width(self, text: str, size: float) -> float:
        """How wide a text gets, in points."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, self._font, size * self._scale)) + len(text) * self._apart * size

    def write(self, text: str, x: float, y: float, size: float) -> None:
        """Write a line from (x, y), word by word as hands do, none of which quite keeps the line."""
        space = self.width(" ", size)
        for word in text.split(" "):
            rise, own, turn = self.rng.normal(0, (0.03 * size, 0.025, 0.5))
            self._canvas.saveState()
            self._canvas.translate(x, y + rise)
            self._canvas.rotate(self.hand.slope + turn)
            set_size = size * self._scale * (1 + own)
            self._canvas.setFont(self._font, set_size)
            self._canvas.drawString(0, 0, word, charSpace=self._apart * size)
            self._canvas.restoreState()
            bottom, right = y + rise - _DESCENT * size, x + self.width(word, size) * (1 + own)
            self.marks.append((x, bottom, right, bottom + (_ASCENT + 2 * _DESCENT) * size))
            x += self.width(word, size) * (1 + own) + space

    def size_for(self, text: str, box: Box, lines: int = 1) -> float:
        """The size that a person would write a text in to keep it in a box, if that can be read."""
        height = (box[3] - box[1]) / lines
        wanted = min(_LARGEST, 0.95 * height) * self.hand.size
        room = (box[2] - box[0] - 4) / max(1e-6, self.width(text, 1.0))
        return max(min(wanted, 0.97 * room), min(_LEAST, wanted))

    def fill(self, field: FormField, text: str, at: int = 0) -> None:
        """Write a text in a box of a field: in its cells, on several lines, or on one."""
        self.fill_box(field, text, field.widgets[at].box)

    def fill_box(self, field: FormField, text: str, box: Box) -> None:
        """Write a text as into a field, in another box."""
        if field.comb and field.max_length:
            self._fill_cells(text, box, field.max_length)
        elif field.multiline:
            self._fill_lines(text, box)
        else:
            size = self.size_for(text, box)
            self.write(text, box[0] + 3 + abs(float(self.rng.normal(0, 1.0))), self.baseline(box, size), size)

    def baseline(self, box: Box, size: float) -> float:
        """Where a line that is written in a box stands, roughly."""
        middle = (box[1] + box[3]) / 2 - _BELOW * size
        return middle + float(self.rng.normal(0, 0.04)) * (box[3] - box[1])

    def _fill_cells(self, text: str, box: Box, cells: int) -> None:
        cell = (box[2] - box[0]) / cells
        size = min(self.size_for("0", box), 1.3 * cell)
        for at, each in enumerate(text[:cells]):
            left = box[0] + (at + 0.5) * cell - self.width(each, size) / 2
            self.write(each, left + float(self.rng.normal(0, 0.05)) * cell, self.baseline(box, size), size)

    def _fill_lines(self, text: str, box: Box) -> None:
        size = min(_LARGEST * 0.85, 0.9 * (box[3] - box[1])) * self.hand.size
        while True:
            lines = self._wrapped(text, box[2] - box[0] - 8, size)
            if len(lines) * 1.05 * size <= box[3] - box[1] or size < _LEAST:
                break
            size *= 0.93
        for at, line in enumerate(lines):
            self.write(line, box[0] + 4, box[3] - (0.8 + 1.05 * at) * size, size)

    def _wrapped(self, text: str, room: float, size: float) -> list[str]:
        lines = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if line and self.width(longer, size) > room:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return lines

    def stroke(self, points: Points, width: float = 1.0) -> None:
        """Draw a line through points, as wide as so many of the pen's strokes."""
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        across, up = [x for x, _ in points], [y for _, y in points]
        self.marks.append((min(across), min(up), max(across), max(up)))
        self._canvas.setLineWidth(self.hand.pen * width)
        self._canvas.drawPath(path)

    def tick(self, box: Box, style: str = "") -> None:
        """Tick a box in the hand's way or another of `TICKS`, a little over its edges."""
        left, bottom, right, top = box
        middle, half = np.array([(left + right) / 2, (bottom + top) / 2]), np.array([right - left, top - bottom]) / 2
        shapes = {
            "check": [[(-0.8, 0.15), (-0.25, -0.75), (1.15, 1.25)]],
            "cross": [[(-0.95, -0.9), (0.95, 1.0)], [(-0.9, 0.95), (1.0, -0.95)]],
            "slash": [[(-1.0, -1.1), (1.1, 1.2)]],
            "fill": [[(-0.8, -0.8 + 0.2 * each) if each % 2 else (0.8, -0.8 + 0.2 * each) for each in range(9)]],
        }
        for shape in shapes[style or self.hand.tick]:
            stray = np.asarray(shape) + self.rng.normal(0, 0.09, (len(shape), 2))
            self.stroke([(float(x), float(y)) for x, y in middle + stray * half], 1.1)

    def strike(self, left: float, right: float, y: float) -> None:
        """Cross out what stands on a line, in one or two strokes."""
        for rise in (0.0, 1.6)[: 1 + int(self.rng.integers(2))]:
            x = np.linspace(left - 1.5, right + 1.5, 6)
            heights = (
                y + rise + np.cumsum(self.rng.normal(0, 0.35, 6)) + np.linspace(0, float(self.rng.normal(0, 1)), 6)
            )
            self.stroke(list(zip(x.tolist(), heights.tolist(), strict=True)))

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw an arrow, slightly bent."""
        one, other = np.asarray(start), np.asarray(end)
        along = other - one
        side = np.array([-along[1], along[0]]) * float(self.rng.uniform(-0.12, 0.12))
        side *= min(1.0, _BEND / max(1e-6, float(np.hypot(*side))))
        steps = np.linspace(0, 1, 12)[:, None]
        curve = one + along * steps + side * np.sin(np.pi * steps)
        self.stroke([(float(x), float(y)) for x, y in curve])
        back = curve[-1] - curve[-3]
        back = back / max(1e-6, float(np.hypot(*back))) * 5.5
        for angle in (2.6, -2.6):
            turned = np.array(
                [back[0] * np.cos(angle) - back[1] * np.sin(angle), back[0] * np.sin(angle) + back[1] * np.cos(angle)]
            )
            x, y = other + turned
            self.stroke([(float(other[0]), float(other[1])), (float(x), float(y))])

    def pdf(self) -> bytes:
        """What was drawn, as a PDF of one page."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()
