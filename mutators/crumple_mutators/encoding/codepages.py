"""Text in a legacy codepage that nothing declares, by family: Windows, ISO 8859, DOS, Macintosh, EBCDIC."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.bytewise import TABLES
from crumple_mutators.content import is_json, mail_body
from crumple_mutators.encoding.rewriting import among, check_decodable, distinct
from crumple_mutators.positions import code_points, spans_of

_LETTER = "Rechnung 4711\nKunde: Müller & Söhne, Köln\nBetrag: 1.234,50 für Büromöbel\nGrüße aus Düsseldorf\n"
_TABLE = "name,city,amount\nJosé Núñez,Córdoba,12.50\nZoë Brontë,Málaga,8.00\nRené Lefèvre,Besançon,99.90\n"
EXAMPLES: Final = (("letter.txt", _LETTER), ("people.csv", _TABLE))
PLAIN: Final = ("text/plain", "text/markdown", *TABLES)
"""Media types that say nothing of their encoding."""
STANDARD_UTF8: Final = ("application/json", "application/x-ndjson", "application/xml")
"""Media types that are in UTF-8 by their standards, where nothing else is declared."""

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_BIG5 = frozenset({"cp950", "big5", "big5hkscs"})
_ISO: Final = (
    "latin-1 iso8859-15 iso8859-2 koi8-r koi8-u iso8859-5 iso8859-7 iso8859-9 iso8859-8 iso8859-6 iso8859-13 "
    "iso8859-16 tis-620"
)
_FAMILIES: Final = {
    "windows": (
        "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874",
        "cp932 gbk cp949 cp950",
    ),
    "iso": (
        _ISO,
        "euc_jp gb2312 euc_kr big5",
    ),
    "dos": (
        "cp850 cp437 cp858 cp852 cp866 cp737 cp857 cp862 cp720 cp775 cp855 cp861 cp863 cp865",
        "shift_jis gbk johab big5hkscs",
    ),
    "mac": (
        "mac_roman mac_latin2 mac_cyrillic mac_greek mac_turkish mac_iceland mac_romanian mac_croatian",
        "iso2022_jp hz iso2022_kr big5",
    ),
    "ebcdic": ("cp037 cp1140 cp1026 cp875 cp424", ""),
}
# Hosts write letters beyond A to Z at places of their country's own: who has these writes that codepage.
_HOSTS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("cp273", frozenset("äöüßÄÖÜ")),
    ("cp500", frozenset("éèêàçëîôùœÉÈÀÇ")),
)
_CHARSETS: Final = {"cp932": "windows-31j", "gbk": "GBK", "cp949": "cp949", "cp950": "cp950"}
_HALF = 0.5


@mutator(
    "encoding.codepage",
    truth=("same", "lost"),
    refusable_from=5,
    only=(*PLAIN, "text/html", "message/rfc822"),
    family=Ladder("windows", "iso", "dos", "mac", "ebcdic", unit="codepages"),
    examples=EXAMPLES,
)
def codepage(text: Text, family: str, rng: Generator) -> Degraded[Text]:
    """Write the text in a legacy codepage that nothing declares, as exports of older programs and hosts do.

    Of the family (Windows; ISO 8859, KOI8 and EUC; DOS; Macintosh and ISO 2022; EBCDIC of the country) the codepage is
    taken that has most of the text's characters. The answer stays the same; what the codepage, or that of a lower
    level, lacks becomes "?" and is lost (HTML has references for it). JSON and XML have `encoding.not_utf8`. Ladder:
    the catalogue's row, a codepage for every script on each rung, ordered by how rarely a reader guesses right; its
    first rung is `encoding.bom`.
    """
    check_decodable(text)
    if family == "ebcdic" and mail_body(text.value):
        raise NotApplicable("a mail's headers are ASCII, or it is none")
    written, missing = in_family(text.value, family)
    _check_other(written, text)
    return Degraded(written, lost=missing)


def _check_other(written: Text, text: Text) -> None:
    """Raise `NotApplicable` where a text would be written in the bytes that it is in."""
    same = codecs.lookup(written.encoding).name == codecs.lookup(text.encoding).name and written.bom == text.bom
    # In encodings of two names only ASCII can have the same bytes.
    if (same or text.value.isascii()) and written.encoded() == text.encoded():
        raise NotApplicable(f"its bytes are the same in {written.encoding}")


def in_family(value: str, family: str) -> tuple[Text, list[Span]]:
    """A text in the codepage of a family that has most of its characters, and what could not be written.

    What it or a lower family lacks is an escape in JSON, XML and HTML, which have one, and elsewhere a lost "?".

    Raises:
        NotApplicable: no codepage of the family has half of the characters beyond ASCII.
    """
    families = list(_FAMILIES)
    fitting = [fitted(value, each) for each in families[: families.index(family) + 1]]
    codec = fitting[-1][0]
    lacking = frozenset[str]().union(*(lacks for _, lacks in fitting))
    if not lacking:
        return Text(value, codec), []
    missing = np.flatnonzero(among(code_points(value), map(ord, lacking)))
    if len(missing) > _HALF * (len(value) - len(value.encode("ascii", "ignore"))):
        raise NotApplicable(f"no {family} codepage has its script")
    lost = spans_of(missing) if escape(value, min(lacking)) == "?" else []
    for each in sorted(lacking):  # few: quicker than translating every character
        value = value.replace(each, escape(value, each))
    return Text(value, codec), lost


def escape(value: str, character: str) -> str:
    """A character as the format of a text writes what its codepage lacks; "?" where it has no escapes."""
    if value.lstrip()[:1] == "<":
        return f"&#{ord(character)};"
    if is_json(value):
        return json.dumps(character)[1:-1]
    return "?"


def fitted(value: str, family: str) -> tuple[str, frozenset[str]]:
    """The codepage of a family that has most of a text's characters, and those that it lacks."""
    narrow, wide = (names.split() for names in _FAMILIES[family])
    if value.isascii():
        return narrow[0], frozenset()
    if family != "ebcdic" and writes(narrow[0], value):  # the commonest case, and quickly told
        return narrow[0], frozenset()
    names = narrow
    if wide and _EAST_ASIAN.search(value):
        # Traditional characters are in GBK too, but who writes them writes Big5.
        big = not _KANA.search(value) and writes("big5hkscs", value) and not writes("gb2312", value)
        names = [*sorted(wide, key=lambda codec: codec not in _BIG5 if big else False), *narrow]
    if family == "ebcdic":
        names = _of_country(value, names)
    for codec in names:
        if writes(codec, value):
            return codec, frozenset()
    counts = {each: value.count(each) for each in distinct(value, code_points(value)) if not each.isascii()}
    best, most, lacks = names[0], -1, frozenset[str]()
    for codec in names:
        has = frozenset(each for each in counts if _has(codec, each))
        if (covered := sum(counts[each] for each in has)) > most:
            best, most, lacks = codec, covered, frozenset(counts) - has
    return best, lacks


def _of_country(value: str, codecs: list[str]) -> list[str]:
    there = [each for each in distinct(value, code_points(value)) if each.isalpha() and not each.isascii()]
    letters = {each: value.count(each) for each in there}
    beyond = sum(letters.values())
    for codec, own in _HOSTS:
        if sum(letters.get(each, 0) for each in own) > _HALF * beyond:
            return [codec, *codecs]
    return codecs


@cache
def _has(codec: str, character: str) -> bool:
    return writes(codec, character)


def charset_name(codec: str) -> str:
    """What a Windows codepage is declared as."""
    return _CHARSETS.get(codec) or codec.replace("cp", "windows-")


def writes(codec: str, characters: str) -> bool:
    """Whether a codepage has all of these characters."""
    try:
        characters.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@mutator("encoding.utf7", level=5, refusable_from=5, only=PLAIN, examples=EXAMPLES)
def utf7(text: Text, rng: Generator) -> Text:
    """Write the text in UTF-7 ("M+APw-ller"), as old mail gateways and Exchange public folders stored it.

    The answer stays the same. It is a rare relic and ASCII to every detector: refusing is acceptable.
    """
    check_decodable(text)
    written = Text(text.value, "utf-7")
    _check_other(written, text)
    return written


@mutator(
    "encoding.not_utf8",
    refusable_from=1,
    only=STANDARD_UTF8,
    form=Ladder("windows", "utf16_bom", "utf16_le", "utf32_be", "ebcdic", unit="encoding"),
    examples=[
        ("order.json", '{"customer": "Müller & Söhne", "city": "Köln", "total": 1234.5}\n'),
        ("order.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<order><customer>Müller</customer></order>\n'),
    ],
)
def not_utf8(text: Text, form: str, rng: Generator) -> Text:
    """Write JSON or XML in another encoding than UTF-8 and leave its declaration, as exports of older programs do.

    The Windows codepage of its language, UTF-16 with a byte order mark or without, UTF-32, EBCDIC. What the codepage
    lacks is escaped: the answer stays the same. Both standards ask for UTF-8 unless something
    else is declared, so refusing is acceptable. Ladder: the encodings that the standards' older drafts tell apart by
    the first four bytes, after what is commonest; a first guess, uncalibrated.
    """
    check_decodable(text)
    written = _UNICODE[form](text.value) if form in _UNICODE else in_family(text.value, form)[0]
    _check_other(written, text)
    return written


_UNICODE: Final[Mapping[str, Callable[[str], Text]]] = {
    "utf16_bom": lambda value: Text(value, "utf-16-le", bom=True),
    "utf16_le": lambda value: Text(value, "utf-16-le"),
    "utf32_be": lambda value: Text(value, "utf-32-be"),
}
