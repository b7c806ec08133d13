"""`crumple nightly` from the command line: what it says and ends with, also when something is in its way."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crumple.cli.night_companion import NightCompanion
from crumple.cli.night_store import night_store
from crumple.errors import CrumpleError, VoidRunError
from crumple.findings.finding import Change
from crumple.findings.folder import Folder
from crumple.nightly.baseline_file import path_of, read_baseline
from crumple.store import StoreError, open_store
from kept_findings import TODAY, finding
from night_project import CONFIGURATION, SYSTEM, ManyAtOnce, behave, change, night, project, rows, with_baseline


@pytest.fixture(autouse=True)
def in_this_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)
        yield


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after its first night, which is the baseline."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)
        return with_baseline(project(tmp_path_factory.mktemp("nights") / "orders"))


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Path:
    return shutil.copytree(ready, tmp_path / "orders")


def test_a_regression_is_worse_on_the_night_that_it_is_there_and_noise_is_not(folder: Path) -> None:
    said = []
    for number, broken in ((1, 0.4), (2, 0.0)):
        behave(folder, number, broken)
        code, found, output = night(folder)
        said.append((code, found["state"], output))
    assert [each[:2] for each in said] == [(1, "worse"), (0, "same")]
    assert "crumple replay" in said[0][2]
    assert found["history"]["nights"] == 1


def test_a_contract_that_is_broken_as_it_was_ends_with_5_and_all_of_it_is_stored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []

    def send(*said: object) -> str:
        told.append(said)
        return "the webhook was not told"

    monkeypatch.setattr("crumple.notifying.send", send)
    with (folder / "crumple.toml").open("a", encoding="utf-8") as file:
        file.write('[[contract.limit]]\nof = "encoding"\nsilent = "0.1%"\nabout = "these documents"\n')
    (folder / "orders.py").write_text(SYSTEM + "# another\n", "utf-8")
    code, found, said = night(folder, "--webhook", "http://localhost:1/secret", "--report", str(folder / "r.json"))
    assert (code, found["state"]) == (5, "same")
    ((document, *to),) = told
    assert to == ["http://localhost:1/secret", "json", "worse"]
    assert json.loads((folder / "r.json").read_text("utf-8")) == document
    assert "the webhook was not told" in said
    assert "/secret" not in said
    assert [each["what"] for each in found["changes"]] == ["system"]
    store = open_store(None, folder)
    stored = store.document(store.find("latest"))
    store.close()
    assert stored is not None
    assert stored["night"] == found
    degraded = sum(each["runs"] for each in stored["categories"].values())
    assert degraded == found["calls"]["fixed"] + found["calls"]["fresh"]  # the contract is about both


def test_all_clean_documents_that_fail_are_worse_and_not_void(folder: Path) -> None:
    behave(folder, 1, broken=1.0)
    code, found, said = night(folder)
    assert (code, found["state"]) == (1, "worse")
    assert "12 clean documents fail" in said.splitlines()[0] + said.splitlines()[1]


def test_a_case_that_changed_is_not_compared_and_named(folder: Path) -> None:
    (folder / "corpus" / "3.txt.truth.json").write_text('{"total": 1.5, "more": 1}', "utf-8")
    (folder / "corpus" / "5.txt").unlink()
    (folder / "corpus" / "5.txt.truth.json").unlink()
    _, found, _ = night(folder, "--calls", "40")
    assert {each["why"]: each["cases"] for each in found["left_out"] if "case" in each["why"]} == {
        "its case has changed": ["3.txt"],
        "its case is not in the corpus any more": ["5.txt"],
    }
    (corpus,) = [each for each in found["changes"] if each["what"] == "the corpus"]
    assert corpus["now"] == "10 of them as they were; 1 changed: 3.txt; 1 gone: 5.txt"


def test_with_a_wholly_other_corpus_no_call_is_made(folder: Path) -> None:
    for path in list((folder / "corpus").iterdir()):
        path.rename(path.with_name(f"other {path.name}"))
    code, found, said = night(folder)
    assert (code, found) == (4, {})
    assert "nothing can be compared: none of its 12 cases is in the corpus" in said
    assert "crumple baseline latest" in said
    assert len(rows(folder)) == 1


def test_a_finding_that_was_fixed_and_fails_again_is_worse_and_open_again(folder: Path) -> None:
    behave(folder, 1, broken=0.999)
    fixed = Change(state="fixed", when=TODAY, why="replayed")
    there = finding("encoding-aaaaaaaa", "encoding.nul(share=0.01,seed=5)", "wrong /total", case="1.txt")
    findings = Folder(folder)
    findings.write(replace(there, state="fixed", history=(*there.history, fixed)))
    code, found, _ = night(folder, "--no-write", "--calls", "40")
    assert code == 1
    assert [(each["id"], each["was"], each["again"]) for each in found["findings"]] == [(there.id, "fixed", True)]
    assert findings.shelf().named(there.id).state == "fixed"
    night(folder, "--calls", "40")
    assert findings.shelf().named(there.id).state == "open"


def test_an_interrupted_night_goes_on_and_one_that_cannot_is_closed(folder: Path) -> None:
    night(folder, "--calls", "30")
    night(folder, "--calls", "40")
    change(folder, 2, state="interrupted", started=time.time() - 21 * 3600)
    change(folder, 3, state="interrupted")
    _, _, said = night(folder, "--calls", "40")
    names = [name for name, _ in rows(folder)]
    assert f"night {names[1]} of" in said
    assert "it is closed now" in said
    assert f"going on with run {names[2]}" in said
    assert [state for _, state in rows(folder)] == ["ended", "abandoned", "ended"]


@pytest.mark.parametrize("started", [-3600.0, 20 * 3600.0])
def test_a_night_that_is_too_old_or_begins_in_the_future_does_not_go_on(
    folder: Path, started: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(folder, 1, state="interrupted", info=json.dumps({"kind": "night", "known": {"baseline": "b"}}))
    now = time.time()
    monkeypatch.setattr("crumple.cli.night_store.time.time", lambda: now + started)
    with night_store(None, folder, {"baseline": "b", "config": "crumple.toml"}) as store:
        store.close_old()
        (closed,) = store.closed
    assert rows(folder) == [(closed.id, "abandoned")]


def test_a_night_of_another_configuration_is_left_alone(folder: Path) -> None:
    change(folder, 1, state="interrupted")
    with night_store(None, folder, {"baseline": "other", "config": "other.toml"}) as store:
        store.close_others("none")
        assert store.closed == []


def test_of_two_nights_at_once_the_second_says_who_holds_it(folder: Path) -> None:
    baseline = read_baseline(folder / "crumple.toml")
    assert baseline is not None
    mine = {"baseline": baseline.id, "config": "crumple.toml"}
    with night_store(None, folder, mine):
        code, found, said = night(folder)
    assert (code, found) == (2, {})
    assert "another night begins" in said
    assert "one night at a time" in said


def test_where_the_store_cannot_be_reached_results_are_kept_and_compared_all_the_same(folder: Path) -> None:
    code, found, said = night(folder, "--store", "postgresql://user:hidden@localhost:1/x", "--calls", "40")
    assert (code, found["state"]) == (4, "same")
    assert "it cannot be reached" in said
    assert "hidden" not in said
    assert len(rows(folder)) == 2


def test_a_store_that_takes_nothing_more_ends_the_night_with_4(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> int:
        raise StoreError("the disk is full", where="store.db", hint="Make room.")

    monkeypatch.setattr("crumple.cli.carry_out.carry_out", fails)
    code, _, said = night(folder)
    assert code == 4
    assert "the disk is full" in said
    assert "the same command goes on with it" in said


def test_where_the_system_is_down_before_the_first_call_the_void_night_is_reported_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> ManyAtOnce:
        raise VoidRunError("the service cannot be reached")

    monkeypatch.setattr("crumple.execution.local.LocalLanes", down)
    file = folder / "night.json"
    code, _, output = night(folder, "--report", str(file))
    assert code == 4
    assert "the service cannot be reached" in output
    found = json.loads(file.read_text())
    assert (found["night"]["state"], found["run"]["ended"], found["run"]["calls"]) == ("void", "outage", 0)


def test_a_worse_night_that_cannot_be_written_down_is_worse_and_reported_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*words: object) -> None:
        raise CrumpleError("it cannot be written: No space left on device", where="night.json")

    monkeypatch.setattr("crumple.cli.carry_out.write_json", full)
    behave(folder, 1, 0.4)
    report = folder / "night.md"
    code, _, said = night(folder, "--report", str(report))
    assert code == 1
    assert "No space left on device" in said
    assert "Worse than the baseline" in report.read_text("utf-8")


def test_a_batch_has_no_nights(folder: Path) -> None:
    text = CONFIGURATION.replace('call = "orders:total"', 'batch = ["orders", "{input}", "{output}"]')
    (folder / "crumple.toml").write_text(text, "utf-8")
    code, _, said = night(folder)
    assert code == 2
    assert "a batch is made before any answer is known" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--report", "x.pdf"), "a report's ending says what it is"),
        (("--report", "gone/x.json"), "cannot be written"),
        (("--metrics", "gone/x.prom"), "cannot be written"),
    ],
)
def test_a_report_that_cannot_be_written_is_said_before_any_call(
    folder: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("crumple.reporting.rendering", lambda name: str)
    code, found, output = night(folder, *words)
    assert (code, found) == (2, {})
    assert said in output


def test_a_baseline_that_cannot_be_read_is_said_before_any_call(folder: Path) -> None:
    path_of(folder / "crumple.toml").write_text("{", "utf-8")
    code, _, said = night(folder)
    assert code == 2
    assert "crumple.baseline.json, line 1: it is no JSON" in said
    assert len(rows(folder)) == 1


@pytest.mark.parametrize(
    ("state", "code", "trouble", "expected"),
    [
        ("same", 0, "", 0),
        ("same", 1, "", 5),
        ("better", 1, "", 5),
        ("worse", 0, "", 1),
        ("worse", 1, "", 1),
        ("worse", 4, "", 1),
        ("worse", 4, "store", 1),
        ("worse", 130, "", 130),
        ("void", 0, "", 4),
        ("void", 1, "", 4),
        ("same", 4, "", 4),
        ("same", 0, "store", 4),
        ("no baseline", 0, "", 0),
        ("no baseline", 1, "", 0),
        ("no baseline", 4, "", 4),
        ("same", 130, "", 130),
    ],
)
def test_the_exit_code_says_how_the_night_ended(state: str, code: int, trouble: str, expected: int) -> None:
    beside = SimpleNamespace(store=SimpleNamespace(trouble=trouble))
    companion = NightCompanion(None, None, beside)  # type: ignore[arg-type]  # as much of them as it asks for
    assert companion.code({"night": {"state": state}}, code) == expected
