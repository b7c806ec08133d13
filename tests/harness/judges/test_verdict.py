"""From a reply to an outcome: the table of outcomes, refusals, lost fields, pass marks, fingerprints."""

from __future__ import annotations

from typing import Any

import pytest

from crumple.errors import CrumpleError
from crumple.judges import Judge
from crumple.judges.exact import exact
from crumple.judges.fields import fields
from crumple.judges.label import label
from crumple.judges.table import table
from crumple.judges.text import Text, text
from crumple.judges.verdict import Policy, verdict
from crumple.outcome import Ending, Outcome, Reply, Verdict
from crumple.truth import ABSENT, AnyOf, Expectation, Json, Truth

TRUTH: dict[str, Any] = {
    "number": "R-0042",
    "vendor": "Almeida",
    "total": 1250.5,
    "lines": [{"item": "bolts", "amount": 250.5}, {"item": "hinges", "amount": 1000}],
}

ALL_RIGHT = Policy()


def said(
    answer: Any,
    *,
    truth: Truth = TRUTH,
    lost: tuple[str, ...] = (),
    refusable: bool = False,
    policy: Policy = ALL_RIGHT,
) -> Verdict:
    reply = Reply(Ending.ANSWERED, answer)
    return verdict(reply, Expectation(truth, frozenset(lost), refusable), fields(), policy)


def ended(ending: Ending, *, lost: tuple[str, ...] = (), refusable: bool = False) -> Verdict:
    reply = Reply(ending, cause="ValueError: no total in R-0042", kind="ValueError at app.py:extract")
    return verdict(reply, Expectation(TRUTH, frozenset(lost), refusable), fields(), Policy())


class TestEndings:
    """What the adapter saw is carried over."""

    @pytest.mark.parametrize("ending", [Ending.CRASHED, Ending.HUNG, Ending.EXHAUSTED])
    def test_no_answer_is_a_failure_even_where_refusing_is_acceptable(self, ending: Ending) -> None:
        found = ended(ending, lost=("",), refusable=True)
        assert found.outcome == ending.value
        assert found.failure
        assert not found.silent
        assert found.score == 0
        assert found.fingerprint == f"{ending.value} ValueError at app.py:extract"

    def test_void_is_never_a_failure(self) -> None:
        assert ended(Ending.VOID) == Verdict(Outcome.VOID, failure=False)

    def test_a_declared_refusal_is_a_failure_only_where_it_is_not_acceptable(self) -> None:
        refused = ended(Ending.REFUSED)
        assert (refused.outcome, refused.failure) == (Outcome.REFUSED, True)
        assert refused.fingerprint == "refused ValueError at app.py:extract"
        for found in (ended(Ending.REFUSED, refusable=True), ended(Ending.REFUSED, lost=("",))):
            assert (found.outcome, found.failure, found.fingerprint) == (Outcome.REFUSED, False, "")
        assert ended(Ending.REFUSED, lost=("/total",)).failure

    def test_all_lost_may_be_said_field_by_field(self) -> None:
        assert not ended(Ending.REFUSED, lost=("/number", "/vendor", "/total", "/lines")).failure
        assert ended(Ending.REFUSED, lost=("/number", "/vendor", "/total", "/lines/0")).failure


class TestAnswers:
    """Right, refused by abstaining, wrong."""

    def test_the_truth_is_right(self) -> None:
        measures = {"fields": 7.0, "right": 7.0}
        assert said(TRUTH) == Verdict(Outcome.RIGHT, failure=False, score=1.0, figures=measures)

    def test_leaving_fields_out_is_refusing(self) -> None:
        found = said(TRUTH | {"total": None})
        assert (found.outcome, found.failure, found.abstained) == (Outcome.REFUSED, True, ("/total",))
        assert found.fingerprint == "refused no /total"
        assert not found.silent
        assert not said(TRUTH | {"total": None}, refusable=True).failure

    def test_leaving_fields_out_is_wrong_where_the_policy_says_so(self) -> None:
        found = said(TRUTH | {"total": None}, refusable=True, policy=Policy(abstain="wrong"))
        assert (found.outcome, found.failure, found.silent) == (Outcome.WRONG, True, True)
        assert found.fingerprint == "wrong /total (empty)"

    def test_a_wrong_value_beside_missing_ones_is_wrong_and_acceptable_nowhere(self) -> None:
        found = said({"number": "R-0043"}, refusable=True)
        assert (found.outcome, found.failure, found.silent) == (Outcome.WRONG, True, True)

    def test_the_best_of_several_truths_decides(self) -> None:
        doubled = TRUTH | {"lines": TRUTH["lines"] * 2}
        for answer in (TRUTH, doubled):
            assert said(answer, truth=AnyOf(TRUTH, AnyOf(doubled))).outcome is Outcome.RIGHT
        assert said(TRUTH | {"total": 1}, truth=AnyOf(TRUTH, doubled)).wrong == ("/total",)

    def test_an_answer_that_abstains_from_one_truth_and_is_wrong_for_another_is_refused(self) -> None:
        truth = AnyOf({"a": 1, "b": 2, "c": 3}, {"a": 9, "b": None, "c": None, "d": None, "e": None})
        assert said({"a": 1}, truth=truth).outcome is Outcome.REFUSED

    def test_without_a_truth_an_answer_cannot_be_judged(self) -> None:
        with pytest.raises(CrumpleError, match="truth"):
            said(TRUTH, truth=ABSENT)
        assert verdict(Reply(Ending.CRASHED, kind="k"), Expectation(ABSENT), fields(), Policy()).failure

    def test_pointers_past_a_hundred_travel_without_indices(self) -> None:
        truth = [["a", "b"], *([str(i), str(i + 1)] for i in range(2, 200))]
        reply = Reply(Ending.ANSWERED, [["a", "b"], *([row[0], "1"] for row in truth[1:])])
        found = verdict(reply, Expectation(truth), table(), Policy())
        assert found.wrong == ("/*/b",)
        assert found.fingerprint == "wrong /*/b"

    @pytest.mark.parametrize("judge", [fields(), exact(), text(), table(), label()], ids=repr)
    def test_an_answer_nested_too_deep_is_wrong_and_hurts_nobody(self, judge: Judge) -> None:
        deep: Any = "bottom"
        for _ in range(100_000):
            deep = [deep]
        truth: Json = "a" if isinstance(judge, Text) else [["a"], ["b"]]
        for answer in (deep, ["x", deep, deep], [["a"], [deep]]):
            found = verdict(Reply(Ending.ANSWERED, answer), Expectation(truth), judge, Policy())
            assert found.outcome is Outcome.WRONG


class TestEverythingLost:
    """Refusing passes, no values pass, old values pass; anything else is wrong."""

    @pytest.mark.parametrize("nothing", [None, {}, "", b"", [], {"total": None, "lines": []}])
    def test_an_answer_without_values_is_right(self, nothing: Any) -> None:
        for judge in (fields(), exact(), text(), table()):
            found = verdict(Reply(Ending.ANSWERED, nothing), Expectation(TRUTH, frozenset({""})), judge, Policy())
            assert (found.outcome, found.failure, found.score) == (Outcome.RIGHT, False, 1.0)

    def test_old_values_are_right_and_others_wrong(self) -> None:
        assert said({"total": 1250.5}, lost=("",)).outcome is Outcome.RIGHT
        assert said({"total": 12.5}, lost=("",)).outcome is Outcome.WRONG


class TestPassMark:
    """`pass` below 1, or a clean answer's score."""

    def test_a_score_at_the_mark_is_right_whatever_is_wrong(self) -> None:
        answer = TRUTH | {"total": 1}
        assert said(answer, policy=Policy(pass_mark=6 / 7)).outcome is Outcome.RIGHT
        assert said(answer, policy=Policy(pass_mark=6 / 7)).wrong == ("/total",)
        assert said(answer, policy=Policy(pass_mark=0.9)).outcome is Outcome.WRONG

    def test_a_mark_worked_out_in_floats_is_kept_to_the_rounding(self) -> None:
        answer = {str(i): i if i < 7 else -1 for i in range(10)}
        assert said(answer, truth={str(i): i for i in range(10)}, policy=Policy(0.8 - 0.1)).outcome is Outcome.RIGHT

    def test_below_the_mark_a_wrong_value_makes_it_wrong_also_beside_missing_ones(self) -> None:
        assert said(TRUTH | {"total": 1, "number": None}, policy=Policy(0.8)).outcome is Outcome.WRONG

    def test_what_was_wrong_clean_already_is_not_what_is_new(self) -> None:
        policy = Policy(6 / 7, known=frozenset({"/total"}))
        left_out = said(TRUTH | {"total": 1, "number": None}, policy=policy)
        assert (left_out.outcome, left_out.fingerprint) == (Outcome.REFUSED, "refused no /number")
        worse = said(TRUTH | {"total": 1, "vendor": "Almeda"}, policy=policy)
        assert (worse.outcome, worse.fingerprint) == (Outcome.WRONG, "wrong /vendor (garbled)")

    def test_a_known_fault_that_got_worse_is_wrong(self) -> None:
        reply = Reply(Ending.ANSWERED, "noise noise")
        policy = Policy(0.9, known=frozenset({""}))
        assert verdict(reply, Expectation("a long letter to read"), text(), policy).outcome is Outcome.WRONG


@pytest.mark.parametrize(
    ("changes", "fingerprint"),
    [
        ({"total": 12505}, "wrong /total (another scale)"),
        ({"total": "1.250,50-"}, "wrong /total (sign)"),
        ({"number": "R-00"}, "wrong /number (truncated)"),
        ({"number": "R-O042"}, "wrong /number (garbled)"),
        ({"vendor": "Grand Total"}, "wrong /vendor (other value)"),
        ({"vendor": "R-0042"}, "wrong /vendor (shifted)"),
        ({"vendor": {"name": "Almeida"}}, "wrong /vendor (another shape)"),
        ({"number": "R-00", "vendor": "R-0042"}, "wrong /number (truncated); /vendor (shifted)"),
        ({"lines": TRUTH["lines"][:1]}, "wrong /lines (items missing)"),
        ({"lines": [*TRUTH["lines"], {"item": "Total", "amount": 1250.5}]}, "wrong /lines (items added)"),
    ],
)
def test_a_fingerprint_names_the_fields_and_the_manner(changes: dict[str, Any], fingerprint: str) -> None:
    assert said(TRUTH | changes).fingerprint == fingerprint


def test_fields_of_list_items_share_a_fingerprint_whatever_their_position() -> None:
    def with_amount(index: int) -> dict[str, Any]:
        lines = [dict(line) for line in TRUTH["lines"]]
        lines[index]["amount"] *= 10
        return TRUTH | {"lines": lines}

    assert (
        said(with_amount(0)).fingerprint == said(with_amount(1)).fingerprint == "wrong /lines/*/amount (another scale)"
    )


def test_of_a_lists_items_the_manner_is_the_one_that_most_have() -> None:
    truth = {"lines": [{"amount": 100 + each} for each in range(5)]}
    lines = [{"amount": 10 * each["amount"]} for each in truth["lines"][:4]] + [{"amount": 7}]
    assert said({"lines": lines}, truth=truth).fingerprint == "wrong /lines/*/amount (another scale)"


def test_keys_that_number_things_are_no_fields_of_their_own() -> None:
    truth = {
        "items": {f"A-{each}": {"price": 10.5} for each in range(4)},
        "line1": "Moss",
        "line2": "Gray",
        "line3": "x",
    }
    for key in truth["items"]:
        wrong = {**truth["items"], key: {"price": 105}}
        assert said({**truth, "items": wrong}, truth=truth).fingerprint == "wrong /items/*/price (another scale)"
    assert said({**truth, "line2": "G"}, truth=truth).fingerprint == "wrong /line2 (truncated)"


@pytest.mark.parametrize(
    ("right", "given", "manner"),
    [
        ("2024-03-04", "2024-04-03", "day and month"),
        ("2024-03-04", "2023-03-04", "garbled"),
        (1250.5, 1250.7, "other value"),
        (1250.5, 1250, "truncated"),
        (AnyOf("2024-03-04", "March 2024"), "2024-04-03", "day and month"),
    ],
)
def test_dates_and_numbers_have_manners_of_their_own(right: Any, given: Any, manner: str) -> None:
    assert said({"a": given}, truth={"a": right}).fingerprint == f"wrong /a ({manner})"


def test_many_wrong_fields_make_a_short_fingerprint_and_made_up_ones_are_called_so() -> None:
    truth = {f"field{i}": None for i in range(30)}
    found = said(dict.fromkeys(truth, "x"), truth=truth).fingerprint
    assert found == "wrong /field0, /field1, /field10, /field11, /field12, /field13, ... (made up)"


def test_text_answers_have_a_manner_too() -> None:
    letter = "Dear Ms Alvarez, thank you for the delivery of 12 March."
    for answer, mark in ((letter[:30], "truncated"), (letter.replace("e", "c"), "garbled"), ("####", "other value")):
        assert (
            verdict(Reply(Ending.ANSWERED, answer), Expectation(letter), text(), Policy()).fingerprint
            == f"wrong ({mark})"
        )


class TestLabels:
    """A call that brought no answer is in the table of labels too, as the answer ""."""

    @pytest.mark.parametrize("ending", [Ending.CRASHED, Ending.HUNG, Ending.EXHAUSTED, Ending.REFUSED])
    def test_a_call_without_an_answer_counts_for_its_right_label(self, ending: Ending) -> None:
        reply = Reply(ending, kind="ValueError at app.py:classify")
        for truth in (" Invoice", AnyOf("Invoice", "order")):
            assert verdict(reply, Expectation(truth), label(), Policy()).labels == ("invoice", "")

    def test_where_everything_is_lost_and_nothing_is_answered_it_counts_too(self) -> None:
        found = verdict(Reply(Ending.ANSWERED, ""), Expectation("a", frozenset({""})), label(), Policy())
        assert (found.outcome, found.labels) == (Outcome.RIGHT, ("a", ""))

    def test_neither_void_nor_a_case_without_truth_nor_another_judge_has_a_label(self) -> None:
        assert verdict(Reply(Ending.VOID), Expectation("a"), label(), Policy()).labels is None
        assert verdict(Reply(Ending.CRASHED), Expectation(ABSENT), label(), Policy()).labels is None
        assert verdict(Reply(Ending.CRASHED), Expectation("a"), text(), Policy()).labels is None
