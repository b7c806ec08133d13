"""URLs of services: what is none, what of one may be shown, and which are of one host. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crumple.errors import CrumpleError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_url(url: str, where: str) -> None:
    """Reject what is not an absolute URL of the web.

    Raises:
        CrumpleError: with what it lacks; the part that may hold secrets is not repeated.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CrumpleError(f"it is not a URL: {error}", where=where) from None
    shown = url.rpartition("@")[2].partition("?")[0]
    if "://" not in url:
        raise CrumpleError(f"{shown!r} has no scheme", where=where, hint=f'Did you mean "{_likely(shown)}://{shown}"?')
    if parts.scheme not in {"http", "https"}:
        raise CrumpleError(f"{parts.scheme!r} is no scheme of a web service", where=where, allowed=["http", "https"])
    if not parts.hostname or port == 0 or re.search(r"[\s\x00-\x1f]", url):
        raise CrumpleError(
            f"{shown!r} names no host that can be called", where=where, hint='Like "http://host:8080/x".'
        )


def _likely(host: str) -> str:
    """The scheme of what was written without one: services on this machine seldom have a certificate."""
    return "http" if host.startswith(("localhost", "127.", "[::1]")) else "https"


def place_of(url: str) -> str:
    """A URL without credentials and query: what may be shown and stored of it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def host_of(url: str) -> str:
    """The host as people write it: api.example.com, or 127.0.0.1:8080 where the port is not the scheme's own."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f"{host}:{port}"


def same_host(url: str, other: str) -> bool:
    """Whether two URLs are of one origin; what goes from http to https of one host is too."""
    one, two = urlsplit(url), urlsplit(other)
    if one.hostname != two.hostname:
        return False
    return host_of(url) == host_of(other) and two.scheme in {one.scheme, "https"}
