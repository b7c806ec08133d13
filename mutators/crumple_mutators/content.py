"""Which characters of a text are content, and which hold its structure.

A mutator of characters does what people, keyboards and converters do to what is said; where it hit a JSON
brace or the name of a tag, it would test a parser's errors instead.
"""

from __future__ import annotations

import re

import numpy as np

from crumple_mutators.positions import Mask

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[|\]\]>|<(script|style)\b.*?</\1\s*>|<[^>]*>|&#?\w{1,31};", re.DOTALL | re.IGNORECASE
)
_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){3,}\r?\n")
_TRANSPORT = re.compile(
    r"^(?:--[^\s].*|Content-[A-Za-z-]+:.*(?:\r?\n[ \t].*)*|[A-Za-z0-9+/]{60,}={0,2})\r?$|=(?:[0-9A-F]{2}|\r?\n)",
    re.MULTILINE,
)


def content(value: str) -> Mask:
    """For every character whether it is content.

    JSON: what stands inside the strings that are values, escapes aside. XML and HTML: what stands outside tags,
    comments, scripts and entities. Mail: the body, without boundaries, part headers and encoded parts.
    Anything else: all of it.
    """
    head = value.lstrip()[:1]
    if head in ("{", "[") and _STRING.search(value):
        mask = np.zeros(len(value), np.bool_)
        for string in _STRING.finditer(value):
            if string.group(2) is None:
                mask[string.start(1) : string.end(1)] = True
        return _without(mask, _ESCAPE, value) if "\\" in value else mask
    mask = np.ones(len(value), np.bool_)
    if head == "<":
        return _without(mask, _MARKUP, value)
    if headers := _MAIL.match(value):
        mask[: headers.end()] = False
        return _without(mask, _TRANSPORT, value)
    return mask


def _without(mask: Mask, pattern: re.Pattern[str], value: str) -> Mask:
    for structure in pattern.finditer(value):
        mask[structure.start() : structure.end()] = False
    return mask
