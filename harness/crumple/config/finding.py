"""Finding the configuration's file and reading it as it stands; without pydantic, so that any command can."""

from __future__ import annotations

import os
from pathlib import Path

from crumple.config.toml_source import Key, Source, parse
from crumple.errors import CrumpleError

FILE = "crumple.toml"
PROJECT = "pyproject.toml"
_TABLE: Key = ("tool", "crumple")


def find(start: Path | None = None) -> Path:
    """The configuration file of a folder: its own, or the nearest of those above.

    Args:
        start: a file, which is taken as it is, or a folder; by default the current one.

    Raises:
        CrumpleError: there is none.
    """
    # Links stay as they are: relative paths in the file are meant from where it was asked for.
    start = Path(os.path.abspath(start or Path.cwd()))
    if not start.exists():
        raise CrumpleError("there is no such file or folder", where=str(start), hint="`crumple init` writes one.")
    found = start if start.is_file() else nearest(start)
    if found is None:
        raise CrumpleError(
            f"there is no {FILE} here or in a folder above, nor a {PROJECT} with [tool.crumple]",
            where=str(start),
            hint="`crumple init` writes one.",
        )
    return found


def nearest(folder: Path) -> Path | None:
    """The configuration file of an absolute folder or of the nearest one above that has one; None where none has."""
    for each in (folder, *folder.parents):
        if (each / FILE).is_file():
            return each / FILE
        if _is_ours(each / PROJECT):
            return each / PROJECT
    return None


def _is_ours(path: Path) -> bool:
    try:
        return b"crumple" in path.read_bytes() and bool(source(path).data)
    except OSError:
        return False
    except CrumpleError:
        # Somebody else's broken pyproject.toml is not ours to complain about, unless it names us.
        return b"[tool.crumple" in path.read_bytes()


def source(path: Path) -> Source:
    """A configuration file as it was written.

    Raises:
        CrumpleError: it cannot be read, is not UTF-8, or is no TOML.
    """
    return parse(_text(path), shown(path), _TABLE if path.name == PROJECT else ())


def shown(path: Path) -> str:
    """A path as messages show it: from the current folder where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=shown(path)) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CrumpleError("it is not UTF-8", where=f"{shown(path)}, line {line}", hint="Save it as UTF-8.") from None
