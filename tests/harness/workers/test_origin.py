"""What a worker says of where an exception came from: bugs are told apart by it, and nothing else is."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crumple.workers import worker

READER = """
import json

class Unreadable(Exception):
    pass

def fail(message):
    raise Unreadable(message)

def require(there, what):
    if not there:
        raise Unreadable(f"{what}")

def number(text):
    return float(text)

def ping(n):
    return pong(n + 1)

def pong(n):
    return ping(n + 1)

def no_total(): fail("no total")

def no_date():
    fail(
        "no date"
    )

def required():
    require(False, "a total")

def listed():
    return [float(each) for each in "x"]

def summed():
    return sum(float(each) for each in "x")

def parsed():
    return json.loads("{")

def deep():
    return ping(0)

def made_of():
    try:
        number("x")
    except ValueError as error:
        raise Unreadable("no number") from error

def handled():
    try:
        number("x")
    except ValueError:
        raise Unreadable("no number")

def without():
    try:
        number("x")
    except ValueError:
        raise Unreadable("no number") from None

def tried_otherwise():
    try:
        return {}["x"]
    except KeyError:
        return number("x")

def twice(at=1):
    if at == 1:
        raise ValueError("bad")
    if at == 2:
        raise ValueError("bad")

def second():
    twice(2)

def generated():
    return eval("1/0")
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[str, str]]:
    path = tmp_path_factory.mktemp("project") / "reader.py"
    path.write_text(READER)
    spec = importlib.util.spec_from_file_location("reader", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def of(name: str) -> tuple[str, str]:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - of any kind, as a worker meets them
            getattr(module, name)()
        words = worker.described(raised.value, {"root": str(path.parent), "call": "reader:read", "factory": ""})
        return words["root"].rpartition(".")[2], words["place"]

    return of


@pytest.mark.parametrize(
    ("name", "root", "place"),
    [
        ("no_total", "", 'reader.py:no_total: def no_total(): fail("no total")'),
        ("no_date", "", "reader.py:no_date: fail("),
        ("required", "", 'reader.py:required: require(False, "a total")'),
        ("listed", "", 'reader.py:listed: return [float(each) for each in "x"]'),
        ("summed", "", 'reader.py:summed: return sum(float(each) for each in "x")'),
        ("parsed", "", 'reader.py:parsed: return json.loads("{")'),
        ("deep", "", "reader.py:ping"),
        ("made_of", "ValueError", "reader.py:number: return float(text)"),
        ("handled", "ValueError", "reader.py:number: return float(text)"),
        ("without", "", 'reader.py:without: raise Unreadable("no number") from None'),
        ("tried_otherwise", "", "reader.py:number: return float(text)"),
        ("twice", "", 'reader.py:twice: raise ValueError("bad")'),
        ("second", "", 'reader.py:twice: raise ValueError("bad") (2)'),
        ("generated", "", 'reader.py:generated: return eval("1/0")'),
    ],
)
def test_an_exception_is_told_by_what_it_was_made_of_and_the_line(
    said: Callable[[str], tuple[str, str]], name: str, root: str, place: str
) -> None:
    assert said(name) == (root, place)


def test_a_package_that_is_installed_is_ones_own_where_the_function_is_in_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Expecting") as raised:
        json.loads("{")
    settings = {"root": str(tmp_path), "call": "json:loads", "factory": ""}
    assert worker.described(raised.value, settings)["place"].startswith("decoder.py:raw_decode: ")
