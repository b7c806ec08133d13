"""Which codepage a text is in, by name and by family."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from crumple import Document
from crumple_mutators.measures.encodings.mixtures import lines_of
from crumple_mutators.measures.encodings.sight import ESCAPED, LETTERS_OF_CODEPAGES, Sighted, sighted

_APOSTROPHES = frozenset(b"\x91\x92\x96\x97\xad\xb4\xb7")
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


def _only_strays(seen: Sighted) -> bool:
    """Whether each byte beyond ASCII stands in a word of ASCII letters and is no letter of any Western codepage."""
    for found in ESCAPED.finditer(seen.value):
        byte = ord(found.group()) - 0xDC00
        around = seen.value[max(0, found.start() - 1) : found.start()] + seen.value[found.end() : found.end() + 1]
        inside = len(around) == 2 and around.isascii() and around.isalnum()
        if byte in LETTERS_OF_CODEPAGES or byte in _APOSTROPHES or not inside:
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
    if twin and decoded(seen.data, twin) == value:
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


def decoded(data: bytes, codec: str) -> str | None:
    """What bytes say in a codec; None where they are none of its, or there is none such."""
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


def legacy(seen: Sighted) -> bool:
    """Whether a text is in a codepage of one or two bytes: not in UTF-8, nor nearly so, nor partly."""
    if seen.wide or seen.bom or not seen.bad:
        return False
    lines = lines_of(seen.value)
    if (
        lines.whole + lines.changing > lines.muddled
        and (lines.whole or lines.changing > 1)
        and seen.multi >= 0.05 * seen.bad
    ):
        return False
    return seen.multi < seen.bad and not _only_strays(seen)
