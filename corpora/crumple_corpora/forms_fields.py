"""Fields for an empty form: what makes a PDF of a sheet one that can be filled in on a screen."""

from __future__ import annotations

import io
from typing import Any

from crumple_corpora.forms_drawing import Blank, Place
from crumple_corpora.sheet import A4

_MULTILINE, _COMB = 1 << 12, 1 << 24
_RADIO, _NO_TOGGLE_TO_OFF = 1 << 15, 1 << 14
_PRINT = 4
_FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}


def with_fields(blank: Blank) -> bytes:
    """The sheet as a form, its fields empty and named by their paths, each part of a path a level of names."""
    import pypdf  # heavy, only for PDF
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(blank.pdf)))
    tree = _Tree(writer)
    groups: dict[str, list[Place]] = {}
    for place in blank.places:
        groups.setdefault(place.question.path, []).append(place)
    for path, places in groups.items():
        tree.add(path, places)
    font = writer._add_object(DictionaryObject({NameObject(key): NameObject(value) for key, value in _FONT.items()}))
    fonts = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/Helv"): font})})
    form = DictionaryObject(
        {NameObject("/Fields"): tree.top, NameObject("/DR"): fonts, NameObject("/DA"): _text("/Helv 0 Tf 0 g")}
    )
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(form)
    writer.pages[0][NameObject("/Annots")] = ArrayObject(tree.widgets)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class _Tree:
    """The fields by the levels of their names."""

    def __init__(self, writer: Any) -> None:
        from pypdf.generic import ArrayObject

        self.writer = writer
        self.top: Any = ArrayObject()
        self.widgets: list[Any] = []
        self._page = writer.pages[0].indirect_reference
        self._levels: dict[tuple[str, ...], tuple[Any, Any]] = {}

    def add(self, path: str, places: list[Place]) -> None:
        """Add a field; one of several boxes has a widget for each."""
        from pypdf.generic import ArrayObject, NameObject

        *parents, last = path.split(".")
        holder, parent = self._level(tuple(parents))
        field = _dictionary({"/T": _text(last), **_said(places)})
        if parent is not None:
            field[NameObject("/Parent")] = parent
        if len(places) == 1:
            field.update(self._widget(places[0]))
            reference = self.writer._add_object(field)
            self.widgets.append(reference)
        else:
            reference = self.writer._add_object(field)
            kids = []
            for place in places:
                widget = self._widget(place)
                widget[NameObject("/Parent")] = reference
                kids.append(self.writer._add_object(widget))
            field[NameObject("/Kids")] = ArrayObject(kids)
            self.widgets += kids
        holder.append(reference)

    def _level(self, parts: tuple[str, ...]) -> tuple[Any, Any]:
        """The list of what stands below a name, and the reference to that name's own dictionary."""
        from pypdf.generic import ArrayObject, NameObject

        if not parts:
            return self.top, None
        if parts not in self._levels:
            above, parent = self._level(parts[:-1])
            kids = ArrayObject()
            level = _dictionary({"/T": _text(parts[-1]), "/Kids": kids})
            if parent is not None:
                level[NameObject("/Parent")] = parent
            reference = self.writer._add_object(level)
            above.append(reference)
            self._levels[parts] = kids, reference
        return self._levels[parts]

    def _widget(self, place: Place) -> Any:
        from pypdf.generic import ArrayObject, FloatObject

        corners = (place.left, A4[1] - place.bottom, place.right, A4[1] - place.top)
        said = {
            "/Type": _name("/Annot"),
            "/Subtype": _name("/Widget"),
            "/Rect": ArrayObject([FloatObject(round(each, 3)) for each in corners]),
            "/P": self._page,
            "/F": _number(_PRINT),
        }
        if place.question.kind in ("tick", "radio"):
            on = f"/{place.state or 'Yes'}"
            size = place.right - place.left
            looks = {on: self._look(_cross(size), size), "/Off": self._look(b"", size)}
            said |= {"/AS": _name("/Off"), "/AP": _dictionary({"/N": _dictionary(looks)})}
        return _dictionary(said)

    def _look(self, content: bytes, size: float) -> Any:
        from pypdf.generic import ArrayObject, FloatObject, StreamObject

        look = StreamObject()
        look.set_data(content)
        box = ArrayObject([FloatObject(0), FloatObject(0), FloatObject(round(size, 3)), FloatObject(round(size, 3))])
        look.update(_dictionary({"/Type": _name("/XObject"), "/Subtype": _name("/Form"), "/BBox": box}))
        return self.writer._add_object(look)


def _said(places: list[Place]) -> dict[str, Any]:
    """What a field says of itself, but for its name."""
    question = places[0].question
    if question.kind in ("tick", "radio"):
        flags = _RADIO | _NO_TOGGLE_TO_OFF if question.kind == "radio" else 0
        return {"/FT": _name("/Btn"), "/Ff": _number(flags), "/V": _name("/Off")}
    said = {"/FT": _name("/Tx"), "/DA": _text("/Helv 0 Tf 0 0 0.35 rg"), "/V": _text("")}
    if question.kind == "comb":
        said |= {"/Ff": _number(_COMB), "/MaxLen": _number(question.cells)}
    elif question.kind == "block":
        said |= {"/Ff": _number(_MULTILINE)}
    elif question.kind == "number":
        said |= {"/Q": _number(2)}
    return said


def _cross(size: float) -> bytes:
    near, far = 0.2 * size, 0.8 * size
    lines = f"{near:.2f} {near:.2f} m {far:.2f} {far:.2f} l {near:.2f} {far:.2f} m {far:.2f} {near:.2f} l"
    return f"0 0 0.35 RG 1.4 w {lines} S".encode()


def _dictionary(said: dict[str, Any]) -> Any:
    from pypdf.generic import DictionaryObject, NameObject

    return DictionaryObject({NameObject(key): value for key, value in said.items()})


def _name(value: str) -> Any:
    from pypdf.generic import NameObject

    return NameObject(value)


def _number(value: int) -> Any:
    from pypdf.generic import NumberObject

    return NumberObject(value)


def _text(value: str) -> Any:
    from pypdf.generic import TextStringObject

    return TextStringObject(value)
