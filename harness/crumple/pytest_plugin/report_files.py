"""`--crumple-report FILE`: looked at before anything runs, written when everything has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from crumple.config.finding import nearest
from crumple.config.storage import known_destination
from crumple.destinations import Destination
from crumple.errors import CrumpleError
from crumple.remote import is_url
from crumple.reporting import check_report, write_report


def check(config: pytest.Config, files: Sequence[str]) -> None:
    """Find out whether the reports can be written.

    Raises:
        pytest.UsageError: one cannot, or its ending says no kind of report.
    """
    for file in files:
        try:
            check_report(_place(config, file))
        except CrumpleError as error:
            raise pytest.UsageError(f"--crumple-report: {error}") from None


def write(config: pytest.Config, files: Sequence[str], document: Mapping[str, Any]) -> list[str]:
    """Write the reports; what could not be, in words."""
    from crumple.pytest_plugin.session_material import material_of

    failed = []
    material = material_of(config.rootpath, document)
    for file in files:
        try:
            write_report(_place(config, file), document, material)
        except CrumpleError as error:
            failed.append(f"--crumple-report: {error}")
    return failed


def _place(config: pytest.Config, file: str) -> Destination:
    """Taken from where pytest was called, as those of its own options are; [storage] too."""
    called = config.invocation_params.dir
    return known_destination(file, nearest(called)) if is_url(file) else called / Path(file).expanduser()
