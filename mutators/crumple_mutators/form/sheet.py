"""A filled form as a sheet that somebody writes on: which answers a pen gives, and where there is room for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from numpy.random import SFC64, Generator

from crumple import FilledForm, FormField, Hand, NotApplicable, Pen, Widget
from crumple_mutators.selection import chosen

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top in points from the bottom left."""

Draw: TypeAlias = Callable[[Pen, FormField], None]
"""Draws one field's answer; the pen's generator is this field's own."""

_HANDS: Final = 12
NOTHING_WRITTEN: Final = "no field of the form is filled in with text"
NOTHING_TICKED: Final = "no box of the form is ticked"


def texts(form: FilledForm) -> list[FormField]:
    """The fields that hold text, or an option from a list."""
    return [
        each for each in _there(form) if each.kind in ("text", "choice") and isinstance(each.value, str) and each.value
    ]


def lines(form: FilledForm) -> list[FormField]:
    """Those of them whose text is one line, in a box without cells."""
    return [each for each in texts(form) if not each.multiline and not each.comb and "\n" not in each.value]


def ticked(form: FilledForm) -> list[FormField]:
    """The fields with a box that is ticked."""
    return [each for each in _there(form) if each.kind in ("tick", "radio") and each.value]


def _there(form: FilledForm) -> list[FormField]:
    return [each for path, each in form.boxes.items() if path not in form.flattened]


def written(field: FormField) -> str:
    """What stands in a field."""
    return field.shown(str(field.value))


def box_of(field: FormField) -> Widget:
    """The box of a field that its answer stands in."""
    return next((each for each in field.widgets if each.state == field.value), field.widgets[0])


def by_pen(
    form: FilledForm, rng: Generator, share: float, fields: Sequence[FormField], draw: Draw, lacking: str
) -> tuple[FilledForm, list[str]]:
    """The form with a share of its answers drawn by one person's hand, and the pointers of their fields.

    Args:
        form: it is not modified.
        rng: for the hand, for which fields, and for each field's own generator, whatever the share.
        share: of `fields`.
        fields: those that can be drawn.
        draw: one field.
        lacking: the reason where none can be.

    Raises:
        NotApplicable: there are none, no hand has their letters, or there are no fonts of handwriting.
    """
    hand, seeds = Hand.drawn(rng), rng.integers(2**63, size=len(form.boxes)).tolist()
    more = Generator(SFC64(int(rng.integers(2**63))))
    all_text = "".join(written(each) for each in fields if each.kind in ("text", "choice"))
    tries = 0
    while not hand.writes(all_text):
        hand, tries = Hand.drawn(more), tries + 1
        if tries > _HANDS:
            raise NotApplicable("no font of handwriting has the letters of the answers")
    order = chosen(rng, len(fields), share)
    if not order:
        raise NotApplicable(lacking)
    numbers = {path: at for at, path in enumerate(form.boxes)}
    pens: dict[int, Pen] = {}
    for field in (fields[each] for each in sorted(order)):
        page = box_of(field).page
        pen = pens[page] = pens.get(page) or Pen(form.sizes[page], hand, rng)
        pen.rng = Generator(SFC64(seeds[numbers[field.path]]))
        draw(pen, field)
    paths = [fields[each].path for each in order]
    return form.written_on({page: pen.pdf() for page, pen in pens.items()}, *paths), paths


def free(form: FilledForm, page: int, place: Box, field: FormField) -> bool:
    """Whether a place lies on the page and no other field's answer stands there."""
    wide, high = form.sizes[page]
    if place[0] < 3 or place[1] < 3 or place[2] > wide - 3 or place[3] > high - 3:
        return False
    others = (
        widget.box
        for each in form.boxes.values()
        if each.path != field.path and each.value
        for widget in each.widgets
        if widget.page == page
    )
    return not any(
        place[0] < box[2] and box[0] < place[2] and place[1] < box[3] and box[1] < place[3] for box in others
    )
