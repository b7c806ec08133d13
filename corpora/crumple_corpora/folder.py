"""A folder of one's own documents, each with its truth beside it."""

from __future__ import annotations

import contextlib
import difflib
import functools
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from crumple import Case, CrumpleError, Entry
from crumple_corpora.files import CASE_FILE, MANIFEST, LocalFiles
from crumple_corpora.folder_declared import is_counted, read_case, read_manifest
from crumple_corpora.folder_listing import CaseFolder, Item, listed, pair, together
from crumple_corpora.folder_reading import LARGEST, Reader, matcher, split, unknown_case


class Folder:
    """The files of a folder and of all folders below it.

    Every file is a case but hidden files, READMEs, what file managers leave behind, and truth files:

    - `NAME.EXT.truth.json`, `.truth.txt` or `.truth.csv` is the truth for NAME.EXT;
    - `NAME.truth.json` (or .txt, .csv) is the truth for every file NAME.*, which are then one group; a truth with the
      longer name goes before it;
    - a folder with a `case.toml` is one case: keys document, truth, inputs, parts, group, tags;
    - what an archive or a mail carries is degraded in place, each document in it for itself;
    - a `manifest.csv` in the corpus folder lists the cases instead, where names do not match: columns file, truth,
      inputs, group, tags.

    A file without truth is a case without truth; one of a type that nobody knows is a case of bytes.

    Attributes:
        path: the folder, as it was given.
        pattern: which files are cases, such as "*.pdf" (in the folder itself), "**/*.pdf" (anywhere in it). Empty: all.
    """

    def __init__(self, path: str | Path, *, pattern: str = "", largest: int = LARGEST) -> None:
        """Describe the folder; it is read when its entries are asked for.

        Args:
            path: the folder. A path with "*", "?" or "[" in it that does not exist is a folder with a pattern:
                "corpus/*.pdf".
            pattern: see above; not together with a path that holds one.
            largest: how many bytes a document may have.
        """
        given = Path(path)
        if not pattern and not given.exists():
            folder, pattern = split(given.as_posix())
            given = Path(folder or ("/" if given.is_absolute() else ""))
        self.path = given
        self.pattern = pattern
        # A lane may work in another folder than the process that made the corpus.
        self._root = Path(os.path.abspath(given))
        self._reader = Reader(LocalFiles(self._root), largest)

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (str(self._root), str(self.path), self.pattern, self._reader.largest)

    def __repr__(self) -> str:
        return f"Folder({str(self.path)!r}, pattern={self.pattern!r})"

    @property
    def name(self) -> str:
        """How reports call it: the folder's name."""
        return str(PurePosixPath(self._root.name) / self.pattern)

    def entries(self) -> Sequence[Entry]:
        """Every case, sorted by id. Every truth is parsed once, so that what is wrong with one shows here.

        Raises:
            CrumpleError: no such folder, nothing in it, or something is wrong with a file; the message names it.
        """
        return self._entries

    @functools.cached_property
    def _entries(self) -> Sequence[Entry]:
        return [self._reader.entry(item) for item in self._items.values()]

    def load(self, case_id: str) -> Case:
        """One case, read from its files.

        Raises:
            CrumpleError: no such case, or a file of it cannot be read; the message names it.
        """
        item = self._items.get(case_id)
        if item is None:
            near = difflib.get_close_matches(case_id, self._items, n=1)
            held = f"It has {len(self._items)} {'case' if len(self._items) == 1 else 'cases'}."
            raise unknown_case(case_id, str(self._root), held, near[0] if near else "")
        return self._reader.case(item)

    def version(self) -> str:
        """A digest of every file in the folder, as they were first asked for: documents, truths and all."""
        return self._version

    @functools.cached_property
    def _version(self) -> str:
        digest = hashlib.blake2b(self.pattern.encode(), digest_size=16)
        for path in sorted(each for each in self._root.rglob("*") if each.is_file()):
            digest.update(str(path.relative_to(self._root)).encode("utf-8", "surrogateescape") + b"\0")
            with contextlib.suppress(OSError), path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
        return digest.hexdigest()

    def truth_file(self, case_id: str) -> tuple[Path, bool]:
        """Where a truth for a case and no other is written, and whether its truth, if it has one, stands there.

        Raises:
            CrumpleError: no such case.
        """
        if case_id not in self._items:
            raise CrumpleError(f"no case {case_id!r}", where=str(self._root))
        item = self._items[case_id]
        name = f"{item.path}.truth.json"
        return self._root / name, item.truth is None or item.truth == name

    @functools.cached_property
    def _items(self) -> Mapping[str, Item]:
        """The cases by id, without reading documents or truths."""
        place = self._reader.place
        place.check()
        counted = place.about(MANIFEST) is not None and is_counted(place)
        if place.about(MANIFEST) is not None and not counted:
            items = list(read_manifest(place))
        else:
            items = []
            files = (each for each in listed(place.walk()) if not counted or each.name != MANIFEST)
            for each in together(files, most=None):
                items += [read_case(place, each.path)] if isinstance(each, CaseFolder) else pair(place, each)
        matches = matcher(self.pattern).fullmatch
        chosen = {item.id: item for item in sorted(items, key=lambda item: item.id) if matches(item.id)}
        if not chosen:
            raise nothing(str(self._root), self.pattern if items else "")
        return chosen


def nothing(where: str, pattern: str) -> CrumpleError:
    """The error for a place that no case is in."""
    what = f"no documents that match {pattern!r}" if pattern else "no documents"
    hint = f"Put files in it, each with its truth beside as NAME.EXT.truth.json, or folders with {CASE_FILE}."
    return CrumpleError(what, where=where, hint=hint)


def _restore(root: str, path: str, pattern: str, largest: int) -> Folder:
    folder = Folder(root, pattern=pattern, largest=largest)
    folder.path = Path(path)
    return folder
