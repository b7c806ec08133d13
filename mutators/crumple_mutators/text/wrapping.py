"""Lines broken where there was no break: at a width, with hyphens, in mid-word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, CrumpleError, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.positions import spliced
from crumple_mutators.text.edits import NOTE
from crumple_mutators.text.passages import Passages, rewritten

_LINE: Final = re.compile(r"[^\r\n]+")
_END: Final = re.compile(r"\r\n|\n|\r")
_LABEL: Final = re.compile(r"[^\W\d_][^:\r\n]{1,30}:[ \t]")
_LOWER_WORD: Final = re.compile(r"[a-zß-öø-ÿа-яё]+")
_VOWELS: Final = frozenset("aeiouyäöüáéíóúàèìòùâêîôûаеёиоуыэюя")
_LETTER: Final = (
    "letter.txt",
    (
        "Dear customer,\n\nunfortunately several preparations for yesterday's delivery remained unfinished because our "
        "transportation partner reported considerable difficulties; nevertheless everything necessary has meanwhile "
        "been reorganised, and tomorrow's consignment contains whatever remained outstanding.\nTotal: 1234.50 EUR\n"
    ),
)
_NARROWEST: Final = 8
_LONGEST: Final = 60  # what is longer is no word
_BEFORE, _AFTER = 2, 3  # letters of a word that stay together, before a hyphen and after it


@mutator("text.hard_wraps", width=Ladder(80, 60, 40, 30, 20, unit="characters"), examples=[NOTE])
def hard_wraps(text: Text, width: int, rng: Generator) -> Degraded[Text]:
    """Break lines at a width, at spaces, as mail programs and terminals do.

    Spaces become line ends and nothing else changes: a reader that folds white space, and knows a break by the next
    word that would not have fitted, reads the same. Ladder: the catalogue's, with 30 before 20 characters.
    """
    _check(width, "text.hard_wraps")
    passages = Passages.of(text, ("plain", "mail", "markup"))
    breaks = [
        Span(at, at + 1) for line in _LINE.finditer(text.value) for at in _at_spaces(passages, *line.span(), width)
    ]
    return _broken(text, breaks, _line_end(text.value), f"no line is longer than {width} characters")


@mutator(
    "text.hyphenated", truth=("same", "new"), width=Ladder(80, 60, 40, 30, 20, unit="characters"), examples=[_LETTER]
)
def hyphenated(text: Text, width: int, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Break lines at a width and words with hyphens, as narrow columns do that were copied out: "deliv-" and "ery".

    Only words of small letters are broken, never at a hyphen of their own: a small letter, a hyphen, a line end and a
    small letter always are one word, and the answer is the same; where it is the whole text, what it reads now is
    right as well. Where a syllable ends is guessed from its
    vowels. Ladder: the catalogue's, with 30 before 20 characters.
    """
    _check(width, "text.hyphenated")
    passages = Passages.of(text, ("plain", "mail"))
    end = _line_end(text.value)
    breaks: list[Span] = []
    written: list[str] = []
    for line in _LINE.finditer(text.value):
        for span, new in _at_syllables(passages, *line.span(), width, end):
            breaks.append(span)
            written.append(new)
    if not any(new.startswith("-") for new in written):
        raise NotApplicable(f"no word stands across the {width}th character of a line")
    value = spliced(text.value, breaks, written)
    touched = [Span(each.start, max(each.end, each.start + 1)) for each in breaks]
    return rewritten(text, value, truth, touched=touched)


@mutator(
    "text.folded_lines",
    truth=("same", "lost", "new"),
    refusable_from=4,
    width=Ladder(132, 80, 60, 40, 20, unit="characters"),
    examples=[NOTE],
)
def folded_lines(text: Text, width: int, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Cut lines at a width in mid-word, as hosts do whose records have a fixed length.

    A line of just this width goes on in the next: the answer is the same. Where a line ended there by itself, and no
    label follows, what stands on both sides of its end is lost. Ladder: a line printer's 132 columns, then the
    catalogue's widths, all in mid-word.
    """
    _check(width, "text.folded_lines")
    passages = Passages.of(text, ("plain", "mail"))
    cuts: list[Span] = []
    lost: list[Span] = []
    for line in _LINE.finditer(text.value):
        start, end = line.span()
        if passages.mask is not None and not passages.mask[start:end].all():
            continue
        cuts += [Span(at, at) for at in range(start + width, end, width)]
        after = None if (end - start) % width else _LINE.search(text.value, end)
        if after and not _LABEL.match(after.group()):
            lost.append(Span(end - 1, after.start() + 1))
    if not cuts:
        raise NotApplicable(f"no line is longer than {width} characters")
    value = spliced(text.value, cuts, [_line_end(text.value)] * len(cuts))
    touched = [Span(each.start - 1, each.start + 1) for each in cuts]
    return rewritten(text, value, truth, lost=lost, touched=touched)


def _check(width: int, where: str) -> None:
    if width < _NARROWEST:
        raise CrumpleError(f"width is {_NARROWEST} characters or more, got {width}", where=where, got=str(width))


def _line_end(value: str) -> str:
    found = _END.search(value)
    return found.group() if found else "\n"


def _at_spaces(passages: Passages, start: int, end: int, width: int) -> Iterator[int]:
    """The spaces of a line that become line ends, the line filled as far as it goes."""
    while end - start > width:
        at = _space_before(passages, start, start + width)
        if at < 0:
            at = _space_after(passages, start + width + 1, end)
        if at < 0:
            return
        yield at
        start = at + 1


def _space_before(passages: Passages, start: int, last: int) -> int:
    value = passages.text.value
    at = value.rfind(" ", start + 1, last + 1)
    while at >= 0 and not _single(passages, at):
        at = value.rfind(" ", start + 1, at)
    return at


def _space_after(passages: Passages, first: int, end: int) -> int:
    value = passages.text.value
    at = value.find(" ", first, end)
    while at >= 0 and not _single(passages, at):
        at = value.find(" ", at + 1, end)
    return at


def _single(passages: Passages, at: int) -> bool:
    """Whether a space is content, and stands between two characters that are none."""
    value, mask = passages.text.value, passages.mask
    here = mask is None or bool(mask[at])
    return here and not value[at - 1].isspace() and not value[at + 1 : at + 2].isspace() and at + 1 < len(value)


def _at_syllables(passages: Passages, start: int, end: int, width: int, new: str) -> Iterator[tuple[Span, str]]:
    """Where a line is broken, and what is written there."""
    value, mask = passages.text.value, passages.mask
    while end - start > width:
        at = _syllable(value, start, start + width - 1, end)
        if at >= 0 and (mask is None or mask[at - 1 : at + 1].all()):
            yield Span(at, at), f"-{new}"
            start = at
            continue
        at = _space_before(passages, start, start + width)
        if at < 0:
            at = _space_after(passages, start + width + 1, end)
        if at < 0:
            return
        yield Span(at, at + 1), new
        start = at + 1


def _syllable(value: str, start: int, last: int, end: int) -> int:
    """Where the word that stands across a column is parted, no farther than that column; -1 where it is not."""
    if last >= end or value[last].isspace():
        return -1
    begin = value.rfind(" ", max(start, last - _LONGEST), last) + 1 or start
    stop = value.find(" ", last, last + _LONGEST)
    word = value[begin : stop if stop >= 0 else min(end, last + _LONGEST)]
    letters = word.rstrip(".,;:!?")
    if len(word) > _LONGEST or not _LOWER_WORD.fullmatch(letters):
        return -1
    vowels = [each in _VOWELS for each in letters]
    for at in range(min(last - begin, len(letters) - _AFTER), _BEFORE - 1, -1):
        # "deli-very", and "con-nection".
        if not vowels[at] and (vowels[at - 1] or (vowels[at - 2] and vowels[at + 1])):
            return begin + at
    return -1


def _broken(text: Text, breaks: list[Span], end: str, reason: str) -> Degraded[Text]:
    if not breaks:
        raise NotApplicable(reason)
    return Degraded(text.with_value(spliced(text.value, breaks, [end] * len(breaks))), touched=breaks)
