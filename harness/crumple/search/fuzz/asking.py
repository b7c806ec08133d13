"""How the parts of a search ask for calls: a generator yields what it wants called, and is sent what came of it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from crumple.recipe import Recipe
from crumple.result import Result

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ask:
    """One call that is wanted.

    Attributes:
        case: the case's id.
        recipe: how its document is to be degraded, exactly.
        counts: whether the changes that its steps make are to be counted.
    """

    case: str
    recipe: Recipe
    counts: bool = False


Asking: TypeAlias = Generator[Ask, Result, R]
