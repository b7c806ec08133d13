"""What Dask carries out on its workers; see `crumple.execution.cluster.shipping` for how that gets there."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Final

from distributed import get_worker

from crumple.errors import CrumpleError, VoidRunError, in_words
from crumple.execution.cluster.host import Host, Order, Told, Unknown
from crumple.execution.cluster.packing import packed, unpacked

HOST: Final = Host()
"""This process' lanes."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a Dask worker can make no call of this run.

    Attributes:
        worker: its address.
        host: the machine's name.
        message: what is wrong there.
        void: whether that says that the system cannot be reached, rather than that something is missing.
        untold: whether it only has to be told what the run is.
    """

    worker: str
    host: str
    message: str
    void: bool = False
    untold: bool = False

    def __str__(self) -> str:
        """In a line."""
        return f"Dask worker {self.worker}{f' ({self.host})' if self.host else ''}: {self.message}"


def ready(description: bytes, share: int) -> Unfit | None:
    """Learn from a packed `Told` what a run is, and start one of so many lanes, which loads the system; None: done."""
    told: Told = unpacked(description)
    HOST.know(told)
    found = carry_out(told.run, share, 1.0, packed([]))
    if not isinstance(found, Unfit):
        return None
    HOST.forget(told.run)
    if told.root.is_dir():
        return found
    message = f"{found.message} (this project's folder, {told.root}, is not there either)"
    return Unfit(found.worker, found.host, message, found.void)


def carry_out(run: str, share: int, seconds: float, works: bytes) -> bytes | Unfit:
    """A batch, made as `Order` says: what has become of it, packed, or why nothing can be called here."""
    try:
        return packed(HOST.carry_out(run, Order(share, seconds), unpacked(works)))
    except Unknown:
        return _unfit("nobody has said what the run is", untold=True)
    except CrumpleError as error:
        return _unfit(str(error), void=isinstance(error, VoidRunError))
    except Exception as error:  # noqa: BLE001 - no process can be started, say, or the disk is full
        return _unfit(in_words(error))


def forget(run: str) -> None:
    """End a run's lanes here."""
    HOST.forget(run)


def _unfit(message: str, *, void: bool = False, untold: bool = False) -> Unfit:
    return Unfit(get_worker().address, platform.node(), message, void, untold)
