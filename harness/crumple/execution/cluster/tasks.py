"""What Dask carries out on its workers; see `crumple.execution.cluster.shipping` for how that gets there."""

from __future__ import annotations

import platform
from dataclasses import replace
from typing import Final

from distributed import get_worker

from crumple.errors import CrumpleError, VoidRunError, in_words
from crumple.execution.cluster.host import Host, Order, Told, Unknown
from crumple.execution.cluster.packing import packed, unpacked
from crumple.execution.cluster.unfit import Unfit

SAME: Final = "Have the same on every worker; results are to be the same wherever they are made."
HOST: Final = Host()
"""This process' lanes."""


def ready(description: bytes, share: int) -> Unfit | None:
    """Learn from a packed `Told` what a run is, and start one of so many lanes, which loads the system; None: done."""
    told: Told = unpacked(description)
    HOST.know(told)
    tried = carry_out(told.run, share, 1.0, packed([]))
    found = tried if isinstance(tried, Unfit) else _differing(told)
    if found is None:
        return None
    HOST.forget(told.run)
    if told.root.is_dir():
        return found
    message = f"{found.message} (this project's folder, {told.root}, is not there either)"
    return replace(found, message=message)


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


def _differing(told: Told) -> Unfit | None:
    """Results that are made with something else are of another run."""
    try:
        found = told.differing()
    except Exception as error:  # noqa: BLE001 - a file cannot be read, say
        return _unfit(in_words(error))
    return _unfit(f"other than where the run begins: {', '.join(found)}. {SAME}") if found else None


def _unfit(message: str, *, void: bool = False, untold: bool = False) -> Unfit:
    return Unfit(get_worker().address, message, platform.node(), void, untold)
