"""Durations, sizes and counts as people write them: "30s", "200ms", "2GiB", "400M". Strict; pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_NUMBER: Final = r"(\d+(?:\.\d+)?) ?"
_SECONDS: Final = {"ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600), "d": Decimal(86400)}
_BYTES: Final = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
_NIGHTS: Final = {"night": Decimal(1), "week": Decimal(7), "month": Decimal(365) / 12, "year": Decimal(365)}
_PERIODS: Final = {"s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)}
_THOUSANDS: Final = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
PIXELS: Final = 400_000_000
"""How many pixels a document may have where nothing is configured: 100 sheets of A4 at 200 dpi, or 11 at 600."""
_DURATION = re.compile(_NUMBER + f"({'|'.join(_SECONDS)})")
_ALARMS = re.compile(_NUMBER + f"(?:an? |/ ?)({'|'.join(_NIGHTS)})")
_RATE = re.compile(_NUMBER + f"/ ?({'|'.join(_PERIODS)})")
_SHARE = re.compile(_NUMBER + "%")
_SIZE = re.compile(_NUMBER + f"({'|'.join(_BYTES)})")
_PIXELS = re.compile(_NUMBER + f"({'|'.join(_THOUSANDS)})")


def duration(value: object) -> float:
    """Seconds of a duration such as "30s", "5m", "200ms" or "1.5h".

    Raises:
        ValueError: it is none, or it is 0; the message does not repeat it.
    """
    found = _DURATION.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if found is None or not (number := Decimal(found[1])):
        raise ValueError('must be a duration above 0 such as "30s", "5m" or "200ms"')
    return float(number * _SECONDS[found[2]])


def size(value: object) -> int:
    """Bytes of a size such as "2GiB" (binary) or "500MB" (decimal).

    Raises:
        ValueError: it is none, or it comes to less than a byte; the message does not repeat it.
    """
    found = _SIZE.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if found is None or (count := int(Decimal(found[1]) * _BYTES[found[2]])) < 1:
        raise ValueError('must be a size above 0 such as "2GiB" or "500MB"')
    return count


def pixels(value: object) -> int:
    """A number of pixels such as "400M" or "1.5G", or a whole number.

    Raises:
        ValueError: it is none, or fewer than four, of which one page gets one; the message does not repeat it.
    """
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    found = _PIXELS.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    if found is None or (count := int(Decimal(found[1]) * _THOUSANDS[found[2]])) < 4:
        raise ValueError('must be a number of pixels such as "400M" or "1G"')
    return count


def rate(value: object) -> float:
    """Calls a second of a rate such as "60/min", "10/s" or "1000/h".

    Raises:
        ValueError: it is none, or it is 0; the message does not repeat it.
    """
    found = _RATE.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if found is None or not (number := Decimal(found[1])):
        raise ValueError('must be a rate above 0 such as "60/min", "10/s" or "1000/h"')
    return float(number / _PERIODS[found[2]])


def alarms(value: object) -> float:
    """False alarms a night of "2 a year", "1 a month" or "1/week".

    Raises:
        ValueError: it is none, it is 0, or every other night would be one; the message does not repeat it.
    """
    found = _ALARMS.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if found is None or not (number := Decimal(found[1])):
        raise ValueError('must be a number of nights in a time, above 0, such as "2 a year" or "1 a month"')
    if (nights := float(number / _NIGHTS[found[2]])) >= 0.5:
        raise ValueError('would be every other night, which nobody can tell from chance; "2 a year" is usual')
    return nights


def share(value: object) -> float:
    """A share from 0 to 1, as a number or in per cent: 0.05, "5%".

    Raises:
        ValueError: it is none; the message does not repeat it.
    """
    if isinstance(value, str) and value.isascii() and (found := _SHARE.fullmatch(value)):
        value = float(Decimal(found[1]) / 100)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ValueError('must be a share from 0 to 1, or in per cent: "5%"')
    return float(value)
