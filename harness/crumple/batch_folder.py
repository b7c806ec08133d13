"""The folder of a batch that `crumple run` has processed: one at a time, and kept until its answers are judged."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from crumple import batch
from crumple.adapters.batch.manifest import ANSWERS, salt_of
from crumple.adapters.batch.system import BatchSystem
from crumple.assembly import Assembly, Wishes
from crumple.errors import CrumpleError, VoidRunError

_PROCESSED = "processed"


def processed(
    assembly: Assembly,
    place: Path,
    wishes: Wishes,
    watch: batch.Watch,
    *,
    fresh: bool = False,
    keep_for: float | None = None,
) -> Path:
    """The folder of a run, exported and processed by the system's command; to be judged, and then removed.

    Answers are paid for: where a run ended before they were judged, the same command finds them again.

    Args:
        assembly: with a `BatchSystem`.
        place: the folder in which it is made; of its owner alone, and locked by the caller.
        wishes: what the command line asked for.
        watch: given every event of the export.
        fresh: whether it is processed anew all the same.
        keep_for: seconds after which other batches that were never judged are removed; None: never.

    Raises:
        CrumpleError: it cannot be exported, or there is no such command.
        VoidRunError: the command failed as a whole.
    """
    system = assembly.system
    assert isinstance(system, BatchSystem)
    system.check()
    mark = hashlib.blake2b(
        f"{salt_of(batch.facts(assembly))} {system.version()} {system.command}".encode(), digest_size=8
    )
    folder = place / mark.hexdigest()
    try:
        _tidy(place, keep_for)
        if fresh or not (folder / _PROCESSED).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            _process(assembly, system, folder, wishes, watch)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CrumpleError(f"it cannot be written: {error.strerror}", where=str(folder)) from None
    return folder


def _process(assembly: Assembly, system: BatchSystem, folder: Path, wishes: Wishes, watch: batch.Watch) -> None:
    try:
        batch.export(assembly, folder, wishes, watch)
        system.process(folder)
        if not os.path.isdir(folder / ANSWERS) or not os.listdir(folder / ANSWERS):
            raise VoidRunError(
                "the command ended well and wrote no answer",
                where="[system] batch",
                hint="It is to write them into the folder that {output} stands for; docs/systems/batch.md says how.",
            )
        (folder / _PROCESSED).touch()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _tidy(place: Path, keep_for: float | None) -> None:
    """Remove what a crumple that was killed has left, and what nobody has come back for."""
    for folder in place.iterdir():
        mark = folder / _PROCESSED
        if not mark.is_file() or (keep_for is not None and time.time() - mark.stat().st_mtime > keep_for):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(place: Path, say: Callable[[str], None], *, wait: bool = True) -> Iterator[None]:
    """Be the only crumple that has a batch processed in this folder.

    Args:
        place: the folder; made where it is not there.
        say: told that another one is waited for.
        wait: whether it is.

    Raises:
        CrumpleError: it cannot be made; or another one is at it, and is not to be waited for.
    """
    import fcntl  # there is none on Windows

    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_RDONLY)
    except OSError as error:
        raise CrumpleError(f"it cannot be used: {error.strerror}", where=str(place)) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise CrumpleError("another crumple is at a batch of this project", where=str(place)) from None
            say("another crumple is at a batch of this project; waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
