"""What messages of one bug have in common, without the numbers, paths and names that differ from call to call. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
# In this order: what an earlier one takes is not looked at by a later one.
_RULES = (
    (re.compile(r"\b[A-Za-z][\w+.-]*://[^\s'\"<>]+"), "URL"),
    (re.compile(r"(?<!\w)(['\"`])(?:(?!\1).){0,500}?\1(?!\w)"), "'…'"),
    (re.compile(r"(?<![\w<}])(?:[A-Za-z]:\\|~?\.{0,2}/)[^\s:,;()'\"]+"), "PATH"),
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "ID"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "ID"),
    (re.compile(r"\b(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,}\b"), "ID"),
    (re.compile(r"(?<![A-Za-z_])[+-]?\d+(?:[.,:'T-]\d+)*Z?"), "N"),
)
_LONGEST = 200
_LAST_FRAME = re.compile(r'^\s*File "([^"]+)", line \d+, in (\S+)')
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?=:|$)")


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


def python_trace(output: str, root: str) -> tuple[str, str] | None:
    """Of a Python traceback that ends the output: the exception's name, and the innermost frame of one's own.

    Args:
        output: what was printed.
        root: the folder whose files are one's own; where no frame is in it, the innermost of all counts.

    Returns:
        ("ValueError", "import.py:load"), or None where there is no traceback at the end.
    """
    _, found, trace = output.rpartition("Traceback (most recent call last):\n")
    if not found:
        return None
    places: list[tuple[bool, str]] = []
    for line in trace.splitlines():
        if frame := _LAST_FRAME.match(line):
            path, function = frame.groups()
            own = path.startswith(root.rstrip("/") + "/") and "-packages/" not in path
            places.append((own, f"{path.rpartition('/')[2]}:{function}"))
        elif line[:1].strip():  # the first that is not indented names the exception
            name = _EXCEPTION.match(line)
            if not places or name is None:
                return None
            place = [each for own, each in places if own] or [each for _, each in places]
            return name[0].rpartition(".")[2], place[-1]
    return None
