"""The four shapes of one filled form: a PDF form, the sheet filled in by hand as PDF and as image, a JSON record."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from crumple import (
    AcroForm,
    CrumpleError,
    Document,
    FilledForm,
    FormField,
    Hand,
    NotApplicable,
    Pen,
    Region,
    field_regions,
    read,
    write,
)
from crumple_corpora.forms_content import Form
from crumple_corpora.forms_drawing import Blank, blank
from crumple_corpora.forms_fields import with_fields
from crumple_corpora.sheet import A4

_POINTS_AN_INCH = 72
_HAND = 7  # keeps a form's hand apart from its answers

Regions = Mapping[str, tuple[Region, ...]]


def record(form: Form) -> bytes:
    """The truth as JSON, indented, in UTF-8."""
    return (json.dumps(form.truth, ensure_ascii=False, indent=2) + "\n").encode()


def filled(form: Form) -> tuple[bytes, Regions]:
    """A PDF form that was filled in on a screen, and where it shows each field of the truth."""
    sheet = blank(form)
    empty = _document(sheet)
    values = {"/" + path.replace(".", "/"): value for path, value in form.values.items()}
    document = write(read(empty, AcroForm).set(values), empty)
    return document.data, {**field_regions(document), **sheet.regions}


def by_hand(form: Form, seed: int, index: int) -> tuple[bytes, Regions]:
    """The same sheet filled in with a pen, without any field, and where it shows each field of the truth.

    Raises:
        CrumpleError: there are no fonts of handwriting.
    """
    sheet = blank(form)
    empty = _document(sheet)
    view = read(empty, FilledForm)
    rng = np.random.default_rng([seed, index, _HAND])
    try:
        pen, regions = _written(form, sheet, view, rng)
    except NotApplicable as missing:
        raise CrumpleError(str(missing), where="forms", hint="Or leave those shapes out: by_hand = false.") from None
    document = write(view.written_on({0: pen.pdf()}, *view.boxes), empty)
    return document.data, {**regions, **sheet.regions}


def image(form: Form, seed: int, index: int, dpi: int) -> tuple[bytes, Regions]:
    """The sheet filled in by hand as pixels.

    Args:
        form: what is shown.
        seed: of the corpus, for the hand.
        index: of the form, likewise.
        dpi: resolution, also stated in the file.
    """
    import pypdfium2  # not needed for the other shapes

    data, regions = by_hand(form, seed, index)
    with pypdfium2.PdfDocument(data) as document:
        picture = document[0].render(scale=dpi / _POINTS_AN_INCH).to_pil()
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(dpi, dpi), compress_level=1)
    return buffer.getvalue(), regions


def _document(sheet: Blank) -> Document:
    return Document(with_fields(sheet), "application/pdf", "form.pdf")


def _written(form: Form, sheet: Blank, view: FilledForm, rng: Generator) -> tuple[Pen, Regions]:
    texts = "".join(value for value in form.values.values() if isinstance(value, str))
    hand = Hand.drawn(rng)
    while not hand.writes(texts):
        hand = Hand.drawn(rng)
    pen = Pen(A4, hand, rng)
    regions: dict[str, tuple[Region, ...]] = {}
    for path, field in view.boxes.items():
        value = form.values.get(path[1:].replace("/", "."))
        at = _widget(field, value)
        if value is None:
            # Where nothing was ticked, the empty box says so.
            regions[path] = (field.widgets[at].region,)
            continue
        before = len(pen.marks)
        if isinstance(value, bool) or field.kind == "radio":
            pen.tick(field.widgets[at].box)
        else:
            pen.fill(field, value)
        regions[path] = (_around(pen.marks[before:]),)
    _sign(pen, sheet, rng)
    return pen, regions


def _widget(field: FormField, value: Any) -> int:
    """Which of a field's boxes a value goes into."""
    states = [widget.state for widget in field.widgets]
    return states.index(value) if value in states else 0


def _around(boxes: list[tuple[float, float, float, float]]) -> Region:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    left, right = max(0.0, min(lefts) / A4[0]), min(1.0, max(rights) / A4[0])
    return Region(0, left, max(0.0, 1 - max(tops) / A4[1]), right, min(1.0, 1 - min(bottoms) / A4[1]))


def _sign(pen: Pen, sheet: Blank, rng: Generator) -> None:
    """A signature: a first letter, and a line that says little more."""
    x, y = sheet.signature[0], A4[1] - sheet.signature[1]
    steps = np.linspace(0, 1, 90)
    waves = rng.uniform(0.4, 1, 5)
    height = sum(wave * np.sin(2 * np.pi * (each + 2) * steps + each) for each, wave in enumerate(waves))
    across = x + 75 * steps + 5 * np.sin(2 * np.pi * 5 * steps)
    up = y + 5 + height * np.linspace(4.5, 1.2, 90)
    pen.stroke([(float(one), float(other)) for one, other in zip(across, up, strict=True)])
