"""What is noted while a place is gone through once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from crumple import Entry, Sampler, named
from crumple_corpora.files import File
from crumple_corpora.folder_declared import Row
from crumple_corpora.folder_listing import CaseFolder, Item

_FOLDERS: Final = "a folder with a case.toml"

Found: TypeAlias = Item | CaseFolder | Row


@dataclass(slots=True)
class Gone:
    """What is known when a place was gone through.

    Attributes:
        digest: of every file, in whatever order they come.
        newest: when the file that was changed last was changed.
        cases, groups: how many there are.
    """

    digest: int = 0
    newest: float = 0.0
    cases: int = 0
    groups: int = 0
    _named: set[int] = field(default_factory=set)

    def files(self, files: Iterator[File]) -> Iterator[File]:
        """The files, taken note of."""
        for each in files:
            mark = f"{each.name}\0{each.size}\0{each.mark or each.changed}".encode("utf-8", "surrogatepass")
            self.digest = (self.digest + int.from_bytes(hashlib.blake2b(mark, digest_size=16).digest())) % (1 << 128)
            self.newest = max(self.newest, each.changed)
            yield each

    def group(self, name: str) -> None:
        """Count a group that may come again."""
        self._named.add(int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()))

    @property
    def all_groups(self) -> int:
        """How many groups there are."""
        return self.groups + len(self._named)


@dataclass(slots=True)
class Pass:
    """What one pass has come to.

    Attributes:
        chosen: the cases that were wanted, until their entries are made of them.
        cases, groups: how many there are.
        version: a digest of what was seen.
        entries: of the chosen, once they were asked for.
    """

    chosen: Sequence[Found]
    cases: int
    groups: int
    version: str
    entries: Sequence[Entry] | None = None


def tell(sampler: Sampler[Found], found: Found) -> None:
    """Tell a sampler of a case."""
    name = name_of(found)
    kind = _FOLDERS if isinstance(found, CaseFolder) else named(name.rpartition("/")[2])
    group = found.cells.get("group", "") if isinstance(found, Row) else getattr(found, "group", "")
    sampler.add(kind, group or name, name, found)


def name_of(found: Found) -> str:
    """What a pattern is held against: a case's id, without its content being known."""
    return found.path if isinstance(found, CaseFolder) else found.id
