"""Text in units of two and four bytes (UTF-16, UTF-32), whole and broken, and byte order marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Record, Span, Table, Text, Unreadable, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.codepages import EXAMPLES, PLAIN
from crumple_mutators.encoding.invisible import line_starts
from crumple_mutators.encoding.rewriting import check_decodable
from crumple_mutators.positions import code_points, drawn, some, spliced

_FORMS: Final = ("bom", "le", "be", "cut", "mixed")
_TWO_BYTES = 0x0800  # below it the high byte of a unit is a small number, which shows where units begin
_MARK = "\ufeff"


@mutator(
    "encoding.utf16",
    truth=("same", "lost"),
    refusable_from=4,
    only=(*PLAIN, "text/html"),
    form=Ladder(*_FORMS, unit="form"),
    examples=EXAMPLES,
)
def utf16(text: Text, form: str, rng: Generator) -> Degraded[Text] | Degraded[bytes]:
    """Write the text in UTF-16, as "Unicode text" of office programs and Windows scripts is.

    With a byte order mark, without one in either byte order, in the other byte order from some line on (two programs
    wrote one log): same. With one byte missing somewhere: the character that it was of is lost, and where bytes do not
    show at which place units begin (as in Chinese), all that follows. Refusing a file that is cut or mixed is
    acceptable. JSON and XML have `encoding.not_utf8`. Ladder: the catalogue's.
    """
    return _in_units(text, form, rng, "utf-16")


@mutator(
    "encoding.utf32",
    truth=("same", "lost"),
    refusable_from=2,
    only=PLAIN,
    form=Ladder(*_FORMS, unit="form"),
    examples=EXAMPLES,
)
def utf32(text: Text, form: str, rng: Generator) -> Degraded[Text] | Degraded[bytes]:
    """Write the text in UTF-32, as programs that dump their own memory do (wide characters of Unix).

    With a byte order mark, without one in either byte order, in the other byte order from some line on: same. With one
    byte missing somewhere the character that it was of is lost: the zeros show where the others stand. The web forbids
    it, and refusing is acceptable where no mark says what it is. Ladder: that of `encoding.utf16`.
    """
    return _in_units(text, form, rng, "utf-32")


def _in_units(text: Text, form: str, rng: Generator, codec: str) -> Degraded[Text] | Degraded[bytes]:
    check_decodable(text)
    place = rng.uniform(0.1, 0.9)
    little, big = f"{codec}-le", f"{codec}-be"
    if form in ("bom", "le", "be"):
        written = Text(text.value, big if form == "be" else little, bom=form == "bom")
        if written == text:
            raise NotApplicable(f"it is in that form of {codec.upper()} already")
        return Degraded(written)
    if form == "mixed":
        at = _line_at(text.value, place)
        return Degraded(text.value[:at].encode(little) + text.value[at:].encode(big))
    at, lost = _broken(text.value, place, shows=codec == "utf-32")
    return Degraded(text.value[:at].encode(little) + text.value[at:].encode(little)[1:], lost=[lost])


def _line_at(value: str, place: float) -> int:
    """Where the line begins that holds this place, the first aside."""
    starts = [at for at in line_starts(value) if at]
    some(starts, "it has a single line, which no two programs write")
    wanted = int(place * len(value))
    return next((at for at in starts if at >= wanted), starts[-1])


def _broken(value: str, place: float, *, shows: bool) -> tuple[int, Span]:
    """Which character loses its first byte, and what is lost with it.

    A letter or digit whose neighbours show by their high bytes where units begin; else all from there on is lost.
    """
    points = code_points(value)
    letters = content(value) & np.fromiter(map(str.isalnum, value), np.bool_, len(value))
    small = np.pad(points < _TWO_BYTES, 1, constant_values=True)
    plain = letters if shows else letters & small[:-2] & small[1:-1] & small[2:]
    for mask, only_it in ((plain, True), (letters, False)):
        found = np.flatnonzero(mask)
        if len(found):
            at = int(found[min(int(np.searchsorted(found, int(place * len(value)))), len(found) - 1)])
            return at, Span(at, at + 1 if only_it else len(value))
    raise NotApplicable("it holds no letters and digits")


@mutator("encoding.unicode_text", level=3, only=("text/csv",), examples=EXAMPLES[1:])
def unicode_text(table: Table, rng: Generator) -> Table:
    """Write a table as a spreadsheet saves "Unicode text" under a name ending in .csv: UTF-16 with a mark, and tabs.

    Every spreadsheet reads it; the answer stays the same.
    """
    check_decodable(table.text)
    if table.encoding == "utf-16-le" and table.dialect.delimiter == "\t":
        raise NotApplicable("it is in that form already")
    written = table.rewritten(replace(table.dialect, delimiter="\t", terminator="\r\n"))
    return replace(written, encoding="utf-16-le", bom=True)


@mutator("encoding.bom", level=1, only=(*PLAIN, "text/html", "application/xml"), examples=EXAMPLES)
def bom(text: Text, rng: Generator) -> Text:
    """Put a byte order mark before the first character, as Windows editors and spreadsheets do.

    The answer stays the same. JSON, whose standard forbids the mark, has `encoding.json_bom`.
    """
    try:
        Record.parsed(text)
    except Unreadable:
        return _marked(text)
    raise NotApplicable("it is JSON, for which there is encoding.json_bom")


@mutator("encoding.json_bom", level=1, refusable_from=1, examples=[("order.json", '{"name": "Zoë", "total": 12.5}\n')])
def json_bom(record: Record, rng: Generator) -> Record:
    """Put a byte order mark before a JSON document, as Windows editors do.

    The answer stays the same; RFC 8259 lets a parser ignore the mark or call it an error, so refusing is acceptable.
    """
    return replace(record, bom=_marked(record.text).bom)


def _marked(text: Text) -> Text:
    if text.bom:
        raise NotApplicable("it has a byte order mark already")
    if not text.encoding.startswith("utf-"):
        raise NotApplicable(f"{text.encoding} has no byte order mark")
    return replace(text, bom=True)


@mutator(
    "encoding.stray_boms",
    only=PLAIN,
    lines=Ladder(0.01, 0.05, 0.2, 0.5, 1, unit="share of lines", zero=0),
    examples=EXAMPLES,
)
def stray_boms(text: Text, lines: float, rng: Generator) -> Degraded[Text]:
    """Begin lines with a byte order mark of their own, as files that were joined one after the other do.

    The first line has one too, and where the file had one already it has two. The marks are invisible and mean
    nothing: same. Ladder: a first guess, uncalibrated.
    """
    if not text.encoding.startswith("utf-"):
        raise NotApplicable(f"{text.encoding} has no byte order mark")
    starts = line_starts(text.value)
    some(starts, "it has no lines")
    order = drawn(rng, len(starts), lines)
    if not len(order):
        return Degraded(text)
    hit = sorted({0, *(starts[index] for index in order)})
    places = [Span(at, at) for at in hit]
    value = spliced(text.value, places, [_MARK] * len(places))
    return Degraded(text.with_value(value), touched=[Span(at, at + 1) for at in hit])
