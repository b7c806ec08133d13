"""The table of other fuzzers on the planted systems."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.fuzz.peers.tools import TOOLS
from benchmarks.fuzz.planted import ROOT, Planted
from benchmarks.output import Output

SECONDS = 20
_SLACK = 30


def report_peers(output: Output, systems: Sequence[Planted], folder: Path, processes: int, seconds: int) -> None:
    """Run every tool on every system for some seconds, and print what came of it."""
    pairs = [(tool, system) for system in systems for tool in TOOLS]
    with ThreadPoolExecutor(processes) as pool:
        results = list(pool.map(lambda pair: _trial(pair[0], pair[1], folder, seconds), pairs))
    output.say(f"Other fuzzers, {seconds} s for each system: executions until the planted bug was met.")
    by_pair = {(tool, system.name): result for (tool, system), result in zip(pairs, results, strict=True)}
    rows = [[system.name, system.kind, *(_cell(by_pair[tool, system.name]) for tool in TOOLS)] for system in systems]
    output.table(["system", "bug", *TOOLS], rows)
    output.table(["", *TOOLS], _sums(by_pair, systems))


def _sums(by_pair: dict[tuple[str, str], dict[str, Any]], systems: Sequence[Planted]) -> list[list[str]]:
    of_tool = {tool: [by_pair[tool, each.name] for each in systems] for tool in TOOLS}
    found = [f"{sum(bool(each.get('after')) for each in own)} of {len(own)}" for own in of_tool.values()]
    made = [f"{sum(each.get('made', 0) for each in own):,}" for own in of_tool.values()]
    middle, true = [], []
    for own in of_tool.values():
        after = [each["after"] or float("inf") for each in own if "after" in each]
        value = statistics.median(after) if after else float("inf")
        middle.append("never" if value == float("inf") else f"{value:,.0f}")
        alarms = sum(each.get("alarms", 0) for each in own)
        true.append(f"{sum(each.get('true', 0) for each in own) / alarms:.0%} of {alarms}" if alarms else "none")
    return [
        ["bugs that were met", *found],
        ["executions until then, median", *middle],
        ["executions in all", *made],
        ["alarms that are true (one of each fingerprint)", *true],
    ]


def _cell(result: dict[str, Any]) -> str:
    if "missing" in result:
        return str(result["missing"])
    return f"{result['after']:,}" if result.get("after") else f"not in {result.get('made', 0):,}"


def _trial(tool: str, system: Planted, folder: Path, seconds: int) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.fuzz.peers.trial", tool, system.module, "1", str(folder), f"{seconds}"]
    process = subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said, _ = process.communicate(timeout=seconds + _SLACK)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    told = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return told[-1] if told else {"missing": f"it ended with {process.returncode} and said nothing"}
