"""Lanes on this machine: work is pulled by whichever lane has room, and results stream back as they are made."""

from __future__ import annotations

import selectors
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from typing import IO, Any, Self

from crumple.errors import CrumpleError, VoidRunError
from crumple.execution import leftovers
from crumple.execution.lane_process import LaneProcess
from crumple.execution.progress import doing, took_too_long
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import result_from_wire
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.workers.limits import in_seconds

_MOST_FAILED_STARTS = 3


class LocalLanes:
    """Runs calls in lanes of this machine.

        with LocalLanes(spec, lanes=2) as lanes:
            lanes.put(works)
            while lanes.pending:
                for result in lanes.results():
                    ...

    A lane that dies is started anew, and what it had not finished is sent once more, one call at a time, so that
    only the call that kills lanes is void. One that hangs in a step of crumple's own, a mutator or a judge, is
    ended, and the call that it was at is void.
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
        self._denied: CrumpleError | None = None
        self._look_at = 0.0
        self._gate: IO[bytes] | None = None  # what the lanes of one service share

    def __enter__(self) -> Self:
        """Start the lanes, and wait until each has loaded the system."""
        leftovers.sweep()
        if self._count > 1 and self._spec.system.concurrency:
            self._gate = tempfile.TemporaryFile()
        try:
            for _ in range(self._count):
                self._start()
            while self._ready < len(self._lanes):
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
        """What has arrived: waits for the first result, but at most `timeout` seconds.

        [] where nothing is pending, and where a lane that was started anew has become ready, for there is room now.

        Raises:
            CrumpleError: lanes keep ending before they have loaded the system, or the corpus can be read no more.
        """
        until = None if timeout is None else time.monotonic() + timeout
        ready = self._ready
        # A lane that is being started anew has no room before it was listened to, so that is done with nothing pending.
        while not self._done and self._denied is None and (self.pending or self._ready < len(self._lanes)):
            self._turn(None if until is None else max(0.0, until - time.monotonic()))
            if self._ready > ready or (until is not None and time.monotonic() >= until):
                break
            ready = self._ready
        if self._denied is not None and not self._done:
            raise self._denied
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
        if self._gate is not None:
            self._gate.close()
        self._queue.clear()
        self._again.clear()

    @property
    def _ready(self) -> int:
        return sum(lane.ready for lane in self._lanes)

    def _start(self) -> None:
        lane = LaneProcess(self._spec, self._gate.fileno() if self._gate else None)
        self._lanes.append(lane)
        self._selector.register(lane.channel, selectors.EVENT_READ, lane)

    def _turn(self, timeout: float | None) -> None:
        """Wait for lanes to say something, take it in, and give them work."""
        for lane in self._lanes:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if lane.channel.unsent else 0)
            if self._selector.get_key(lane.channel).events != wanted:
                self._selector.modify(lane.channel, wanted, lane)
        wait = max(0.0, self._look_at - time.monotonic())
        for key, events in self._selector.select(wait if timeout is None else min(wait, timeout)):
            lane = key.data
            if events & selectors.EVENT_WRITE:
                lane.channel.flush()
            for kind, content in lane.messages():
                self._take(lane, kind, content)
            if lane.channel.ended:
                self._bury(lane)
        if (now := time.monotonic()) >= self._look_at:
            self._look(now)
        self._hand_out()

    def _look(self, now: float) -> None:
        """End lanes that are at one step for longer than it can rightly take."""
        for lane in tuple(self._lanes):
            if limit := lane.watch.overdue(now):
                self._end_overdue(lane, limit)
        self._look_at = now + min((lane.watch.interval for lane in self._lanes), default=1.0)

    def _end_overdue(self, lane: LaneProcess, limit: float) -> None:
        at = lane.watch.at
        lane.kill()
        if not lane.ready:
            raise VoidRunError(f"a lane was not ready within {in_seconds(limit)}", hint=lane.died_of()[1])
        for kind, content in lane.messages():
            self._take(lane, kind, content)
        guilty = lane.work.pop(at.work, None)
        if guilty is None:
            self._bury(lane, f"ended after {in_seconds(limit)} without a sign of life")
            return
        self._end_as_void(guilty, took_too_long(at, guilty, limit), "")
        # It was known what the lane was at, so that what else it held is above suspicion.
        self._queue.extendleft(reversed(lane.work.values()))
        lane.work.clear()
        self._bury(lane)

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
        elif kind == "failed" and lane.ready:
            self._denied = _error(*content)  # what has come back before it is handed out first
        elif kind == "failed":
            raise _error(*content)

    def _hand_out(self) -> None:
        """Give every lane with room its share of the work."""
        # Those that stand idle first: what waits behind a call that hangs waits for as long as that may take.
        for lane in sorted(self._lanes, key=lambda each: len(each.work)):
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

    def _end_as_void(self, work: Work, cause: str, log: str) -> None:
        """What a lane could not say itself; its log may quote anything, and is masked here."""
        result = Result(work, Verdict(Outcome.VOID, failure=False), cause=cause, detail=log)
        self._done.append(self._spec.discretion.discreet(result))

    def _bury(self, lane: LaneProcess, how: str = "") -> None:
        """Start another lane in the place of one that died, and see to what it had not finished."""
        self._selector.unregister(lane.channel)
        self._lanes.remove(lane)
        died_of, log = lane.died_of()
        how = how or died_of
        at = lane.watch.at
        lane.hang_up()
        lane.end()
        if not lane.ready:
            self._failed_starts += 1
            if self._failed_starts >= _MOST_FAILED_STARTS:
                raise VoidRunError(f"crumple's lanes end while they start: {how}", hint=log)
        for work in lane.work.values():
            if work.id in self._tried:
                step = doing(at.step, work) if at.work == work.id else ""
                cause = f"crumple's own process ended{f' while {step}' if step else ''}: {how}"
                self._end_as_void(work, cause, log)
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
