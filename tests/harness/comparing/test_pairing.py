"""Which calls of two runs are compared, and why the others are not."""

from collections import Counter
from dataclasses import replace

from comparisons import CRASHED, RIGHT, calls, side
from crumple.comparing.pairing import case_by_case
from crumple.comparing.sums import side_by_side
from night_calls import call

OUTCOMES = (("", RIGHT, RIGHT, 2), ("text.a", RIGHT, CRASHED, 3))


def test_the_same_case_and_recipe_are_a_pair() -> None:
    first, second = side(calls(OUTCOMES, 0)), side(calls(OUTCOMES, 1))
    pairs = [pair for each in case_by_case(first, second) for pair in each.pairs]
    assert Counter(pair.now.category for pair in pairs) == {"clean": 2, "text": 3}
    assert all(pair.worse for pair in pairs if pair.now.mutator)
    found = side_by_side(first, second)
    assert (found.count, found.degraded, found.cases) == (5, 3, 5)
    assert not found.alone


def test_other_bytes_are_no_pair() -> None:
    one = call(1, digest="a" * 32)
    found = side_by_side(side([one]), side([replace(one, digest="b" * 32)]))
    assert not found.count
    (why, numbers), *_ = found.alone.items()
    assert "other bytes" in why
    assert numbers == (1, 1)


def test_a_digest_that_one_of_them_does_not_know_is_taken_on_trust() -> None:
    one = call(1)
    assert side_by_side(side([one]), side([replace(one, digest="")])).count == 1


def test_cases_that_only_one_of_them_has_tried_stand_beside_nothing() -> None:
    first, second = (side([replace(CLEAN, case=name) for name in cases]) for cases in ("abd", "bce"))
    found = [(list(each.first.calls), list(each.second.calls)) for each in case_by_case(first, second)]
    assert [[name for ((name, _),) in filter(None, each)] for each in found] == [["a"], ["b", "b"], ["c"], ["d"], ["e"]]


def alone(mine: list, theirs: list, **about: object) -> dict[str, tuple[int, int]]:
    return dict(side_by_side(side(mine), side(theirs, "b", about=about)).alone)


CLEAN = call(0, mutator="", case="1.txt")


def test_each_call_without_a_partner_has_its_reason() -> None:
    mine = call(1, case="1.txt")
    failing = replace(CLEAN, outcome=CRASHED, failure=True)
    other = call(2, case="1.txt")
    assert "was not tried" in next(iter(alone([mine], [])))
    assert "fails clean" in next(iter(alone([CLEAN, mine], [failing])))
    assert "its mutator was not called" in next(iter(alone([CLEAN, mine], [CLEAN])))
    assert "level" in next(iter(alone([CLEAN, mine], [CLEAN, other], levels=[5.0])))
    assert "another seed" in next(iter(alone([CLEAN, mine], [CLEAN, other], seed=8)))
    assert "ended before it" in next(iter(alone([CLEAN, mine], [CLEAN, other])))


def test_void_and_skipped_calls_are_told_apart() -> None:
    mine = call(1, case="1.txt")
    void = side([CLEAN], "b", void=frozenset({mine.key}))
    skipped = side([CLEAN], "b", skipped=frozenset({mine.key}))
    assert "came to nothing" in next(iter(side_by_side(side([CLEAN, mine]), void).alone))
    assert "does not apply" in next(iter(side_by_side(side([CLEAN, mine]), skipped).alone))
