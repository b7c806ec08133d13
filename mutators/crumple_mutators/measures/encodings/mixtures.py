"""Two encodings in one text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crumple import Document, measure
from crumple_mutators.measures.encodings.sight import DATA, ESCAPED, LETTERS_OF_CODEPAGES, MULTI, sighted


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text that hold characters beyond ASCII, counted by what they are in.

    Attributes:
        beyond: all of them.
        whole: those that are UTF-8.
        single: those with letters of a codepage alone.
        changing: those that are UTF-8 first, and in a codepage from some place on.
        muddled: those with both in another order, as happens by chance in a codepage.
    """

    beyond: int = 0
    whole: int = 0
    single: int = 0
    changing: int = 0
    muddled: int = 0


@lru_cache(maxsize=2)
def lines_of(value: str) -> Lines:
    """Count the lines of a text by what they are in."""
    beyond = whole = single = changing = muddled = 0
    for line in re.split("\r\n|\r|\n", value):
        if line.isascii():
            continue
        beyond += 1
        bad = [(found.start(), ord(found.group()) - 0xDC00) for found in ESCAPED.finditer(line)]
        multi = [found.start() for found in MULTI.finditer(line)]
        whole += not bad
        if bad and sum(byte in LETTERS_OF_CODEPAGES for _, byte in bad) >= len(bad) / 2:
            single += not multi
            changing += bool(multi) and multi[-1] < bad[0][0]
            muddled += bool(multi) and multi[-1] > bad[0][0]
    return Lines(beyond, whole, single, changing, muddled)


@measure("encoding.mixed", within=0.25, unit="share of the value")
def mixed(document: Document) -> float | None:
    """The share of the lines beyond ASCII that are in a codepage, in a file of which others are in UTF-8."""
    if (lines := _mixture(document)) is None:
        return None
    return lines.single / lines.beyond if lines.single and lines.whole else 0.0


@measure("encoding.mixed_mid_line", within=0.5, unit="share of the value")
def mixed_mid_line(document: Document) -> float | None:
    """The share of the lines beyond ASCII that change from UTF-8 to a codepage in mid-line."""
    if (lines := _mixture(document)) is None:
        return None
    return lines.changing / lines.beyond if lines.changing and lines.changing >= lines.single else 0.0


def _mixture(document: Document) -> Lines | None:
    """The lines of a text that may be in two encodings; None where it is in one, or is no text."""
    seen = sighted(document)
    if seen is None or seen.wide or document.media_type.startswith(DATA):
        return None
    lines = lines_of(seen.value) if seen.bad else Lines()
    # By chance a codepage reads as UTF-8 here and there, and never in the order that two programs leave.
    if lines.muddled > 0.1 * (lines.single + lines.changing) or seen.multi < 0.05 * seen.bad:
        return None
    return lines
