"""The command: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from benchmarks.fuzz.figures import report
from benchmarks.fuzz.peers.figures import report_peers
from benchmarks.fuzz.planted import ROBUST, Planted, planted_systems
from benchmarks.fuzz.searching import Searched, search
from benchmarks.output import Output

CALLS, SEEDS, PROCESSES = 200, 5, 2


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("systems", nargs="*", help="names of systems; all where there are none")
    parser.add_argument("--quick", action="store_true", help="one seed")
    parser.add_argument("--calls", type=int, default=CALLS, help="of a search")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--alarms", action="store_true", help="print each finding")
    parser.add_argument("--json", type=Path, help="a file for everything that was found")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="run other fuzzers, installed there, instead")
    parser.add_argument("--peer-seconds", type=int, default=20, help="for each of them on each system")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    return parser.parse_args()


def searched(systems: list[Planted], seeds: range, calls: int, processes: int) -> Iterator[Searched]:
    """Every system by every seed, as they come."""
    if processes < 2:
        yield from (search(system, seed, calls) for seed in seeds for system in systems)
        return
    with ProcessPoolExecutor(processes) as pool:
        tasks = [pool.submit(search, system, seed, calls) for seed in seeds for system in systems]
        for task in as_completed(tasks):
            yield task.result()


def _line(each: Searched) -> str:
    found = f"after {each.after}" if each.after else "not found"
    false = sum(not finding.is_true for finding in each.findings)
    return (
        f"{each.system:<18} seed {each.seed}  {found:<12} of {each.calls} calls, {len(each.findings)} findings, "
        f"{false} of them not true, {len(each.void)} void, {each.seconds:.1f} s"
    )


def _alarms(each: Searched) -> Iterator[str]:
    for finding in each.findings:
        mark = "bug  " if finding.is_planted else "true " if finding.is_true else "FALSE"
        yield f"    {mark} {finding.state}, {finding.calls} calls: {finding.fingerprint}"
        yield f"          {finding.case} > {finding.recipe}"
        if finding.why:
            yield f"          {finding.why}"
        if finding.within is False:
            yield f"          fails from {finding.lowest} on already"
        if not finding.is_planted:
            yield f"          expected {finding.expected[:300]!r}, answer {finding.answer[:300]!r}"
            yield f"          seen: {finding.seen}"
            yield f"          its twin: {finding.twin}: {finding.theirs[:300]!r}"
    for cause in each.void[:3]:
        yield f"    void  {cause}"


def _peers(asked: argparse.Namespace, systems: list[Planted]) -> int:
    output = Output()
    report_peers(output, systems, asked.peers, asked.processes, asked.peer_seconds)
    if asked.write:
        output.write("fuzz --peers PEERS")
    return 0


def main() -> int:
    """Search, print and write; 1 where an aim is missed."""
    asked = arguments()
    systems = [each for each in planted_systems() if not asked.systems or each.name in asked.systems]
    if asked.peers:
        return _peers(asked, [each for each in systems if each.kind != ROBUST])
    seeds = range(asked.first_seed, asked.first_seed + (1 if asked.quick else asked.seeds))
    began = time.monotonic()
    results = []
    for each in searched(systems, seeds, asked.calls, asked.processes):
        results.append(each)
        print(_line(each), file=sys.stderr, flush=True)
        if asked.alarms:
            print(*_alarms(each), sep="\n", file=sys.stderr, flush=True)
        if asked.json:
            asked.json.write_text(json.dumps([asdict(one) for one in results], indent=1), "utf-8")
    output = Output()
    met = report(output, systems, results, asked.calls)
    print(f"\n{time.monotonic() - began:.0f} s", file=sys.stderr)
    if asked.write:
        output.write("fuzz")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
