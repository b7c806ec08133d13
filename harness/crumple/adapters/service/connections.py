"""Connections to a service, and one request over one of them, limited in time and size. This does the I/O."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import crumple
from crumple.adapters.service.body import Body, cut_short
from crumple.adapters.service.exchange import Exchange, Fate, Heard
from crumple.adapters.service.terms import CONNECTING
from crumple.adapters.service.unreachable import Trouble, no_connection, trouble
from crumple.errors import CrumpleError
from crumple.workers.limits import in_bytes, in_seconds

if TYPE_CHECKING:
    import httpx

# A connection that has been idle for longer is not used again: the service may be closing it at that moment.
_IDLE = 1.0
_OWN_HEADERS: Final = {
    "user-agent": f"crumple/{crumple.__version__}",
    "accept": "*/*",
    "accept-encoding": "identity",
}


class Connected(Exception):  # noqa: N818 - a signal: there is a connection, and nothing was to be sent
    """Raised where a connection alone was wanted."""


@dataclass(slots=True)
class _Slot:
    """A client with one connection at the most: httpx looks at every connection that it has for every request."""

    client: httpx.AsyncClient
    origin: str = ""
    used: float = float("-inf")
    connected: bool = False


class Connections:
    """One request at a time over each connection; as many connections as requests are out."""

    def __init__(self, *, ca: str = "", largest: int) -> None:
        """Load the certificates.

        Args:
            ca: a file with further authorities' certificates.
            largest: bytes that an answer may have.

        Raises:
            CrumpleError: httpx is not installed, or the file holds no certificates.
        """
        self._httpx = library()
        self._largest = largest
        self._ssl = _trusted(self._httpx, ca)
        self._idle: list[_Slot] = []

    async def probe(self, url: str, seconds: float) -> Trouble | None:
        """Connect, TLS and proxy included, without sending anything; what kept it from that, or None."""
        slot = self._new()
        request = self._httpx.Request("HEAD", url)

        async def connected(event: str, info: Mapping[str, Any]) -> None:
            if _sends(event, info):
                raise Connected

        request.extensions = {"trace": connected}
        try:
            async with asyncio.timeout(seconds):
                await slot.client.send(request, stream=True)
        except Connected:
            return None
        except TimeoutError:
            return no_connection(url)
        except Exception as error:  # noqa: BLE001 - whatever kept it from connecting is what is asked for
            return trouble(error, url)
        finally:
            await _closed(slot)
        return None

    async def attempt(self, exchange: Exchange, seconds: float) -> Heard:
        """Send a request and read the answer; a connection that was kept open and has just closed is made anew.

        Args:
            exchange: what is sent.
            seconds: how long sending and answering may take, connecting excluded.
        """
        slot = self._take(exchange.url)
        kept = slot.connected
        heard = await self._over(slot, exchange, seconds)
        if kept and heard.fate is Fate.RESET:
            slot = self._take(exchange.url, fresh=True)
            again = await self._over(slot, exchange, seconds)
            return replace(again, attempts=again.attempts + 1, doubtful=True)
        return heard

    async def close(self) -> None:
        """End every connection."""
        while self._idle:
            await _closed(self._idle.pop())

    async def _over(self, slot: _Slot, exchange: Exchange, seconds: float) -> Heard:
        attempt = _Attempt(Body(self._largest), connecting=not slot.connected)
        heard: Heard | None = None
        try:
            heard = await self._spoken(slot, exchange, seconds, attempt)
        except TimeoutError:
            heard = _late(exchange.url, seconds, attempt)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and ends nothing
            heard = self._ended(error, exchange.url, attempt)
        finally:
            if heard is not None and heard.whole:
                self._give_back(slot)
            else:
                await _closed(slot)
        return replace(
            heard,
            url=exchange.url,
            status=attempt.status,
            headers=attempt.headers,
            seconds=time.monotonic() - attempt.began,
        )

    async def _spoken(self, slot: _Slot, exchange: Exchange, seconds: float, attempt: _Attempt) -> Heard:
        """Send the request and read the answer, within a time that begins anew once there is a connection."""
        request = self._httpx.Request(
            exchange.method,
            _parsed(self._httpx, exchange.url),
            headers=_OWN_HEADERS | dict(exchange.headers),
            content=exchange.content,
        )
        limit = min(CONNECTING, seconds) if attempt.connecting else seconds
        async with asyncio.timeout(limit) as timer:
            if attempt.connecting:

                async def sends(event: str, info: Mapping[str, Any]) -> None:
                    if attempt.connecting and _sends(event, info):
                        attempt.connecting, attempt.began = False, time.monotonic()
                        timer.reschedule(asyncio.get_running_loop().time() + seconds)

                request.extensions = {"trace": sends}
            response = await slot.client.send(request, stream=True)
            attempt.status, attempt.headers = response.status_code, _named(response)
            try:
                if attempt.body.begun(attempt.headers):
                    async for chunk in response.aiter_raw():
                        if not attempt.body.add(chunk):
                            break
            finally:
                await response.aclose()
        return attempt.body.heard()

    def _ended(self, error: Exception, url: str, attempt: _Attempt) -> Heard:
        """The connection has ended, could not be made, or what came over it is not HTTP."""
        httpx = self._httpx
        if attempt.connecting or not isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
            return _unsent(trouble(error, url))
        if isinstance(error, httpx.ConnectError):  # the connection that was kept had been closed
            return _unsent(trouble(error, url))
        if attempt.status:
            return cut_short(len(attempt.body))
        said = " ".join(str(error).split())
        if isinstance(error, httpx.RemoteProtocolError) and "without sending a response" not in said:
            return Heard(Fate.NONSENSE, cause=f"the answer is not HTTP: {said[:200]}", kind="not HTTP")
        what = "the connection was closed without an answer"
        return Heard(Fate.RESET, cause=what, kind="connection closed", doubtful=True)

    def _take(self, url: str, *, fresh: bool = False) -> _Slot:
        """The connection used last, if it can still be used; others wait, and grow old."""
        origin = url[: url.find("/", 8)] if url.find("/", 8) > 0 else url
        if fresh or not self._idle:
            slot = self._new()
        else:
            slot = self._idle.pop()
            slot.connected = slot.origin == origin and time.monotonic() - slot.used < _IDLE
        slot.origin = origin
        return slot

    def _give_back(self, slot: _Slot) -> None:
        slot.used, slot.connected = time.monotonic(), True
        self._idle.append(slot)

    def _new(self) -> _Slot:
        httpx = self._httpx
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=2 * _IDLE)
        return _Slot(httpx.AsyncClient(verify=self._ssl, limits=limits, timeout=None))


@dataclass(slots=True)
class _Attempt:
    """What is known of an attempt while it is made; `began` is when it was sent, by `time.monotonic()`."""

    body: Body
    connecting: bool
    began: float = field(default_factory=time.monotonic)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


def library() -> Any:
    """Httpx, which is an extra.

    Raises:
        CrumpleError: it is not installed.
    """
    try:
        import httpx
    except ImportError:
        raise CrumpleError(
            "services are called with httpx, which is not installed", hint='pip install "crumple[http]"'
        ) from None
    return httpx


@lru_cache(maxsize=8)  # loading all the authorities takes longer than a call
def _trusted(httpx: Any, ca: str) -> ssl.SSLContext:
    context: ssl.SSLContext = httpx.create_ssl_context()
    if ca:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise CrumpleError(
                f"{ca!r} holds no certificates that can be read: {error}", where="[system] ca", hint="It is a PEM file."
            ) from None
    return context


def _sends(event: str, info: Mapping[str, Any]) -> bool:
    """Whether the connection stands, and the request itself is about to be sent; not the one that opens a tunnel."""
    return event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT"


def _named(response: Any) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}


@lru_cache(maxsize=64)
def _parsed(httpx: Any, url: str) -> Any:
    return httpx.URL(url)


async def _closed(slot: _Slot) -> None:
    try:
        await slot.client.aclose()
    except Exception:  # noqa: BLE001 - it is gone either way
        return


def _unsent(why: Trouble) -> Heard:
    return Heard(Fate.UNREACHABLE, attempts=0, cause=why.cause, kind=why.kind, hint=why.hint, lasting=why.lasting)


def _late(url: str, seconds: float, attempt: _Attempt) -> Heard:
    if attempt.connecting:
        return _unsent(no_connection(url))
    begun = f", of which {in_bytes(len(attempt.body))} have come" if attempt.status else ""
    return Heard(Fate.HUNG, cause=f"no answer within {in_seconds(seconds)}{begun}", kind="time limit")
