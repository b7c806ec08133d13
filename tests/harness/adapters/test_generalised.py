"""Messages of one bug are one kind, whatever they number, quote or date; those of two bugs stay two."""

from __future__ import annotations

import json

import pytest

from crumple.adapters.generalised import general
from crumple.adapters.service.errors import sentence, shared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bad date 2024-03-04T12:00:11Z", "bad date 31.12.2025"),
        ("bad date 4 March 2024", "bad date 12 Oct 2023"),
        ("at Mon, 4 Mar 2024 12:30:11 GMT", "at Friday, 12 October 2023 1:30:11 GMT"),
        ("cannot decode b'\\xff\\xfe'", "cannot decode b'a'"),
        ("no account of „Müller“", "no account of “Moss & Sons”"),
        ("request 123e4567-e89b-12d3-a456-426614174000 failed", "request 00000000-e89b-12d3-a456-426614174999 failed"),
        ("cannot reach a.b@example.org", "cannot reach x@mail.example.com"),
        ("Unexpected token } in JSON at position 12", "Unexpected token < in JSON at position 0"),
        ("no field \ufffd\ufffdber", "no field \x81m"),
        ("sha 9f86d081884c7d659a2feaa0c55ad015", "sha 0beec7b5ea3f0fdbc95d0dd47f3c5bc2"),
    ],
)
def test_one_bug_has_one_message(one: str, other: str) -> None:
    assert general(one) == general(other)
    assert general(one) != "N"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no total in line 3", "no date in line 3"),
        ("token expired", "token revoked"),
        ("error E42: bad page", "error E43: bad page"),
        ("May I have a page", "page of March"),
        ("column B17 is empty", "column C17 is empty"),
    ],
)
def test_two_bugs_have_two(one: str, other: str) -> None:
    assert general(one) != general(other)


def test_two_hundred_messages_that_differ_in_their_numbers_are_one() -> None:
    said = (f"row {n}: {n * 7 / 3:.2f} of {1000 - n} in /tmp/{n:08x}/{n}.csv is over 0x{n:04x}" for n in range(200))
    assert len({general(each) for each in said}) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"code": "bad_date", "message": "Internal error in job 17"}}, "bad_date: Internal error in job N"),
        ({"code": "E_PAGE", "error": "request 9f86d081884c7d65: no page 3"}, "E_PAGE: request ID: no page N"),
        ({"code": "500", "error": "no page 3"}, "no page N"),
        ({"errorCode": "bad page", "error": "no page 3"}, "no page N"),
        ({"code": "page", "error": "no page 3"}, "no page N"),
    ],
)
def test_a_service_tells_its_errors_apart_by_a_code(body: object, kind: str) -> None:
    assert shared(sentence(json.dumps(body).encode())) == kind
