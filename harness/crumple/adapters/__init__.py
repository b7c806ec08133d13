"""Adapters: all talk with a system is here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from crumple.document import Document
from crumple.outcome import Reply
from crumple.truth import Json


@dataclass(frozen=True, slots=True)
class Request:
    """One call's material: the document, and what goes with it unchanged."""

    document: Document
    inputs: Json = None
    parts: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request in the form that the system takes.

    Attributes:
        message: what `send` needs; its adapter's own affair.
        form: what the system will see of the document, or a digest of it, where that is not the document itself:
            text, pixels, a record. Two documents with one form are one document to the system. None elsewhere.
    """

    message: Any
    form: bytes | None = None


class Adapter(Protocol):
    """Calls one system from inside one lane.

    `prepare`, `send` and `receive` are apart so that the lane prepares the next document while the system works.
    """

    def start(self) -> None:
        """Make the system ready.

        Raises:
            CrumpleError: it cannot be (not importable, no such interpreter, start-up limit passed).
        """

    def sees(self, view: type) -> bool:
        """Whether damage made in this view reaches the system in the form that it is given documents in."""

    def prepare(self, request: Request) -> Prepared:
        """Put a request into the form that the system takes; may be called while a call is out.

        Raises:
            NotApplicable: the document cannot be given in that form.
        """

    def send(self, prepared: Prepared) -> None:
        """Begin a call; returns before the answer is there. What is sent while a call is out comes after it."""

    def receive(self) -> Reply:
        """Wait for the answer to the oldest call that is out, or for what ended that call instead.

        Never raises for what a system does.
        """

    def close(self) -> None:
        """End the system and everything it started."""


class System(Protocol):
    """How a system is called: a description that is pickled to every lane, where it makes an adapter."""

    @property
    def longest(self) -> float:
        """Seconds that one `start`, `send` or `receive` may take at the most, by the adapter's own limits."""

    def adapter(self, scratch: Path) -> Adapter:
        """An adapter for one lane; `scratch` is a folder of its own, removed with everything in it at the end."""
