"""How the text of a form's field is set in its box, so that every viewer shows the value that it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.pdfbase.pdfmetrics import stringWidth

from crumple.views.acroform_fields import Box, FormField, Lettering, Widget

_LEAST = 4.0  # points: smaller, a print of it cannot be read
_MOST = 12.0  # what forms set text in that is to fit
_MOST_LINES = 200
_PAD = 2.0
_LEADING, _ASCENT, _DESCENT = 1.15, 0.72, 0.21  # of the size; Helvetica's, which the others are close to
_SERIF = re.compile(r"times|serif|roman|georgia|garamond|minion|/?tiro|tibo|tiit", re.IGNORECASE)
_FIXED = re.compile(r"cour|mono|consol|typewriter", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy|bo$", re.IGNORECASE)
_FAMILIES = {"serif": ("Times-Roman", "Times-Bold"), "fixed": ("Courier", "Courier-Bold")}


@dataclass(frozen=True, slots=True)
class Line:
    """One run of characters: where its baseline begins, from the box's bottom left in points."""

    x: float
    y: float
    text: str


def standard_font(name: str) -> str:
    """The one of the standard fonts that a font's name is nearest to."""
    family = "serif" if _SERIF.search(name) and "sans" not in name.lower() else "fixed" if _FIXED.search(name) else ""
    plain, bold = _FAMILIES.get(family, ("Helvetica", "Helvetica-Bold"))
    return bold if _BOLD.search(name) else plain


def takes(box: FormField, value: object) -> bool:
    """Whether a field can hold a value, and every one of its boxes can show it; "" and None empty it."""
    if not box.holds(value):
        return False
    return not value or not isinstance(value, str) or not box.lettered or fits(box, value)


def fits(field: FormField, value: str) -> bool:
    """Whether a text can be shown in every box of a field, no smaller than it can be read."""
    if field.max_length and len(value) > field.max_length:
        return False
    shown = field.shown(value)
    if "\n" in shown and not field.multiline:
        return False
    try:
        shown.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return all(_set(field, widget, shown) is not None for widget in field.widgets)


def appearance(field: FormField, widget: Widget, value: str) -> bytes:
    """The content of a widget's normal appearance, in a box whose bottom left is (0, 0); the font is "/F"."""
    width, height = _size(widget.box)
    text = [b"/Tx BMC", f"q 1 1 {_number(width - 2)} {_number(height - 2)} re W n".encode()]
    found = _set(field, widget, field.shown(value)) if value else None
    if found:
        size, lines = found
        text += [b"BT", f"/F {_number(size)} Tf {widget.lettering.colour}".encode("ascii", "replace")]
        for line in lines:
            at = f"1 0 0 1 {_number(line.x)} {_number(line.y)} Tm".encode()
            text.append(at + b" <" + line.text.encode("cp1252", "replace").hex().encode() + b"> Tj")
        text.append(b"ET")
    text += [b"Q", b"EMC"]
    return b"\n".join([*frame(widget.lettering, width, height), *text])


def frame(lettering: Lettering, width: float, height: float) -> Iterator[bytes]:
    """What a box looks like before anything is filled in."""
    sizes = f"{_number(width)} {_number(height)}"
    if lettering.background:
        yield f"q {_colour(lettering.background, 'g rg k')} 0 0 {sizes} re f Q".encode()
    if lettering.border:
        inner = f"0.5 0.5 {_number(width - 1)} {_number(height - 1)}"
        yield f"q {_colour(lettering.border, 'G RG K')} 1 w {inner} re S Q".encode()


def _colour(components: Sequence[float], operators: str) -> str:
    by_count = dict(zip((1, 3, 4), operators.split(), strict=True))
    return " ".join([*map(_number, components), by_count[len(components)]])


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _size(box: Box) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _set(field: FormField, widget: Widget, text: str) -> tuple[float, list[Line]] | None:
    """The size and the lines of a text in a box; None where it does not fit."""
    width, height = _size(widget.box)
    lettering = widget.lettering
    if width <= 2 * _PAD or height <= _LEAST:
        return None
    if field.comb and field.max_length:
        return _combed(text, width, height, field.max_length, lettering)
    asked = lettering.size or min(_MOST, max(_LEAST, 0.72 * height) if not field.multiline else 10.0)
    if field.multiline:
        return _block(text, width, height, asked, lettering)
    room = (width - 2 * _PAD) / max(1e-6, stringWidth(text, lettering.font, 1))
    size = min(asked, room, 0.95 * height)
    if size < min(_LEAST, asked):
        return None
    y = (height - (_ASCENT - _DESCENT) * size) / 2
    return size, [Line(_aligned(text, width, size, lettering), y, text)]


def _aligned(text: str, width: float, size: float, lettering: Lettering) -> float:
    spare = width - 2 * _PAD - stringWidth(text, lettering.font, size)
    return float(_PAD + spare * (0.0, 0.5, 1.0)[lettering.align])


def _combed(
    text: str, width: float, height: float, cells: int, lettering: Lettering
) -> tuple[float, list[Line]] | None:
    cell = width / cells
    size = min(lettering.size or _MOST, 0.95 * height, 1.5 * cell)
    if len(text) > cells or size < min(_LEAST, lettering.size or _LEAST):
        return None
    y = (height - (_ASCENT - _DESCENT) * size) / 2
    middles = ((at + 0.5) * cell for at in range(len(text)))
    return size, [
        Line(x - stringWidth(each, lettering.font, size) / 2, y, each) for x, each in zip(middles, text, strict=False)
    ]


def _block(
    text: str, width: float, height: float, asked: float, lettering: Lettering
) -> tuple[float, list[Line]] | None:
    size = asked
    while size >= min(_LEAST, asked):
        lines = _wrapped(text, (width - 2 * _PAD) / size, lettering.font)
        if lines is not None and len(lines) * _LEADING * size <= height - _PAD:
            top = height - _PAD - _ASCENT * size
            return size, [
                Line(_aligned(line, width, size, lettering), top - at * _LEADING * size, line)
                for at, line in enumerate(lines)
            ]
        size -= 0.5
    return None


def _wrapped(text: str, ems: float, font: str) -> list[str] | None:
    """A text in lines of so many times the font's size; None where there are too many, or a word is too long."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and stringWidth(longer, font, 1) > ems:
                lines.append(line)
                longer = word
            if len(lines) > _MOST_LINES or stringWidth(longer, font, 1) > ems:
                return None
            line = longer
        lines.append(line)
    return lines
