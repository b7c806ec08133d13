"""Sending an answer back through the proxy: as it comes, altered, in drips, cut short, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from aiohttp import ClientError, ClientResponse, hdrs, web
from multidict import CIMultiDict

from crumple.dependency.faults import Cut, Fault, Observed, Reshaped, Treatment
from crumple.dependency.shapes import reshaped, shortened

_LARGEST: Final = 8 << 20
_PIECE: Final = 0.2
_NO_LINGERING: Final = struct.pack("ii", 1, 0)


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


async def altered(
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
    sent = await sent_back(
        request, scope, response.status, response.reason, headers, body, length=length, seconds=treated.drip
    )
    if cut is not None and not ends_well:
        if cut.reset:
            reset(request)
        if request.transport is not None:
            request.transport.close()
        raise EndedError
    await sent.write_eof()
    return sent


async def sent_back(
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
            await waited(request, scope, seconds / pieces)
        await sent.write(body[edges[at] : edges[at + 1]])
    return sent


async def streamed(
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


async def whole_body(response: ClientResponse) -> bytes | None:
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


def unpacked(body: bytes, encoding: str) -> bytes | None:
    """A body that is sent compressed although that was not asked for; None where it cannot be unpacked."""
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return None
    try:
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
        plain = unpacking.decompress(body, _LARGEST)
    except zlib.error:
        return None
    return plain if unpacking.eof else None


async def waited(request: web.BaseRequest, scope: Scope, seconds: float) -> None:
    """Wait on account of a fault; where the call of ours ends meanwhile, nobody is left to be answered."""
    if not seconds:
        return
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(scope.over.wait(), seconds)
        reset(request)


def reset(request: web.BaseRequest) -> NoReturn:
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
