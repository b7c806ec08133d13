"""What of a text people wrote: running text, what stands between tags, a record's strings, a table's cells."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from crumple import NotApplicable, Span, Table, Text, identify

KINDS: Final = {
    "text/plain": "plain",
    "text/markdown": "plain",
    "text/html": "markup",
    "application/xml": "markup",
    "application/json": "record",
    "application/x-ndjson": "record",
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "message/rfc822": "mail",
}
_SAYS: Final = {
    "markup": "marked-up text",
    "record": "a record",
    "table": "a table",
    "plain": "running text",
    "mail": "a mail",
}
_ENTITY: Final = re.compile(r"&#?\w{1,31};")
_UNSEEN: Final = re.compile(r"<(script|style)\b", re.IGNORECASE)
# An unclosed string ends with the text, so that each character is looked at once.
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\Z)', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\u[0-9a-fA-F]{4}|\\.")
_RESERVED: Final = {"plain": "", "mail": "", "markup": "<>&", "record": '"\\\n', "table": ',;\t|"\r\n'}
_BODY: Final = re.compile(r"\r?\n\r?\n")
_FIELD: Final = re.compile(r"^(content-[a-z-]{1,40}):(.*(?:\n[ \t].*)*)", re.MULTILINE | re.IGNORECASE)
_BOUNDARY: Final = re.compile(r'boundary="?([^"\r\n;]{1,70})"?', re.IGNORECASE)
_UTF_8: Final = re.compile(r'charset="?utf-?8\b', re.IGNORECASE)
_DEEPEST: Final = 8
_HEAD: Final = 8192
_LONGEST: Final = 4_000_000
_MOST: Final = 0.9


@dataclass(frozen=True, slots=True)
class Prose:
    """A text and the parts of it that people wrote.

    Attributes:
        text: the whole text.
        kind: "plain", "markup", "record", "table" or "mail".
        runs: the parts, in order.
    """

    text: Text
    kind: str
    runs: tuple[Span, ...]

    @classmethod
    def of(cls, text: Text, kinds: Collection[str] = ("plain", "markup", "record", "table", "mail")) -> Prose:
        """What people wrote in a text.

        Raises:
            NotApplicable: it is of none of these kinds, longer than what people write, or a mail whose text no other
                script could stand in.
        """
        head = text.value[:_HEAD].encode("utf-8", "surrogatepass")
        media_type = identify(head)
        kind = KINDS.get(media_type, "")
        if not text.value.strip():
            raise NotApplicable("there is no text")
        check_length(text)
        if kind == "plain" and _is_table(text.value[:_HEAD]):
            kind = "table"
        if kind not in kinds:
            raise NotApplicable(f"it is {_SAYS.get(kind, media_type)}, in which this cannot be done")
        runs = tuple(_runs(text.value, kind))
        if kind == "mail" and not runs:
            raise NotApplicable("the mail has no plain text in UTF-8 that is not encoded for transport")
        return cls(text, kind, runs)

    def find(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match within a run, in order."""
        value = self.text.value
        return [match for run in self.runs for match in pattern.finditer(value, run.start, run.end)]

    def admits(self, old: str, new: str) -> bool:
        """Whether `new` can stand for `old` here: it differs, and brings no sign that would break the format."""
        return old != new and not any(sign in new and sign not in old for sign in _RESERVED[self.kind])

    def replaced(self, changes: Mapping[Span, str]) -> Text:
        """The text with other characters in some spans, which do not overlap."""
        value, at, parts = self.text.value, 0, list[str]()
        for span in in_order(changes):
            parts += (value[at : span.start], changes[span])
            at = span.end
        return self.text.with_value("".join([*parts, value[at:]]))


def check_length(text: Text) -> None:
    """Skip a text that is longer than what people write, whose places would not fit into memory.

    Raises:
        NotApplicable: it is.
    """
    if len(text.value) > _LONGEST:
        raise NotApplicable(f"it has more than {_LONGEST} characters, which nobody wrote")


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap by where they begin; thousands are sorted ten times quicker so than by themselves."""
    return sorted(spans, key=attrgetter("start"))


def writable(text: Text, characters: str) -> bool:
    """Whether a text's encoding has these characters."""
    try:
        characters.encode(text.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_table(head: str) -> bool:
    """Whether nearly all lines have the same cells: without its name a short table cannot be told otherwise."""
    lines = [line for line in head.splitlines() if line.strip()]
    if not any(sum(sign in line for line in lines) >= _MOST * len(lines) for sign in ",;\t|"):
        return False  # which is quicker told than by parsing
    widths = [len(row.cells) for row in Table.parsed(Text(head)).rows if row.cells]
    if not widths:
        return False
    width, rows = Counter(widths).most_common(1)[0]
    return width > 1 and len(widths) > 1 and rows >= _MOST * len(widths)


def _runs(value: str, kind: str) -> list[Span]:
    match kind:
        case "plain":
            return [Span(0, len(value))]
        case "mail":
            return list(_bodies(value, 0, len(value), 0))
        case "table":
            # The names of columns are the layout, not what people wrote.
            header = re.match(r"[^\r\n]*[\r\n]+", value)
            return [Span(header.end() if header else 0, len(value))]
        case "markup":
            between = (run for start, end in _between_tags(value) for run in _outside(_ENTITY, value, start, end))
            return list(between)
    strings = (string for string in _STRING.finditer(value) if string[2] is None)  # a colon follows a key
    return [run for string in strings for run in _outside(_ESCAPE, value, *string.span(1))]


def _between_tags(value: str) -> Iterator[tuple[int, int]]:
    """What stands between tags, comments and scripts; every character is looked at once, whatever is unclosed."""
    at = 0
    while (opens := value.find("<", at)) >= 0:
        if opens > at:
            yield at, opens
        closes = opens
        if unseen := _UNSEEN.match(value, opens):
            ending = re.compile(rf"</{unseen[1]}", re.IGNORECASE).search(value, unseen.end())
            closes = ending.start() if ending else -1
        elif value.startswith("<!--", opens):
            closes = value.find("--", opens + 4)
            closes = value.find("-->", closes) if closes >= 0 else -1
        elif value.startswith("<![CDATA[", opens):
            at = opens + len("<![CDATA[")
            continue
        closes = value.find(">", closes) if closes >= 0 else -1
        if closes < 0:
            return
        at = closes + 1
    if at < len(value):
        yield at, len(value)


def _outside(pattern: re.Pattern[str], value: str, start: int, end: int) -> list[Span]:
    runs: list[Span] = []
    for match in pattern.finditer(value, start, end):
        if match.start() > start:
            runs.append(Span(start, match.start()))
        start = match.end()
    return [*runs, Span(start, end)] if end > start else runs


def _bodies(value: str, start: int, end: int, depth: int) -> Iterator[Span]:
    """The plain text of a mail or a part of one that stands as it is, in UTF-8."""
    blank = _BODY.search(value, start, end)
    if blank is None or depth > _DEEPEST:
        return
    fields = {match[1].lower(): match[2] for match in _FIELD.finditer(value, start, blank.start())}
    kind = fields.get("content-type", "text/plain").strip().lower()
    if kind.startswith("multipart/"):
        boundary = _BOUNDARY.search(fields["content-type"])
        if boundary is None:
            return
        fence = re.compile(rf"^--{re.escape(boundary[1])}(?:--)?[ \t]*\r?\n?", re.MULTILINE)
        fences = [match.span() for match in fence.finditer(value, blank.end(), end)]
        for (_, after), (before, _) in itertools.pairwise(fences):
            yield from _bodies(value, after, before, depth + 1)
    elif kind.startswith("text/plain") and _UTF_8.search(kind):
        transport = fields.get("content-transfer-encoding", "8bit").strip().lower()
        if transport in ("8bit", "7bit", "binary") and blank.end() < end:
            yield Span(blank.end(), end)
