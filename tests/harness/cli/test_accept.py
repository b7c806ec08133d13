"""`crumple accept`: who lets a finding be, why, and until when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.findings.finding import Replaying
from crumple.findings.folder import Folder
from kept_findings import BOM, TODAY, finding

MARK, NAME = "wrong /total (another scale)", "encoding-11111111"
LATER = dt.date.today() + dt.timedelta(days=90)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command_line, ["accept", *words], prog_name="crumple")
    return done.exit_code, " ".join((done.stdout + done.stderr).split())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crumple.toml").write_text('[system]\ncall = "mine:read"\n[corpus]\npath = "corpus"\n')
    folder = Folder(tmp_path)
    folder.write(finding(NAME, BOM, MARK))
    return folder


def test_an_acceptance_is_written_with_all_its_terms_and_can_be_taken_back(here: Folder) -> None:
    code, said = run("enc", "--reason", "from May on", "--until", "90d", "--ticket", "OPS-12", "--by", "Ada")
    assert code == 0
    assert f"is accepted until {LATER}, by Ada: silently wrong: /total" in said
    kept = here.read(NAME)
    assert kept.accepted is not None
    assert (kept.state, kept.accepted.reason, kept.accepted.until) == ("accepted", "from May on", LATER)
    assert (kept.accepted.by, kept.accepted.ticket, kept.accepted.when) == ("Ada", "OPS-12", dt.date.today())
    page = (here.path / NAME / "README.md").read_text("utf-8")
    assert f"until {LATER}, OPS-12: from May on" in page
    assert run(NAME, "--reopen") == (0, f"{NAME} is open again.")
    again = here.read(NAME)
    assert (again.state, again.accepted) == ("open", None)
    assert [each.state for each in again.history] == ["open", "accepted", "open"]
    assert "from May on" in again.history[1].why


def test_whoever_says_nothing_is_who_git_says_or_the_login(here: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("LOGNAME", "grace")
    assert run(NAME, "--reason", "x", "--until", str(LATER))[0] == 0
    kept = here.read(NAME)
    assert kept.accepted is not None
    assert kept.accepted.by == "grace"


def test_accepting_what_has_changed_accepts_what_it_does_now(here: Folder) -> None:
    now = Replaying(status="CHANGED", when=TODAY, fingerprint="crashed KeyError")
    here.write(finding(NAME, BOM, MARK, replayed=now))
    assert run(NAME, "--reason", "x", "--until", "1d", "--by", "Ada")[0] == 0
    assert here.read(NAME).fingerprints == (MARK, "crashed KeyError")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((NAME, "--until", "90d"), "--reason: say why"),
        ((NAME, "--until", "90d", "--reason", " "), "--reason: say why"),
        ((NAME, "--reason", "x"), "--until: say until when"),
        ((NAME, "--reason", "x", "--until", "2020-01-01"), "is not in the future"),
        ((NAME, "--reason", "x", "--until", "soon"), 'neither a day such as 2027-03-31 nor a time such as "90d"'),
        ((NAME, "--reason", "x", "--until", "9999999999d"), "neither a day"),
        ((NAME, "--reopen"), "it is open, not accepted"),
        ((NAME, "--reopen", "--reason", "x"), "goes with neither"),
        (("encodign-1", "--reopen"), f"Did you mean '{NAME}'?"),
    ],
)
def test_mistakes_change_nothing(words: tuple[str, ...], said: str, here: Folder) -> None:
    before = here.read(NAME)
    code, told = run(*words)
    assert (code, said in told) == (2, True), told
    assert here.read(NAME) == before


def test_what_is_fixed_is_not_accepted(here: Folder) -> None:
    here.write(finding(NAME, BOM, MARK, state="fixed"))
    code, said = run(NAME, "--reason", "x", "--until", "90d")
    assert (code, "it is fixed: there is nothing to accept" in said) == (2, True)
