"""Figures as people read them. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

_DIGEST: Final = re.compile(r"[0-9a-f]{20,}")


def percent(rate: float | None) -> str:
    """A share in per cent: "12 %"; "-" where there is none."""
    return "-" if rate is None else f"{points(rate)} %"


def points(rate: float | None) -> str:
    """A share in per cent without the sign; never 0 for what has happened, nor 100 for what has not always."""
    if rate is None:
        return "-"
    if rate in {0, 1}:
        return f"{rate * 100:.0f}"
    if rate < 0.001 or rate > 0.999:
        return "<0.1" if rate < 0.5 else ">99.9"
    return f"{rate * 100:.1f}" if rate < 0.0995 or rate > 0.995 else f"{rate * 100:.0f}"


def interval(low: float, high: float) -> str:
    """An interval in per cent without the sign, widened to whole numbers: "3-17"."""
    return f"{math.floor(round(low * 100, 6))}-{math.ceil(round(high * 100, 6))}"


def money(amount: float) -> str:
    """An amount in whatever currency the team counts: "12.34"; small ones with two digits that say something."""
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.2g}"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 case", "1,200 cases"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """A stretch of time: "0.4 s", "31 s", "4 min 10 s", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def cut_digests(text: str, most: int = 10) -> str:
    """A text with each digest in it, such as a version that is one, by its beginning."""
    return _DIGEST.sub(lambda found: found[0][:most], text)


def listed(words: Iterable[str], most: int = 4) -> str:
    """Some words: "a, b, c and 4 more"."""
    names = list(words)
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
