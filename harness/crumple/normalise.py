"""How values are compared: text, numbers and dates, freed of how they happen to be written.

Strict about what is a value, tolerant of its notation, and frank where a notation has two readings:
"1.234" is 1.234 or 1234, "05/03/2024" is in March or in May, and both readings are returned.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crumple.dates import dates
from crumple.folding import text
from crumple.truth import ABSENT, Json

__all__ = ["Quantity", "dates", "holds_values", "is_blank", "number", "numbers", "quantity", "text"]

_LONGEST = 128  # no number or date is longer; spares the patterns a page of text
_PIECE = 1000
_DIGIT = re.compile(r"\d")


def is_blank(value: object) -> bool:
    """Whether a field is without a value: missing, null, NaN (as tables write it), or text without characters."""
    if isinstance(value, str):
        if len(value) <= _PIECE:
            return not text(value)
        # In pieces, for an answer may be very long and mostly its first character tells.
        return not any(text(value[start : start + _PIECE]) for start in range(0, len(value), _PIECE))
    if isinstance(value, (bytes, bytearray)):
        return not value.strip()
    return value is None or value is ABSENT or (isinstance(value, float) and math.isnan(value))


def holds_values(answer: object) -> bool:
    """Whether there is any value anywhere in an answer; `{"total": null, "lines": []}` holds none."""
    waiting: list[Iterator[object]] = [iter((answer,))]
    while waiting:
        for each in waiting[-1]:
            if each is None or isinstance(each, (str, bytes, bytearray)):  # the commonest first
                if not is_blank(each):
                    return True
            elif isinstance(each, (dict, Mapping)):
                waiting.append(iter(each.values()))
                break
            elif isinstance(each, (list, Sequence)):
                waiting.append(iter(each))
                break
            elif not is_blank(each):
                return True
        else:
            waiting.pop()
    return False


# ------------------------------------------------------------------------------------------------ numbers

_CURRENCIES = (
    "AED AMD AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR IRR ISK JOD JPY KES "
    "KRW KWD MAD MXN MYR NGN NOK NZD OMR PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR"
)
# A sign may stand for several currencies; two amounts agree on theirs where they have one in common.
_SIGNS = {
    "$": "USD CAD AUD NZD HKD SGD TWD MXN CLP COP", "us$": "USD", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "r$": "BRL",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "¥": "JPY CNY", "元": "CNY TWD",
    "rmb": "CNY", "₹": "INR", "rs": "INR PKR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "tl": "TRY", "₽": "RUB",
    "руб": "RUB", "₴": "UAH", "₫": "VND", "₱": "PHP", "₦": "NGN", "฿": "THB", "kr": "SEK NOK DKK ISK", "zł": "PLN",
    "kč": "CZK", "ft": "HUF", "lei": "RON", "leu": "RON", "лв": "BGN", "rp": "IDR", "nt$": "TWD", "mx$": "MXN",
    "新臺幣": "TWD", "新台幣": "TWD", "ca$": "CAD", "৳": "BDT", "টাকা": "BDT",
    "₾": "GEL", "֏": "AMD", "ریال": "IRR", "ريال": "SAR", "元整": "CNY", "원": "KRW",
    "บาท": "THB", "грн": "UAH", "đ": "VND", "円": "JPY", "ש״ח": "ILS", "ש\"ח": "ILS",
    "fr": "CHF", "sfr": "CHF", "%": "%", "٪": "%", "‰": "‰",
}  # fmt: skip
_UNITS = {code: frozenset({code}) for code in _CURRENCIES.split()} | {
    sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()
}

# As JSON and every programming language write it. "1E5" without a point or sign is as likely an article's number.
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d{1,3})?|[eE][+-]\d{1,3})?")
_UNIT = r"[^\d\s.,'+()-]{1,5}\.?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s?(?P<s1>[-+])?\s?(?P<u1>{_UNIT})?\s?(?P<s2>[-+])?\s?"
    r"(?P<body>[.,\u066b]?\d(?:[\d.,' \u066b]*\d)?(?:[eE][+-]?\d{1,3})?)(?:[.,]--?)?"
    rf"(?P<s3>-)?\s?(?P<u2>{_UNIT})?\s?(?P<s4>-)?\s?(?P<close>\))?"
)
# Groups of three, or of two before the last three as in India; no leading zeros: "007" is a name, not a number.
_POINT = re.compile(
    r"(0|[1-9]\d*|[1-9]\d{0,2}([,' ])\d{3}(?:\2\d{3})*|[1-9]\d?(?:,\d\d)+,\d{3})?(?:[.\u066b](\d+))?", re.ASCII
)
_COMMA = re.compile(r"(0|[1-9]\d*|[1-9]\d{0,2}([.' ])\d{3}(?:\2\d{3})*)?(?:[,\u066b](\d+))?", re.ASCII)
_SCIENTIFIC = re.compile(r"(0|[1-9]\d*)(?:[.,\u066b](\d+))?[eE]([+-]?\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was written.

    Attributes:
        readings: every number that it may mean, at most two; the reading with a decimal point comes first.
        plain: it is written as machines write numbers, who mean the first reading.
        unit: ISO codes of the currencies that it may be in, or "%" or "‰"; empty where it has none.
    """

    readings: tuple[Decimal, ...]
    plain: bool = False
    unit: frozenset[str] = frozenset()

    @property
    def value(self) -> Decimal | None:
        """The number, where there is no doubt about it."""
        return self.readings[0] if self.plain or len(self.readings) == 1 else None


def quantity(value: Json) -> Quantity | None:
    """A value as a number with what it was written with, or None where it is no number."""
    if isinstance(value, str):
        return _quantity(value) if len(value) <= _LONGEST and _DIGIT.search(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return Quantity((Decimal(value),), plain=True)
    if isinstance(value, float) and math.isfinite(value):
        return Quantity((Decimal(repr(value)),), plain=True)
    return None


def number(value: Json) -> Decimal | None:
    """The one number that a value is, in whatever notation; None where it is none, or may be either of two.

    Signs and codes of currencies are left aside, and so is a percent sign: "19 %" is 19. Text is no number
    with a leading zero ("007"), or as "1E5" without a point or sign: those are names.
    """
    found = quantity(value)
    return found.readings[0] if found and len(found.readings) == 1 else None


def numbers(value: Json) -> tuple[Decimal, ...]:
    """Every number that a value may be: "1.234" is 1.234 or 1234, "19 %" is 19 or 0.19; () where it is none."""
    found = quantity(value)
    if found is None:
        return ()
    hundredths = tuple(each.scaleb(-2) for each in found.readings) if "%" in found.unit else ()
    return found.readings + hundredths


@functools.lru_cache(maxsize=4096)
def _quantity(value: str) -> Quantity | None:
    # NFKC would make 52 of "5²" and 1 of "①".
    if not value.isascii() and any(unicodedata.category(each) == "No" for each in value):
        return None
    written = text(value)
    if not written.isascii():
        written = written.replace("\u066c", "'")  # the Arabic thousands separator, which has one reading only
    match = _AMOUNT.fullmatch(written)
    if match is None or (match["open"] is None) != (match["close"] is None):
        return None
    signs = [sign for sign in (match["open"], match["s1"], match["s2"], match["s3"], match["s4"]) if sign]
    units = [_UNITS.get(unit) or _UNITS.get(unit.casefold().rstrip(".")) for unit in (match["u1"], match["u2"]) if unit]
    if len(signs) > 1 or None in units:
        return None
    unit = frozenset[str]().union(*(each for each in units if each))
    if len(units) == 2 and not (unit := frozenset.intersection(*(each for each in units if each))):
        return None
    negative = bool(signs) and signs[0] != "+"
    readings = tuple(each.copy_negate() if negative else each for each in _readings(match["body"]))
    return Quantity(readings, bool(_PLAIN.fullmatch(written)), unit) if readings else None


def _readings(body: str) -> tuple[Decimal, ...]:
    if scientific := _SCIENTIFIC.fullmatch(body):
        whole, fraction, exponent = scientific.groups()
        named = fraction is None and exponent[0] not in "+-"
        return () if named else (Decimal(f"{whole}.{fraction or '0'}e{exponent}"),)
    found: dict[Decimal, None] = {}
    for notation in (_POINT, _COMMA):
        if match := notation.fullmatch(body):
            whole, _, fraction = match.groups()
            digits = "".join(_DIGIT.findall(whole or "0"))
            found[Decimal(f"{digits}.{fraction}" if fraction else digits)] = None
    return tuple(found)
