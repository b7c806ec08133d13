"""Answers that say that something is the matter: limits, errors, maintenance, credentials, redirects."""

from __future__ import annotations

import json
from typing import Final

from numpy.random import Generator

from crumple import Dependency, Ladder, mutator
from crumple_mutators.dependency.shares import OF_CALLS, RETRIED_AWAY

_JSON: Final = {"Content-Type": "application/json"}
_HTML: Final = {"Content-Type": "text/html; charset=utf-8"}
_GATEWAY: Final = ((502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Time-out"))
_PAGE: Final = (
    "<!doctype html>\n<html><head><title>{0}</title></head>\n<body><center><h1>{0}</h1></center></body></html>\n"
)
_LATER: Final = (
    "<!doctype html>\n<html lang='en'><head><title>We'll be back soon</title></head>\n"
    "<body><h1>Down for maintenance</h1><p>We expect to be back within the hour.</p></body></html>\n"
)


def _error(code: str, message: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


@mutator("dependency.rate_limited", share=OF_CALLS, refusable_from=RETRIED_AWAY)
def rate_limited(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Answer 429 with `Retry-After: 1`, as where a quota is used up, or others use the same key.

    Right is to wait and to ask again. Ladder: the share of the calls, a first guess.
    """
    body = _error("rate_limit_exceeded", "Too many requests. Please retry after 1 second.")
    return dependency.answered(share, rng, (429, {**_JSON, "Retry-After": "1"}, body))


@mutator("dependency.server_error", share=OF_CALLS, refusable_from=RETRIED_AWAY)
def server_error(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Answer 500 as JSON, or 502, 503 or 504 as the page of a gateway, in place of the dependency.

    Right is to ask again; where all calls fail, to say so. Ladder: the share of the calls, a first guess.
    """
    pages = [(status, _HTML, _PAGE.format(f"{status} {words}").encode()) for status, words in _GATEWAY]
    return dependency.answered(share, rng, (500, _JSON, _error("internal_error", "Internal Server Error")), *pages)


@mutator("dependency.maintenance", level=3, refusable_from=1)
def maintenance(dependency: Dependency, rng: Generator) -> Dependency:
    """Answer every call with 503, `Retry-After: 3600` and a page for people, as in a maintenance window.

    Nothing helps; right is to say that it cannot, in time and in the way that was agreed.
    """
    return dependency.answered(1, rng, (503, {**_HTML, "Retry-After": "3600"}, _LATER.encode()))


@mutator("dependency.expired_credentials", share=OF_CALLS, refusable_from=1)
def expired_credentials(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Answer 401 with the error `invalid_token` of RFC 6750: a token has run out, or a key was changed.

    Right is to fetch a new one and ask again, or to say so. Ladder: the share of the calls, a first guess: some where a
    token runs out in between, all where a key was changed.
    """
    headers = {**_JSON, "WWW-Authenticate": 'Bearer error="invalid_token", error_description="The token expired"'}
    return dependency.answered(share, rng, (401, headers, _error("invalid_token", "The access token expired")))


@mutator("dependency.redirect", hops=Ladder(1, 2, 4, 8, 16, unit="hops", zero=0), refusable_from=4)
def redirect(dependency: Dependency, hops: int, rng: Generator) -> Dependency:
    """Send every call to another address before it is answered, as an API that has moved does.

    302 for a GET, 307 for what has a body, which is to be sent again. Right is to follow. Ladder: how many follow one
    another; from eight on a client may give up (Go and urllib do after 10, httpx after 20, requests after 30).
    """
    return dependency.redirected(hops)
