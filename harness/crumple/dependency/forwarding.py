"""One request on its way through the proxy to the dependency. Nothing of it is logged or kept."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Final

from aiohttp import ClientError, ClientResponse, ClientResponseError, ClientSession, ServerDisconnectedError, hdrs, web
from multidict import CIMultiDict
from yarl import URL

from crumple.dependency.faults import Answer, Answered, Silent, Treatment, treatment
from crumple.dependency.sending import (
    BrokenOffError,
    Scope,
    altered,
    reset,
    sent_back,
    streamed,
    unpacked,
    waited,
    whole_body,
)

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
            await waited(request, scope, treated.seconds)
            if isinstance(treated.ending, Answered):
                return _made_up(treated.ending.answer(number))
            if isinstance(treated.ending, Silent):
                await scope.over.wait()
            reset(request)
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
            scope.failures[number] = _reason(error)
            reset(request)
        try:
            if response.status >= 500 and not (response.status == 500 and scope.touched):
                # A 500 behind a fault may be what it says to a system that goes on with what it was told before.
                scope.failures[number] = str(response.status)
            if treated.seconds:
                scope.touched.add(number)
                await waited(request, scope, treated.seconds)
            return await self._answered(request, response, scope, treated, number)
        except BrokenOffError:
            scope.failures[number] = "its answer broke off"
            reset(request)
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
            return await streamed(request, response, headers, has_body=has_body)
        body = await whole_body(response)
        if body is None:
            return await streamed(request, response, headers, has_body=True)
        if hdrs.CONTENT_ENCODING in headers:
            plain = unpacked(body, headers[hdrs.CONTENT_ENCODING])
            if plain is None:
                return await sent_back(request, scope, response.status, response.reason, headers, body)
            body = plain
            del headers[hdrs.CONTENT_ENCODING]
        return await altered(request, response, scope, treated, number, headers, body)

    def _headers_back(self, request: web.BaseRequest, response: ClientResponse) -> CIMultiDict[str]:
        """The answer's headers; where they name the dependency's own address, the proxy's stands there."""
        headers = _without_hops(response.headers)
        host = request.headers.get(hdrs.HOST)
        for name in (hdrs.LOCATION, hdrs.CONTENT_LOCATION):
            named = headers.get(name, "")
            if host and (named == self._origin or named.startswith((f"{self._origin}/", f"{self._origin}?"))):
                headers[name] = f"http://{host}{named.removeprefix(self._origin)}"
        return headers


async def _chunks(request: web.BaseRequest) -> AsyncIterator[bytes]:
    async for piece in request.content.iter_any():
        yield piece


def _redirect(request: web.BaseRequest, scope: Scope, number: int, hop: int, path: str) -> web.StreamResponse:
    """To another address of this proxy, from which the call goes on; such as any HTTP client can follow."""
    place = f"/.crumple/{scope.key}/{number}/{hop + 1}{path}"
    status = 302 if request.method in _IDEMPOTENT else 307
    return web.Response(status=status, headers={hdrs.LOCATION: f"http://{request.headers.get(hdrs.HOST, '')}{place}"})


def _made_up(answer: Answer) -> web.StreamResponse:
    return web.Response(status=answer.status, headers=CIMultiDict(answer.headers), body=answer.body)


def _without_hops(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Headers without those that are about one connection alone."""
    named = headers.get(hdrs.CONNECTION, "").lower().replace(" ", "").split(",")
    gone = _HOP_BY_HOP.union(named)
    kept = CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in gone)
    if headers.get(hdrs.TRANSFER_ENCODING):
        kept.popall(hdrs.CONTENT_LENGTH, None)
    return kept


def _reason(error: BaseException) -> str:
    """What went wrong, without address or content."""
    if getattr(error, "certificate_error", None) is not None:
        return "its certificate does not verify"
    if isinstance(error, ServerDisconnectedError):
        return "it closed the connection without an answer"
    own = getattr(error, "os_error", error)
    if isinstance(own, socket.gaierror):
        return "cannot be reached (its name is not known)"
    if isinstance(own, OSError) and own.errno:
        return f"cannot be reached ({os.strerror(own.errno)})"
    if isinstance(error, ClientResponseError):
        return "its answer is no HTTP"
    return f"cannot be reached ({type(error).__name__})"
