"""`crumple run` killed in the middle and started again; then `runs`, `show` and `prune` over what it has left."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.store import open_store
from killed_project import Project, project

# 3 clean ones, whole rounds of 3 mutators, and the one kind of failure a second time: no further round fits into 90.
CALLS = 88


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A run from beginning to end."""
    made = project(tmp_path_factory.mktemp("whole") / "p")
    made.run()
    return made


@pytest.fixture(scope="module")
def resumed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same, killed in the middle and gone on with."""
    made = project(tmp_path_factory.mktemp("resumed") / "p")
    made.run(kills_at=40)
    made.run()
    return made


def crumple(where: Project, *words: str) -> tuple[int, str]:
    before = os.getcwd()
    os.chdir(where.root)
    try:
        done = CliRunner().invoke(command_line, words)
    finally:
        os.chdir(before)
    return done.exit_code, done.output


def test_a_run_that_was_killed_has_the_results_of_one_that_was_not(whole: Project, resumed: Project) -> None:
    assert whole.said[0].returncode == 0
    assert resumed.said[0].returncode == -9
    assert resumed.said[1].returncode == 0
    assert whole.calls.total() == CALLS
    assert resumed.results == whole.results


def test_no_call_was_made_twice_but_those_on_their_way(whole: Project, resumed: Project) -> None:
    again = resumed.calls - whole.calls
    assert not whole.calls - resumed.calls
    assert sum(again.values()) <= 32, "at most what one lane had in hand"
    assert resumed.calls.total() < whole.calls.total() + 40


def test_it_says_that_it_goes_on_and_reports_the_whole_run(whole: Project, resumed: Project) -> None:
    second = resumed.said[1]
    assert "going on with run 2" in second.stderr
    assert "stored; --fresh begins anew)" in second.stderr

    def figures(said: str) -> list[str]:
        lines = said.splitlines()
        return [line for line in lines if not line.startswith("run ") and "for another round" not in line]

    assert figures(second.stdout) == figures(whole.said[0].stdout)


def test_runs_lists_it(resumed: Project) -> None:
    code, said = crumple(resumed, "runs")
    assert code == 0
    head, line, *_ = said.splitlines()
    assert head.split()[:4] == ["run", "started", "state", "calls"]
    (stored,) = open_store(None, resumed.root).lines()
    assert [stored.id, "ended", f"{stored.calls:,}"] == [line.split()[0], *line.split()[3:5]]
    code, said = crumple(resumed, "runs", "--json")
    (row,) = json.loads(said)
    assert row["id"] == stored.id
    assert row["calls"] == stored.calls == CALLS
    assert row["cost"] == pytest.approx(CALLS / 100)


@pytest.mark.parametrize("name", ["latest", "2"])
def test_show_prints_what_run_has_printed(resumed: Project, name: str) -> None:
    code, said = crumple(resumed, "show", name)
    assert code == 0
    first, _, report = said.partition("\n\n")
    assert first.startswith("Run 2")
    assert report.strip() == resumed.said[1].stdout.strip()
    code, said = crumple(resumed, "show", name, "--json")
    assert json.loads(said)["run"]["calls"] == CALLS


def test_show_says_which_runs_there_are(resumed: Project) -> None:
    code, said = crumple(resumed, "show", "latets")
    assert code == 2
    assert "there is no run 'latets'. Did you mean 'latest'?" in said


def test_a_folder_without_a_store_has_no_runs_and_none_is_made(tmp_path: Path) -> None:
    empty = project(tmp_path / "p")
    for words in (["runs"], ["show"], ["prune", "--keep", "1"]):
        code, said = crumple(empty, *words)
        assert code == 2
        assert "there are no runs yet. `crumple run` makes one." in said
    assert not (empty.root / ".crumple").exists()


def test_prune_asks_what_is_to_go(resumed: Project) -> None:
    code, said = crumple(resumed, "prune")
    assert code == 2
    assert "Say --keep N or --older-than 30d, or set [privacy] keep_for" in said


def test_a_store_url_is_taken_from_the_environment_and_its_password_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = project(tmp_path / "p")
    with (other.root / "crumple.toml").open("a") as file:
        file.write('store = "${STORE}"\n')
    code, said = crumple(other, "runs")
    assert code == 2
    assert "crumple.toml, line 13, [run]: the environment has no variable STORE" in said
    monkeypatch.setenv("STORE", "postgresql://anna:hidden-word@127.0.0.1:1/x")
    code, said = crumple(other, "runs")
    assert code == 2
    assert "it cannot be reached" in said
    assert "hidden-word" not in said
