"""Why a service could not be reached, in words that can be acted on: from the exceptions that connecting ends with."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from crumple.urls import host_of

_MOST_CAUSES = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing could be sent.

    Attributes:
        cause: one line.
        kind: what such failures have in common, one or two words.
        hint: what to do.
        lasting: whether trying again is of no use.
    """

    cause: str
    kind: str
    hint: str
    lasting: bool = False


def proxy_for(url: str) -> str:
    """The proxy that the environment names for a URL, without its credentials; "" where it names none."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return ""
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    return f"{urlsplit(proxy).scheme}://{host_of(proxy)}" if "://" in proxy else proxy.rpartition("@")[2]


def trouble(error: BaseException, url: str) -> Trouble:
    """What kept a request to this URL from being sent."""
    host, proxy = host_of(url), proxy_for(url)
    if type(error).__name__ == "ProxyError":
        return _proxy(str(error), proxy)
    hop = f"the proxy {proxy}" if proxy else host
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Trouble(
                f"the certificate of {host} does not verify: {cause.verify_message or cause.reason}",
                "certificate",
                'Where a private authority has signed it, name its certificate: ca = "ca.pem" in [system].',
                lasting=True,
            )
        if isinstance(cause, ssl.SSLError):
            words = (cause.reason or str(cause)).replace("_", " ").lower()
            return Trouble(
                f"no TLS connection to {host}: {words}",
                "TLS",
                "Does it speak http:// at this port? Does it ask for a client's certificate, or an old version of TLS?",
                lasting=True,
            )
        if isinstance(cause, socket.gaierror):
            name = hop.rpartition("//")[2].partition(":")[0]
            return Trouble(
                f"the name {name!r} is not known: {cause.strerror or cause}",
                "DNS",
                _PROXY_HINT if proxy else "Check [system] url, and that this machine has a network.",
            )
        if isinstance(cause, OSError) and cause.errno in _WORDS:
            what, kind, hint = _WORDS[cause.errno]
            return Trouble(f"{what.format(hop)} ({kind})", kind, _PROXY_HINT if proxy else hint)
    if any(isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in _causes(error)):
        return no_connection(url)
    said = " ".join(str(error).split()) or type(error).__name__
    return Trouble(f"no connection to {hop}: {said}", "no connection", _PROXY_HINT if proxy else _CHECK)


def no_connection(url: str) -> Trouble:
    """The trouble where connecting took too long."""
    proxy = proxy_for(url)
    hop = f"the proxy {proxy}" if proxy else host_of(url)
    return Trouble(
        f"{hop} does not answer when it is connected to", "connection timed out", _PROXY_HINT if proxy else _CHECK
    )


def _proxy(said: str, proxy: str) -> Trouble:
    words = " ".join(said.split())
    if words.startswith("407"):
        return Trouble(f"the proxy {proxy} wants credentials ({words})", "proxy", _PROXY_CREDENTIALS, lasting=True)
    return Trouble(f"the proxy {proxy} does not let the request through ({words})", "proxy", _PROXY_HINT)


_CHECK = "Check [system] url, and that the service is running."
_PROXY_HINT = "The environment names this proxy (HTTP_PROXY, HTTPS_PROXY); NO_PROXY excepts hosts."
_PROXY_CREDENTIALS = "They go into the proxy's URL: HTTPS_PROXY=http://name:password@host:port."
_WORDS = {
    errno.ECONNREFUSED: ("nothing listens at {}", "connection refused", "Start the service, or correct [system] url."),
    errno.EHOSTUNREACH: ("there is no route to {}", "no route", _CHECK),
    errno.ENETUNREACH: ("there is no network to {}", "no route", _CHECK),
    errno.ETIMEDOUT: ("{} does not answer when it is connected to", "connection timed out", _CHECK),
    errno.ECONNRESET: ("{} closes the connection at once", "connection closed", _CHECK),
    errno.EMFILE: (
        "this process may not open more connections to {}",
        "too many open files",
        "Lower [run] concurrency, or raise the limit of open files (ulimit -n).",
    ),
}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and everything that it came from, the nearest first."""
    waiting: list[BaseException | None] = [error]
    seen: list[BaseException] = []
    while waiting and len(seen) < _MOST_CAUSES:
        each = waiting.pop(0)
        if each is None or any(each is other for other in seen):
            continue
        seen.append(each)
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        waiting += [each.__cause__, each.__context__]
