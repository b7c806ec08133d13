"""What came of an exchange, as a reply: the system's doing, or that of the network, the key or the rate limit."""

from __future__ import annotations

from typing import Final

from crumple.adapters.replies import one_line
from crumple.adapters.service.errors import sentence, shared
from crumple.adapters.service.exchange import Fate, Heard
from crumple.outcome import Ending, Reply

_LONGEST_DETAIL = 2000
_SUSPECT: Final = frozenset({403, 502, 503, 504})
_ALIVE: Final = frozenset({403, 504})
"""After which the service need not have ended: something refuses the document, or it takes too long."""
_VOID: Final = {
    401: ("credentials refused", "The service refuses the credentials: check the key in [system]."),
    403: (
        "access refused",
        "The service refuses access: check what the key in [system] may do, and for a firewall that refuses documents.",
    ),
    407: ("proxy credentials refused", "The proxy wants credentials, in HTTP_PROXY or HTTPS_PROXY."),
    429: ("rate limit", 'The service allows no more calls: set [run] rate, such as "60/min", or a lower concurrency.'),
    502: ("bad gateway", "The service behind the gateway did not answer."),
    503: ("service unavailable", "The service says that it is not available."),
    504: ("gateway timeout", "The service behind the gateway did not answer in time."),
}
_ENDINGS: Final = {
    Fate.HUNG: Ending.HUNG,
    Fate.TOO_LARGE: Ending.EXHAUSTED,
    Fate.CUT: Ending.CRASHED,
    Fate.NONSENSE: Ending.CRASHED,
}


def failure(heard: Heard) -> Reply | None:
    """The reply for anything but a whole answer with a status below 400; None for that, which is to be read.

    Statuses that are declared refusals are to be looked for before.
    """
    if heard.fate is Fate.UNREACHABLE:
        cause = f"the service cannot be reached: {heard.cause}"
        return _void(heard, cause, f"unreachable: {heard.kind}", heard.hint, suspect=heard.doubtful)
    if heard.fate is Fate.RESET:
        return _void(heard, heard.cause, heard.kind, "The service, or something before it, went away.", suspect=True)
    if heard.fate is not Fate.ANSWERED:
        detail = text_of(heard.body)
        return Reply(
            _ENDINGS[heard.fate], None, heard.cause, heard.kind, detail, heard.seconds, attempts=heard.attempts
        )
    if heard.status < 400:
        return None
    said = sentence(heard.body)
    cause = one_line(f"status {heard.status}: {said}".rstrip(": "))
    if heard.status in _VOID:
        kind, hint = _VOID[heard.status]
        blame = f"{kind} ({heard.status})" if heard.status in _ALIVE else ""
        return _void(heard, cause, f"{kind} ({heard.status})", hint, suspect=heard.status in _SUSPECT, blame=blame)
    kind = f"status {heard.status}: {shared(said)}".rstrip(": ")
    return Reply(Ending.CRASHED, None, cause, kind, text_of(heard.body), heard.seconds, attempts=heard.attempts)


def _void(heard: Heard, cause: str, kind: str, hint: str, *, suspect: bool, blame: str = "") -> Reply:
    detail = "\n".join(filter(None, (hint, text_of(heard.body))))
    # Reports show the cause alone, and of what nobody's document has done it says what to do.
    told = cause if suspect or heard.doubtful else f"{cause.rstrip('.')}. {hint}"
    return Reply(
        Ending.VOID,
        None,
        one_line(told),
        kind,
        detail,
        heard.seconds,
        attempts=heard.attempts,
        suspect=suspect or heard.doubtful,
        blame=blame,
    )


def text_of(body: bytes) -> str:
    """The answer's beginning, for a person."""
    return beginning(body[: 4 * _LONGEST_DETAIL].decode("utf-8", "replace"))


def beginning(text: str) -> str:
    """The beginning of what was said, for a person."""
    return text.strip()[:_LONGEST_DETAIL]
