"""Items and pieces of a stock feed in XML, by a scanner of a dozen lines.

The bug: where an item is not closed, the scanner goes back to the beginning, for ever.
"""

from __future__ import annotations

import html
import re
from typing import Any

from benchmarks.fuzz.reading import decoded, tidy

KIND, FORMAT, TRIGGER = "hang", "record", "common"
CATEGORIES = ("truncation", "corruption", "format", "encoding", "text")
FIELDS = ("/feed", "/items", "/pieces")
_FEEDS = ("north 7", "south 3", "east 12", "west 9", "harbour 2", "airport 5")
_OPEN, _CLOSED = re.compile(r"<item>"), "</item>"


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not such a feed, or its sums do not agree."""


def _feed(feed: str, pieces: list[int]) -> tuple[bytes, dict[str, Any]]:
    items = [
        f"  <item>\n    <code>S{n}{(n * n) % 7}</code>\n    <pieces>{count}</pieces>\n  </item>"
        for n, count in enumerate(pieces, 100)
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<stock>\n  <feed>{feed}</feed>'
    tail = f"  <items>{len(pieces)}</items>\n  <total>{sum(pieces)}</total>\n</stock>\n"
    truth = {"feed": feed, "items": len(pieces), "pieces": sum(pieces)}
    return "\n".join([head, *items, tail]).encode(), truth


DOCUMENTS = {
    "feed-1.xml": _feed("north 7", [12, 40, 7]),
    "feed-2.xml": _feed("south 3", [88, 3, 19, 54, 21]),
    "feed-3.xml": _feed("east 12", [5, 71]),
    "feed-4.xml": _feed("west 9", [33, 34, 35, 36, 37, 38, 39]),
    "feed-5.xml": _feed("harbour 2", [140, 96, 11, 8]),
    "feed-6.xml": _feed("airport 5", [61, 62, 90, 14, 77, 29]),
}
TRIGGERED_BY = {"feed-1.xml": DOCUMENTS["feed-1.xml"][0][:150]}


def _element(text: str, name: str) -> str | None:
    found = re.findall(rf"<{name}>\s*([^<>]*?)\s*</{name}>", text)
    return tidy(html.unescape(found[0])) if len(set(found)) == 1 else None


def _read(text: str, *, careful: bool) -> dict[str, Any]:
    counts: dict[str, int] = {}
    at = 0
    while start := _OPEN.search(text, at):
        end = text.find(_CLOSED, start.end())
        if careful and end < 0:
            raise Unreadable
        code, pieces = (_element(text[start.end() : end], name) for name in ("code", "pieces"))
        if code and pieces and pieces.isdecimal():
            counts[code] = int(pieces)
        at = end + len(_CLOSED)
    feed, items, total = (_element(text, name) for name in ("feed", "items", "total"))
    if feed not in _FEEDS or items != f"{len(counts)}" or total != f"{sum(counts.values())}":
        raise Unreadable
    return {"feed": feed, "items": len(counts), "pieces": sum(counts.values())}


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    return _read(tidy(decoded(data)), careful=False)


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    return _read(tidy(decoded(data)), careful=True)
