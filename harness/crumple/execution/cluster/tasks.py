"""What Dask carries out on its workers. Imported there by name, so that a worker without crumple cannot take it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from distributed import Worker, WorkerPlugin, get_worker

from crumple.errors import CrumpleError, VoidRunError, in_words
from crumple.execution.cluster.host import Host
from crumple.execution.wire import Wire

HOST: Final = Host()
"""This process' lanes."""


class Knowing(WorkerPlugin):  # type: ignore[misc]  # which Dask does not type
    """Tells every Dask worker what a run is, those that join later too, and ends its lanes there.

    Attributes:
        name: by which Dask knows it; one a run.
    """

    def __init__(self, run: str, root: Path, description: bytes) -> None:
        """Take a run, its configuration file's folder, and its pickled `LaneSpec`."""
        self.name = f"crumple-{run}"
        self._run, self._root, self._description = run, root, description

    def setup(self, worker: Worker) -> None:
        """Called on a worker before it takes tasks of this run."""
        HOST.know(self._run, self._root, self._description)

    def teardown(self, worker: Worker) -> None:
        """Called on a worker when the run has ended, or the worker does."""
        HOST.forget(self._run)


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a Dask worker can make no call of this run.

    Attributes:
        worker: its address.
        host: the machine's name.
        message: what is wrong there.
        void: whether that says that the system cannot be reached, rather than that something is missing.
    """

    worker: str
    host: str
    message: str
    void: bool


def carry_out(run: str, works: Sequence[Wire]) -> tuple[list[Wire], float] | Unfit:
    """A batch: its results and how many seconds it took, or why nothing can be called here."""
    try:
        return HOST.carry_out(run, works)
    except CrumpleError as error:
        return Unfit(get_worker().address, platform.node(), str(error), isinstance(error, VoidRunError))
    except Exception as error:  # noqa: BLE001 - a module that is missing here, say, which nothing else tells
        return Unfit(get_worker().address, platform.node(), in_words(error), void=False)


def ready(run: str) -> Unfit | None:
    """Start a lane, which loads the system; None: it is there."""
    found: Any = carry_out(run, ())
    return found if isinstance(found, Unfit) else None
