"""The judge `exact`: equality as JSON, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.judges.exact import exact
from crumple.truth import AnyOf, Json

NONE_LOST: frozenset[str] = frozenset()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_every_value_equals_itself(value: Json) -> None:
    assert exact().judge(value, value, NONE_LOST).score == 1


@given(json_values, json_values)
def test_the_score_is_one_exactly_where_json_is_equal(one: Json, other: Json) -> None:
    def typed(value: object) -> object:
        if isinstance(value, bool) or value is None:
            return str(value)
        if isinstance(value, (int, float)):
            return ("number", value)
        if isinstance(value, list):
            return [typed(each) for each in value]
        return {key: typed(each) for key, each in value.items()} if isinstance(value, dict) else ("text", value)

    assert (exact().judge(one, other, NONE_LOST).score == 1) == (typed(one) == typed(other))


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [
        (1.0, 1, True),
        (True, 1, False),
        ([0], [False], False),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({}, {"a": None}, False),
        (None, [], False),
        ("1.0", 1, False),
        ("Total", "total", False),
        (b"caf\xc3\xa9", "café", True),
        (b"caf\xe9", "café", False),
        (b"", "", True),
        ({"a": 2}, {"a": AnyOf(1, 2)}, True),
        ([1, 3], AnyOf([1, 2], [1, 3]), True),
    ],
)
def test_what_is_equal_as_json_is_right(answer: Json | bytes, truth: Json, right: bool) -> None:
    assert exact().judge(answer, truth, NONE_LOST).score == float(right)


def test_it_says_where_answer_and_truth_differ() -> None:
    found = exact().judge({"a": 1, "b": {"c": [1, 2]}, "x": 0}, {"a": 1, "b": {"c": [1, 3]}, "d": 4}, NONE_LOST)
    assert found.wrong == ("/b/c/1", "/x")
    assert found.abstained == ("/d",)


def test_nothing_at_all_abstains() -> None:
    found = exact().judge(None, {"a": 1}, NONE_LOST)
    assert (found.score, found.wrong, found.abstained) == (0, (), ("/a",))


def test_a_lost_field_passes_with_its_old_value_or_with_none_only() -> None:
    lost = frozenset({"/a"})
    for answer, score in (({"a": 1, "b": 2}, 1), ({"b": 2}, 1), ({"a": None, "b": 2}, 1), ({"a": 3, "b": 2}, 0)):
        assert exact().judge(answer, {"a": 1, "b": 2}, lost).score == score
