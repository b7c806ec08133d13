"""What calling costs by the kind of system: short texts, the cheapest damage, answers that come at once."""

from __future__ import annotations

import collections
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.costs.timing import below, own
from benchmarks.letters import MUTATORS, Letters, works
from crumple.adapters import System
from crumple.adapters.callable import CallableSystem
from crumple.adapters.chat.system import ChatSystem
from crumple.adapters.command.system import CommandSystem
from crumple.adapters.http.system import HttpSystem
from crumple.adapters.http.templates import Template
from crumple.adapters.service.terms import Terms
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.result import Work

SIZE, OUT = 1_000, 16
ROOM = 2_000
FUNCTION = "def answer(text):\n    return 'total 1'\n"
SERVICE = """
from fastapi import FastAPI, Request

app = FastAPI()
CHOICE = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "total 1"}}
USAGE = {"prompt_tokens": 300, "completion_tokens": 3, "total_tokens": 303}

@app.get("/")
async def up():
    return {}

@app.get("/v1/models")
async def models():
    return {"object": "list", "data": [{"id": "m", "object": "model"}]}

@app.post("/")
async def read(request: Request):
    await request.body()
    return {"result": "total 1"}

@app.post("/v1/chat/completions")
async def complete(request: Request):
    await request.body()
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [CHOICE], "usage": USAGE}
"""


@dataclass(frozen=True)
class Calling:
    """What a call of one kind of system takes: CPU milliseconds of crumple's own.

    Attributes:
        kind: of the system.
        client: of the process that hands out calls.
        lanes: of the lane, with the worker or the command that it starts.
    """

    kind: str
    client: float
    lanes: float


def measured(root: Path, port: int, calls: int) -> list[Calling]:
    """Every kind; commands a tenth as often."""
    (root / "noop.py").write_text(FUNCTION)
    url, terms = f"http://127.0.0.1:{port}/", Terms(concurrency=OUT)
    with _service(root, port):
        return [
            _calling(root, "Python function", CallableSystem(root=root, call="noop:answer", input="text"), 4 * calls),
            _calling(root, "command", CommandSystem(root=root, command=("echo", "total 1")), calls // 8),
            _calling(
                root,
                "HTTP service",
                HttpSystem(root=root, template=Template(url=url), terms=terms, answer="/result"),
                calls,
            ),
            _calling(root, "chat model", ChatSystem(root=root, url=f"{url}v1", model="m", terms=terms), calls),
        ]


def _calling(root: Path, kind: str, system: System, calls: int) -> Calling:
    spec = LaneSpec(root=root, corpus=Letters(SIZE), system=system.divided(1), judge="exact", mutators=MUTATORS)
    outcomes: collections.Counter[str] = collections.Counter()
    planned = works(calls + calls // 4)
    with LocalLanes(spec, 1) as lanes:
        _through(lanes, itertools.islice(planned, calls // 4), collections.Counter())  # everything is loaded then
        client, others = own(), below(_serves)
        _through(lanes, planned, outcomes)
        client, others = own() - client, below(_serves) - others
    if {each.strip() for each in outcomes} != {"right"}:
        raise SystemExit(f"{kind}: not every call was right: {outcomes}")
    return Calling(kind, client / calls * 1e3, others / calls * 1e3)


def _through(lanes: LocalLanes, planned: Iterator[Work], outcomes: collections.Counter[str]) -> None:
    ended = False
    while not ended or lanes.pending:
        if not ended and lanes.pending < ROOM:
            some = list(itertools.islice(planned, ROOM))
            ended = not some
            lanes.put(some)
        for result in lanes.results() if lanes.pending else ():
            outcomes[str(result.verdict.outcome) if result.verdict else result.skipped] += 1


def _serves(process: psutil.Process) -> bool:
    return "uvicorn" in process.cmdline()


@contextmanager
def _service(folder: Path, port: int) -> Iterator[None]:
    import httpx

    (folder / "service.py").write_text(SERVICE)
    command = [sys.executable, "-m", "uvicorn", "service:app", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=folder)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.ConnectError:
                if time.monotonic() > until:
                    raise SystemExit("the service did not start") from None
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()
