"""Telling a webhook how a night ended. It never fails the night, and its address is a secret: no message holds it."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple.errors import CrumpleError
from crumple.masking import remember
from crumple.reporting import rendering
from crumple.soundness import contract_state
from crumple.urls import check_url, place_of

FORMS: Final = {"json": "webhook", "slack": "slack"}
"""Which rendering makes a message of this form."""
TIMEOUT: Final = 10.0
"""How long one attempt may take as a whole, in seconds."""
WAITS: Final = (1.0, 4.0)
"""How long to wait before each further attempt, in seconds, where the other side does not say."""
_LONGEST_WAIT: Final = 30.0
_AGAIN: Final = frozenset({429, *range(500, 600)})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of one attempt: "" where it was taken, or why not, and how long to wait before the next one."""

    why: str
    again: bool = False
    wait: float | None = None


def check(url: str, where: str) -> None:
    """See, before any call is made, that this is an address; from now on no message of this process holds it.

    Args:
        url: of the webhook.
        where: what names it: "--webhook", or a place in crumple.toml.

    Raises:
        CrumpleError: it is none; what it says is not repeated.
    """
    remember({"WEBHOOK": url})
    try:
        check_url(url, where)
    except CrumpleError:
        raise CrumpleError(
            "it is not the address of a web service",
            where=where,
            hint='An address like "https://hooks.example.com/..."; in crumple.toml best as "${NAME}".',
        ) from None


def is_news(document: Mapping[str, Any], when: str) -> bool:
    """Whether a night is to be told: always, or where it is worse, void, or breaks its contract."""
    state = (document.get("night") or {}).get("state", "")
    return when == "always" or state in {"worse", "void"} or contract_state(document) == "broken"


def send(
    document: Mapping[str, Any],
    url: str,
    form: str,
    when: str,
    *,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    timeout: float = TIMEOUT,
) -> str | None:
    """Tell a webhook how a night ended, if it is to be told.

    Args:
        document: the night's, as `Discretion.stored_document` lets it out.
        url: where to.
        form: "json" or "slack".
        when: "worse" or "always".
        environment: where CI says which job this is; by default the process's own.
        sleep: waits before a further attempt.
        timeout: of one attempt, in seconds.

    Returns:
        Why it was not told, in a line that holds no part of the address; None where all is well.
    """
    if not is_news(document, when):
        return None
    try:
        links = links_of(os.environ if environment is None else environment)
        body = rendering(FORMS[form])(document, links=links).encode()
        request = _request(url, body)
    except (CrumpleError, LookupError, ValueError, TypeError) as error:
        return f"the webhook was not told: the message could not be made ({type(error).__name__})"
    answer = _Answer("")
    for wait in (*WAITS, None):
        answer = _attempt(request, timeout)
        if not answer.why:
            return None
        if not answer.again or wait is None:
            break
        sleep(wait if answer.wait is None else answer.wait)
    tries = f", {len(WAITS) + 1} times" if answer.again else ""
    return f"the webhook was not told: {answer.why}{tries}"


def links_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Where the job that this process is part of can be looked at, as GitHub, GitLab or Jenkins says."""
    hub = [environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    url = (
        f"{hub[0]}/{hub[1]}/actions/runs/{hub[2]}"
        if all(hub)
        else environment.get("CI_JOB_URL") or environment.get("BUILD_URL") or ""
    )
    try:
        check_url(url, "")
    except CrumpleError:
        return {}
    return {"ci": place_of(url)}


def _request(url: str, body: bytes) -> urllib.request.Request:
    check_url(url, "")
    headers = {"Content-Type": "application/json", "User-Agent": "crumple"}
    return urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - check_url: http(s) alone


def _attempt(request: urllib.request.Request, timeout: float) -> _Answer:
    """One attempt, over when its time is, whatever the other side does: it may send a byte every few seconds."""
    answers: list[_Answer] = []
    thread = threading.Thread(target=lambda: answers.append(_post(request, timeout)), daemon=True)
    thread.start()
    thread.join(timeout)
    return answers[0] if answers else _Answer(f"no answer within {timeout:g} s", again=True)


def _post(request: urllib.request.Request, timeout: float) -> _Answer:
    try:
        with _opener().open(request, timeout=timeout) as response:
            status, headers = response.status, response.headers
    except urllib.error.HTTPError as error:
        status, headers = error.code, error.headers
        error.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        # Its text may hold the address.
        return _Answer(_reason(error), again=not isinstance(_cause(error), ssl.SSLCertVerificationError))
    if 200 <= status < 300:
        return _Answer("")
    if 300 <= status < 400:
        return _Answer(f"it answers {status}, that it has moved; give the address that it has moved to")
    return _Answer(f"it answers {status}", again=status in _AGAIN, wait=_retry_after(headers))


class _Unmoved(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: what was to be posted would arrive elsewhere, or as a GET that says nothing."""

    def redirect_request(self, *args: Any, **more: Any) -> None:
        """Take the answer as it is."""
        return


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Unmoved)


def _cause(error: BaseException) -> BaseException:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else error


def _reason(error: BaseException) -> str:
    """Why there was no answer, in words of our own."""
    cause = _cause(error)
    match cause:
        case TimeoutError():
            return "no answer in time"
        case ConnectionRefusedError():
            return "nothing listens there"
        case ssl.SSLCertVerificationError():
            return "its certificate is not valid"
        case socket.gaierror():
            return "its host is not known"
        case ConnectionError():
            return "the connection was cut"
        case http.client.HTTPException():
            return "what it answers is no HTTP"
        case _:
            return f"it could not be reached ({type(cause).__name__})"


def _retry_after(headers: Any) -> float | None:
    """The seconds that it asks to be left alone, at most 30; a date is not read."""
    text = str(headers.get("Retry-After", "") if headers else "").strip()
    return min(float(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else None
