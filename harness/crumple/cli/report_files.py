"""A run's document as files: reports by their endings, and figures for Prometheus; none of them ends a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from crumple.cli.output import emit
from crumple.errors import CrumpleError
from crumple.files import check_writable, replace_file
from crumple.masking import presentable
from crumple.plain_text import visible

if TYPE_CHECKING:
    from crumple.material import Material

METRICS: Final = "metrics"
Document: TypeAlias = Mapping[str, Any]


class ReportFiles:
    """Files that a run's document is written to, in several forms.

    Attributes:
        unwritten: whether one could not be written in the end.
    """

    def __init__(self, reports: Sequence[str], metrics: str | None, material: Callable[[Document], Material]) -> None:
        """Take their names.

        Args:
            reports: each with an ending that says what it is to be.
            metrics: the file for Prometheus, whatever its ending; None: none.
            material: what reports of a document can be made of beside.
        """
        self._material = material
        self._reports = [Path(each) for each in reports]
        self._metrics = Path(metrics) if metrics is not None else None
        self.unwritten = False

    def check(self) -> None:
        """Find out, before anything is measured, whether they can be written.

        Raises:
            CrumpleError: one cannot, or its ending says nothing.
        """
        from crumple.reporting import check_report, rendering

        for path in self._reports:
            check_report(path)
        if self._metrics is not None:
            rendering(METRICS)
            try:
                check_writable(self._metrics)
            except OSError as error:
                raise _unwritable(f"--metrics {self._metrics}", error) from None

    def write(self, document: Document) -> None:
        """Write all of them; one that cannot be written after all is said, and the others are written.

        Args:
            document: as `Discretion.stored_document` lets it out.
        """
        from crumple.reporting import rendering, write_report

        for path in self._reports:
            try:
                write_report(path, document, self._material(document))
            except CrumpleError as error:
                self._fail(error)
            else:
                emit(f"wrote {path}", err=True)
        if self._metrics is not None:
            try:
                # Prometheus' collector may read it at any time.
                replace_file(self._metrics, rendering(METRICS)(document).encode())
            except OSError as error:
                self._fail(_unwritable(f"--metrics {self._metrics}", error))

    def _fail(self, error: CrumpleError) -> None:
        self.unwritten = True
        say(error)


def say(error: CrumpleError) -> None:
    """Say why a file is not written, where that ends nothing; whatever a renderer quotes is harmless."""
    emit(f"error: {visible(presentable(str(error)))}", err=True)


def _unwritable(where: str, error: OSError) -> CrumpleError:
    said = f"it cannot be written: {error.strerror or error}"
    return CrumpleError(said, where=where, hint="Choose another file.")
