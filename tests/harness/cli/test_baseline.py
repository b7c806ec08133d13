"""`crumple baseline` from the command line: which runs may be one, what is written, what is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from crumple.nightly.baseline_file import path_of, read_baseline
from crumple.outcome import Outcome
from night_project import CONFIGURATION, ManyAtOnce, behave, change, crumple, project, rows

BY = ("--reason", "signed off", "--by", "M. Osei")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two runs, of which the second fails more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)
        folder = project(tmp_path_factory.mktemp("runs") / "orders", cases=4)
        for broken in (0.0, 0.5):
            behave(folder, 0, broken)
            assert crumple(folder, "run", "--workers", "1", "--calls", "40").exit_code == 0
    return folder


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Path:
    return shutil.copytree(ready, tmp_path / "orders")


def runs(folder: Path) -> list[str]:
    return [name for name, _ in rows(folder)]


def test_a_run_becomes_the_baseline_with_who_made_it_so_and_why(folder: Path) -> None:
    done = crumple(folder, "baseline", "latest", *BY)
    assert done.exit_code == 0, done.output
    found = read_baseline(folder / "crumple.toml")
    assert found is not None
    assert (found.run, found.by, found.reason) == (runs(folder)[1], "M. Osei", "signed off")
    assert len(found.clean) == len(found.cases) == 4
    assert {each.mutator for each in found.calls} == set(found.mutators)
    assert any(each.outcome is Outcome.WRONG for each in found.calls)
    assert found.settings["[mutate] levels"] == "1, 3, 5"
    assert found.machine["cores"]
    assert f"{len(found.calls)} calls of run {found.run}" in done.output
    assert "version control" in done.output


def test_what_replacing_it_changes_is_said_by_category(folder: Path) -> None:
    crumple(folder, "baseline", runs(folder)[0], *BY)
    done = crumple(folder, "baseline", runs(folder)[1], *BY)
    assert f"It takes the place of run {runs(folder)[0]}" in done.output
    (line,) = [each for each in done.output.splitlines() if each.split()[:1] == ["text"]]
    assert " -> " in line
    assert line.endswith("calls the same")


def test_only_showing_writes_nothing_and_asks_for_no_reason(folder: Path) -> None:
    done = crumple(folder, "baseline", "latest", "--show")
    assert done.exit_code == 0
    assert "nothing is written" in done.output
    assert not path_of(folder / "crumple.toml").exists()


def test_without_a_run_the_present_one_is_shown_with_what_has_changed(folder: Path) -> None:
    none = crumple(folder, "baseline")
    assert (none.exit_code, "no baseline yet" in none.output) == (0, True)
    crumple(folder, "baseline", "latest", *BY)
    configuration = CONFIGURATION.replace("[run]", "levels = [1, 3]\n[run]")
    (folder / "crumple.toml").write_text(configuration, "utf-8")
    done = crumple(folder, "baseline")
    assert "today, by M. Osei" in done.output
    assert "signed off" in done.output
    assert "changed  [mutate] levels: 1, 3, 5 -> 1, 3" in done.output


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"info": {"kind": "fuzz"}}, "a search calls where failures are"),
        ({"info": {"kind": "breaking-points"}}, "it looks for breaking points"),
        ({"state": "interrupted"}, "it is not through yet"),
        ({"state": "abandoned"}, "it was given up"),
        ({"document": None}, "its document is missing"),
        ({"document": "ended"}, "it is void: every case fails clean"),
    ],
)
def test_a_run_that_is_no_fair_sample_is_refused(folder: Path, values: dict[str, object], why: str) -> None:
    from crumple.store import open_store

    store = open_store(None, folder)
    line = store.find("latest")
    document = store.document(line)
    store.close()
    assert document is not None
    if "info" in values:
        values = {"info": json.dumps({**line.info, **values["info"]})}  # type: ignore[dict-item]  # it is a dict
    if values.get("document"):
        values = {"document": json.dumps(document | {"run": document["run"] | {"ended": "all fail clean"}})}
    change(folder, line.number, **values)
    done = crumple(folder, "baseline", line.id, *BY)
    assert done.exit_code == 2
    assert f"run {line.id} cannot be the baseline: {why}" in done.output
    assert "`crumple run` makes one" in done.output
    assert not path_of(folder / "crumple.toml").exists()


def test_a_run_of_another_corpus_is_refused(folder: Path) -> None:
    (folder / "corpus" / "new.txt").write_text("x", "utf-8")
    done = crumple(folder, "baseline", "latest", *BY)
    assert done.exit_code == 2
    assert "the corpus has changed since run" in done.output


def test_a_run_of_other_mutators_is_refused(folder: Path) -> None:
    change(folder, 2, identities=json.dumps({"mutators": "other"}))
    done = crumple(folder, "baseline", "latest", *BY)
    assert done.exit_code == 2
    assert "the mutators have changed since run" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("latest",), "say why this run"),
        (("latest", "--reason", "  "), "say why this run"),
        (("--reason", "x"), "say which run"),
        (("nothing", *BY), "nothing"),
    ],
)
def test_what_is_missing_is_asked_for(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = crumple(folder, "baseline", *words)
    assert done.exit_code == 2
    assert said in done.output


def test_who_it_was_is_asked_of_git_where_nobody_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple.cli.author.myself", lambda root: "Ada")
    crumple(folder, "baseline", "latest", "--reason", "x")
    found = read_baseline(folder / "crumple.toml")
    assert found is not None
    assert found.by == "Ada"


def test_a_baseline_that_cannot_be_read_is_replaced_and_that_is_said(folder: Path) -> None:
    path_of(folder / "crumple.toml").write_text("<<<<<<< HEAD\n", "utf-8")
    done = crumple(folder, "baseline", "latest", *BY)
    assert done.exit_code == 0
    assert "the present baseline cannot be read" in done.output
    assert "line 1: it has a merge conflict in it" in done.output
