"""Where JSON ends, and what is missing there."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from crumple import Document, measure
from crumple_mutators.measures.encodings import sighted

_MOST_JSON = 8 << 20


@lru_cache(maxsize=2)
def json_end(document: Document) -> str:
    """How JSON ends: "" whole, "cut" in the middle, "open" where only closing brackets are missing, "bad" else."""
    value = _json(document)
    if value is None or len(value) > _MOST_JSON:
        return "bad"
    try:
        json.loads(value)
    except json.JSONDecodeError as error:
        # What is wrong is at the very end, or a text that is never closed.
        if error.pos < len(value.rstrip()) - 1 and not error.msg.startswith("Unterminated string"):
            return "cut" if _last_word(value, error.pos) else "bad"
        closers = _closers(value)
        if closers and not closers.startswith('"') and _whole(value + closers):
            return "open"
        return "cut" if closers is not None else "bad"
    except (RecursionError, ValueError):
        return "bad"
    return ""


def _json(document: Document) -> str | None:
    """The whole text of JSON; None where it is in two or four bytes a character."""
    seen = sighted(document)
    if seen is None or seen.wide:
        return None
    return document.data.decode("utf-8-sig", "surrogateescape").strip()


def _last_word(value: str, at: int) -> bool:
    """Whether what is wrong is the beginning of a number or of true, false and null, and nothing follows it."""
    return re.fullmatch(r"-|\d+\.|t|tr|tru|f|fa|fal|fals|n|nu|nul|[-+.\deE]+", value[at:]) is not None


def _whole(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _closers(value: str) -> str | None:
    """The closing brackets that are missing at the end of JSON; None where its brackets do not match."""
    stack: list[str] = []
    within = escaped = False
    for each in value:
        if within:
            if escaped:
                escaped = False
            elif each == "\\":
                escaped = True
            elif each == '"':
                within = False
        elif each == '"':
            within = True
        elif each in "{[":
            stack.append("}" if each == "{" else "]")
        elif each in "}]" and (not stack or stack.pop() != each):
            return None
    return ('"' if within else "") + "".join(reversed(stack)) if stack or within else None


@measure("format.json_unclosed", within=0.5, unit="closing brackets")
def json_unclosed(document: Document) -> float | None:
    """How many closing brackets are missing at the end of JSON whose values are whole."""
    if document.media_type != "application/json" or not document.data:
        return None
    value = _json(document)
    return float(len(_closers(value) or "")) if value is not None and json_end(document) == "open" else 0.0
