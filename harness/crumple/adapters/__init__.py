"""Adapters: all talk with a system is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from crumple.document import Document
from crumple.outcome import Reply
from crumple.truth import Json


@dataclass(frozen=True, slots=True)
class Request:
    """One call's material: the document, and what goes with it unchanged."""

    document: Document
    inputs: Json = None
    parts: tuple[Document, ...] = ()


class Adapter(Protocol):
    """Calls one system from inside one lane, one request at a time.

    `send` and `receive` are apart so that the lane prepares the next document while the system works.
    """

    def start(self) -> None:
        """Make the system ready.

        Raises:
            CrumpleError: it cannot be (not importable, no such interpreter, start-up limit passed).
        """

    def sees(self, view: type) -> bool:
        """Whether damage made in this view reaches the system in the form that it is given documents in."""

    def send(self, request: Request) -> None:
        """Begin a call; returns before the answer is there.

        Raises:
            NotApplicable: the document cannot be given in the form that the system takes; nothing was sent.
        """

    def receive(self) -> Reply:
        """Wait for the answer, or for what ended the call instead. Never raises for what a system does."""

    def close(self) -> None:
        """End the system and everything it started."""
