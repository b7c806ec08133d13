"""A case: a clean document and its truth; a corpus: a set of cases that travels by description."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a run is about, of a corpus that it does not want whole.

    Attributes:
        seed: of the order that groups come in.
        most: how many cases at most; of every kind of document at least one.
        by_group: whether each kind begins with other groups.
        always: the ids of cases that are to be there in any case.
        tags: only cases that have one of these; (): all.
    """

    seed: int = 0
    most: int = 0
    by_group: bool = False
    always: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()


@runtime_checkable
class Streamed(Protocol):
    """A corpus that may have too many cases for a list of them: it is gone through once, and only a sample is kept."""

    @property
    def streams(self) -> bool:
        """Whether it is one; what stands around another corpus is if that one is."""

    def sample(self, wanted: Wanted) -> Sequence[Entry]:
        """The cases that are wanted, evenly over kinds of documents, groups in random order.

        The same ones in every process, in whatever order they are listed.

        Raises:
            CrumpleError: it cannot be listed, or there is nothing in it.
        """

    def size(self, tags: tuple[str, ...] = ()) -> tuple[int, int]:
        """How many cases it has, and groups of them; of those that have one of the tags, where there are any."""

    def find(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """The entries of some cases, of those that there are."""
