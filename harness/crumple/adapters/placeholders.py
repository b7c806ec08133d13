"""Placeholders such as {input} in the words of a configuration: found, checked, filled in. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping

from crumple.errors import CrumpleError, nearest
from crumple.truth import ABSENT, Json, Truth, lookup

# A name, and of what holds JSON a pointer into it: {inputs/question}. Doubled braces are braces.
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)((?:/[^{}/]*)*)\}")


def names(texts: Iterable[str]) -> frozenset[str]:
    """The placeholders that stand in texts, without pointers."""
    return frozenset(found[1] for text in texts for found in _PLACEHOLDER.finditer(text) if found[1])


def check(text: str, allowed: Collection[str], where: str) -> None:
    """Reject a placeholder that there is none of.

    Raises:
        CrumpleError: with the nearest that there is.
    """
    for found in _PLACEHOLDER.finditer(text):
        name, path = found[1], found[2]
        if not name or (name in allowed and (not path or name == "inputs")):
            continue
        near = nearest(name, allowed)
        meant = f"Did you mean '{{{near}}}'? " if near else ""
        there = ", ".join(f"{{{each}}}" for each in allowed)
        raise CrumpleError(
            f"there is no placeholder '{found[0]}'",
            where=where,
            hint=f"{meant}There are {there}; a brace itself is written twice.",
        )


def filled(text: str, values: Mapping[str, Truth]) -> str:
    """A text with its placeholders replaced, each once: what is filled in is not looked through again.

    Args:
        text: checked.
        values: a text as it is, anything else as JSON; with a pointer what stands there, and "" where nothing does.
    """

    def value(found: re.Match[str]) -> str:
        if not found[1]:
            return found[0][0]
        if found[1] not in values:
            return found[0]
        held = values[found[1]]
        return _text(lookup(held, found[2]) if found[2] else held)

    return _PLACEHOLDER.sub(value, text)


def _text(value: Truth | Json) -> str:
    if value is ABSENT:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
