"""What a call costs on Dask beside a lane of this machine: bytes on the wire, and processor time.

    python -m benchmarks.costs.wire CALLS

prints it as JSON. Its scheduler, worker and client talk over loopback in a network namespace of its own, so that
whatever is counted there is theirs; `unshare` makes that, and a kernel that lets it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.costs.samples import spec, works, written
from benchmarks.costs.timing import below, own
from crumple.execution.cluster import batches
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.executor import Executor
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.result import Work

KIND = "JSON, a record"
_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


@dataclass(frozen=True)
class Wire:
    """What a call of a small record takes on Dask, one in five of which is wrong.

    Attributes:
        bytes_in_a_batch: on the wire, there and back, over all hops, where a task holds many calls.
        bytes_alone: the same where a task holds one call.
        calls_a_batch: how many calls a task held in the first case.
        cpu_in_a_batch: CPU milliseconds more than in a lane of this machine.
        cpu_alone: the same where a task holds one call.
    """

    bytes_in_a_batch: float
    bytes_alone: float
    calls_a_batch: float
    cpu_in_a_batch: float
    cpu_alone: float


def measured(calls: int) -> Wire | None:
    """In a process and a namespace of its own; None where there is none to be had."""
    command = [sys.executable, "-m", "benchmarks.costs.wire", str(calls)]
    with contextlib.suppress(OSError):
        done = subprocess.run(
            ["unshare", "--map-root-user", "--net", *command], stdout=subprocess.PIPE, text=True, check=False
        )
        if not done.returncode:
            return Wire(**json.loads(done.stdout))
    return None


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, _FLAGS, struct.pack("16sh", b"lo", 0)))[1]
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", flags | _UP))


def _received() -> int:
    """Bytes that this namespace's loopback has carried."""
    (line,) = (each for each in Path("/proc/net/dev").read_text().splitlines() if each.strip().startswith("lo:"))
    return int(line.partition(":")[2].split()[0])


def _taken(executor: AbstractContextManager[Executor], planned: list[Work]) -> tuple[float, float, float]:
    """CPU seconds, bytes, and tasks of the last two thirds; before them everything is loaded."""
    third = len(planned) // 3
    with executor as lanes:
        for part in (planned[:third], planned[third:]):
            began = own() + below(), _received(), getattr(lanes, "_numbers", 0)
            _through(lanes, part)
        return (
            own() + below() - began[0],
            _received() - began[1],
            getattr(lanes, "_numbers", 0) - began[2],
        )


def _through(lanes: Executor, planned: list[Work]) -> None:
    waiting = list(reversed(planned))
    while waiting or lanes.pending:
        room = min(lanes.room, len(waiting))
        if room:
            lanes.put([waiting.pop() for _ in range(room)])
        lanes.results()


def main() -> None:
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    _loopback_up()
    calls = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        corpus = written(root, KIND, calls)
        described: LaneSpec = spec(root, corpus, KIND)
        planned = works(corpus, KIND)
        here = _taken(LocalLanes(described, 1), planned)
        many = _taken(ClusterLanes(described, "local", 1), planned)
        batches.SECONDS = 0.0  # type: ignore[misc]  # then a batch is one call
        alone = _taken(ClusterLanes(described, "local", 1), planned)
    made = len(planned) - len(planned) // 3
    print(
        json.dumps(
            asdict(
                Wire(
                    bytes_in_a_batch=many[1] / made,
                    bytes_alone=alone[1] / made,
                    calls_a_batch=made / many[2],
                    cpu_in_a_batch=1e3 * (many[0] - here[0]) / made,
                    cpu_alone=1e3 * (alone[0] - here[0]) / made,
                )
            )
        )
    )


if __name__ == "__main__":
    main()
