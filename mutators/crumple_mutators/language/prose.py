"""What of a text people wrote: running text, what stands between tags, a record's strings, a table's cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from crumple import NotApplicable, Span, Table, Text, identify

KINDS: Final = {
    "text/plain": "plain",
    "text/markdown": "plain",
    "text/html": "markup",
    "application/xml": "markup",
    "application/json": "record",
    "text/csv": "table",
    "text/tab-separated-values": "table",
}
_SAYS: Final = {"markup": "marked-up text", "record": "a record", "table": "a table", "plain": "running text"}
_TAGS: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|&#?\w+;", re.DOTALL | re.IGNORECASE)
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?')
_ESCAPE: Final = re.compile(r"\\u[0-9a-fA-F]{4}|\\.")
_RESERVED: Final = {"plain": "", "markup": "<>&", "record": '"\\\n', "table": ',;\t|"\r\n'}
_HEAD: Final = 8192


@dataclass(frozen=True, slots=True)
class Prose:
    """A text and the parts of it that people wrote.

    Attributes:
        text: the whole text.
        kind: "plain", "markup", "record" or "table".
        runs: the parts, in order.
    """

    text: Text
    kind: str
    runs: tuple[Span, ...]

    @classmethod
    def of(cls, text: Text, kinds: Collection[str] = ("plain", "markup", "record", "table")) -> Prose:
        """What people wrote in a text.

        Raises:
            NotApplicable: it is of none of these kinds.
        """
        head = text.value[:_HEAD].encode("utf-8", "surrogateescape")
        media_type = identify(head)
        kind = KINDS.get(media_type, "")
        if not text.value.strip():
            raise NotApplicable("there is no text")
        if kind == "plain" and _is_table(text.value[:_HEAD]):
            kind = "table"
        if kind not in kinds:
            raise NotApplicable(f"it is {_SAYS.get(kind, media_type)}, in which this cannot be done")
        return cls(text, kind, tuple(_runs(text.value, kind)))

    def find(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match within a run, in order; look-arounds see no further than the run's end."""
        value = self.text.value
        return [match for run in self.runs for match in pattern.finditer(value, run.start, run.end)]

    def admits(self, old: str, new: str) -> bool:
        """Whether `new` can stand for `old` here: it differs, and brings no sign that would break the format."""
        return old != new and not any(sign in new and sign not in old for sign in _RESERVED[self.kind])

    def replaced(self, changes: Mapping[Span, str]) -> Text:
        """The text with other characters in some spans, which do not overlap."""
        value, at, parts = self.text.value, 0, list[str]()
        for span in sorted(changes):
            parts += (value[at : span.start], changes[span])
            at = span.end
        return self.text.with_value("".join([*parts, value[at:]]))


def _is_table(head: str) -> bool:
    """Whether nearly all lines have the same cells: without its name a short table cannot be told otherwise."""
    widths = [len(row.cells) for row in Table.parsed(Text(head)).rows if row.cells]
    width, rows = Counter(widths).most_common(1)[0]
    return width > 1 and len(widths) > 1 and rows >= 0.9 * len(widths)


def _runs(value: str, kind: str) -> list[Span]:
    if kind == "plain":
        return [Span(0, len(value))]
    if kind == "table":
        # The names of columns are the layout, not what people wrote.
        header = re.match(r"[^\r\n]*[\r\n]+", value)
        return [Span(header.end() if header else 0, len(value))]
    if kind == "markup":
        return _outside(_TAGS, value, 0, len(value))
    strings = (string for string in _STRING.finditer(value) if string[2] is None)  # a colon follows a key
    return [run for string in strings for run in _outside(_ESCAPE, value, *string.span(1))]


def _outside(pattern: re.Pattern[str], value: str, start: int, end: int) -> list[Span]:
    runs: list[Span] = []
    for match in pattern.finditer(value, start, end):
        if match.start() > start:
            runs.append(Span(start, match.start()))
        start = match.end()
    return [*runs, Span(start, end)] if end > start else runs
