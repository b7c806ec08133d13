"""The judge `text`: error rates, recall, and what an empty answer is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.errors import CrumpleError
from crumple.judges.text import Measure, text
from crumple.truth import AnyOf

NONE_LOST: frozenset[str] = frozenset()
LETTER = "Dear Ms Alvarez, thank you for the delivery of 12 March. We shall pay within 30 days. Yours, B. Okafor"
MEASURES: tuple[Measure, ...] = ("cer", "wer", "recall")


@given(st.text(), st.text(), st.sampled_from(MEASURES))
def test_the_score_is_a_share_and_one_for_the_truth_itself(answer: str, truth: str, measure: Measure) -> None:
    judge = text(measure=measure)
    found = judge.judge(answer, truth, NONE_LOST)
    assert 0 <= found.score <= 1
    assert (found.score == 1) == (not found.wrong and not found.abstained)
    assert judge.judge(truth, truth, NONE_LOST).score == 1


def test_rates_are_edits_by_the_length_of_the_truth() -> None:
    found = text().judge("the cat sit on the", "the cat sat on the mat", NONE_LOST)
    assert found.figures["cer"] == pytest.approx(5 / 22)
    assert found.figures["wer"] == pytest.approx(2 / 6)
    assert found.figures["recall"] == pytest.approx(4 / 6)
    assert found.score == pytest.approx(1 - 5 / 22)
    assert found.wrong == ("",)


@pytest.mark.parametrize(("measure", "score"), [("cer", 1 - 5 / 22), ("wer", 4 / 6), ("recall", 4 / 6)])
def test_the_measure_that_is_asked_for_is_the_score(measure: Measure, score: float) -> None:
    assert text(measure=measure).judge(
        "the cat sit on the", "the cat sat on the mat", NONE_LOST
    ).score == pytest.approx(score)


def test_words_in_another_order_lose_no_recall_and_words_count_as_often_as_they_stand() -> None:
    shuffled = " ".join(sorted(LETTER.split()))
    assert text(measure="recall").judge(shuffled, LETTER, NONE_LOST).score == 1
    assert text(measure="recall").judge("a b", "a a a b", NONE_LOST).score == 0.5


def test_dummy_systems_come_out_as_what_they_are() -> None:
    def scores(answer: str) -> list[float]:
        return [text(measure=measure).judge(answer, LETTER, NONE_LOST).score for measure in MEASURES]

    words = LETTER.split()
    assert max(scores("The quick brown fox jumps over the lazy dog and sleeps until the morning comes back")) < 0.4
    assert all(0.3 < score < 0.7 for score in scores(" ".join(words[: len(words) // 2])))
    assert max(scores(" ".join(sorted(words)))[:2]) < 0.5
    assert scores(LETTER + " " + LETTER)[:2] == [0, 0]


@pytest.mark.parametrize("nothing", ["", " \n", "\u200b", None, b"", b"\n", {}, [], {"text": None}])
def test_an_answer_without_characters_abstains(nothing: object) -> None:
    found = text().judge(nothing, LETTER, NONE_LOST)  # type: ignore[arg-type]
    assert (found.score, found.wrong, found.abstained) == (0, (), ("",))


def test_nothing_is_right_where_there_is_nothing_and_anything_else_is_wrong() -> None:
    for truth in ("", None):
        assert text().judge("", truth, NONE_LOST).score == 1
        assert text().judge("made up", truth, NONE_LOST).wrong == ("",)


def test_an_answer_that_is_no_text_is_wrong() -> None:
    assert text().judge({"text": LETTER}, LETTER, NONE_LOST).wrong == ("",)


def test_white_space_invisible_characters_and_bytes_make_no_difference_and_case_does() -> None:
    assert text().judge(LETTER.replace(" ", "\r\n\u00a0").encode(), LETTER, NONE_LOST).score == 1
    assert text().judge(LETTER.upper(), LETTER, NONE_LOST).score < 1
    assert text(ignore_case=True).judge(LETTER.upper(), LETTER, NONE_LOST).score == 1


def test_a_lost_text_passes_as_it_was_or_not_at_all() -> None:
    lost = frozenset({""})
    assert text().judge("", LETTER, lost).score == text().judge(LETTER, LETTER, lost).score == 1
    assert text().judge("noise", LETTER, lost).wrong == ("",)


def test_the_best_of_several_truths_counts() -> None:
    assert text().judge("two", AnyOf("one", "two"), NONE_LOST).score == 1


def test_an_unknown_measure_is_said_with_the_nearest() -> None:
    with pytest.raises(CrumpleError, match="Did you mean 'recall'"):
        text(measure="recal")  # type: ignore[arg-type]


def test_a_record_as_truth_is_an_error_that_names_the_judges_for_it():
    with pytest.raises(CrumpleError, match='Use kind = "fields" or "table"'):
        text().judge("Dear Ann", {"name": "Ann"}, frozenset())
