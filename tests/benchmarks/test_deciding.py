"""What `benchmarks.deciding` compares: the fixed plan is the smallest that nearly always decides the same."""

from __future__ import annotations

import random

import pytest
from benchmarks import deciding
from benchmarks.deciding import Came, Kept

from crumple.contract.limits import State
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work

MET, BROKEN, OPEN = State.MET, State.BROKEN, State.UNDECIDED


def test_the_fixed_plan_is_the_smallest_of_which_nine_in_ten_agree() -> None:
    quick = [Came(10, (OPEN, OPEN)), Came(20, (MET, OPEN)), Came(30, (MET, BROKEN))]
    slow = [Came(10, (OPEN, OPEN)), Came(20, (OPEN, OPEN)), Came(30, (OPEN, BROKEN))]
    assert deciding._fixed([quick] * 10, (MET, OPEN)) == (2, 20, 1.0)
    assert deciding._fixed([quick] * 9 + [slow], (MET, OPEN)) == (2, 20, 0.9)
    assert deciding._fixed([quick] * 8 + [slow] * 2, (MET, OPEN)) is None


def test_a_decision_that_is_another_is_none() -> None:
    assert deciding._fixed([[Came(10, (BROKEN,))]], (MET,)) is None
    assert deciding._fixed([[Came(10, (BROKEN,))]], (OPEN,)) is not None


@pytest.mark.parametrize(("case", "level", "digest"), [("a", 1.0, "1a"), ("b", 1.0, "1b"), ("a", 4.0, "5b")])
def test_a_call_is_answered_by_one_on_the_same_document_or_at_least_level(case: str, level: float, digest: str) -> None:
    kept = Kept()
    for at, of in ((1.0, "a"), (1.0, "b"), (5.0, "b")):
        work = Work(0, of, level=at, mutator="scan.skew", key="0/scan.skew/0/0")
        kept.add(Result(work, Verdict(Outcome.RIGHT, failure=False), digest=f"{at:g}{of}"))
    asked = Work(7, case, level=level, mutator="scan.skew", key="3/scan.skew/0/0")
    answered = kept.answer(asked, random.Random(0))
    assert (answered.digest, answered.work) == (digest, asked)
