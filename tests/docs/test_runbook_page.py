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
from doc_examples import block, blocks, text_of, words_of, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/runbook.md")
_LINES = [line for each in blocks("docs/runbook.md") if each.language == "sh" for line in each.text.splitlines()]
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
    _, _, baseline = words_of("docs/runbook.md", "crumple replay all")
    run(*baseline)
    shown = run("nightly", "--no-write")
    assert shown.strip() in run("show", "latest")
    history, _, findings = words_of("docs/runbook.md", "crumple history --last 14")
    for words in (history, findings, *words_of("docs/runbook.md", "crumple prune")):
        run(*words)
    copied, listed = block("docs/runbook.md", "(umask 077").splitlines()
    done = subprocess.run(["sh", "-c", copied.replace("python ", f"{shlex.quote(sys.executable)} ", 1)], check=False)
    assert done.returncode == 0
    assert (tmp_path / "backup.db").stat().st_mode & 0o077 == 0, "its owner's alone"
    assert run(*shlex.split(listed)[1:]) == run("runs")


@pytest.mark.skipif(not shutil.which("timeout"), reason="no timeout here")
@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (1, "the report\n"), (4, "the report\n")])
def test_cron_mails_what_ends_otherwise_than_well(tmp_path: Path, code: int, mailed: str) -> None:
    (line,) = (each for each in block("docs/runbook.md", "MAILTO").splitlines() if each.startswith("0 2 * * * "))
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
    write_page("docs/runbook.md", tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"crumple-night.service", "crumple-night.timer"}
    assert "systemctl --user enable --now crumple-night.timer" in _LINES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = sorted(write_page("docs/runbook.md", tmp_path).iterdir())
    for path in units:
        here = path.read_text("utf-8").replace("%h/invoices/.venv/bin/crumple", shutil.which("true") or "")
        path.write_text(here.replace("%h", str(tmp_path)), "utf-8")
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
