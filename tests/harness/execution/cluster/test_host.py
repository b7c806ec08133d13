"""What a Dask worker does with batches: its lanes are kept, ended and forgotten when they should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from crumple.execution.cluster import host as module
from crumple.execution.cluster.host import Host, Order, Unknown, told
from crumple.execution.wire import work_to_wire
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from dask_hosts import until

WORKS = [work_to_wire(Work(number, "fine")) for number in range(5)]


class Lanes:
    """Makes a call whenever it is asked for results."""

    opened: ClassVar[list[Lanes]] = []

    def __init__(self, spec: Any, lanes: int) -> None:
        self.spec, self.works, self.closed = spec, list[Work](), False

    def __enter__(self) -> Self:
        self.opened.append(self)
        return self

    @property
    def pending(self) -> int:
        return len(self.works)

    @property
    def room(self) -> int:
        return 1 - len(self.works)

    def put(self, works: Sequence[Work]) -> None:
        self.works += works

    def results(self, timeout: float) -> list[Result]:
        return [Result(self.works.pop(), Verdict(Outcome.RIGHT, failure=False))]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, make_spec: Callable[..., Any]) -> Iterator[Host]:
    """One that knows a run, "a"."""
    monkeypatch.setattr(module, "LocalLanes", Lanes)
    monkeypatch.setattr(Lanes, "opened", [])
    host = Host()
    host.know(told("a", make_spec(), 60.0))
    yield host
    host.close()


def test_a_lane_is_kept_from_batch_to_batch(host: Host) -> None:
    for _ in range(3):
        made = host.carry_out("a", Order(seconds=60), WORKS)
        assert [each[0] for each in made.results] == list(range(5))
    assert len(Lanes.opened) == 1


def test_a_batch_that_takes_too_long_takes_no_further_call_up(host: Host) -> None:
    """One call it makes however long that takes, or nothing would ever come of it."""
    made = host.carry_out("a", Order(seconds=0.0), WORKS)
    assert [each[0] for each in made.results] == [0]


def test_lanes_of_another_share_make_way(host: Host) -> None:
    host.carry_out("a", Order(2, 60), WORKS)
    host.carry_out("a", Order(3, 60), WORKS)
    assert [each.closed for each in Lanes.opened] == [True, False]
    assert [each.spec.company for each in Lanes.opened] == [True, True]


def test_a_run_that_has_ended_is_known_no_more_and_its_lanes_end(host: Host) -> None:
    host.carry_out("a", Order(), WORKS)
    host.forget("a")
    assert Lanes.opened[0].closed
    with pytest.raises(Unknown):
        host.carry_out("a", Order(), WORKS)


def test_what_a_user_has_made_is_not_loaded_into_dasks_own_process(host: Host, make_spec: Callable[..., Any]) -> None:
    host.carry_out("a", Order(), WORKS)
    assert Path(Lanes.opened[0].spec.root) == make_spec().root
    assert type(Lanes.opened[0].spec.corpus).__module__ == module.__name__


def test_a_run_is_forgotten_in_its_own_time_beside_one_that_is_kept_for_longer(
    host: Host, make_spec: Callable[..., Any]
) -> None:
    host.know(told("b", make_spec(), 0.5))
    host.carry_out("b", Order(), WORKS)
    (lanes,) = Lanes.opened
    until(lambda: lanes.closed, "the end of the lanes")
    with pytest.raises(Unknown):
        host.carry_out("b", Order(), WORKS)
    host.carry_out("a", Order(), WORKS)
