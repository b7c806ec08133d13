"""What another run has called is called again: the same, in its order, and twice alike once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from crumple.comparing.other_run import OtherRun, calls_from
from crumple.errors import CrumpleError
from crumple.nightly.baseline import call_of
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work

BYTES_A_CALL, BYTES_READ = 100, 300
"""The second while it is read, with what tells calls that are alike."""


def result(case: str, *steps: Step, mutator: str = "", level: float = 0.0, repeat: int = 0) -> Result:
    mutator = mutator or (steps[0].mutator if steps else "")
    key = f"0/{mutator}/{case}/{repeat}" if steps else f"clean/{case}/{repeat}"
    work = Work(0, case, Recipe(steps), level, mutator, key, 0 if steps else -1)
    return Result(work, Verdict(Outcome.RIGHT, False, 1.0), seconds=0.5, digest="ab" * 16)


def skew(seed: int, angle: float = 2.0, **more: str) -> Step:
    return Step("scan.skew", (("angle", angle),), seed, **more)


RESULTS = [
    result("a.pdf"),
    result("b.pdf"),
    result("a.pdf", skew(3), level=2.0),
    result("b.pdf", skew(2**70, part="x.pdf"), level=2.0),
    result("a.pdf", skew(3, 4.0), level=3.0),
    result("a.pdf", skew(3), level=2.0),
    result("a.pdf", skew(4), level=2.0, repeat=1),
    result("\udcff\0.pdf", skew(3), Step("text.a", (), 8), mutator="scan.both", level=1.0),
]


def test_calls_are_what_they_were_and_in_their_order() -> None:
    found = calls_from(RESULTS, "r", {"seed": 7})
    wanted = [call_of(RESULTS[at]) for at in (2, 3, 4, 7)]
    assert [(each.key, each.mutator, each.level) for each in found] == [
        (each.key, each.mutator, each.level) for each in wanted if each is not None
    ]
    assert (len(found), found.seed, found.levels) == (4, 7, (1.0, 2.0, 3.0))
    assert found.mutators == {"scan.skew", "scan.both"}
    assert found.cases == {"a.pdf", "b.pdf", "\udcff\0.pdf"}


def test_other_calls_and_another_order_are_another_run() -> None:
    ids = {calls_from(some, "r", {}).id for some in (RESULTS, RESULTS[:-1], RESULTS[::-1])}
    assert len(ids) == 3
    assert calls_from(RESULTS, "s", {}).id not in ids


def test_a_run_that_has_degraded_nothing_has_no_calls_to_make() -> None:
    with pytest.raises(CrumpleError, match="run r has called no degraded document"):
        calls_from(RESULTS[:2], "r", {})


def test_of_a_call_little_is_held() -> None:
    def results(count: int) -> Iterator[Result]:
        cases = [f"{number}.pdf" for number in range(100)]
        return (result(cases[at % 100], skew(at, at % 5 + 1.0), level=at % 5 + 1.0) for at in range(count))

    def held(count: int) -> tuple[OtherRun, int, int]:
        tracemalloc.start()
        try:
            return calls_from(results(count), "r", {}), *tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    held(10)
    (few, least, _), (many, after, most) = held(1_000), held(11_000)
    assert len(many) - len(few) == 10_000
    assert (after - least) / 10_000 < BYTES_A_CALL
    assert (most - least) / 10_000 < BYTES_READ
