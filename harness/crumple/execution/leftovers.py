"""What lanes leave in the temporary folder where they and their parent were killed at once: removed by the next run.

A lane holds a lock on its log for as long as it lives, and the kernel gives it back however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import IO

PREFIX = "crumple-"
LOG = "lane.log"
_NEWBORN = 60.0  # seconds in which a folder may be there and not be locked yet


def claim(log: IO[bytes]) -> None:
    """Lock a lane's log: whoever inherits the open file holds the lock."""
    with contextlib.suppress(OSError):  # some network file systems have no locks: there nothing is ever swept
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(folder: Path | None = None) -> None:
    """Remove what this user's lanes have left behind in the temporary folder; those that live are not touched."""
    try:
        with os.scandir(folder or tempfile.gettempdir()) as entries:
            found = [Path(entry.path) for entry in entries if entry.name.startswith(PREFIX)]
    except OSError:
        return
    for scratch in found:
        with contextlib.suppress(OSError):
            _sweep(scratch)


def _sweep(scratch: Path) -> None:
    status = scratch.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or time.time() - status.st_mtime < _NEWBORN:
        return
    with (scratch / LOG).open("rb") as log:  # what has none is somebody else's
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(scratch, ignore_errors=True)
