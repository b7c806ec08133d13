"""Characters that do not belong: what nobody sees, what stands in for others, and how lines end."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from crumple import Text, measure
from crumple_mutators.measures.misread import misread_much

_LINE_END = re.compile(r"\r+\n|\r|\n|\u2028")
_WORD = re.compile(r"[^\W_]{2,}")
_LATIN = r"A-Za-z\u00c0-\u024f\u0370-\u04ff"
_CONTROLS = "\x01-\x08\x0b\x0e-\x19\x1b-\x1e\x7f"
_FEWEST_LINES = 4
_RARE = 0.02
_ENTITY = re.compile(r"&(amp;)*(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_BEYOND = re.compile(r"[^\x00-\x7f\udc80-\udcff]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LIGABLE = re.compile("ffi|ffl|ff|fi|fl")
_TYPED = re.compile(
    "[\u20ac\u201a-\u201e\u2018-\u201d\u2013\u2014\u2026\u2122\u2022]|(?<=\\w)'(?=\\w)|(?<=\\w )-(?= \\w)"
)
_MIXED_WORD = re.compile(r"(?=\w*[A-Za-z])(?=\w*[\u0400-\u045f])[A-Za-z\u0400-\u045f]{3,}")
_SHAPES: Final = frozenset("aceopxyijsABCEHIKMOPSTXJ" + "асеорхуіјѕАВСЕНІКМОРЅТХЈ")
_NON_ASCII_DIGITS = re.compile(
    "[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]+(?:[.,\u066b\u066c/-]"
    "[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]+)*"
)
_ASCII_DIGITS = re.compile(r"[0-9]+(?:[.,/-][0-9]+)*")
_WITH_DIGITS = re.compile("[\u0620-\u064a\u0671-\u06d3\u0904-\u0939\u0985-\u09b9\u0e01-\u0e2e]")
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def sure(text: Text) -> bool:
    """Whether the characters of a text are known for certain: not from a guessed codepage, nor misread."""
    return text.value.isascii() or (text.encoding.startswith("utf-") and not misread_much(text))


@lru_cache(maxsize=2)
def _words(value: str) -> int:
    """How many words of two characters or more a text has, by what it would be without invisible characters."""
    return len(_WORD.findall(value))


def _share_of_words(value: str, inside: str) -> float:
    """The share of the words that have one of these characters inside them, between two letters or digits.

    Args:
        value: the text.
        inside: characters, as a class of a pattern has them.
    """
    found = re.findall(rf"[^\W_][{inside}]+(?=[^\W_])", value)
    if not found:
        return 0.0
    whole = _words(re.sub(rf"[{inside}]", "", value))
    return min(1.0, len(found) / max(1, whole))


@measure("encoding.control_characters", within=0.25, unit="share of the value")
def control_characters(text: Text) -> float | None:
    """The share of the words with a control character inside; tabs, line ends, form feeds and Ctrl-Z are none."""
    if not sure(text):
        return None
    return _share_of_words(text.value, _CONTROLS)


@measure("encoding.zero_width", within=0.25, unit="share of the value")
def zero_width(text: Text) -> float | None:
    """The share of the words with a character of no width inside, in scripts that have no use for one.

    Persian, Indic scripts and emoji are written with joiners, Thai and Khmer with spaces of no width.
    """
    if not sure(text):
        return None
    if text.value.isascii():
        return 0.0
    found = re.findall(rf"[{_LATIN}0-9][\u200b\u200c\u2060\ufeff]+(?=[{_LATIN}0-9])", text.value)
    if not found:
        return 0.0
    return min(1.0, len(found) / max(1, _words(re.sub("[\u200b\u200c\u2060\ufeff]", "", text.value))))


@measure("encoding.soft_hyphens", within=0.25, unit="share of the value")
def soft_hyphens(text: Text) -> float | None:
    """The share of the words of four letters or more with a soft hyphen inside."""
    if not sure(text):
        return None
    found = len(re.findall(r"[^\W\d_]\u00ad+(?=[^\W\d_])", text.value))
    if not found:
        return 0.0
    long = len(re.findall(r"[^\W\d_]{4,}", text.value.replace("\u00ad", "")))
    return min(1.0, found / max(1, long))


@measure("encoding.bidi_controls", within=0.25, unit="share of the value")
def bidi_controls(text: Text) -> float | None:
    """The share of the words after a mark of direction; None beside a script that needs them."""
    if not sure(text):
        return None
    if text.value.isascii():
        return 0.0
    found = len(re.findall("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+(?=\\w)", text.value))
    if found and re.search("[\u0590-\u05ff\u0600-\u061b\u061d-\u06ff]", text.value):
        return None
    return min(1.0, found / max(1, len(re.findall(r"\w+", text.value)))) if found else 0.0


@measure("encoding.no_break_spaces", within=0.25, unit="share of the value")
def no_break_spaces(text: Text) -> float | None:
    """The share of the spaces between words that do not break, where no rule of typesetting asks for one.

    Beside figures, before ; : ! ? and a closing guillemet, and behind an opening one they are meant.
    """
    if not sure(text):
        return None
    if text.value.isascii():
        return 0.0
    found = len(re.findall(r"(?<=[^\W\d_])[\u00a0\u2007\u202f](?=[^\W\d_])", text.value))
    return found / (found + len(re.findall(r"(?<=[^\W\d_]) (?=[^\W\d_])", text.value))) if found else 0.0


@measure("encoding.stray_boms", within=0.25, unit="share of the value")
def stray_boms(text: Text) -> float | None:
    """The share of the lines that begin with a byte order mark, the first aside."""
    if not sure(text):
        return None
    found = len(re.findall("(?<=[\r\n])\ufeff", text.value)) + (text.bom and text.value.startswith("\ufeff"))
    return found / max(1, len(_LINE_END.findall(text.value))) if found else 0.0


@measure("encoding.nfd", within=0.1, unit="share of the value")
def nfd(text: Text) -> float | None:
    """The share of the characters with a composed form that are written as letter and mark."""
    if not sure(text):
        return None
    if text.value.isascii() or unicodedata.is_normalized("NFC", text.value):
        return 0.0
    composed = unicodedata.normalize("NFC", text.value)
    joined = len(text.value) - len(composed)
    whole = sum(len(unicodedata.normalize("NFD", each)) > 1 for each in composed if not each.isascii())
    return min(1.0, joined / max(1, whole)) if joined > 0 else 0.0


@measure("encoding.replaced", within=0.1, unit="share of the value")
def replaced(text: Text) -> float | None:
    """The share of the characters beyond ASCII that are U+FFFD."""
    if not sure(text):
        return None
    found = text.value.count("\ufffd")
    return found / len(_BEYOND.findall(text.value)) if found else 0.0


@measure("encoding.misread_marks", within=0.1, unit="share of the value")
def misread_marks(text: Text) -> float:
    """The share of the characters beyond ASCII that are U+FFFD misread: three characters for one."""
    found = text.value.count("\u00ef\u00bf\u00bd")
    return found / (len(_BEYOND.findall(text.value)) - 2 * found) if found else 0.0


@measure("encoding.c1_controls", within=0.25, unit="share of the value")
def c1_controls(text: Text) -> float | None:
    """The share of the quotes, dashes and the like that are control characters U+0080 to U+009F.

    U+0085 alone is left aside: it ends lines on some hosts. In mojibake they belong to other characters.
    """
    if not sure(text):
        return None
    if text.value.isascii():
        return 0.0
    found = len(re.findall("[\u0080\u0082\u0084-\u0086\u0091-\u0097\u0099](?![\u0080-\u00bf])", text.value))
    return found / (found + len(_TYPED.findall(text.value))) if found else 0.0


@measure("encoding.ligatures", within=0.1, unit="share of the value")
def ligatures(text: Text) -> float | None:
    """The share of fi, fl, ff and the like that are one character, as text taken out of PDF files has them."""
    if not sure(text):
        return None
    found = len(_LIGATURE.findall(text.value)) if not text.value.isascii() else 0
    return found / (found + len(_LIGABLE.findall(text.value))) if found else 0.0


@measure("encoding.full_width", within=0.1, unit="share of the value")
def full_width(text: Text) -> float | None:
    """The share of Latin letters and digits that are as wide as Chinese ones; None in East Asian text."""
    if not sure(text):
        return None
    found = len(_FULL_WIDTH.findall(text.value)) if not text.value.isascii() else 0
    if found and len(_EAST_ASIAN.findall(text.value)) > found:
        return None
    return found / (found + len(re.findall("[0-9A-Za-z]", text.value))) if found else 0.0


@measure("encoding.line_endings")
def line_endings(text: Text) -> str | bool:
    """How the lines end, where they do so in several ways, or in one that few programs know.

    LF and CRLF are both somebody's norm. A single line among many that ends otherwise says nothing.
    """
    value = text.value
    if "\r" not in value and "\u2028" not in value:
        return False
    ends = _LINE_END.findall(value)
    counts = {each: ends.count(each) for each in ("\n", "\r\n", "\r", "\r\r\n", "\u2028")}
    most = max(counts, key=lambda each: counts[each])
    others = len(ends) - counts[most]
    if others >= 2 and others > _RARE * len(ends) and not _only_within_quotes(value, most):
        return "mixed"
    if counts[most] < 2 and most != "\r\r\n":
        return False
    return {"\r": "cr", "\r\r\n": "crcrlf", "\u2028": "u2028"}.get(most, False)


def _only_within_quotes(value: str, most: str) -> bool:
    """Whether other line ends are inside quoted cells only, as spreadsheets break the lines of a cell."""
    outside = re.sub(r'"[^"]*"', '""', value)
    return all(each == most for each in _LINE_END.findall(outside))


@measure("encoding.html_entities", within=0.25, unit="share of the value")
def html_entities(text: Text) -> float | None:
    """How many layers of HTML's escaping are on a text that is no markup; below 1 the share that is escaped."""
    if "&" not in text.value:
        return 0.0
    if re.search(r"</?[A-Za-z!?][^<>]*>", text.value):
        return None
    found = [each.group() for each in _ENTITY.finditer(text.value)]
    if not found:
        return 0.0
    layers = [1 + each.count("amp;") - (each.endswith("&amp;") or each == "&amp;") for each in found]
    bare = len(re.findall(r"[<>]|&(?!(?:amp;)*#?\w{2,8};)", text.value)) + len(_BEYOND.findall(text.value))
    share = len(found) / (len(found) + bare)
    return share if bare else float(sum(layers) / len(layers))


@measure("text.homoglyphs", within=0.5, unit="share of the value")
def homoglyphs(text: Text) -> float | None:
    """The share of the letters two scripts have alike that are of the other one, told by words that mix both."""
    if not sure(text):
        return None
    if text.value.isascii():
        return 0.0
    mixed = _MIXED_WORD.findall(text.value)
    if len(mixed) < 2:
        return 0.0
    joined = "".join(mixed)
    latin = sum(each.isascii() for each in joined)
    strangers = [each for each in joined if each.isascii() == (latin < len(joined) - latin)]
    if not all(each in _SHAPES for each in strangers):
        return 0.0  # words such as "SMS-ка" are made of two scripts on purpose
    alike = sum(each in _SHAPES for each in text.value)
    return len(strangers) / max(1, alike)


@measure("language.digits", within=0.1, unit="share of the value")
def digits(text: Text) -> float | None:
    """The share of the numbers that are written in other digits than 0 to 9; None in a script that has them."""
    if not sure(text):
        return None
    found = len(_NON_ASCII_DIGITS.findall(text.value)) if not text.value.isascii() else 0
    if found and len(_WITH_DIGITS.findall(text.value)) > len(re.findall("[A-Za-z]", text.value)):
        return None
    return found / (found + len(_ASCII_DIGITS.findall(text.value))) if found else 0.0
