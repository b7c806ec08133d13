"""Which calls of two runs are compared, and why the others are not."""

from dataclasses import replace

from comparisons import CRASHED, RIGHT, calls, side
from crumple.comparing.pairing import pair_up
from night_calls import call

OUTCOMES = (("", RIGHT, RIGHT, 2), ("text.a", RIGHT, CRASHED, 3))


def test_the_same_case_and_recipe_are_a_pair() -> None:
    found = pair_up(side(calls(OUTCOMES, 0)), side(calls(OUTCOMES, 1)))
    assert {name: len(own) for name, own in found.pairs.items()} == {"clean": 2, "text": 3}
    assert all(pair.worse for pair in found.pairs["text"])
    assert found.count == 5
    assert found.degraded == 3
    assert not found.alone


def test_other_bytes_are_no_pair() -> None:
    one = call(1, digest="a" * 32)
    found = pair_up(side([one]), side([replace(one, digest="b" * 32)]))
    assert not found.count
    (why, numbers), *_ = found.alone.items()
    assert "other bytes" in why
    assert numbers == (1, 1)


def test_a_digest_that_one_of_them_does_not_know_is_taken_on_trust() -> None:
    one = call(1)
    assert pair_up(side([one]), side([replace(one, digest="")])).count == 1


def alone(mine: list, theirs: list, **about: object) -> dict[str, tuple[int, int]]:
    return dict(pair_up(side(mine), side(theirs, "b", about=about)).alone)


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
    assert "came to nothing" in next(iter(pair_up(side([CLEAN, mine]), void).alone))
    assert "does not apply" in next(iter(pair_up(side([CLEAN, mine]), skipped).alone))
