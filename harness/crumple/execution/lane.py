"""A lane: crumple's own process, which degrades, has the system called, and judges.

Started as `python -m crumple.execution.lane SOCKET [GATE]`. The first message holds what a lane must know, those after
it hold work. A lane leads a session of its own, so that Ctrl-C reaches its parent alone, and it ends with its parent,
however that one ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import shutil
import socket
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.errors import CrumpleError, VoidRunError, in_words
from crumple.execution.progress import PROGRESS, Progress
from crumple.execution.wire import Channel
from crumple.views.limits import limit_pixels
from crumple.workers import descendants, process

if TYPE_CHECKING:
    from crumple.execution.loop import Loop
    from crumple.execution.spec import LaneSpec

_PARENT_CHECK_MS = 500
_TRIES = 20


class HangUp(threading.Thread):
    """Ends this process with all its workers and files once the parent is gone, whatever the lane is doing."""

    def __init__(self, descriptor: int, parent: int, scratch: Path) -> None:
        super().__init__(name="crumple hang-up", daemon=True)
        self._descriptor = descriptor
        self._parent = parent
        self._scratch = scratch

    def run(self) -> None:
        """Wait for the end."""
        poll = select.poll()
        poll.register(self._descriptor, 0)  # hang-ups and errors alone
        while not poll.poll(_PARENT_CHECK_MS):
            if os.getppid() != self._parent:
                break
        end(self._scratch)


def end(scratch: Path) -> None:
    """Kill every worker, remove this lane's files, and leave at once."""
    try:
        for _ in range(_TRIES):
            # The other thread may be starting a worker or writing a file at this moment.
            process.end_all()
            descendants.sweep()
            shutil.rmtree(scratch, ignore_errors=True)
            if not scratch.exists():
                break
            time.sleep(0.005)
    finally:
        os._exit(0)


def main() -> None:
    """Load what the parent describes, and work until it hangs up."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    messages: list[Any] = []
    while not messages:
        poll.poll()
        messages = channel.take()
        if channel.ended and not messages:
            return
    parent, root, scratch, description = messages[0]
    HangUp(channel.fileno(), parent, Path(scratch)).start()
    descendants.adopt_strays()
    try:
        lane = _made(channel, root, Path(scratch), description)
    except CrumpleError as error:
        kind = VoidRunError if isinstance(error, VoidRunError) else type(error)
        channel.put(("failed", (kind.__name__, str(error))))
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; the parent is told
        channel.put(("failed", ("", f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-8)}")))
    else:
        channel.put(("ready", None))
        lane.run()
    while channel.unsent and not channel.ended:
        channel.flush()
    end(Path(scratch))


def _made(channel: Channel, root: str, scratch: Path, description: bytes) -> Loop:
    if root not in sys.path:
        sys.path.insert(0, root)
    # What is described may live in a module beside the configuration file, so the path comes first.
    try:
        spec = pickle.loads(description)  # noqa: S301 - from the process that has started this one
    except (ImportError, AttributeError) as error:
        raise CrumpleError(
            f"what the run is described with is not there: {error}",
            hint="The corpus, and whatever else the configuration names, must be where lanes are started.",
        ) from None
    from crumple.adapters import OpenAdapter  # heavy, and not before the parent is listened for
    from crumple.adapters.fronted import adapter_behind
    from crumple.execution.calls import Calls
    from crumple.execution.gate import Gate
    from crumple.execution.loop import ClosedLoop
    from crumple.execution.open_loop import OpenLoop

    limit_pixels(spec.pixels)
    adapter = adapter_behind(spec.dependency, spec.system, scratch)
    calls = Calls(spec, adapter)
    progress = Progress(scratch / PROGRESS)
    if opencv := sys.modules.get("cv2"):
        opencv.setNumThreads(1)  # there are as many lanes as cores
    adapter.start()
    _try_to_load(spec)
    # What is loaded stays, and what a call makes is gone after it: collecting often finds nothing and costs a tenth.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    if isinstance(adapter, OpenAdapter):
        gate = Gate(int(sys.argv[2]) if len(sys.argv) > 2 else None)
        return OpenLoop(channel, calls, adapter, progress, gate, company=spec.company)
    return ClosedLoop(channel, calls, adapter, progress)


def _try_to_load(spec: LaneSpec) -> None:
    """See that documents are here; a lane without them would have one call after the other come to nothing.

    Raises:
        CrumpleError: none of those on trial can be read.
    """
    failed: CrumpleError | None = None
    for case in spec.trial:
        try:
            spec.corpus.load(case)
        except CrumpleError as error:  # one of them may really be gone, or too large
            failed = error
        except Exception as error:  # noqa: BLE001 - a corpus of the user's own may raise anything
            failed = CrumpleError(f"the case cannot be loaded ({in_words(error)})", where=case)
        else:
            return
    if failed is not None:
        raise failed


if __name__ == "__main__":
    main()
