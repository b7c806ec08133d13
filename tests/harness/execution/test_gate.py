"""The gate between the lanes of one service, with lanes that are processes of their own."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest

from crumple.execution.gate import Gate

LANE = """
import sys
from crumple.execution.gate import Gate
gate = Gate(int(sys.argv[1]))
for line in sys.stdin:
    print(getattr(gate, line.strip())(), flush=True)
"""


class Lane:
    """A gate in another process; every call brings what it returned."""

    def __init__(self, descriptor: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", LANE, str(descriptor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=(descriptor,),
        )

    def __call__(self, what: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def lanes():
    with tempfile.TemporaryFile() as file:
        found = [Lane(file.fileno()) for _ in range(3)]
        yield found
        for lane in found:
            lane.kill()


def test_many_call_at_a_time_until_one_must_be_alone(lanes):
    one, other, third = lanes
    assert [one("enter"), other("enter"), one("enter")] == ["True"] * 3
    one("leave")
    assert one("alone") == "False", "the other has a call out"
    assert [third("enter"), other("enter")] == ["False"] * 2, "and nobody begins another one meanwhile"
    other("leave")
    assert one("alone") == "True"
    assert [third("enter"), other("alone")] == ["False"] * 2
    one("open")
    assert [third("enter"), other("enter")] == ["True"] * 2


def test_a_lane_that_dies_holds_nobody_up(lanes):
    one, other, third = lanes
    assert other("enter") == "True"
    assert one("alone") == "False"
    other.kill()
    assert one("alone") == "True"
    one.kill()
    assert third("enter") == "True"


def test_a_single_lane_is_always_let_in():
    gate = Gate(None)
    assert gate.enter()
    assert gate.alone()
    assert not gate.shared
