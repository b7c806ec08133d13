"""How many edits lie between two texts, exact where that is possible and bounded where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from rapidfuzz.distance import Levenshtein

from crumple.judges import edits as module
from crumple.judges.edits import edits


def words(count: int, seed: int) -> str:
    letters = default_rng(seed).choice(list("abcdefghijkl     "), size=count)
    return "".join(letters)


@given(st.text(), st.text())
def test_short_texts_are_compared_exactly(truth: str, answer: str) -> None:
    assert edits(truth, answer) == Levenshtein.distance(truth, answer)


def test_a_long_text_with_few_edits_is_compared_exactly() -> None:
    truth = words(200_000, 1)
    assert edits(truth, "new " + truth[:100_000] + truth[100_003:]) == 7


def test_long_texts_are_compared_near_the_least_and_never_below(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, other = words(40_000, 1), words(40_000, 2)
    garbled = other[:3000] + truth.replace("a", "").replace("b", "oo")
    for answer in (other, garbled, truth[:15_000] + other[:20_000], truth[20_000:] + truth[:20_000]):
        least = edits(truth, answer)
        with monkeypatch.context() as bounded:
            bounded.setattr(module, "_PAIRS", 1_000_000)
            bounded.setattr(module, "_NEAR", 1_000_000)
            found = edits(truth, answer)
        assert least <= found <= 1.25 * least


def test_one_twice_as_long_as_a_long_truth_is_not_aligned() -> None:
    assert edits("a" * 40_000, "b" * 100_000) == 60_000
    assert edits([1] * 40_000, [2] * 100_000) == 60_000
