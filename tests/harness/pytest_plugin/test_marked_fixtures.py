"""Marked tests among fixtures, classes and parameters: what is given anew for each document, and what cannot be."""

from __future__ import annotations

import importlib

import pytest

from crumple.degraded import registry_of
from crumple.pytest_plugin import collected, marked, marked_replay, marked_words, worker_calls  # noqa: F401 - see `loaded`

pytest_plugins = ["pytester"]

MARK = '@pytest.mark.crumple(corpus="corpus", use=["table.no_final_newline"], calls=3)'


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """pytester forgets what a session has imported, and numpy cannot be imported twice."""
    registry_of()
    importlib.import_module("scipy.special")


def run(pytester: pytest.Pytester, body: str, *options: str) -> pytest.RunResult:
    folder = pytester.mkdir("corpus")
    for number in range(2):
        (folder / f"o{number}.csv").write_text(f"name,amount\na,{number}\n")
    pytester.makepyfile(test_it="import pytest\n\n" + body.replace("@MARK", MARK))
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist", *options)


def test_folders_patches_and_output_are_new_for_each_document(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
import os
folders = set()

@MARK
def test_it(degraded, tmp_path, monkeypatch, capsys, caplog):
    assert not list(tmp_path.iterdir()) and "SEEN" not in os.environ
    assert capsys.readouterr().out == "" and not caplog.records
    (tmp_path / "file").touch()
    folders.add(tmp_path)
    monkeypatch.setenv("SEEN", "1")
    print("said")
    import logging; logging.getLogger().warning("said")

def test_after():
    assert len(folders) == 5 and not any(each.exists() for each in folders)
""",
        "-W",
        "error",
    )
    done.assert_outcomes(passed=2)


def test_a_fixture_that_documents_share_is_warned_of_once(pytester: pytest.Pytester) -> None:
    body = """
@pytest.fixture
def basket():
    return []

@pytest.fixture(scope="module")
def shop():
    return []

@pytest.mark.parametrize("which", ["a", "b"])
@MARK
def test_it(degraded, basket, shop, which):
    basket.append(which)
"""
    done = run(pytester, body)
    done.assert_outcomes(passed=2, warnings=2)
    done.stdout.fnmatch_lines(["*SharedFixtureWarning: basket: set up once for all documents of test_it[[]a]*"])
    quiet = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-W", "ignore::crumple.pytest_plugin.warned.SharedFixtureWarning"
    )
    quiet.assert_outcomes(passed=2, warnings=0)


def test_marks_of_classes_and_modules_are_for_the_tests_that_take_a_document(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        f"""
pytestmark = {MARK.removeprefix("@")}
seen = []

class TestIt:
    def test_module(self, degraded): seen.append(degraded.recipe.steps and degraded.recipe.steps[0].mutator)

    @pytest.mark.crumple(corpus="corpus", use=["table.header"], calls=2)
    def test_closest(self, degraded): seen.append(degraded.recipe.steps and degraded.recipe.steps[0].mutator)

def test_plain():
    assert seen.count("table.no_final_newline") == 3 and seen.count("table.header") == 2
""",
    )
    done.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "@MARK\ndef test_it(): pass",
            "test_it.py:3: @pytest.mark.crumple: test_it takes no document. Give it*`degraded`.",
        ),
        (
            "@MARK\nasync def test_it(degraded): pass",
            "*test_it is async, and crumple calls plain functions.*asyncio.run*",
        ),
        (
            '@pytest.mark.crumple(corpus="corpus", limit=5)\ndef test_it(degraded): pass',
            'test_it.py:3: @pytest.mark.crumple: limit needs a unit: 5 is no share; write "5%" or 0.05; got 5.',
        ),
    ],
)
def test_a_mistake_is_an_error_of_collection(pytester: pytest.Pytester, body: str, said: str) -> None:
    done = run(pytester, body)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*ERROR collecting test_it.py*", said])
    assert "Traceback" not in done.stdout.str()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("def test_it(degraded): pass", "the fixture degraded needs @pytest.mark.crumple(...) on its test"),
        (
            "@pytest.fixture\ndef parsed(degraded): return 1\n\n@MARK\ndef test_it(parsed, degraded): pass",
            "*the fixture 'parsed' takes `degraded`, and fixtures are set up once*",
        ),
        (
            (
                "@pytest.fixture\ndef parsed(request): return request.getfixturevalue('degraded').data\n\n"
                "@MARK\ndef test_it(parsed, degraded): pass"
            ),
            "there is no degraded document while fixtures are set up*",
        ),
        (
            "import unittest\n\nclass TestIt(unittest.TestCase):\n    @MARK\n    def test_it(self): pass",
            "*test_it is a method of a unittest.TestCase, and those take no arguments*",
        ),
        ("@pytest.mark.crumple()\ndef test_it(degraded): pass", "*names no corpus, and there is no crumple.toml in *"),
        (
            "import asyncio\n\n@MARK\ndef test_it(degraded): return asyncio.sleep(0)",
            "*the test returned what is to be awaited*",
        ),
        (
            "@pytest.fixture\ndef degraded(): return 1\n\n@MARK\ndef test_it(degraded): pass",
            "*test_it takes `degraded`, and * has a fixture of that name, which hides crumple's*",
        ),
    ],
)
def test_what_can_be_given_no_document_fails_and_says_so(pytester: pytest.Pytester, body: str, said: str) -> None:
    done = run(pytester, body)
    assert done.ret == 1
    done.stdout.fnmatch_lines([said])


def test_what_a_mark_does_not_say_is_as_the_nearest_crumple_toml_has_it(pytester: pytest.Pytester) -> None:
    pytester.makefile(
        ".toml",
        crumple='[system]\ncall = "a:b"\n[corpus]\npath = "corpus"\n[mutate]\nuse = ["table.header"]\nlevels = [1]\n',
    )
    done = run(
        pytester,
        """
@pytest.mark.crumple(calls=4)
def test_it(degraded):
    assert degraded.case.id in ("o0.csv", "o1.csv")
    assert not degraded.level or str(degraded.recipe).startswith("table.header(")
""",
    )
    done.assert_outcomes(passed=1)


def test_what_is_redacted_is_not_shown(pytester: pytest.Pytester) -> None:
    """An assertion quotes the answer, and nothing in it says which part of that is to be kept to oneself."""
    pytester.makefile(
        ".toml", crumple='[system]\ncall = "a:b"\n[corpus]\npath = "corpus"\n[privacy]\nredact = ["/iban"]\n'
    )
    done = run(
        pytester,
        """
@MARK
def test_it(degraded):
    if degraded.level:
        iban = "".join(["DE0212", "03000000", "00202051"])
        assert iban == degraded.level
""",
    )
    done.stdout.fnmatch_lines(["*AssertionError (what it says is not shown: *redact)"])
    assert "02120300000000202051" not in done.stdout.str()
