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
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import psutil
import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line

Outcome: TypeAlias = "tuple[int, str, str]"
MAIN = [sys.executable, "-c", "from crumple.cli import main; main()"]

SYSTEM = """
import json, os, sys, time

def read(document: bytes) -> dict:
    return json.loads(document.decode())

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
        content = json.dumps(
            {"total": total, "customer": "Café Zoë", "supplier": "Bäckerei Groß"}, ensure_ascii=False, indent=2
        )
        (tmp_path / "corpus" / f"{name}.json").write_text(content, encoding="utf-8")
        if truth:
            (tmp_path / "corpus" / f"{name}.json.truth.json").write_text(content, encoding="utf-8")
    (tmp_path / "mine.py").write_text(SYSTEM)
    (tmp_path / "crumple.toml").write_text(
        f'[system]\ncall = "mine:{call}"\nspare = 0\nenv = {{ KEY = "${{KEY}}" }}\n[corpus]\npath = "corpus"\n'
        '[mutate]\nuse = ["encoding.json_bom", "encoding.not_utf8", "encoding.line_endings"]\n'
        f"[run]\nworkers = 1\n{more}"
    )
    return tmp_path


def crumple(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    environment = {**os.environ, "KEY": "hunter2-secret"}
    return subprocess.run(
        [*MAIN, *words], cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """A command in this process, which saves its start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEY", "hunter2-secret")

    def run(*words: str) -> Outcome:
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return done.exit_code, done.stdout, done.stderr

    return run


def document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def test_a_run_prints_rates_writes_json_and_its_failures_replay(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    where = folder(tmp_path)
    done = crumple(where, "run", "--calls", "33", "--json", "result.json")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert re.match(r"\d+ of 30 degraded calls failed", done.stdout)
    assert "\x1b" not in done.stdout + done.stderr
    assert "clean: 3 calls" in done.stderr
    result = document(where / "result.json")
    assert (result["schema"], result["run"]["calls"], result["run"]["ended"]) == (1, 33, "calls")
    assert result["mutators"]["encoding.json_bom"]["failures"] == 10
    line = next(line for line in done.stdout.splitlines() if "encoding.json_bom(" in line and "replay" in line)
    words = shlex.split(line.strip().removeprefix("replay"))
    assert words[:2] == ["crumple", "replay"]
    code, again, _ = here(*words[1:])
    assert code == 1
    assert "clean: " in again
    assert "outcome   right" in again
    assert "outcome   crashed" in again
    assert "in read" in again


def test_the_same_seed_makes_the_same_calls(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    folder(tmp_path)
    for name in ("one", "two"):
        assert here("run", "--calls", "15", "--seed", "4", "--json", name)[0] == 0
    one, two = document(tmp_path / "one"), document(tmp_path / "two")
    assert one["mutators"] == two["mutators"]
    assert one["buckets"] == two["buckets"]


def test_every_case_failing_clean_is_void_with_what_the_system_said(
    tmp_path: Path, here: Callable[..., Outcome]
) -> None:
    folder(tmp_path, call="crashes")
    code, out, err = here("run", "--json", "-")
    assert code == 4
    assert "This run is void. Every case fails clean" in err
    assert "LookupError: no total on \\x1b[31mpage 1" in err
    assert "What to change:" in err
    assert json.loads(out)["clean"]["right"] == 0
    assert "hunter2" not in out + err
    assert "${KEY}" in err


def test_a_replay_masks_and_neutralises_what_the_system_says(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    folder(tmp_path, call="crashes")
    code, out, _ = here("replay", "a.json")
    assert code == 1
    assert "LookupError" in out
    assert "${KEY}" in out
    assert "hunter2" not in out
    assert "\x1b" not in out


def test_a_right_call_replays_with_exit_code_0(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    folder(tmp_path)
    code, out, err = here("replay", 'a.json > encoding.line_endings(ending="swapped",seed=1)')
    assert (code, err) == (0, "")
    assert out.count("outcome   right") == 2


def test_a_recipe_that_does_not_apply_says_why(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    folder(tmp_path)
    code, out, _ = here("replay", "a.json > scan.skew(angle=1,seed=1)")
    assert code == 2
    assert "not made  " in out


def test_a_case_without_truth_is_measured_against_its_own_clean_answer(
    tmp_path: Path, here: Callable[..., Outcome]
) -> None:
    folder(tmp_path, truth=False)
    code, out, err = here("run", "--calls", "40", "--json", "result.json")
    assert code == 0, err
    assert "Consistency, not correctness" in " ".join(out.split())
    result = document(tmp_path / "result.json")
    assert (result["clean"]["without_truth"], result["clean"]["right"]) == (3, 3)
    assert result["mutators"]["encoding.json_bom"]["failures"] > 0
    code, out, _ = here("replay", "a.json > encoding.json_bom(seed=1)")
    assert code == 1
    assert "Consistency, not correctness" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--json", "nowhere/result.json"], "nowhere/result.json: it cannot be written"),
        (["run", "--use", "encoding.json_bon"], "Did you mean 'encoding.json_bom'?"),
        (["run", "--levels", "1,9"], "a level is above 0 and at most 5"),
        (["run", "--time", "10"], "must be a duration"),
        (["run", "--config", "nowhere"], "no such file or folder"),
        (["replay", "z.json > encoding.json_bom(seed=1)"], "has no case 'z.json'. Did you mean"),
        (["replay", "a.json > encoding.json_bon(seed=1)"], "Did you mean 'encoding.json_bom'?"),
        (["replay", 'a.json > encoding.utf16(frm="bom")'], "Did you mean 'form'?"),
        (["replay", "a.json > encoding.json_bom(seed=1"], "recipe, character"),
    ],
)
def test_mistakes_are_said_before_anything_is_called(
    tmp_path: Path, here: Callable[..., Outcome], words: list[str], message: str
) -> None:
    folder(tmp_path)
    code, out, err = here(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "clean" not in err


def test_a_system_that_is_not_there_is_a_usage_error(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    folder(tmp_path, call="raed")
    code, _, err = here("run")
    assert code == 2
    assert "there is no 'raed' in mine" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_shows_what_was_done_and_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    where = folder(tmp_path, call="slow")
    environment = {**os.environ, "KEY": "hunter2-secret"}
    process = subprocess.Popen(
        [*MAIN, "run", "--calls", "100000", "--time", "30m", "--json", "result.json"],
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


def test_what_init_writes_runs(tmp_path: Path, here: Callable[..., Outcome]) -> None:
    assert here("init")[0] == 0
    code, _, err = here("run", "--calls", "60", "--workers", "1", "--use", "encoding", "--json", "result.json")
    assert code == 0, err
    result = document(tmp_path / "result.json")
    assert result["clean"]["right"] == result["clean"]["cases"] > 0
    assert time.strptime(result["run"]["started"], "%Y-%m-%dT%H:%M:%SZ")
