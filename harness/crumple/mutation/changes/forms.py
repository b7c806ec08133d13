"""Whether a document of which some changes were undone still is what the whole step has left it: XML, rows, a mail."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping
from xml.parsers import expat

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.views.format import read
from crumple.views.parts import Parts
from crumple.views.table import Table
from crumple.views.text import Text

_LONGEST = 1 << 22
"""Characters: longer ones are not looked at, and are not cut where it matters."""


def keeps_form(media_type: str, before: object, after: object, cut: object) -> bool:
    """Whether a text of which some changes were undone is as well formed as the clean and the degraded one.

    Args:
        media_type: of the document.
        before: the view before the step; what is no text keeps its form by how it is put together.
        after: what the whole step made of it.
        cut: what is left of that.
    """
    form = _FORMS.get(media_type)
    if form is None or not (isinstance(before, Text) and isinstance(after, Text) and isinstance(cut, Text)):
        return True
    if max(len(each.value) for each in (before, after, cut)) > _LONGEST:
        return media_type not in _STRICT
    whole = form(after)
    return form(before) != whole or form(cut) == whole


def written_anew(media_type: str, before: Text, after: Text) -> bool:
    """Whether a step has written a mail anew, in other encodings or of other parts: all of it, or nothing."""
    return media_type == _MAIL and _mail(before) != _mail(after)


def _xml(text: Text) -> Hashable:
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    try:
        parser.Parse(text.value.encode("utf-8", "surrogateescape"), True)
    except (expat.ExpatError, UnicodeEncodeError, ValueError):
        return False
    return True


def _json(text: Text) -> Hashable:
    try:
        json.loads(text.value)
    except (ValueError, RecursionError):
        return False
    return True


def _json_lines(text: Text) -> Hashable:
    return all(_json(Text(line)) for line in text.value.splitlines() if line.strip())


def _rows(text: Text) -> Hashable:
    """How wide the rows are."""
    return tuple(len(row.cells) for row in Table.parsed(Text(text.value)).rows)


def _mail(text: Text) -> Hashable:
    """What the message carries, and how it is written."""
    try:
        parts = read(Document(text.encoded(), _MAIL, "a.eml"), Parts).parts
    except NotApplicable:
        return None
    return tuple(each.name for each in parts), tuple(_TRANSFER.findall(text.value))


_TRANSFER = re.compile(r"(?im)^(?:content-[^\r\n]*|[ \t]+boundary=[^\r\n]*)")
_MAIL = "message/rfc822"
_STRICT = ("application/xml", "application/json")
_FORMS: Mapping[str, Callable[[Text], Hashable]] = {
    "application/xml": _xml,
    "application/json": _json,
    "application/x-ndjson": _json_lines,
    "text/csv": _rows,
    "text/tab-separated-values": _rows,
    _MAIL: _mail,
}
