"""Marked tests as pytest runs them: what fails, what is skipped, what is said; the same seed is the same run."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import pytest

from crumple.degraded import registry_of
from crumple.pytest_plugin import collected, marked, marked_replay, marked_words, worker_calls  # noqa: F401 - each session forgets its imports

pytest_plugins = ["pytester"]

READER = """
import csv, io

class Unreadable(Exception): pass

def read(data):
    text = data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    return {"count": len(rows), "total": round(sum(float(row["amount"]) for row in rows), 2)}
"""
HEAD = "import pytest\nfrom reader import Unreadable, read\n\n"


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """pytester forgets what a session has imported, and numpy cannot be imported twice."""
    registry_of()
    importlib.import_module("scipy.special")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Four orders with their truths, and what reads them."""
    folder = pytester.mkdir("corpus")
    for number in range(4):
        rows = [(f"item{number}{at}", number * 10 + at + 0.5) for at in range(4)]
        text = "name,amount\n" + "".join(f"{name},{amount:.2f}\n" for name, amount in rows)
        (folder / f"o{number}.csv").write_text(text)
        truth = {"count": 4, "total": sum(amount for _, amount in rows)}
        (folder / f"o{number}.csv.truth.json").write_text(json.dumps(truth))
    sys.modules.pop("reader", None)  # another test's, in this process
    pytester.makepyfile(reader=READER)
    pytester.syspathinsert()
    return pytester


def run(project: pytest.Pytester, body: str, *options: str) -> pytest.RunResult:
    """A session of one file of tests."""
    project.makepyfile(test_it=HEAD + body)
    return project.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist", *options)


def outcomes(done: pytest.RunResult) -> dict[str, int]:
    """What became of the tests themselves, without what became of their documents."""
    line = re.sub(r"\(.*?\)", "", done.outlines[-1])
    counted = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", line)}
    return {word: number for word, number in counted.items() if word != "degraded"}


def test_a_broken_limit_fails_with_its_sentence_table_examples_and_replay_lines(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.crumple(corpus="corpus", use=["encoding.utf16", "table.blank_lines"], limit="5%")
def test_reads(degraded):
    assert degraded.accepts(read(degraded.data))
""",
    )
    assert outcomes(done) == {"failed": 1}
    done.stdout.fnmatch_lines(
        [
            "On these documents all mutators together fail *; the limit is 5 %.",
            "category *documents *failed *silent *rate *",
            "encoding * 100 % *",
            "o?.csv > encoding.utf16(*  (crashed, level 1)",
            "*test_it.py:7: in test_reads",
            "*assert degraded.accepts(read(degraded.data))",
            "*reader.py:6: in read",
            "*E   UnicodeDecodeError: *",
            "  pytest test_it.py::test_reads --crumple-replay 'o?.csv > encoding.utf16(*)'",
        ]
    )


def test_every_failure_is_one_too_many_without_a_limit_and_every_document_is_called_all_the_same(
    project: pytest.Pytester,
) -> None:
    done = run(
        project,
        """
calls = []

@pytest.mark.crumple(corpus="corpus", use=["table.blank_lines", "table.header"], calls=12)
def test_reads(degraded):
    calls.append(degraded.level)
    assert len(calls) != 7

def test_number():
    assert sum(1 for level in calls if level) == 12 and sum(1 for level in calls if not level) == 4
""",
    )
    assert outcomes(done) == {"failed": 1, "passed": 1}
    done.stdout.fnmatch_lines(
        ["1 of 12 degraded documents failed, and none may.", "*E   assert 7 != 7", "*+  where 7 = len(*"]
    )


def test_a_reader_that_bears_it_passes(project: pytest.Pytester) -> None:
    body = """
@pytest.mark.crumple(corpus="corpus", use=["table.no_final_newline"], LIMIT)
def test_reads(degraded):
    assert degraded.accepts(read(degraded.data))
"""
    assert outcomes(run(project, body.replace("LIMIT", "calls=5"))) == {"passed": 1}
    assert outcomes(run(project, body.replace("LIMIT", 'limit="20%"'))) == {"passed": 1}


def test_an_undecided_limit_is_skipped_with_what_it_lacks_and_fails_where_that_is_asked_for(
    project: pytest.Pytester,
) -> None:
    body = """
@pytest.mark.crumple(corpus="corpus", use=["table.no_final_newline"], limit="5%", calls=30)
def test_reads(degraded):
    assert degraded.accepts(read(degraded.data))
"""
    done = run(project, body, "-rs")
    assert outcomes(done) == {"skipped": 1}
    said = "undecided: 0 of * degraded documents failed, and the limit is 5 %; 59 documents without failure would do, *"
    done.stdout.fnmatch_lines([f"*{said}*"])
    done = run(project, body, "--crumple-strict")
    assert outcomes(done) == {"failed": 1}
    done.stdout.fnmatch_lines([said])
    assert outcomes(run(project, body, "--crumple-calls", "60")) == {"passed": 1}


def test_mutators_that_suit_no_document_do_not_keep_a_limit_from_being_decided(project: pytest.Pytester) -> None:
    """On plain ASCII most mutators of encodings have nothing to do, and rounds of nothing but those come up."""
    vain = "cesu8 overlong nfd nfkc diacritics misread mojibake mixed worn_mojibake question_marks transliterated"
    done = run(
        project,
        f"""
USE = ["encoding." + name for name in "bom line_endings {vain}".split()]

@pytest.mark.crumple(corpus="corpus", use=USE, limit="10%")
def test_reads(degraded): pass
""",
    )
    assert outcomes(done) == {"passed": 1}


def test_what_fails_clean_is_left_out_and_said(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.crumple(corpus="corpus", use=["table.no_final_newline"], calls=9)
def test_reads(degraded):
    assert degraded.case.id != "o2.csv", "no orders of March"
""",
    )
    assert outcomes(done) == {"passed": 1, "warning": 1}
    done.stdout.fnmatch_lines(
        ["*CleanFailureWarning: 1 of 4 clean documents fail*left out: o2.csv*", "*no orders of March*"]
    )


def test_where_all_fail_clean_the_test_fails_as_it_does_on_the_first_of_them(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.crumple(corpus="corpus", use=["table.no_final_newline"], limit="5%")
def test_reads(degraded):
    total = read(degraded.data)["total"]
    assert total == 0
""",
    )
    assert outcomes(done) == {"failed": 1}
    done.stdout.fnmatch_lines(
        [">       assert total == 0", "E *assert * == 0", "*which all fail: o?.csv; none was degraded*"]
    )


def test_an_exception_says_how_a_call_ended(project: pytest.Pytester) -> None:
    """A crash, a wrong answer in two ways, a refusal that is acceptable or not, and a skip, which is no call."""
    done = run(
        project,
        """
def act(degraded, error):
    if degraded.level:
        raise error

USE = dict(corpus="corpus", use=["corruption.html_error_page"], levels=[5], calls=6)

@pytest.mark.crumple(**USE)
def test_crash(degraded): act(degraded, KeyError("total"))

@pytest.mark.crumple(**USE)
def test_wrong(degraded): act(degraded, AssertionError("total"))

@pytest.mark.crumple(**USE)
def test_fail(degraded):
    if degraded.level: pytest.fail("not as it should be")

@pytest.mark.crumple(refuses=Unreadable, **USE)
def test_refused(degraded):
    if degraded.level and degraded.may_refuse:
        raise Unreadable("cut short")

@pytest.mark.crumple(refuses=Unreadable, corpus="corpus", use=["table.no_final_newline"], calls=2)
def test_unacceptable(degraded): act(degraded, Unreadable("cut short"))

@pytest.mark.crumple(**USE)
def test_skip(degraded):
    if degraded.level: pytest.skip("not now")
""",
    )
    assert outcomes(done) == {"passed": 1, "failed": 4, "skipped": 1}
    for name, outcome in {"crash": "crashed", "wrong": "wrong", "fail": "wrong", "unacceptable": "refused"}.items():
        done.stdout.fnmatch_lines([f"*_ test_{name} _*", f"o?.csv > *({outcome}, level *"])


def test_what_a_test_skips_is_left_out_and_what_cannot_be_seen_is_said(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
USE = dict(corpus="corpus", use=["table.no_final_newline"], calls=4)

@pytest.mark.crumple(**USE)
def test_some(degraded):
    if degraded.case.id == "o1.csv": pytest.skip("not this one")

@pytest.mark.crumple(**USE)
def test_none(degraded): pytest.skip("not now")

calls = []

@pytest.mark.crumple(**USE)
def test_once(degraded):
    calls.append(1)
    if len(calls) > 5: pytest.skip("enough")

@pytest.mark.crumple(**USE)
def test_blind(degraded): degraded.image
""",
        "-rs",
    )
    assert outcomes(done) == {"passed": 2, "skipped": 1, "failed": 1, "warning": 1}
    done.stdout.fnmatch_lines(["the first of 4 clean documents, which all fail: *", "*as Pages*"])
    done.stdout.fnmatch_lines(["*SkippedWarning: the test has skipped * of * degraded documents*"])
    done.stdout.fnmatch_lines(["SKIPPED * not now"])


def test_what_ends_a_session_ends_it(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.crumple(corpus="corpus", use=["table.header"], calls=2)
def test_stops(degraded): pytest.exit("enough")

def test_never(): pass
""",
    )
    assert outcomes(done) == {}
    assert "enough" in done.stdout.str()


def test_an_exit_of_the_system_is_a_crash_of_one_call(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.crumple(corpus="corpus", use=["encoding.nul"], limit="90%", calls=20)
def test_exits(degraded):
    if degraded.level == 5: raise SystemExit(3)
    if degraded.level == 3: raise GeneratorExit
""",
        "-v",
    )
    assert outcomes(done) in ({"passed": 1}, {"skipped": 1})
    done.stdout.fnmatch_lines(["*test_exits*encoding.nul*CRASHED*"])


_NOTED = """
import json, random

seen = []

@pytest.mark.parametrize("which", [1])
@pytest.mark.crumple(corpus="corpus", use=["encoding.utf16", "encoding.nul", "table.header"], limit="50%", calls=40)
def test_reads(degraded, which):
    random.seed(len(seen))
    seen.append(degraded.replay)
    assert which and not (degraded.level and len(degraded.replay) % 3 == 0)

def test_note():
    with open("seen.json", "w") as file:
        json.dump(seen, file)
"""


def test_the_same_seed_calls_the_same_documents_whatever_runs_beside_it(
    project: pytest.Pytester,
) -> None:
    def seen(*options: str) -> list[str]:
        Path("seen.json").unlink(missing_ok=True)
        run(project, _NOTED, *options)
        found: list[str] = json.loads(Path("seen.json").read_text())
        return found

    first = seen()
    assert len(first) > 15
    assert seen("--crumple-seed", "0") == first
    assert seen("--crumple-seed", "1") != first


def test_a_line_is_replayed_for_the_tests_that_know_its_case(project: pytest.Pytester) -> None:
    body = """
@pytest.mark.crumple(corpus="corpus", use=["encoding.utf16"], limit="5%")
def test_reads(degraded):
    assert degraded.accepts(read(degraded.data))

@pytest.mark.crumple(generate="invoices", count=1)
def test_elsewhere(degraded): pass

def test_plain(): pass
"""
    line = 'o1.csv > encoding.utf16(form="bom",seed=3)'
    done = run(project, body, "--crumple-replay", line)
    assert outcomes(done) == {"failed": 1, "deselected": 2}
    done.stdout.fnmatch_lines([">       assert degraded.accepts(read(degraded.data))", "E *UnicodeDecodeError: *"])
    assert f"(crumple: {line})" in done.stdout.str()
    assert outcomes(run(project, body, "--crumple-replay", "o1.csv > table.no_final_newline(seed=3)")) == {
        "passed": 1,
        "deselected": 2,
    }
    assert outcomes(run(project, body, "--crumple-replay", "o1.csv")) == {"passed": 1, "deselected": 2}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("o9.csv > table.header(seed=1)", "corpus has no case 'o9.csv'"),
        ('o1.csv > encoding.utf16(form="bom', "recipe, character 22: expected"),
        ("o1.csv > table.nothing(seed=1)", "there is no mutator 'table.nothing'"),
        ("o1.csv > encoding.utf16(seed=1)", "form is missing"),
    ],
)
def test_a_line_that_is_nothing_for_any_test_is_an_error_of_usage(
    project: pytest.Pytester, line: str, said: str
) -> None:
    body = """
@pytest.mark.crumple(corpus="corpus", use=["encoding"])
def test_reads(degraded): pass
"""
    done = run(project, body, "--crumple-replay", line)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"*{said}*"])
