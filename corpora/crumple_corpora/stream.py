"""A folder that is elsewhere, or has too many documents for a list: gone through once, and a sample of it kept."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeAlias

import numpy as np

from crumple import Case, CrumpleError, Entry, Location, Sampler, Wanted, named
from crumple_corpora.files import CASE_FILE, MANIFEST, File, Files, LocalFiles, is_hidden
from crumple_corpora.folder import nothing
from crumple_corpora.folder_declared import Row, declared_by, is_counted, read_case, rows_in
from crumple_corpora.folder_listing import CaseFolder, Item, listed, pair, together
from crumple_corpora.folder_reading import LARGEST, Reader, matcher, split, unknown_case
from crumple_corpora.remote_files import remote_files

PARSED: Final = 2000
"""The truths of so many cases of a sample are read beforehand; of a larger one they are read where the work is."""
LISTED: Final = 100_000
"""A list of all cases has so many at most."""
_AT_ONCE, _SLICE = 16, 1000
_FOLDERS: Final = "a folder with a case.toml"
_KIND_OF_COUNT: Final = 3  # numbers in a manifest of counts are drawn from a stream of their own

_Found: TypeAlias = Item | CaseFolder | Row


@dataclass(slots=True)
class _Gone:
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


@dataclass(frozen=True, slots=True)
class _Sample:
    """What one pass has come to."""

    entries: Sequence[Entry]
    cases: int
    groups: int
    version: str


class Stream:
    """The files below a URL, by the same rules as a folder's (`Folder`), of which lanes read what they need themselves.

    Beside them a manifest may say how many cases each folder has (columns folder, count): then only the folders that a
    sample is drawn from are listed.

    Attributes:
        url: as it was given.
        pattern: which files are cases.
    """

    streams = True

    def __init__(
        self, url: str, *, largest: int = LARGEST, storage: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        """Describe the place; it is gone through when a sample is asked for.

        Args:
            url: of a folder, or a pattern such as "s3://bucket/invoices/**/*.pdf", "zip://*.pdf::s3://bucket/a.zip".
            largest: how many bytes a document may have.
            storage: see `Location`.
        """
        self.url = url
        first, chain, rest = url.partition("::")
        scheme, slashes, path = first.partition("://")
        folder, self.pattern = split(path)
        self._location = Location(f"{scheme}{slashes}{folder.rstrip('/')}{chain}{rest}", storage or {})
        self._largest = largest
        # Of what was gone through: lanes are told, so that they see what has changed since.
        self._newest = 0.0
        self._rows: dict[str, Row] = {}
        self._passes: dict[Wanted, _Sample] = {}

    def __getstate__(self) -> dict[str, Any]:
        own = {
            name: each for name, each in self.__dict__.items() if name not in ("_reader", "_by_manifest", "_is_counted")
        }
        return own | {"_passes": {}}

    def __repr__(self) -> str:
        return f"Stream({self.url!r})"

    @property
    def name(self) -> str:
        """How reports call it: the last folder's name."""
        return str(PurePosixPath(self._place.title()) / self.pattern)

    @functools.cached_property
    def _reader(self) -> Reader:
        if self._location.scheme == "file" and "::" not in self.url:
            return Reader(LocalFiles(Path("/" + self._location.path.lstrip("/")), dated=True), self._largest)
        return Reader(remote_files(self._location), self._largest)

    @property
    def _place(self) -> Files:
        return self._reader.place

    @functools.cached_property
    def _by_manifest(self) -> bool:
        return self._place.about(MANIFEST) is not None

    def entries(self) -> Sequence[Entry]:
        """Every case, for what needs a list of them.

        Raises:
            CrumpleError: there are too many, or they cannot be listed.
        """
        found, (cases, _) = self.sample(Wanted(most=LISTED)), self.size()
        if cases > LISTED:
            raise CrumpleError(
                f"it has {cases:,} cases, and what was asked for needs a list of all, which has {LISTED:,} at most",
                where=self.url,
                hint="Name a folder in it.",
            )
        return sorted(found, key=lambda each: each.id)

    def sample(self, wanted: Wanted) -> Sequence[Entry]:
        """The cases that are wanted.

        Raises:
            CrumpleError: it cannot be listed, there is nothing in it, or something is wrong with a file's name.
        """
        if wanted not in self._passes:
            self._passes[wanted] = self._sampled(wanted)
        return self._passes[wanted].entries

    def size(self, tags: tuple[str, ...] = ()) -> tuple[int, int]:
        """How many cases it has, and groups of them; of those that have one of the tags, where there are any."""
        if all(each.tags != tags for each in self._passes):
            self.sample(Wanted(tags=tags))
        found = next(each for wanted, each in self._passes.items() if wanted.tags == tags)
        return found.cases, found.groups

    def version(self) -> str:
        """A digest of the listing, or of the manifest that stands for it."""
        if not self._passes:
            self.sample(Wanted())
        return next(iter(self._passes.values())).version

    def find(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """The entries of some cases, of those that there are."""
        found = {}
        for case in sorted(ids):
            item = self._item(case)
            if item is not None:
                found[case] = self._reader.entry(item, by_name=True)
        return found

    def load(self, case_id: str) -> Case:
        """One case, read from its files.

        Raises:
            CrumpleError: no such case, a file that cannot be read or is too large, or that was changed since it was
                listed.
        """
        item = self._item(case_id)
        if item is None:
            raise unknown_case(case_id, self.url, "It is not there, or not there any more.")
        return self._reader.case(item)

    def _sampled(self, wanted: Wanted) -> _Sample:
        self._place.check()
        gone, sampler = _Gone(), Sampler[_Found](wanted)
        if self._by_manifest:
            counts = self._told(wanted, gone, sampler)
        else:
            counts = 0
            self._add(self._found(gone, ""), wanted, gone, sampler)
        chosen = sampler.chosen()
        if not chosen and not (gone.cases or counts):
            raise nothing(self.url, self.pattern)
        self._newest = max(self._newest, gone.newest)
        self._rows |= {each.id: each for each in chosen if isinstance(each, Row)}
        entries = self._entries_of(chosen)
        there = {each.id for each in entries}
        entries += self.find(wanted.always - there).values()
        return _Sample(entries, counts or gone.cases, counts or gone.all_groups, f"{gone.digest:032x}")

    def _add(self, found: Iterator[tuple[_Found, int]], wanted: Wanted, gone: _Gone, sampler: Sampler[_Found]) -> None:
        known: set[str] = set()
        matches = matcher(self.pattern).fullmatch
        for each, groups in found:
            name = each.path if isinstance(each, CaseFolder) else each.id
            if not matches(name):
                continue
            if wanted.tags:
                tags = self._resolved(each).tags
                known |= tags
                if tags.isdisjoint(wanted.tags):
                    continue
            gone.cases += 1
            gone.groups += groups
            kind = _FOLDERS if isinstance(each, CaseFolder) else named(PurePosixPath(name).name)
            group = each.cells.get("group", "") if isinstance(each, Row) else getattr(each, "group", "")
            sampler.add(kind, group or name, name, each)
        for tag in wanted.tags:
            if tag not in known:
                allowed = sorted(known) or ["none at all"]
                raise CrumpleError(f"no case has the tag {tag!r}", where="[corpus] tags", got=tag, allowed=allowed)

    def _found(self, gone: _Gone, below: str) -> Iterator[tuple[_Found, int]]:
        """What a listing has, and how many groups each begins."""
        place = self._place
        for each in together(listed(gone.files(place.walk(below)))):
            if isinstance(each, CaseFolder):
                yield each, 1
                continue
            items = pair(place, each)
            shared = {item.group for item in items if item.group}
            for item in items:
                yield item, int(not item.group or item.group in shared)
                shared.discard(item.group)

    def _told(self, wanted: Wanted, gone: _Gone, sampler: Sampler[_Found]) -> int:
        """What a manifest has; the number of cases where it has only counts of them, else 0."""
        rows = rows_in(self._place)
        first = next(rows, None)
        if first is None:
            return 0
        mark = self._place.about(MANIFEST)
        list(gone.files(iter([mark] if mark else [])))
        if "count" in first.cells:
            return self._counted(rows, wanted, gone, sampler)

        def told() -> Iterator[tuple[_Found, int]]:
            for row in itertools.chain([first], rows):
                if group := row.cells.get("group"):
                    gone.group(group)
                yield row, int(not group)

        self._add(told(), wanted, gone, sampler)
        return 0

    def _counted(self, rows: Iterator[Row], wanted: Wanted, gone: _Gone, sampler: Sampler[_Found]) -> int:
        """Draw how many cases come from each folder, and list those folders alone."""
        folders = [(row.cells.get("folder", ""), _count(row, self._place.where(MANIFEST))) for row in rows]
        counts = np.array([count for _, count in folders], dtype=np.int64)
        total = int(counts.sum())
        rng = np.random.Generator(np.random.PCG64([wanted.seed, _KIND_OF_COUNT]))
        drawn = rng.multivariate_hypergeometric(counts, min(wanted.most, total), method="marginals")
        digest, newest = gone.digest, 0.0
        for at in np.flatnonzero(drawn).tolist():
            folder, count = folders[at]
            own, inner = _Gone(), Sampler[_Found](replace(wanted, most=int(drawn[at]), by_group=False))
            self._add(self._found(own, folder.strip("/")), wanted, own, inner)
            if own.cases != count:
                raise CrumpleError(
                    f"it has {own.cases:,} cases, and the manifest says {count:,}",
                    where=self._place.where(folder),
                    hint=f"Write {MANIFEST} anew.",
                )
            newest = max(newest, own.newest)
            for each in inner.chosen()[: int(drawn[at])]:
                name = each.path if isinstance(each, CaseFolder) else each.id
                kind = _FOLDERS if isinstance(each, CaseFolder) else named(PurePosixPath(name).name)
                sampler.add(kind, getattr(each, "group", "") or name, name, each)
        gone.digest, gone.newest = digest, newest
        return total

    def _entries_of(self, chosen: Sequence[_Found]) -> list[Entry]:
        parsed = len(chosen) <= PARSED

        def entry(found: _Found) -> Entry:
            return self._reader.entry(self._resolved(found), by_name=True, parsed=parsed)

        entries: list[Entry] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for at in range(0, len(chosen), _SLICE):  # a call that waits in a pool takes ten times what it returns
                entries += pool.map(entry, chosen[at : at + _SLICE])
        return entries

    def _resolved(self, found: _Found) -> Item:
        if isinstance(found, CaseFolder):
            return read_case(self._place, found.path)
        return declared_by(found, self._place) if isinstance(found, Row) else found

    def _item(self, case: str) -> Item | None:
        """A case by its id, looked for where it would be."""
        if self._by_manifest and not self._is_counted:
            row = self._rows.get(case) or next((row for row in rows_in(self._place) if row.id == case), None)
            return None if row is None else declared_by(row, self._place)
        if not case or not matcher(self.pattern).fullmatch(case) or any(map(is_hidden, case.split("/"))):
            return None
        files = self._place.beside(case)
        for file in files:
            if file.name == case and self._newest and file.changed > self._newest:
                raise CrumpleError(
                    "it was changed after the corpus was listed",
                    where=self._place.where(case),
                    hint="Start anew, so that every call is about the same document.",
                )
        found = next((each for each in pair(self._place, files) if each.id == case), None)
        if found is not None:
            return found
        below = "" if case == self._place.title() else case
        here = self._place.about(f"{below}/{CASE_FILE}" if below else CASE_FILE)
        return read_case(self._place, below) if here is not None else None

    @functools.cached_property
    def _is_counted(self) -> bool:
        return is_counted(self._place)


def _count(row: Row, where: str) -> int:
    text = row.cells.get("count", "")
    if not text.isascii() or not text.isdigit():
        raise CrumpleError(f"{text!r} is not a number of cases", where=f"{where}, line {row.line}, column count")
    return int(text)
