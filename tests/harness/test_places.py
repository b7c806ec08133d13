"""Spans in numbers say the same as spans in a list."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crumple import Span, Spans
from crumple.places import each_once, touching

PLACES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), max_size=12)


def made(pairs: list[tuple[int, int]]) -> Spans:
    at = np.array(sorted(start for start, _ in pairs), np.intp)
    return Spans(at, 1, np.array([length for _, length in pairs], np.intp))


@given(PLACES, st.integers(0, 50), st.integers(0, 8))
def test_the_same_places_touch_them(pairs: list[tuple[int, int]], start: int, length: int) -> None:
    spans, place = made(pairs), Span(start, start + length)
    assert touching(spans)(place) == touching(list(spans))(place)


@given(PLACES)
def test_each_stands_there_once(pairs: list[tuple[int, int]]) -> None:
    spans = made(pairs)
    assert list(each_once(spans)) == list(dict.fromkeys(spans))
