"""Runs as a list of them shows them, and how one is named. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple.errors import CrumpleError

LATEST: Final = "latest"
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One run as a list of them shows it.

    Attributes:
        number: of its row.
        id: the run's.
        state: "running" (a process is at it), "interrupted", "ended", or "abandoned" (--fresh was said after it).
        holder: the process that writes it, or wrote it last.
        info: what its document says of it beforehand.
        started: seconds since 1970.
        seconds: how long it was at work.
        calls, failures, void: how many calls it made, how many of them failed, and how many were void.
        cost: money.
    """

    number: int
    id: str
    state: str
    holder: str
    info: Mapping[str, Any]
    started: float
    seconds: float
    calls: int
    failures: int
    void: int
    cost: float


def named(name: str, lines: Sequence[Line], where: str) -> Line:
    """A run by its id, by how that begins, or as "latest".

    Args:
        name: see above.
        lines: the newest first.
        where: the store, for messages.

    Raises:
        CrumpleError: there is none, or several.
    """
    if not lines:
        raise CrumpleError("there are no runs yet", where=where, hint="`crumple run` makes one.")
    if name == LATEST:
        return lines[0]
    found = [line for line in lines if line.id == name] or [line for line in lines if line.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CrumpleError(
            f"{len(found)} runs begin with {name!r}: {', '.join(line.id for line in found[:_NAMED])}",
            where=where,
            hint="Write some more of it.",
        )
    raise CrumpleError(
        f"there is no run {name!r}",
        where=where,
        got=name,
        allowed=[LATEST, *(line.id for line in lines[:_NAMED])],
        hint="`crumple runs` lists them all." if len(lines) > _NAMED else "",
    )


def calls(number: int) -> str:
    """A number of calls in words."""
    return f"{number:,} call{'' if number == 1 else 's'}"
