"""Forms as sheets of paper, in three designs: what is printed on them, and where their boxes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crumple import Region
from crumple_corpora.forms_answers import words
from crumple_corpora.forms_content import Form, Question, Section
from crumple_corpora.sheet import A4, Sheet, Type, Value

_LEFT, _RIGHT, _TOP = 40.0, A4[0] - 40.0, 46.0
_GAP = 6.0
_TICK = 10.0
_TABLE_ROW = 20.0


@dataclass(frozen=True, slots=True)
class Design:
    """How a form looks.

    Attributes:
        font, bold: of what is printed.
        colour: of headings and frames.
        tint: behind panels; "" is none.
        row: height of a row of boxes, in points.
        framed: boxes have a frame, else a line below.
        circles: radio buttons are round.
    """

    font: str
    bold: str
    colour: str
    tint: str
    row: float
    framed: bool
    circles: bool


_DESIGNS = {
    "boxed": Design("Helvetica", "Helvetica-Bold", "#1a1a1a", "", 35.0, framed=True, circles=False),
    "lined": Design("Times-Roman", "Times-Bold", "#222222", "", 36.0, framed=False, circles=False),
    "panels": Design("Helvetica", "Helvetica-Bold", "#0f4c5c", "#e6f0f2", 37.0, framed=True, circles=True),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is answered: a box in points from the top left; of a radio button, one of several."""

    question: Question
    left: float
    top: float
    right: float
    bottom: float
    state: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty form: one page of PDF, its boxes, where the line for the signature is, and what is printed on it."""

    pdf: bytes
    places: tuple[Place, ...]
    signature: tuple[float, float]
    regions: Mapping[str, tuple[Region, ...]]


def blank(form: Form) -> Blank:
    """Draw a form that nobody has filled in yet."""
    drawing = _Drawing(form)
    for section in form.sections:
        drawing.section(section)
    data, regions = drawing.sheet.finish()
    return Blank(data, tuple(drawing.places), drawing.signature, regions)


class _Drawing:
    def __init__(self, form: Form) -> None:
        self.form, self.style, self.design = form, words()[form.language], _DESIGNS[form.design]
        self.sheet = Sheet(self.style[form.kind], "crumple")
        self.places: list[Place] = []
        self.signature = (0.0, 0.0)
        self.y = _TOP
        self._head()

    def _type(self, size: float, *, bold: bool = False, colour: str = "") -> Type:
        return Type(self.design.bold if bold else self.design.font, size, colour or "#1a1a1a")

    def _head(self) -> None:
        title, panel = self.style[self.form.kind], bool(self.design.tint)
        if panel:
            self.sheet.box(0, 0, A4[0], 74, fill=self.design.colour)
        light = "#ffffff" if panel else ""
        self.sheet.text(_LEFT, _TOP, title, style=self._type(19, bold=True, colour=light or self.design.colour))
        number = (f"{self.style['reference']} ", Value(self.form.reference, "/reference"))
        self.sheet.text(_RIGHT, _TOP, *number, style=self._type(10, colour=light), align="right")
        self.sheet.text(_LEFT, _TOP + 16, self.style["hint"], style=self._type(8, colour=light or "#444444"))
        if not panel:
            self.sheet.rule(_LEFT, _TOP + 23, _RIGHT, _TOP + 23, width=1.2, colour=self.design.colour)
        self.sheet.text(_RIGHT, A4[1] - 26, self.style["page"], style=self._type(7.5), align="right")
        self.y = _TOP + (44 if panel else 36)

    def section(self, section: Section) -> None:
        title, height = self.style["sections"][section.heading], self._height(section)
        if self.design.tint:
            self.sheet.box(_LEFT - 8, self.y - 4, _RIGHT + 8, self.y + height - 2, fill=self.design.tint)
        self.sheet.text(_LEFT, self.y + 8, title, style=self._type(10, bold=True, colour=self.design.colour))
        self.y += 14
        if section.table:
            self._table(section)
        else:
            for row in section.rows:
                self._row(row)
        self.y += 8

    def _height(self, section: Section) -> float:
        rows = _TABLE_ROW * len(section.rows) + 12 if section.table else sum(map(self._row_height, section.rows))
        return 14 + rows + 4

    def _row_height(self, row: tuple[Question, ...]) -> float:
        kinds = {question.kind for question in row}
        if kinds in ({"tick"}, {"radio"}):
            return 20.0
        return self.design.row + (36 if "block" in kinds else 0)

    def _row(self, row: tuple[Question, ...]) -> None:
        height = self._row_height(row)
        for question, left, right in self._columns(row):
            if question.kind in ("tick", "radio"):
                self._ticks(question, left, right, height)
            else:
                self._box(question, left, right, height)
        self.y += height

    def _columns(self, row: tuple[Question, ...]) -> Iterator[tuple[Question, float, float]]:
        unit = (_RIGHT - _LEFT - _GAP * (len(row) - 1)) / sum(question.width for question in row)
        left = _LEFT
        for question in row:
            yield question, left, left + unit * question.width
            left += unit * question.width + _GAP

    def _label(self, question: Question) -> str:
        labels = self.style["labels"]
        text: str = self.style["signature"] if not question.path else labels[question.label]
        part = question.path.partition(".")[0]
        return f"{labels[part]}: {text}" if part in ("previous", "new") else text

    def _box(self, question: Question, left: float, right: float, height: float) -> None:
        label, y, bottom = self._label(question), self.y, self.y + height - 4
        style = self.sheet.fitted(label, self._type(7, colour="#333333"), right - left - 4)
        top = y + 9
        if self.design.framed and not self.design.tint:
            self.sheet.box(left, y, right, bottom, stroke=self.design.colour)
            self.sheet.text(left + 3, y + 7.5, label, style=style)
            inner = (left + 2, top, right - 2, bottom - 1)
        elif self.design.framed:
            self.sheet.text(left, y + 7, label, style=style)
            self.sheet.box(left, top, right, bottom, fill="#ffffff", stroke="#8aa4aa")
            inner = (left + 1, top + 1, right - 1, bottom - 1)
        elif question.kind == "block":
            self.sheet.text(left, y + 7, label, style=style)
            for line in range(int((bottom - top) / 18)):
                self.sheet.rule(left, bottom - 18 * line, right, bottom - 18 * line, colour="#777777")
            inner = (left, top, right, bottom)
        else:
            self.sheet.rule(left, bottom - 8, right, bottom - 8, colour="#777777")
            self.sheet.text(left, bottom - 1, label, style=style)
            inner = (left, y, right, bottom - 8)
        if not question.path:
            self.signature = (inner[0] + 8, inner[3] - 3)
            return
        if question.kind == "comb":
            self._comb(question, inner)
        self.places.append(Place(question, *inner))

    def _comb(self, question: Question, inner: tuple[float, float, float, float]) -> None:
        left, _, right, bottom = inner
        for cell in range(1, question.cells):
            x = left + (right - left) * cell / question.cells
            self.sheet.rule(x, bottom - 6, x, bottom, colour="#555555")

    def _ticks(self, question: Question, left: float, right: float, height: float) -> None:
        label, middle = self._label(question), self.y + height / 2 - 1
        style = self._type(8.5)
        if question.kind == "tick":
            self._tick(question, left, middle, "")
            fitted = self.sheet.fitted(label, style, right - left - _TICK - 8)
            self.sheet.text(left + _TICK + 5, middle + 3, label, style=fitted)
            return
        # In a row of boxes its label stands above, as theirs do.
        if height > 22:
            self.sheet.text(left, self.y + 7, label, style=self._type(7, colour="#333333"))
            middle, x = self.y + 21, left
        else:
            self.sheet.text(left, middle + 3, label, style=style)
            x = left + self.sheet.width(label, style) + 16
        wide = sum(_TICK + 12 + self.sheet.width(option, style) for option in question.options)
        spread = min(24.0, max(0.0, (right - x - wide) / max(1, len(question.options) - 1)))
        for option in question.options:
            self._tick(question, x, middle, option)
            self.sheet.text(x + _TICK + 4, middle + 3, option, style=style)
            x += _TICK + 12 + self.sheet.width(option, style) + spread

    def _tick(self, question: Question, x: float, middle: float, state: str) -> None:
        box = (x, middle - _TICK / 2, x + _TICK, middle + _TICK / 2)
        if self.design.circles and state:
            self.sheet.disc(x + _TICK / 2, middle, _TICK / 2, fill=self.design.colour)
            self.sheet.disc(x + _TICK / 2, middle, _TICK / 2 - 0.7, fill="#ffffff")
        else:
            self.sheet.box(*box, fill="#ffffff", stroke=self.design.colour)
        self.places.append(Place(question, *box, state=state))

    def _table(self, section: Section) -> None:
        style, number = self._type(7, colour="#333333"), 18.0
        for at, row in enumerate(section.rows):
            top = self.y + 12 + _TABLE_ROW * at
            for question, left, right in self._columns(row):
                inset = left + (number if left == _LEFT else 0)
                if not at:
                    self.sheet.text(inset + 2, self.y + 8, self._label(question), style=style)
                fill = "#ffffff" if self.design.tint else ""
                self.sheet.box(inset, top, right, top + _TABLE_ROW, fill=fill, stroke="#777777")
                self.places.append(Place(question, inset + 1, top + 1, right - 1, top + _TABLE_ROW - 1))
            self.sheet.text(_LEFT + 4, top + 13, str(at + 1), style=self._type(8))
        self.y += 12 + _TABLE_ROW * len(section.rows)
