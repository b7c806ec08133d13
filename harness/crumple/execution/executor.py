"""What the engine asks of whatever carries its calls out: local lanes, or a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crumple.result import Result, Work


class Executor(Protocol):
    """Carries out `Work`, in any order, and brings back one `Result` for each."""

    @property
    def pending(self) -> int:
        """How many works have been put and not come back."""

    @property
    def room(self) -> int:
        """How many more works it could take now so that nothing in it stands idle; 0 or more."""

    def put(self, works: Sequence[Work]) -> None:
        """Take works on; never blocks on the system.

        Raises:
            CrumpleError: the system cannot be made ready.
        """

    def results(self, timeout: float | None = None) -> list[Result]:
        """The results that have arrived; waits for at least one, at most `timeout` seconds.

        Raises:
            CrumpleError: the system cannot be made ready.
        """
