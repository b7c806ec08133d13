"""Which codepage a text is in, as somebody tells who tries one after the other and looks at what it reads like."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

# Commonest first, as somebody tries them.
CODEPAGES = {
    "windows": ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"],
    "iso": [
        "latin-1",
        "iso8859-15",
        "iso8859-2",
        "koi8-r",
        "koi8-u",
        "iso8859-5",
        "iso8859-7",
        "iso8859-9",
        "iso8859-8",
        "iso8859-13",
    ],
    "dos": ["cp850", "cp437", "cp858", "cp852", "cp866", "cp737", "cp857", "cp862", "cp775", "cp855"],
    "mac": [
        "mac_roman",
        "mac_latin2",
        "mac_cyrillic",
        "mac_greek",
        "mac_turkish",
        "mac_iceland",
        "mac_romanian",
        "mac_croatian",
    ],
    "ebcdic": ["cp037", "cp273", "cp500", "cp1140", "cp1026", "cp875", "cp424"],
}
_FOREIGN = re.compile(
    r"[^\W\d_a-z](?<=[a-z].)(?=[a-z])"  # a capital within a word
    r"|[a-z][^\w\s.,;:'\"()&<>/|=+#@?!-]|[^\w\s.,;:'\"()&<>/|=+#@?!-][a-z]"  # a sign within a word
    r"| ! |\w[\[\]{}|^~]\w",  # punctuation where none stands
    re.ASCII,
)


def _implausible(value: str) -> int:
    """How much of a text is not what people write: signs within words, scripts mixed in one, control characters."""
    found = len(_FOREIGN.findall(_in_latin(value)))
    for word in set(re.findall(r"[^\W\d_]+", value)):
        scripts = {unicodedata.name(each, "?").partition(" ")[0] for each in word}
        capitals = sum(one.islower() and other.isupper() for one, other in itertools.pairwise(word))
        found += len(scripts) - 1 + capitals
    return found + sum(unicodedata.category(each) in ("Cc", "Cn", "Co") and each not in "\t\r\n" for each in value)


def _in_latin(value: str) -> str:
    """Every letter of every script as "a", or "A" for capitals, so that ASCII patterns see words."""
    return "".join("A" if each.isupper() else "a" if each.isalpha() else each for each in value)


def likeliest(readings: Iterable[str]) -> str:
    """The reading that looks most like what people write."""
    return min(readings, key=_implausible)


def read_in(data: bytes, family: str) -> Iterator[str]:
    """A text in every codepage of a family that can explain its bytes."""
    for codec in CODEPAGES[family]:
        try:
            yield data.decode(codec)
        except UnicodeDecodeError:
            continue
