"""Text in another order than it was written in: sentences, paragraphs and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.positions import number_of, spliced
from crumple_mutators.text.passages import Passages, rewritten

_PARAGRAPH: Final = re.compile(r"\S(?:[^\r\n]++|\r?\n(?![ \t]*+(?:\r?\n|\Z)))*+")
_CLAUSE: Final = re.compile(r"[^.!?\r\n]++[.!?]*+")
_SENTENCE: Final = re.compile(r"[ \t]*+([^\W\d_a-z].*[.!?])")
_WORDS: Final = 3  # a sentence of fewer is as likely an abbreviation: "Dr."
_WORDS_OF_PROSE: Final = 6
_LABELLED: Final = re.compile(r"[^:\r\n|]{2,40}:[ \t]*\S[^\r\n]*")
_LINE: Final = re.compile(r"[^\r\n]+")
_PAGE: Final = re.compile(r"[^\f]+")
_SHARES: Final = (0.1, 0.2, 0.4, 0.7, 1)
_LETTER: Final = (
    "letter.txt",
    (
        "Dear customer,\n\nThank you for your order. It left our works on Tuesday. The lorry was late.\n\n"
        "Invoice number: RE-2024-0117\nTotal: 1234.50 EUR\n\nPlease pay within thirty days. Goods remain ours until "
        "then. Questions are answered by telephone.\n\nKind regards\nHannah Meyer\n"
    ),
)
_PAGES: Final = (
    "statement.txt",
    (
        "Statement of account\nCustomer: Meyer Rohrleitungen\n\fOpening balance: 100.00\nClosing balance: 1234.50\n"
        "\fTerms of business\nPayment within thirty days.\n\fContact\nHannah Meyer, Kiel\n"
    ),
)


@mutator(
    "text.sentences_shuffled",
    truth=("same", "lost", "new"),
    share=Ladder(*_SHARES, unit="share of sentences", zero=0),
    examples=[_LETTER],
)
def sentences_shuffled(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Swap sentences, as notes are that were put together from a conversation in no order.

    Each says what it said before: the answer is the same. What stands across the end of a sentence that was moved
    (an abbreviation's full stop looks like one) is lost; where the answer is the whole text, what it reads now is
    right as well. Ladder: a first guess, uncalibrated.
    """
    passages = Passages.of(text, ("plain", "mail"))
    found = [each for each in _sentences(text.value) if passages.holds(each)]
    value, moved = _swapped(text.value, found, share, rng, "it has no two different sentences")
    edges = [edge for each in moved for edge in (Span(max(0, each.start - 2), each.start + 1), _after(text, each))]
    return rewritten(text, value, truth, lost=sorted(set(edges)), touched=moved)


@mutator(
    "text.paragraphs_shuffled",
    truth=("same", "lost", "new"),
    share=Ladder(*_SHARES, unit="share of paragraphs", zero=0),
    examples=[_LETTER],
)
def paragraphs_shuffled(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Swap paragraphs, as text is that was read from columns and boxes in the wrong order.

    A line with a label, "Total: 12.50", and a sentence say what they said before. Other lines mean something by where
    they stand, as the sender and the recipient of a letter do: those of paragraphs that were moved are lost. Where the
    answer is the whole text, what it reads now is right as well. Ladder: a first guess, uncalibrated.
    """
    passages = Passages.of(text, ("plain", "mail"))
    found = [Span(*each.span()) for each in _PARAGRAPH.finditer(text.value)]
    found = [each for each in found if passages.holds(each)]
    value, moved = _swapped(text.value, found, share, rng, "it has no two different paragraphs")
    lines = (line for each in moved for line in _LINE.finditer(text.value, each.start, each.end))
    bare = [Span(*line.span()) for line in lines if not _speaks_for_itself(line.group())]
    return rewritten(text, value, truth, lost=bare, touched=moved)


@mutator(
    "text.pages_shuffled",
    truth=("same", "lost", "new"),
    refusable_from=4,
    share=Ladder(*_SHARES, unit="share of pages", zero=0),
    examples=[_PAGES],
)
def pages_shuffled(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Swap pages, as of a pile that fell down: pages of text end with a form feed.

    A page says what it said before. What stands across the edge of a page that was moved is lost; where the answer is
    the whole text, what it reads now is right as well. Ladder: a first guess, uncalibrated.
    """
    Passages.of(text, ("plain",))
    found = [Span(*each.span()) for each in _PAGE.finditer(text.value) if not each.group().isspace()]
    value, moved = _swapped(text.value, found, share, rng, "it has no two pages with a form feed between them")
    edges = [edge for each in moved for edge in (Span(max(0, each.start - 2), each.start + 1), _after(text, each))]
    return rewritten(text, value, truth, lost=sorted(set(edges)), touched=moved)


def _speaks_for_itself(line: str) -> bool:
    """Whether a line has a label, or is of so many words that it is a sentence."""
    return bool(_LABELLED.fullmatch(line)) or len(line.split(None, _WORDS_OF_PROSE)) > _WORDS_OF_PROSE


def _after(text: Text, span: Span) -> Span:
    return Span(span.end - 1, min(len(text.value), span.end + 2))


def _sentences(value: str) -> Iterator[Span]:
    """Sentences that end before white space, begin with a capital, and have a few words."""
    for clause in _CLAUSE.finditer(value):
        after = value[clause.end() : clause.end() + 1]
        found = _SENTENCE.fullmatch(clause.group()) if not after or after.isspace() else None
        if found and len(found[1].split(None, _WORDS)) >= _WORDS:
            yield Span(clause.start() + found.start(1), clause.end())


def _swapped(value: str, spans: Sequence[Span], share: float, rng: Generator, reason: str) -> tuple[str, list[Span]]:
    """A text with pairs of its parts swapped, and those parts; more of a share swaps further pairs."""
    order = rng.permutation(len(spans)).tolist()
    pairs = [
        (spans[one], spans[other])
        for one, other in zip(order[::2], order[1::2], strict=False)
        if value[spans[one].start : spans[one].end] != value[spans[other].start : spans[other].end]
    ]
    if not pairs:
        raise NotApplicable(reason)
    now: dict[Span, str] = {}
    for one, other in pairs[: number_of(share, len(pairs))]:
        now[one], now[other] = value[other.start : other.end], value[one.start : one.end]
    moved = sorted(now)
    return spliced(value, moved, [now[each] for each in moved]), moved
