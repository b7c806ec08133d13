"""`pytest --crumple` calls findings again, one item each: what a push is told of what is known, fixed and accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crumple.findings.finding import Acceptance, Finding, Paper
from crumple.findings.folder import Folder
from crumple.outcome import Verdict
from crumple.pytest_plugin.finding_items import Verdict as Told
from crumple.pytest_plugin.finding_items import judged
from crumple.result import Work
from kept_findings import finding
from pytest_sessions import RIGHT, SECRET, VOID, WRONG, FakeLanes, limit, project, run

TODAY = dt.date(2026, 3, 1)
BOM = "encoding.json_bom(seed=1)"
FAILS, OTHERWISE = WRONG, replace(WRONG, wrong=("/customer",), fingerprint="wrong /customer")


def known(name: str, state: str = "open", *, until: dt.date = dt.date(2099, 1, 1), digest: str = "") -> Finding:
    accepted = Acceptance(reason="later", by="Ann", until=until, when=TODAY) if state == "accepted" else None
    return finding(
        name, BOM, "wrong /total", case="1.json", state=state, accepted=accepted, degraded=Paper(digest=digest)
    )


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> FakeLanes:
    """In the place of crumple's workers: a byte order mark makes a total wrong."""
    fake = FakeLanes(lambda work: FAILS if work.recipe.steps else RIGHT)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", fake)
    return fake


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes a project with findings, and goes there."""

    def made(*findings: Finding) -> Path:
        monkeypatch.chdir(project(tmp_path / "project", limit("encoding", "5%")))
        for each in findings:
            Folder(Path.cwd()).write(each)
        return Path.cwd()

    return made


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [
        ("fixed", "FIXED", "passes"),
        ("fixed", "FAILS", "fails"),
        ("fixed", "CHANGED", "fails"),
        ("fixed", "FLAKY", "fails"),
        ("open", "FAILS", "known"),
        ("open", "CHANGED", "known"),
        ("open", "FLAKY", "known"),
        ("open", "FIXED", "closes"),
        ("accepted", "FAILS", "known"),
        ("accepted", "FLAKY", "known"),
        ("accepted", "CHANGED", "fails"),
        ("accepted", "FIXED", "closes"),
        ("fixed", "ERROR", "untold"),
        ("open", "ERROR", "untold"),
        ("open", "OTHER BYTES", "other"),
    ],
)
def test_what_a_push_is_told(state: str, status: str, told: Told) -> None:
    assert judged(known("encoding-1", state), status, None, TODAY) == told


def test_an_acceptance_that_is_over_excuses_nothing() -> None:
    over = known("encoding-1", "accepted", until=dt.date(2026, 2, 28))
    assert judged(over, "FAILS", None, TODAY) == "fails"
    assert judged(over, "FIXED", None, TODAY) == "closes"
    assert judged(replace(over, accepted=known("x", "accepted").accepted), "FAILS", None, TODAY) == "known"


def test_where_the_document_is_another_the_one_that_was_kept_tells() -> None:
    assert judged(known("encoding-1", "fixed"), "OTHER BYTES", True, TODAY) == "fails"
    assert judged(known("encoding-1", "fixed"), "OTHER BYTES", False, TODAY) == "passes"


def test_findings_come_before_limits_and_each_is_told_for_itself(lanes: FakeLanes, here: Callable[..., Path]) -> None:
    here(
        known("encoding-1"),
        known("encoding-2", "fixed"),
        known("encoding-3", "accepted"),
        known("encoding-4", "accepted", until=TODAY),
        replace(known("encoding-5"), case="gone.json"),
        replace(known("encoding-6"), recipe=replace(known("x").recipe, steps=known("x").recipe.steps * 2)),
    )
    (Path("findings") / "encoding-7").mkdir()
    (Path("findings") / "encoding-7" / "finding.json").write_text("{", "utf-8")
    lanes.answer = lambda work: FAILS if len(work.recipe.steps) == 1 else RIGHT
    session = run("--crumple", "--crumple-calls=60")
    at = "crumple.toml::findings/encoding-"
    assert {name.removeprefix(at): outcome for name, outcome in session.outcomes.items() if name.startswith(at)} == {
        "1": "xfailed",
        "2": "failed",
        "3": "xfailed",
        "4": "failed",
        "5": "error",
        "6": "xpassed",
        "7": "error",
    }
    assert session.collected[-1] == "crumple.toml::encoding"
    said = session.said[f"{at}2"]
    assert said.startswith("silently wrong: /total, in 2 of 2 calls\nIt was fixed, and fails again.")
    assert f"  pytest {at}2" in said
    assert SECRET not in said
    assert SECRET in session.beside[f"{at}2"]
    assert "accepted until 2099-01-01 by Ann" in session.said[f"{at}3"]
    assert "accepted until 2026-03-01 by Ann, which is over" in session.said[f"{at}4"]
    assert "its case 'gone.json' is not in the corpus any more" in session.said[f"{at}5"]
    assert "`crumple replay encoding-6` closes it" in session.said[f"{at}6"]
    assert "findings/encoding-7/finding.json, line 1" in session.said[f"{at}7"]
    assert lanes.started == 1
    assert sum(not each.recipe.steps for each in lanes.asked if each.case == "1.json") == 1


def test_what_passes_unexpectedly_fails_only_where_that_is_asked_for(
    lanes: FakeLanes, here: Callable[..., Path]
) -> None:
    here(known("encoding-1"))
    lanes.answer = lambda work: RIGHT
    name = "crumple.toml::findings/encoding-1"
    assert run(name).outcomes == {name: "xpassed"}
    assert run(name, "--crumple-strict").outcomes == {name: "failed"}
    Path("pytest.ini").write_text("[pytest]\nxfail_strict = true\n", "utf-8")
    assert run(name).outcomes == {name: "failed"}


def test_one_that_fails_otherwise_than_was_accepted_fails(lanes: FakeLanes, here: Callable[..., Path]) -> None:
    here(known("encoding-1", "accepted"), known("encoding-2"))
    lanes.answer = lambda work: OTHERWISE if work.recipe.steps else RIGHT
    session = run("--crumple", "-k", "findings")
    assert list(session.outcomes.values()) == ["failed", "xfailed"]
    assert "It fails in another way than was accepted." in session.said["crumple.toml::findings/encoding-1"]
    assert "in another way than when it was found" in session.said["crumple.toml::findings/encoding-2"]


def test_where_nothing_can_be_told_that_is_an_error(lanes: FakeLanes, here: Callable[..., Path]) -> None:
    here(known("encoding-1", "fixed"), known("encoding-2"))

    def unreachable(work: Work) -> Verdict:
        return VOID if work.recipe.steps else RIGHT

    lanes.answer = unreachable
    session = run("--crumple", "-k", "findings")
    assert set(session.outcomes.values()) == {"error"}
    assert session.said["crumple.toml::findings/encoding-1"].startswith("it cannot be told whether it fails: ")


def test_one_whose_document_is_another_and_was_not_kept_is_skipped(lanes: FakeLanes, here: Callable[..., Path]) -> None:
    here(known("encoding-1", "fixed", digest="00" * 16))
    lanes.digest = "11" * 16
    session = run("--crumple", "-k", "findings")
    assert session.outcomes == {"crumple.toml::findings/encoding-1": "skipped"}
    assert "its recipe makes another document now" in session.said["crumple.toml::findings/encoding-1"]


def test_findings_are_left_as_they_are(lanes: FakeLanes, here: Callable[..., Path]) -> None:
    where = here(known("encoding-1", "fixed"), known("encoding-2"))
    before = {each: each.read_bytes() for each in where.rglob("*") if each.is_file()}
    run("--crumple", "-k", "findings")
    assert before == {each: each.read_bytes() for each in where.rglob("*") if each.is_file()}


def test_those_of_another_configuration_are_not_this_one_s(lanes: FakeLanes, here: Callable[..., Path]) -> None:
    here(replace(known("encoding-1"), config="other.toml"))
    assert run("--crumple", "--co", "-q").collected == ["crumple.toml::encoding"]
