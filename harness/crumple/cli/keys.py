"""Single keys from the terminal, which is given back as it was whatever happens."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

_MOST = 64


class Keys:
    """Reads keys as they are pressed, without Enter and without showing them; Ctrl-C and Ctrl-Z work as ever.

        with Keys() as keys:
            pressed = keys.read(0.25)

    Where there is no terminal, or this process is not in its foreground, no key is ever read.
    """

    def __init__(self, *, stopping: Callable[[], None] = lambda: None, going_on: Callable[[], None] = lambda: None):
        """Nothing is opened yet.

        Args:
            stopping: called before Ctrl-Z stops the process.
            going_on: called when it goes on.
        """
        self._stopping, self._going_on = stopping, going_on
        self._file: int | None = None
        self._opened = False
        self._before: list[Any] | None = None
        self._held = False
        self._handlers: dict[int, Any] = {}
        self._wake: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._file, self._opened = _terminal()
        if self._file is None:
            return self
        self._wake = os.pipe()
        if threading.current_thread() is threading.main_thread():
            for number, handler in ((signal.SIGTSTP, self._stop), (signal.SIGCONT, self._go_on)):
                if signal.getsignal(number) is not None:
                    self._handlers[number] = signal.signal(number, handler)
        self._hold()
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}
        self._let_go()
        if self._wake is not None:
            for end in self._wake:
                os.close(end)
        if self._opened and self._file is not None:
            os.close(self._file)
        self._file = self._wake = None

    @property
    def there(self) -> bool:
        """Whether keys can be read at all."""
        return self._file is not None

    def read(self, timeout: float) -> str:
        """The keys that were pressed; waits for one, at most `timeout` seconds, or until `wake`."""
        if self._file is None or self._wake is None:
            return ""
        watched = [self._wake[0]]
        self._hold()
        if self._held:
            watched.append(self._file)
        ready, _, _ = select.select(watched, [], [], timeout)
        if self._file not in ready:
            return ""
        try:
            pressed = os.read(self._file, _MOST)
        except OSError:  # the terminal is gone, or another process has it
            pressed = b""
        if not pressed:
            self._file = None if not self._opened else self._file
            self._held = False
        return pressed.decode("latin-1")

    def wake(self) -> None:
        """End the `read` that another thread is at."""
        if self._wake is not None:
            os.write(self._wake[1], b".")

    def _hold(self) -> None:
        """Have keys handed out one by one, where this process is in the foreground."""
        if self._held or self._file is None or not _is_foreground(self._file):
            return
        import termios
        import tty

        try:
            if self._before is None:
                self._before = termios.tcgetattr(self._file)
            tty.setcbreak(self._file, termios.TCSANOW)
        except termios.error:
            return
        self._held = True

    def _let_go(self) -> None:
        """Give the terminal back as it was."""
        if not self._held or self._before is None or self._file is None:
            return
        import termios

        self._held = False
        try:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)
        except termios.error:
            return

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping()
        self._let_go()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        # From here on the process goes on; or it was never stopped, where no shell is there to continue it.
        signal.signal(signal.SIGTSTP, self._stop)
        self._go_on(number, frame)

    def _go_on(self, number: int, frame: FrameType | None) -> None:
        self._held = False  # the shell may have set the terminal meanwhile
        self._hold()
        self._going_on()


def _terminal() -> tuple[int | None, bool]:
    """The terminal's file, and whether it was opened for this; standard input may be something else."""
    try:
        import termios  # noqa: F401 - not there on Windows
    except ImportError:
        return None, False
    try:
        return os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY), True
    except OSError:
        pass
    try:
        file = sys.stdin.fileno()
        return (file, False) if os.isatty(file) else (None, False)
    except (OSError, ValueError, AttributeError):
        return None, False


def _is_foreground(file: int) -> bool:
    """Whether a change of the terminal would be this process' to make; in the background it would be stopped for it."""
    try:
        return os.tcgetpgrp(file) == os.getpgrp()
    except OSError:
        return False
