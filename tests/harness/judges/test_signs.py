"""Fingerprints are read back as they were written."""

from __future__ import annotations

import pytest

from crumple.judges.signs import read


@pytest.mark.parametrize(
    ("fingerprint", "fields", "more"),
    [
        ("wrong", {"": ""}, False),
        ("wrong (garbled)", {"": "garbled"}, False),
        ("wrong /a, /b", {"/a": "", "/b": ""}, False),
        ("wrong /a, /b (sign); /c (truncated)", {"/a": "sign", "/b": "sign", "/c": "truncated"}, False),
        ("wrong /a (empty); /b, ...", {"/a": "empty", "/b": ""}, True),
        ("wrong /a, ... (made up)", {"/a": "made up"}, True),
        ("wrong /net, in EUR (EUR) (sign)", {"/net, in EUR (EUR)": "sign"}, False),
        ("refused no /a, /b", {"/a": "empty", "/b": "empty"}, False),
        ("refused no answer", {"": "empty"}, False),
        ("wrong partial write", {}, False),
        ("crashed ValueError at a.py:f: total / 3", {}, False),
        ("", {}, False),
    ],
)  # fmt: skip
def test_the_fields_are_read_back_each_with_its_manner(fingerprint: str, fields: dict[str, str], more: bool) -> None:
    signs = read(fingerprint)
    assert (dict(signs.fields), signs.more) == (fields, more)
    assert bool(signs.how) == (not fields and bool(fingerprint))


@pytest.mark.parametrize(
    "fingerprint",
    [
        "crashed ValueError at a.py:f: float(text)",
        "crashed ValueError at a.py:f",
        "crashed signal SIGSEGV at a.py:f",
        "crashed status 500: page N has no text",
        "crashed exit code 1: no total in N",
    ],
)
def test_a_place_or_a_message_tells_a_cause(fingerprint: str) -> None:
    assert read(fingerprint).telling


@pytest.mark.parametrize(
    "fingerprint",
    [
        "wrong /total (other value)",
        "wrong partial write",
        "refused Unreadable at a.py:f: raise Unreadable",
        "refused no /total",
        "hung time limit",
        "exhausted memory limit",
        "crashed status 500",
        "crashed status 500: Internal Server Error",
        "crashed status 500: An error occurred.",
        "crashed exit code 1",
        "crashed answer is not JSON",
        "crashed kills the service",
    ],
)
def test_what_many_causes_come_to_tells_none(fingerprint: str) -> None:
    assert not read(fingerprint).telling


def test_the_head_leaves_out_what_was_said() -> None:
    assert read("crashed status 500: no vendor Moss").head == "crashed status 500"
    assert read("crashed ValueError at a.py:f: x = y").head == "crashed ValueError at a.py:f"
    assert read("hung").head == "hung"
