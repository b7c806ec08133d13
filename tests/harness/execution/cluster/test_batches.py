"""Batches take half a second, are spread where calls are few, and of a service no more is out than it bears."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crumple.errors import CrumpleError
from crumple.execution.cluster.batches import LARGEST, MOST, SECONDS, Sizes
from crumple.execution.cluster.shares import check_shared, lanes_of, sizes_of


def test_before_any_batch_is_back_calls_go_out_one_by_one() -> None:
    sizes = Sizes(4)
    assert (sizes.target, sizes.of(1000)) == (1, 1)


def test_a_batch_has_as_many_calls_as_take_half_a_second() -> None:
    sizes = Sizes(2)
    sizes.heard(0.5, 10)
    assert (sizes.target, sizes.of(1000)) == (10, 10)


def test_calls_that_get_slow_make_batches_small_at_once_and_quick_ones_by_and_by() -> None:
    sizes = Sizes(2)
    sizes.heard(0.5, 500)
    sizes.heard(60.0, 10)
    assert sizes.target == 1
    for _ in range(30):
        sizes.heard(0.05, 50)
    assert sizes.target > 300


def test_few_calls_are_spread_over_all_slots() -> None:
    sizes = Sizes(4)
    sizes.heard(0.1, 100)
    assert [sizes.of(waiting) for waiting in (4, 8, 9, 1)] == [1, 2, 3, 1]


def test_there_is_room_for_what_is_out_and_a_whole_batch_more_in_each_slot() -> None:
    sizes = Sizes(2)
    sizes.heard(0.5, 10)
    assert (sizes.out, sizes.most) == (4, 60)
    assert sizes.of(sizes.most - sizes.out * sizes.target) == sizes.target


def test_with_many_slots_batches_take_longer_so_that_a_scheduler_keeps_up() -> None:
    sizes = Sizes(1000)
    sizes.heard(1.0, 10)
    assert sizes.seconds == 5.0
    assert sizes.slots / sizes.seconds == 200


@given(st.integers(1, 5000), st.lists(st.tuples(st.floats(0, 1e4), st.integers(0, 5000))), st.integers(1, 10**7))
@example(slots=1, heard=[(5e-324, 0)], waiting=1)
def test_sizes_are_bounded_whatever_is_heard(slots: int, heard: list[tuple[float, int]], waiting: int) -> None:
    sizes = Sizes(slots)
    for seconds, calls in heard:
        sizes.heard(seconds, calls)
    assert 1 <= sizes.of(waiting) <= min(waiting, LARGEST)
    assert slots <= sizes.most <= max(slots, MOST)
    assert sizes.seconds >= SECONDS


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_no_more_calls_are_out_than_a_service_bears(concurrency: int, slots: int) -> None:
    """A lane has a share as `divided` makes it, and no more batches are out than there are shares."""
    sizes = sizes_of(concurrency, slots, Sizes(1))
    assert sizes.out == lanes_of(concurrency, slots) <= slots
    assert sizes.out * max(1, concurrency // sizes.slots) <= concurrency
    assert [sizes.of(waiting) for waiting in (1, 2)] in ([1, 1], [1, 2])


def test_a_lane_of_a_service_has_a_handful_of_calls_as_on_one_machine() -> None:
    assert [lanes_of(16, slots) for slots in (1, 3, 100)] == [1, 3, 4]
    assert lanes_of(0, 100) == 100


@pytest.mark.parametrize(
    ("asked", "said"), [({"batch": True}, "a batch"), ({"listen": "127.0.0.1:99"}, "127.0.0.1:99")]
)
def test_what_one_machine_alone_can_do_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(CrumpleError, match=f"^--dask: .*{said}"):
        check_shared("--dask", **({"batch": False, "listen": ""} | asked))  # type: ignore[arg-type]
