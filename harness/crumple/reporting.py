"""Renderers of a run's document, found by their entry points: a plugin's as the built-in ones; and files of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from crumple.errors import CrumpleError
from crumple.files import check_writable
from crumple.loading import entry_points

GROUP = "crumple.reports"
ENDINGS: Final = {".html": "html", ".htm": "html", ".xml": "junit", ".md": "markdown", ".json": "json"}
"""Which report a file is, by its ending."""


def renderer(name: str) -> Callable[..., str]:
    """What turns a run's document into a text.

    Args:
        name: its entry point's name: "terminal", "json", "markdown", "junit", "html".

    Raises:
        CrumpleError: there is none of this name.
    """
    points = {point.name: point for point in sorted(entry_points(GROUP), key=lambda point: point.value)}
    if name not in points:
        raise CrumpleError(f"there is no report {name!r}", got=name, allowed=sorted(points))
    render: Callable[..., str] = points[name].load()
    return render


def kind_of(path: Path) -> str:
    """Which report a file is to be.

    Raises:
        CrumpleError: its ending does not say.
    """
    kind = ENDINGS.get(path.suffix.lower())
    if kind is None:
        raise CrumpleError(
            "a report's ending says what it is",
            where=str(path),
            got=path.suffix or path.name,
            allowed=list(ENDINGS),
        )
    return kind


def check_report(path: Path) -> None:
    """Find out, before any call is made, whether a report can be written.

    Raises:
        CrumpleError: its ending does not say what it is, or the file cannot be written.
    """
    kind_of(path)
    try:
        check_writable(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def write_report(path: Path, document: Mapping[str, Any], *, privacy: str = "figures") -> None:
    """Write a document as the report that the file's ending says.

    Args:
        path: where to.
        document: of a run, a night or a pytest session, as `Discretion.stored_document` lets it out.
        privacy: [privacy] reports, for HTML; Markdown and JUnit files are always figures only.

    Raises:
        CrumpleError: its ending does not say what it is, or the file cannot be written.
    """
    kind = kind_of(path)
    render = renderer(kind)
    text = render(document, privacy=privacy) if kind == "html" else render(document)
    try:
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> CrumpleError:
    missing = not path.parent.is_dir()
    return CrumpleError(
        f"the report cannot be written: {error.strerror or error}",
        where=str(path),
        hint=f"There is no folder {path.parent}; make it first." if missing else "Choose another file.",
    )
