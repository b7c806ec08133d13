"""How a service is called: pure data."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crumple.errors import CrumpleError

CONNECTING: Final = 10.0
"""Seconds that connecting may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a service is called; pickled to every lane.

    Attributes:
        timeout: seconds that one attempt may take from when it is sent; connecting and waiting excluded.
        concurrency: how many calls may be out at a time.
        rate: how many attempts may begin in a second; 0: as many as can.
        retries: how often a call is sent again.
        largest_answer: bytes that an answer may have; decompressed where it is compressed.
        ca: a file with the certificates of a private authority; "" for none.
        pause: seconds before the first retry; each that follows waits twice as long, up to half a minute.
        patience: seconds that a Retry-After may ask for at the most; a longer one ends the retries.
        taken: statuses that are an answer of the service's (a declared refusal), and never retried or followed.
    """

    timeout: float = 30.0
    concurrency: int = 1
    rate: float = 0.0
    retries: int = 4
    largest_answer: int = 64 << 20
    ca: str = ""
    pause: float = 0.5
    patience: float = 300.0
    taken: frozenset[int] = frozenset()

    def check(self, root: Path) -> None:
        """Reject a file of certificates that is not there.

        Raises:
            CrumpleError: it is not.
        """
        if self.ca and not (root / self.ca).is_file():
            raise CrumpleError(
                f"there is no file {self.ca!r}", where="[system] ca", hint=f"It is looked for in {root}."
            )

    def of(self, root: Path, taken: frozenset[int]) -> Terms:
        """The same for one system: with `ca` as seen from its folder, and the statuses by which it refuses."""
        return replace(self, ca=os.path.abspath(root / self.ca) if self.ca else "", taken=taken)

    def divided(self, lanes: int) -> Terms:
        """The share of one of so many lanes; at least one call at a time."""
        return replace(self, concurrency=max(1, self.concurrency // lanes), rate=self.rate / lanes)

    @property
    def longest(self) -> float:
        """Seconds that one call can take at the most, all attempts and all waiting for them included."""
        queued = self.concurrency / self.rate if self.rate else 0.0
        return (self.retries + 1) * (CONNECTING + self.timeout + max(self.patience, 30.0) + queued)
