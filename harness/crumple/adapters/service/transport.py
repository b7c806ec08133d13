"""Requests to a service that lives elsewhere: many out at a time, paced, retried, limited, and never in the way.

A `Transport` has a thread with an event loop of its own. What is sent is a *talk*, a coroutine function that is handed
a `Line` to the service and returns anything; most talks ask once:

    transport = Transport(Terms(timeout=30.0, concurrency=8))
    transport.start(url)                                          # VoidRunError where the service cannot be reached
    transport.send(prepared, lambda line: line.ask(exchange))     # never blocks
    for prepared, heard in transport.arrived(timeout=0.5):        # heard: what the talk returned, here a Heard
        ...
    transport.close()

`Line.ask` makes the attempts: it waits for its turn (concurrency, rate, Retry-After), sends, limits time and size, and
tries again after what a new attempt can mend. It never raises for what a service does: everything is a `Heard`.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from crumple.adapters.service.connections import Connections
from crumple.adapters.service.exchange import Exchange, Fate, Heard
from crumple.adapters.service.redirections import redirected
from crumple.adapters.service.retries import back_off, mended, retry_after
from crumple.adapters.service.terms import CONNECTING, Terms
from crumple.adapters.service.throttle import Throttle
from crumple.errors import VoidRunError

__all__ = ["Line", "Talk", "Terms", "Transport"]

_CLOSING = 2.0
_LONGEST_AWAY = 60.0
_MOST_REDIRECTIONS = 5
_TOO_MUCH: Final = frozenset({429, 503})
_GONE: Final = frozenset({502, 504})


class Line:
    """What a talk asks the service through. One a talk; used in the transport's own loop alone."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def ask(self, exchange: Exchange, *, until: float | None = None) -> Heard:
        """Send a request, again where that can mend it, and say what came of it; never raises for what a service does.

        Args:
            exchange: what is sent; redirections within its host are followed.
            until: when all of it must be over, by `time.monotonic()`; None: each attempt has the terms' time.
        """
        return await self._transport.carry_out(exchange, until)

    async def wait(self, seconds: float) -> None:
        """Do nothing for a while."""
        await asyncio.sleep(seconds)


Talk = Callable[[Line], Awaitable[Any]]


class Transport:
    """Talks with a service, many at a time, in a thread of its own; used from the thread that has made it."""

    def __init__(self, terms: Terms) -> None:
        """Describe it; `start` connects."""
        self._terms = terms
        self._throttle = Throttle(terms.concurrency, timeout=terms.timeout, rate=terms.rate, pause=terms.pause)
        self._connections: Connections | None = None
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._arrived: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        # Each is written by one thread alone.
        self._begun = 0
        self._done = 0
        self._taken = 0
        self._down_since: float | None = None

    def start(self, url: str) -> None:
        """Start the thread and try one connection; no request is sent.

        Args:
            url: the service's.

        Raises:
            CrumpleError: httpx is not installed, or `ca` cannot be read.
            VoidRunError: there is no connection to the service, with what to do about it.
        """
        self._connections = Connections(ca=self._terms.ca, largest=self._terms.largest_answer)
        self._thread = threading.Thread(target=self._run, name="crumple transport", daemon=True)
        self._thread.start()
        probe = asyncio.run_coroutine_threadsafe(self._connections.probe(url, CONNECTING), self._loop)
        if (why := probe.result()) is not None:
            self.close()
            raise VoidRunError(f"the service cannot be reached: {why.cause}", hint=why.hint)

    @property
    def out(self) -> int:
        """How many talks have been sent and have not been handed out by `arrived`."""
        return self._begun - self._taken

    @property
    def room(self) -> int:
        """How many more may be sent now: what the service bears less what is out; 0 while it asks to wait."""
        now, out = time.monotonic(), self._begun - self._done
        waiting = len(self._waiting)
        return max(0, min(self._throttle.limit - out, self._throttle.room(now) - waiting))

    def send(self, ticket: Any, talk: Talk) -> None:
        """Begin a talk; returns at once.

        Args:
            ticket: handed back with what the talk returns.
            talk: a coroutine function, given a line.
        """
        self._begun += 1
        self._loop.call_soon_threadsafe(self._begin, ticket, talk)

    def arrived(self, timeout: float) -> list[tuple[Any, Any]]:
        """The talks that have ended, each as (ticket, what it returned, or the exception that it ended with).

        Args:
            timeout: seconds to wait for the first; less where there is room again before.
        """
        if not self.room:
            now = time.monotonic()
            opens = self._throttle.opens(now) - now
            timeout = min(timeout, opens) if opens > 0 else timeout
        if not self.out:
            # Nothing can arrive; where there is no room, it is waited for.
            if not self.room:
                time.sleep(max(0.0, timeout))
            return []
        arrived: list[tuple[Any, Any]] = []
        try:
            arrived.append(self._arrived.get(timeout=max(0.0, timeout)))
            while True:
                arrived.append(self._arrived.get_nowait())
        except queue.Empty:
            pass
        self._taken += len(arrived)
        return arrived

    def close(self) -> None:
        """End every talk and connection, and the thread."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._loop.call_soon_threadsafe(self._stop)
            thread.join(_CLOSING)
            if not thread.is_alive():
                self._loop.close()

    async def carry_out(self, exchange: Exchange, until: float | None) -> Heard:
        """What `Line.ask` does."""
        attempts, tries, doubtful = 0, 0, False
        while True:
            heard = await self._attempted(exchange, until)
            attempts += heard.attempts
            doubtful = doubtful or heard.doubtful
            if heard.status in self._terms.taken or not mended(exchange, heard) or tries >= self._terms.retries:
                break
            if self._lost and heard.status != 429:
                break
            wait = self._wait(exchange, heard, tries)
            tries += 1
            if wait is None or (until is not None and time.monotonic() + wait >= until):
                break
            await asyncio.sleep(wait)
        return replace(heard, attempts=attempts, doubtful=doubtful)

    async def _attempted(self, exchange: Exchange, until: float | None) -> Heard:
        """One attempt in its turn, redirections followed."""
        sent = await self._turn(exchange)
        heard = await self._limited(exchange, until)
        here = exchange
        for _ in range(_MOST_REDIRECTIONS):
            there = redirected(here, heard) if heard.status not in self._terms.taken else None
            if not isinstance(there, Exchange):
                heard = there or heard
                break
            here = there
            heard = replace(await self._limited(here, until), attempts=heard.attempts)
        if exchange.counted:
            self._weigh(heard, sent)
        return heard

    async def _limited(self, exchange: Exchange, until: float | None) -> Heard:
        assert self._connections is not None
        seconds = self._terms.timeout
        if until is not None:
            seconds = min(seconds, until - time.monotonic())
            if seconds <= 0:
                return Heard(Fate.HUNG, url=exchange.url, attempts=0, cause="no time was left", kind="time limit")
        return await self._connections.attempt(exchange, seconds)

    @property
    def _lost(self) -> bool:
        """Whether the service has been away for so long that nothing is waited for or tried again."""
        return self._down_since is not None and time.monotonic() - self._down_since > _LONGEST_AWAY

    def _wait(self, exchange: Exchange, heard: Heard, tries: int) -> float | None:
        """Seconds until the next attempt; None where the service asks for more than there is patience for."""
        wait = back_off(exchange, tries, self._terms.pause)
        asked = retry_after(heard.headers, time.time()) if heard.status in _TOO_MUCH else None
        if asked is None:
            return wait
        if asked > self._terms.patience:
            return None
        # Nobody else need try before then either; a little later, so that not all come at once.
        self._throttle.pause(time.monotonic() + asked)
        return asked + wait * 0.1

    async def _turn(self, exchange: Exchange) -> float:
        """Wait for this request's turn; when it has come."""
        if exchange.counted:
            future = self._loop.create_future()
            self._waiting.append(future)
            self._let_go()
            await future
        return time.monotonic()

    def _let_go(self) -> None:
        """Let those go whose turn it is; where time alone stands in the way, look again when it has passed."""
        now = time.monotonic()
        while self._waiting and self._throttle.room(now):
            future = self._waiting.popleft()
            if not future.done():
                self._throttle.sent(now)
                future.set_result(None)
        if self._waiting and (opens := self._throttle.opens(now)) > now:
            self._loop.call_later(opens - now + 0.001, self._let_go)

    def _weigh(self, heard: Heard, sent: float) -> None:
        """What an attempt's end says of what the service bears."""
        now = time.monotonic()
        too_much = heard.status in _TOO_MUCH - self._terms.taken
        down = heard.fate in {Fate.UNREACHABLE, Fate.RESET} or heard.status in _GONE - self._terms.taken
        if down and self._down_since is None:
            self._down_since = now
        elif not down and not too_much:
            self._down_since = None
        if down and self._lost:
            self._throttle.given_up()
        elif down or too_much:
            self._throttle.too_much(now, sent, down=down and not heard.lasting)
        else:
            self._throttle.borne(now, sent, heard.seconds)
        self._let_go()

    def _begin(self, ticket: Any, talk: Talk) -> None:
        task = self._loop.create_task(self._talked(ticket, talk))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talked(self, ticket: Any, talk: Talk) -> None:
        try:
            outcome: Any = await talk(Line(self))
        except Exception as error:  # noqa: BLE001 - the adapter says what it makes of it
            outcome = error
        self._done += 1
        self._arrived.put((ticket, outcome))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _stop(self) -> None:
        ending = self._loop.create_task(self._ended())
        ending.add_done_callback(lambda _: self._loop.stop())

    async def _ended(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._connections is not None:
            await self._connections.close()
