"""Reports as files, each by its ending; whether they can be written is found out before anything is measured."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crumple.cli.output import emit
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.discretion import Discretion

RENDERERS: Final = {".md": "markdown", ".html": "html", ".xml": "junit", ".json": "json"}
METRICS: Final = "metrics"


class ReportFiles:
    """Files that a run's document is written to, in several forms."""

    def __init__(self, reports: Sequence[str], metrics: str | None = None) -> None:
        """Take their names.

        Args:
            reports: each with an ending that says what it is to be.
            metrics: the file for Prometheus, whatever its ending; None: none.

        Raises:
            CrumpleError: an ending that says nothing.
        """
        self._files = [(Path(each), _renderer_of(each)) for each in reports]
        if metrics is not None:
            self._files.append((Path(metrics), METRICS))

    def check(self) -> None:
        """Find out whether they can be written.

        Raises:
            CrumpleError: one cannot.
        """
        from crumple.reporting import renderer

        for path, name in self._files:
            renderer(name)
            try:
                if path.is_dir():
                    raise IsADirectoryError(21, "it is a folder")
                with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
                    pass
            except OSError as error:
                raise _unwritable(path, error) from None

    def write(self, document: Mapping[str, Any], discretion: Discretion) -> None:
        """Write all of them, whole or not at all; one that cannot be written is said, and the others are written."""
        from crumple.reporting import renderer

        written = discretion.stored_document(document)
        for path, name in self._files:
            try:
                _replace(path, renderer(name)(written))
            except OSError as error:
                emit(str(_unwritable(path, error)), err=True)


def _renderer_of(name: str) -> str:
    ending = Path(name).suffix.lower()
    if ending not in RENDERERS:
        raise CrumpleError(
            f"its ending must say what it is to be, got {ending!r}" if ending else "it has no ending",
            where=f"--report {name}",
            got=ending,
            allowed=list(RENDERERS),
        )
    return RENDERERS[ending]


def _replace(path: Path, text: str) -> None:
    """Who reads the file meanwhile, as Prometheus' collector does, sees the old one or the new one."""
    descriptor, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
        mask = os.umask(0)
        os.umask(mask)
        Path(partial).chmod(0o666 & ~mask)
        Path(partial).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(partial).unlink()
        raise


def _unwritable(path: Path, error: OSError) -> CrumpleError:
    return CrumpleError(f"it cannot be written: {error.strerror}", where=str(path), hint="Choose another file.")
