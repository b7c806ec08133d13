"""`crumple replay ID... | all`: every way in which it ends, and what CI is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.document import Document
from crumple.findings.finding import Acceptance, Environment, Paper
from crumple.findings.folder import Folder
from kept_findings import BOM, ENDINGS, TODAY, corpus, failure, finding, project
from lanes_here import LanesHere

MARK = "wrong /total (another scale)"
MIXED = 'encoding.line_endings(ending="mixed",seed=1)'
SYSTEM = """
import json

class Unreadable(Exception): pass

calls = []

def read(document: bytes) -> dict:
    data = json.loads(document.decode("utf-8-sig"))
    if document.startswith(b"\\xef\\xbb\\xbf"):
        data["total"] *= 10
    if b"\\r\\n" in document:
        calls.append(document)
        data["total"] *= 10 if len(calls) % 2 else 1
    if data["customer"] == "nobody":
        raise LookupError("no customer")
    return data
"""


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, ["replay", *words], prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(project(tmp_path, system=SYSTEM))
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    return Folder(tmp_path)


def test_every_finding_ends_in_one_of_six_ways(here: Folder, tmp_path: Path) -> None:
    clean = '{"total": 1, "customer": "nobody"}'
    (tmp_path / "corpus" / "c.json").write_text(clean)
    (tmp_path / "corpus" / "c.json.truth.json").write_text(clean)
    given = Acceptance(reason="later", by="Ada", until=TODAY.replace(year=2099), when=TODAY)
    digest = failure(tmp_path).digest
    there = finding("encoding-aaaaaaaa", BOM, MARK, degraded=Paper(digest=digest))
    here.write(there)
    here.write(replace(there, id="encoding-bbbbbbbb", state="accepted", accepted=given))
    here.write(replace(there, id="encoding-cccccccc", state="accepted", accepted=replace(given, until=TODAY)))
    here.write(replace(there, id="encoding-dddddddd", state="fixed"))
    here.write(replace(there, id="encoding-eeeeeeee", fingerprints=("crashed KeyError",)))
    here.write(finding("encoding-ffffffff", ENDINGS, MARK))
    here.write(finding("encoding-00000000", MIXED, MARK))
    here.write(finding("encoding-11111111", "encoding.gone(seed=1)", MARK))
    here.write(finding("encoding-22222222", BOM, MARK, case="gone.json"))
    here.write(finding("encoding-33333333", BOM, MARK, case="c.json"))
    kept = b"\xef\xbb\xbf" + corpus(tmp_path).load("a.json").document.data + b" "
    paper = Paper(digest=Document(kept, "", "").digest, file="degraded.json", bytes=len(kept))
    made_with = Environment(crumple="0.0.9", libraries={"numpy": "1.0"})
    here.write(
        replace(there, id="encoding-44444444", degraded=paper, clean=Paper(digest="0" * 32), environment=made_with),
        {"degraded.json": kept},
    )
    code, out, err = run("all", "--json", "out.json")
    assert (code, err.partition("\n")[0].startswith("error")) == (1, False)
    rows = {each["id"][-1]: each for each in json.loads((tmp_path / "out.json").read_text())["findings"]}
    assert {name: (each["status"], each["state"]) for name, each in rows.items()} == {
        "a": ("FAILS", "open"),
        "b": ("FAILS", "accepted"),
        "c": ("FAILS", "open"),
        "d": ("FAILS", "open"),
        "e": ("CHANGED", "open"),
        "f": ("FIXED", "fixed"),
        "0": ("FLAKY", "open"),
        "1": ("ERROR", "open"),
        "2": ("ERROR", "open"),
        "3": ("ERROR", "open"),
        "4": ("OTHER BYTES", "open"),
    }
    assert rows["e"]["why"] == f"another failure: {MARK}"
    assert rows["0"]["why"] == "failed 2 of 4 times"
    assert "no mutator 'encoding.gone'" in rows["1"]["why"]
    assert "not in the corpus any more" in rows["2"]["why"]
    assert "its clean document fails now: crashed, LookupError: no customer" in rows["3"]["why"]
    for words in ("its clean document is another one now", "crumple 0.0.9 then", "numpy 1.0 then", "still fails"):
        assert words in rows["4"]["why"]
    assert "11 findings: 4 FAILS, 1 CHANGED, 1 FLAKY, 1 FIXED, 3 ERROR, 1 OTHER BYTES (1 accepted)." in out
    assert {each.id[-1]: each.state for each in here.shelf().findings.values()}["f"] == "fixed"
    assert here.read("encoding-dddddddd").history[-1].why == "a replay found it failing again"
    assert here.read("encoding-bbbbbbbb").state == "accepted"


def test_what_is_accepted_is_no_failure_and_the_system_is_shown_for_one(here: Folder) -> None:
    given = Acceptance(reason="later", by="Ada", until=TODAY.replace(year=2099), when=TODAY)
    here.write(finding("encoding-aaaaaaaa", BOM, MARK, state="accepted", accepted=given))
    before = (here.path / "encoding-aaaaaaaa" / "finding.json").read_bytes()
    code, out, _ = run("enc", "--no-write")
    assert code == 0
    assert "FAILS        encoding-aaaaaaaa  silently wrong: /total (another scale)\n" in out
    assert "accepted until 2099-03-01" in out
    assert '  expected  {"/total": 10.5}' in out
    assert '  answered  {"/total": 105.0}' in out
    assert (here.path / "encoding-aaaaaaaa" / "finding.json").read_bytes() == before


def test_what_cannot_be_told_has_an_exit_code_of_its_own(here: Folder) -> None:
    here.write(finding("encoding-aaaaaaaa", BOM, MARK, case="gone.json"))
    assert run("all")[0] == 4
    here.write(finding("encoding-aaaaaaaa", BOM, MARK, case="gone.json", state="fixed"))
    assert run("all")[0] == 4
    (here.path / "encoding-aaaaaaaa" / "finding.json").write_text("{")
    code, _, err = run("all")
    assert code == 4
    assert "not read: findings/encoding-aaaaaaaa/finding.json, line 1" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.jsno",), "neither a case of corpus nor a finding. Did you mean 'a.json'?"),
        (("text-bbbbbbbc",), "Did you mean 'text-bbbbbbbb'?"),
        (("text",), "beginning of 2 findings"),
        (("text-aaaaaaaa", "gone"), "there is no finding 'gone'"),
        (("all", "text-aaaaaaaa"), '"all" stands alone'),
        (("a.json", "--json", "out.json"), "goes with findings alone"),
        (("table",), "it is of another configuration than crumple.toml. Say --config other.toml."),
    ],
)
def test_mistakes_are_said_before_anything_is_called(words: tuple[str, ...], said: str, here: Folder) -> None:
    for name in ("text-aaaaaaaa", "text-bbbbbbbb"):
        here.write(finding(name, "text.lower_case(seed=1)", MARK))
    here.write(finding("table-cccccccc", BOM, MARK, config="other.toml"))
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_without_findings_of_its_own_there_is_nothing_to_call(here: Folder) -> None:
    here.write(finding("table-cccccccc", BOM, MARK, config="other.toml"))
    assert run("all") == (0, "There are no findings; `crumple fuzz` looks for some.\n", "")
