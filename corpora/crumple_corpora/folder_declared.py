"""Cases that are declared rather than found: a folder with case.toml, and the rows of manifest.csv."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from crumple import CrumpleError
from crumple_corpora.files import CASE_FILE, ENDINGS, MANIFEST, Files, suffix
from crumple_corpora.folder_listing import Inline, Item, truth_beside, two_truths
from crumple_corpora.folder_truth import decode, json_cell, json_value, rows_of

_KEYS = ("document", "truth", "inputs", "parts", "group", "tags")
COLUMNS = ("file", "truth", "inputs", "group", "tags")
COUNTS = ("folder", "count")


def read_case(place: Files, below: str) -> Item:
    """The case that a folder's case.toml declares. Nothing else in the folder is a case.

    `truth` is a value, or the name of a .json, .txt or .csv file; without it the file DOCUMENT.truth.json (.txt, .csv)
    is the truth if it is there.

    Args:
        place: the corpus folder.
        below: the case's folder below it, with "/"; "" for the corpus folder itself.

    Raises:
        CrumpleError: case.toml does not parse, has an unknown key or a wrong value, or names a missing file.
    """
    own = _joined(below, CASE_FILE)
    where = place.where(own)
    declared = _read_toml(place, own)
    for key in declared:
        if key not in _KEYS:
            raise CrumpleError(f"unknown key {key!r}", where=where, got=key, allowed=_KEYS)
    if "document" not in declared:
        raise CrumpleError("'document' is missing", where=where, hint='Write document = "FILE", a file beside it.')
    document = _file(place, below, _text(declared, "document", where), where)
    truth: str | Inline | None = truth_beside(place, document)
    if "truth" in declared:
        if isinstance(truth, str):
            raise two_truths(place, truth, own)
        truth = _truth(declared["truth"], place, below, where)
    return Item(
        id=below or place.title(),
        path=document,
        truth=truth,
        group=_text(declared, "group", where),
        tags=frozenset(_texts(declared, "tags", where)),
        inputs=json_value(declared.get("inputs"), where, "/inputs"),
        parts=tuple(_file(place, below, name, where) for name in _texts(declared, "parts", where)),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of manifest.csv, before anything that it names is looked for.

    Attributes:
        line: its line.
        cells: column's name -> what stands there, of those that are not empty.
    """

    line: int
    cells: Mapping[str, str]

    @property
    def id(self) -> str:
        """The case's id: its file."""
        return str(PurePosixPath(self.cells.get("file", "")))

    @property
    def tags(self) -> frozenset[str]:
        """The case's tags."""
        return frozenset(self.cells.get("tags", "").split())


def rows_in(place: Files) -> Iterator[Row]:
    """The rows of manifest.csv, one after the other, which lists the cases: these and no others.

    Columns: file (below the corpus folder), and if wanted truth (the name of a .json, .txt or .csv file, or the right
    answer itself, such as a label), inputs (JSON), group, and tags (separated by spaces). Where the cell for truth is
    empty, FILE.truth.json (.txt, .csv) is the truth if it is there.

    A manifest of counts has the columns folder and count instead: how many cases there are in each folder.

    Raises:
        CrumpleError: an unknown or missing column; the message has the line.
    """
    where = place.where(MANIFEST)
    header: list[str] = []
    with place.open(MANIFEST) as file:
        for line, row in rows_of(file, where):
            if header:
                yield Row(line, {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()})
                continue
            header = [name.strip() for name in row]
            _check_header(header, f"{where}, line {line}")
            if "count" in header:
                yield Row(line, {"folder": "", "count": "0"})  # what kind of manifest it is, even where it is empty


def is_counted(place: Files) -> bool:
    """Whether manifest.csv only says how many cases each folder has.

    Raises:
        CrumpleError: it cannot be read.
    """
    first = next(rows_in(place), None)
    return first is not None and "count" in first.cells


def _check_header(header: Sequence[str], where: str) -> None:
    columns = COUNTS if set(header) & set(COUNTS) else COLUMNS
    for at, name in enumerate(header):
        if name not in columns:
            raise CrumpleError(f"unknown column {name!r}", where=where, got=name, allowed=columns)
        if name in header[:at]:
            raise CrumpleError(f"the column {name!r} is there twice", where=where)
    for name in COUNTS if columns is COUNTS else COLUMNS[:1]:
        if name not in header:
            raise CrumpleError(f"the column {name!r} is missing", where=where, allowed=columns)


def declared_by(row: Row, place: Files) -> Item:
    """The case of a manifest's row, with what the row names looked for.

    Raises:
        CrumpleError: a missing file, two truths, or a cell that does not parse; the message has the line.
    """
    where = f"{place.where(MANIFEST)}, line {row.line}"
    path = _file(place, "", row.cells.get("file", ""), where)
    truth: str | Inline | None = truth_beside(place, path)
    if cell := row.cells.get("truth"):
        if isinstance(truth, str) and _truth(cell, place, "", where) != truth:
            raise two_truths(place, truth, MANIFEST)
        truth = _truth(cell, place, "", where)
    inputs = row.cells.get("inputs")
    return Item(
        id=row.id,
        path=path,
        truth=truth,
        group=row.cells.get("group", ""),
        tags=row.tags,
        inputs=json_cell(inputs, f"{where}, column inputs") if inputs else None,
    )


def read_manifest(place: Files) -> Iterator[Item]:
    """Every case that manifest.csv lists.

    Raises:
        CrumpleError: something is wrong with a row, or a file is listed twice.
    """
    known: set[str] = set()
    for row in rows_in(place):
        item = declared_by(row, place)
        if item.id in known:
            raise listed_twice(row, place)
        known.add(item.id)
        yield item


def listed_twice(row: Row, place: Files) -> CrumpleError:
    """The error for a row whose file has one already."""
    return CrumpleError(f"{row.id} is listed twice", where=f"{place.where(MANIFEST)}, line {row.line}")


def _truth(value: Any, place: Files, below: str, where: str) -> str | Inline:
    """A text that names a file is the file; one that looks like a file's name must be one."""
    if isinstance(value, str):
        named = "\0" not in value and 0 < len(value) < 256 and place.about(_joined(below, value)) is not None
        if suffix(value) in ENDINGS or named:
            path = _file(place, below, value, where)
            if suffix(path) not in ENDINGS:
                raise CrumpleError(
                    f"{value} is a truth of a kind that is not known", where=where, got=suffix(path), allowed=ENDINGS
                )
            return path
    return Inline(json_value(value, where, "/truth"))


def _file(place: Files, below: str, name: str, where: str) -> str:
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts or "\0" in name:
        raise CrumpleError(
            f"{name!r} is not a file's name",
            where=where,
            hint=f"Write its path below {place.where(below)}, with '/' and no '..'.",
        )
    path = _joined(below, str(pure))
    if place.about(path) is None:
        raise CrumpleError(
            f"there is no file {name}", where=where, hint=_nearest(pure.name, place.names(path.rpartition("/")[0]))
        )
    return path


def _joined(below: str, name: str) -> str:
    return f"{below}/{name}" if below else name


def _nearest(name: str, others: Sequence[str]) -> str:
    import difflib  # for messages only

    close = difflib.get_close_matches(name, others, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Names are below the folder that lists them."


def _read_toml(place: Files, name: str) -> dict[str, Any]:
    where = place.where(name)
    text = decode(place.read(name), where)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CrumpleError(f"not TOML: {error}", where=where) from None


def _text(declared: Mapping[str, Any], key: str, where: str) -> str:
    value = declared.get(key, "")
    if not isinstance(value, str):
        raise CrumpleError(f"{key!r} is a string, got {value!r}", where=where)
    return value


def _texts(declared: Mapping[str, Any], key: str, where: str) -> list[str]:
    value = declared.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CrumpleError(f"{key!r} is a list of strings, got {value!r}", where=where, hint=f'Write {key} = ["..."].')
    return value
