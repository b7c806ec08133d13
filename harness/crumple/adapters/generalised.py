"""What messages of one bug have in common, without the numbers, paths and names that differ from call to call. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
_DAYS = "|".join(f"{name}day|{name[:3]}" for name in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"))
# In this order: what an earlier one takes is not looked at by a later one.
_RULES = (
    (re.compile(r"\b[A-Za-z][\w+.-]*://[^\s'\"<>]+"), "URL"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "EMAIL"),
    (re.compile(r"(?<!\w)(?:[bruf]{1,2}(?=['\"]))?(['\"`])(?:(?!\1).){0,500}?\1(?!\w)"), "'…'"),
    (re.compile(r"[“„«‘‚‹][^”“»’‘›]{0,500}[”“»’‘›]"), "'…'"),
    (re.compile(r"(?<![\w<}])(?:[A-Za-z]:\\|~?\.{0,2}/)[^\s:,;()'\"]+"), "PATH"),
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "ID"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "ID"),
    (re.compile(r"\b(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,}\b"), "ID"),
    (re.compile(r"(?<![A-Za-z_\d])[+-]?\d+(?:[.,:'T-]\d+)*Z?"), "N"),
    (re.compile(rf"(?:N,? ?)?\b(?:{_DAYS})\b,? (?=(?:{_MONTHS}|N)\b)"), ""),
    (re.compile(rf"\b(?:{_MONTHS})\b\.?(?= N\b)|(?<=\bN )(?:{_MONTHS})\b"), "N"),
    (re.compile(r"N(?: N)+\b"), "N"),
    # Letters that no encoding shows, and those that only a wrong one does.
    (re.compile(r"\S*[\ufffd\x00-\x1f\x7f-\x9f\ue000-\uf8ff]\S*"), "…"),
    (re.compile(r"(?i)(?<=\btoken )[^\w\s'…]\S*"), "…"),
)
_LONGEST = 200


def general(line: str, known: Iterable[tuple[str, str]] = ()) -> str:
    """A message in general terms.

    Args:
        line: one line.
        known: (a text that belongs to this call alone, what stands for it), the longest first.
    """
    for text, name in known:
        if text:
            line = line.replace(text, name)
    for pattern, name in _RULES:
        line = pattern.sub(name, line)
    return line[:_LONGEST]


def last_line(output: str) -> str:
    """The last line of what was printed that says something, without colours."""
    for line in reversed(_ANSI.sub("", output[-20_000:]).splitlines()):
        if any(each.isalnum() for each in line):
            return " ".join(line.split())
    return ""
