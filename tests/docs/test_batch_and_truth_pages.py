"""The examples of docs/systems/batch.md and docs/truth.md, written out and run as a reader would."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple import AnyOf
from crumple.cli import crumple as command_line
from crumple.corpora import folder
from doc_examples import block, words_of, write_page


def test_the_batch_of_the_page_is_processed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = write_page("docs/systems/batch.md", tmp_path)
    toml = where / "crumple.toml"
    toml.write_text(toml.read_text().replace('"python3"', json.dumps(sys.executable)))
    monkeypatch.chdir(where)
    words = [
        "run",
        "--json",
        "-",
        "--workers",
        "1",
        "--use",
        "truncation.empty,truncation.head_missing",
        "--calls",
        "9",
    ]
    done = CliRunner().invoke(command_line, words, prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["clean"]["right"] == 1
    assert set(document["mutators"]["truncation.empty"]["outcomes"]) == {"refused"}
    assert document["mutators"]["truncation.empty"]["failures"] == 0
    assert document["run"]["calls"] == 9


def test_the_batch_is_exported_and_judged_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = write_page("docs/systems/batch.md", tmp_path)
    toml = where / "crumple.toml"
    by_hand = block("docs/systems/batch.md", "# instead of the command")
    toml.write_text(re.sub(r"^batch *=.*\n", by_hand, toml.read_text(), flags=re.MULTILINE))
    monkeypatch.chdir(where)
    export, judge = words_of("docs/systems/batch.md", "crumple export")
    done = CliRunner().invoke(command_line, [*export, "--use", "truncation.empty", "--calls", "4"], prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    folder = where / export[-1]
    assert {each.name for each in folder.iterdir()} >= {"documents", "README.txt", "manifest.json", "answers"}
    command = [sys.executable, "process.py", str(folder / "documents"), str(folder / "answers")]
    subprocess.run(command, cwd=where, check=True)
    done = CliRunner().invoke(command_line, judge, prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    assert "1 of 1 case right" in done.stdout


def test_the_truths_of_the_page_are_read(tmp_path: Path) -> None:
    corpus = folder(write_page("docs/truth.md", tmp_path) / "corpus")
    truths = {entry.id: (corpus.load(entry.id).truth, entry.stand_in) for entry in corpus.entries()}
    assert truths == {
        "order-17.txt": ({"number": "17", "total": 43.2}, False),
        "order-18.txt": ({"number": "18", "date": AnyOf("2024-03-05", "2024-05-03")}, False),
        "order-19.txt": ({"number": "19", "total": 12.0}, True),
    }


def test_the_stand_in_of_the_page_is_what_crumple_truth_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = write_page("docs/truth.md", tmp_path)
    stand_in = where / "corpus" / "order-19.txt.truth.json"
    shown = json.loads(stand_in.read_text())
    stand_in.unlink()
    (where / "reader.py").write_text(
        "import re, time\n\n\ndef read(document: bytes) -> dict:\n    number, total = "
        're.findall(r"[0-9.]+", document.decode())\n'
        '    return {"number": number, "total": float(total), "id": time.time_ns()}\n'
    )
    (where / "crumple.toml").write_text('[system]\ncall = "reader:read"\n[corpus]\npath = "corpus"\n')
    monkeypatch.chdir(where)
    command, *printed = block("docs/truth.md", "$ crumple truth").splitlines()
    done = CliRunner().invoke(command_line, [*command.split()[2:], "--workers", "1"], prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    assert json.loads(stand_in.read_text()) == shown
    assert done.stdout.splitlines()[1:3] == printed
