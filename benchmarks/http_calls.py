"""How many calls a second an HTTP service takes through recipe, lane, connection and judge.

    python -m benchmarks.http_calls [--calls N] [--write]

The service is FastAPI under uvicorn, one process on the same two cores, and takes 200 ms for each answer. With 100
calls out, 500 a second are the most that there can be; at least 400 are asked for. It needs the `dev` extra.
"""

from __future__ import annotations

import argparse
import collections
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.letters import MUTATORS, Letters, works
from benchmarks.output import Output
from crumple.adapters.http.system import HttpSystem
from crumple.adapters.http.templates import Template
from crumple.adapters.service.terms import Terms
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec

LANES = 2
OUT = 100
WANTED = 400
SIZES = (1_000, 100_000)

SERVICE = """
import asyncio
from fastapi import FastAPI, Request

app = FastAPI()

@app.get("/")
async def up():
    return {}

@app.post("/")
async def read(request: Request):
    await request.body()
    await asyncio.sleep(0.2)
    return {"result": "total 1"}
"""


@dataclass(frozen=True)
class Measured:
    """What a run of one size took; CPU in seconds."""

    size: int
    calls: int
    seconds: float
    client: float
    service: float

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds


@contextmanager
def service(folder: Path, port: int) -> Iterator[psutil.Process]:
    """The service, in a process of its own."""
    (folder / "service.py").write_text(SERVICE)
    command = [sys.executable, "-m", "uvicorn", "service:app", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=folder)
    try:
        _wait_for(port)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    import httpx

    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the service did not start")


def cpu_seconds() -> float:
    """User and system time of this process and of those below it that are running, the service aside."""
    own = psutil.Process()
    lanes = [each for each in own.children(recursive=True) if "uvicorn" not in each.cmdline()]
    return sum(sum(each.cpu_times()[:2]) for each in (own, *lanes))


def measured(root: Path, port: int, size: int, count: int, served: psutil.Process) -> Measured:
    system = HttpSystem(
        root=root,
        template=Template(url=f"http://127.0.0.1:{port}/"),
        terms=Terms(concurrency=OUT),
        answer="/result",
    )
    spec = LaneSpec(
        root=root,
        corpus=Letters(size),
        system=system.divided(LANES),
        judge="exact",
        mutators=MUTATORS,
    )
    outcomes: collections.Counter[str] = collections.Counter()
    with LocalLanes(spec, LANES) as lanes:
        started, cpu, before = time.perf_counter(), cpu_seconds(), sum(served.cpu_times()[:2])
        lanes.put(works(count))
        while lanes.pending:
            for result in lanes.results():
                outcomes[str(result.verdict.outcome) if result.verdict else result.skipped] += 1
        seconds = time.perf_counter() - started
        cpu = cpu_seconds() - cpu
    if outcomes != {"right": count}:
        raise SystemExit(f"not every call was right: {outcomes}")
    return Measured(size, count, seconds, cpu, sum(served.cpu_times()[:2]) - before)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000, help="of 1 KB; a tenth as many of 100 KB")
    parser.add_argument("--port", type=int, default=8971)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    asked = parser.parse_args()
    here = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryDirectory() as folder, service(Path(folder), asked.port) as served:
        rows = [
            measured(Path(folder), asked.port, size, asked.calls // share, served)
            for size, share in zip(SIZES, (1, 10), strict=True)
        ]
    output = Output()
    output.table(
        ("document", "calls", "calls a second", "at least", "client, CPU ms a call", "service, CPU ms a call"),
        [
            (
                f"{row.size // 1000} KB",
                f"{row.calls:,}",
                f"{row.rate:,.0f}",
                str(WANTED) if row.size == SIZES[0] else "",
                f"{row.client / row.calls * 1e3:.2f}",
                f"{row.service / row.calls * 1e3:.2f}",
            )
            for row in rows
        ],
    )
    if asked.write:
        output.write("http_calls")
    return int(rows[0].rate < WANTED)


if __name__ == "__main__":
    raise SystemExit(main())
