"""Between the lanes of one service: many may call it at a time, until one must be alone with it.

A document that ends the service ends it for the calls of every lane. To tell which one it was, a lane must have it to
itself for a moment: while it waits for that, nobody begins a call, and when the last one is back, its turn has come.
Locks on two bytes of a file do this, since the kernel lets go of them however a lane ends.
"""

from __future__ import annotations

import fcntl

_TURNSTILE, _ROOM = 0, 1


class Gate:
    """One lane's side of it; nothing here waits."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Share the gate of an open file, each lane in a process of its own; None: there is one lane, always let in."""
        self._descriptor = descriptor
        self._inside = False

    @property
    def shared(self) -> bool:
        """Whether there are other lanes."""
        return self._descriptor is not None

    def enter(self) -> bool:
        """Whether a call may be begun now; then `leave` is to be called once none is out any more."""
        if not self.shared:
            return True
        if not self._taken(_TURNSTILE, fcntl.LOCK_SH):
            return False
        self._inside = self._inside or self._taken(_ROOM, fcntl.LOCK_SH)
        self._let_go(_TURNSTILE)
        return self._inside

    def leave(self) -> None:
        """No call of this lane is out any more."""
        if self._inside:
            self._let_go(_ROOM)
            self._inside = False

    def alone(self) -> bool:
        """Whether no other lane has a call out, nor begins one before `open`; else ask again, and soon it is so.

        No call of this lane may be out.
        """
        if not self.shared:
            return True
        self.leave()
        return self._taken(_TURNSTILE, fcntl.LOCK_EX) and self._taken(_ROOM, fcntl.LOCK_EX)

    def open(self) -> None:
        """Let the others go on."""
        if self.shared:
            self._let_go(_ROOM)
            self._let_go(_TURNSTILE)

    def _taken(self, place: int, kind: int) -> bool:
        assert self._descriptor is not None
        try:
            fcntl.lockf(self._descriptor, kind | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # systems differ in which of the two says that it is taken
            return False
        return True

    def _let_go(self, place: int) -> None:
        assert self._descriptor is not None
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)
