"""A folder of one's own documents, each with its truth beside it."""

from __future__ import annotations

import contextlib
import difflib
import functools
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from crumple import ABSENT, Case, CrumpleError, Document, Entry, Json, Parts, Truth, identify, inside, views_of
from crumple_corpora.folder_declared import read_case, read_manifest
from crumple_corpora.folder_listing import CASE_FILE, MANIFEST, Inline, Item, pair, walk
from crumple_corpora.folder_truth import parse_marked

# What `identify` looks at.
_HEAD = 8192


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

    def __init__(self, path: str | Path, *, pattern: str = "") -> None:
        """Describe the folder; it is read when its entries are asked for.

        Args:
            path: the folder. A path with "*", "?" or "[" in it that does not exist is a folder with a pattern:
                "corpus/*.pdf".
            pattern: see above; not together with a path that holds one.
        """
        given = Path(path)
        if not pattern and not given.exists():
            given, pattern = _split(given)
        self.path = given
        self.pattern = pattern
        # A lane may work in another folder than the process that made the corpus.
        self._root = Path(os.path.abspath(given))

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (str(self._root), str(self.path), self.pattern)

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
        parsed: dict[Path, bool] = {}
        entries = []
        for item in self._items.values():
            if isinstance(item.truth, Path) and item.truth not in parsed:
                parsed[item.truth] = _marked(item.truth)[1]
            parts = tuple((part.name, _media_type(part)) for part in item.parts)
            known, kind = item.truth is not None, _media_type(item.path)
            inner = (*_inside("", item.path, kind), *(each for part in item.parts for each in _in_part(part)))
            asked = item.inputs is not None
            stand_in = isinstance(item.truth, Path) and parsed[item.truth]
            size = sum(each.stat().st_size for each in (item.path, *item.parts))
            group = item.group or item.id
            entries.append(Entry(item.id, kind, group, known, item.tags, parts, inner, asked, stand_in, size))
        return entries

    def load(self, case_id: str) -> Case:
        """One case, read from its files.

        Raises:
            CrumpleError: no such case, or a file of it cannot be read; the message names it.
        """
        item = self._items.get(case_id)
        if item is None:
            close = difflib.get_close_matches(case_id, self._items, n=1)
            held = f"It has {len(self._items)} {'case' if len(self._items) == 1 else 'cases'}."
            hint = f"Did you mean {close[0]!r}?" if close else held
            raise CrumpleError(f"no case {case_id!r}", where=str(self._root), hint=hint)
        return Case(
            id=item.id,
            document=_document(item.path),
            truth=_truth(item),
            group=item.group,
            tags=item.tags,
            inputs=item.inputs,
            parts=tuple(map(_document, item.parts)),
        )

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
        path = item.path.with_name(f"{item.path.name}.truth.json")
        return path, item.truth is None or item.truth == path

    @functools.cached_property
    def _items(self) -> Mapping[str, Item]:
        """The cases by id, without reading documents or truths."""
        self._check()
        if (self._root / MANIFEST).is_file():
            items = read_manifest(self._root)
        else:
            tree = walk(self._root)
            items = [*pair(self._root, tree.files), *(read_case(self._root, below) for below in tree.cases)]
        matches = _glob(self.pattern or "**").fullmatch
        chosen = {item.id: item for item in sorted(items, key=lambda item: item.id) if matches(item.id)}
        if not chosen:
            what = f"no documents that match {self.pattern!r}" if self.pattern and items else "no documents"
            hint = f"Put files in it, each with its truth beside as NAME.EXT.truth.json, or folders with {CASE_FILE}."
            raise CrumpleError(what, where=str(self._root), hint=hint)
        return chosen

    def _check(self) -> None:
        root = self._root
        if root.is_dir():
            return
        if root.exists():
            hint = "Name the folder that it is in."
            raise CrumpleError("a corpus is a folder, and this is a file", where=str(root), hint=hint)
        there = next(parent for parent in root.parents if parent.is_dir())
        close = difflib.get_close_matches(
            root.relative_to(there).parts[0], [each.name for each in there.iterdir() if each.is_dir()], n=1
        )
        hint = f"In {there} there is {close[0]!r}." if close else f"{there} is there, but nothing of that name in it."
        raise CrumpleError("there is no such folder", where=str(root), hint=hint)


def _restore(root: str, path: str, pattern: str) -> Folder:
    folder = Folder(root, pattern=pattern)
    folder.path = Path(path)
    return folder


def _split(path: Path) -> tuple[Path, str]:
    """A path up to its first wildcard, and the pattern from there on."""
    for at, part in enumerate(path.parts):
        if any(character in part for character in "*?["):
            return Path(*path.parts[:at]), "/".join(path.parts[at:])
    return path, ""


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern as shells know it: "*" and "?" stay within a name, "**" goes through folders."""
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", pattern)
    sets = [part if part.startswith("[") and part.endswith("]") else re.escape(part) for part in parts]
    return re.compile("".join(meaning.get(part, each) for part, each in zip(parts, sets, strict=True)), re.DOTALL)


def _truth(item: Item) -> Truth:
    match item.truth:
        case None:
            return ABSENT
        case Inline(value):
            return value
        case path:
            return _marked(path)[0]


def _marked(path: Path) -> tuple[Json, bool]:
    return parse_marked(_read(path), path.suffix, str(path))


def _media_type(path: Path) -> str:
    return identify(_read(path, _HEAD), path.name)


def _in_part(path: Path) -> Iterator[tuple[str, str]]:
    return _inside(f"{path.name}/", path, _media_type(path))


def _inside(prefix: str, path: Path, media_type: str) -> Iterator[tuple[str, str]]:
    """What a file carries, by path and media type; only archives and mails are read for it."""
    if Parts in views_of(media_type):
        yield from ((prefix + inner, each.media_type) for inner, each in inside(_document(path)))


def _document(path: Path) -> Document:
    data = _read(path)
    return Document(data, identify(data, path.name), path.name)


def _read(path: Path, size: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise CrumpleError(
            f"cannot be read: {error.strerror}", where=str(path), hint="Remove it from the corpus, or mend it."
        ) from None
