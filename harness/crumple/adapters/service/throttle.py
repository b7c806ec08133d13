"""How many requests may be out at a service, and when the next may go: pure, times are handed in."""

from __future__ import annotations

import math
from typing import Final

_LONGEST_PAUSE: Final = 30.0
# Of the slower answers some are their documents' doing; where the quickest quarter is slow, it is the load's.
_QUICKEST = 4
_AT_ONCE, _EASY, _SLOW = 0.02, 0.25, 0.5
_NO_SLOWER, _SLOWER = 1.5, 2.0


class Throttle:
    """Concurrency that adapts to what a service bears, a rate, and pauses that it asks for.

    It begins with one request, and doubles with every round of answers, or more where they come at once, until the
    service first says that it is too much; from then on it grows by one a round. A 429, a 503 or a failed connection
    halves it, once for all that was sent before. It does not grow where answers come late and later than when fewer
    were out, and falls where they come near the time limit: a service that works on one document after the other would
    let those that wait run into it, and no document would have done that.
    """

    def __init__(self, most: int, *, timeout: float, rate: float = 0.0, pause: float = 0.5) -> None:
        """Begin with one request out.

        Args:
            most: how many may be out at the best of times.
            timeout: seconds that an answer may take.
            rate: how many may begin in a second; 0: as many as can.
            pause: seconds that a service that is down or overloaded is left alone at first.
        """
        self.out = 0
        self._most = max(1, most)
        self._timeout = timeout
        self._limit = 1
        self._doubling = True
        self._rate = rate
        # Up to a second's worth may go at once, so that a lane's pace does not matter.
        self._burst = max(1.0, rate)
        self._tokens = self._burst
        self._filled = 0.0
        self._pause = pause
        self._paused_until = 0.0
        self._changed = -math.inf
        self._troubles = 0
        self._round: list[float] = []
        self._best = math.inf

    @property
    def limit(self) -> int:
        """How many requests may be out now."""
        return self._limit

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

    def borne(self, now: float, sent: float, seconds: float) -> None:
        """An answer has come, of whatever kind, or none within the time limit.

        Args:
            now: when.
            sent: when its request went.
            seconds: how long it took.
        """
        self.out -= 1
        self._troubles = 0
        if sent < self._changed:
            return
        self._round.append(seconds)
        if len(self._round) >= self._limit:
            self._turn(now)

    def too_much(self, now: float, sent: float, *, down: bool = False) -> None:
        """The service has said that it is too much, or could not be reached.

        Args:
            now: when.
            sent: when the request went; one that went before the limit was last changed says nothing new.
            down: whether it could not be reached, which is a reason to leave it alone at once.
        """
        self.out -= 1
        if sent < self._changed:
            return
        self._change(now, self._limit // 2)
        self._doubling = False
        self._troubles += 1
        # A single 429 may be chance; a second one without an answer in between is not.
        doublings = self._troubles - (1 if down else 2)
        if doublings >= 0:
            self.pause(now + min(self._pause * 2**doublings, _LONGEST_PAUSE))

    def given_up(self) -> None:
        """A request has come to nothing at a service that is not waited for any more."""
        self.out -= 1

    def pause(self, until: float) -> None:
        """Send nothing before this time."""
        self._paused_until = max(self._paused_until, until)

    def _turn(self, now: float) -> None:
        """A round of answers is complete: grow, stay or fall."""
        seconds = sorted(self._round)
        quick, usual = seconds[len(seconds) // _QUICKEST], seconds[len(seconds) // 2]
        self._round.clear()
        self._best = min(self._best, usual)
        if quick > _SLOW * self._timeout and quick > _SLOWER * self._best:
            self._doubling = False
            self._change(now, self._limit * 2 // 3)
        elif usual <= _EASY * self._timeout or usual <= _NO_SLOWER * self._best:
            times = 4 if usual <= _AT_ONCE * self._timeout else 2
            self._change(now, self._limit * times if self._doubling else self._limit + 1)

    def _change(self, now: float, limit: int) -> None:
        self._limit = max(1, min(self._most, limit))
        self._changed = now
        self._round.clear()

    def _held(self, now: float) -> float:
        return min(self._burst, self._tokens + max(0.0, now - self._filled) * self._rate)
