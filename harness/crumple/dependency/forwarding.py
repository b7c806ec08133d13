"""One request on its way through the proxy, and what a fault does to it. Nothing of it is logged or kept."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from aiohttp import ClientError, ClientResponse, ClientSession, hdrs, web
from multidict import CIMultiDict
from yarl import URL

from crumple.dependency.faults import (
    Answer,
    Answered,
    Cut,
    Fault,
    Observed,
    Reshaped,
    Silent,
    Treatment,
    treatment,
)
from crumple.dependency.shapes import reshaped, shortened

_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
    }
)
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_MOVED = re.compile(r"/\.crumple/(\d+)/(\d+)/(\d+)(/.*)")
_LARGEST = 8 << 20
_PIECE = 0.2
_NO_LINGERING = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Scope:
    """One call of the system, as long as it lasts: which faults there are, and what has been seen.

    Attributes:
        key: tells the redirects of one call from those of another.
        faults: that calls of the dependency meet.
        over: set once the call has ended; what waits on its account is broken off.
    """

    key: int = 0
    faults: Sequence[Fault] = ()
    over: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0
    hit: int = 0
    touched: set[int] = field(default_factory=set)
    failures: dict[int, str] = field(default_factory=dict)

    def observed(self) -> Observed:
        """What has been seen until now."""
        return Observed(self.calls, self.hit, len(self.touched), tuple(self.failures.values()))


class EndedError(ConnectionResetError):
    """The connection to the client is gone, because a fault or the dependency has ended it."""


class BrokenOffError(Exception):
    """The dependency's answer has ended before its end."""


class Forwarding:
    """Hands requests on to the dependency, and its answers back."""

    def __init__(self, origin: str, lasting: ClientSession, fresh: ClientSession) -> None:
        """Forward to an origin.

        Args:
            origin: scheme and host.
            lasting: keeps connections; for what may be sent again on another one.
            fresh: opens a connection for each request: nobody but the system may repeat the others.
        """
        self._origin = origin
        self._lasting = lasting
        self._fresh = fresh
        self.scope = Scope()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        scope, path, number, hop = self._placed(request)
        treated = treatment(scope.faults, number)
        if treated and not hop:
            scope.hit += 1
        if hop < treated.hops:
            scope.touched.add(number)
            return _redirect(request, scope, number, hop, path)
        if request.headers.get(hdrs.UPGRADE):
            scope.failures[number] = "websockets and other upgrades are not forwarded"
            return web.Response(status=501, text="crumple's proxy forwards HTTP requests alone.\n")
        if treated.ending is not None:
            scope.touched.add(number)
            await _waited(request, scope, treated.seconds)
            if isinstance(treated.ending, Answered):
                return _made_up(treated.ending.answer(number))
            if isinstance(treated.ending, Silent):
                await scope.over.wait()
            _reset(request)
        return await self._forwarded(request, scope, treated, number, path)

    def _placed(self, request: web.BaseRequest) -> tuple[Scope, str, int, int]:
        """The call of ours that a request belongs to, its path, its number, and how often it was redirected."""
        scope, path = self.scope, request.raw_path
        if not path.startswith("/"):
            path = f"/{path.partition('://')[2].partition('/')[2]}"  # it was written for a proxy of the web
        moved = _MOVED.fullmatch(path)
        if moved and int(moved[1]) == scope.key and int(moved[2]) < scope.calls:
            return scope, moved[4], int(moved[2]), int(moved[3])
        scope.calls += 1
        return scope, moved[4] if moved else path, scope.calls - 1, 0

    async def _forwarded(
        self, request: web.BaseRequest, scope: Scope, treated: Treatment, number: int, path: str
    ) -> web.StreamResponse:
        alters = bool(treated.body or treated.drip)
        try:
            response = await self._asked(request, path, plain=alters)
        except (ClientError, OSError, ValueError) as error:
            scope.failures[number] = f"cannot be reached ({_reason(error)})"
            _reset(request)
        try:
            if response.status >= 500:
                scope.failures[number] = str(response.status)
            if treated.seconds:
                scope.touched.add(number)
                await _waited(request, scope, treated.seconds)
            return await self._answered(request, response, scope, treated, number)
        except BrokenOffError:
            scope.failures[number] = "its answer broke off"
            _reset(request)
        finally:
            response.close()

    async def _asked(self, request: web.BaseRequest, path: str, *, plain: bool) -> ClientResponse:
        """Send the request on; `plain` asks for an answer that is not compressed."""
        headers = _without_hops(request.headers)
        headers.pop(hdrs.HOST, None)
        if plain:
            headers[hdrs.ACCEPT_ENCODING] = "identity"
        has_body = request.body_exists and request.can_read_body
        session = self._fresh if has_body or request.method not in _IDEMPOTENT else self._lasting
        return await session.request(
            request.method,
            URL(self._origin + path, encoded=True),
            headers=headers,
            data=_chunks(request) if has_body else None,
            allow_redirects=False,
        )

    async def _answered(
        self, request: web.BaseRequest, response: ClientResponse, scope: Scope, treated: Treatment, number: int
    ) -> web.StreamResponse:
        headers = self._headers_back(request, response)
        has_body = request.method != "HEAD" and response.status not in (204, 304) and response.status >= 200
        if not has_body or not (treated.body or treated.drip):
            return await _streamed(request, response, headers, has_body=has_body)
        body = await _whole(response)
        if body is None:
            return await _streamed(request, response, headers, has_body=True)
        if hdrs.CONTENT_ENCODING in headers:
            plain = _unpacked(body, headers[hdrs.CONTENT_ENCODING])
            if plain is None:
                return await _sent(request, scope, response.status, response.reason, headers, body)
            body = plain
            del headers[hdrs.CONTENT_ENCODING]
        return await _altered(request, response, scope, treated, number, headers, body)

    def _headers_back(self, request: web.BaseRequest, response: ClientResponse) -> CIMultiDict[str]:
        """The answer's headers; where they name the dependency's own address, the proxy's stands there."""
        headers = _without_hops(response.headers)
        host = request.headers.get(hdrs.HOST)
        for name in (hdrs.LOCATION, hdrs.CONTENT_LOCATION):
            named = headers.get(name, "")
            if host and (named == self._origin or named.startswith((f"{self._origin}/", f"{self._origin}?"))):
                headers[name] = f"http://{host}{named.removeprefix(self._origin)}"
        return headers


async def _altered(
    request: web.BaseRequest,
    response: ClientResponse,
    scope: Scope,
    treated: Treatment,
    number: int,
    headers: CIMultiDict[str],
    body: bytes,
) -> web.StreamResponse:
    """Send a body that faults have acted on; what they cannot act on goes as it is."""
    cut: Cut | None = None
    whole = len(body)
    ends_well = False
    for fault in treated.body:
        if isinstance(fault, Reshaped):
            made = reshaped(body, fault.how, fault.amount, fault.hits.seed)
            body, whole = (body, whole) if made is None else (made, len(made))
            if made is not None:
                scope.touched.add(number)
        elif (short := shortened(body, fault.left, headers.get(hdrs.CONTENT_TYPE, "").lower())) is not None:
            cut = fault
            body, ends_well = short
            scope.touched.add(number)
    if treated.drip and body:
        scope.touched.add(number)
    ends_well = ends_well and cut is not None and not cut.reset
    length = len(body) if cut is None or ends_well else whole
    sent = await _sent(
        request, scope, response.status, response.reason, headers, body, length=length, seconds=treated.drip
    )
    if cut is not None and not ends_well:
        if cut.reset:
            _reset(request)
        if request.transport is not None:
            request.transport.close()
        raise EndedError
    await sent.write_eof()
    return sent


async def _sent(
    request: web.BaseRequest,
    scope: Scope,
    status: int,
    reason: str | None,
    headers: CIMultiDict[str],
    body: bytes,
    *,
    length: int | None = None,
    seconds: float = 0.0,
) -> web.StreamResponse:
    """Begin an answer, and send what there is of its body, in pieces over so many seconds."""
    headers[hdrs.CONTENT_LENGTH] = str(len(body) if length is None else length)
    sent = web.StreamResponse(status=status, reason=reason, headers=headers)
    await sent.prepare(request)
    pieces = max(1, min(len(body), round(seconds / _PIECE))) if seconds else 1
    edges = [len(body) * at // pieces for at in range(pieces + 1)]
    for at in range(pieces):
        if seconds:
            await _waited(request, scope, seconds / pieces)
        await sent.write(body[edges[at] : edges[at + 1]])
    return sent


async def _streamed(
    request: web.BaseRequest, response: ClientResponse, headers: CIMultiDict[str], *, has_body: bool
) -> web.StreamResponse:
    """The dependency's answer as it comes."""
    sent = web.StreamResponse(status=response.status, reason=response.reason, headers=headers)
    if has_body and hdrs.CONTENT_LENGTH not in headers:
        sent.enable_chunked_encoding()
    await sent.prepare(request)
    if has_body:
        while piece := await _next(response):
            await sent.write(piece)
    await sent.write_eof()
    return sent


async def _whole(response: ClientResponse) -> bytes | None:
    """All of a body; None, and nothing of it taken, where it is too large to be held."""
    if response.content_length is not None and response.content_length > _LARGEST:
        return None
    body = bytearray()
    while len(body) <= _LARGEST and (piece := await _next(response)):
        body += piece
    if len(body) > _LARGEST:
        response.content.unread_data(bytes(body))
        return None
    return bytes(body)


async def _next(response: ClientResponse) -> bytes:
    """The next piece of a body; b"" at its end.

    Raises:
        BrokenOffError: it does not come to its end.
    """
    try:
        return await response.content.readany()
    except (ClientError, OSError) as error:
        raise BrokenOffError from error


def _unpacked(body: bytes, encoding: str) -> bytes | None:
    """A body that is sent compressed although that was not asked for; None where it cannot be unpacked."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return None
    try:
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
        plain = unpacking.decompress(body, _LARGEST)
    except zlib.error:
        return None
    return plain if unpacking.eof else None


async def _chunks(request: web.BaseRequest) -> AsyncIterator[bytes]:
    async for piece in request.content.iter_any():
        yield piece


async def _waited(request: web.BaseRequest, scope: Scope, seconds: float) -> None:
    """Wait on account of a fault; where the call of ours ends meanwhile, nobody is left to be answered."""
    if not seconds:
        return
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(scope.over.wait(), seconds)
        _reset(request)


def _redirect(request: web.BaseRequest, scope: Scope, number: int, hop: int, path: str) -> web.StreamResponse:
    """To another address of this proxy, from which the call goes on; such as any HTTP client can follow."""
    place = f"/.crumple/{scope.key}/{number}/{hop + 1}{path}"
    status = 302 if request.method in _IDEMPOTENT else 307
    return web.Response(status=status, headers={hdrs.LOCATION: f"http://{request.headers.get(hdrs.HOST, '')}{place}"})


def _made_up(answer: Answer) -> web.StreamResponse:
    return web.Response(status=answer.status, headers=CIMultiDict(answer.headers), body=answer.body)


def _reset(request: web.BaseRequest) -> NoReturn:
    """Reset the connection to the client, as a dependency does that is gone.

    Raises:
        EndedError: always.
    """
    transport = request.transport
    if transport is not None:
        end = transport.get_extra_info("socket")
        if end is not None:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        transport.abort()
    raise EndedError


def _without_hops(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Headers without those that are about one connection alone."""
    named = headers.get(hdrs.CONNECTION, "").lower().replace(" ", "").split(",")
    gone = _HOP_BY_HOP.union(named)
    kept = CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in gone)
    if headers.get(hdrs.TRANSFER_ENCODING):
        kept.popall(hdrs.CONTENT_LENGTH, None)
    return kept


def _reason(error: BaseException) -> str:
    """What went wrong, without address or content: the system's own words for it, or the error's name."""
    if getattr(error, "certificate_error", None) is not None:
        return "its certificate does not verify"
    own = getattr(error, "os_error", error)
    said = own.strerror if isinstance(own, OSError) else ""
    return str(said) if said else type(error).__name__
