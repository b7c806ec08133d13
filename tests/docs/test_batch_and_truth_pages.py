"""The examples of docs/systems/batch.md and docs/truth.md, written out and run as a reader would."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple import AnyOf
from crumple.cli import crumple as command_line
from crumple.corpora import folder

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```\w+\n# (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def written(page: str, where: Path) -> Path:
    """Write every block of a page that begins with the name of a file."""
    for name, content in _BLOCK.findall((DOCS / page).read_text("utf-8")):
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return where


def test_the_batch_of_the_page_is_processed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = written("systems/batch.md", tmp_path)
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


def test_the_truths_of_the_page_are_read(tmp_path: Path) -> None:
    corpus = folder(written("truth.md", tmp_path) / "corpus")
    truths = {entry.id: (corpus.load(entry.id).truth, entry.stand_in) for entry in corpus.entries()}
    assert truths == {
        "order-17.txt": ({"number": "17", "total": 43.2}, False),
        "order-18.txt": ({"number": "18", "date": AnyOf("2024-03-05", "2024-05-03")}, False),
        "order-19.txt": ({"number": "19", "total": 12.0}, True),
    }


def test_the_stand_in_of_the_page_is_what_crumple_truth_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = written("truth.md", tmp_path)
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
    done = CliRunner().invoke(command_line, ["truth", "--workers", "1"], prog_name="crumple")
    assert done.exit_code == 0, done.stderr
    assert json.loads(stand_in.read_text()) == shown
    page = (DOCS / "truth.md").read_text()
    for line in done.stdout.splitlines()[1:3]:
        assert f"    {line}" in page
