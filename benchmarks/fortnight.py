"""Fourteen nights of `crumple nightly`, each as its user would: by its own process, from a store and a baseline's file.

One real regression that is mended the day after, one slow drift, and otherwise calls that fail now and then, as flaky
systems' do: `python -m benchmarks.fortnight`. What is to come out: the regression on its night, the drift as soon as it
can be told from chance, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.output import Output

NIGHTS = 14
_CONFIGURATION = """
[system]
call = "orders:total"
[corpus]
path = "corpus"
[mutate]
use = ["encoding.nul", "text.double_spaces", "text.emoji"]
[run]
calls = 600
"""
_SYSTEM = """
import hashlib
import random
from pathlib import Path

HERE = Path(__file__).parent
CLEAN = {each.read_bytes() for each in (HERE / "corpus").glob("*.txt")}
SEED, BROKEN, DRIFT = map(float, (HERE / "night.txt").read_text().split())


def share(*parts):
    return int.from_bytes(hashlib.blake2b(repr((SEED, *parts)).encode(), digest_size=4).digest(), "big") / 2**32


def total(document: bytes) -> dict:
    flaky = share(document) < 0.3 and random.random() < 0.3
    broken = b"\\0" in document and share(document, "broken") < BROKEN
    drifted = b"\\0" not in document and share(document, "drift") < DRIFT
    return {"total": 7 if document not in CLEAN and (flaky or broken or drifted) else 1.5}
"""


def project(folder: Path, configuration: str = _CONFIGURATION, system: str = _SYSTEM, cases: int = 12) -> None:
    """Make a folder with orders, all of one total, and a system that fails as its `night.txt` says."""
    (folder / "corpus").mkdir(parents=True)
    for number in range(cases):
        text = "\n".join(f"{at} some words of an order {number}" for at in range(8)) + "\nTotal: 1.50\n"
        (folder / "corpus" / f"{number}.txt").write_text(text, "utf-8")
        (folder / "corpus" / f"{number}.txt.truth.json").write_text('{"total": 1.5}', "utf-8")
    (folder / "crumple.toml").write_text(configuration, "utf-8")
    (folder / "orders.py").write_text(system, "utf-8")


def _crumple(folder: Path, *words: str) -> int:
    done = subprocess.run([sys.executable, "-m", "crumple", *words], cwd=folder, capture_output=True, check=False)
    return done.returncode


def _night(folder: Path, state: str) -> tuple[int, dict[str, Any]]:
    (folder / "night.txt").write_text(state, "utf-8")
    code = _crumple(folder, "nightly", "--json", "night.json")
    document = json.loads((folder / "night.json").read_text("utf-8"))
    return code, dict(document["night"])


def _said(night: dict[str, Any]) -> str:
    rows = [(each, "worse") for each in night["categories"]] + [(each, "drift") for each in night["drift"]]
    found = [f"{each['category']} ({how})" for each, how in rows if each["state"] == "worse"]
    return ", ".join(found) or night["state"]


def _fortnight(seed: int, regression: int, drift: int, points: float, output: Output, keep: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as where:
        folder = keep or Path(where)
        project(folder)
        _night(folder, f"{seed} 0 0")
        _crumple(folder, "baseline", "latest", "--reason", "the first night", "--by", "benchmark")
        output.heads(["night", "what is wrong", "exit", "what is said", "s"], [7, 44, 6, 40, -5])
        for number in range(1, NIGHTS + 1):
            broken = 0.25 if number == regression else 0.0
            drifted = max(0, number - drift + 1) * points / 100
            wrong = [f"a quarter of {name} fails" for name in ["encoding"] if broken]
            wrong += [f"{100 * drifted:.0f} % more of text fail than at first"] if drifted else []
            began = time.monotonic()
            code, night = _night(folder, f"{seed} {broken} {drifted}")
            seconds = f"{time.monotonic() - began:.1f}"
            output.row([str(number), "; ".join(wrong) or "nothing", str(code), _said(night), seconds])


def main() -> None:
    """Carry fortnights out and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="so many fortnights [1]")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    asked = parser.parse_args()
    output = Output()
    for seed in range(asked.seeds):
        output.say(f"Fortnight {seed + 1}: a regression on night 5, mended on night 6; drift from night 9 on.")
        _fortnight(seed, 5, 9, 2.0, output)
    if asked.write:
        output.write("fortnight")


if __name__ == "__main__":
    main()
