"""A run's document as files: reports by their endings, and figures for Prometheus; none of them ends a run."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from crumple.cli.output import emit
from crumple.errors import CrumpleError
from crumple.files import replace_file

METRICS: Final = "metrics"


class ReportFiles:
    """Files that a run's document is written to, in several forms."""

    def __init__(self, reports: Sequence[str], metrics: str | None, privacy: str) -> None:
        """Take their names.

        Args:
            reports: each with an ending that says what it is to be.
            metrics: the file for Prometheus, whatever its ending; None: none.
            privacy: [privacy] reports, for HTML.
        """
        self._privacy = privacy
        self._reports = [Path(each) for each in reports]
        self._metrics = Path(metrics) if metrics is not None else None

    def check(self) -> None:
        """Find out, before anything is measured, whether they can be written.

        Raises:
            CrumpleError: one cannot, or its ending says nothing.
        """
        from crumple.reporting import check_report, renderer

        for path in self._reports:
            check_report(path)
        if self._metrics is not None:
            renderer(METRICS)
            try:
                if self._metrics.is_dir():
                    raise IsADirectoryError(0, "it is a folder")
                with tempfile.NamedTemporaryFile(dir=self._metrics.parent, prefix=f".{self._metrics.name}."):
                    pass
            except OSError as error:
                raise _unwritable(f"--metrics {self._metrics}", error) from None

    def write(self, document: Mapping[str, Any]) -> None:
        """Write all of them; one that cannot be written after all is said, and the others are written.

        Args:
            document: as `Discretion.stored_document` lets it out.
        """
        from crumple.reporting import renderer, write_report

        for path in self._reports:
            try:
                write_report(path, document, privacy=self._privacy)
            except CrumpleError as error:
                emit(str(error), err=True)
        if self._metrics is not None:
            try:
                # Prometheus' collector may read it at any time.
                replace_file(self._metrics, renderer(METRICS)(document).encode())
            except OSError as error:
                emit(str(_unwritable(f"--metrics {self._metrics}", error)), err=True)


def _unwritable(where: str, error: OSError) -> CrumpleError:
    said = f"it cannot be written: {error.strerror or error}"
    return CrumpleError(said, where=where, hint="Choose another file.")
