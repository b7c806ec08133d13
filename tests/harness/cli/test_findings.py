"""`crumple findings`: what is kept, in a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.findings.finding import Acceptance
from crumple.findings.folder import Folder
from kept_findings import BOM, TODAY, finding

MARK = "wrong /total (another scale)"


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, ["findings", *words], prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crumple.toml").write_text('[system]\ncall = "mine:read"\n[corpus]\npath = "corpus"\n')
    return Folder(tmp_path)


def test_without_findings_it_says_what_looks_for_some() -> None:
    assert run() == (0, "There are no findings; `crumple fuzz` looks for some.\n", "")
    assert run("--json") == (0, "[]\n", "")


def test_the_open_ones_come_first_with_what_happens_and_how_to_call_them(here: Folder) -> None:
    given = Acceptance(reason="later", by="Ada", until=TODAY.replace(year=2099), when=TODAY)
    over = replace(given, until=TODAY)
    here.write(finding("encoding-11111111", BOM, MARK, state="fixed"))
    here.write(finding("encoding-22222222", BOM, MARK, state="accepted", accepted=given))
    here.write(finding("encoding-33333333", BOM, MARK, state="accepted", accepted=over))
    here.write(finding("encoding-44444444", BOM, MARK, seen=12))
    code, out, _ = run()
    assert code == 0
    lines = out.splitlines()
    assert [each.split()[0] for each in lines if each.startswith("encoding")] == [
        f"encoding-{each * 8}" for each in "3421"
    ]
    assert "open" in lines[1]
    assert "(accepted until 2026-03-01, which is over)" in " ".join(out.split())
    assert "accepted until 2099-03-01" in out
    assert "12 silently wrong: /total (another scale)" in " ".join(out.split())
    assert lines[-1].startswith("2 open, 1 accepted, 1 fixed. `crumple replay encoding-33333333` calls one again,")
    rows = json.loads(run("--json", "--state", "open")[1])
    assert [(each["id"], each["state"], each["replay"]) for each in rows] == [
        (f"encoding-{each * 8}", "open", f"crumple replay encoding-{each * 8}") for each in "34"
    ]


def test_replay_lines_name_the_configuration_where_it_is_not_found_by_itself(here: Folder) -> None:
    here.write(finding("table-11111111", BOM, MARK, config="other.toml"))
    here.write(finding("text-22222222", BOM, MARK))

    def lines(*words: str) -> list[str]:
        return [each["replay"].removeprefix("crumple replay ") for each in json.loads(run("--json", *words)[1])]

    assert lines() == ["table-11111111 --config other.toml", "text-22222222"]
    assert lines("--config", ".") == ["table-11111111 --config other.toml", "text-22222222 --config ."]


def test_one_that_cannot_be_read_is_said_and_the_others_are_listed(here: Folder) -> None:
    here.write(finding("encoding-11111111", BOM, MARK))
    (here.path / "text-22222222").mkdir()
    code, out, err = run()
    assert (code, "encoding-11111111" in out) == (2, True)
    assert err.startswith("not read: findings/text-22222222: there is no finding.json in it.")
