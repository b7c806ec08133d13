"""Parts of a page, each made on its own: one that cannot be costs the page none of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Made = TypeVar("_Made")


class Attempts:
    """Makes parts, and remembers which could not be.

    Attributes:
        trouble: a sentence for each that could not, without a word of the document.
    """

    def __init__(self) -> None:
        self.trouble: list[str] = []

    def made(self, what: str, make: Callable[[], _Made], otherwise: _Made) -> _Made:
        """What `make` returns, or where it fails because a document is cut short or lies, `otherwise`."""
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - whatever a document makes of one part, the others are shown
            said = f"{what} could not be made of this document ({type(error).__name__})."
            self.trouble.append(f"{said[0].upper()}{said[1:]}")
            return otherwise
