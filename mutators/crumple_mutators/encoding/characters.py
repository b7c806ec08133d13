"""The same characters in other forms: decomposed, full width, without their marks, escaped."""

from __future__ import annotations

import html.entities
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.positions import (
    beyond_ascii,
    code_points,
    drawn,
    joined,
    number_of,
    prefix,
    some,
    spans_of,
    spliced,
)

_SHARES = (0.01, 0.05, 0.2, 0.5, 1)
_NO_MARK = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ħ": "h", "ß": "ss"}
_NO_MARK |= {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ð": "d", "þ": "th"}
_LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "fi": "\ufb01", "fl": "\ufb02", "ff": "\ufb00", "...": "\u2026"}
_LIGATURE = re.compile(r"ff[il]|f[fil]|\.{3}")
_MARKUP = [ord(each) for each in "&<>"]
_LAST_WITH_MARKS = 0x530  # Latin, Greek, Cyrillic: beyond, a mark is a vowel and no ornament
_EXTENDED = range(0x1E00, 0x2000)


@mutator(
    "encoding.nfd",
    share=Ladder(*_SHARES, unit="share of composed characters", zero=0),
    examples=EXAMPLES,
)
def nfd(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write composed characters as a letter and its mark (Unicode's form NFD), as files from a Mac have them.

    It looks the same and means the same. Ladder: the catalogue's.
    """
    value, spans = _rewritten(text, share, rng, _decomposed, "it has no composed characters")
    return Degraded(text.with_value(value), touched=spans)


@cache
def _decomposed(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    # A few characters decompose for good; those would change.
    return parts if unicodedata.normalize("NFC", parts) == character else character


@mutator(
    "encoding.diacritics",
    truth="lost",
    share=Ladder(*_SHARES, unit="share of characters with marks", zero=0),
    examples=EXAMPLES,
)
def diacritics(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Strip the marks of Latin, Greek and Cyrillic letters, as keyboards and old hosts without them do.

    What the letter was is lost ("Muller" may be Müller). Ladder: the catalogue's.
    """
    value, spans = _rewritten(text, share, rng, _stripped, "it has no letters with marks")
    return Degraded(text.with_value(value), lost=spans)


@cache
def _stripped(character: str) -> str:
    if not (ord(character) < _LAST_WITH_MARKS or ord(character) in _EXTENDED):
        return character
    parts = unicodedata.normalize("NFD", character)
    return _NO_MARK.get(character) or "".join(each for each in parts if not unicodedata.combining(each)) or character


@mutator(
    "encoding.full_width",
    share=Ladder(*_SHARES, unit="share of ASCII letters and digits", zero=0),
    examples=EXAMPLES,
)
def full_width(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write letters and digits in full width, as East Asian keyboards do ("１２３").

    They mean the same (Unicode's form NFKC makes them equal). Ladder: the catalogue's.
    """
    value, spans = _rewritten(text, share, rng, _widened, "it has no ASCII letters and digits")
    return Degraded(text.with_value(value), touched=spans)


@cache
def _widened(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if character.isascii() and character.isalnum() else character


@mutator(
    "encoding.ligatures",
    share=Ladder(*_SHARES, unit="share of fi, fl, ff and ...", zero=0),
    examples=[("note.txt", "The first file of the office is fine... A flat fee offers a final refill, and so on...\n")],
)
def ligatures(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write "fi", "fl", "ff" and "..." as one character each, as text copied out of typeset pages has them.

    They mean the same (Unicode's form NFKC makes them equal). Ladder: the catalogue's shares.
    """
    shown = content(text.value)
    found = (Span(*each.span()) for each in _LIGATURE.finditer(text.value))
    spans = [each for each in found if shown[each.start : each.end].all()]
    some(spans, "it has no letters that are ever written as one")
    hit = [spans[index] for index in drawn(rng, len(spans), share)]
    written = (_LIGATURES[text.value[each.start : each.end]] for each in hit)
    return Degraded(text.with_value(spliced(text.value, hit, written)), touched=hit)


@mutator(
    "encoding.html_entities",
    layers=Ladder(0.1, 0.5, 1, 2, 3, unit="layers of escaping", zero=0),
    examples=[
        ("letter.txt", "Kunde: Müller & Söhne, Köln\nGrüße aus Düsseldorf\n"),
        ("people.csv", EXAMPLES[1][1]),
    ],
)
def html_entities(text: Text, layers: float, rng: Generator) -> Degraded[Text]:
    """Escape &, <, > and characters beyond ASCII for HTML, once or several times over, as web forms and feeds do.

    Unescaping as often gives the same. Below 1 the share of these characters that is escaped once; from 1 on all
    are, and the share beyond a whole number once more. Ladder: a tenth and half of them, then the catalogue's layers.
    """
    first = text.value.partition("\n")[0]
    markup = text.value.lstrip()[:1] == "<"
    if ";" in first and not markup and not first.lstrip().startswith(("{", "[")):
        raise NotApplicable("its cells seem to end at ';', which every entity holds")
    points = code_points(text.value)
    at = np.flatnonzero(content(text.value) & (beyond_ascii(points) | np.isin(points, _MARKUP)))
    some(at, "it has no characters that are ever escaped")
    whole = int(layers)
    times = np.full(len(at), whole)
    times[prefix(rng, len(at), number_of(layers - whole, len(at), least=0 if whole else 1))] += 1
    names = {} if text.value.lstrip().startswith("<?xml") else html.entities.codepoint2name
    hit = [Span(start, start + 1) for start in at[times > 0].tolist()]
    written = (_escaped(int(points[span.start]), each, names) for span, each in zip(hit, times[times > 0], strict=True))
    return Degraded(text.with_value(spliced(text.value, hit, written)), touched=hit)


def _escaped(point: int, times: int, names: Mapping[int, str]) -> str:
    name = names.get(point) or {0x26: "amp", 0x3C: "lt", 0x3E: "gt"}.get(point) or f"#{point}"
    # From the second time on it is the ampersand that is escaped.
    return "&" + "amp;" * (times - 1) + name + ";"


def _rewritten(
    text: Text, share: float, rng: Generator, rewrite: Callable[[str], str], reason: str
) -> tuple[str, list[Span]]:
    """The text with a share of the characters that can be rewritten so, and where they stood."""
    points = code_points(text.value)
    forms = {ord(each): new for each in sorted(set(text.value)) if (new := rewrite(each)) != each}
    at = np.flatnonzero(content(text.value) & np.isin(points, list(forms)))
    some(at, reason)
    hit = at[drawn(rng, len(at), share)]
    if all(len(new) == 1 for new in forms.values()):
        narrow = np.array(list(forms), np.uint32)
        wide = np.array([ord(each) for each in forms.values()], np.uint32)
        points[hit] = wide[np.searchsorted(narrow, points[hit])]
        return joined(points), spans_of(hit)
    each_alone = [Span(start, start + 1) for start in hit.tolist()]
    return spliced(text.value, each_alone, (forms[int(points[start])] for start in hit)), spans_of(hit)
