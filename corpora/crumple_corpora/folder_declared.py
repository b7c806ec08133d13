"""Cases that are declared rather than found: a folder with case.toml, and the rows of manifest.csv."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from crumple import CrumpleError
from crumple_corpora.folder_listing import CASE_FILE, MANIFEST, Inline, Item, truth_beside, two_truths
from crumple_corpora.folder_truth import ENDINGS, decode, json_cell, json_value, table

_KEYS = ("document", "truth", "inputs", "parts", "group", "tags")
_COLUMNS = ("file", "truth", "inputs", "group", "tags")


def read_case(root: Path, below: str) -> Item:
    """The case that a folder's case.toml declares. Nothing else in the folder is a case.

    `truth` is a value, or the name of a .json, .txt or .csv file; without it the file DOCUMENT.truth.json (.txt, .csv)
    is the truth if it is there.

    Args:
        root: the corpus folder.
        below: the case's folder below it, with "/"; "" for the corpus folder itself.

    Raises:
        CrumpleError: case.toml does not parse, has an unknown key or a wrong value, or names a missing file.
    """
    folder = root / below
    where = str(folder / CASE_FILE)
    declared = _read_toml(folder / CASE_FILE, where)
    for key in declared:
        if key not in _KEYS:
            raise CrumpleError(f"unknown key {key!r}", where=where, got=key, allowed=_KEYS)
    if "document" not in declared:
        raise CrumpleError("'document' is missing", where=where, hint='Write document = "FILE", a file beside it.')
    document = _file(folder, _text(declared, "document", where), where)
    truth: Path | Inline | None = truth_beside(document)
    if "truth" in declared:
        if isinstance(truth, Path):
            raise two_truths(truth, folder / CASE_FILE)
        truth = _truth(declared["truth"], folder, where)
    return Item(
        id=below or root.name,
        path=document,
        truth=truth,
        group=_text(declared, "group", where),
        tags=frozenset(_texts(declared, "tags", where)),
        inputs=json_value(declared.get("inputs"), where, "/inputs"),
        parts=tuple(_file(folder, name, where) for name in _texts(declared, "parts", where)),
    )


def read_manifest(root: Path) -> list[Item]:
    """The cases that manifest.csv lists: these and no others.

    Columns: file (below the corpus folder), and if wanted truth (the name of a .json, .txt or .csv file, or the right
    answer itself, such as a label), inputs (JSON), group, and tags (separated by spaces). Where the cell for truth is
    empty, FILE.truth.json (.txt, .csv) is the truth if it is there.

    Raises:
        CrumpleError: an unknown or missing column, a missing or doubled file; the message has the line.
    """
    place = root / MANIFEST
    rows = table(decode(_read(place, str(place)), str(place)), str(place))
    line, header = rows[0]
    header = [name.strip() for name in header]
    for at, name in enumerate(header):
        if name not in _COLUMNS:
            raise CrumpleError(f"unknown column {name!r}", where=f"{place}, line {line}", got=name, allowed=_COLUMNS)
        if name in header[:at]:
            raise CrumpleError(f"the column {name!r} is there twice", where=f"{place}, line {line}")
    if "file" not in header:
        raise CrumpleError("the column 'file' is missing", where=f"{place}, line {line}", allowed=_COLUMNS)
    items: dict[str, Item] = {}
    for line, row in rows[1:]:
        item = _listed(root, dict(zip(header, map(str.strip, row), strict=True)), f"{place}, line {line}")
        if item.id in items:
            raise CrumpleError(f"{item.id} is listed twice", where=f"{place}, line {line}")
        items[item.id] = item
    return [items[name] for name in sorted(items)]


def _listed(root: Path, row: Mapping[str, str], where: str) -> Item:
    path = _file(root, row["file"], where)
    truth: Path | Inline | None = truth_beside(path)
    if cell := row.get("truth"):
        if isinstance(truth, Path) and _truth(cell, root, where) != truth:
            raise two_truths(truth, root / MANIFEST)
        truth = _truth(cell, root, where)
    inputs = row.get("inputs")
    return Item(
        id=str(PurePosixPath(row["file"])),
        path=path,
        truth=truth,
        group=row.get("group", ""),
        tags=frozenset(row.get("tags", "").split()),
        inputs=json_cell(inputs, f"{where}, column inputs") if inputs else None,
    )


def _truth(value: Any, folder: Path, where: str) -> Path | Inline:
    """A text that names a file is the file; one that looks like a file's name must be one."""
    if isinstance(value, str):
        path = folder / value if value else folder
        if PurePosixPath(value).suffix in ENDINGS or ("\0" not in value and len(value) < 256 and path.is_file()):
            path = _file(folder, value, where)
            if path.suffix not in ENDINGS:
                raise CrumpleError(
                    f"{value} is a truth of a kind that is not known", where=where, got=path.suffix, allowed=ENDINGS
                )
            return path
    return Inline(json_value(value, where, "/truth"))


def _file(folder: Path, name: str, where: str) -> Path:
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts or "\0" in name:
        raise CrumpleError(
            f"{name!r} is not a file's name", where=where, hint=f"Write its path below {folder}, with '/' and no '..'."
        )
    path = folder / name
    if not path.is_file():
        beside = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
        raise CrumpleError(f"there is no file {name}", where=where, hint=_nearest(pure.name, beside))
    return path


def _nearest(name: str, others: Sequence[str]) -> str:
    import difflib  # for messages only

    close = difflib.get_close_matches(name, others, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Names are below the folder that lists them."


def _read_toml(path: Path, where: str) -> dict[str, Any]:
    text = decode(_read(path, where), where)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CrumpleError(f"not TOML: {error}", where=where) from None


def _read(path: Path, where: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CrumpleError(f"cannot be read: {error.strerror}", where=where) from None


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
