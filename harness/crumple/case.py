"""A case: a clean document and its truth; a corpus: a set of cases that travels by description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from crumple.document import Document
from crumple.places import Region
from crumple.truth import ABSENT, Json, Truth


@dataclass(frozen=True, slots=True)
class Case:
    """One clean document and what is known of it.

    Attributes:
        id: unique within its corpus; for files the path below the corpus folder, with "/".
        document: what is degraded.
        truth: the right answer, or ABSENT.
        group: cases of one origin share it (four shapes of one invoice); by default the id.
        tags: free words to filter and tabulate by.
        inputs: JSON passed on to the system unchanged: a question, options.
        parts: further named documents that go with the first one.
        regions: where a page shows the value of a truth's field: JSON pointer -> its places.
    """

    id: str
    document: Document
    truth: Truth = ABSENT
    group: str = ""
    tags: frozenset[str] = frozenset()
    inputs: Json = None
    parts: tuple[Document, ...] = ()
    regions: Mapping[str, tuple[Region, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.group:
            object.__setattr__(self, "group", self.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """A case's line in its corpus' list: enough to plan with, without its document.

    Attributes:
        id, group, tags: the case's.
        media_type: of its document.
        has_truth: whether somebody has said what the right answer is.
        parts: (name, media type) of its further documents.
        inside: (path, media type) of what archives and mails among its documents carry; see `crumple.inside`.
        has_inputs: whether something is passed to the system beside the documents.
        stand_in: whether its truth is what the system itself has said, and nobody has confirmed it.
        size: of all its documents together, in bytes; 0 where that is not known before they are made.
    """

    id: str
    media_type: str
    group: str
    has_truth: bool
    tags: frozenset[str] = frozenset()
    parts: tuple[tuple[str, str], ...] = ()
    inside: tuple[tuple[str, str], ...] = ()
    has_inputs: bool = False
    stand_in: bool = False
    size: int = 0

    @property
    def documents(self) -> tuple[tuple[str, str], ...]:
        """Every document of the case as (part's name, media type); the first is the case's own, named ""."""
        return (("", self.media_type), *self.parts, *self.inside)


class Corpus(Protocol):
    """A set of cases. It is pickled to every lane, so it holds a description (a folder, a seed), not documents."""

    @property
    def name(self) -> str:
        """How reports call it: "corpus" (a folder), "invoices, seed 0"."""

    def entries(self) -> Sequence[Entry]:
        """Every case's line, in an order that does not depend on machine or process."""

    def load(self, case_id: str) -> Case:
        """The case itself. The same id gives the same case in every process.

        Raises:
            CrumpleError: no such case, or it cannot be read; the message names the file.
        """


@runtime_checkable
class Versioned(Protocol):
    """A corpus whose cases may change while its description stays the same, as a folder's do."""

    def version(self) -> str:
        """What tells one state of it from another: a digest of the files."""
