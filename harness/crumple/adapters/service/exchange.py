"""One request to a service, and what came of it: pure data, without any I/O."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request to a service, as it is sent.

    Attributes:
        method: "POST", "GET" and so on.
        url: where to, absolute, scheme included.
        headers: (name, value) pairs; Host and Content-Length are added.
        content: the body.
        repeatable: whether it may be sent again whatever became of it before; otherwise only where the service
            cannot have taken it (a failed connection, 429, 503). Never after a time limit.
        counted: whether it is one of the calls that the rate is about and that cost; asking how a job stands is not.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    repeatable: bool = False
    counted: bool = True


class Fate(enum.StrEnum):
    """What became of a request, its retries included."""

    ANSWERED = "answered"
    """A whole answer came, whatever its status."""
    UNREACHABLE = "unreachable"
    """Nothing could be sent: DNS, nothing listens, TLS, the proxy, a redirection to another host."""
    RESET = "reset"
    """The connection ended after the request was sent and before an answer began."""
    CUT = "cut"
    """An answer began and ended before it was whole."""
    NONSENSE = "nonsense"
    """What came is not HTTP, or is in an encoding that was not asked for."""
    TOO_LARGE = "too large"
    """An answer over the limit; it was not read any further."""
    HUNG = "hung"
    """No whole answer within the time limit."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an exchange, all its attempts together.

    Attributes:
        fate: what became of the last attempt.
        status: of the answer; 0 where none began.
        headers: of the answer, by their names in lower case; of several of one name the last.
        body: of the answer, decoded if it was compressed; where it was cut, what there was.
        url: where the answer came from, after redirections.
        attempts: how many requests were sent; those that found no connection and redirections are not counted.
        seconds: how long the last attempt took, connecting and all waiting excluded.
        cause: for anything but an answer, one short line that a person understands.
        kind: for anything but an answer, what such failures have in common: "connection refused", "DNS".
        hint: what the reader can do about it; "" where nothing is known.
        lasting: whether trying again is of no use.
        doubtful: whether any attempt was sent and ended with a reset, so that the document may have killed the service.
    """

    fate: Fate
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    attempts: int = 1
    seconds: float = 0.0
    cause: str = ""
    kind: str = ""
    hint: str = ""
    lasting: bool = False
    doubtful: bool = False

    @property
    def whole(self) -> bool:
        """Whether a whole answer came, whatever its status."""
        return self.fate is Fate.ANSWERED
