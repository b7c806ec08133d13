"""Forms filled in with a pen: in their boxes, past them, off their lines, struck out, and elsewhere with an arrow."""

from __future__ import annotations

from typing import Final

from numpy.random import Generator

from crumple import Degraded, FilledForm, FormField, Ladder, NotApplicable, Pen, mutator
from crumple_mutators.form.example import FORM
from crumple_mutators.form.fields import SHARE, pointers
from crumple_mutators.form.sheet import (
    NOTHING_WRITTEN,
    Box,
    box_of,
    by_pen,
    free,
    lines,
    texts,
    ticked,
    written,
)
from crumple_mutators.form.slips import slip

_PDF: Final = ("application/pdf",)
_SIZE: Final = 12.0  # points, of writing that does not have to fit anywhere
_BETWEEN: Final = 20.0  # points from one line to the next, at the foot of a sheet
_LOWEST: Final = 8
_NO_ROOM: Final = "there is no room beside any answer"


@mutator("form.by_hand", share=SHARE, refusable_from=4, only=_PDF, examples=[FORM])
def by_hand(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Fill fields in with a pen, as whoever prints the form before reading on does: the file's fields are gone.

    The answers stand on the sheet in a legible hand, so they are the same. Ladder: the catalogue's, of the fields
    that hold text or a tick.
    """

    def draw(pen: Pen, field: FormField) -> None:
        if field.kind in ("tick", "radio"):
            pen.tick(box_of(field).box)
            return
        for at in range(len(field.widgets)):
            pen.fill(field, written(field), at)

    fields = texts(form) + ticked(form)
    view, paths = by_pen(form, rng, share, fields, draw, "the form is empty")
    return Degraded(view, touched=pointers(paths))


@mutator("form.past_the_box", share=SHARE, refusable_from=4, only=_PDF, examples=[FORM])
def past_the_box(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Write over the edge of the box: into the margin, over the label, past the end, as large hands do.

    No other answer is written over, so that the answers are the same. Ladder: the catalogue's, of the fields of one
    line that have room beside them.
    """
    shift, way = rng.uniform(0.2, 0.6, len(form.boxes)).tolist(), rng.permuted([[0, 1, 2]] * len(form.boxes), axis=1)
    placed: dict[str, Box] = {}
    for at, field in enumerate(form.boxes.values()):
        if field in lines(form):
            page, ways = field.widgets[0].page, (_past(field, shift[at], each) for each in way[at].tolist())
            place = next((each for each in ways if free(form, page, each, field)), None)
            if place is not None:
                placed[field.path] = place

    def draw(pen: Pen, field: FormField) -> None:
        left, bottom, right, top = placed[field.path]
        size = min(1.0 * (top - bottom), (right - left) / max(1e-6, pen.width(written(field), 1.0)))
        pen.write(written(field), left, bottom + 0.25 * size, size)

    fields = [form.boxes[path] for path in placed]
    view, paths = by_pen(form, rng, share, fields, draw, _NO_ROOM)
    return Degraded(view, touched=pointers(paths))


def _past(field: FormField, shift: float, way: int) -> Box:
    """A place for a text that leaves its box to the left, to the right, or over the top."""
    left, bottom, right, top = field.widgets[0].box
    high = max(13.0, top - bottom)
    wide = min(0.52 * high * len(written(field)) + 6, 1.3 * (right - left))
    if way == 0:
        return left - shift * min(wide, 50.0), bottom, left + (1 - shift) * wide, bottom + high
    if way == 1:
        return right - (1 - shift) * wide, bottom, right + shift * wide, bottom + high
    return left + 2, bottom + shift * high, left + wide + 2, bottom + (1.25 + shift) * high


@mutator(
    "form.off_line",
    offset=Ladder(0.1, 0.2, 0.3, 0.4, 0.5, unit="share of a box's height"),
    refusable_from=5,
    only=_PDF,
    examples=[FORM],
)
def off_line(form: FilledForm, offset: float, rng: Generator) -> Degraded[FilledForm]:
    """Write all answers above their lines, or all below, as on a sheet that lay askew, or by somebody without glasses.

    All are off by the same share of their boxes, which shows where they belong, so the answers are the same. Ladder:
    a first guess, uncalibrated.
    """
    down = bool(rng.random() < 0.6)

    def draw(pen: Pen, field: FormField) -> None:
        for widget in field.widgets:
            left, bottom, right, top = widget.box
            rise = (-offset if down else offset) * min(top - bottom, 22.0)
            pen.fill_box(field, written(field), (left, bottom + rise, right, top + rise))

    view, paths = by_pen(form, rng, 1.0, texts(form), draw, NOTHING_WRITTEN)
    return Degraded(view, touched=pointers(paths))


@mutator("form.struck_out", share=SHARE, refusable_from=4, only=_PDF, examples=[FORM])
def struck_out(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Strike a slip of the pen out and write the right answer beside it, as corrections are made on paper.

    What is not struck out is what was right before, so the answers are the same. Ladder: the catalogue's, of the
    fields of one line that are long enough for two answers.
    """
    draws = dict(zip(form.boxes, rng.random(len(form.boxes)).tolist(), strict=True))

    def draw(pen: Pen, field: FormField) -> None:
        right_one, wrong = written(field), slip(written(field), draws[field.path])
        left, bottom, right, top = field.widgets[0].box
        half = (left + right - 2) / 2
        size = min(pen.size_for(wrong, (left, bottom, half, top)), pen.size_for(right_one, (half, bottom, right, top)))
        line = pen.baseline((left, bottom, right, top), size)
        pen.write(wrong, left + 3, line, size)
        end = left + 3 + pen.width(wrong, size)
        pen.strike(left + 3, end, line + 0.22 * size)
        pen.write(right_one, end + 6, line, size)

    fields = [each for each in lines(form) if _roomy(each)]
    view, paths = by_pen(form, rng, share, fields, draw, "no box has room for two answers")
    return Degraded(view, touched=pointers(paths))


def _roomy(field: FormField) -> bool:
    """Whether an answer fits twice, at a size that can be read."""
    left, _, right, _ = field.widgets[0].box
    return len(field.widgets) == 1 and 2 * 3.6 * len(written(field)) + 16 < right - left


@mutator("form.two_lines", share=SHARE, refusable_from=5, only=_PDF, examples=[FORM])
def two_lines(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Squeeze two lines into a box for one, small and over its edges, as long answers are written.

    Both can be read, so the answers are the same. Ladder: the catalogue's, of the fields with several words.
    """

    def draw(pen: Pen, field: FormField) -> None:
        words = written(field).split(" ")
        first, second = " ".join(words[: (len(words) + 1) // 2]), " ".join(words[(len(words) + 1) // 2 :])
        for left, bottom, right, top in (widget.box for widget in field.widgets):
            high = min(top - bottom, 20.0)
            longer = max(first, second, key=len)
            size = min(max(0.62 * high, 7.5), pen.size_for(longer, (left, bottom, right, top + 4)))
            middle = (bottom + top) / 2
            pen.write(first, left + 3, middle + 0.12 * size, size)
            pen.write(second, left + 4, middle - 0.78 * size, size)

    fields = [each for each in lines(form) if len(written(each).split()) > 1]
    view, paths = by_pen(form, rng, share, fields, draw, "no answer has several words")
    return Degraded(view, touched=pointers(paths))


@mutator("form.across_cells", share=SHARE, refusable_from=5, only=_PDF, examples=[FORM])
def across_cells(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Write across the cells of a comb without minding them, as whoever overlooks the ticks between them does.

    The characters stand in their order, so the answers are the same. Ladder: the catalogue's, of the fields with
    cells.
    """

    def draw(pen: Pen, field: FormField) -> None:
        for left, bottom, right, top in (widget.box for widget in field.widgets):
            size = pen.size_for(written(field), (left, bottom, right, top))
            pen.write(written(field), left + 3, pen.baseline((left, bottom, right, top), size), size)

    fields = [each for each in texts(form) if each.comb]
    view, paths = by_pen(form, rng, share, fields, draw, "no field is a row of cells")
    return Degraded(view, touched=pointers(paths))


@mutator(
    "form.elsewhere",
    answers=Ladder(1, 2, 3, 4, 5, unit="answers", zero=0),
    refusable_from=3,
    only=_PDF,
    examples=[FORM],
)
def elsewhere(form: FilledForm, answers: int, rng: Generator) -> Degraded[FilledForm]:
    """Write answers at the foot of the sheet, each with an arrow to the box where it belongs.

    The arrows say what is what, so the answers are the same. Ladder: a first guess, uncalibrated; of the lowest
    fields of one line, from which arrows cross little.
    """
    foot = _foot(form)
    found = sorted((each for each in lines(form) if box_of(each).page == 0), key=lambda each: each.widgets[0].box[1])
    fields = found[: min(_LOWEST, max(0, int(foot // _BETWEEN) - 1))]
    if not fields:
        raise NotApplicable("there is no room at the foot of the form's first page" if found else NOTHING_WRITTEN)
    row = {each.path: at for at, each in enumerate(sorted(fields, key=lambda each: -each.widgets[0].box[0]))}

    def draw(pen: Pen, field: FormField) -> None:
        left, bottom, right, top = field.widgets[0].box
        x = max(8.0, min(left, form.sizes[0][0] - 30 - pen.width(written(field), _SIZE)))
        y = foot - _BETWEEN * (row[field.path] + 1)
        pen.write(written(field), x, y, _SIZE)
        pen.arrow((x + 10, y + 0.8 * _SIZE), (min((left + right) / 2, left + 30), (bottom + top) / 2))

    view, paths = by_pen(form, rng, answers / len(fields), fields, draw, NOTHING_WRITTEN)
    return Degraded(view, touched=pointers(paths))


def _foot(form: FilledForm) -> float:
    """How much room is below the last box of the first page, in points."""
    return min(
        (widget.box[1] for each in form.boxes.values() for widget in each.widgets if not widget.page), default=0.0
    )
