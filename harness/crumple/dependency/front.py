"""Where the dependency is, and how the system is told to call the proxy in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from crumple.errors import CrumpleError

CALLS = "dependency calls"
"""The figure of a call that says how often the system called its dependency."""
NONE_CONFIGURED = "no [dependency] is configured"
NEVER_CALLED = "the system called its dependency on no clean document"
LOOPBACK = "127.0.0.1"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SECTION = "[dependency]"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """A dependency of the system that a proxy stands in front of; pickled to every lane.

    Attributes:
        url: where it is: "https://api.example.com/v2".
        env: the variable that the system finds its URL in; each lane sets it to the URL of its own proxy.
        listen: "host:port" of the one proxy that the system is configured to call; instead of `env`.
    """

    url: str
    env: str = ""
    listen: str = ""

    def __post_init__(self) -> None:
        parts = self._parts()
        if parts.query or parts.fragment or parts.username or parts.password:
            raise CrumpleError(
                "it is to be a scheme, a host and at most a path",
                where=f"{_SECTION} url",
                hint="Credentials and queries are the system's to send; the proxy hands them on unchanged.",
            )
        if bool(self.env) == bool(self.listen):
            raise CrumpleError(
                "exactly one of env and listen says how the system finds the proxy",
                where=_SECTION,
                hint='env = "API_URL" is the variable that the system takes the URL from; listen = "127.0.0.1:8089" '
                "is for a service that you have configured to call that address.",
            )
        if self.env and not _NAME.fullmatch(self.env):
            raise CrumpleError(f"{self.env!r} is no name of a variable", where=f"{_SECTION} env")
        if self.listen:
            self._address()

    def _parts(self) -> SplitResult:
        try:
            parts = urlsplit(self.url)
            port = parts.port
        except ValueError:
            raise CrumpleError("it is no URL: its host or its port is wrong", where=f"{_SECTION} url") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            # What stands there is not shown: it may have been put in from the environment.
            lacks = "http:// or https://" if parts.scheme not in ("http", "https") else "a host and a port"
            raise CrumpleError(
                f"it is no URL of a service: it lacks {lacks}",
                where=f"{_SECTION} url",
                hint='Like "https://api.example.com". Websockets and gRPC are not spoken.',
            )
        return parts

    def _address(self) -> tuple[str, int]:
        host, colon, port = self.listen.rpartition(":")
        if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise CrumpleError(
                f"{self.listen!r} is no host and port", where=f"{_SECTION} listen", hint='Like "127.0.0.1:8089".'
            )
        return host.strip("[]"), int(port)

    @property
    def address(self) -> tuple[str, int]:
        """The host and port that the proxy listens on; port 0 is any that is free."""
        return self._address() if self.listen else (LOOPBACK, 0)

    @property
    def origin(self) -> str:
        """Scheme and host of the dependency, without a path."""
        parts = self._parts()
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_near(self) -> bool:
        """Whether the dependency is on this machine, where no proxy of the surroundings is asked."""
        host = self._parts().hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")

    def environment(self, port: int, inherited: Mapping[str, str]) -> dict[str, str]:
        """The variables that lead the system to the proxy.

        Args:
            port: that the proxy listens on.
            inherited: what the system has already: a proxy for the web must not be asked for this one.
        """
        if not self.env:
            return {}
        found = {self.env: f"http://{LOOPBACK}:{port}{self._parts().path.rstrip('/')}"}
        if any(inherited.get(name) or inherited.get(name.upper()) for name in _PROXIES):
            before = inherited.get("no_proxy") or inherited.get("NO_PROXY") or ""
            own = [*filter(None, before.split(",")), LOOPBACK, "localhost"]
            found |= dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join(dict.fromkeys(own)))
        return found
