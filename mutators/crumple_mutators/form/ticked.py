"""Boxes ticked with a pen: beside them, in another way than the form asks for, two for one, and corrected."""

from __future__ import annotations

import math
from typing import Final

from numpy.random import Generator

from crumple import Degraded, FilledForm, FormField, Pen, mutator
from crumple_mutators.form.example import FORM
from crumple_mutators.form.fields import SHARE, pointers
from crumple_mutators.form.sheet import NOTHING_TICKED, Box, box_of, by_pen, free, ticked

_PDF: Final = ("application/pdf",)
_STYLES: Final = ("ring", "fill", "slash", "large", "dot")
# Not to the right, where the label stands, which a mark would seem to cross out.
_WAYS: Final = ((-1.25, 0.0), (-0.3, 1.1), (-1.0, 0.7), (-1.1, -0.6))
_CLEARLY: Final = 0.6  # of the way to any other box, at most


@mutator("form.tick_beside", share=SHARE, refusable_from=4, only=_PDF, examples=[FORM])
def tick_beside(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Tick beside the box, as whoever fills in a form in a hurry, on a knee or on a telephone does.

    The mark is much nearer to its own box than to any other, so the answers are the same. Ladder: the catalogue's,
    of the fields that are ticked.
    """
    ways = rng.permuted([list(range(len(_WAYS)))] * len(form.boxes), axis=1).tolist()
    order = dict(zip(form.boxes, ways, strict=True))
    places = {each.path: _beside(form, each, order[each.path]) for each in ticked(form)}

    def draw(pen: Pen, field: FormField) -> None:
        place = places[field.path]
        assert place is not None  # only those that have one are drawn
        pen.tick(place)

    fields = [each for each in ticked(form) if places[each.path] is not None]
    view, paths = by_pen(form, rng, share, fields, draw, NOTHING_TICKED)
    return Degraded(view, touched=pointers(paths))


def _beside(form: FilledForm, field: FormField, order: list[int]) -> Box | None:
    """The first place beside a field's box at which a mark cannot be taken for another box's; None: nowhere."""
    own = box_of(field)
    size = own.box[2] - own.box[0]
    others = [
        widget.box
        for each in form.boxes.values()
        if each.kind in ("tick", "radio")
        for widget in each.widgets
        if widget.page == own.page and widget is not own
    ]
    for way in order:
        across, up = (size * each for each in _WAYS[way])
        left, bottom, right, top = own.box
        place = left + across, bottom + up, right + across, top + up
        far = min((_distance(place, each) for each in others), default=math.inf)
        if _distance(place, own.box) < _CLEARLY * far and free(form, own.page, place, field):
            return place
    return None


def _distance(one: Box, other: Box) -> float:
    """Between the middles of two boxes."""
    return math.hypot((one[0] + one[2] - other[0] - other[2]) / 2, (one[1] + one[3] - other[1] - other[3]) / 2)


@mutator("form.tick_styles", share=SHARE, refusable_from=5, only=_PDF, examples=[FORM])
def tick_styles(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Mark boxes in another way than the form asks for: a ring, a stroke, filled in, a dot, a tick far too large.

    Whichever it is, the box is marked and no other of its field is, so the answers are the same. Ladder: the
    catalogue's, of the fields that are ticked.
    """
    styles = dict(zip(form.boxes, rng.integers(len(_STYLES), size=len(form.boxes)).tolist(), strict=True))

    def draw(pen: Pen, field: FormField) -> None:
        _mark(pen, box_of(field).box, _STYLES[styles[field.path]])

    view, paths = by_pen(form, rng, share, ticked(form), draw, NOTHING_TICKED)
    return Degraded(view, touched=pointers(paths))


def _mark(pen: Pen, box: Box, style: str) -> None:
    left, bottom, right, top = box
    x, y, half = (left + right) / 2, (bottom + top) / 2, (right - left) / 2
    if style in ("ring", "dot"):
        reach = (1.5 if style == "ring" else 0.3) * half
        angles = [0.4 + 2 * math.pi * 1.08 * step / 30 for step in range(31)]
        stray = 1 + 0.05 * float(pen.rng.normal())
        points = [(x + stray * reach * math.cos(each), y + reach * math.sin(each)) for each in angles]
        pen.stroke(points, 1.1 if style == "ring" else 2.2)
    elif style == "large":
        pen.tick((left - half, bottom - half, right + 2 * half, top + 2 * half), "check")
    else:
        pen.tick(box, style)


@mutator("form.both_ticked", truth="lost", share=SHARE, only=_PDF, examples=[FORM])
def both_ticked(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Tick two boxes where one is asked for, as slips of the pen, second thoughts and two people at one form do.

    Which of the two is meant is lost. Ladder: the catalogue's, of the questions with several boxes, one of them ticked.
    """
    draws = dict(zip(form.boxes, rng.random(len(form.boxes)).tolist(), strict=True))

    def draw(pen: Pen, field: FormField) -> None:
        pen.tick(box_of(field).box)
        pen.tick(_another(field, draws[field.path]))

    fields = [each for each in ticked(form) if each.kind == "radio"]
    view, paths = by_pen(
        form, rng, share, fields, draw, "no question of the form has several boxes, one of them ticked"
    )
    return Degraded(view, lost=pointers(paths))


@mutator("form.tick_corrected", share=SHARE, refusable_from=3, only=_PDF, examples=[FORM])
def tick_corrected(form: FilledForm, share: float, rng: Generator) -> Degraded[FilledForm]:
    """Black a box out that was ticked by mistake, and tick the right one, as forms tell people to correct themselves.

    The one with a cross is the answer, so it is the same. Ladder: the catalogue's, of the questions with several
    boxes, one of them ticked.
    """
    draws = dict(zip(form.boxes, rng.random(len(form.boxes)).tolist(), strict=True))

    def draw(pen: Pen, field: FormField) -> None:
        wrong = _another(field, draws[field.path])
        pen.tick(wrong, "cross")
        for _ in range(3):
            pen.tick(wrong, "fill")
        pen.tick(box_of(field).box, "cross")

    fields = [each for each in ticked(form) if each.kind == "radio"]
    view, paths = by_pen(
        form, rng, share, fields, draw, "no question of the form has several boxes, one of them ticked"
    )
    return Degraded(view, touched=pointers(paths))


def _another(field: FormField, draw: float) -> Box:
    """A box of the same question that is not ticked."""
    others = [widget.box for widget in field.widgets if widget.state != field.value]
    return others[int(draw * len(others))]
