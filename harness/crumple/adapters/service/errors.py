"""What a service says of its own error: the sentence in its answer, and what such sentences have in common. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from crumple.adapters.generalised import general

_LOOKED_AT = 64 * 1024
_DEEPEST = 4
_LONGEST = 160
_SENTENCES: Final = (
    "message",
    "msg",
    "detail",
    "error_description",
    "description",
    "title",
    "reason",
    "error",
    "errors",
)
_CODES: Final = ("code", "error_code", "errorCode")
_CODE = re.compile(r"[A-Za-z][A-Za-z_.-]{1,40}\d{0,4}")
_TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,200}>")
# Requests and jobs are numbered in letters too.
_ID = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}(?![\w-])")


def sentence(body: bytes) -> str:
    """What a service says of an error, as one line: from JSON its message, from HTML its title, else its text."""
    text = body[:_LOOKED_AT].decode("utf-8", "replace").strip()
    if text[:1] in {"{", "["}:
        try:
            value = json.loads(body)
            said = _one_line(_said(value, 0)) or _one_line(text)
        except (ValueError, RecursionError):
            return _one_line(text)
        code = _code(value)
        return said if code in said else f"{code}: {said}"
    if text[:1] == "<":
        found = _TITLE.search(text)
        return _one_line(html.unescape(_TAG.sub(" ", found[2] if found else text)))
    return _one_line(text)


def shared(text: str) -> str:
    """What sentences of one error have in common: quoted values, numbers, paths and ids are taken out."""
    return general(_ID.sub("ID", text))[:_LONGEST]


def _said(value: Any, depth: int) -> str:
    """The first sentence in a JSON value, under the names that services give it."""
    if isinstance(value, str):
        return value
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        return next(filter(None, (_said(each, depth + 1) for each in value[:8])), "")
    if isinstance(value, Mapping):
        return next(filter(None, (_said(value[name], depth + 1) for name in _SENTENCES if name in value)), "")
    return ""


def _code(value: Any) -> str:
    """The word by which a service tells its errors apart, where it gives one beside the sentence; else ""."""
    for holder in (value, value.get("error") if isinstance(value, Mapping) else None):
        if isinstance(holder, Mapping):
            for name in _CODES:
                if isinstance(code := holder.get(name), str) and _CODE.fullmatch(code):
                    return code
    return ""


def _one_line(text: str) -> str:
    return " ".join(text[:2000].split())
