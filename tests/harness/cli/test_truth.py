"""`crumple truth`: stand-ins beside documents, for a person to correct; and what a run says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from crumple import ABSENT, Case, CrumpleError, Document, Entry
from crumple.cli import crumple as command_line
from crumple.corpora import Tagged, folder, generated
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.stand_ins import StandIn, Untold, stand_ins, text, wanted, write

Outcomes: TypeAlias = "tuple[int, str, str]"

READER = """
import json, os, time

def read(document: bytes) -> dict:
    text = document.decode()
    if "boom" in text:
        raise KeyError("total")
    if "key" in text:
        return {"key": os.environ["KEY"]}
    if "list" in text:
        return [["a"], ["b"]]
    return {"total": text.count("x"), "id": time.time_ns()}
"""
TOML = """
[system]
call = "reader:read"
env = { OTHER = "${KEY}" }
[corpus]
path = "corpus"
[mutate]
use = ["text.delete"]
[run]
calls = 40
workers = 1
"""
DOCUMENTS = {
    "told": "x",
    "untold": "xxx words",
    "table": "a list of words",
    "boom": "boom",
    "secret": "key",
    "kept": "x",
}


def crumple(*words: str) -> Outcomes:
    """A command in this process, which saves its start."""
    done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Documents with truth and without, and a reader that answers, answers differently, and fails; `crumple truth`."""
    where = tmp_path_factory.mktemp("truth")
    (where / "corpus").mkdir()
    for name, words in DOCUMENTS.items():
        (where / "corpus" / f"{name}.txt").write_text(words)
    (where / "corpus" / "told.txt.truth.json").write_text('{"total": 1}')
    (where / "corpus" / "kept.truth.json").write_text('{"total": 1}')
    (where / "reader.py").write_text(READER)
    (where / "crumple.toml").write_text(TOML)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        patch.setenv("KEY", "hunter2-secret")
        code, out, err = crumple("truth")
        assert code == 0, err
        (where / "printed.txt").write_text(out)
        yield where


def test_what_the_answers_agree_on_is_written_and_the_rest_is_listed(project: Path) -> None:
    written = json.loads((project / "corpus" / "untold.txt.truth.json").read_text())
    assert written.pop("$stand_in")["left_out"] == ["/id"]
    assert written == {"total": 3}
    out = (project / "printed.txt").read_text()
    assert "left out, for the answers differ: /id" in out
    assert "not written  boom.txt: crashed: KeyError: 'total'" in out
    assert "2 of 4 written" in out


def test_what_a_person_has_written_is_left_alone(project: Path) -> None:
    assert (project / "corpus" / "told.txt.truth.json").read_text() == '{"total": 1}'
    assert not (project / "corpus" / "kept.txt.truth.json").exists()
    out = (project / "printed.txt").read_text()
    assert "1 document: it has a truth" in out
    assert "1 document: its truth stands elsewhere" in out


def test_a_secret_in_an_answer_is_not_written_down(project: Path) -> None:
    out = (project / "printed.txt").read_text()
    assert "not written  secret.txt: its answer holds a value that the configuration takes from the environment" in out
    found = [each for each in project.rglob("*") if each.is_file() and b"hunter2" in each.read_bytes()]
    assert found == []


def test_a_run_takes_stand_ins_for_truth_and_says_so(project: Path) -> None:
    (project / "run.toml").write_text(TOML.replace('path = "corpus"', 'path = "corpus/t*.txt"'))
    (project / "corpus" / "to be read.txt").write_text("x and words")
    code, out, err = crumple("run", "--config", "run.toml")
    assert code == 0, err
    assert "clean     3 of 3 cases right" in out
    assert "1 case without truth" in out
    assert "1 truth of `crumple truth` that nobody has confirmed. Consistency, not correctness" in out


def test_a_corrected_stand_in_is_a_truth(project: Path) -> None:
    corpus = project / "corpus"
    entries = {entry.id: entry for entry in folder(corpus).entries()}
    assert [name for name, entry in entries.items() if entry.stand_in] == ["table.txt", "untold.txt"]
    assert folder(corpus).load("untold.txt").truth == {"total": 3}
    assert folder(corpus).load("table.txt").truth == [["a"], ["b"]]
    (corpus / "table.txt.truth.json").write_text('{"$truth": [["a"]]}')
    assert folder(corpus).load("table.txt").truth == [["a"]]
    assert not next(entry for entry in folder(corpus).entries() if entry.id == "table.txt").stand_in


def test_force_is_for_stand_ins_and_all_for_the_rest(tmp_path: Path) -> None:
    for name, truth in (("stands.txt", '{"$stand_in": {}, "a": 1}'), ("written.txt", '{"a": 1}'), ("bare.txt", "")):
        (tmp_path / name).write_text("words")
        if truth:
            (tmp_path / f"{name}.truth.json").write_text(truth)
    corpus = folder(tmp_path)
    assert list(wanted(corpus).files) == ["bare.txt"]
    assert list(wanted(corpus, force=True).files) == ["bare.txt", "stands.txt"]
    every = wanted(corpus, everything=True, force=True)
    assert dict(every.files) == {name: tmp_path / f"{name}.truth.json" for name in sorted(every.files)}
    assert len(every.files) == 3
    code, _, err = crumple("truth", "--all")
    assert (code, "Add --force if you mean it." in err) == (2, True)


def test_a_truth_of_another_kind_is_never_joined_by_a_second(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "a.txt.truth.txt").write_text("words")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "case.toml").write_text('document = "b.txt"\ntruth = "c"\n')
    (tmp_path / "one" / "b.txt").write_text("words")
    found = wanted(folder(tmp_path), everything=True, force=True)
    assert (found.files, set(found.kept.values())) == ({}, {"its truth stands elsewhere"})


def test_a_case_folder_without_truth_is_given_one_that_it_reads(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "case.toml").write_text('document = "b.txt"\ntags = ["new"]\n')
    (tmp_path / "one" / "b.txt").write_text("words")
    corpus = Tagged(folder(tmp_path), ("new",))
    files = wanted(corpus).files
    write(StandIn("one", files["one"], {"a": 1}))
    assert folder(tmp_path).load("one").truth == {"a": 1}


def test_a_generated_corpus_has_its_truth() -> None:
    with pytest.raises(CrumpleError, match="is generated, and knows the right answers itself"):
        wanted(generated("invoices", {"count": 1}))


def test_nothing_is_written_over_and_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "a.truth.json").write_text("mine")
    with pytest.raises(CrumpleError, match=r"it is there already\. --force writes over it"):
        write(StandIn("a", tmp_path / "a.truth.json", "words"))
    assert [each.name for each in tmp_path.iterdir()] == ["a.truth.json"]
    assert (tmp_path / "a.truth.json").read_text() == "mine"
    write(StandIn("a", tmp_path / "a.truth.json", "words"), force=True)
    assert json.loads((tmp_path / "a.truth.json").read_text())["$truth"] == "words"


@pytest.mark.parametrize(("truth", "words"), [({"a": float("nan")}, "number"), ("\udcff", "bytes that are not text")])
def test_what_json_does_not_know_cannot_stand_in(truth: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        text(truth, ())  # type: ignore[arg-type]  # what a system may answer


class Scripted:
    """An executor that answers as it is told, newest first."""

    def __init__(self, answers: dict[str, list[object]]) -> None:
        self.answers = answers
        self.out: list[Work] = []
        self.pending = self.room = 0

    def put(self, works: list[Work]) -> None:
        self.out.extend(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        work = self.out.pop()
        answer = self.answers[work.case].pop()
        if isinstance(answer, Outcome):
            return [Result(work, Verdict(answer, failure=answer is not Outcome.VOID), cause="why")]
        return [Result(work, Verdict(Outcome.RIGHT, failure=False, score=1.0), value=answer)]  # type: ignore[arg-type]


def test_a_case_is_told_as_soon_as_its_three_answers_are_there() -> None:
    answers = {
        "agree": [{"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, {"a": 1, "b": {"c": 2}}],
        "differ": ["x", "y", "x"],
        "silent": [{}, {}, {}],
        "void": ["x", Outcome.VOID, "x"],
        "hung": ["x", "x", Outcome.HUNG],
    }
    files = {case: Path(case) for case in answers}
    found = {each.case: each for each in stand_ins(Scripted(answers), files)}  # type: ignore[arg-type]
    assert list(found) == ["hung", "void", "silent", "differ", "agree"]
    assert (found["agree"].truth, found["agree"].left_out) == ({"a": 1}, ("/b/c",))
    assert found["differ"].why_not == "its answers agree on nothing"
    assert found["silent"].why_not == "its answer says nothing"
    assert (found["void"].why_not, found["void"].void) == ("void: why", True)
    assert (found["hung"].why_not, found["hung"].void) == ("hung: why", False)


def test_an_untold_corpus_has_no_truth() -> None:
    class One:
        name = "one"

        def entries(self) -> list[Entry]:
            return [Entry("a", "text/plain", "a", True)]

        def load(self, case_id: str) -> Case:
            return Case(case_id, Document(b"", "text/plain", "a"), truth=1)

    assert Untold(One()).load("a").truth is ABSENT
    assert not Untold(One()).entries()[0].has_truth
