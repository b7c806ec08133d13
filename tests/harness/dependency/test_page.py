"""What docs/dependency.md shows works as it is shown."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs" / "dependency.md").read_text("utf-8")


def test_the_example_finds_its_bug(tmp_path: Path, prices: str) -> None:
    """Only that the service is on another port, and that few calls are made."""
    found = re.findall(r"^```\w+\n(# (\S+)\n.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    blocks = {name: text for text, name in found}
    assert set(blocks) == {"crumple.toml", "orders.py", "prices.py"}
    compile(blocks["prices.py"], "prices.py", "exec")
    (tmp_path / "crumple.toml").write_text(blocks["crumple.toml"].replace("http://127.0.0.1:8077", prices))
    (tmp_path / "orders.py").write_text(blocks["orders.py"])
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("A1 2\n")
    (tmp_path / "corpus" / "a.txt.truth.json").write_text('{"total": 25.0}')
    done = run(tmp_path, "--use", "dependency.down,dependency.error_in_200", "--levels", "5")
    assert "wrong     /total: expected 25.0, answered 0" in done
    figures = json.loads((tmp_path / "result.json").read_text())
    assert figures["categories"]["dependency"]["rate"] == figures["clean"]["right"] == 1


def run(folder: Path, *words: str) -> str:
    command = [
        sys.executable,
        "-m",
        "crumple",
        "run",
        "--calls",
        "7",
        "--workers",
        "1",
        "--json",
        "result.json",
        *words,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_mutator_is_named() -> None:
    from crumple.mutation.registry import discover

    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {each.name.partition(".")[2] for each in discover() if each.category == "dependency"} <= named
