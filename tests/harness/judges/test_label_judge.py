"""The judge `label`: one label, a set, a ranked list; and the table of many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.errors import CrumpleError
from crumple.judges.label import Confusion, label
from crumple.truth import AnyOf, Json

NONE_LOST: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("answer", "truth", "score"),
    [
        (" Invoice\n", "invoice", 1),
        ("order", "invoice", 0),
        (b"INVOICE", "invoice", 1),
        (["invoice"], "invoice", 1),
        (["b", "A"], ["a", "b"], 1),
        (["a"], ["a", "b"], 0.5),
        (["a", "b", "c", "d"], ["a", "b"], 0.5),
        ('["a", "b"]', ["a", "b"], 1),
        ("2", 2, 1),
        ("b", AnyOf("a", "b"), 1),
        (None, None, 1),
        ("x", None, 0),
    ],
)
def test_labels_agree_without_regard_to_case_and_space_and_sets_by_their_share(
    answer: Json | bytes, truth: Json, score: float
) -> None:
    found = label().judge(answer, truth, NONE_LOST)
    assert found.score == score
    assert (found.wrong == ()) == (score == 1)


def test_a_ranked_list_is_right_where_the_label_is_among_the_first() -> None:
    ranked = ["order", "invoice", "letter"]
    assert [label(top=k).judge(ranked, "Invoice", NONE_LOST).score for k in (1, 2, 3)] == [0, 1, 1]
    assert label(top=2).judge('["order", "invoice"]', "invoice", NONE_LOST).score == 1
    assert label(top=1).judge("invoice", "invoice", NONE_LOST).score == 1


@pytest.mark.parametrize("nothing", [None, "", " ", [], [None], b"", {}])
def test_no_label_abstains(nothing: Json | bytes) -> None:
    for judge in (label(), label(top=3)):
        found = judge.judge(nothing, "invoice", NONE_LOST)
        assert (found.score, found.wrong, found.abstained) == (0, (), ("",))


def test_a_lost_label_passes_as_it_was_or_not_at_all() -> None:
    lost = frozenset({""})
    assert [label().judge(each, "a", lost).score for each in ("a", None, "b")] == [1, 1, 0]
    for answer, score in ((["a"], 1), (["a", "b"], 1), (["b"], 0.5), (["a", "c"], 0.5)):
        assert label().judge(answer, ["a", "b"], frozenset({"/1"})).score == score


@given(st.lists(st.sampled_from("abc")) | st.text() | st.none(), st.lists(st.sampled_from("abc")) | st.text())
def test_the_score_is_a_share(answer: Json, truth: Json) -> None:
    assert 0 <= label().judge(answer, truth, NONE_LOST).score <= 1
    assert label().judge(truth, truth, NONE_LOST).score == 1


@pytest.mark.parametrize("bad", [0, -1, True, 1.5, "3"])
def test_a_bad_top_is_said(bad: object) -> None:
    with pytest.raises(CrumpleError, match="top"):
        label(top=bad)  # type: ignore[arg-type]


class TestConfusion:
    """What was answered for what, and what a system that always says the same would score."""

    def test_the_table_counts_answers_by_truth(self) -> None:
        confusion = Confusion()
        for truth, answer in (("a", "A "), ("a", "b"), ("a", "a"), ("b", None), ("b", "b")):
            confusion.add(truth, answer)
        assert confusion.table == {"a": {"a": 2, "b": 1}, "b": {"": 1, "b": 1}}
        assert confusion.total == 5
        assert confusion.accuracy == 0.6
        assert confusion.constant == 0.6

    def test_a_constant_system_scores_the_constant(self) -> None:
        confusion = Confusion()
        for truth in "aaab":
            confusion.add(truth, "a")
        assert confusion.accuracy == confusion.constant == 0.75

    def test_an_empty_one_is_all_zeros(self) -> None:
        assert (Confusion().accuracy, Confusion().constant, Confusion().table) == (0, 0, {})
