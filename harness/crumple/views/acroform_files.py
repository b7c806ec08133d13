"""Reading the form of a PDF file with pypdf, and writing what was filled in or drawn as an update at its end."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crumple.document import Document
from crumple.errors import NotApplicable, Unreadable
from crumple.places import Region
from crumple.views.acroform_fields import Box, FilledForm, FormField, Lettering, Widget, paths_of
from crumple.views.acroform_lettering import appearance, frame, standard_font, takes
from crumple.views.acroform_tree import Node, nodes
from crumple.views.acroform_update import Update, start_of_table
from crumple.views.record import Record

_MULTILINE, _COMB = 1 << 12, 1 << 24
_COMBO, _EDIT = 1 << 17, 1 << 18
_LARGEST = 1 << 26  # bytes
_STANDARD_DA = re.compile(r"/([^\s/]+)\s+(-?[\d.]+)\s+Tf")
_COLOUR_DA = re.compile(r"(?:-?[\d.]+\s+){1,4}(?:g|rg|k)(?=\s|$)")


def fields(document: Document) -> list[FormField]:
    """The fields of a form that hold text, ticks or choices and are shown, in the order of the file.

    Raises:
        Unreadable: there is no form; or it is encrypted, signed, damaged, or one of XFA, which says the same twice.
    """
    with _opened(document) as reader:
        return _fields(reader)


def _fields(reader: Any) -> list[FormField]:
    found = nodes(reader)
    paths = paths_of(node.name for node in found)
    read = [_field(reader, node, path) for node, path in zip(found, paths, strict=True)]
    if not read:
        raise Unreadable("the PDF's form has no fields that are filled in")
    return read


def sheets(document: Document) -> FilledForm:
    """The form as sheets to be written on.

    Raises:
        Unreadable: as for `fields`; or a page is turned or cropped.
    """
    with _opened(document) as reader:
        boxes = {each.path: each for each in _fields(reader)}
        for number, page in enumerate(reader.pages):
            if page.rotation % 360 or page.cropbox != page.mediabox or tuple(page.mediabox.lower_left) != (0, 0):
                raise Unreadable(f"page {number + 1} of the form is turned or cropped")
        return FilledForm(
            boxes, tuple((float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages)
        )


@contextmanager
def _opened(document: Document) -> Iterator[Any]:
    """A pypdf reader of a form; whatever it stumbles over becomes one sentence."""
    data = document.data
    # Most PDFs have no form, and finding that out has to cost little.
    if b"/AcroForm" not in data and b"/ObjStm" not in data:
        raise Unreadable("the PDF has no form")
    if not data.startswith(b"%PDF-") or len(data) > _LARGEST:
        raise Unreadable("the PDF does not begin with its header, or is too large for its form to be read")
    start_of_table(data)  # pypdf would look for one in all of the file, for minutes
    import pypdf  # heavy, only for PDF

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Unreadable("the PDF is encrypted")
        _check_form(reader)
        yield reader
    except NotApplicable:
        raise
    except Exception as error:  # noqa: BLE001 - pypdf trips over damage in many ways
        raise Unreadable(f"the PDF's form is damaged ({type(error).__name__})") from None


def _check_form(reader: Any) -> None:
    form = reader.trailer["/Root"].get("/AcroForm")
    form = form.get_object() if form is not None else None
    if not form or not form.get("/Fields"):
        raise Unreadable("the PDF has no form")
    if "/XFA" in form:
        raise Unreadable("the PDF's form is one of XFA")
    if int(form.get("/SigFlags", 0)) & 2:
        raise Unreadable("the PDF's form is signed, and may not be changed")


def _field(reader: Any, node: Node, path: str) -> FormField:
    value, flags = node.value, node.flags
    states = tuple(dict.fromkeys(filter(None, (_state(node, at) for at in range(len(node.widgets))))))
    kind: Any = {"/Tx": "text", "/Ch": "choice"}.get(node.kind) or ("radio" if len(states) > 1 else "tick")
    options, labels = (
        _options(node.inherited.get("/Opt")) if kind == "choice" else (states if kind == "radio" else (), ())
    )
    if kind == "tick":
        on = _plain(value) if value is not None else _plain(node.widgets[0].dictionary.get("/AS"))
        said: Any = on not in (None, "", "Off")
    elif kind == "radio":
        on = _plain(value)
        said = next((_state(node, at) for at, each in enumerate(node.widgets) if _on(each.dictionary) == on), None)
    elif isinstance(value, list):
        said = [str(each) for each in value]
    else:
        said = _text(value)
        # Some writers store the label where its option is meant.
        said = said if said in options or said not in labels else options[labels.index(said)]
    return FormField(
        path=path,
        name=node.name,
        kind=kind,
        value=said,
        widgets=tuple(_widget(reader, node, at, kind) for at in range(len(node.widgets))),
        options=options,
        labels=labels,
        max_length=max(0, int(node.inherited.get("/MaxLen", 0))) if kind == "text" else 0,
        comb=kind == "text" and bool(flags & _COMB) and not flags & _MULTILINE,
        multiline=kind == "text" and bool(flags & _MULTILINE),
        editable=kind == "choice" and flags & _COMBO > 0 and flags & _EDIT > 0,
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    value = value.get_object()
    text = value.get_data().decode("latin-1") if hasattr(value, "get_data") else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(name: Any) -> str:
    return "" if name is None else str(name).removeprefix("/")


def _options(listed: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pairs = [each.get_object() for each in (listed or ())]
    both = [(str(each[0]), str(each[1])) if isinstance(each, list) else (str(each), str(each)) for each in pairs]
    return tuple(one for one, _ in both), tuple(other for _, other in both)


def _on(widget: Any) -> str:
    """The name of a tick's state that is not Off; "Yes" where it has no appearances."""
    looks = widget.get("/AP", {}).get("/N", {})
    looks = looks.get_object() if hasattr(looks, "get_object") else looks
    return next((_plain(name) for name in looks if name != "/Off"), "Yes") if hasattr(looks, "keys") else "Yes"


def _state(node: Node, at: int) -> str:
    """What one box of a field says when it is ticked."""
    if node.kind != "/Btn":
        return ""
    name, listed = _on(node.widgets[at].dictionary), node.inherited.get("/Opt")
    if listed and name.isdecimal() and len(name) < 5 and int(name) < len(listed):
        return str(listed[int(name)])
    return name


def _widget(reader: Any, node: Node, at: int, kind: str) -> Widget:
    shown = node.widgets[at]
    page = reader.pages[shown.page]
    left, bottom, right, top = (float(each) for each in shown.dictionary["/Rect"])
    box = min(left, right), min(bottom, top), max(left, right), max(bottom, top)
    state = _state(node, at) if kind in ("tick", "radio") else ""
    return Widget(shown.page, box, _region(page, shown.page, box), state, _lettering(reader, node, at))


def _region(page: Any, number: int, box: Box) -> Region:
    """A box in the page's own coordinates as the page shows it: cropped, turned, from the top left."""
    crop = page.cropbox
    wide, high = max(1e-6, float(crop.width)), max(1e-6, float(crop.height))
    x = sorted(min(max((each - float(crop.left)) / wide, 0.0), 1.0) for each in (box[0], box[2]))
    y = sorted(min(max((float(crop.top) - each) / high, 0.0), 1.0) for each in (box[1], box[3]))
    for _ in range(page.rotation % 360 // 90):
        x, y = [1 - y[1], 1 - y[0]], x
    return Region(number, x[0], y[0], x[1], y[1])


def _lettering(reader: Any, node: Node, at: int) -> Lettering:
    form = reader.trailer["/Root"]["/AcroForm"]
    widget = node.widgets[at].dictionary
    asked = str(widget.get("/DA") or node.inherited.get("/DA") or form.get("/DA") or "")
    font, colour = _STANDARD_DA.search(asked), _COLOUR_DA.search(asked)
    looks = widget.get("/MK", {})
    return Lettering(
        font=standard_font(_base_font(form, font[1]) if font else ""),
        size=max(0.0, float(font[2])) if font else 0.0,
        colour=" ".join(colour[0].split()) if colour else "0 g",
        align=min(2, max(0, int(widget.get("/Q", node.inherited.get("/Q", form.get("/Q", 0)))))),
        background=_components(looks.get("/BG")),
        border=_components(looks.get("/BC")),
    )


def _base_font(form: Any, name: str) -> str:
    known = form.get("/DR", {}).get("/Font", {}).get(f"/{name}")
    return str(known.get_object().get("/BaseFont", name)) if known is not None else name


def _components(colour: Any) -> tuple[float, ...]:
    components = tuple(float(each) for each in colour) if colour else ()
    return components if len(components) in (1, 3, 4) else ()


def filled(document: Document, view: Record) -> bytes:
    """The document with the record's values; what is not in the record any more is left empty.

    Raises:
        NotApplicable: a field cannot hold its value.
    """
    with _opened(document) as reader:
        found = nodes(reader)
        before = _fields(reader)
        values = {each.path: _value(view, each) for each in before}
        changed = [
            (node, each)
            for node, each in zip(found, before, strict=True)
            if values[each.path] != (each.value if each.kind == "tick" else each.value or None)
        ]
        if not changed:
            return document.data
        update = Update(reader, document.data)
        for node, each in changed:
            new = values[each.path]
            if not takes(each, new):
                raise NotApplicable(f"the form's field {each.name!r} cannot hold {json.dumps(new)[:40]}")
            _fill(update, node, each, new)
        return update.written()


def _value(view: Record, field: FormField) -> Any:
    """What a record says of a field; None for an empty one."""
    try:
        said = view.get(field.path)
    except KeyError:
        said = False if field.kind == "tick" else None
    return said if said or field.kind == "tick" else None


def _fill(update: Update, node: Node, field: FormField, value: Any) -> None:
    if field.kind in ("tick", "radio"):
        chosen = "Off"
        for at, shown in enumerate(node.widgets):
            on = _on(shown.dictionary)
            ticked = bool(value) if field.kind == "tick" else _state(node, at) == value
            chosen = on if ticked else chosen
            update.put(shown.owner, shown.dictionary, "/AS", f"/{on if ticked else 'Off'}")
        update.put(node.owner, node.dictionary, "/V", f"/{chosen}")
        return
    update.drop(node.owner, node.dictionary, "/RV", "/I")
    if isinstance(value, list):
        update.put_texts(node.owner, node.dictionary, value)
        shown_text = ", ".join(map(field.shown, value))
    else:
        update.put_text(node.owner, node.dictionary, value or "")
        shown_text = value or ""
    for shown, widget in zip(node.widgets, field.widgets, strict=True):
        content = appearance(field, widget, shown_text)
        update.put_appearance(shown.owner, shown.dictionary, content, widget.box, widget.lettering.font)


def drawn_on(document: Document, view: FilledForm) -> bytes:
    """The document with what was drawn in its pages' content, and the fields that were drawn for gone.

    Raises:
        NotApplicable: the document has no such form any more.
    """
    if not view.drawn and not view.flattened:
        return document.data
    with _opened(document) as reader:
        found = nodes(reader)
        before = {each.path: (node, each) for node, each in zip(found, _fields(reader), strict=True)}
        update = Update(reader, document.data)
        for path in dict.fromkeys(view.flattened):
            node, field = before[path]
            update.take_out(node)
            for shown, widget in zip(node.widgets, field.widgets, strict=True):
                left, bottom, right, top = widget.box
                ticked = field.kind in ("tick", "radio")
                if ticked and update.flatten(widget.page, shown.dictionary, widget.box, "/Off"):
                    continue
                if empty := b"\n".join(frame(widget.lettering, right - left, top - bottom)):
                    update.draw(widget.page, b"q 1 0 0 1 %f %f cm " % (left, bottom) + empty + b" Q")
        for page, overlay in view.drawn:
            update.lay_over(page, overlay)
        return update.written()
