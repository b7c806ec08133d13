"""Answers of batch systems: which file or row belongs to which document, and what is made of it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crumple.adapters import Request
from crumple.adapters.batch.answers import collect
from crumple.adapters.batch.export import ExportSystem, finish, prepare_folder
from crumple.adapters.batch.judged import JudgedSystem, conditions, reply_to
from crumple.adapters.batch.manifest import plain, read_manifest, request_digest
from crumple.adapters.batch.system import BatchSystem
from crumple.adapters.refusal import compiled
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable, VoidRunError
from crumple.outcome import Ending, Reply
from crumple.workers.limits import Limits

NAMES = ["0001-a.pdf", "0002-a.json", "0003-b.tar.gz"]


def reply(folder: Path, name: str = "0001-a.pdf", refuses: tuple[Any, ...] = (), reads: str = "") -> Reply:
    """What the answers of a folder make of one document."""
    system = JudgedSystem(folder=folder, answers=folder, root=folder, refuses=refuses, reads=reads, largest=1000)
    return reply_to(name, collect(folder, NAMES), compiled(conditions(refuses), folder), system)


@pytest.mark.parametrize(
    ("file", "content", "name", "answer"),
    [
        ("0001-a.pdf.json", b'{"a": 1}', "0001-a.pdf", {"a": 1}),
        ("0001-a.json", b'\xef\xbb\xbf{"a": 1}', "0001-a.pdf", {"a": 1}),
        ("0002-a.json", b"[2]", "0002-a.json", [2]),
        ("0003-b.tar.gz.txt", b"words\n", "0003-b.tar.gz", "words"),
        ("0001-a.pdf.xml", b"<a/>", "0001-a.pdf", "<a/>"),
        ("0001-a.pdf", b"words", "0001-a.pdf", "words"),
        ("0001-a.csv", b"a;b\n1;2\n", "0001-a.pdf", [["a", "b"], ["1", "2"]]),
    ],
)
def test_a_file_is_the_answer_to_the_document_that_it_is_named_for(
    tmp_path: Path, file: str, content: bytes, name: str, answer: Any
) -> None:
    (tmp_path / file).write_bytes(content)
    found = reply(tmp_path, name)
    assert (found.ending, found.answer) == (Ending.ANSWERED, answer)


def test_files_that_are_named_for_no_document_are_told_and_litter_is_not(tmp_path: Path) -> None:
    for name in ("0001-ab.json", "0009-a.json", "log.txt", ".DS_Store", "Thumbs.db", "0002-a.json.txt"):
        (tmp_path / name).touch()
    found = collect(tmp_path, NAMES)
    assert (list(found.strange), found.strangers) == (["0001-ab.json", "0009-a.json", "log.txt"], 3)
    assert list(found.files) == ["0002-a.json"]


def test_two_answers_to_one_document_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "0001-a.json").touch()
    (tmp_path / "0001-a.pdf.txt").touch()
    with pytest.raises(CrumpleError, match=r"two answers to 0001-a\.pdf: 0001-a\.json and 0001-a\.pdf\.txt"):
        collect(tmp_path, NAMES)


@pytest.mark.parametrize(
    ("file", "content", "refuses", "ending", "cause"),
    [
        ("x", b"", (), Ending.CRASHED, "no answer"),
        ("x", b"", ("missing",), Ending.REFUSED, "no answer"),
        ("0001-a.json", b"", ("empty",), Ending.REFUSED, "an empty answer"),
        ("0001-a.json", b"", (), Ending.CRASHED, "answer is not JSON: it is empty"),
        ("0001-a.json", b"[" * 900, (), Ending.CRASHED, "answer is not JSON"),
        ("0001-a.txt", b"x" * 1001, (), Ending.EXHAUSTED, "an answer of 1001 bytes, over 1000 bytes"),
        ("0001-a.refused", b"", (), Ending.REFUSED, "refused"),
        ("0001-a.pdf.refused", b"page 3 is blank\n", (), Ending.REFUSED, "refused: page 3 is blank"),
        ("0001-a.error", b"Traceback\n  File x\nKeyError: 'total'", (), Ending.CRASHED, "failed: KeyError: 'total'"),
        ("0001-a.txt", b"I cannot", ({"matches": "cannot"},), Ending.REFUSED, "answer: matches 'cannot'"),
    ],
)
def test_what_is_no_answer_is_what_it_says(
    tmp_path: Path, file: str, content: bytes, refuses: tuple[Any, ...], ending: Ending, cause: str
) -> None:
    (tmp_path / file).write_bytes(content)
    found = reply(tmp_path, refuses=refuses)
    assert (found.ending, found.cause[: len(cause)]) == (ending, cause)


def test_failures_of_one_kind_share_a_bucket_whatever_numbers_they_name(tmp_path: Path) -> None:
    (tmp_path / "0001-a.error").write_text("line 7 of 0001-a.pdf has no total")
    (tmp_path / "0003-b.error").write_text("line 12 of 0003-b.tar.gz has no total")
    one, other = (reply(tmp_path, name).kind for name in ("0001-a.pdf", "0003-b.tar.gz"))
    assert one == other == "failed: line N of NAME has no total"


def test_a_pipe_in_place_of_an_answer_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "0001-a.json")
    found = reply(tmp_path)
    assert (found.ending, found.cause) == (Ending.VOID, "the answer cannot be read: it is not a plain file")


def test_a_table_of_json_lines_holds_answers_refusals_and_failures(tmp_path: Path) -> None:
    lines = [
        {"file": "documents/0001-a.pdf", "answer": {"a": None}, "seconds": 2.5},
        {"file": "0002-a", "refused": "unreadable"},
        {"file": "0003-b.tar.gz", "error": "ValueError: 3"},
        {"file": "other.pdf", "answer": 1},
    ]
    (tmp_path / "answers.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    found = [reply(tmp_path, name) for name in NAMES]
    assert [each.ending for each in found] == [Ending.ANSWERED, Ending.REFUSED, Ending.CRASHED]
    assert (found[0].answer, found[0].seconds, found[2].cause) == ({"a": None}, 2.5, "failed: ValueError: 3")
    assert list(collect(tmp_path, NAMES).strange) == ["other.pdf"]


@pytest.mark.parametrize(
    ("table", "answers"),
    [
        ("file,answer\n0001-a.pdf,invoice\n0002-a.json,\n", ["invoice", ""]),
        (
            'file,total,date\n0001-a.pdf,"1,5",\n0002-a.json,2,5 May\n',
            [{"total": "1,5", "date": None}, {"total": "2", "date": "5 May"}],
        ),
        ("file,refused,answer\n0001-a.pdf,,invoice\n0002-a.json,blank,\n", ["invoice", None]),
    ],
)
def test_a_table_of_csv_has_a_column_for_the_answer_or_one_for_each_field(
    tmp_path: Path, table: str, answers: list[Any]
) -> None:
    (tmp_path / "answers.csv").write_text(table)
    found = [reply(tmp_path, name) for name in NAMES[:2]]
    assert [each.answer for each in found] == answers
    assert found[0].ending is Ending.ANSWERED
    assert found[1].ending is (Ending.REFUSED if "blank" in table else Ending.ANSWERED)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", '{"file": "0001-a.pdf"', "a.jsonl, line 1: not JSON"),
        ("a.jsonl", "\n[1]", "a.jsonl, line 2: a line is an object"),
        ("a.jsonl", '{"answer": 1}', "'file' names the document, got None"),
        ("a.jsonl", '{"file": "0001-a.pdf"}', "exactly one of answer, refused and error"),
        ("a.jsonl", '{"file": "0001-a.pdf", "answer": 1, "seconds": "x"}', "seconds is a number, got 'x'"),
        ("a.jsonl", '{"file": "0001-a", "answer": 1}\n{"file": "0001-a.pdf", "answer": 1}', "line 2: a second answer"),
        ("a.csv", "name,answer\nx,1\n", "line 1: the column 'file' is missing"),
        ("a.csv", "file,a,a\n", "the column 'a' is there twice"),
        ("a.csv", "file,a\n0001-a.pdf\n", "line 2: the row has 1 cells, its header 2"),
        ("a.csv", 'file,a\n0001-a.pdf,"', "not CSV"),
        ("a.xlsx", "", "it is no table of answers. Allowed: *.jsonl, *.csv"),
        ("none", None, "there are no answers: it is not there"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(
    tmp_path: Path, name: str, content: str | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(CrumpleError) as error:
        collect(tmp_path / name, NAMES)
    assert words in str(error.value)


@pytest.mark.parametrize("entry", ["ValueError", 3, "mising"])
def test_a_batch_system_refuses_by_answers_alone(tmp_path: Path, entry: Any) -> None:
    with pytest.raises(CrumpleError, match="is no refusal of a batch system"):
        BatchSystem(root=tmp_path, refuses=(entry,))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("cp", "{input}", "{outptu}"), "Did you mean '{output}'?"),
        (("cp", "{input}"), r"does not say where {output} is"),
    ],
)
def test_a_command_says_where_both_folders_are(tmp_path: Path, command: tuple[str, ...], words: str) -> None:
    with pytest.raises(CrumpleError) as error:
        BatchSystem(root=tmp_path, command=command)
    assert words in str(error.value)


def test_a_command_that_is_not_there_is_an_error_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "process.sh").write_text("#!/bin/sh\n")
    for program, words in (("./proces.sh", "Did you mean 'process.sh'?"), ("./process.sh", "chmod +x ./process.sh")):
        with pytest.raises(CrumpleError) as error:
            BatchSystem(root=tmp_path, command=(program, "{input}", "{output}")).check()
        assert words in str(error.value)


def request(name: str = "../an order?.txt") -> Request:
    parts = (Document(b"more", "text/plain", "b.txt"),)
    return Request(Document(b"words", "text/plain", name), {"question": "how many?"}, parts, "clean/a/0")


SHOW = 'cat "$1"/* "$2"/*.json "$3"/*/* > "$4/0001-an_order_.txt.txt"'


def test_a_batch_of_one_is_given_document_inputs_and_parts_and_is_limited(tmp_path: Path) -> None:
    """What `crumple replay` does; each call has a folder of its own, which is gone afterwards."""

    def called(script: str) -> Reply:
        command = ("sh", "-c", script, "sh", "{input}", "{inputs}", "{parts}", "{output}")
        system = BatchSystem(root=tmp_path, command=command, limits=Limits(timeout=0.5))
        adapter = system.adapter(tmp_path / "scratch")
        adapter.start()
        adapter.send(adapter.prepare(request()))
        found = adapter.receive()
        assert not list((tmp_path / "scratch" / "batches").iterdir())
        return found

    assert called(SHOW).answer == 'words{\n "question": "how many?"\n}more'
    assert called("exit 3").cause == "exit code 3"
    assert called("true").cause == "no answer to 0001-an_order_.txt"
    assert called("sleep 20").ending is Ending.HUNG


def test_a_batch_that_fails_as_a_whole_says_nothing_about_its_documents(tmp_path: Path) -> None:
    for name in ("documents", "answers"):
        (tmp_path / name).mkdir()
    (tmp_path / "documents" / "0001-a.txt").touch()
    command = ("sh", "-c", "echo out of paper; exit 3", "{input}", "{output}")
    with pytest.raises(VoidRunError) as error:
        BatchSystem(root=tmp_path, command=command).process(tmp_path)
    assert "failed as a whole: exit code 3; 0 of 1 documents were answered" in str(error.value)
    assert str(error.value).endswith("Its last output:\nout of paper")


def test_what_goes_with_a_document_is_exported_beside_it_and_only_that_call_gets_its_answer(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    prepare_folder(folder)
    system = ExportSystem(folder=folder, salt="salt")
    for lane in range(2):  # one that dies after writing is asked again elsewhere
        adapter = system.adapter(tmp_path / str(lane))
        adapter.send(adapter.prepare(request()))
        assert adapter.receive().ending is Ending.ANSWERED
    finish(folder, "salt", {"seed": 0}, {}, "read me")
    name = "0001-an_order_.txt"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "README.txt",
        "manifest.json",
        f"documents/{name}",
        f"inputs/{name}.json",
        f"parts/{name}/1-b.txt",
    }
    (folder / "answers" / f"{name}.txt").write_text("seven")
    judged = JudgedSystem(folder=folder, answers=folder / "answers", root=tmp_path).adapter(tmp_path)
    judged.start()
    judged.send(judged.prepare(request()))
    assert judged.receive().answer == "seven"
    with pytest.raises(NotApplicable, match="no document was exported for it"):
        judged.prepare(replace(request(), key="clean/b/0"))
    with pytest.raises(CrumpleError, match="is not what would be exported now"):
        judged.prepare(replace(request(), inputs=None))


def test_a_document_that_cannot_be_written_is_no_document_without_an_answer(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    adapter = ExportSystem(folder=tmp_path / "out", salt="salt").adapter(tmp_path)
    adapter.send(adapter.prepare(request()))
    found = adapter.receive()
    assert (found.ending, found.cause) == (Ending.VOID, "it cannot be written: Not a directory")


def test_names_are_plain_and_keep_their_endings() -> None:
    assert plain("../Größe 1: a/Rechnung Ü?.tar.gz") == "Rechnung_.tar.gz"
    assert plain("x" * 300 + ".pdf") == "x" * 76 + ".pdf"
    assert plain("") == "document"


def test_all_that_a_system_is_given_is_in_a_requests_digest() -> None:
    digests = {
        request_digest(Request(Document(data, "text/plain", name), inputs, parts))
        for data in (b"a", b"b")
        for name in ("a", "b")
        for inputs in (None, {"a": 1})
        for parts in ((), (Document(b"", "text/plain", "a"),))
    }
    assert len(digests) == 16


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}", "it is not what `crumple export` has written"), ('{"schema": 2}', "it was written by another crumple")],
)
def test_a_list_of_another_crumple_is_not_guessed_at(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(CrumpleError, match=words):
        read_manifest(tmp_path)


def test_a_batch_command_that_is_not_installed_has_no_version_and_cannot_be_run(tmp_path: Path) -> None:
    system = BatchSystem(root=tmp_path, command=("no-such-program", "{input}", "{output}"))
    assert system.version() == "unknown"
    with pytest.raises(CrumpleError, match=r"\[system\] batch: there is no command 'no-such-program' on PATH"):
        system.check()
