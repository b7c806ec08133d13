"""What pages carry beside their text, left standing in the flow."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import ABSENT, CrumpleError, Degraded, Ladder, Span, Text, Truth, mutator
from crumple_mutators.positions import some, spliced
from crumple_mutators.text.edits import NOTE
from crumple_mutators.text.passages import Passages, rewritten

_BREAK: Final = re.compile(r"\r\n|\n|\r")
_FOOTERS: Final = ("- {page} -", "Page {page} of {pages}", "{page} / {pages}", "Page {page}", "[{page}]", "{page}")
_HEADERS: Final = (
    "CONFIDENTIAL", "For internal use only", "Copy", "Continued", "*** continued from previous page ***",
    "www.example.org", "Printed from archive",
)  # fmt: skip
_LONG: Final = 80
_TITLE: Final = re.compile(r"[^\W\d_][^\d:;,|=@\r\n]{2,50}")


@mutator(
    "text.page_furniture",
    truth=("same", "new"),
    lines=Ladder(60, 40, 25, 12, 6, unit="lines a page"),
    examples=[NOTE],
)
def page_furniture(text: Text, lines: int, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Leave page numbers, headers and footers in the flow, as text has them that was extracted from pages.

    At the end of every page its number, at the head of the next a line that all pages have: a mark such as
    CONFIDENTIAL, or the text's own title. They say nothing of what is asked for: the answer is the same; where it is
    the whole text, what it reads now is right as well. At least one page ends. Ladder: printed pages, slips,
    screens: a first guess, uncalibrated.
    """
    if lines < 1:
        raise CrumpleError(f"lines is 1 or more, got {lines}", where="text.page_furniture", got=str(lines))
    value = text.value
    passages = Passages.of(text, ("plain", "mail"))
    ends = np.array([found.end() for found in _BREAK.finditer(value) if found.end() < len(value)], np.intp)
    if passages.mask is not None and len(ends):
        ends = ends[passages.mask[ends - 1] & passages.mask[ends]]
    some(ends, "it has a single line")
    head, foot, first = (int(each) for each in rng.integers((len(_HEADERS) + 2, len(_FOOTERS), 30)))
    header = _title(value) if head >= len(_HEADERS) else _HEADERS[head]
    start = min(len(ends) - 1, (first + 10) * lines // 40)
    places = ends[start::lines]
    new = _BREAK.search(value)
    end = new.group() if new else "\n"
    begun = first % 7 + 1
    pages = begun + len(places) + 1
    inserted = [
        f"{_FOOTERS[foot].format(page=begun + number, pages=pages)}{end}{end}{header}{end}"
        for number in range(len(places))
    ]
    touched = [Span(int(at) - 1, int(at) + 1) for at in places]
    value = spliced(value, [Span(int(at), int(at)) for at in places], inserted)
    return rewritten(text, value, truth, touched=touched)


def _title(value: str) -> str:
    """The first line, where it reads like a title and holds nothing that could be taken for a value."""
    first = value.lstrip()[:_LONG].splitlines()[0].strip()
    return first if _TITLE.fullmatch(first) else _HEADERS[0]
