"""Writing a mix down: into a file of its own, or at the end of a configuration that has none."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from crumple.config.finding import FILE, PROJECT, shown, source
from crumple.errors import CrumpleError
from crumple.files import replace_file


def write_new(path: Path, text: str) -> None:
    """Write a file that holds the mix alone.

    Raises:
        CrumpleError: it is there already with something else in it, or cannot be written.
    """
    if path.is_file():
        if (old := _read(path)) == text:
            return
        raise CrumpleError(
            "it is there already, and says something else",
            where=shown(path),
            hint="Remove it, or name another file with -o." + _difference(old, text),
        )
    replace(path, text)


def append(path: Path, text: str) -> None:
    """Put the section [mix] at the end of crumple.toml.

    Raises:
        CrumpleError: it has a mix already; the message shows what differs. Or the file cannot be written, or its
            section is in a pyproject.toml, whose layout is its owner's.
    """
    if path.name == PROJECT:
        raise CrumpleError(
            "the configuration is in a pyproject.toml, to which nothing is added",
            where=shown(path),
            hint=f"Write the mix with -o mix.toml, and put it there as [tool.crumple.mix]; or use a {FILE}.",
        )
    written = source(path)
    old = _read(path)
    section = _section(old)
    if "mix" in written.data:
        if _same(section, text):
            return
        raise CrumpleError(
            "it has a [mix] already, which says something else",
            where=written.place(("mix",)),
            hint="Remove it there, or paste what is new." + _difference(section, text),
        )
    replace(path, old.rstrip("\n") + ("\n\n" if old.strip() else "") + text)


def _section(text: str) -> str:
    """The lines of [mix] and of its comments' lines behind it, as they stand."""
    lines = text.splitlines(keepends=True)
    begin = next((at for at, line in enumerate(lines) if line.split("#")[0].strip() == "[mix]"), None)
    if begin is None:
        return ""
    rest = lines[begin + 1 :]
    end = next((at for at, line in enumerate(rest) if line.lstrip().startswith("[")), len(rest))
    return "".join(lines[begin : begin + 1 + end])


def _same(section: str, text: str) -> bool:
    try:
        return tomllib.loads(section) == tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False


def _difference(old: str, new: str) -> str:
    lines = [each for each in new.splitlines() if not each.startswith("#")]
    told = difflib.unified_diff(old.splitlines(), lines, "there", "measured", lineterm="", n=0)
    return "\n" + "\n".join(each for each in told if not each.startswith("@@"))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CrumpleError(f"it cannot be read: {error}", where=shown(path)) from None


def replace(path: Path, text: str) -> None:
    """Write a file in one step: a disk that is full leaves the old one as it was.

    Raises:
        CrumpleError: it cannot be written.
    """
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=shown(path)) from None
