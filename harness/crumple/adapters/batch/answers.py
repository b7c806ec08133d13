"""The answers to a folder's documents: files beside each other, or one table. Reads them; what they say is judged."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from crumple.adapters.batch.manifest import ANSWERS
from crumple.errors import CrumpleError
from crumple.truth import Json

REFUSED, FAILED = ".refused", ".error"
_BY_ENDING: Final = {".json": "json", ".csv": "csv", ".txt": "text"}
_TABLES: Final = (".jsonl", ".csv")
_FILE: Final = "file"
_SAYS: Final = ("answer", "refused", "error")
_NUMBER = re.compile(r"([0-9]+)-")
# What file managers and office programs leave behind.
_LITTER: Final = ("thumbs.db", "desktop.ini", "__macosx")
_MOST_STRANGE = 20
_LARGEST_TABLE = 2 << 30


@dataclass(frozen=True, slots=True)
class Said:
    """What stands as the answer to one document.

    Attributes:
        how: "answer", "refused" or "error".
        content: what the file holds, or its value in a table.
        reads: how bytes are read, one of `READERS`; "" for a value.
        size: of what would have been too large to read, in bytes; 0 elsewhere.
        flaw: why it could not be read; "" elsewhere.
        seconds: how long it took, where a table says so.
    """

    how: str
    content: Json | bytes = None
    reads: str = ""
    size: int = 0
    flaw: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was found, by the documents' names.

    Attributes:
        place: the folder or table.
        files: of a folder: document's name -> its answer's file.
        rows: of a table: document's name -> what it says.
        strange: names that belong to no document, at most twenty.
        strangers: how many there are.
    """

    place: Path
    files: Mapping[str, Path] = field(default_factory=dict)
    rows: Mapping[str, Said] = field(default_factory=dict)
    strange: Sequence[str] = ()
    strangers: int = 0

    def __len__(self) -> int:
        """How many documents have one."""
        return len(self.files) + len(self.rows)

    def get(self, name: str, largest: int, reads: str = "") -> Said | None:
        """What stands as the answer to a document; None where nothing does.

        Args:
            name: the document's.
            largest: how many bytes an answer may have.
            reads: how files are read, one of `READERS`; "" is by their endings, text where they say nothing.
        """
        if name in self.files:
            return _of_file(self.files[name], largest, reads)
        return self.rows.get(name)


def collect(place: Path, names: Sequence[str]) -> Answers:
    """Find the answers to documents.

    Args:
        place: a folder of files, named like the documents with an ending of their own; or a table, .jsonl or .csv; or a
            folder that holds only such a table, called answers.jsonl or answers.csv.
        names: of the documents.

    Raises:
        CrumpleError: it is not there, cannot be read, or says two things of one document.
    """
    known = {match[1]: name for name in names if (match := _NUMBER.match(name))}
    try:
        if place.is_dir():
            table = next((each for end in _TABLES if (each := place / f"{ANSWERS}{end}").is_file()), None)
            return _of_folder(place, known) if table is None else _of_table(table, known)
        if place.is_file():
            return _of_table(place, known)
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(error.filename or place)) from None
    raise CrumpleError("there are no answers: it is not there", where=str(place), hint="Say where with --answers PATH.")


def _of_folder(folder: Path, known: Mapping[str, str]) -> Answers:
    files: dict[str, Path] = {}
    strange: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.name.casefold() in _LITTER:
            continue
        name = _meant(path.name, known)
        if name is None or path.is_dir():
            strange.append(path.name)
        elif name in files:
            raise CrumpleError(
                f"two answers to {name}: {files[name].name} and {path.name}",
                where=str(folder),
                hint="Keep one of them.",
            )
        else:
            files[name] = path
    return Answers(place=folder, files=files, strange=strange[:_MOST_STRANGE], strangers=len(strange))


def _meant(answer: str, known: Mapping[str, str]) -> str | None:
    """The document that an answer's file is named for: by its whole name, or without its endings."""
    match = _NUMBER.match(answer)
    name = known.get(match[1]) if match else None
    if name is None:
        return None
    stem = name.partition(".")[0]
    return name if answer == stem or answer.startswith(f"{stem}.") else None


def _of_file(path: Path, largest: int, reads: str) -> Said:
    ending = path.suffix.lower()
    how = {REFUSED: "refused", FAILED: "error"}.get(ending, "answer")
    reads = "text" if how != "answer" else reads or _BY_ENDING.get(ending, "text")
    try:
        # A pipe would never end, and a device neither.
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return Said(how, reads=reads, flaw="it is not a plain file")
        if found.st_size > largest:
            return Said(how, reads=reads, size=found.st_size)
        with path.open("rb") as file:
            return Said(how, file.read(largest + 1), reads)
    except OSError as error:
        return Said(how, reads=reads, flaw=str(error.strerror))


def _of_table(path: Path, known: Mapping[str, str]) -> Answers:
    if path.stat().st_size > _LARGEST_TABLE:
        raise CrumpleError("a table of over 2 GiB", where=str(path), hint="Write an answer a file instead.")
    read = {".jsonl": _json_lines, ".csv": _csv_rows}.get(path.suffix.lower())
    if read is None:
        raise CrumpleError(
            "it is no table of answers", where=str(path), got=path.suffix, allowed=[f"*{each}" for each in _TABLES]
        )
    rows: dict[str, Said] = {}
    strange: list[str] = []
    for line, file, said in read(path):
        name = _meant(os.path.basename(file), known)
        if name is None:
            strange.append(file)
        elif name in rows:
            raise CrumpleError(f"a second answer to {name}", where=f"{path}, line {line}", hint="Keep one of them.")
        else:
            rows[name] = said
    return Answers(place=path, rows=rows, strange=strange[:_MOST_STRANGE], strangers=len(strange))


def _json_lines(path: Path) -> Iterator[tuple[int, str, Said]]:
    with path.open("rb") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            where = f"{path}, line {line}"
            try:
                row: Any = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise CrumpleError(f"not JSON: {' '.join(str(error).split())}", where=where) from None
            if not isinstance(row, dict):
                raise CrumpleError('a line is an object such as {"file": "0001-a.pdf", "answer": ...}', where=where)
            yield line, _file_of(row, where), _said(row, where)


def _csv_rows(path: Path) -> Iterator[tuple[int, str, Said]]:
    text = path.read_bytes()
    try:
        rows = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip() for name in next(rows, [])]
        _check_header(header, f"{path}, line 1")
        for cells in rows:
            if not cells:
                continue
            where = f"{path}, line {rows.line_num}"
            if len(cells) != len(header):
                raise CrumpleError(f"the row has {len(cells)} cells, its header {len(header)}", where=where)
            row = {name: cell or None for name, cell in zip(header, cells, strict=True)}
            yield rows.line_num, _file_of(row, where), _said(_as_row(row), where)
    except UnicodeDecodeError as error:
        raise CrumpleError(
            f"not UTF-8: byte 0x{text[error.start]:02x}",
            where=f"{path}, line {text.count(bytes([10]), 0, error.start) + 1}",
            hint="Save it as UTF-8.",
        ) from None
    except csv.Error as error:
        raise CrumpleError(
            f"not CSV: {error}", where=str(path), hint="Long texts are better written an answer a file."
        ) from None


def _check_header(header: Sequence[str], where: str) -> None:
    for at, name in enumerate(header):
        if name in header[:at]:
            raise CrumpleError(f"the column {name!r} is there twice", where=where)
    if _FILE not in header:
        raise CrumpleError(f"the column {_FILE!r} is missing", where=where, hint="It names the document.")


def _as_row(row: Mapping[str, str | None]) -> Mapping[str, Any]:
    """A row of a table: with a column "answer" that is the answer; else the other columns are its fields."""
    told = {name: cell for name, cell in row.items() if name in (*_SAYS, "seconds") and cell is not None}
    if "answer" in row:
        # An empty cell says that there is no answer, unless the row says that it refused or failed.
        return told if "refused" in told or "error" in told else {"answer": row["answer"] or "", **told}
    if "refused" in told or "error" in told:
        return told
    return {"answer": {name: cell for name, cell in row.items() if name not in (_FILE, *_SAYS, "seconds")}, **told}


def _file_of(row: Mapping[str, Any], where: str) -> str:
    name = row.get(_FILE)
    if not isinstance(name, str) or not name:
        raise CrumpleError(f"{_FILE!r} names the document, got {name!r}", where=where)
    return name.replace("\\", "/")


def _said(row: Mapping[str, Any], where: str) -> Said:
    how = [name for name in _SAYS if name in row]
    if len(how) != 1:
        raise CrumpleError(
            "a line has exactly one of answer, refused and error", where=where, got=", ".join(how), allowed=()
        )
    seconds = row.get("seconds", 0.0)
    try:
        seconds = max(0.0, float(seconds))
    except (TypeError, ValueError):
        raise CrumpleError(f"seconds is a number, got {seconds!r}", where=where) from None
    return Said(how[0], row[how[0]], seconds=seconds)
