"""What the bytes of a text are in: its codepage by name, byte order marks, UTF-16, bytes that belong to nothing."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crumple import Document, measure

MOST: Final = 1 << 20
"""Bytes of a file that are looked at; what is messy shows in its beginning."""
TEXTUAL: Final = ("text/", "application/json", "application/x-ndjson", "application/xml", "message/")
_DATA: Final = ("application/json", "application/x-ndjson", "application/xml")
_BOMS: Final = (
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
)
_WIDE_FROM = 0.02
_TAIL = 8
_WITHIN = re.compile("(?:[\udcc2-\udcdf]|[\udce0-\udcef][\udc80-\udcbf]?|[\udcf0-\udcf4][\udc80-\udcbf]{0,2})\\Z")
"""A character of several bytes that lacks its last, at the end: whoever cut the file cut it there."""
_ESCAPED = re.compile("[\udc80-\udcff]")
_MULTI = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
_LETTERS_OF_CODEPAGES = frozenset(range(0xC0, 0x100)) | frozenset(b"\x8a\x8c\x8e\x9a\x9c\x9e\x9f")
_APOSTROPHES = frozenset(b"\x91\x92\x96\x97\xad\xb4\xb7")
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,60}encoding\s*=\s*["']|<meta[^>]{0,120}charset\s*=\s*["']?|^content-type:[^\r\n]{0,120}charset="?)"""
    rb"""([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE | re.MULTILINE,
)
_DECLARED_WITHIN = 4096
_LIES: Final = {"windows-1252": "windows-1252", "iso-8859-1": "windows-1252", "latin1": "windows-1252"}
_EBCDIC: Final = ("cp037", "cp500", "cp273", "cp1140", "cp1026", "cp875", "cp424", "cp1141", "cp1147", "cp1148")
_DOS: Final = frozenset(
    [
        "cp437",
        "cp720",
        "cp737",
        "cp775",
        "cp850",
        "cp852",
        "cp855",
        "cp856",
        "cp857",
        "cp858",
        "cp860",
        "cp861",
        "cp862",
        "cp863",
        "cp864",
        "cp865",
        "cp866",
        "cp869",
        "johab",
        "big5hkscs",
    ]
)
_WINDOWS_TWINS: Final = {
    "iso8859-1": "cp1252", "iso8859-15": "cp1252", "iso8859-9": "cp1254", "iso8859-7": "cp1253", "iso8859-8": "cp1255",
    "iso8859-2": "cp1250", "iso8859-13": "cp1257", "tis-620": "cp874", "shift_jis": "cp932", "gb2312": "gbk",
    "euc_kr": "cp949", "big5": "cp950",
}  # fmt: skip
_FEWEST_HIGH = 1


@dataclass(frozen=True, slots=True)
class Sighted:
    """What the bytes of a text show.

    Attributes:
        data: the beginning of the file, without a byte order mark.
        bom: the encoding that a byte order mark names, or "".
        wide: the form of UTF-16 or UTF-32 that it is in: "utf-16 le"; "" where it is in neither.
        value: the characters as UTF-8, bytes that are none as lone surrogates; "" where it is wide.
    """

    data: bytes
    bom: str
    wide: str
    value: str

    @property
    def bad(self) -> int:
        """How many bytes UTF-8 does not explain."""
        return 0 if self.value.isascii() else len(_ESCAPED.findall(self.value))

    @property
    def multi(self) -> int:
        """How many characters beyond ASCII are valid UTF-8."""
        return 0 if self.value.isascii() else len(_MULTI.findall(self.value))


@lru_cache(maxsize=2)
def sighted(document: Document) -> Sighted | None:
    """What the bytes of a document show; None where it is no text."""
    if not document.media_type.startswith(TEXTUAL) or not document.data:
        return None
    data = document.data[:MOST]
    zeros = len(data) - len(data.rstrip(b"\0"))
    if zeros >= _TAIL:  # a tail of zeros is the file's, and not the text's
        data = data[:-zeros]
    bom = next((name for name, mark in _BOMS if data.startswith(mark)), "")
    rest = data[len(dict(_BOMS)[bom]) :] if bom else data
    wide = f"{bom[:6]} bom" if bom.startswith(("utf-16", "utf-32")) else _wide(rest)
    value = "" if wide else _WITHIN.sub("", rest.decode("utf-8", "surrogateescape"))
    return Sighted(rest, bom, wide, value)


def _wide(data: bytes) -> str:
    """The form of UTF-16 or UTF-32 without a mark: the zeros are on one side, and the units are characters."""
    if b"\0" not in data:
        return ""
    head = data[: 65536 if len(data) > 65536 else len(data) - len(data) % 4]
    for codec, at in (("utf-32-le", 3), ("utf-32-be", 0)):
        if len(head) >= 8 and not any(head[at::4]) and _readable(head, codec):
            return f"utf-32 {codec[-2:]}"
    head = data[: 65536 if len(data) > 65536 else len(data) - len(data) % 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 10 * even and odd > _WIDE_FROM * len(head) and _readable(head, "utf-16-le"):
        return "utf-16 le"
    if even > 10 * odd and even > _WIDE_FROM * len(head) and _readable(head, "utf-16-be"):
        return "utf-16 be"
    return _broken(data[:65536])


def _readable(head: bytes, codec: str) -> bool:
    """Whether units are characters that text is made of."""
    value = head.decode(codec, "replace").removesuffix("\ufffd")
    return sum(each.isprintable() or each in "\t\n\r\f" for each in value) > 0.97 * len(value)


def _broken(head: bytes) -> str:
    """Wide text that changes its byte order, or lacks a byte: its beginning and its end can be read, if not alike."""
    piece = len(head) // 8 // 4 * 4
    if piece < 8 or head.count(0) < 0.1 * len(head):
        return ""
    units = "utf-32" if head.count(0) > 0.6 * len(head) else "utf-16"
    size = 4 if units == "utf-32" else 2
    if not _readable(head[:piece], f"{units}-le") and not _readable(head[:piece], f"{units}-be"):
        return ""
    if len(head) % size:
        return f"{units} cut"
    sides = [_readable(each, f"{units}-le") for each in (head[:piece], head[-piece:])]
    return f"{units} mixed" if sides[0] != sides[1] else ""


def _form(document: Document, units: str) -> str | bool | None:
    seen = sighted(document)
    if seen is None or document.media_type.startswith(_DATA):
        return None
    if not seen.wide.startswith(units):
        return False
    form = seen.wide.split()[1]
    if form == "bom" and len(document.data) % (4 if units == "utf-32" else 2):
        return "cut"
    return form


@measure("encoding.utf16")
def utf16(document: Document) -> str | bool | None:
    """The form of UTF-16 that a text is in. Of Chinese and its like without a mark it cannot be told."""
    found = _form(document, "utf-16")
    return False if found and document.media_type == "text/csv" and _tabs(document) else found


@measure("encoding.unicode_text")
def unicode_text(document: Document) -> bool | None:
    """Whether a table named .csv is in UTF-16 with tabs between its cells, as spreadsheets save "Unicode text"."""
    if document.media_type != "text/csv" or (seen := sighted(document)) is None:
        return None
    return seen.wide.startswith("utf-16") and _tabs(document)


def _tabs(document: Document) -> bool:
    head = document.data[:4096].replace(b"\0", b"")
    return head.count(b"\t") > max(head.count(b","), head.count(b";"))


@measure("encoding.utf32")
def utf32(document: Document) -> str | bool | None:
    """The form of UTF-32 that a text is in."""
    return _form(document, "utf-32")


@measure("encoding.bom")
def bom(document: Document) -> bool | None:
    """Whether a text begins with the byte order mark of UTF-8."""
    seen = sighted(document)
    if seen is None or document.media_type in ("application/json", "application/x-ndjson", "message/rfc822"):
        return None
    return seen.bom == "utf-8"


@measure("encoding.json_bom")
def json_bom(document: Document) -> bool | None:
    """Whether JSON begins with the byte order mark of UTF-8."""
    seen = sighted(document)
    return seen.bom == "utf-8" if seen is not None and document.media_type == "application/json" else None


def _only_strays(seen: Sighted) -> bool:
    """Whether each byte beyond ASCII stands in a word of ASCII letters and is no letter of any Western codepage."""
    for found in _ESCAPED.finditer(seen.value):
        byte = ord(found.group()) - 0xDC00
        around = seen.value[max(0, found.start() - 1) : found.start()] + seen.value[found.end() : found.end() + 1]
        inside = len(around) == 2 and around.isascii() and around.isalnum()
        if byte in _LETTERS_OF_CODEPAGES or byte in _APOSTROPHES or not inside:
            return False
    return True


@lru_cache(maxsize=2)
def codepage_name(document: Document) -> str:
    """The codepage that a text is in, as Python calls it; "" where it is none, or cannot be told.

    Source: chardet, with its own idea of how sure it is; a Windows codepage is preferred to the ISO 8859 one that has
    the same characters at the same places.
    """
    seen = sighted(document)
    if seen is None or seen.wide or seen.bom or seen.data.count(0) > 0.02 * len(seen.data):
        return ""
    if (host := _ebcdic(seen.data)) is not None:
        return host
    if not legacy(seen):
        return ""
    import chardet  # heavy, and only for what is not UTF-8

    guess = chardet.detect(seen.data[:200_000])["encoding"]
    if not guess:
        return ""
    try:
        name = codecs.lookup(guess).name
        value = seen.data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return ""
    twin = _WINDOWS_TWINS.get(name)
    if twin and _decoded(seen.data, twin) == value:
        return twin
    return name


def _ebcdic(data: bytes) -> str | None:
    """The EBCDIC codepage of a text, whose spaces are 0x40 and whose letters are above 0x80; None where it is none."""
    if data.count(b"\x40") < 0.05 * len(data) or data.count(b"\x20") > 0.02 * len(data) or len(data) < 8:
        return None
    high = len(data) - len(re.findall(rb"[\x00-\x7f]", data[:65536])) - max(0, len(data) - 65536)
    if high < 0.4 * min(len(data), 65536):
        return None
    value = data.decode("cp037")
    if sum(each.isalnum() or each in " .,-:;/()\n\r\x85&'" for each in value[:4096]) < 0.8 * len(value[:4096]):
        return None
    import chardet  # heavy

    guess = (chardet.detect(data[:200_000])["encoding"] or "").lower()
    return guess if guess in _EBCDIC else "cp037"


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (LookupError, UnicodeDecodeError):
        return None


def family(codec: str) -> str:
    """The family of a codepage: "windows", "iso", "dos", "mac", "ebcdic"."""
    if codec in _EBCDIC:
        return "ebcdic"
    if codec in _DOS:
        return "dos"
    if codec.startswith("mac"):
        return "mac"
    return "windows" if codec.startswith("cp") or codec in ("gbk", "gb18030") else "iso"


def _declared(document: Document) -> str:
    found = _DECLARED.search(document.data[:_DECLARED_WITHIN])
    return found[1].decode("ascii").lower() if found else ""


@measure("encoding.codepage")
def codepage(document: Document) -> str | bool | None:
    """The family of the codepage that a text is in and does not declare."""
    if (seen := sighted(document)) is None or document.media_type.startswith(_DATA):
        return None
    name = codepage_name(document)
    if not name:
        return None if legacy(seen) else False
    return False if _declares_itself(document) else family(name)


def _declares_itself(document: Document) -> bool:
    declared = _declared(document)
    if not declared or document.media_type not in ("text/html", "application/xml", "message/rfc822"):
        return False
    return (
        declared not in ("utf-8", "utf8", "us-ascii", "ascii") and _decoded(document.data[:MOST], declared) is not None
    )


@measure("encoding.declared_codepage")
def declared_codepage(document: Document) -> bool | None:
    """Whether XML, HTML or a mail is in a codepage that it declares."""
    if (
        document.media_type not in ("text/html", "application/xml", "message/rfc822")
        or (seen := sighted(document)) is None
    ):
        return None
    return legacy(seen) and _declares_itself(document)


@measure("encoding.charset_lie")
def charset_lie(document: Document) -> str | bool | None:
    """The charset that XML, HTML or a mail declares although its bytes are UTF-8 and mean something else there."""
    if (
        document.media_type not in ("text/html", "application/xml", "message/rfc822")
        or (seen := sighted(document)) is None
    ):
        return None
    declared = _declared(document)
    if not declared or seen.wide or seen.bad or declared in ("utf-8", "utf8"):
        return False
    if declared.startswith("utf-16"):
        return "utf-16"
    try:
        codecs.lookup(declared)
    except LookupError:
        return "x-unknown"
    if not seen.multi:
        return False
    if declared in ("us-ascii", "ascii"):
        return "us-ascii"
    return _LIES.get(declared, "windows-1251")


@measure("encoding.not_utf8")
def not_utf8(document: Document) -> str | bool | None:
    """The encoding that JSON or XML is in where it is neither UTF-8 nor declared."""
    if not document.media_type.startswith(_DATA) or (seen := sighted(document)) is None:
        return None
    if seen.wide:
        units, form = seen.wide.split()
        return "utf32_be" if units == "utf-32" else "utf16_bom" if form == "bom" else "utf16_le"
    if (name := codepage_name(document)) == "":
        return None if legacy(seen) else False
    if _declares_itself(document):
        return False
    return "ebcdic" if family(name) == "ebcdic" else "windows"


def _nearly_utf8(document: Document) -> Sighted | None:
    """A text with bytes beyond ASCII of which some are UTF-8, or none could be anything else."""
    seen = sighted(document)
    if seen is None or seen.wide or legacy(seen) or codepage_name(document):
        return None
    return seen


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text that hold characters beyond ASCII, counted by what they are in.

    Attributes:
        beyond: all of them.
        whole: those that are UTF-8.
        single: those with letters of a codepage alone.
        changing: those that are UTF-8 first, and in a codepage from some place on.
        muddled: those with both in another order, as happens by chance in a codepage.
    """

    beyond: int = 0
    whole: int = 0
    single: int = 0
    changing: int = 0
    muddled: int = 0


@lru_cache(maxsize=2)
def _lines(value: str) -> Lines:
    beyond = whole = single = changing = muddled = 0
    for line in re.split("\r\n|\r|\n", value):
        if line.isascii():
            continue
        beyond += 1
        bad = [(found.start(), ord(found.group()) - 0xDC00) for found in _ESCAPED.finditer(line)]
        multi = [found.start() for found in _MULTI.finditer(line)]
        whole += not bad
        if bad and sum(byte in _LETTERS_OF_CODEPAGES for _, byte in bad) >= len(bad) / 2:
            single += not multi
            changing += bool(multi) and multi[-1] < bad[0][0]
            muddled += bool(multi) and multi[-1] > bad[0][0]
    return Lines(beyond, whole, single, changing, muddled)


@measure("encoding.mixed", within=0.25, unit="share of the value")
def mixed(document: Document) -> float | None:
    """The share of the lines beyond ASCII that are in a codepage, in a file of which others are in UTF-8."""
    if (lines := _mixture(document)) is None:
        return None
    return lines.single / lines.beyond if lines.single and lines.whole else 0.0


@measure("encoding.mixed_mid_line", within=0.5, unit="share of the value")
def mixed_mid_line(document: Document) -> float | None:
    """The share of the lines beyond ASCII that change from UTF-8 to a codepage in mid-line."""
    if (lines := _mixture(document)) is None:
        return None
    return lines.changing / lines.beyond if lines.changing and lines.changing >= lines.single else 0.0


def _mixture(document: Document) -> Lines | None:
    """The lines of a text that may be in two encodings; None where it is in one, or is no text."""
    seen = sighted(document)
    if seen is None or seen.wide or document.media_type.startswith(_DATA):
        return None
    lines = _lines(seen.value) if seen.bad else Lines()
    # By chance a codepage reads as UTF-8 here and there, and never in the order that two programs leave.
    if lines.muddled > 0.1 * (lines.single + lines.changing) or seen.multi < 0.05 * seen.bad:
        return None
    return lines


def ends_within_character(document: Document) -> bool:
    """Whether a UTF-8 text ends in the middle of a character."""
    seen = sighted(document)
    if seen is None or seen.wide or seen.bad or not seen.multi or len(document.data) > MOST:
        return False
    return (
        document.data[-1] >= 0x80 and _WITHIN.search(document.data[-4:].decode("utf-8", "surrogateescape")) is not None
    )


def legacy(seen: Sighted) -> bool:
    """Whether a text is in a codepage of one or two bytes: not in UTF-8, nor nearly so, nor partly."""
    if seen.wide or seen.bom or not seen.bad:
        return False
    lines = _lines(seen.value)
    if (
        lines.whole + lines.changing > lines.muddled
        and (lines.whole or lines.changing > 1)
        and seen.multi >= 0.05 * seen.bad
    ):
        return False
    return seen.multi < seen.bad and not _only_strays(seen)


def _bad_share(document: Document) -> float | None:
    """The share of the bytes that UTF-8 does not explain and no codepage does."""
    seen = _nearly_utf8(document)
    if seen is None:
        return None
    if not seen.bad:
        return 0.0
    strays = sum(ord(each) - 0xDC00 not in _LETTERS_OF_CODEPAGES for each in _ESCAPED.findall(seen.value))
    lines = _lines(seen.value)
    return strays / max(1, len(seen.data)) if strays and not lines.single + lines.changing else 0.0


@measure("encoding.bad_bytes", within=0.25, unit="share of the value")
def bad_bytes(document: Document) -> float | None:
    """The share of the bytes that no encoding explains, in a text that is UTF-8 otherwise."""
    return None if document.media_type.startswith(_DATA) else _bad_share(document)


@measure("encoding.bad_bytes_in_data", within=0.25, unit="share of the value")
def bad_bytes_in_data(document: Document) -> float | None:
    """The share of the bytes of JSON or XML that no encoding explains."""
    return _bad_share(document) if document.media_type.startswith(_DATA) else None


@measure("encoding.cesu8", within=0.1, unit="share of the value")
def cesu8(document: Document) -> float | None:
    """The share of the characters beyond U+FFFF that are written as two surrogates of three bytes each."""
    if (seen := sighted(document)) is None or seen.wide:
        return None
    found = len(re.findall(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]", seen.data)) if seen.bad else 0
    if found and legacy(seen) and seen.bad > 6 * found:
        return None
    return found / (found + len(re.findall("[\U00010000-\U0010ffff]", seen.value))) if found else 0.0


@measure("encoding.nul", within=0.5, unit="share of the value")
def nul(document: Document) -> float | None:
    """The share of the values with NUL characters behind them."""
    if (seen := sighted(document)) is None:
        return None
    if seen.wide or b"\0" not in seen.data:
        return 0.0
    filled = len(re.findall(rb"[^\s\0,;|]\0+(?=[\t\r\n,;|]|\Z)", seen.data))
    values = len(re.findall(rb"[^\s\0,;|]\0*(?=[\t\r\n,;|]|\Z)", seen.data))
    return filled / max(1, values)


@measure("encoding.ctrl_z")
def ctrl_z(document: Document) -> bool | None:
    """Whether a text ends with Ctrl-Z."""
    if sighted(document) is None or document.media_type.startswith(_DATA):
        return None
    return document.data[-64:].rstrip(b"\0\r\n").endswith(b"\x1a")
