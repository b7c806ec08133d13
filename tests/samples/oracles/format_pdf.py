"""What undoes PDF files as other programs write them: the file inside, the data inside, the words on the page."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pypdf
import pypdfium2

from crumple import Document, Step
from oracles.orders import HEAD, ITEM

_ITEM = re.compile(r"lines\.(\d+)\.(\w+)")
_VALUES_FROM = 195  # points from the left: where the values of the form stand, right of their names


def _order(fields: Iterable[tuple[str, str]], document: Document) -> Document:
    """An order from the fields of its form, as JSON."""
    found: dict[str, Any] = dict.fromkeys(HEAD)
    items: dict[int, dict[str, str]] = {}
    for name, value in fields:
        if item := _ITEM.fullmatch(name):
            items.setdefault(int(item[1]), {})[item[2]] = value
        elif name in HEAD:
            found[name] = value
    lines = [{name: items[at].get(name) for name in ITEM} for at in sorted(items)]
    return Document(json.dumps({**found, "lines": lines}).encode(), "application/json", document.name)


def _as_it_is(document: Document, step: Step) -> Document:
    return document


def _attached(document: Document, step: Step) -> Document:
    ((data,),) = pypdf.PdfReader(io.BytesIO(document.data)).attachments.values()
    return Document(data, document.media_type, document.name)


def _of_data(document: Document, step: Step) -> Document:
    """The fields of an XFA form."""
    form = pypdf.PdfReader(io.BytesIO(document.data)).root_object["/AcroForm"]["/XFA"]
    root = ET.fromstring(form[1].get_object().get_data())
    return _order([(each.get("name", ""), each.text or "") for each in root.iter("field")], document)


def _of_words(document: Document, step: Step) -> Document:
    """The fields of a form that is one no more: what stands right of each name, on the same line."""
    text = pypdfium2.PdfDocument(document.data)[0].get_textpage()
    lines: dict[int, tuple[str, str]] = {}
    for index in range(text.count_chars()):
        left, bottom, _, top = text.get_charbox(index)
        if top - bottom <= 0 and text.get_text_range(index, 1).isspace():
            continue
        at = next((each for each in lines if abs(each - (top + bottom) / 2) < 9), round((top + bottom) / 2))
        name, value = lines.get(at, ("", ""))
        letter = text.get_text_range(index, 1)
        lines[at] = (name, value + letter) if left >= _VALUES_FROM else (name + letter, value)
    return _order([(name.strip(), value.strip()) for name, value in lines.values()], document)


UNDO: Mapping[str, Callable[[Document, Step], Document]] = {
    "format.pdf_attachment": _as_it_is,
    "format.pdf_flattened": _of_words,
    "format.pdf_old_revision": _as_it_is,
    "format.pdf_portfolio": _attached,
    "format.pdf_sheet_size": _as_it_is,
    "format.pdf_xfa": _of_data,
}
