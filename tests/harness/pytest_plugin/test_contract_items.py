"""`pytest --crumple`: a limit of crumple.toml is an item, decided by crumple's own workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import pytest_sessions as sessions
from crumple.contract.limits import Limit, Metric
from crumple.discretion import Discretion
from crumple.outcome import Verdict
from crumple.pytest_plugin import lanes as session_lanes
from crumple.pytest_plugin.item_plans import names_of
from crumple.pytest_plugin.lanes import ItemLanes, SessionLanes
from crumple.recipe import Recipe
from crumple.result import Work
from pytest_sessions import CRASHED, RIGHT, SECRET, VOID, WRONG, FakeLanes, limit, project, run

CONTRACT = (
    limit("encoding", "5%")
    + limit("truncation", "90%")
    + limit("encoding", "1%", metric="silent", about="documents like these")
    + limit("clean", "0%")
    + limit("truncation", "1s", metric="latency_p95")
)


def breaks(*mutators: str, verdict: Verdict = CRASHED) -> Callable[[Work], Verdict]:
    """A system that fails on these mutators, or categories."""
    return lambda work: verdict if any(work.mutator.startswith(each) for each in mutators) else RIGHT


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> FakeLanes:
    """In the place of crumple's workers: encodings crash."""
    fake = FakeLanes(breaks("encoding"))
    monkeypatch.setattr("crumple.execution.local.LocalLanes", fake)
    monkeypatch.delenv("PYTEST_XDIST_WORKER_COUNT", raising=False)
    return fake


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a contract, and the current folder."""
    monkeypatch.chdir(project(tmp_path / "project", CONTRACT))
    return Path.cwd()


def drawn(works: Sequence[Work]) -> list[tuple[str, str, str]]:
    return sorted((each.key, each.case, str(each.recipe)) for each in works)


def test_each_limit_is_an_item_that_says_what_it_came_to(lanes: FakeLanes, here: Path) -> None:
    session = run("--crumple", "--crumple-calls=150")
    assert session.outcomes == {
        "crumple.toml::encoding": "failed",
        "crumple.toml::truncation": "passed",
        "crumple.toml::encoding[silent]": "skipped",
        "crumple.toml::clean": "passed",
        "crumple.toml::truncation[latency_p95]": "passed",
    }
    assert session.code == 1
    said = session.said["crumple.toml::encoding"]
    assert said.startswith("On these documents encoding fails 100 % of the time, at least")
    assert "mutator " in said, "of one category the mutators are shown"
    assert "crashed: ValueError at mine.py:read\n  pytest crumple.toml --crumple-replay '" in said
    assert SECRET not in said, "JUnit files hold it, and get figures only"
    assert SECRET in session.beside["crumple.toml::encoding"]
    assert session.said["crumple.toml::encoding[silent]"].endswith(
        "it needs at least 400 documents like these, and the corpus has 4; the limit is at most 1 %"
    )


def test_lanes_are_started_once_no_call_is_made_twice_and_they_are_ended(lanes: FakeLanes, here: Path) -> None:
    run("--crumple", "--crumple-calls=150")
    assert (lanes.started, lanes.closed) == (1, 1)
    assert len(set(drawn(lanes.asked))) == len(lanes.asked)
    assert sum(not each.recipe.steps for each in lanes.asked) == 4, "clean calls are made once a session"
    assert len({each.id for each in lanes.asked}) == len(lanes.asked)


def test_an_item_makes_its_own_calls_alone_and_the_same_whatever_runs_beside_it(lanes: FakeLanes, here: Path) -> None:
    whole = run("--crumple", "--crumple-calls=150")
    of_all = {each for each in drawn(lanes.asked) if "encoding" in each[2]}
    lanes.asked.clear()
    alone = run("crumple.toml::encoding", "--crumple-calls=150")
    degraded = [each for each in lanes.asked if each.recipe.steps]
    assert {each.mutator.partition(".")[0] for each in degraded} == {"encoding"}
    assert set(drawn(degraded)) <= of_all
    assert alone.said["crumple.toml::encoding"] == whole.said["crumple.toml::encoding"]


def test_another_seed_draws_others_and_the_same_seed_the_same(lanes: FakeLanes, here: Path) -> None:
    asked = []
    for seed in ("1", "2", "1"):
        run("crumple.toml::truncation", "--crumple-seed", seed, "--crumple-calls=60")
        asked.append(drawn(lanes.asked))
        lanes.asked.clear()
    assert asked[0] == asked[2] != asked[1]


def test_of_each_xdist_worker_lanes_are_a_share_and_the_calls_are_the_same(
    lanes: FakeLanes, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path("crumple.toml").read_text("utf-8")
    Path("crumple.toml").write_text(text + "[run]\nworkers = 6\n", "utf-8")
    run("crumple.toml::truncation", "--crumple-calls=60")
    alone = drawn(lanes.asked)
    lanes.asked.clear()
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "3")
    run("crumple.toml::truncation", "--crumple-calls=60")
    assert lanes.counts == [6, 2]
    assert drawn(lanes.asked) == alone


def test_a_limit_on_clean_documents_calls_all_of_them_and_nothing_else(lanes: FakeLanes, tmp_path: Path) -> None:
    lanes.answer = lambda work: WRONG if work.case == "3.json" else RIGHT
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project(tmp_path / "many", limit("clean", "0%"), documents=12))
        session = run("--crumple", "--crumple-calls=12")
    assert [each.recipe.steps for each in lanes.asked] == [()] * 12
    said = session.said["crumple.toml::clean"]
    assert said.startswith("Clean documents fail 8.3 % of the time, on all 12 clean documents that there are")
    assert "clean: silently wrong: /total\n  pytest crumple.toml --crumple-replay 3.json" in said


def test_undecided_fails_where_that_is_asked_for(lanes: FakeLanes, here: Path) -> None:
    session = run("crumple.toml::encoding[silent]", "--crumple-strict", "--crumple-calls=60")
    assert session.outcomes == {"crumple.toml::encoding[silent]": "failed"}


def test_where_no_mutator_applies_the_limit_is_undecided_and_says_why(lanes: FakeLanes, tmp_path: Path) -> None:
    system = sessions.SYSTEM.replace("'truncation.cut'", "'scan.skew'")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project(tmp_path / "pages", limit("scan", "5%"), system=system))
        session = run("--crumple")
    assert session.outcomes == {"crumple.toml::scan": "skipped"}
    assert "no document of the corpus can be seen as Page" in session.said["crumple.toml::scan"]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (WRONG, "void: Every case fails clean: none of 4 clean"),
        (VOID, "void: One call after the other came to nothing"),
    ],
)
def test_what_says_nothing_about_the_system_is_an_error(
    lanes: FakeLanes, here: Path, verdict: Verdict, said: str
) -> None:
    lanes.answer = lambda work: verdict
    session = run("crumple.toml::encoding", "crumple.toml::truncation")
    assert set(session.outcomes.values()) == {"error"}
    assert session.said["crumple.toml::encoding"].startswith(said) or verdict is VOID
    assert "void: " in session.said["crumple.toml::truncation"]


def test_a_limit_on_clean_documents_is_broken_where_all_of_them_fail(lanes: FakeLanes, here: Path) -> None:
    lanes.answer = lambda work: WRONG
    assert run("crumple.toml::clean").outcomes == {"crumple.toml::clean": "failed"}


def test_collecting_calls_nothing_and_starts_nothing(lanes: FakeLanes, here: Path) -> None:
    session = run("--crumple", "--co", "-q")
    assert len(session.collected) == 5
    assert (lanes.started, lanes.asked) == (0, [])


def test_nothing_is_written_into_the_project(lanes: FakeLanes, here: Path) -> None:
    before = sorted(here.rglob("*"))
    run("crumple.toml::encoding", "--crumple-calls=60")
    assert sorted(here.rglob("*")) == before


def test_without_a_contract_each_category_passes_and_shows_its_rates(lanes: FakeLanes, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project(tmp_path / "project"))
        session = run("--crumple", "--crumple-calls=100")
        whole = len(lanes.asked)
        lanes.asked.clear()
        run("--crumple")
    assert session.outcomes == {"crumple.toml::encoding": "passed", "crumple.toml::truncation": "passed"}
    shown = session.beside["crumple.toml::encoding"]
    assert "There is no [contract], so no rate is too high" in shown
    assert "100 %" in shown
    assert whole <= 200
    assert len(lanes.asked) <= 1000, "together they are one run of crumple"


def test_all_time_and_money_are_shared_by_the_limits(lanes: FakeLanes, tmp_path: Path) -> None:
    system = sessions.SYSTEM.replace("[corpus]", "cost = 0.5\n[corpus]") + "[run]\ncalls = 200\ncost = 40\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project(tmp_path / "dear", limit("encoding", "1%") + limit("truncation", "1%"), system=system))
        lanes.answer = lambda work: RIGHT
        run("--crumple")
    assert 20 < len(lanes.asked) <= 80


def test_what_would_take_hours_is_not_begun_before_somebody_allows_it(lanes: FakeLanes, here: Path) -> None:
    lanes.seconds = 60.0
    session = run("crumple.toml::truncation", "crumple.toml::clean")
    assert session.outcomes["crumple.toml::truncation"] == "error"
    assert session.outcomes["crumple.toml::clean"] == "passed"
    assert session.said["crumple.toml::truncation"].startswith("[run]: this may take up to 99")
    assert len(lanes.asked) == 4


def test_the_configuration_at_the_root_is_come_by_wherever_testpaths_lead(lanes: FakeLanes, here: Path) -> None:
    Path("pytest.ini").write_text("[pytest]\ntestpaths = tests\ncrumple = true\n", "utf-8")
    Path("tests").mkdir()
    Path("tests/test_own.py").write_text("def test_own(): pass\n", "utf-8")
    all_of_them = run("--co", "-q").collected
    assert "tests/test_own.py::test_own" in all_of_them
    assert "crumple.toml::truncation" in all_of_them
    assert run("--co", "-q", "tests").collected == ["tests/test_own.py::test_own"], "what was named is what is meant"


def test_a_table_in_pyproject_and_a_folder_below_are_configurations_too(lanes: FakeLanes, tmp_path: Path) -> None:
    below = project(tmp_path / "one" / "below", limit("encoding", "5%"))
    toml = (
        (below / "crumple.toml")
        .read_text("utf-8")
        .replace("[[", "[[tool.crumple.")
        .replace("\n[s", "\n[tool.crumple.s")
    )
    toml = "[" + toml.removeprefix("[").replace("\n[corpus", "\n[tool.crumple.corpus").replace(
        "\n[mut", "\n[tool.crumple.mut"
    )
    other = project(tmp_path / "one" / "other", limit("encoding", "5%"))
    (other / "crumple.toml").unlink()
    (other / "pyproject.toml").write_text(toml.replace("[system]", "[tool.crumple.system]"), "utf-8")
    (tmp_path / "one" / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "one")
        session = run("--crumple", "--crumple-calls=60")
    assert list(session.outcomes) == ["below/crumple.toml::encoding", "other/pyproject.toml::encoding"]
    assert "pytest below/crumple.toml --crumple-replay" in session.said["below/crumple.toml::encoding"]


def test_where_there_is_nothing_to_do_that_is_said_with_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("test_plain_own.py").write_text("def test_own(): pass\n", "utf-8")
    session = run("--crumple")
    assert session.code == pytest.ExitCode.USAGE_ERROR
    assert f"[tool.crumple], in {tmp_path}, and no test is marked" in "".join(capsys.readouterr())
    Path("test_plain_own.py").rename("test_marked_own.py")
    Path("test_marked_own.py").write_text(
        "import pytest\n@pytest.mark.crumple\ndef test_own(degraded): pass\n", "utf-8"
    )
    assert run("--crumple", "--co").code == pytest.ExitCode.OK, "marked tests alone use it"


def test_a_broken_configuration_is_said_as_on_the_command_line(here: Path) -> None:
    Path("crumple.toml").write_text(sessions.SYSTEM + limit("encodign", "5%"), "utf-8")
    (flaw,) = run("--crumple").flaws
    assert flaw.startswith("crumple.toml, line 8, [contract]: limit 1: 'encodign' is neither")
    assert "Did you mean 'encoding'?" in flaw
    assert "Traceback" not in flaw


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_a_number_of_calls_that_is_none_is_a_usage_error(
    here: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(f"--crumple-calls={number}").code == pytest.ExitCode.USAGE_ERROR
    assert f"it must be a whole number from 1 on, not '{number}'" in capsys.readouterr().err


def test_a_budget_that_is_too_small_says_how_large_it_must_be(lanes: FakeLanes, here: Path) -> None:
    session = run("crumple.toml::encoding", "--crumple-calls=5")
    assert set(session.outcomes.values()) == {"error"}
    assert "Allow at least 14 calls" in session.said["crumple.toml::encoding"]


def test_ctrl_c_ends_the_lanes(lanes: FakeLanes, here: Path) -> None:
    def interrupted(work: Work) -> Verdict:
        raise KeyboardInterrupt

    lanes.answer = interrupted
    assert run("--crumple").code == pytest.ExitCode.INTERRUPTED
    assert (lanes.started, lanes.closed) == (1, 1)


def test_a_system_that_cannot_be_loaded_is_tried_once(
    lanes: FakeLanes, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crumple.errors import CrumpleError

    def fails(self: FakeLanes) -> FakeLanes:
        self.started += 1
        raise CrumpleError("there is no module 'mine'", where="[system] call")

    monkeypatch.setattr(FakeLanes, "__enter__", fails)
    session = run("crumple.toml::encoding", "crumple.toml::truncation")
    assert set(session.outcomes.values()) == {"error"}
    assert session.said["crumple.toml::truncation"] == "[system] call: there is no module 'mine'."
    assert lanes.started == 1


def test_where_workers_cannot_run_items_say_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple.pytest_plugin.worker_item.able", lambda: False)
    monkeypatch.setattr("crumple.pytest_plugin.contract_items.able", lambda: False)
    session = run("--crumple")
    assert set(session.outcomes.values()) == {"skipped"}
    assert session.said["crumple.toml::encoding"] == f"Skipped: {session_lanes.NOT_HERE}"


def test_a_line_is_replayed_where_the_corpus_has_its_case(lanes: FakeLanes, here: Path) -> None:
    session = run("crumple.toml", "--crumple-replay", "1.json > encoding.json_bom(seed=1)")
    assert session.outcomes == {"crumple.toml::replay": "failed"}
    assert session.said["crumple.toml::replay"].startswith("crashed: ValueError at mine.py:read")
    assert SECRET in session.beside["crumple.toml::replay"]
    assert [each.case for each in lanes.asked] == ["1.json", "1.json"]
    assert run("--crumple-replay", "1.json").outcomes == {"crumple.toml::replay": "passed"}


def test_a_line_that_means_nothing_here_is_said(
    lanes: FakeLanes, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--crumple-replay", "9.json > encoding.json_bom(seed=1)").code == pytest.ExitCode.USAGE_ERROR
    assert "corpus has no case '9.json'" in "".join(capsys.readouterr())
    (flaw,) = run("--crumple-replay", "1.json > encoding.json_bom(seed=1").flaws
    assert flaw.startswith("recipe, character 26: expected ')'")


def test_names_say_what_limits_are_on_and_stay_where_others_are_added() -> None:
    one = Limit(of="scan", metric=Metric.FAILURES, bound=0.05)
    others = [
        Limit(of="scan", metric=Metric.SILENT, bound=0.01),
        Limit(of="scan.skew", metric=Metric.FAILURES, bound=0.01, up_to_level=3),
        Limit(of="clean", metric=Metric.ACCURACY, bound=0.9),
        Limit(of="production", metric=Metric.LATENCY, bound=2),
    ]
    names = names_of([one, *others])
    assert names == ["scan", "scan[silent]", "scan.skew[up to level 3]", "clean[accuracy]", "production[latency_p95]"]
    assert names_of([one]) == ["scan"]
    beside = Limit(of="scan", metric=Metric.FAILURES, bound=0.01, about="these documents")
    assert names_of([one, beside]) == ["scan[documents like these]", "scan[these documents]"]


def test_what_an_item_left_behind_is_no_result_of_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLanes(lambda work: CRASHED if work.case == "a" else RIGHT)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", fake)
    session = SessionLanes(None, 1)  # type: ignore[arg-type]  # never looked at
    first, second = ItemLanes(session), ItemLanes(session)
    first.put([Work(1, "a", Recipe(), key="clean/a/0")])  # and it is interrupted
    second.put([Work(1, "b", Recipe(), key="clean/b/0")])
    (result,) = second.results()
    assert (result.work.id, result.work.case, result.verdict) == (1, "b", RIGHT)
    third = ItemLanes(session)
    third.put([Work(7, "a", Recipe(), key="clean/a/0")])
    (known,) = third.results()
    assert (known.work.id, known.verdict) == (7, CRASHED)
    assert len(fake.asked) == 2


def test_secrets_are_in_nothing_that_is_said(lanes: FakeLanes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2hunter2")
    system = sessions.SYSTEM.replace("[corpus]", "env = { T = '${TOKEN}' }\n[corpus]")
    monkeypatch.chdir(project(tmp_path / "secret", limit("encoding", "5%"), system=system))
    fingerprint = Verdict(CRASHED.outcome, failure=True, fingerprint="crashed hunter2hunter2")
    lanes.answer = lambda work: fingerprint if work.mutator else RIGHT
    session = run("--crumple", "--crumple-calls=60")
    assert lanes.specs[0].discretion == Discretion(secrets={"TOKEN": "hunter2hunter2"}, store="failing")
    assert session.outcomes == {"crumple.toml::encoding": "failed"}
