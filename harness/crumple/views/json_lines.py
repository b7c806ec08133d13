"""JSON Lines: one record a line, seen as a record that is a list."""

from __future__ import annotations

import codecs
import json

from crumple.document import Document
from crumple.views.format import Format
from crumple.views.record import Record
from crumple.views.text import Text, TextCodec, looks_like_text

_EXTENSIONS = (".jsonl", ".ndjson")


class LinesCodec:
    """A JSON Lines document as `Record`; blank lines and line ends stay as they are."""

    exact = True

    def read(self, document: Document) -> Record:
        """The record, whose value is the list of the lines' values."""
        return Record.of_lines(TextCodec().read(document))

    def write(self, view: Record, document: Document) -> bytes:
        """The bytes of its source."""
        return view.text.encoded()


def _sniff(head: bytes, extension: str) -> int:
    """By the name, or by a first line that is whole by itself and a second one that begins anew, which no JSON has."""
    if not looks_like_text(head):
        return 0
    if extension in _EXTENSIONS:
        return 3
    first, _, rest = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if not (first.startswith((b"{", b"[")) and rest.lstrip().startswith(first[:1])):
        return 0
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return 0
    return 3


JSON_LINES = Format("application/x-ndjson", _EXTENSIONS, _sniff, {Record: LinesCodec(), Text: TextCodec()})
