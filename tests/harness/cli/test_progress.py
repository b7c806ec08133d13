"""Progress: what is shown while a run goes on, and how often."""

from __future__ import annotations

from crumple.cli.progress import Lines, Pace
from crumple.events import CallEnded, PhaseStarted, Resumed, Standing, Watched
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ended(outcome: Outcome, *, failure: bool = False) -> CallEnded:
    return CallEnded(Result(Work(1, "a.pdf"), Verdict(outcome, failure)))


SKIPPED = CallEnded(Result(Work(1, "a.pdf"), None, skipped="not a page"))


def test_pace_counts_calls_failures_rate_and_time_left() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    pace.add(PhaseStarted("degraded", 10))
    for event in (ended(Outcome.RIGHT), ended(Outcome.WRONG, failure=True), SKIPPED, ended(Outcome.REFUSED)):
        pace.add(event)
    clock.now += 1.5
    assert pace.words() == "degraded: 3 of 10 calls, 1 skipped, 1 failed, 2.0 calls/s, 4 s left"


def test_a_budget_in_time_bounds_what_is_left() -> None:
    clock = Clock()
    pace = Pace(seconds=60, clock=clock)
    clock.now += 50
    pace.add(PhaseStarted("degraded", None))
    pace.add(ended(Outcome.RIGHT))
    clock.now += 2
    assert pace.words() == "degraded: 1 call, 0 failed, 0.5 calls/s, 8 s left"


def test_of_a_run_that_goes_on_the_time_that_it_was_at_work_before_is_over() -> None:
    clock = Clock()
    pace = Pace(seconds=60, clock=clock)
    pace.add(Resumed(rounds=1, calls=3, cost=0.0, seconds=45.0))
    pace.add(PhaseStarted("degraded", None))
    pace.add(ended(Outcome.RIGHT))
    clock.now += 5
    assert pace.left == 10


def test_limits_that_are_decided_are_told() -> None:
    pace = Pace(clock=Clock())
    pace.add(PhaseStarted("degraded", None))
    open_one = Standing(1, "undecided", 8, 5, 0.0, 0.0, 0.3)
    pace.add(Watched([Standing(0, "met", 90, 40, 0.0, 0.0, 0.04, decided_after=88), open_one]))
    assert pace.words() == "degraded: 0 calls, 0 failed, 0.0 calls/s, 1 of 2 watched limits decided"


def test_nothing_is_promised_before_the_first_call() -> None:
    pace = Pace(clock=Clock())
    pace.add(PhaseStarted("clean", 7))
    assert pace.words() == "clean: 0 of 7 calls, 0 failed, 0.0 calls/s"


def test_how_long_it_takes_is_not_told_from_the_first_calls_of_many() -> None:
    """The first call has waited for lanes, or for a cluster: what it took says nothing about 20,000."""
    clock = Clock()
    pace = Pace(clock=clock)
    pace.add(PhaseStarted("degraded", 20_000))
    clock.now += 9
    pace.add(ended(Outcome.RIGHT))
    assert pace.words() == "degraded: 1 of 20,000 calls, 0 failed, 0.1 calls/s"
    for _ in range(399):
        pace.add(ended(Outcome.RIGHT))
    clock.now += 1
    assert pace.left == 490


def test_of_many_slow_calls_it_is_told_after_a_minute() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    pace.add(PhaseStarted("degraded", 1000))
    for left in (None, None, 19_940):
        clock.now += 20
        pace.add(ended(Outcome.RIGHT))
        assert pace.left == left
    assert pace.words().endswith("0.1 calls/s, 5.5 h left")


def test_plain_lines_come_when_a_phase_begins_and_then_every_few_seconds() -> None:
    clock = Clock()
    written: list[str] = []
    lines = Lines(Pace(clock=clock), written.append)
    lines.add(PhaseStarted("clean", 100))
    for _ in range(50):
        clock.now += 0.2
        lines.add(ended(Outcome.RIGHT))
    assert written[0] == "clean: 100 calls"
    assert [line.split(",")[0] for line in written[1:]] == ["clean: 25 of 100 calls", "clean: 50 of 100 calls"]


def test_what_comes_to_nothing_is_no_failure_and_its_reason_is_told_at_once() -> None:
    """A service that is down is waited for: nothing else is seen for a minute."""
    written: list[str] = []
    pace = Pace(clock=Clock())
    lines = Lines(pace, written.append)
    lines.add(PhaseStarted("clean", 7))
    for cause in ("status 429: slow down", "status 503"):
        lines.add(CallEnded(Result(Work(1, "a.pdf"), Verdict(Outcome.VOID, False), cause=cause)))
    assert written == ["clean: 7 calls", "void: status 429: slow down"]
    assert "0 failed, 2 void" in pace.words()
