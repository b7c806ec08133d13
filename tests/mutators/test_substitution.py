"""Characters as numbers and back, and replaced by longer and shorter pieces."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crumple_mutators import substitution
from crumple_mutators.positions import code_points, joined

TEXTS = st.text(st.sampled_from("ab\0é\u4e2d\U0001f600\udc80\ud800\udfff"), max_size=12)


@given(TEXTS)
def test_any_text_comes_back_from_its_numbers(value: str) -> None:
    assert code_points(value).tolist() == [ord(each) for each in value]
    assert joined(code_points(value)) == value


@given(TEXTS, st.integers(0, 20))
def test_pieces_come_in_the_place_of_characters_across_blocks(value: str, seed: int) -> None:
    """A text of several blocks says what replacing one character after the other says."""
    long = value * 400
    points, rng = code_points(long), np.random.default_rng(seed)
    at = np.flatnonzero(rng.random(len(points)) < 0.5)
    forms = {ord(each): each * length for length, each in enumerate(sorted(set(long)))}
    picked = set(at.tolist())
    expected = "".join(forms[ord(each)] if index in picked else each for index, each in enumerate(long))
    with patch.object(substitution, "_BLOCK", 1000):
        assert substitution.substituted(points, at, points[at], forms) == expected
