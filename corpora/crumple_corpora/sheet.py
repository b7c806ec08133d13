"""Pages to draw on, which remember where each value of the truth was drawn. Points from the top left."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crumple import Region

A4 = (595.2756, 841.8898)
_INK = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Value:
    """Text that shows the truth's field at `pointer` (RFC 6901)."""

    text: str
    pointer: str


Piece: TypeAlias = "str | Value"


@dataclass(frozen=True, slots=True)
class Type:
    """How text is set: one of the 14 standard fonts, its size in points, and its colour."""

    font: str
    size: float
    colour: str = _INK


class Sheet:
    """A PDF in the making. The same calls give the same bytes: no clock, no random identifier."""

    def __init__(self, title: str, author: str) -> None:
        from reportlab.pdfgen.canvas import Canvas  # loading reportlab takes a while

        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(self._buffer, pagesize=A4, pageCompression=1, invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._page = 0
        self._regions: dict[str, list[Region]] = {}

    def text(self, x: float, y: float, *pieces: Piece, style: Type, align: str = "left") -> None:
        """Set pieces one after the other on the baseline `y`; `x` is their left end, right end or middle."""
        widths = [self.width(_plain(piece), style) for piece in pieces]
        left = x - {"left": 0.0, "right": 1.0, "centre": 0.5}[align] * sum(widths)
        self._canvas.setFont(style.font, style.size)
        self._canvas.setFillColor(style.colour)
        for piece, width in zip(pieces, widths, strict=True):
            self._canvas.drawString(left, A4[1] - y, _plain(piece))
            if isinstance(piece, Value):
                self._remember(piece.pointer, left, left + width, y, y, style)
            left += width

    def block(self, x: float, y: float, lines: list[str], leading: float, value: str, style: Type) -> None:
        """Set the lines of one wrapped value below each other: one region around them all."""
        self._canvas.setFont(style.font, style.size)
        self._canvas.setFillColor(style.colour)
        for row, line in enumerate(lines):
            self._canvas.drawString(x, A4[1] - y - row * leading, line)
        right = x + max(self.width(line, style) for line in lines)
        self._remember(value, x, right, y, y + (len(lines) - 1) * leading, style)

    def rule(self, left: float, top: float, right: float, bottom: float, *, width: float = 0.5, colour: str) -> None:
        """Draw a straight line."""
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeColor(colour)
        self._canvas.line(left, A4[1] - top, right, A4[1] - bottom)

    def box(self, left: float, top: float, right: float, bottom: float, *, fill: str = "", stroke: str = "") -> None:
        """Draw a rectangle, filled, outlined or both."""
        if fill:
            self._canvas.setFillColor(fill)
        if stroke:
            self._canvas.setLineWidth(0.5)
            self._canvas.setStrokeColor(stroke)
        self._canvas.rect(left, A4[1] - bottom, right - left, bottom - top, stroke=bool(stroke), fill=bool(fill))

    def disc(self, x: float, y: float, radius: float, *, fill: str) -> None:
        """Draw a filled circle."""
        self._canvas.setFillColor(fill)
        self._canvas.circle(x, A4[1] - y, radius, stroke=0, fill=1)

    def next_page(self) -> None:
        """Go on with a new page."""
        self._canvas.showPage()
        self._page += 1

    def finish(self) -> tuple[bytes, dict[str, tuple[Region, ...]]]:
        """The PDF, and for each pointer every place where its value was drawn."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue(), {name: tuple(places) for name, places in self._regions.items()}

    @staticmethod
    def width(text: str, style: Type) -> float:
        """How wide a text is, in points."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, style.font, style.size))

    @staticmethod
    def fitted(text: str, style: Type, width: float) -> Type:
        """The style, smaller where the text would not fit into `width`."""
        return replace(style, size=style.size * min(1.0, width / Sheet.width(text, style)))

    @staticmethod
    def wrap(text: str, width: float, style: Type) -> list[str]:
        """A text in lines no wider than `width`, broken at spaces."""
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if line and Sheet.width(longer, style) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line]

    def _remember(self, pointer: str, left: float, right: float, first: float, last: float, style: Type) -> None:
        from reportlab.pdfbase.pdfmetrics import getAscentDescent

        ascent, descent = getAscentDescent(style.font, style.size)
        # Accents on capitals reach above the ascent that standard fonts state.
        top, bottom = first - max(ascent, 0.95 * style.size), last - descent
        region = Region(self._page, left / A4[0], top / A4[1], right / A4[0], bottom / A4[1])
        self._regions.setdefault(pointer, []).append(region)


def _plain(piece: Piece) -> str:
    return piece.text if isinstance(piece, Value) else piece
