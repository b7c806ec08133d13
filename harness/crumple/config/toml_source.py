"""A TOML text with the line of everything in it, which the standard library's parser does not tell. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from crumple.errors import CrumpleError

Key: TypeAlias = "tuple[str | int, ...]"

_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration file as it was written.

    Attributes:
        name: how messages call the file.
        data: what it says, `${NAME}` as it stands.
        lines: key path -> the line, from 1, that it is set in.
        prefix: the table that is ours: ("tool", "crumple") in a pyproject.toml.
    """

    name: str
    data: Mapping[str, Any]
    lines: Mapping[Key, int]
    prefix: Key = ()

    def line(self, key: Key) -> int:
        """The line that a key, or the nearest table around it, is set in; 0 where there is none."""
        whole = self.prefix + key
        shortest = len(self.prefix)
        return next(
            (self.lines[whole[:end]] for end in range(len(whole), shortest, -1) if whole[:end] in self.lines), 0
        )

    def place(self, key: Key) -> str:
        """Where something stands, for messages: "crumple.toml, line 4, [system]"."""
        parts = [self.name]
        if line := self.line(key):
            parts.append(f"line {line}")
        if key and isinstance(self.value(key[:1]), (Mapping, list)):
            parts.append(f"[{'.'.join(map(str, (*self.prefix, key[0])))}]")
        return ", ".join(parts)

    def value(self, key: Key) -> Any:
        """What was written for a key, or None where nothing was."""
        found: Any = self.data
        for token in key:
            try:
                found = found[token]
            except (KeyError, IndexError, TypeError):
                return None
        return found


def parse(text: str, name: str, prefix: Key = ()) -> Source:
    """A TOML text with its lines.

    Args:
        text: the file's content.
        name: how messages call it.
        prefix: the table to take; a file without it is an empty source.

    Raises:
        CrumpleError: it is no TOML; with line, column and what is wrong there.
    """
    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(text, name, error) from None
    for token in prefix:
        data = data.get(token, {}) if isinstance(data, Mapping) else {}
    return Source(name, data if isinstance(data, Mapping) else {}, _lines(text), prefix)


def _broken(text: str, name: str, error: tomllib.TOMLDecodeError) -> CrumpleError:
    found = _POSITION.search(str(error))
    what = _POSITION.sub("", str(error)) or "it is no TOML"
    lines = text.splitlines() or [""]
    at = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
    # The commonest slip of all: call = system:read.
    hint = 'Texts stand in quotes: key = "text".' if what == "Invalid value" else ""
    return CrumpleError(what[0].lower() + what[1:], where=f"{name}, line {at[0]}, column {at[1]}", hint=hint)


def _lines(text: str) -> dict[Key, int]:
    """The line that sets each key, found by parsing one statement after another."""
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    for number, statement in _statements(text):
        if statement.lstrip().startswith("["):
            table = _header(tomllib.loads(statement), counts)
            for end in range(1, len(table) + 1):
                lines.setdefault(table[:end], number)
        else:
            for path in _paths(tomllib.loads(statement), ()):
                lines.setdefault(table + path, number)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header and each key with its value, with the line that it begins in.

    A line that parses by itself is a whole statement; where it does not, a string or list goes on.
    """
    pending, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start if pending else number
        pending += line + "\n"
        try:
            found = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if found:
            yield start, pending
        pending = ""


def _header(parsed: Any, counts: dict[Key, int]) -> Key:
    """The path of a table's header; in an array of tables it ends with the index, and what follows stays inside."""
    path: Key = ()
    while parsed:
        if isinstance(parsed, list):
            counts[path] = counts.get(path, -1) + 1
            path, parsed = (*path, counts[path]), parsed[0]
            continue
        ((key, parsed),) = parsed.items()
        path = (*path, key)
        if isinstance(parsed, dict) and path in counts:
            path = (*path, counts[path])
    return path


def _paths(parsed: Any, path: Key) -> Iterator[Key]:
    if path:
        yield path
    items: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(parsed, Mapping):
        items = iter(parsed.items())
    elif isinstance(parsed, Sequence) and not isinstance(parsed, str):
        items = iter(enumerate(parsed))
    for key, value in items:
        yield from _paths(value, (*path, key))
