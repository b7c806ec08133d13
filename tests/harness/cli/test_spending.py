"""`crumple run` asks before much is spent, with the clean calls stored, and goes on once it is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line

SYSTEM = "import json\n\ndef read(document: bytes) -> dict:\n    return json.loads(document.decode())\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "corpus").mkdir()
    for name in "ab":
        for suffix in ("json", "json.truth.json"):
            (tmp_path / "corpus" / f"{name}.{suffix}").write_text('{"total": 10.5, "customer": "Zoe"}')
    (tmp_path / "mine.py").write_text(SYSTEM)
    (tmp_path / "crumple.toml").write_text(
        '[system]\ncall = "mine:read"\nspare = 0\ncost = 0.02\n[corpus]\npath = "corpus"\n'
        '[mutate]\nuse = ["encoding.json_bom"]\n[run]\nworkers = 1\ncalls = 20\nask_above = 0.3\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def crumple(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


def test_a_run_that_costs_more_stops_after_its_clean_calls_and_goes_on_when_it_is_allowed(here: Path) -> None:
    code, out, err = crumple("run")
    assert (code, out) == (2, "")
    assert "more money than [run] ask_above" in err
    assert "up to 18 calls" in err
    assert "about 0.36 in money" in err
    assert "degraded" not in err
    assert "interrupted" in crumple("runs")[1]
    code, out, err = crumple("run", "--cost", "1")
    assert code == 0, err
    assert "(2 calls stored" in err
    assert "beginning anew" not in err
    assert "2 of them made before it was interrupted" in out


def test_without_a_threshold_the_estimate_is_said_once(here: Path) -> None:
    path = here / "crumple.toml"
    path.write_text(path.read_text().replace("ask_above = 0.3\n", ""))
    code, _, err = crumple("run")
    assert code == 0
    assert err.count("the rest: up to 18 calls, about") == 1
