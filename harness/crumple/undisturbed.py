"""Ctrl-C waits until what is being written is on disk."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put a Ctrl-C off until the end of the block; elsewhere than in the main thread there is none to put off.

    What ends a program politely (SIGTERM) waits too, where this program has said what is to be done then.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {int(number): signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    own = {number: before for number, before in handlers.items() if callable(before)}
    caught: list[tuple[int, Any]] = []
    for number in own:
        signal.signal(number, lambda number, frame: caught.append((number, frame)))
    try:
        yield
    finally:
        for number, before in own.items():
            signal.signal(number, before)
        if caught:
            number, frame = caught[0]
            own[number](number, frame)
