"""What the engine asks of a run that is gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from crumple.events import RoundEnded


class Before(Protocol):
    """Calls that were made outside the rounds, by their keys; a mapping does, or what takes less space."""

    def __contains__(self, key: object, /) -> bool:
        """Whether it was made."""

    def get(self, key: str, /) -> bool | None:
        """Whether its result still stands; None where it was not made."""


class Past(Protocol):
    """What an unfinished run that is gone on with has done already.

    Single calls that it has made come from its executor; only whole rounds are not drawn again.
    """

    @property
    def rounds(self) -> int:
        """How many rounds, from the first on, are whole."""

    @property
    def calls(self) -> int:
        """The calls that were made in them."""

    @property
    def cost(self) -> float:
        """The money that they took, and that calls took which are to be made again."""

    @property
    def seconds(self) -> float:
        """How long it has been at work."""

    @property
    def made(self) -> int:
        """The calls that need not be made again, those outside whole rounds included."""

    @property
    def before(self) -> Before:
        """The calls that were made before the rounds and after them."""

    @property
    def begun(self) -> bool:
        """Whether documents were degraded already: then the cases that they are drawn from are what they were."""

    def ended(self) -> Iterator[RoundEnded]:
        """Those rounds, in order."""
