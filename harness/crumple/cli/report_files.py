"""A run's document as files: reports by their endings, and figures for Prometheus; none of them ends a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from crumple.cli.output import emit
from crumple.errors import CrumpleError
from crumple.masking import presentable
from crumple.plain_text import visible

if TYPE_CHECKING:
    from pathlib import Path

    from crumple.destinations import Destination
    from crumple.material import Material

METRICS: Final = "metrics"
_METRICS: Final = "the file of --metrics"
Document: TypeAlias = Mapping[str, Any]


class ReportFiles:
    """Files that a run's document is written to, in several forms.

    Attributes:
        unwritten: whether one could not be written in the end.
    """

    def __init__(
        self,
        reports: Sequence[str],
        metrics: str | None,
        material: Callable[[Document], Material],
        config: Path | None = None,
    ) -> None:
        """Take their names.

        Args:
            reports: paths or URLs, each with an ending that says what it is to be.
            metrics: the file for Prometheus, whatever its ending; None: none.
            material: what reports of a document can be made of beside.
            config: see `known_destination`.

        Raises:
            CrumpleError: a URL that names no file, or one that cannot be written.
        """
        from crumple.config.storage import known_destination

        self._material = material
        self._reports = [known_destination(each, config) for each in reports]
        self._metrics = known_destination(metrics, config) if metrics is not None else None
        self.unwritten = False

    def check(self) -> None:
        """Find out, before anything is measured, whether they can be written.

        Raises:
            CrumpleError: one cannot, or its ending says nothing.
        """
        from crumple.destinations import check_destination
        from crumple.reporting import check_report, rendering

        for place in self._reports:
            check_report(place)
        if self._metrics is not None:
            rendering(METRICS)
            check_destination(self._metrics, what=_METRICS)

    def write(self, document: Document) -> None:
        """Write all of them; one that cannot be written after all is said, and the others are written.

        Args:
            document: as `Discretion.stored_document` lets it out.
        """
        from crumple.reporting import write_report

        for place in self._reports:
            if self._wrote(partial(write_report, place, document, self._material(document))):
                emit(f"wrote {place}", err=True)
        if self._metrics is not None:
            self._wrote(partial(_write_metrics, self._metrics, document))

    def _wrote(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except CrumpleError as error:
            self.unwritten = True
            say(error)
            return False
        return True


def _write_metrics(place: Destination, document: Document) -> None:
    from crumple.destinations import write_whole
    from crumple.reporting import rendering

    # Prometheus' collector may read it at any time.
    write_whole(place, rendering(METRICS)(document).encode(), what=_METRICS)


def say(error: CrumpleError) -> None:
    """Say why a file is not written, where that ends nothing; whatever a renderer quotes is harmless."""
    emit(f"error: {visible(presentable(str(error)))}", err=True)
