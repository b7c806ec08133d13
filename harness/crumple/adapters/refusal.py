"""`refuses`: by which exceptions, codes and answers a system says clearly that it cannot."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crumple.errors import CrumpleError, in_words
from crumple.loading import function
from crumple.truth import stands

_WHERE = "[system] refuses"
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MATCHES = "matches "
_EVERYTHING = ("Exception", "BaseException", "object")
_EXAMPLES = (
    'An entry reads "module.Class", "Class", "module:function", { answer = "/pointer", equals = value } '
    'or { matches = "regular expression" }; of a command or service an exit code or status, a whole number.'
)

Condition = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Refusals:
    """What counts as a refusal of one system.

    Attributes:
        exceptions: "module.Class" or "Class", matched against every class that an exception derives from.
        conditions: (how it was written, whether an answer meets it).
        codes: exit codes or HTTP statuses.
    """

    exceptions: tuple[str, ...] = ()
    conditions: tuple[tuple[str, Condition], ...] = ()
    codes: frozenset[int] = frozenset()

    def exception(self, classes: Sequence[str]) -> bool:
        """Whether an exception with these classes, the nearest first, is a refusal."""
        return any(_names(each, full) for each in self.exceptions for full in classes)

    def answer(self, answer: Any) -> str:
        """The entry that makes this answer a refusal; "" where none does.

        Raises:
            CrumpleError: a user's function has raised, with the entry.
        """
        for written, met in self.conditions:
            try:
                if met(answer):
                    return written
            except BaseException as error:  # whatever it is, it is not the system's
                words = in_words(error).rstrip(": .")
                raise CrumpleError(
                    f"{written!r} raised {words}", where=_WHERE, hint="It is given every answer, None as well."
                ) from error
        return ""

    def said(self, text: str) -> str:
        """The entry that makes a refusal of what a command printed before it failed; "" where none does."""
        return next((written for written, met in self.conditions if written.startswith(_MATCHES) and met(text)), "")


Kind = Literal["function", "command", "service"]


def check(entries: Sequence[object], kind: Kind = "function") -> None:
    """Reject entries that cannot be understood, or could be understood in two ways; nothing is imported.

    Args:
        entries: as they are configured.
        kind: what the system is: functions raise exceptions, commands have exit codes, services statuses.

    Raises:
        CrumpleError: with the entry.
    """
    for entry in entries:
        if isinstance(entry, str):
            _check_name(entry, kind)
        elif isinstance(entry, Mapping):
            _check_condition(entry)
        elif isinstance(entry, int) and not isinstance(entry, bool):
            _check_code(entry, kind)
        else:
            raise CrumpleError(f"{entry!r} is not a refusal", where=_WHERE, hint=_EXAMPLES)


def _check_code(entry: int, kind: Kind) -> None:
    if kind == "function":
        raise CrumpleError(
            f"{entry} is no refusal of a function",
            where=_WHERE,
            hint="Exit codes and statuses are for commands and URLs.",
        )
    if kind == "command" and not 0 <= entry <= 255:
        raise CrumpleError(f"{entry} is no exit code", where=_WHERE, hint="They go from 0 to 255.")
    if kind == "service" and not 200 <= entry <= 599:
        raise CrumpleError(f"{entry} is no HTTP status", where=_WHERE, hint="Like 422.")


def _check_name(entry: str, kind: Kind) -> None:
    module, colon, function = entry.partition(":")
    names = (module, function) if colon else (module,)
    if not all(_DOTTED.fullmatch(name) for name in names):
        raise CrumpleError(f"{entry!r} is not a refusal", where=_WHERE, hint=_EXAMPLES)
    if not colon and kind != "function":
        raise CrumpleError(
            f"{entry!r} names an exception, which only a function raises",
            where=_WHERE,
            hint='Name its exit code or status, { answer = ..., equals = ... } or { matches = "..." }.',
        )
    if entry.removeprefix("builtins.") in _EVERYTHING:
        raise CrumpleError(
            f"{entry!r} would make a refusal of every crash",
            where=_WHERE,
            hint="Name the exceptions that the system raises on purpose.",
        )


def _check_condition(entry: Mapping[Any, Any]) -> None:
    keys = set(entry)
    if keys == {"answer", "equals"}:
        path = entry["answer"]
        if not isinstance(path, str) or (path and not path.startswith("/")):
            raise CrumpleError(
                f"{path!r} is not a JSON pointer", where=_WHERE, hint='It reads "/status" or "/lines/0/total".'
            )
    elif keys == {"matches"}:
        try:
            re.compile(entry["matches"])
        except (re.error, TypeError) as error:
            raise CrumpleError(f"{entry['matches']!r} is not a regular expression: {error}", where=_WHERE) from None
    else:
        raise CrumpleError(f"{dict(entry)!r} is not a refusal", where=_WHERE, hint=_EXAMPLES)


def compiled(entries: Sequence[object], root: Path, kind: Kind = "function") -> Refusals:
    """The entries ready for use; functions are imported, from the configuration file's folder first.

    Raises:
        CrumpleError: an entry is not sound, or its function cannot be imported.
    """
    check(entries, kind)
    exceptions: list[str] = []
    codes = frozenset(entry for entry in entries if isinstance(entry, int))
    conditions: list[tuple[str, Condition]] = []
    for entry in entries:
        if isinstance(entry, Mapping):
            conditions.append(_condition(entry))
        elif isinstance(entry, int):
            continue
        elif ":" in str(entry):
            conditions.append((str(entry), _function(str(entry), root)))
        else:
            exceptions.append(str(entry))
    return Refusals(tuple(exceptions), tuple(conditions), codes)


def _condition(entry: Mapping[str, Any]) -> tuple[str, Condition]:
    if "matches" in entry:
        pattern = re.compile(entry["matches"])
        return f"{_MATCHES}{entry['matches']!r}", lambda answer: pattern.search(_text(answer)) is not None
    path, expected = entry["answer"], entry["equals"]
    return f"{path} is {json.dumps(expected)}", lambda answer: stands(answer, path, expected)


def _text(answer: Any) -> str:
    if isinstance(answer, bytes):
        return answer.decode("utf-8", "replace")
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)


def _function(entry: str, root: Path) -> Condition:
    found = function(entry, root, _WHERE)
    return lambda answer: bool(found(answer))


def _names(entry: str, full: str) -> bool:
    return full == entry or full.endswith(f".{entry}")
