"""docs/runbook.md: what can be run is run, every other command is parsed, the units are read by systemd where it is."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.cli.group import COMMANDS
from doc_examples import SHELL
from lanes_here import LanesHere

PAGE = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text("utf-8")
_UNIT = re.compile(r"^```ini\n# (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CRON = re.compile(r"^```cron\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINES = [line for block in SHELL.findall(PAGE) for line in block.splitlines()]
_SPOKEN = [" ".join(each.split()) for each in re.findall(r"`(crumple [^`]+)`", PAGE)]
_SOON = {"ci"}
"""Commands that may not be there yet."""


def commands() -> list[list[str]]:
    """Every crumple command of the page, as words after its name."""
    said = [*_SPOKEN, *(line for line in _LINES if line.startswith("crumple "))]
    return [shlex.split(each)[1:] for each in dict.fromkeys(said)]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_of_the_page_is_one(words: list[str]) -> None:
    if words[0] in _SOON and words[0] not in COMMANDS:
        pytest.skip("not there yet")
    command = command_line.get_command(None, words[0])  # type: ignore[arg-type]
    assert command is not None, words
    with command.make_context(words[0], words[1:]) as context:
        assert isinstance(context, click.Context)


def test_a_morning_goes_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "orders.py").write_text("def total(document: bytes):\n    return len(document.decode('utf-8-sig'))\n")
    (tmp_path / "crumple.toml").write_text(
        '[system]\ncall = "orders:total"\n[corpus]\npath = "corpus"\n[judge]\nkind = "exact"\n[nightly]\ncalls = 60\n'
        '[mutate]\nuse = ["encoding.bom"]\n'
    )
    (tmp_path / "corpus").mkdir()
    for name in ("order-17", "order-18"):
        (tmp_path / "corpus" / f"{name}.txt").write_text("Total 43.20\n", "utf-8")
        (tmp_path / "corpus" / f"{name}.txt.truth.json").write_text("12", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)

    def run(*words: str) -> str:
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        assert done.exit_code == 0, (words, done.output)
        return done.stdout

    assert run("nightly").startswith("There is no baseline yet")
    (baseline,) = (each for each in _LINES if each.startswith("crumple baseline"))
    run(*shlex.split(baseline)[1:])
    shown = run("nightly", "--no-write")
    assert shown.strip() in run("show", "latest")
    for line in ("crumple history --last 14", "crumple findings", "crumple prune --older-than 90d"):
        assert line in _LINES
        run(*shlex.split(line)[1:])
    (copied,) = (each for each in _LINES if "backup(" in each)
    done = subprocess.run(["sh", "-c", copied.replace("python ", f"{shlex.quote(sys.executable)} ", 1)], check=False)
    assert done.returncode == 0
    assert (tmp_path / "backup.db").stat().st_mode & 0o077 == 0, "its owner's alone"
    assert run("runs", "--store", "backup.db") == run("runs")


@pytest.mark.skipif(not shutil.which("timeout"), reason="no timeout here")
@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (1, "the report\n"), (4, "the report\n")])
def test_cron_mails_what_ends_otherwise_than_well(tmp_path: Path, code: int, mailed: str) -> None:
    (line,) = (each for each in _CRON.findall(PAGE)[0].splitlines() if each.startswith("0 2 * * * "))
    assert "%" not in line, "cron reads it as the end of the command"
    stub = tmp_path / "invoices" / ".venv" / "bin" / "crumple"
    stub.parent.mkdir(parents=True)
    stub.write_text(f'#!/bin/sh\ntest "$1" = nightly && echo the report\nexit {code}\n')
    stub.chmod(0o700)
    done = subprocess.run(
        ["sh", "-c", line.split(maxsplit=5)[5]], cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.stdout, done.stderr) == (mailed, "")


def test_the_units_name_what_each_other_is_called(tmp_path: Path) -> None:
    units = dict(_UNIT.findall(PAGE))
    assert {name.rpartition(".")[0] for name in units} == {"crumple-night"}
    assert "systemctl --user enable --now crumple-night.timer" in _LINES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name, text in _UNIT.findall(PAGE):
        here = text.replace("%h/invoices/.venv/bin/crumple", shutil.which("true") or "").replace("%h", str(tmp_path))
        (tmp_path / name).write_text(here, "utf-8")
    units = sorted(str(each) for each in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    named = [line for line in done.stderr.splitlines() if "crumple-night" in line]
    assert not named


def test_every_exit_code_of_a_night_is_in_the_checklist() -> None:
    said = {code for row in re.findall(r"^\| ([\d, ]+) \|", PAGE, re.MULTILINE) for code in row.split(", ")}
    command = command_line.get_command(None, "nightly")  # type: ignore[arg-type]
    assert command is not None
    codes = " ".join(str(command.help).partition("Exit codes:")[2].split())
    assert set(re.findall(r"(?:^|; )(\d+) ", codes.strip())) <= said
