"""How many requests may be out at a service, and when the next may go: pure, times are handed in."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

_FIRST: Final = 8
_RECENT = 20
_TOO_MANY = 0.3
_LEAST_SIGNS = 3
_LONGEST_PAUSE = 30.0


class Throttle:
    """Concurrency that adapts to what a service bears, a rate, and pauses that it asks for.

    Additive increase, multiplicative decrease, as TCP does: the limit doubles with every round of answers until the
    service first says that it is too much, and grows by one a round from then on; a 429, a 503 or a failed connection
    halves it, once for all that was sent before. Time-outs that become frequent lower it too, but to a quarter at the
    least: a document can hang a system all by itself.
    """

    def __init__(self, most: int, *, rate: float = 0.0, pause: float = 0.5) -> None:
        """Begin with up to 8 requests out.

        Args:
            most: how many may be out at the best of times.
            rate: how many may begin in a second; 0: as many as can.
            pause: seconds that a service that is down or overloaded is left alone at first.
        """
        self.out = 0
        self._most = max(1, most)
        self._limit = float(min(self._most, _FIRST))
        self._doubling = True
        self._rate = rate
        # Up to a second's worth may go at once, so that a lane's pace does not matter.
        self._burst = max(1.0, rate)
        self._tokens = self._burst
        self._filled = 0.0
        self._pause = pause
        self._paused_until = 0.0
        self._lowered = -math.inf
        self._troubles = 0
        self._recent: deque[bool] = deque(maxlen=_RECENT)

    @property
    def limit(self) -> int:
        """How many requests may be out now."""
        return int(self._limit)

    def room(self, now: float) -> int:
        """How many more requests may go at this time."""
        if now < self._paused_until:
            return 0
        room = self.limit - self.out
        if self._rate:
            room = min(room, int(self._held(now) + 1e-9))
        return max(0, room)

    def opens(self, now: float) -> float:
        """When there may be room again by waiting alone; at once where there is some, or answers must come first."""
        opens = max(now, self._paused_until)
        if self._rate and (held := self._held(opens)) < 1:
            opens += (1 - held) / self._rate
        return opens

    def sent(self, now: float) -> None:
        """A request has gone."""
        self.out += 1
        if self._rate:
            self._tokens = self._held(now) - 1
            self._filled = now

    def borne(self) -> None:
        """An answer has come, of whatever kind."""
        self.out -= 1
        self._troubles = 0
        self._recent.append(False)
        self._limit = min(self._most, self._limit + (1 if self._doubling else 1 / self._limit))

    def too_much(self, now: float, sent: float, *, down: bool = False) -> None:
        """The service has said that it is too much, or could not be reached.

        Args:
            now: when.
            sent: when the request went; one that went before the limit was last lowered says nothing new.
            down: whether it could not be reached, which is a reason to leave it alone at once.
        """
        self.out -= 1
        if sent < self._lowered:
            return
        self._lower(now, 0.5, 1.0)
        self._troubles += 1
        # A single 429 may be chance; a second one without an answer in between is not.
        doublings = self._troubles - (1 if down else 2)
        if doublings >= 0:
            self.pause(now + min(self._pause * 2**doublings, _LONGEST_PAUSE))

    def timed_out(self, now: float, sent: float) -> None:
        """No answer has come in time: of a document or, where it happens often, of too many requests."""
        self.out -= 1
        self._recent.append(True)
        late = sum(self._recent)
        if sent >= self._lowered and late >= _LEAST_SIGNS and late >= _TOO_MANY * len(self._recent):
            self._lower(now, 0.7, self._most / 4)
            self._recent.clear()

    def ended(self) -> None:
        """A request has ended in a way that says nothing of the service."""
        self.out -= 1

    def pause(self, until: float) -> None:
        """Send nothing before this time."""
        self._paused_until = max(self._paused_until, until)

    def _lower(self, now: float, factor: float, least: float) -> None:
        self._doubling = False
        self._lowered = now
        self._limit = max(1.0, min(self._limit, max(least, self._limit * factor)))

    def _held(self, now: float) -> float:
        return min(self._burst, self._tokens + max(0.0, now - self._filled) * self._rate)
