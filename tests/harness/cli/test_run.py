"""`crumple run` and `crumple replay` against real systems in real processes."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

MAIN = [sys.executable, "-c", "from crumple.cli import main; main()"]

SYSTEM = """
import json, os, sys, time

def read(document: bytes) -> dict:
    return json.loads(document)

def never_right(document: bytes) -> dict:
    return {"total": -1}

def crashes(document: bytes) -> dict:
    raise LookupError("no total on \\x1b[31mpage 1, key " + os.environ["KEY"])

def slow(document: bytes) -> dict:
    time.sleep(0.05)
    return json.loads(document)
"""


def folder(tmp_path: Path, *, call: str = "read", more: str = "", truth: bool = True) -> Path:
    """A corpus of three JSON files, a system, and a configuration with a budget for a few rounds."""
    (tmp_path / "corpus").mkdir()
    for name, total in (("a", 10.5), ("b", 20.25), ("c", 30.75)):
        content = json.dumps({"total": total, "customer": "Café Zoë", "supplier": "Bäckerei Groß"}, ensure_ascii=False)
        (tmp_path / "corpus" / f"{name}.json").write_text(content, encoding="utf-8")
        if truth:
            (tmp_path / "corpus" / f"{name}.json.truth.json").write_text(content, encoding="utf-8")
    (tmp_path / "mine.py").write_text(SYSTEM)
    (tmp_path / "crumple.toml").write_text(
        f'[system]\ncall = "mine:{call}"\nspare = 0\nenv = {{ KEY = "${{KEY}}" }}\n[corpus]\npath = "corpus"\n'
        f'[mutate]\nuse = ["encoding.bom", "encoding.utf16", "encoding.line_endings"]\n[run]\nworkers = 1\n{more}'
    )
    return tmp_path


def crumple(where: Path, *words: str, width: str = "80") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KEY": "hunter2-secret", "COLUMNS": width}
    return subprocess.run(
        [*MAIN, *words], cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def test_a_run_prints_rates_writes_json_and_its_failures_replay(tmp_path: Path) -> None:
    where = folder(tmp_path)
    done = crumple(where, "run", "--calls", "33", "--json", "result.json")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert re.match(r"\d+ of 30 degraded calls failed", done.stdout)
    assert "\x1b" not in done.stdout + done.stderr
    assert "clean: 3 calls" in done.stderr
    result = document(where / "result.json")
    assert (result["schema"], result["run"]["calls"], result["run"]["ended"]) == (1, 33, "calls")
    assert result["mutators"]["encoding.bom"]["failures"] == 10
    line = next(line for line in done.stdout.splitlines() if "encoding.bom(" in line and "replay" in line)
    words = shlex.split(line.strip().removeprefix("replay"))
    assert words[:2] == ["crumple", "replay"]
    again = crumple(where, *words[1:])
    assert again.returncode == 1
    assert "clean: " in again.stdout
    assert "outcome   right" in again.stdout
    assert "outcome   crashed" in again.stdout
    assert "in read" in again.stdout


def test_the_same_seed_makes_the_same_calls(tmp_path: Path) -> None:
    where = folder(tmp_path)
    for name in ("one", "two"):
        assert crumple(where, "run", "--calls", "15", "--seed", "4", "--json", name).returncode == 0
    one, two = document(where / "one"), document(where / "two")
    assert one["mutators"] == two["mutators"]
    assert one["buckets"] == two["buckets"]


def test_every_case_failing_clean_is_void_with_what_the_system_said(tmp_path: Path) -> None:
    where = folder(tmp_path, call="crashes")
    done = crumple(where, "run", "--json", "-")
    assert done.returncode == 4
    assert "This run is void. Every case fails clean" in done.stderr
    assert "LookupError: no total on \\x1b[31mpage 1" in done.stderr
    assert "What to change:" in done.stderr
    assert json.loads(done.stdout)["clean"]["right"] == 0
    assert "hunter2" not in done.stdout + done.stderr
    assert "${KEY}" in done.stderr


def test_a_replay_masks_and_neutralises_what_the_system_says(tmp_path: Path) -> None:
    done = crumple(folder(tmp_path, call="crashes"), "replay", "a.json")
    assert done.returncode == 1
    assert "LookupError" in done.stdout
    assert "${KEY}" in done.stdout
    assert "hunter2" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_right_call_replays_with_exit_code_0(tmp_path: Path) -> None:
    done = crumple(folder(tmp_path), "replay", 'a.json > encoding.line_endings(ending="crlf",seed=1)')
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("outcome   right") == 2


def test_a_case_without_truth_is_measured_against_its_own_clean_answer(tmp_path: Path) -> None:
    where = folder(tmp_path, truth=False)
    done = crumple(where, "run", "--calls", "20", "--json", "result.json")
    assert done.returncode == 0, done.stderr
    assert "Consistency, not correctness" in done.stdout
    result = document(where / "result.json")
    assert (result["clean"]["without_truth"], result["clean"]["right"]) == (3, 3)
    assert result["mutators"]["encoding.bom"]["failures"] > 0
    replayed = crumple(where, "replay", "a.json > encoding.bom(seed=1)")
    assert replayed.returncode == 1
    assert "Consistency, not correctness" in replayed.stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["run", "--json", "nowhere/result.json"], 2, "nowhere/result.json: it cannot be written"),
        (["run", "--use", "encoding.bon"], 2, "Did you mean 'encoding.bom'?"),
        (["run", "--levels", "1,9"], 2, "a level is above 0 and at most 5"),
        (["run", "--time", "10"], 2, "must be a duration"),
        (["run", "--calls", "4"], 2, "too small"),
        (["replay", "z.json > encoding.bom(seed=1)"], 2, "has no case 'z.json'. Allowed: a.json, b.json, c.json"),
        (["replay", "a.json > encoding.bon(seed=1)"], 2, "Did you mean 'encoding.bom'?"),
        (["replay", "a.json > encoding.utf16(fmr=1)"], 2, "Did you mean 'form'?"),
        (["replay", "a.json > encoding.bom(seed=1"], 2, "recipe, character"),
    ],
)
def test_mistakes_are_said_in_one_line(tmp_path: Path, words: list[str], code: int, message: str) -> None:
    done = crumple(folder(tmp_path), *words)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_system_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    done = crumple(folder(tmp_path, call="raed"), "run")
    assert done.returncode == 2
    assert "Did you mean 'read'" in done.stderr or "read" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_shows_what_was_done_and_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    where = folder(tmp_path, call="slow")
    environment = {**os.environ, "KEY": "hunter2-secret"}
    process = subprocess.Popen(
        [*MAIN, "run", "--calls", "100000", "--json", "result.json"],
        cwd=where,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("degraded"):
            break
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted; this is what was done until then" in err
    assert "interrupted; whole rounds are counted" in out
    assert document(where / "result.json")["run"]["ended"] == "interrupted"
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive


def test_what_init_writes_runs(tmp_path: Path) -> None:
    assert crumple(tmp_path, "init").returncode == 0
    done = crumple(tmp_path, "run", "--calls", "60", "--workers", "1", "--use", "encoding", "--json", "result.json")
    assert done.returncode == 0, done.stderr
    result = document(tmp_path / "result.json")
    assert result["clean"]["right"] == result["clean"]["cases"] > 0
    assert time.strptime(result["run"]["started"], "%Y-%m-%dT%H:%M:%SZ")
