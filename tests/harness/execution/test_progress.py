"""A lane's steps are seen by its parent, and one that takes too long is told from a slow call and a slow parent."""

from __future__ import annotations

import pytest

from crumple.execution.progress import Progress, Step, Watch, doing
from crumple.recipe import Recipe
from crumple.result import Work


@pytest.fixture
def shared(tmp_path):
    """Both ends of one memory."""
    return Progress(tmp_path / "progress"), Progress(tmp_path / "progress")


def looks(watch, start, seconds):
    """Whether a look every second finds the lane overdue."""
    return [watch.overdue(start + second) for second in range(1, seconds + 1)]


def test_a_mark_is_read_at_the_other_end(shared):
    lane, parent = shared
    assert (parent.read().step, parent.read().count) == (Step.STARTING, 0)
    lane.mark(Step.JUDGING, 1 << 40)
    assert parent.read() == lane.read()
    assert (parent.read().step, parent.read().work, parent.read().count) == (Step.JUDGING, 1 << 40, 1)


@pytest.mark.parametrize(
    ("step", "limit"), [(Step.DEGRADING, 10), (Step.JUDGING, 10), (Step.CALLING, 30), (Step.STARTING, 30)]
)
def test_a_step_is_overdue_past_its_own_limit(shared, step, limit):
    lane, parent = shared
    watch = Watch(parent, 10, 30, 0.0)
    lane.mark(step, 1)
    found = looks(watch, 0.0, 50)
    assert found[limit - 1] == 0
    assert found[limit + 1] == limit


def test_a_lane_without_work_is_never_overdue(shared):
    lane, parent = shared
    watch = Watch(parent, 10, 30, 0.0)
    lane.mark(Step.IDLE, 0)
    assert not any(looks(watch, 0.0, 500))


def test_many_steps_of_one_kind_are_not_one_long_one(shared):
    lane, parent = shared
    watch = Watch(parent, 10, 30, 0.0)
    for second in range(100):
        lane.mark(Step.DEGRADING, 1)
        assert not watch.overdue(float(second))


def test_time_in_which_nobody_looked_hardly_counts(shared):
    lane, parent = shared
    watch = Watch(parent, 10, 30, 0.0)
    lane.mark(Step.DEGRADING, 1)
    assert not watch.overdue(1.0)
    assert not watch.overdue(1000.0)


def test_steps_have_words():
    work = Work(1, "a", Recipe.parse("scan.skew(angle=2)"))
    assert doing(Step.DEGRADING, work) == "degrading with scan.skew"
    assert doing(Step.DEGRADING, Work(1, "a")) == "preparing the clean document"
    assert doing(Step.IDLE, work) == ""
