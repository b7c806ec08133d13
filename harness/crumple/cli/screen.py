"""The live screen of a search, on a terminal; elsewhere plain lines. Reads keys; leaves the terminal as it was."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, Self

from crumple.cli.attended import Hand
from crumple.cli.output import emit
from crumple.cli.progress import Lines
from crumple.cli.searching import Board, News
from crumple.events import Event

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

    from crumple.cli.keys import Keys

_EVERY = 0.25
"""Seconds between two pictures; an eye is served, and a core is not kept busy."""
_LEAST_LINES = 8


class Shown(Protocol):
    """What shows a search's events."""

    def add(self, event: Event) -> None:
        """Take one event in."""


@contextmanager
def shown(board: Board, hand: Hand) -> Iterator[Shown]:
    """Show a search on standard error, as suits it.

    Args:
        board: takes the events in.
        hand: what the keys ask for; left alone where there are none.
    """
    if not _is_screen():
        yield _Plain(board)
        return
    from rich.console import Console

    from crumple.cli.keys import Keys

    console = Console(stderr=True, highlight=False)
    if console.is_dumb_terminal:
        yield _Plain(board)
        return
    screen = _Screen(board, hand, console)
    with Keys(stopping=screen.put_away, going_on=screen.bring_back) as keys, screen.with_keys(keys):
        yield screen


def _is_screen() -> bool:
    """Whether standard error is a terminal of which this process has the foreground."""
    if not sys.stderr.isatty():
        return False
    try:
        return os.tcgetpgrp(sys.stderr.fileno()) == os.getpgrp()
    except (
        OSError,
        ValueError,
        AttributeError,
    ):  # no controlling terminal, or none of this kind: it shows all the same
        return True


class _Plain:
    """Plain lines, and the board beside them."""

    def __init__(self, board: Board) -> None:
        self._board = board
        board.paced = True
        self._lines = Lines(board.pace, lambda line: emit(line, err=True), News().line)

    def add(self, event: Event) -> None:
        self._lines.add(event)
        self._board.add(event)


class _Screen:
    """A picture that a thread of its own draws and reads keys for; `with` starts and ends that thread."""

    def __init__(self, board: Board, hand: Hand, console: Console) -> None:
        self._board, self._hand, self._console = board, hand, console
        self._keys: Keys | None = None
        self._live: Live | None = None
        self._lock = threading.RLock()  # a signal's handler may come upon what it interrupts
        self._over = threading.Event()
        self._fault = ""
        self._thread = threading.Thread(target=self._watch, name="crumple screen", daemon=True)

    def with_keys(self, keys: Keys) -> Self:
        """Read these."""
        self._keys = keys
        return self

    def __enter__(self) -> Self:
        self.bring_back()
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        if self._keys is not None:
            self._keys.wake()
        self._thread.join()
        self.put_away()
        if self._fault:
            emit(f"the screen could not be drawn any more: {self._fault}", err=True)

    def add(self, event: Event) -> None:
        """Take one event in."""
        with self._lock:
            self._board.add(event)

    def put_away(self) -> None:
        """Clear the picture: the process is about to be stopped, or the search is over."""
        with self._lock:
            if self._live is not None:
                self._live.stop()
                self._live = None

    def bring_back(self) -> None:
        """Show it, once more after the process was stopped."""
        from rich.live import Live

        with self._lock:
            if self._live is None and not self._over.is_set():
                # What others write to standard error goes above the picture; standard output is the report's.
                self._live = Live(
                    console=self._console,
                    transient=True,
                    auto_refresh=False,
                    redirect_stdout=False,
                    vertical_overflow="crop",
                )
                self._live.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                self._obey(self._pressed())
                if not self._over.is_set():
                    self._draw()
            except Exception as error:  # noqa: BLE001 - a picture is no reason to end a search
                self._fault = f"{type(error).__name__}: {error}"
                return

    def _pressed(self) -> str:
        if self._keys is not None and self._keys.there:
            return self._keys.read(_EVERY)
        self._over.wait(_EVERY)
        return ""

    def _obey(self, pressed: str) -> None:
        for key in pressed.lower():
            if key == "p":
                self._hand.pause()
            elif key == "q":
                self._hand.end()

    def _draw(self) -> None:
        from rich.console import Group

        from crumple.cli.dashboard import Frame, draw

        size = self._console.size
        frame = Frame(
            width=size.width,
            height=max(_LEAST_LINES, size.height - 1),
            unicode=self._console.encoding.startswith("utf"),
            keys=self._keys is not None and self._keys.there,
            paused=self._hand.paused,
            ending=self._hand.ending,
        )
        with self._lock:
            if self._live is not None:
                self._live.update(Group(*draw(self._board, frame)), refresh=True)
