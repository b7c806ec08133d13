"""What of a text people wrote, and so what noise may hit: never a key, a tag, a header or a column's name."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from crumple import AnyOf, Degraded, NotApplicable, Place, Replaced, Span, Text, Truth, identify, is_transcription
from crumple_mutators.content import content, mail_body
from crumple_mutators.positions import Mask
from crumple_mutators.text.characters import Characters

_HEAD: Final = 4096
_LINES: Final = 12
_ALIKE: Final = 0.8
_QUOTED: Final = re.compile(r'"[^"]*"')
_FIRST_ROW: Final = re.compile(r'\s*+(?:[^"\r\n]++|"[^"]*+")*+[\r\n]*+')
_TAG: Final = re.compile(r"\s*<[!?/A-Za-z]")
_DELIMITERS: Final = ",;\t|"
_SAYS: Final = {
    "plain": "running text",
    "mail": "a mail",
    "markup": "marked-up text",
    "table": "a table",
    "record": "a record",
}


@dataclass(frozen=True, slots=True)
class Passages:
    """A text and which of its characters people wrote.

    Attributes:
        text: the whole text.
        kind: "plain", "mail", "markup", "table" (below its header) or "record" (the strings that are values).
        mask: for every character whether it is content; None where all of them are.
    """

    text: Text
    kind: str
    mask: Mask | None

    @classmethod
    def of(cls, text: Text, kinds: Collection[str] = tuple(_SAYS)) -> Passages:
        """What people wrote in a text.

        Raises:
            NotApplicable: it is blank, or of none of these kinds.
        """
        value = text.value
        if not value or value.isspace():
            raise NotApplicable("there is no text")
        kind = _kind(value)
        if kind not in kinds:
            raise NotApplicable(f"it is {_SAYS[kind]}, in which this cannot be done")
        if kind == "plain":
            return cls(text, kind, None)
        if kind == "table":
            mask = np.ones(len(value), np.bool_)
            header = _FIRST_ROW.match(value)
            mask[: header.end() if header else 0] = False
            return cls(text, kind, mask)
        return cls(text, kind, content(value))

    @property
    def size(self) -> int:
        """How many characters are content."""
        return len(self.text.value) if self.mask is None else int(np.count_nonzero(self.mask))

    def holds(self, span: Span) -> bool:
        """Whether all of a span is content."""
        return self.mask is None or bool(self.mask[span.start : span.end].all())

    def unable(self, able: Mask, characters: Characters) -> Mask:
        """Which characters are not content, or a table says no to."""
        mask = characters.among(able, without=True)
        return mask if self.mask is None else mask | ~self.mask


def _kind(value: str) -> str:
    head = value[:_HEAD]
    first = head.lstrip()[:1]
    if first in ("{", "["):
        return "record" if _is_record(head) else "plain"
    if first == "<" and _TAG.match(head):
        return "markup"
    if ":" in head and mail_body(value):
        return "mail"
    return "table" if _is_table(head) else "plain"


@functools.lru_cache(maxsize=64)
def _is_record(head: str) -> bool:
    """Whether a text is JSON; every format is asked, and many steps ask of one clean document."""
    return "json" in identify(head.encode("utf-8", "surrogateescape"))


def _is_table(head: str) -> bool:
    """Whether nearly all of the first lines have as many of a delimiter as the very first one."""
    lines = [line for line in head.splitlines()[: _LINES + 1] if line]
    if len(lines) > _LINES or (len(head) == _HEAD and len(lines) > 2):
        lines.pop()  # it may be cut
    if len(lines) < 2:
        return False
    if '"' in head:
        lines = [_QUOTED.sub("", line) for line in lines]
    for delimiter in _DELIMITERS:
        width = lines[0].count(delimiter)
        if width and [line.count(delimiter) for line in lines].count(width) >= _ALIKE * len(lines):
            return True
    return False


def rewritten(
    text: Text, value: str, truth: Truth, *, lost: Sequence[Place] = (), touched: Sequence[Place] = ()
) -> Degraded[Text]:
    """A text with other characters, and what has become of the right answer.

    Args:
        text: as it was.
        value: as it is now.
        truth: of the case; where it is the whole text, what it says now is right as well, and nothing is lost.
        lost: what of other answers cannot be read any more.
        touched: what was changed beside that.
    """
    now = text.with_value(value)
    if isinstance(truth, str) and is_transcription(truth) and truth.split() == text.value.split():
        return Degraded(now, Replaced(AnyOf(truth, value)), touched=[*lost, *touched])
    return Degraded(now, lost=lost, touched=touched)
