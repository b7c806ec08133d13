"""When a request is worth sending again, and how long to wait before: pure."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from crumple.adapters.service.exchange import Exchange, Fate, Heard

_LONGEST = 30.0
_NOT_TAKEN = frozenset({429, 503})


def mended(exchange: Exchange, heard: Heard) -> bool:
    """Whether sending it again may end otherwise, and cannot do twice what was to be done once."""
    if heard.fate is Fate.UNREACHABLE:
        return not heard.lasting
    if heard.fate is Fate.ANSWERED:
        return heard.status in _NOT_TAKEN or (exchange.repeatable and heard.status >= 500)
    return exchange.repeatable and heard.fate in {Fate.RESET, Fate.CUT}


def back_off(exchange: Exchange, tries: int, pause: float) -> float:
    """Seconds before the next attempt: twice as long each time, less up to a half that the request's content decides.

    Calls that failed together do not come back together, and the same run waits the same times again.

    Args:
        exchange: what is sent.
        tries: how many attempts have failed before the last.
        pause: seconds before the second attempt.
    """
    drawn = zlib.crc32(exchange.url.encode("utf-8", "replace") + exchange.content[-4096:], tries) / 2**32
    return float(min(pause * 2**tries, _LONGEST) * (1 - drawn / 2))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a service asks to be left alone for, in seconds or by an HTTP date; None where it asks nothing.

    Args:
        headers: of its answer, names in lower case.
        now: seconds since 1970.
    """
    text = headers.get("retry-after", "").strip()
    if not text or not text.isascii():
        return None
    if text.replace(".", "", 1).isdigit() and len(text) < 12:
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # A date is in GMT, whether it says so or not.
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now)
