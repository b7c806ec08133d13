"""The same characters in other forms, which read the same: decomposed, full width, as ligatures, as typesetters do."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.encoding.rewriting import of_kind, rewritten, touched
from crumple_mutators.positions import code_points, drawn, some, spans_of, spliced
from crumple_mutators.substitution import substituted

SHARES: Final = (0.01, 0.05, 0.2, 0.5, 1)
_LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "fi": "\ufb01", "fl": "\ufb02", "ff": "\ufb00", "...": "\u2026"}
_LIGATURE = re.compile(r"ff[il]|f[fil]|\.{3}")
_TURKISH = "şŞğĞıİ"
_DOTLESS = {"i": "ı", "I": "İ"}
# Apostrophes and hyphens within words, a minus before a number, a hyphen between spaces: what no format lives by.
_TYPED = re.compile(r"(?<=\w)['-](?=\w)|(?<=[ \t>:])-(?=\d)|(?<=\w )-(?= \w)")
_SET = {"'": "\u2019", "-": "\u2011", " -": "\u2212", "- ": "\u2013"}


@mutator(
    "encoding.nfd",
    share=Ladder(*SHARES, unit="share of composed characters", zero=0),
    examples=EXAMPLES,
)
def nfd(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write composed characters as a letter and its mark (Unicode's form NFD), as files from a Mac have them.

    It looks the same and means the same. Ladder: the catalogue's.
    """
    value, hit = rewritten(text, share, rng, _decomposed, "it has no composed characters")
    return Degraded(text.with_value(value), touched=touched(hit))


@cache
def _decomposed(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    # A few characters decompose for good; those would change.
    return parts if unicodedata.normalize("NFC", parts) == character else character


@mutator(
    "encoding.nfkc",
    truth=("same", "lost"),
    share=Ladder(*SHARES, unit="share of compatibility characters", zero=0),
    examples=[("note.txt", "Fläche 25 m², № 4711, ½ Tag … Büro Ⅳ™, 1ª Etage, 5 ㎏, ﬁnal\n")],
)
def nfkc(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write compatibility characters in plain ones (Unicode's form NFKC: "№" as "No", "²" as "2"), as indexers do.

    Most mean the same. A superscript or a fraction that now stands beside other digits ("m²" as "m2", "1½" as "11⁄2")
    is lost. Ladder: the catalogue's shares.
    """
    value, hit = rewritten(text, share, rng, _compatible, "it has no compatibility characters")
    numbers = np.array([unicodedata.category(text.value[at]) == "No" for at in hit.tolist()], np.bool_)
    return Degraded(text.with_value(value), lost=spans_of(hit[numbers]), touched=touched(hit))


@cache
def _compatible(character: str) -> str:
    # Spaces are those of `encoding.no_break_spaces`; what only composes is no compatibility character.
    if character.isspace() or not unicodedata.decomposition(character).startswith("<"):
        return character
    return unicodedata.normalize("NFKC", character)


@mutator(
    "encoding.full_width",
    share=Ladder(*SHARES, unit="share of ASCII letters and digits", zero=0),
    examples=EXAMPLES,
)
def full_width(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write letters and digits in full width, as East Asian keyboards do ("１２３").

    They mean the same (Unicode's form NFKC makes them equal). Ladder: the catalogue's.
    """
    value, hit = rewritten(text, share, rng, _widened, "it has no ASCII letters and digits")
    return Degraded(text.with_value(value), touched=touched(hit))


@cache
def _widened(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if character.isascii() and character.isalnum() else character


@mutator(
    "encoding.ligatures",
    share=Ladder(*SHARES, unit="share of fi, fl, ff and ...", zero=0),
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
    "encoding.long_s",
    share=Ladder(*SHARES, unit="share of s within words", zero=0),
    examples=EXAMPLES,
)
def long_s(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write an s that does not end its word as "ſ", as readings of old print and Fraktur do.

    It means the same (Unicode's form NFKC makes them equal). Ladder: the catalogue's shares.
    """
    points = code_points(text.value)
    letters = of_kind(text.value, points, str.isalpha)
    inner = content(text.value) & (points == ord("s"))
    inner[:-1] &= letters[1:]
    inner[-1:] = False
    at = np.flatnonzero(inner)
    some(at, "it has no s within words")
    hit = at[drawn(rng, len(at), share)]
    value = substituted(points, hit, points[hit], {ord("s"): "ſ"})
    return Degraded(text.with_value(value), touched=touched(hit))


@mutator(
    "encoding.dotless_i",
    share=Ladder(*SHARES, unit="share of the letters i and I", zero=0),
    examples=[("letter.txt", "Invoice 4711 is still unpaid. Kind regards, Intertrading Limited\n"), EXAMPLES[1]],
)
def dotless_i(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write "i" without its dot and "I" with one, as changing case under a Turkish locale and back does.

    No language but Turkish and its kin has these letters, so that it can be undone: same. Text that may be in one of
    those is left alone. Ladder: the catalogue's shares.
    """
    if any(each in text.value for each in _TURKISH):
        raise NotApplicable("it may be Turkish, where the dot makes another letter")
    value, hit = rewritten(text, share, rng, _turkish, "it has no letter i")
    return Degraded(text.with_value(value), touched=touched(hit))


def _turkish(character: str) -> str:
    return _DOTLESS.get(character, character)


@mutator(
    "encoding.typography",
    share=Ladder(*SHARES, unit="share of apostrophes, hyphens and minus signs", zero=0),
    examples=[("note.txt", "The firm's order 2024-0117 isn't paid - the balance is: -12.50 EUR, on-site.\n")],
)
def typography(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Set apostrophes, hyphens, dashes and minus signs as typographers do, as word processors correct while one types.

    "2024-0117" gets a hyphen that does not break (U+2011), "-12.50" a minus sign (U+2212). They mean the same.
    Ladder: the catalogue's shares.
    """
    shown = content(text.value)
    spans = [Span(*each.span()) for each in _TYPED.finditer(text.value) if shown[each.start()]]
    some(spans, "it has no apostrophes and hyphens within words")
    hit = [spans[index] for index in drawn(rng, len(spans), share)]
    written = (_typeset(text.value, each.start) for each in hit)
    return Degraded(text.with_value(spliced(text.value, hit, written)), touched=hit)


def _typeset(value: str, at: int) -> str:
    typed, before, after = value[at], value[at - 1 : at], value[at + 1 : at + 2]
    if typed == "'" or before.isalnum() or before == "_":
        return _SET[typed]
    return _SET["- "] if after == " " else _SET[" -"]
