"""Characters that went through the wrong codec: UTF-8 read as a codepage, one codepage read as another."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import CrumpleError, Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.characters import SHARES
from crumple_mutators.encoding.codepages import EXAMPLES, fitted
from crumple_mutators.encoding.rewriting import among, check_decodable, distinct, lines_beyond, touched
from crumple_mutators.positions import (
    Indices,
    Points,
    beyond_ascii,
    code_points,
    drawn,
    number_of,
    some,
    spans_of,
    spliced,
)
from crumple_mutators.substitution import substituted

_VIAS: Final = ("cp1252", "cp1251", "cp1250", "cp437", "cp850", "mac_roman")
_BEYOND = re.compile(r"[^\x00-\x7f\ud800-\udfff]")
_REST_OF_WORD = re.compile(r"\w{0,100}")
_TENTH = 0.1
_ROUNDS: Final = {"word": 1, "lines": 1, "whole": 1, "twice": 2, "thrice": 3}
_NOTHING = "it has no characters beyond ASCII"
# What cleaning takes out of text, and what it makes of spaces that do not break.
_WORN = {**dict.fromkeys([*range(0x80, 0xA0), 0xAD]), 0xA0: " "}
_STRUCTURE = frozenset("\"'\\<>&,;|\t{}=")
_READ_AS: Final = ("latin-1", "windows", "mac_roman", "cp437", "cp1251")
# Quotes, apostrophes and dashes as Windows types them, all of them at 0x80 to 0x9F of its codepages.
_TYPED = re.compile(r"(?<=\w)'(?=\w)|(?<=\w )-(?= \w)|[\u20ac\u201a-\u201e\u2018-\u201d\u2013\u2014\u2026\u2122\u2022]")
_SET = {"'": "\u2019", "-": "\u2013"}


@mutator(
    "encoding.mojibake",
    refusable_from=4,
    reach=Ladder(*_ROUNDS, unit="reach"),
    examples=EXAMPLES,
)
def mojibake(text: Text, reach: str, rng: Generator, *, via: str = "cp1252") -> Degraded[Text]:
    """Read the UTF-8 bytes of characters as a codepage, as an import with the wrong setting does ("MÃ¼ller").

    One word, a tenth of the lines, all, all twice or three times (a file that went through several such programs).
    Bytes that the codepage leaves open are control characters, as browsers read them, so that it can be undone as
    often: same. From twice on refusing is acceptable. What was lost on the way is `encoding.worn_mojibake`. Ladder: the
    catalogue's. `via` is the codepage: cp1252, cp1251, cp1250, cp437, cp850 or mac_roman.
    """
    if via not in _VIAS:
        raise CrumpleError(f"via cannot be {via!r}", where="encoding.mojibake", got=via, allowed=_VIAS)
    if text.value.isascii():
        raise NotApplicable(_NOTHING)
    points = code_points(text.value)
    at = np.flatnonzero(beyond_ascii(points))
    some(at, _NOTHING)
    parts = _reached(text.value, points, reach, rng)
    if parts is None:
        return Degraded(text.with_value(_misread(text.value, _ROUNDS[reach], via)), touched=touched(at))
    value = spliced(text.value, parts, (_misread(text.value[each.start : each.end], 1, via) for each in parts))
    within = np.concatenate([at[slice(*np.searchsorted(at, (each.start, each.end)))] for each in parts])
    return Degraded(text.with_value(value), touched=touched(within))


def _reached(value: str, points: Points, reach: str, rng: Generator) -> list[Span] | None:
    """The parts that are read wrongly; None for all of it."""
    if reach not in ("word", "lines"):
        return None
    lines = lines_beyond(value, points)
    order = rng.permutation(len(lines))
    if reach == "lines":
        return [lines[index] for index in sorted(order[: number_of(_TENTH, len(lines))])]
    line = lines[order[0]]
    found = _BEYOND.search(value, line.start, line.end)
    assert found is not None  # it is among these lines for that
    before = _REST_OF_WORD.match(value[max(line.start, found.start() - 100) : found.start()][::-1])
    after = _REST_OF_WORD.match(value, found.end(), line.end)
    return [Span(found.start() - len(before.group() if before else ""), after.end() if after else found.end())]


def _misread(part: str, rounds: int, via: str) -> str:
    try:
        for _ in range(rounds):
            part = codecs.charmap_decode(part.encode(), "strict", _table(via))[0]
    except UnicodeEncodeError:  # it holds bytes that nothing explains, which stay as they are
        runs = re.split("([\ud800-\udfff]+)", part)
        return "".join(run if odd % 2 else _misread(run, rounds, via) for odd, run in enumerate(runs))
    return part


@cache
def _table(via: str) -> str:
    """What each byte reads as; those that a codepage leaves open are control characters, as browsers read them."""
    return "".join(bytes([byte]).decode(via, "ignore") or chr(byte) for byte in range(256))


@mutator(
    "encoding.worn_mojibake",
    truth=("same", "lost"),
    refusable_from=4,
    share=Ladder(*SHARES, unit="share of lines", zero=0),
    examples=EXAMPLES,
)
def worn_mojibake(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Read UTF-8 as cp1252 and clean up what came of it, as an import that trims and filters its values does.

    Control characters and soft hyphens are gone, spaces that do not break have become plain ones: a character of which
    a byte went so ("à", "Í", "Á" and "í" alike become "Ã") is lost, the others can be undone: same. The share is of the
    lines that hold a character beyond ASCII. Ladder: the catalogue's shares.
    """
    points = code_points(text.value)
    lines = lines_beyond(text.value, points)
    some(lines, _NOTHING)
    forms: dict[int, str] = {}
    worn: list[int] = []
    for each in distinct(text.value, points):
        if not each.isascii():
            misread = _misread(each, 1, "cp1252")
            forms[ord(each)] = misread.translate(_WORN)
            worn += [ord(each)] if forms[ord(each)] != misread else []
    at = np.flatnonzero(beyond_ascii(points))
    row = np.searchsorted([line.end for line in lines], at, side="right")
    hit = at[np.isin(row, drawn(rng, len(lines), share))]
    lost = spans_of(hit[among(points[hit], worn)])
    value = substituted(points, hit, points[hit], forms)
    return Degraded(text.with_value(value), lost=lost, touched=touched(hit))


@mutator(
    "encoding.misread",
    truth=("same", "lost"),
    refusable_from=4,
    read_as=Ladder(*_READ_AS, unit="codepage"),
    examples=[
        ("note.txt", "Für “Müller & Söhne” – 12 € für Crème brûlée, señor Núñez’ Büro in Málaga.\n"),
        EXAMPLES[1],
    ],
)
def misread(text: Text, read_as: str, rng: Generator) -> Degraded[Text]:
    """Read the bytes of one legacy codepage as those of another, as imports that take a file for their own do.

    The text's Windows codepage (of its script) read as Latin 1 (quotes and dashes become control characters), as
    another Windows codepage (1252, or 1250 for that), as Macintosh Roman, as DOS 437, as Cyrillic. Most of it looks
    wrong and can be undone with the two codecs: same. A Latin letter or a sign that has become another Latin letter
    ("Núñez" as "Núńez") looks right and is lost, and so is what the codepage lacks. From DOS on refusing is acceptable.
    Ladder: a first guess, uncalibrated, by how little of the text is left.
    """
    check_decodable(text)
    own, lacks = fitted(text.value, "windows")
    other = read_as if read_as != "windows" else "cp1250" if own == "cp1252" else "cp1252"
    if own == other:
        raise NotApplicable(f"its own codepage is {own}")
    points = code_points(text.value)
    forms: dict[int, str] = {}
    for each in distinct(text.value, points):
        new = "?" if each in lacks else _reread(each, own, other)
        if not each.isascii() and new != each and not _STRUCTURE.intersection(new):
            forms[ord(each)] = new
    at = _of_kinds(text.value, points, list(forms))
    some(at, f"{own} and {other} have its characters at the same places")
    gone = [point for point, new in forms.items() if chr(point) in lacks or _plausible(chr(point), new)]
    lost = spans_of(at[among(points[at], gone)])
    value = substituted(points, at, points[at], forms)
    return Degraded(text.with_value(value), lost=lost, touched=touched(at))


@cache
def _reread(character: str, own: str, other: str) -> str:
    return codecs.charmap_decode(character.encode(own), "strict", _table(other))[0]


def _of_kinds(value: str, points: Points, kinds: list[int]) -> Indices:
    return np.flatnonzero(content(value) & among(points, kinds))


@cache
def _plausible(character: str, new: str) -> bool:
    """Whether nothing shows that another character stood there: a Latin letter for one like it, or for a sign."""
    if not new.isalpha() or not unicodedata.name(new[0], "").startswith("LATIN "):
        return False
    category = unicodedata.category(character)
    if category[0] not in "LM":
        return True
    return unicodedata.name(character, "").startswith("LATIN ") and category == unicodedata.category(new)


@mutator(
    "encoding.c1_controls",
    share=Ladder(*SHARES, unit="share of typographic characters", zero=0),
    examples=[("note.txt", "It’s the firm’s “best” offer – 12 € only… don't wait\n")],
)
def c1_controls(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write typographic quotes, dashes and the euro as control characters U+0080 to U+009F, as cp1252 read as Latin 1.

    Straight apostrophes and dashes are set as Windows sets them first. Browsers read these controls as cp1252; every
    reader can: same. Ladder: the catalogue's shares.
    """
    shown = content(text.value)
    spans = [Span(*each.span()) for each in _TYPED.finditer(text.value) if shown[each.start()]]
    some(spans, "it has no quotes, apostrophes and dashes within its text")
    hit = [spans[index] for index in drawn(rng, len(spans), share)]
    typed = (text.value[each.start : each.end] for each in hit)
    written = (_SET.get(each, each).encode("cp1252").decode("latin-1") for each in typed)
    return Degraded(text.with_value(spliced(text.value, hit, written)), touched=hit)
