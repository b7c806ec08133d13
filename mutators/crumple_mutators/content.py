"""Which characters of a text are content, and which hold its structure.

A mutator of characters does what people, keyboards and converters do to what is said; where it hit a JSON
brace or the name of a tag, it would test a parser's errors instead.
"""

from __future__ import annotations

import re

import numpy as np

from crumple_mutators.positions import Mask

# How JSON and JSON Lines begin, and "[Draft]" does not.
_JSON = re.compile(r'\s*+(?:\{\s*+["}]|\[\s*+(?:[\[{"\]\d-]|(?:true|false|null)\b))')
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"(\s*+:)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
# What is not closed goes on to the end: looking for its end from each of many beginnings would take for ever.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<(script|style)\b.*?(?:</\1\s*+>|\Z)|<[^<>]*+>|&#?\w{1,31};",
    re.DOTALL | re.IGNORECASE,
)
_HEADERS = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+\r?\n){3,}+\r?\n")
_OF_MAIL = re.compile(
    r"^(?:from|to|subject|received|return-path|mime-version|message-id|delivered-to|reply-to):",
    re.MULTILINE | re.IGNORECASE,
)
_PART_HEAD = re.compile(r"^(?:Content-[A-Za-z-]+:[^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+\r?\n){1,30}+\r?\n", re.MULTILINE)
_NO_TEXT = re.compile(
    r"^Content-(?:Transfer-Encoding:\s*base64|Type:\s*(?!text/|multipart/|message/)[\w-]+/)",
    re.MULTILINE | re.IGNORECASE,
)
_BOUNDARY = re.compile(r"^--\S", re.MULTILINE)
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
    if is_json(value):
        mask = np.zeros(len(value), np.bool_)
        for string in _STRING.finditer(value):
            if string.group(2) is None:
                mask[string.start(1) : string.end(1)] = True
        return _without(mask, _ESCAPE, value) if "\\" in value else mask
    mask = np.ones(len(value), np.bool_)
    if value.lstrip()[:1] == "<":
        return _without(mask, _MARKUP, value)
    if body := mail_body(value):
        mask[:body] = False
        _without_encoded(mask, value)
        return _without(mask, _TRANSPORT, value)
    return mask


def is_json(value: str) -> bool:
    """Whether a text is JSON or JSON Lines that hold strings, as far as its beginning tells."""
    return bool(_JSON.match(value) and _STRING.search(value))


def mail_body(value: str) -> int:
    """Where the body of a mail begins; 0 where the text is none."""
    headers = _HEADERS.match(value)
    return headers.end() if headers and len(_OF_MAIL.findall(headers.group())) > 1 else 0


def _without(mask: Mask, pattern: re.Pattern[str], value: str) -> Mask:
    for structure in pattern.finditer(value):
        mask[structure.start() : structure.end()] = False
    return mask


def _without_encoded(mask: Mask, value: str) -> None:
    """Leave out the parts of a mail that are no text, or text in base 64, up to the next boundary."""
    for head in (_HEADERS.match(value), *_PART_HEAD.finditer(value)):
        if head and _NO_TEXT.search(head.group()):
            end = _BOUNDARY.search(value, head.end())
            mask[head.end() : end.start() if end else len(value)] = False
