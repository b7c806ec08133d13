"""What travels between a parent and its lanes arrives as it was."""

from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from crumple.execution.wire import Channel, result_from_wire, result_to_wire, work_from_wire, work_to_wire
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.truth import AnyOf

WORK = Work(
    id=7,
    case="a/b.pdf",
    recipe=Recipe((Step("scan.skew", (("angle", 2.5),), 3, "x.pdf"),)),
    level=2.0,
    mutator="scan.skew",
    pass_mark=0.9,
    stand_in={"total": AnyOf(1, 2)},
    known_wrong=frozenset({"/date"}),
    unstable=("/at", "/run/id"),
)


def test_work_and_results_survive_the_journey():
    verdict = Verdict(Outcome.WRONG, True, 0.5, ("/total",), ("/date",), "wrong /total", {"cer": 0.5}, ("a", "b"))
    result = Result(WORK, verdict, "", "cause", "detail", "1", "2", 0.25, "ab12", {"total": 1})
    assert work_from_wire(work_to_wire(WORK)) == WORK
    assert result_from_wire(result_to_wire(result), {7: WORK}) == result
    skipped = Result(WORK, None, "it has no pages")
    assert result_from_wire(result_to_wire(skipped), {7: WORK}) == skipped


@given(st.lists(st.binary(max_size=3_000_000), max_size=3))
def test_a_channel_keeps_messages_apart_and_in_order(messages):
    one, other = map(Channel, socket.socketpair())
    for message in messages:
        one.put(message)
    found: list[bytes] = []
    while len(found) < len(messages):
        one.flush()
        found += other.take()
    assert found == messages
    assert not one.unsent
    one.hang_up()
    assert other.take() == []
    assert other.ended
