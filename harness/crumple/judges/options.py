"""Options that several judges share, checked: JSON pointers with *, tolerances, flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crumple.errors import CrumpleError
from crumple.judges.values import EXACT
from crumple.truth import tokens

POINTERS = 'A field is a JSON pointer, in which * stands for every item: "/total", "/lines/*/amount".'


@dataclass(frozen=True, slots=True)
class Tolerances:
    """By how much numbers may differ, by place.

    Attributes:
        by_place: (tokens of a pointer, the greatest difference at or below it); the last that matches holds.
    """

    by_place: tuple[tuple[tuple[str, ...], Decimal], ...] = ()

    @classmethod
    def of(cls, option: float | Mapping[str, float]) -> Tolerances:
        """From one number for all places, or from numbers by JSON pointer.

        Raises:
            CrumpleError: it is neither.
        """
        by_pointer = option if isinstance(option, Mapping) else {"": option}
        return cls(tuple((pattern(path, "tolerance"), _tolerance(each)) for path, each in by_pointer.items()))

    def at(self, path: str) -> Decimal:
        """The tolerance for the field at a JSON pointer."""
        found = EXACT
        for place, allowed in self.by_place:
            if not place or within(tokens(path), place):
                found = allowed
        return found


def _tolerance(allowed: object) -> Decimal:
    if isinstance(allowed, bool) or not isinstance(allowed, (int, float)) or not 0 <= allowed < float("inf"):
        raise CrumpleError(
            f"a tolerance is a number from 0 up, got {allowed!r}",
            where="[judge] tolerance",
            hint='For all numbers: tolerance = 0.01; by field: tolerance = { "/total" = 0.01 }.',
        )
    return Decimal(repr(allowed))


def pattern(path: object, option: str) -> tuple[str, ...]:
    """The tokens of a JSON pointer with *.

    Raises:
        CrumpleError: it is not one.
    """
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise CrumpleError(f"{path!r} is not a JSON pointer", where=f"[judge] {option}", hint=POINTERS)
    return tokens(path)


def within(path: tuple[str, ...], place: tuple[str, ...]) -> bool:
    """Whether the field with these tokens is at or below a place, in which * stands for any one token."""
    return len(path) >= len(place) and all(token in ("*", here) for here, token in zip(path, place, strict=False))


def general(path: str) -> str:
    """A JSON pointer with * for every list index: "/lines/3/amount" is "/lines/*/amount"."""
    return "".join("/" + ("*" if token.isdecimal() else token) for token in path.split("/")[1:])


def check_flag(option: str, value: object) -> None:
    """Reject what is neither true nor false.

    Raises:
        CrumpleError: naming the option.
    """
    if not isinstance(value, bool):
        raise CrumpleError(f"{option} is true or false, got {value!r}", where=f"[judge] {option}")
