"""Where a redirection leads, and whether what was to be sent is sent there: pure."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from crumple.adapters.service.exchange import Exchange, Fate, Heard
from crumple.urls import same_host

_STATUSES = frozenset({301, 302, 303, 307, 308})
_SAME_AGAIN = frozenset({307, 308})


def without_credentials(exchange: Exchange, url: str) -> Exchange:
    """The same request for another URL; headers go along within one host alone."""
    return replace(exchange, url=url, headers=exchange.headers if same_host(exchange.url, url) else ())


def redirected(exchange: Exchange, heard: Heard) -> Exchange | Heard | None:
    """The request that a redirection asks for, or what to say where it is not followed; None where it is none.

    What only asks goes anywhere, but takes no headers to another host. A document stays with its host, and is not
    dropped where an old redirection would have a GET instead.
    """
    target = heard.headers.get("location", "")
    if not heard.whole or heard.status not in _STATUSES or not target:
        return None
    url = urljoin(exchange.url, target)
    if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname:
        if exchange.method == "GET":
            return without_credentials(exchange, url)
        if same_host(exchange.url, url):
            if heard.status in _SAME_AGAIN:
                return replace(exchange, url=url)
            if heard.status == 303:
                return replace(exchange, url=url, method="GET", content=b"", headers=_of_asking(exchange.headers))
    return replace(
        heard,
        fate=Fate.UNREACHABLE,
        cause=f"the service redirects to {url[:200]} (status {heard.status})",
        kind="redirected",
        hint="If documents are to go there, say so in [system] url; if it is a page to sign in on, in headers.",
        lasting=True,
    )


def _of_asking(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if not name.lower().startswith("content-"))
