"""How large an answer is, and whether it is JSON at all: told before anything native walks through it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

DEEPEST: Final = 500
"""Levels of an answer; what is nested deeper is nothing that other programs read, and ends some of them."""
MOST_VALUES: Final = 1_000_000
MOST_TEXT: Final = 256_000_000
"""Characters."""


@dataclass(slots=True)
class Extent:
    """How much an answer holds, as far as it was looked through: past `MOST_VALUES` and `MOST_TEXT` it is not.

    Attributes:
        values: of every kind, containers too.
        text: characters of all texts and keys together.
        longest: characters of the longest text.
    """

    values: int = 0
    text: int = 0
    longest: int = 0

    @property
    def too_large(self) -> bool:
        """Whether the rest was not looked at."""
        return self.values > MOST_VALUES or self.text > MOST_TEXT

    def add(self, value: Any) -> Iterator[Any] | None:
        """Count one value.

        Returns:
            What it holds, of a container.

        Raises:
            ValueError: it is no JSON.
        """
        self.values += 1
        if value is None or isinstance(value, int):  # the commonest first
            return None
        if isinstance(value, str):
            self.text += len(value)
            self.longest = max(self.longest, len(value))
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise ValueError("a number is none")
        elif isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                raise ValueError("a key is no text")
            self.text += sum(map(len, value))
            return iter(value.values())
        elif isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
            return iter(value)
        else:
            raise ValueError("a value is none of JSON's")
        return None


def extent(answer: Any) -> Extent | None:
    """The extent of an answer; None where it is no JSON, or nested deeper than 500 levels.

    Args:
        answer: decoded.
    """
    found = Extent()
    stack: list[Iterator[Any]] = [iter((answer,))]
    while stack and not found.too_large:
        held: Iterator[Any] | None = None
        try:
            for each in stack[-1]:
                held = found.add(each)
                if held is not None or found.too_large:
                    break
        except ValueError:
            return None
        if held is None:
            stack.pop()
        elif len(stack) > DEEPEST:
            return None
        else:
            stack.append(held)
    return found
