"""Services that the adapters of this folder call, started once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

SYSTEMS = Path(__file__).parents[1] / "systems"
if TYPE_CHECKING:
    from service import Faults, Service


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """A FastAPI service under uvicorn."""
    _seen()
    from service import Service

    running = Service().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def faults() -> Iterator[Faults]:
    """A service that breaks the protocol."""
    _seen()
    from service import Faults

    running = Faults().start()
    yield running
    running.stop()


def _seen() -> None:
    if str(SYSTEMS) not in sys.path:
        sys.path.append(str(SYSTEMS))
