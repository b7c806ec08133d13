"""Refusals are told from crashes and from answers by what the team has declared, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from crumple.adapters import Request
from crumple.adapters.callable import CallableSystem
from crumple.adapters.refusal import compiled
from crumple.document import Document
from crumple.errors import CrumpleError
from crumple.outcome import Ending

SYSTEMS = Path(__file__).parents[1] / "systems"


@pytest.fixture(scope="module")
def reply_of(tmp_path_factory):
    """The reply to a word under some declared refusals."""
    adapter = CallableSystem(root=SYSTEMS, call="plain_systems:refuses").adapter(tmp_path_factory.mktemp("lane"))
    adapter.start()

    def reply(word, *refuses):
        adapter._refusals = compiled(refuses, SYSTEMS)
        adapter.send(adapter.prepare(Request(Document(word.encode(), "text/plain", "a.txt"))))
        return adapter.receive()

    yield reply
    adapter.close()


@pytest.mark.parametrize("entry", ["plain_systems.Unreadable", "Unreadable", "ValueError", "builtins.ValueError"])
def test_a_declared_exception_or_what_it_derives_from_is_a_refusal(reply_of, entry):
    got = reply_of("raise", entry)
    assert (got.ending, got.cause) == (Ending.REFUSED, "Unreadable: too dark")


@pytest.mark.parametrize("entry", ["readable", "other.Unreadable", "KeyError"])
def test_any_other_exception_is_a_crash(reply_of, entry):
    assert reply_of("raise", entry).ending is Ending.CRASHED


def test_a_subclass_declared_does_not_cover_its_base(reply_of):
    assert reply_of("other", "Unreadable").ending is Ending.CRASHED


@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        ({"answer": "/needs_review", "equals": True}, ["flag"]),
        ({"answer": "/count", "equals": 1}, ["flag", "clear", "no"]),
        ({"answer": "/count", "equals": True}, []),
        ({"answer": "/missing", "equals": None}, []),
        ({"matches": '(?i)"text": "FL'}, ["flag"]),
        ("plain_systems:is_short", ["no"]),
    ],
)
def test_a_declared_answer_is_a_refusal(reply_of, entry, refused):
    endings = {word: reply_of(word, entry).ending for word in ("flag", "clear", "no")}
    assert [word for word, ending in endings.items() if ending is Ending.REFUSED] == refused


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ("plain_systems:broken_predicate", "'plain_systems:broken_predicate' raised KeyError: 'a bug in a predicate'"),
        ("plain_systems:leaving_predicate", "'plain_systems:leaving_predicate' raised SystemExit: 3"),
    ],
)
def test_a_function_that_raises_makes_the_call_void_and_says_which(reply_of, entry, cause):
    got = reply_of("flag", {"matches": "^$"}, entry)
    assert got.ending is Ending.VOID
    assert got.cause.startswith(f"[system] refuses: {cause}.")
    assert "plain_systems.py" in got.detail
    assert reply_of("clear", "plain_systems:broken_predicate").ending is Ending.ANSWERED


@pytest.mark.parametrize("text", [b"flag", "12"])
def test_a_pointer_finds_nothing_in_an_answer_without_fields(text):
    refusals = compiled([{"answer": "/0", "equals": text[0]}], SYSTEMS)
    assert refusals.answer(text) == ""


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("Exception", "a refusal of every crash"),
        ("builtins.BaseException", "a refusal of every crash"),
        ("not a name", "is not a refusal"),
        (3, "Exit codes and statuses are for commands"),
        (True, "is not a refusal"),
        ({"answer": "/a"}, "is not a refusal"),
        ({"answer": "/a", "equals": 1, "matches": "x"}, "is not a refusal"),
        ({"answer": "a", "equals": 1}, "is not a JSON pointer"),
        ({"matches": "("}, "is not a regular expression"),
        ("plain_systems:is_shrt", "Did you mean 'is_short'"),
        ("no_such_module:f", "cannot be imported"),
        ("plain_systems:NOT_A_FUNCTION", "has no function 'NOT_A_FUNCTION'"),
    ],
)
def test_an_entry_that_is_unclear_is_an_error(entry, message):
    with pytest.raises(CrumpleError, match=message):
        compiled([entry], SYSTEMS)
