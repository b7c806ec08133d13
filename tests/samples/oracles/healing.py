"""Undoing what was done to characters, and reading damaged words as they stand whole elsewhere."""

from __future__ import annotations

import contextlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from crumple import Document, Step
from oracles.orders import HEAD, ITEM

Undo = Callable[[Document, Step], Document]
_BETWEEN = "\n\n\n"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TOKEN = re.compile(r"[^\s,:;<>|\"]+")


def replaced(document: Document, data: bytes) -> Document:
    """The same document with other bytes."""
    return Document(data, document.media_type, document.name)


def characters(change: Callable[[str, Step], str]) -> Undo:
    """An undo of what was done to characters, in text, in a Word document's paragraphs and in a workbook's cells."""

    def undo(document: Document, step: Step) -> Document:
        opened = {_WORD: _paragraphs, _BOOK: _cells}.get(document.media_type)
        if opened is None:
            value = change(document.data.decode("utf-8", "surrogateescape"), step)
            return replaced(document, value.encode("utf-8", "surrogateescape"))
        file, holders, name = opened(document)
        # All of it at once: what is damaged in one place may stand whole in another.
        values = change(_BETWEEN.join(getattr(each, name) for each in holders), step).split(_BETWEEN)
        for holder, value in zip(holders, values, strict=True):
            setattr(holder, name, value)
        buffer = io.BytesIO()
        file.save(buffer)
        return replaced(document, buffer.getvalue())

    return undo


def _paragraphs(document: Document) -> tuple[Any, Sequence[Any], str]:
    import docx

    word = docx.Document(io.BytesIO(document.data))
    return word, word.paragraphs, "text"


def _cells(document: Document) -> tuple[Any, Sequence[Any], str]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(document.data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return book, [cell for cell in cells if isinstance(cell.value, str)], "value"


def _labels(value: str) -> Sequence[str]:
    """The labels that the reader knows, in the case that most of them are written in here."""
    capitals = [name.capitalize() for name in HEAD]
    prose = sum(value.count(each) for each in capitals) > sum(value.count(each) for each in HEAD)
    return (*(capitals if prose else HEAD), *ITEM, "Item")


def healed(same: Callable[[str, str], bool]) -> Undo:
    """Damaged words as they stand whole elsewhere in the document, or as the reader knows its labels.

    Args:
        same: whether the first word may be what damage has made of the second.
    """

    def change(value: str, step: Step) -> str:
        words = dict.fromkeys([*_labels(value), *_TOKEN.findall(value), *_sent(value)])

        def heal(found: re.Match[str]) -> str:
            word = found.group()
            return next((each for each in words if each != word and same(word, each)), word)

        return _TOKEN.sub(heal, value)

    return characters(change)


def _sent(value: str) -> Iterator[str]:
    """The day that a mail was sent on."""
    for each in re.findall(r"^Date: (\w{3}, .*)", value, re.MULTILINE):
        with contextlib.suppress(ValueError):
            yield parsedate_to_datetime(each).date().isoformat()


def behind(mark: str) -> Callable[[str, str], bool]:
    """Whether each mark may stand for one character."""

    def same(word: str, whole: str) -> bool:
        if mark not in word or mark in whole:
            return False
        parts = map(re.escape, word.split(mark))
        told = len(word) - len(mark) * word.count(mark) > 0
        return told and bool(re.fullmatch(".".join(parts), whole))

    return same


def fewer(word: str, whole: str) -> bool:
    """Whether characters beyond ASCII may have been dropped from a word."""
    if len(word) >= len(whole) or word.encode("ascii", "ignore") != whole.encode("ascii", "ignore"):
        return False
    pattern = "[^\x00-\x7f]*".join(map(re.escape, word))
    return bool(re.fullmatch(f"[^\x00-\x7f]*{pattern}[^\x00-\x7f]*", whole))


def without_marks(word: str, whole: str) -> bool:
    """Whether the marks of letters may have been stripped from a word."""
    return not whole.isascii() and _spelled(word, "o") == _spelled(whole, "o")


def transliterated(word: str, whole: str) -> bool:
    """Whether a word may be another one spelled out in ASCII."""
    return not whole.isascii() and _spelled(word, "oe") == _spelled(whole, "oe")


@cache
def _spelled(word: str, stroke: str) -> str:
    """A word in ASCII letters."""
    if stroke == "oe":
        word = word.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")
    bare = word.replace("ø", stroke).replace("Ł", "L").replace("ł", "l")
    return "".join(each for each in unicodedata.normalize("NFD", bare) if not unicodedata.combining(each))
