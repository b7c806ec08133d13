"""What `@pytest.mark.crumple` says, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from crumple.case import Case
from crumple.config.quantities import share
from crumple.errors import CrumpleError, nearest

ALLOWED = ("corpus", "use", "levels", "limit", "calls", "seed", "refuses", "modules", "confidence", "timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark.

    Attributes:
        corpus: a folder or pattern, taken from the test's own folder; cases; None: as crumple.toml has it.
        use: categories and mutators; () is all that apply.
        levels: what is drawn from.
        limit: the share of degraded documents that may fail; 0: every failure is one too many.
        calls: how many degraded documents at most; None: until the limit is decided.
        seed: of every draw.
        refuses: exceptions by which the body says clearly that it cannot.
        confidence: how sure one wants to be.
        timeout: seconds that `degraded.call` may take.
    """

    corpus: str | Sequence[Case] | None = None
    use: tuple[str, ...] = ()
    levels: tuple[float, ...] = (1, 3, 5)
    limit: float = 0.0
    calls: int | None = None
    seed: int = 0
    refuses: tuple[type[BaseException], ...] = ()
    confidence: float = 0.95
    timeout: float = 30.0


def read(mark: pytest.Mark) -> Mark:
    """A mark's arguments.

    Raises:
        CrumpleError: one of them is unknown, or is not what it should be.
    """
    for name in mark.kwargs:
        if name not in ALLOWED:
            raise CrumpleError(
                f"there is no argument {name!r}", where="@pytest.mark.crumple", got=name, allowed=list(ALLOWED)
            )
    given: dict[str, Any] = dict(mark.kwargs)
    try:
        limit = share(given.pop("limit", 0.0))
    except ValueError as error:
        raise CrumpleError(f"limit {error}", where="@pytest.mark.crumple") from None
    for name in ("use", "levels", "refuses"):
        if name in given:
            value = given[name]
            given[name] = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    return Mark(limit=limit, **given)


__all__ = ["ALLOWED", "Mark", "nearest", "read"]
