"""Text of documents and answers made harmless for a terminal, and lines that can be pasted into a shell."""

from __future__ import annotations

import re
import unicodedata

# Control and format characters (ANSI escapes, bidirectional controls, zero-width ones), surrogates, unassigned and
# private ones, line and paragraph separators: everything that a terminal obeys or cannot show.
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MARKS = frozenset({"Mn", "Me"})
_STACKED = 4
_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


def visible(text: str) -> str:
    """The text on one line, with whatever a terminal would obey or hide written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        # Letters carry a few marks; a tower of them runs over the lines above.
        harmful = category in _HARMFUL or marks > _STACKED
        shown.append(_escaped(character) if harmful else character)
    return "".join(shown)


def excerpt(text: str, length: int) -> str:
    """The text made visible, and cut in its middle where it is longer than `length` characters."""
    tail = length // 3
    if len(text) > 2 * length:  # shown it is no shorter: of megabytes the ends are enough
        return f"{visible(text[:length])[: length - tail - 5]} ... {visible(text[-length:])[-tail:]}"
    shown = visible(text)
    if len(shown) <= length:
        return shown
    return f"{shown[: length - tail - 5]} ... {shown[-tail:]}"


def quoted(word: str) -> str:
    """The word as one word of a shell; control characters in it as bash, zsh and ksh read them in $'...'."""
    if _SAFE.fullmatch(word):
        return word
    if visible(word) == word:
        return "'" + word.replace("'", "'\"'\"'") + "'"
    return "$'" + "".join(_in_dollar_quotes(character) for character in word) + "'"


def _in_dollar_quotes(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    if unicodedata.category(character) not in _HARMFUL | _MARKS:
        return character
    # Names of files that are no UTF-8 reach Python as lone surrogates; these are their bytes.
    data = character.encode("utf-8", "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in data)


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
