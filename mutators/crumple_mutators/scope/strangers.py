"""Another document under the expected name: the only right answer is a refusal, or none."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import (
    ALL,
    CrumpleError,
    Degraded,
    Document,
    Ladder,
    NotApplicable,
    Page,
    Pages,
    Replaced,
    Truth,
    generated,
    is_transcription,
    mutator,
    read,
    word_of,
    workbook_of,
    write,
)
from crumple_mutators.bytewise import textual
from crumple_mutators.scope.envelope import MAIL, enveloped

ORDER: Final = ("order.json", '{"number": "A-17", "date": "2024-03-05", "total": 1234.5}\n')
ROWS: Final = ("rows.csv", "number,total\nA-17,1234.50\nB-18,77.25\n")
INVOICE: Final = ("invoice.txt", "Invoice A-17 of 5 March 2024\nCustomer: Bolt Ltd\nTotal: 1,234.50 EUR\n")
PICTURES: Final = ("image/", "application/pdf")
# What a truth asks for that is of this very kind, so that the stranger would be no stranger.
_ASKED: Final[Mapping[str, re.Pattern[str]]] = {
    kind: re.compile(words, re.IGNORECASE)
    for kind, words in {
        "menu": r"dish|menu|course",
        "contract": r"part(?:y|ies)|clause|contract|agreement|tenan",
        "application": r"surname|last_?name|first_?name|applica|applicant|birth|born|form",
        "letter": r"sender|recipient|subject|letter",
        "delivery_note": r"deliver|dispatch|parcel|packing",
    }.items()
}
_EMPTY_FILES: Final[Mapping[str, Callable[[], bytes]]] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": lambda: word_of([""]),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lambda: workbook_of([]),
}
_BLANK_MAIL: Final = (
    b"From: office@example.org\r\nTo: accounts@example.com\r\nSubject: \r\nMIME-Version: 1.0\r\n\r\n\r\n"
)
_LANGUAGES: Final = ("pl", "tr", "el", "hi", "th")
_EMPTY_ROOT: Final = re.compile(rb"(<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<![^>]*>\s*)*<([A-Za-z_][\w.:-]*)", re.DOTALL)


@functools.lru_cache(maxsize=64)
def stranger(kind: str, media_type: str, seed: int) -> Document:
    """A document of a kind that has nothing to do with the corpus, from the corpus of sundries.

    Raises:
        NotApplicable: none is written in this format.
    """
    try:
        corpus = generated("sundries", {"count": 1, "seed": seed, "kinds": [kind], "media_type": media_type})
    except CrumpleError as reason:
        raise NotApplicable(f"no {kind.replace('_', ' ')} is written as {media_type}: {reason}") from None
    return corpus.load(corpus.entries()[0].id).document


def check_strange(kind: str, truth: Truth) -> None:
    """Refuse to hand over what the system may well be asked for.

    Raises:
        NotApplicable: the truth is of the kind's own fields.
    """
    pattern = _ASKED.get(kind)
    if pattern and isinstance(truth, Mapping) and any(pattern.search(name) for name in truth):
        raise NotApplicable(f"what it is read for may stand in a {kind.replace('_', ' ')} too")


def instead(document: Document, new: Document, truth: Truth) -> Degraded[Document]:
    """The new document under the old one's name, a mail in the old one's envelope, and what that does to the answer.

    Raises:
        NotApplicable: the right answer would be another label or transcription.
    """
    data = enveloped(document, new.data, truth) if document.media_type == MAIL else new.data
    degraded = Document(data, document.media_type, document.name)
    if degraded.data == document.data:
        raise NotApplicable("it is that document already")
    if isinstance(truth, str):
        if is_transcription(truth) and document.media_type.startswith("text/plain"):
            return Degraded(degraded, Replaced(new.data.decode()))
        raise NotApplicable("it would have a label or a transcription of its own")
    return Degraded(degraded, lost=ALL)


@mutator(
    "scope.other_kind",
    truth=("new", "lost"),
    refusable_from=1,
    kind=Ladder("menu", "application", "letter", "contract", "delivery_note", unit="kind of document"),
    examples=[ORDER, ROWS, INVOICE],
)
def other_kind(document: Document, kind: str, rng: Generator, truth: Truth = None) -> Degraded[Document]:
    """Put another kind of document under the expected name, as senders do who pick the wrong file.

    A mail says something else in its old envelope: sender, recipient and date stay. All is lost: right is a refusal, or
    an answer without values. Where the text itself is asked for, that of the new document is right. Not where the truth
    asks for what such a document says. Ladder: from what nobody would mistake to what lies in the same folder; their
    order is a first guess.
    """
    check_strange(kind, truth)
    return instead(document, stranger(kind, document.media_type, int(rng.integers(2**31))), truth)


@mutator(
    "scope.unserved_language",
    truth=("new", "lost"),
    refusable_from=1,
    only=["text/plain"],
    language=Ladder(*_LANGUAGES, unit="language"),
    examples=[INVOICE],
)
def unserved_language(document: Document, language: str, rng: Generator, truth: Truth = None) -> Degraded[Document]:
    """Put a letter in a language that the system was not made for under the expected name, as mail from abroad.

    All is lost: right is a refusal, or an answer without values. Not where letters are what is read, for those may be
    in any language: see the category language. Ladder: ISO 639-1, by how far the language is from English in script and
    word; a first guess.
    """
    check_strange("letter", truth)
    letters = generated("letters", {"count": 120, "seed": int(rng.integers(2**31))})
    name = next((each.id for each in letters.entries() if language in each.tags), None)
    if name is None:
        raise CrumpleError(f"there are no letters in {language!r}", where="scope.unserved_language", got=language)
    return instead(document, letters.load(name).document, truth)


@mutator("scope.one_word", truth=("new", "lost"), refusable_from=1, level=3, examples=[ORDER, ROWS, INVOICE])
def one_word(document: Document, rng: Generator, truth: Truth = None) -> Degraded[Document]:
    """Leave a document of one word, as tests, drafts and templates that were sent by mistake are.

    All is lost: right is a refusal, or an answer without values.
    """
    return instead(document, stranger("note", document.media_type, int(rng.integers(2**31))), truth)


@mutator("scope.blank", truth="lost", refusable_from=1, level=5, examples=[ORDER, ROWS, INVOICE])
def blank(document: Document, rng: Generator) -> Degraded[Document]:
    """Leave a blank document: a sheet fed upside down, an empty template, a form that nobody filled in.

    It is sound, and holds nothing: empty pages, a record without members, a table without rows or header; of a mail its
    envelope is left. All is lost.
    """
    return Degraded(_blank(document), lost=ALL)


def _blank(document: Document) -> Document:
    kind = document.media_type
    if kind == "application/pdf" or kind.startswith("image/"):
        pages = read(document, Pages)
        return write(Pages(tuple(_white(page) for page in pages)), document)
    new = _EMPTY_FILES[kind]() if kind in _EMPTY_FILES else _blank_text(document)
    if new == document.data:
        raise NotApplicable("it is blank already")
    return Document(new, kind, document.name)


def _blank_text(document: Document) -> bytes:
    """What is left of a text of its format where nothing is said.

    Raises:
        NotApplicable: nobody can say.
    """
    kind, data = document.media_type, document.data
    if not textual(document):
        raise NotApplicable(f"nobody can say what a blank {kind} is")
    if kind == "application/json":
        return b"[]\n" if data.lstrip()[:1] == b"[" else b"{}\n"
    if kind == "application/xml":
        root = _EMPTY_ROOT.match(data.lstrip())
        if root is None:
            raise NotApplicable("it has no root element")
        return (root[1] or b"") + b"<" + root[2] + b"/>\n"
    if kind == "text/html":
        return b'<!doctype html>\n<html><head><meta charset="utf-8"><title></title></head><body></body></html>\n'
    if kind == MAIL:
        return enveloped(document, _BLANK_MAIL)
    return b"\n"


def _white(page: Page) -> Page:
    """The page as white paper."""
    if int(page.pixels.min()) == int(page.pixels.max()):
        raise NotApplicable("a page of it is blank already")
    return page.with_pixels(np.full_like(page.pixels, 255))
