"""Lanes on this machine: work is pulled by whichever lane has room, and results stream back as they are made."""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, Self

from crumple.errors import CrumpleError, VoidRunError
from crumple.execution.lane_process import LaneProcess
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import result_from_wire
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work

_MOST_FAILED_STARTS = 3


class LocalLanes:
    """Runs calls in lanes of this machine.

        with LocalLanes(spec, lanes=2) as lanes:
            lanes.put(works)
            while lanes.pending:
                for result in lanes.results():
                    ...

    A lane that dies is started anew, and what it had not finished is sent once more, one call at a time, so that
    only the call that kills lanes is void.
    """

    def __init__(self, spec: LaneSpec, lanes: int) -> None:
        """Describe the lanes; `with` starts them.

        Raises:
            CrumpleError: there is to be less than one.
        """
        if lanes < 1:
            raise CrumpleError(f"workers must be at least 1, got {lanes}", where="[run] workers")
        self._spec = spec
        self._count = lanes
        self._lanes: list[LaneProcess] = []
        self._selector = selectors.DefaultSelector()
        self._queue: deque[Work] = deque()
        self._again: deque[Work] = deque()
        self._tried: set[int] = set()
        self._done: list[Result] = []
        self._failed_starts = 0

    def __enter__(self) -> Self:
        """Start the lanes, and wait until each has loaded the system."""
        try:
            for _ in range(self._count):
                self._start()
            while not all(lane.ready for lane in self._lanes):
                self._turn(None)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """End them."""
        self.close()

    @property
    def pending(self) -> int:
        """How many calls were put in whose results have not been handed out."""
        held = sum(len(lane.work) for lane in self._lanes)
        return len(self._queue) + len(self._again) + held + len(self._done)

    @property
    def room(self) -> int:
        """How many more calls the lanes could take now."""
        return max(0, sum(lane.room for lane in self._lanes) - len(self._queue) - len(self._again))

    def put(self, works: Iterable[Work]) -> None:
        """Add calls to make."""
        self._queue.extend(works)
        self._hand_out()

    def results(self, timeout: float | None = None) -> list[Result]:
        """What has arrived: waits for the first result, but at most `timeout` seconds; [] where nothing is pending.

        Raises:
            CrumpleError: lanes keep ending before they have loaded the system.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while not self._done and self.pending:
            wait = None if until is None else until - time.monotonic()
            if wait is not None and wait < 0:
                break
            self._turn(wait)
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """End every lane, worker and whatever they started, at once."""
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            lane.hang_up()
        for lane in lanes:
            lane.end()
        self._selector.close()
        self._queue.clear()
        self._again.clear()

    def _start(self) -> None:
        lane = LaneProcess(self._spec)
        self._lanes.append(lane)
        self._selector.register(lane.channel, selectors.EVENT_READ, lane)

    def _turn(self, timeout: float | None) -> None:
        """Wait for lanes to say something, take it in, and give them work."""
        for lane in self._lanes:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if lane.channel.unsent else 0)
            if self._selector.get_key(lane.channel).events != wanted:
                self._selector.modify(lane.channel, wanted, lane)
        for key, events in self._selector.select(timeout):
            lane = key.data
            if events & selectors.EVENT_WRITE:
                lane.channel.flush()
            for kind, content in lane.messages():
                self._take(lane, kind, content)
            if lane.channel.ended:
                self._bury(lane)
        self._hand_out()

    def _take(self, lane: LaneProcess, kind: str, content: Any) -> None:
        if kind == "results":
            seconds, results = content
            for wire in results:
                self._done.append(result_from_wire(wire, lane.work))
                del lane.work[wire[0]]
            lane.heard(seconds, len(results))
            lane.alone = lane.alone and bool(lane.work)
        elif kind == "returned":
            lane.recalled = False
            self._queue.extend(lane.work.pop(number) for number in reversed(content))
        elif kind == "ready":
            lane.ready = True
            self._failed_starts = 0
        elif kind == "failed":
            raise _error(*content)

    def _hand_out(self) -> None:
        """Give every lane with room its share of the work."""
        for lane in self._lanes:
            room = lane.room
            if not room:
                continue
            if self._again:
                if not lane.work:
                    lane.alone = True
                    lane.give([self._again.popleft()])
                continue
            if self._queue:
                self._give(lane, room)
        if not self._queue and not self._again:
            self._level()

    def _give(self, lane: LaneProcess, room: int) -> None:
        # Towards the end of slow work a lane takes one call at a time: none may wait in one while another is idle.
        share = -(-len(self._queue) // len(self._lanes))
        count = min(room, share, len(self._queue))
        if lane.slow and lane.work and len(self._queue) < 2 * len(self._lanes):
            return
        lane.give([self._queue.popleft() for _ in range(count)])

    def _level(self) -> None:
        """Where a lane has nothing to do and another has plenty, have that one hand some back."""
        idle = any(lane.ready and not lane.work for lane in self._lanes)
        if not idle:
            return
        fullest = max(self._lanes, key=lambda lane: len(lane.work))
        if len(fullest.work) > 3 and not fullest.recalled and not fullest.alone:
            fullest.recall(len(fullest.work) // 2)

    def _bury(self, lane: LaneProcess) -> None:
        """Start another lane in the place of one that died, and see to what it had not finished."""
        self._selector.unregister(lane.channel)
        self._lanes.remove(lane)
        how, log = lane.died_of()
        lane.hang_up()
        lane.end()
        if not lane.ready:
            self._failed_starts += 1
            if self._failed_starts >= _MOST_FAILED_STARTS:
                raise VoidRunError(f"crumple's lanes end while they start: {how}", hint=log)
        for work in lane.work.values():
            if work.id in self._tried:
                void = Verdict(Outcome.VOID, failure=False)
                self._done.append(Result(work, void, cause=f"crumple's own process ended: {how}", detail=log))
            else:
                self._tried.add(work.id)
                self._again.append(work)
        self._start()


def _error(kind: str, message: str) -> CrumpleError:
    """The error that a lane met while it started, as it was."""
    if not kind:
        return VoidRunError("a lane cannot start", hint=message)
    error = (VoidRunError if kind == "VoidRunError" else CrumpleError)("")
    error.args = (message,)
    return error
