"""The folder `findings/`: the only reader and writer of it. What it does not understand it leaves as it is."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crumple.config.finding import FILE, PROJECT, shown
from crumple.errors import CrumpleError, nearest
from crumple.files import replace_file
from crumple.findings.finding import Finding
from crumple.findings.page import page
from crumple.findings.typed_json import MisfitError

FOLDER = "findings"
DATA, PAGE = "finding.json", "README.md"
_MOST_BYTES = 4 << 20
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
_NAMED = 8
_CONFLICT = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)
_RESTORE = "Bring it back from version control, or remove its folder; the next search finds it anew."


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is in the folder.

    Attributes:
        findings: by their ids, in order.
        unread: folders that could not be read, with what is wrong in them; nothing there is touched.
    """

    findings: Mapping[str, Finding] = field(default_factory=dict)
    unread: Mapping[str, CrumpleError] = field(default_factory=dict)

    @property
    def flaws(self) -> list[CrumpleError]:
        """What could not be read, each with its place."""
        return list(self.unread.values())

    def named(self, word: str) -> Finding:
        """The finding that a word means: an id, its unique beginning, or the unique beginning of its short part.

        Raises:
            CrumpleError: none, or several, or it cannot be read.
        """
        if word in self.findings:
            return self.findings[word]
        if word in self.unread:
            raise self.unread[word]
        found = [each for each in self.findings if each.startswith(word) or each.partition("-")[2].startswith(word)]
        if word and len(found) == 1:
            return self.findings[found[0]]
        if word and found:
            raise CrumpleError(
                f"{word!r} is the beginning of {len(found)} findings", where="findings", allowed=_few(found)
            )
        near = nearest(word, self.findings)
        raise CrumpleError(
            f"there is no finding {word!r}",
            where="findings",
            allowed=_few(list(self.findings)),
            hint=f"Did you mean {near!r}?" if near else "`crumple findings` lists them.",
        )


class Folder:
    """The findings beside a configuration."""

    def __init__(self, root: Path) -> None:
        """Of the project in this folder; nothing is read or made yet."""
        self.path = root / FOLDER

    def shelf(self) -> Shelf:
        """Everything in it.

        Raises:
            CrumpleError: it is no folder, or cannot be looked into.
        """
        findings: dict[str, Finding] = {}
        unread: dict[str, CrumpleError] = {}
        for name in self._names():
            try:
                findings[name] = self.read(name)
            except CrumpleError as error:
                unread[name] = error
        return Shelf(findings, unread)

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.path) as entries:
                return sorted(each.name for each in entries if each.is_dir() and not each.name.startswith("."))
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            raise CrumpleError(
                "it is a file, and findings are kept in a folder of that name",
                where=shown(self.path),
                hint="Move the file away.",
            ) from None
        except OSError as error:
            raise CrumpleError(f"it cannot be looked into: {error.strerror}", where=shown(self.path)) from None

    def has(self, name: str) -> bool:
        """Whether something of this name is there, readable or not."""
        return os.path.lexists(self.path / name)

    def read(self, name: str) -> Finding:
        """One finding.

        Raises:
            CrumpleError: it is not there or not as it should be; with file, line and key.
        """
        path = self.path / name / DATA
        text = _text(path)
        try:
            data = json.loads(text)
            finding = Finding.from_json(data)
        except MisfitError as error:
            near = nearest(error.got, error.allowed) if error.got else None
            raise CrumpleError(
                error.what,
                where=", ".join(filter(None, (_at(path, text, error.path), ".".join(error.path)))),
                got=error.got,
                allowed=error.allowed if near is None or len(error.allowed) <= _NAMED else [near],
                hint="" if error.allowed else _hint(error),
            ) from None
        except (ValueError, RecursionError) as error:
            raise _no_json(path, text, error) from None
        if finding.id != name:
            twice = self.has(finding.id)
            raise CrumpleError(
                f"it says that it is {finding.id!r}, and its folder is called {name!r}",
                where=f"{_at(path, text, ('id',))}, id",
                hint=f"There is a {finding.id} beside it: remove one of the two."
                if twice
                else f"Call the folder {finding.id} again.",
            )
        return finding

    def write(self, finding: Finding, files: Mapping[str, bytes] | None = None) -> None:
        """Write a finding, its page and its documents; nobody ever sees half of a new one, or half a file.

        Args:
            finding: what is written.
            files: its documents, name -> content; None: those that are there stay.

        Raises:
            OSError: it cannot be written.
        """
        place = self.path / finding.id
        texts = {PAGE: page(finding).encode("utf-8"), DATA: as_text(finding).encode("utf-8")}
        if place.is_dir():
            for name in self._documents(place) - set(files) if files is not None else ():
                with contextlib.suppress(FileNotFoundError):
                    (place / name).unlink()
            for name, content in {**(files or {}), **texts}.items():
                _write(place / name, content)
            return
        self.path.mkdir(exist_ok=True)
        begun = self.path / f".{finding.id}.{secrets.token_hex(4)}"
        begun.mkdir()
        try:
            for name, content in {**(files or {}), **texts}.items():
                _write(begun / name, content)
            begun.rename(place)
        except OSError:
            _discard(begun, {*(files or ()), *texts})
            if not place.is_dir():
                raise
            self.write(finding, files)  # another process was quicker

    def remove(self, name: str) -> None:
        """Remove a finding that this program wrote: its files, and the folder where nothing else is in it.

        Raises:
            OSError: it cannot be.
        """
        place = self.path / name
        _discard(place, {DATA, PAGE, *self._documents(place)})

    def document(self, finding: Finding) -> bytes | None:
        """The degraded document as it was kept; None where it was not, or is not what it was."""
        from crumple.document import Document

        if not finding.degraded.file:
            return None
        try:
            data = (self.path / finding.id / finding.degraded.file).read_bytes()
        except OSError:
            return None
        return data if Document(data, "", "").digest == finding.degraded.digest else None

    def _documents(self, place: Path) -> set[str]:
        """The names of the documents that its data says are there."""
        try:
            old = Finding.from_json(json.loads((place / DATA).read_bytes()))
        except (OSError, ValueError, RecursionError):
            return set()
        return {each.file for each in (old.clean, old.degraded) if each.file}


def named(config: Path) -> str:
    """A configuration's name where commands must name it, and findings of several stand in one folder; else ""."""
    return "" if config.name in {FILE, PROJECT} else config.name


def as_text(finding: Finding) -> str:
    """A finding's JSON: sorted, indented, with nothing in it that a terminal would obey or hide."""
    text = json.dumps(finding.to_json(), indent=2, sort_keys=True, ensure_ascii=False)
    return "".join(map(_safe, text)) + "\n" if not text.isascii() else f"{text}\n"


def _safe(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _HARMFUL:
        return character
    return json.dumps(character)[1:-1]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise CrumpleError(f"there is no {DATA} in it", where=shown(path.parent), hint=_RESTORE) from None
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=shown(path)) from None
    if len(data) > _MOST_BYTES:
        raise CrumpleError(f"it has more than {_MOST_BYTES >> 20} MiB", where=shown(path), hint=_RESTORE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CrumpleError("it is not UTF-8", where=f"{shown(path)}, line {line}", hint=_RESTORE) from None


def _no_json(path: Path, text: str, error: Exception) -> CrumpleError:
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        line = text.count("\n", 0, conflict.start()) + 1
        return CrumpleError(
            "version control has left a conflict in it", where=f"{shown(path)}, line {line}", hint="Choose one side."
        )
    if isinstance(error, json.JSONDecodeError):
        where = f"{shown(path)}, line {error.lineno}, column {error.colno}"
        what = "it is empty" if not text.strip() else f"it is no JSON: {error.msg[0].lower()}{error.msg[1:]}"
        return CrumpleError(what, where=where, hint=_RESTORE)
    return CrumpleError("it is no JSON that could be read", where=shown(path), hint=_RESTORE)


def _hint(error: MisfitError) -> str:
    if "newer than" in error.what:
        return "Upgrade crumple."
    return _RESTORE if "missing" in error.what else ""


def _at(path: Path, text: str, keys: Sequence[str]) -> str:
    """A file, and the line of a key in it, as far as it can be told."""
    start = line = 0
    for depth, key in enumerate(keys, 1):
        name = rf'"{re.escape(key)}"\s*:'
        # As it is written each depth is indented by two; somebody's editor may have had other ideas.
        found = re.compile(rf"^ {{{2 * depth}}}{name}", re.MULTILINE).search(text, start)
        found = found or re.compile(name).search(text, start)
        if found is not None:
            start, line = found.end(), text.count("\n", 0, found.end()) + 1
    return shown(path) + (f", line {line}" if line else "")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that says the same already is left as it is."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return
    replace_file(path, content)


def _discard(place: Path, names: set[str]) -> None:
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            (place / name).unlink()
    with contextlib.suppress(OSError):
        place.rmdir()  # somebody's own files stay


def _few(names: list[str]) -> Iterator[str]:
    yield from names[:_NAMED]
    if len(names) > _NAMED:
        yield f"... ({len(names)} in all)"
