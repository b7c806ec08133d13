"""A tolerant reader of JSON: comments, any quotes, bare words, missing and surplus commas, sentences around it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

_SKIP = re.compile(r"(?:[\s,\x1e\ufeff]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[^\s,:{}\[\]\"'\u201c\u201d]+")
_QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_NAMED = {
    **dict.fromkeys(("true", "yes"), True),
    **dict.fromkeys(("false", "no"), False),
    **dict.fromkeys(("null", "none", "nil", "undefined", "~", "nan", "infinity", "-infinity"), None),
}
_DEEPEST = 50


def values(source: str) -> list[Any]:
    """Every JSON object or list in a text, one after the other; what stands between them is passed over."""
    found, at = list[Any](), 0
    while True:
        starts = [each for each in (source.find("{", at), source.find("[", at)) if each >= 0]
        if not starts:
            return found
        value, at = _read(source, min(starts))
        found.append(value)


def first(source: str) -> Any:
    """The largest object or list in a text: what is said in brackets beside it is no document."""
    return max(values(source), key=lambda value: len(json.dumps(value)))


def _read(source: str, at: int) -> tuple[Any, int]:
    """One object or list; without recursion, since it may be nested deeper than Python's stack."""
    holders: list[tuple[str, list[Any]]] = []
    while True:
        skipped = _SKIP.match(source, at)
        at = skipped.end() if skipped else at
        if at >= len(source) or source[at] in "}]":
            kind, items = holders.pop()
            value: Any = items if kind == "[" else dict(zip(items[::2], items[1::2], strict=False))
            at += 1
            if not holders:
                return value, at
            if len(holders) < _DEEPEST:
                holders[-1][1].append(value)
        elif source[at] in "{[":
            holders.append((source[at], []))
            at += 1
        elif source[at] == ":":
            at += 1
        else:
            value, at = _scalar(source, at)
            holders[-1][1].append(value)


def _scalar(source: str, at: int) -> tuple[Any, int]:
    if source[at] in _QUOTES:
        return _string(source, at + 1, _QUOTES[source[at]])
    word = _WORD.match(source, at)
    assert word, source[at : at + 40]
    if word[0].lower() in _NAMED:
        return _NAMED[word[0].lower()], word.end()
    try:
        value = json.loads(word[0])
    except ValueError:
        return word[0], word.end()
    return (None if isinstance(value, float) and not math.isfinite(value) else value), word.end()


def _string(source: str, at: int, end: str) -> tuple[str, int]:
    pieces = list[str]()
    while at < len(source) and source[at] != end:
        if source[at] == "\\":
            escape = source[at + 1]
            if escape == "u":
                pieces.append(chr(int(source[at + 2 : at + 6], 16)))
                at += 6
                continue
            pieces.append(_ESCAPES.get(escape, escape))
            at += 2
        else:
            pieces.append(source[at])
            at += 1
    joined = "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined, at + 1


def spelled(value: Any, names: Sequence[str]) -> Any:
    """The same value with its keys spelled as agreed, whatever their case and what joins their words."""
    plain = {_letters(name): name for name in names}
    if isinstance(value, dict):
        return {plain.get(_letters(key), key): spelled(item, names) for key, item in value.items()}
    return [spelled(item, names) for item in value] if isinstance(value, list) else value


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
