"""A folder that is elsewhere, or has too many documents for a list: gone through once, and a sample of it kept."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeVar

from crumple import Case, CrumpleError, Entry, Location, Sampler, Wanted
from crumple_corpora.files import CASE_FILE, MANIFEST, File, Files, LocalFiles, a_file, is_hidden
from crumple_corpora.folder import nothing
from crumple_corpora.folder_declared import Row, declared_by, is_counted, listed_twice, read_case, rows_in
from crumple_corpora.folder_listing import CaseFolder, Item, listed, pair, together
from crumple_corpora.folder_reading import LARGEST, Reader, matcher, split, unknown_case
from crumple_corpora.manifest_counts import counts_in, drawn_from
from crumple_corpora.remote_kinds import remote_files
from crumple_corpora.stream_pass import Found, Gone, Pass, name_of, tell

PARSED: Final = 2000
"""The truths of so many cases of a sample are read beforehand; of a larger one they are read where the work is."""
LISTED: Final = 100_000
"""A list of all cases has so many at most."""
_AT_ONCE, _SLICE = 16, 1000
_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


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
        # Folder that was gone through -> when the last change in it was: lanes are told, to see what has changed since.
        self._newest: dict[str, float] = {}
        self._rows: dict[str, Row] = {}
        self._passes: dict[Wanted, Pass] = {}

    def __getstate__(self) -> dict[str, Any]:
        own = {
            name: each for name, each in self.__dict__.items() if name not in ("_reader", "_by_manifest", "_is_listed")
        }
        return own | {"_passes": {}}

    def __repr__(self) -> str:
        return f"Stream({self._shown!r})"

    @property
    def _shown(self) -> str:
        """The URL as messages have it."""
        return self._location.of(self.pattern)

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
        wanted = Wanted(most=LISTED)
        if (cases := self._passed(wanted).cases) > LISTED:
            raise CrumpleError(
                f"it has {cases:,} cases, and what was asked for needs a list of all, which has {LISTED:,} at most",
                where=self._shown,
                hint="Name a folder in it.",
            )
        return sorted(self.sample(wanted), key=lambda each: each.id)

    def sample(self, wanted: Wanted) -> Sequence[Entry]:
        """The cases that are wanted.

        Raises:
            CrumpleError: it cannot be listed, there is nothing in it, or something is wrong with a file's name.
        """
        passed = self._passed(wanted)
        if passed.entries is None:
            entries = self._entries_of(passed.chosen)
            entries += self.find(wanted.always - {each.id for each in entries}).values()
            passed.entries, passed.chosen = entries, []
        return passed.entries

    def _passed(self, wanted: Wanted) -> Pass:
        if wanted not in self._passes:
            self._passes[wanted] = self._gone_through(wanted)
        return self._passes[wanted]

    def size(self, tags: tuple[str, ...] = ()) -> tuple[int, int]:
        """How many cases it has, and groups of them; of those that have one of the tags, where there are any."""
        known = next((wanted for wanted in self._passes if wanted.tags == tags), Wanted(tags=tags))
        passed = self._passed(known)
        return passed.cases, passed.groups

    def version(self) -> str:
        """A digest of the listing, or of the manifest that stands for it."""
        return self._passed(next(iter(self._passes), Wanted())).version

    def find(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """The entries of some cases, of those that there are."""
        if self._is_listed and (new := set(ids) - self._rows.keys()):
            self._rows |= {row.id: row for row in rows_in(self._place) if row.id in new}
        if len(ids) > PARSED and not self._by_manifest:  # a listing names a thousand a request
            matches = matcher(self.pattern).fullmatch
            listing = (each for each, _ in self._found(Gone(), ""))
            chosen = [each for each in listing if name_of(each) in ids and matches(name_of(each))]
            return {each.id: each for each in self._entries_of(chosen)}

        def entry(case: str) -> Entry | None:
            item = self._item(case)
            return None if item is None else self._reader.entry(item, by_name=True, parsed=len(ids) <= PARSED)

        return {each.id: each for each in _several_at_once(entry, sorted(ids)) if each is not None}

    def load(self, case_id: str) -> Case:
        """One case, read from its files.

        Raises:
            CrumpleError: no such case, a file that cannot be read or is too large, or that was changed since it was
                listed.
        """
        item = self._item(case_id)
        if item is None:
            raise unknown_case(case_id, self._shown, "It is not there, or not there any more.")
        return self._reader.case(item)

    def _gone_through(self, wanted: Wanted) -> Pass:
        self._place.check()
        gone, sampler = Gone(), Sampler[Found](wanted)
        if self._by_manifest:
            counts = self._told(wanted, gone, sampler)
        else:
            counts = 0
            self._add(self._found(gone, ""), wanted, gone, sampler)
        chosen = sampler.chosen()
        if not chosen and not (gone.cases or counts):
            raise nothing(self._shown, self.pattern) if self._place.about("") is None else a_file(self._shown)
        if not counts:
            self._newest[""] = max(self._newest.get("", 0.0), gone.newest)
        rows: dict[str, Row] = {}
        for each in chosen:
            if isinstance(each, Row) and rows.setdefault(each.id, each) is not each:
                raise listed_twice(each, self._place)
        self._rows |= rows
        return Pass(chosen, counts or gone.cases, counts or gone.all_groups, f"{gone.digest:032x}")

    def _add(self, found: Iterator[tuple[Found, int]], wanted: Wanted, gone: Gone, sampler: Sampler[Found]) -> None:
        known: set[str] = set()
        matches = matcher(self.pattern).fullmatch
        for each, groups in found:
            if not matches(name_of(each)):
                continue
            if wanted.tags:
                tags = self._resolved(each).tags
                known |= tags
                if tags.isdisjoint(wanted.tags):
                    continue
            gone.cases += 1
            gone.groups += groups
            tell(sampler, each)
        for tag in wanted.tags:
            if tag not in known:
                allowed = sorted(known) or ["none at all"]
                raise CrumpleError(f"no case has the tag {tag!r}", where="[corpus] tags", got=tag, allowed=allowed)

    def _found(self, gone: Gone, below: str) -> Iterator[tuple[Found, int]]:
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

    def _told(self, wanted: Wanted, gone: Gone, sampler: Sampler[Found]) -> int:
        """What a manifest has; the number of cases where it has only counts of them, else 0."""
        rows = rows_in(self._place)
        first = next(rows, None)
        if first is None:
            return 0
        mark = self._place.about(MANIFEST)
        list(gone.files(iter([mark] if mark else [])))
        if "count" in first.cells:
            return self._counted(rows, wanted, gone, sampler)

        def told() -> Iterator[tuple[Found, int]]:
            for row in itertools.chain([first], rows):
                if group := row.cells.get("group"):
                    gone.group(group)
                yield row, int(not group)

        self._add(told(), wanted, gone, sampler)
        return 0

    def _counted(self, rows: Iterator[Row], wanted: Wanted, gone: Gone, sampler: Sampler[Found]) -> int:
        """Draw how many cases come from each folder, and list those folders alone."""
        if wanted.tags:
            raise CrumpleError(
                "a manifest of counts says nothing of tags",
                where=f"{self._place.where(MANIFEST)}, [corpus] tags",
                hint="List the files in it, with a column tags; or leave the tags out.",
            )
        folders = counts_in(rows, self._place)
        for each in drawn_from(folders, wanted):
            own, inner = Gone(), Sampler[Found](replace(wanted, most=each.drawn, by_group=False))
            self._add(self._found(own, each.folder), wanted, own, inner)
            if own.cases != each.count:
                raise CrumpleError(
                    f"it has {own.cases:,} cases, and the manifest says {each.count:,}",
                    where=self._place.where(each.folder),
                    hint=f"Write {MANIFEST} anew.",
                )
            self._newest[each.folder] = max(self._newest.get(each.folder, 0.0), own.newest)
            for found in inner.chosen()[: each.drawn]:
                tell(sampler, found)
        return sum(folders.values())

    def _entries_of(self, chosen: Sequence[Found]) -> list[Entry]:
        parsed = len(chosen) <= PARSED

        def entry(found: Found) -> Entry:
            return self._reader.entry(self._resolved(found), by_name=True, parsed=parsed)

        return _several_at_once(entry, chosen)

    def _resolved(self, found: Found) -> Item:
        if isinstance(found, CaseFolder):
            return read_case(self._place, found.path)
        return declared_by(found, self._place) if isinstance(found, Row) else found

    def _item(self, case: str) -> Item | None:
        """A case by its id, looked for where it would be."""
        if self._is_listed:
            row = self._rows.get(case) or next((row for row in rows_in(self._place) if row.id == case), None)
            return None if row is None else declared_by(row, self._place)
        if not case or not matcher(self.pattern).fullmatch(case) or any(map(is_hidden, case.split("/"))):
            return None
        files = self._place.beside(case)
        found = next((each for each in pair(self._place, files) if each.id == case), None)
        if found is not None:
            self._check_unchanged(file for file in files if file.name in (case, found.truth))
            return found
        below = "" if case == self._place.title() else case
        here = self._place.about(f"{below}/{CASE_FILE}" if below else CASE_FILE)
        if here is None:
            return None
        found = read_case(self._place, below)
        own = [name for name in (found.path, found.truth, *found.parts) if isinstance(name, str)]
        self._check_unchanged(filter(None, [here, *map(self._place.about, own)]))
        return found

    def _check_unchanged(self, files: Iterable[File]) -> None:
        for file in files:
            newest = self._newest_around(file.name)
            if newest and file.changed > newest:
                raise CrumpleError(
                    "it was changed after the corpus was listed",
                    where=self._place.where(file.name),
                    hint="Start anew, so that every call is about the same document.",
                )

    def _newest_around(self, name: str) -> float:
        """When the last change was in the folder of a file, as far as that was gone through; 0: it was not."""
        while name:
            name = name.rpartition("/")[0]
            if name in self._newest:
                return self._newest[name]
        return 0.0

    @functools.cached_property
    def _is_listed(self) -> bool:
        """Whether a manifest lists the cases."""
        return self._by_manifest and not is_counted(self._place)


def _several_at_once(ask: Callable[[_Asked], _Told], each_of: Sequence[_Asked]) -> list[_Told]:
    """What comes of each, where most of the time is spent waiting for a store."""
    found: list[_Told] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for at in range(0, len(each_of), _SLICE):  # a call that waits in a pool takes ten times what it returns
            found += pool.map(ask, each_of[at : at + _SLICE])
    return found
