"""`crumple fuzz` from the command line: what it finds, what it ends with, and what it says of mistakes."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crumple.assembly import Wishes, assemble
from crumple.cli import crumple as command_line
from crumple.cli.fuzz import FuzzCompanion, _searching
from crumple.config.loading import load
from lanes_here import LanesHere

CONFIGURATION = """
[system]
call = "orders:total"
[corpus]
path = "corpus"
[mutate]
use = ["encoding.nul"]
"""
FRAGILE = """
def total(document: bytes) -> dict:
    if b"\\0" in document:
        raise RuntimeError("a NUL")
    return {"total": float(document.replace(b"\\0", b"").split()[-1])}
"""
MENDED = FRAGILE.replace('if b"\\0" in document', "if False")


def project(folder: Path, system: str = FRAGILE, configuration: str = CONFIGURATION) -> Path:
    """A folder with two orders, of which the totals are asked for."""
    (folder / "corpus").mkdir(parents=True)
    for number in range(2):
        text = "\n".join(f"{at} some words of an order {number}" for at in range(8)) + f"\nTotal: {number + 1}.50\n"
        (folder / "corpus" / f"{number}.txt").write_text(text, "utf-8")
        (folder / "corpus" / f"{number}.txt.truth.json").write_text(json.dumps({"total": number + 1.5}), "utf-8")
    (folder / "crumple.toml").write_text(configuration, "utf-8")
    (folder / "orders.py").write_text(system, "utf-8")
    return folder


def fuzz(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        command_line, ["fuzz", "--config", str(folder), "--workers", "1", *words], prog_name="crumple"
    )


@dataclass(frozen=True)
class Searched:
    """A project in which a search was made, and another one once the system was mended."""

    folder: Path
    first: Result
    document: dict[str, Any]
    listed: list[str]
    second: Result
    mended: dict[str, Any]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    folder = project(tmp_path_factory.mktemp("fuzz") / "orders")
    out = folder / "out.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crumple.execution.local.LocalLanes", LanesHere)
        first = fuzz(folder, "--calls", "30", "--json", str(out))
        document, listed = json.loads(out.read_text("utf-8")), [path.name for path in (folder / "findings").iterdir()]
        (folder / "orders.py").write_text(MENDED, "utf-8")
        second = fuzz(folder, "--until-quiet", "30%", "--json", str(out))
    return Searched(folder, first, document, listed, second, json.loads(out.read_text("utf-8")))


def test_what_is_found_is_written_told_and_ends_it_with_1(searched: Searched) -> None:
    assert searched.first.exit_code == 1, searched.first.output
    (found,) = searched.document["search"]["discoveries"]
    assert searched.listed == [found["id"]]
    assert found["state"] == "minimised"
    assert found["steps"][0]["mutator"] == "encoding.nul"
    assert "1 kind of failure, new, in" in searched.first.stdout
    assert f"kept      findings/{found['id']}/" in searched.first.stdout
    assert "found kind 1: crashed RuntimeError" in searched.first.stderr  # no terminal: plain lines
    assert "kind 1, as small as it gets" in searched.first.stderr


def test_the_report_names_the_folder_that_a_finding_is_kept_in() -> None:
    kept = SimpleNamespace(ids={0: "text-1-2"}, has_written=lambda name: name == "text-1-2")
    document = {"search": {"discoveries": [{"number": 0, "id": "text-1"}]}}
    FuzzCompanion(*(SimpleNamespace(),) * 2, kept).complete(document)  # type: ignore[arg-type]  # asks nothing of them
    assert document["search"]["discoveries"] == [{"number": 0, "id": "text-1-2", "written": True}]


def test_a_search_has_no_rates_and_is_called_one_among_runs(searched: Searched) -> None:
    assert searched.document["run"]["kind"] == "fuzz"
    assert searched.document["categories"] == {}
    assert searched.document["contract"] == []
    done = CliRunner().invoke(command_line, ["runs", "--config", str(searched.folder), "--json"], prog_name="crumple")
    assert [row["kind"] for row in json.loads(done.stdout)] == ["fuzz", "fuzz"]


def test_a_finding_that_was_mended_is_called_again_first_and_quiet_ends_the_search(searched: Searched) -> None:
    done, document = searched.second, searched.mended
    assert done.exit_code == 0, done.output
    assert document["run"]["ended"] == "quiet"
    assert [each["status"] for each in document["search"]["replayed"]] == ["FIXED"]
    assert "Nothing that breaks it was found in" in done.stdout
    assert "1 known finding was called again: 1 FIXED." in done.stdout
    assert ": FIXED in 2 calls" in done.stderr


@pytest.mark.parametrize(
    ("words", "calls"),
    [
        ((), 1000),
        (("seconds",), None),
        (("quiet",), 3000),
        (("quiet", "seconds"), None),
        (("quiet", "calls"), 70),
        (("configured",), 300),
        (("configured", "seconds"), None),
        (("configured", "quiet"), 3000),
    ],
)
def test_without_a_budget_it_neither_stops_at_once_nor_goes_on_for_ever(
    tmp_path: Path, words: tuple[str, ...], calls: int | None
) -> None:
    file = project(tmp_path / "orders") / "crumple.toml"
    if "configured" in words:
        file.write_text(file.read_text("utf-8") + "\n[run]\ncalls = 300\n", "utf-8")
    loaded = load(file)
    wishes = Wishes(calls=70 if "calls" in words else None, seconds=60.0 if "seconds" in words else None, workers=3)
    quiet = 0.01 if "quiet" in words else None
    assembly, course = _searching(assemble(loaded, wishes), loaded, wishes, quiet, 20)
    assert assembly.plan.calls == calls
    assert assembly.plan.round_size == 6  # two calls a lane
    assert assembly.course is course


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until-quiet", "often"), "no share such as 1% or 0.01"),
        (("--until-quiet", "0"), "at least 0.01 % and at most 50 %"),
        (("--calls", "0"), "--calls"),
        (("--time", "0s"), "a duration above 0"),
        (("--cost", "0"), "--cost"),
        (("--cap", "1"), "--cap"),
        (("--calls", "1"), "too small"),
        (("--use", "encoding.null"), "encoding.nul"),
    ],
)
def test_mistakes_are_said_before_anything_is_called(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    folder = project(tmp_path / "orders")
    done = fuzz(folder, *words)
    assert done.exit_code == 2, done.output
    assert said in " ".join(done.stderr.split())
    assert not (folder / "findings").exists()


def test_a_batch_cannot_be_searched(tmp_path: Path) -> None:
    batch = CONFIGURATION.replace('call = "orders:total"', 'batch = "by hand"')
    done = fuzz(project(tmp_path / "orders", configuration=batch))
    assert done.exit_code == 2
    assert "a batch cannot be searched" in done.stderr


def read_until(file: int, word: bytes) -> bytes:
    text = b""
    while word not in text:
        ready, _, _ = select.select([file], [], [], 60)
        assert ready, text.decode("utf-8", "replace")
        text += os.read(file, 4096)
    return text


def test_on_a_terminal_there_is_a_screen_and_q_ends_it_as_if_the_budget_were_used_up(tmp_path: Path) -> None:
    folder = project(tmp_path / "orders")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "crumple", "fuzz", "--time", "5m", "--workers", "1", "--json", "out.json"],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no other threads here
    )
    try:
        read_until(ours, b"newest")
        os.write(ours, b"q")
        text = read_until(ours, b"says nothing of production")
        process.wait(60)
        flags = termios.tcgetattr(theirs)[3]
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 1
    assert flags & termios.ICANON
    assert flags & termios.ECHO
    assert text.rfind(b"\x1b[?25h") > text.rfind(b"\x1b[?25l")  # the cursor is there again
    assert json.loads((folder / "out.json").read_text("utf-8"))["run"]["ended"] == "by hand"
