"""Adapters: all talk with a system is here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from crumple.dependency.faults import Fault
from crumple.document import Document
from crumple.outcome import Reply
from crumple.truth import Json


@dataclass(frozen=True, slots=True)
class Request:
    """One call's material: the document, and what goes with it unchanged.

    Attributes:
        document: the document.
        inputs: JSON passed on unchanged.
        parts: further documents.
        key: of the call that it is for, as in `crumple.result.Work`; the system is not told.
        faults: that what the system itself calls is to have during this call.
    """

    document: Document
    inputs: Json = None
    parts: tuple[Document, ...] = ()
    key: str = ""
    faults: tuple[Fault, ...] = ()


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


class Preparing(Protocol):
    """What every adapter does before and after its calls, from inside one lane."""

    def start(self) -> None:
        """Make the system ready.

        Raises:
            CrumpleError: it cannot be (not importable, no such interpreter, start-up limit passed, not reachable).
        """

    def prepare(self, request: Request) -> Prepared:
        """Put a request into the form that the system takes; may be called while a call is out.

        Raises:
            NotApplicable: the document cannot be given in that form.
        """

    def send(self, prepared: Prepared) -> None:
        """Begin a call; returns before the answer is there."""

    def close(self) -> None:
        """End the system and everything it started, or the connections to it."""


@runtime_checkable
class Adapter(Preparing, Protocol):
    """Calls a system of which each lane has its own, one call at a time.

    `prepare`, `send` and `receive` are apart so that the lane prepares the next document while the system works.
    What is sent while a call is out comes after it.
    """

    def receive(self) -> Reply:
        """Wait for the answer to the oldest call that is out, or for what ended that call instead.

        Never raises for what a system does.
        """


@runtime_checkable
class OpenAdapter(Preparing, Protocol):
    """Calls a system that lives elsewhere, with many calls out at a time."""

    @property
    def room(self) -> int:
        """How many more calls may be sent now: what the service bears less what is out; 0 while it asks to wait."""

    def arrived(self, timeout: float) -> list[tuple[Prepared, Reply]]:
        """The replies that are there, in any order, each with what was sent for it.

        Never raises for what a system does.

        Args:
            timeout: seconds that it may wait for the first.
        """


class System(Protocol):
    """How a system is called: a description that is pickled to every lane, where it makes an adapter."""

    @property
    def longest(self) -> float:
        """Seconds that one `start`, `send` or `receive` may take at the most, by the adapter's own limits."""

    @property
    def concurrency(self) -> int:
        """How many calls may be out at a time, over all lanes; 0: one in each lane, which has a system of its own."""

    def sees(self, view: type) -> bool:
        """Whether damage made in this view reaches the system in the form that it is given documents in."""

    def version(self) -> str:
        """What tells one version of the system from another, as far as can be seen: a digest of its files, its URL."""

    def divided(self, lanes: int) -> System:
        """The share of one of so many lanes: of the calls that may be out, and of the rate."""

    def adapter(self, scratch: Path) -> Adapter | OpenAdapter:
        """An adapter for one lane; `scratch` is a folder of its own, removed with everything in it at the end."""
