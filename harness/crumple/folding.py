"""Text that compares: freed of how it happens to be encoded, spaced and set."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal

from crumple.truth import Json

_OTHER_DIGITS = re.compile(r"(?![0-9])\d")
# Soft hyphen, zero-width characters, joiners, bidirectional controls, byte order mark.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_TYPOGRAPHY = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2012\u2013\u2014\u2015\u2212"), "-"),
}


def text(value: Json, *, ignore_case: bool = False) -> str:
    """A value as text that compares: NFKC, white space folded, plain quotes, dashes and digits, nothing invisible.

    Args:
        value: a string; numbers and truth values are written as JSON does, None is "".
        ignore_case: fold letters that differ by case only.
    """
    if not isinstance(value, str):
        value = _written(value)
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value.translate(_INVISIBLE)).translate(_TYPOGRAPHY)
        value = _OTHER_DIGITS.sub(_plain_digit, value)
    if ignore_case:
        value = value.casefold()
        # Folding can take letters apart that NFKC had put together.
        value = value if value.isascii() else unicodedata.normalize("NFKC", value)
    return " ".join(value.split())


def _plain_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit.group()))


def _written(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(Decimal(value))  # str(int) refuses more than 4,300 digits
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=repr)
