"""Two runs are added up as they are read: what is said does not depend on how, and hardly anything is held."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from random import Random

from comparisons import CRASHED, RIGHT, WRONG, side
from crumple.comparing.sides import Called
from crumple.comparing.sums import side_by_side
from crumple.comparing.telling import SHOWN, ToLookAt, dealt_worse
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair
from crumple.outcome import Outcome
from night_calls import call

BYTES_A_PAIR = 80
"""Two numbers for latency and two for money, in arrays that grow by an eighth at a time and are copied then."""


def drawn(random: Random, number: int) -> Pair:
    mutator, level, case = f"text.m{random.randrange(7) ** 2}", random.choice((1.0, 2.0, 3.0)), f"{number % 90}.txt"
    one, other = (
        call(number, random.choice((RIGHT, WRONG, CRASHED)), mutator=mutator, level=level, case=case) for _ in "ab"
    )
    return Pair(one, other)


def kind(failing: Call, other: Call) -> tuple[bool, bool]:
    return failing.outcome is not WRONG, other.outcome is not Outcome.RIGHT


def worst(pairs: list[Pair], which: str) -> list[str]:
    """What is looked at, with every pair at hand: of each kind the mutators in turn, four of a kind in turn."""
    kinds: dict[tuple[bool, bool], dict[str, list[Pair]]] = {}
    for each in sorted(pairs, key=lambda pair: (pair.now.level, *pair.now.key)):
        failing, other = (each.now, each.before) if which == "b" else (each.before, each.now)
        if dealt_worse(failing, other):
            kinds.setdefault(kind(failing, other), {}).setdefault(each.now.mutator, []).append(each)
    ranked = []
    for of, mutators in kinds.items():
        turns = [(turn, pair) for own in mutators.values() for turn, pair in enumerate(own)]
        turns.sort(key=lambda each: (each[0], each[1].now.level, *each[1].now.key))
        ranked += [(place // 4, of, place, pair) for place, (_, pair) in enumerate(turns)]
    return [pair.now.replay for *_, pair in sorted(ranked, key=lambda each: each[:3])[:SHOWN]]


def test_of_however_many_the_same_documents_are_looked_at() -> None:
    for seed in range(5):
        random = Random(seed)
        pairs = [drawn(random, number) for number in range(3_000)]
        found = ToLookAt()
        for each in pairs:
            found.add(each)
        assert [each.now.replay for each in found.shown()] == [*worst(pairs, "b"), *worst(pairs, "a")]


def test_hardly_anything_is_held_of_a_call() -> None:
    def held(cases: int) -> int:
        tracemalloc.start()
        try:
            found = side_by_side(*(side([], name, cases=lambda at=at: many(cases, at)) for at, name in enumerate("ab")))
            assert found.count == cases * 10
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def many(cases: int, at: int) -> Iterator[tuple[str, Called]]:
        for case in range(cases):
            name = f"{case:06}.txt"
            made = [call(number, failing(case + number, at), case=name) for number in range(10)]
            yield name, Called({each.key: each for each in made})

    def failing(number: int, at: int) -> Outcome:
        return WRONG if number % (5 + at) == 0 else RIGHT

    held(10)
    assert (held(1_200) - held(200)) / 10_000 < BYTES_A_PAIR
