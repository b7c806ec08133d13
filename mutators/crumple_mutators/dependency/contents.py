"""Answers that say that all is well, and are not what was agreed."""

from __future__ import annotations

import json
from typing import Final

from numpy.random import Generator

from crumple import Dependency, Ladder, mutator
from crumple_mutators.dependency.shares import OF_CALLS

_OF_FIELDS: Final = Ladder(0.05, 0.1, 0.25, 0.5, 1, unit="share")
_JSON: Final = {"Content-Type": "application/json"}
_SIGN_IN: Final = (
    b"<!doctype html>\n<html><head><title>Sign in</title></head>\n"
    b"<body><form method='post'><input name='user'><input name='password' type='password'></form></body></html>\n"
)
_ERRORS: Final = (
    {"error": {"code": 500, "message": "Internal error, please try again later"}},
    {"status": "error", "message": "upstream timed out", "data": None},
    {"success": False, "errors": ["E1042: service temporarily unavailable"]},
)


@mutator("dependency.nonsense", share=OF_CALLS, refusable_from=1)
def nonsense(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Answer 200 with what is no answer: a page to sign in at, an empty body, a sentence.

    As proxies, portals and gateways between the two do. Right is to notice, and to ask again or to say so. Ladder: the
    share of the calls, a first guess.
    """
    return dependency.answered(
        share,
        rng,
        (200, {"Content-Type": "text/html; charset=utf-8"}, _SIGN_IN),
        (200, _JSON, b""),
        (200, {"Content-Type": "text/plain; charset=utf-8"}, b"Service temporarily unavailable\n"),
    )


@mutator("dependency.error_in_200", share=OF_CALLS, refusable_from=1)
def error_in_200(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Answer 200 with JSON that says that it went wrong, as many APIs do.

    Right is to notice, and to ask again or to say so; taking the missing values for none is `wrong`. Ladder: the share
    of the calls, a first guess.
    """
    answers = [(200, _JSON, json.dumps(each).encode()) for each in _ERRORS]
    return dependency.answered(share, rng, *answers)


@mutator("dependency.extra_fields", count=Ladder(1, 2, 5, 10, 25, unit="fields", zero=0))
def extra_fields(dependency: Dependency, count: int, rng: Generator) -> Dependency:
    """Put fields that nobody has heard of into every object of the JSON, as each new version of an API does.

    Adding fields counts as compatible: right is to ignore them, and refusing is never acceptable. Ladder: how many, a
    first guess.
    """
    return dependency.reshaped("extra", count, rng)


@mutator("dependency.renamed_fields", share=_OF_FIELDS, refusable_from=1)
def renamed_fields(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Give fields of the JSON other names, as the next version of an API does: unit_price is unitPrice there.

    Right is to notice that a field is missing and to say so; a default in its place is `wrong`. A field that the system
    does not use, or can do without, may be missing. Ladder: the share of the fields, at least one, a first guess.
    """
    return dependency.reshaped("renamed", share, rng)


@mutator("dependency.null_fields", share=_OF_FIELDS, refusable_from=1)
def null_fields(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Set fields of the JSON to null, as where a source behind the dependency has failed.

    Null says that nobody knows: right is to leave out what depends on it, or to say so; a default in its place is
    `wrong`. Ladder: the share of the fields, at least one, a first guess.
    """
    return dependency.reshaped("null", share, rng)


@mutator("dependency.retyped_fields", share=_OF_FIELDS, refusable_from=1)
def retyped_fields(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Give values of the JSON another type: "12.5" for 12.5, "true" for true, a list of one text for a text.

    As another serializer or another language behind the API does. Right is to read them or to say that it cannot;
    adding texts up, or taking "false" for true, is `wrong`. Ladder: the share of the fields, at least one, a first
    guess.
    """
    return dependency.reshaped("retyped", share, rng)
