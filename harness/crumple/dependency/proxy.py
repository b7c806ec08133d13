"""The proxy in front of a dependency: a thread of the lane, with an event loop of its own. Needs aiohttp."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from crumple.dependency.faults import Fault, Observed
from crumple.dependency.front import Front
from crumple.errors import CrumpleError

T = TypeVar("T")

_CONNECT_SECONDS = 30.0
_KEPT_SECONDS = 4.0
_IDLE_SECONDS = 3600.0
_CLOSE_SECONDS = 2.0
_LONGEST_HEADER = 256 << 10


class Proxy:
    """Stands in front of one dependency, for one system that makes one call at a time.

        proxy = Proxy(Front(url="https://api.example.com", env="API_URL"))
        proxy.start()
        proxy.begin(faults)
        ...                     # the system is called, and calls http://127.0.0.1:{proxy.port}
        seen = proxy.end()

    Without faults it changes nothing: method, path, query, headers, bodies as they come, status. What HTTP/1.1 sends
    besides (trailers, early hints) is left out; websockets, HTTP/2 and gRPC are not spoken.
    """

    def __init__(self, front: Front) -> None:
        """Describe it; `start` opens it.

        Raises:
            CrumpleError: aiohttp is not installed.
        """
        try:
            from crumple.dependency import forwarding, sending
        except ModuleNotFoundError as error:
            raise CrumpleError(
                f"the proxy in front of a dependency needs {error.name}, which is not installed",
                where="[dependency]",
                hint='Run pip install "crumple[dependency]".',
            ) from None
        self._parts = forwarding
        self._scope = sending.Scope
        self._front = front
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # it would log what passes
        self._thread = threading.Thread(target=self._loop.run_forever, name="crumple dependency", daemon=True)
        self._closing: contextlib.AsyncExitStack | None = None
        self._forwarding: forwarding.Forwarding | None = None
        self._begun = 0
        self.port = 0

    def start(self) -> None:
        """Listen.

        Raises:
            CrumpleError: the address is taken or not this machine's.
        """
        self._thread.start()
        try:
            self._wait_for(self._open())
        except OSError as error:
            self.close()
            raise CrumpleError(
                f"the proxy cannot listen on {self._front.listen or self._front.address[0]}: {error.strerror}",
                where="[dependency] listen",
                hint="Is another run going on? Choose a port that is free.",
            ) from None

    def _wait_for(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _open(self) -> None:
        from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

        async with contextlib.AsyncExitStack() as stack:
            sessions = [
                await stack.enter_async_context(
                    ClientSession(
                        connector=connector,
                        cookie_jar=DummyCookieJar(),
                        auto_decompress=False,
                        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                        timeout=ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
                        trust_env=not self._front.is_near,
                        max_line_size=_LONGEST_HEADER,
                        max_field_size=_LONGEST_HEADER,
                    )
                )
                for connector in (
                    TCPConnector(limit=0, keepalive_timeout=_KEPT_SECONDS),
                    TCPConnector(limit=0, force_close=True),
                )
            ]
            self._forwarding = self._parts.Forwarding(self._front.origin, *sessions)
            silent = logging.Logger("crumple.dependency", logging.CRITICAL + 1)  # nothing that passes is written down
            server = web.Server(
                self._forwarding.handle,
                handler_cancellation=True,
                access_log=None,
                logger=silent,
                keepalive_timeout=_IDLE_SECONDS,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )
            stack.push_async_callback(server.shutdown, _CLOSE_SECONDS)
            host, port = self._front.address
            listening = await self._loop.create_server(server, host, port)
            stack.callback(listening.close)
            self.port = listening.sockets[0].getsockname()[1]
            self._closing = stack.pop_all()

    def begin(self, faults: Sequence[Fault] = ()) -> None:
        """A call of the system begins; its calls of the dependency meet these faults, and are counted."""
        self._begun += 1
        self._wait_for(self._set(self._begun, faults))

    def end(self) -> Observed:
        """The call has ended: what was seen during it. From here on nothing is damaged."""
        return self._wait_for(self._set(0, ()))

    def seen(self) -> Observed:
        """What was seen until now of the call that is out."""
        assert self._forwarding is not None
        return self._forwarding.scope.observed()

    async def _set(self, key: int, faults: Sequence[Fault]) -> Observed:
        assert self._forwarding is not None
        before = self._forwarding.scope
        self._forwarding.scope = self._scope(key, faults)
        before.over.set()
        return before.observed()

    def close(self) -> None:
        """Close every connection, and end the thread."""
        if self._closing is not None:
            closing, self._closing = self._closing, None
            with contextlib.suppress(Exception):
                self._wait_for(closing.aclose())
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_CLOSE_SECONDS)
        if not self._loop.is_running():
            self._loop.close()
