"""The judge `fields`: each field by its kind, and never a value that is another one."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.errors import CrumpleError
from crumple.judges.fields import fields
from crumple.outcome import Judgement
from crumple.truth import AnyOf, Json

INVOICE: dict[str, Any] = {
    "number": "R-0042",
    "date": "2024-03-05",
    "paid": False,
    "note": None,
    "total": 1234.5,
    "vendor": {"name": "Müller & Söhne", "city": "Köln"},
    "lines": [{"item": f"part {i}", "qty": i + 1, "amount": 10.25 * (i + 1)} for i in range(4)],
}
SIZE = 7 + 12


def judged(answer: Json | bytes, truth: Json = INVOICE, lost: tuple[str, ...] = (), **options: Any) -> Judgement:
    return fields(**options).judge(answer, truth, frozenset(lost))


def changed(**values: Any) -> dict[str, Any]:
    return copy.deepcopy(INVOICE) | values


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_every_answer_that_is_the_truth_is_right(value: Json) -> None:
    found = judged(copy.deepcopy(value), value)
    assert (found.score, found.wrong, found.abstained) == (1, (), ())


@given(json_values, json_values, st.sets(st.sampled_from(["", "/a", "/0", "/0/0"])))
def test_the_score_is_a_share_and_all_faults_are_named(answer: Json, truth: Json, lost: set[str]) -> None:
    found = judged(answer, truth, tuple(lost))
    assert 0 <= found.score <= 1
    assert (found.score == 1) == (not found.wrong and not found.abstained)


@given(json_values)
def test_an_answer_of_nothing_is_never_wrong(truth: Json) -> None:
    assert judged(None, truth).wrong == ()


@given(st.integers(0, 10**7), st.integers(0, 99), st.sampled_from(["{:,}.{:02d}", "${:,}.{:02d}", "{:,}.{:02d} USD"]))
def test_a_number_is_right_in_its_other_notations(whole: int, cents: int, pattern: str) -> None:
    written = pattern.format(whole, cents)
    swapped = written.translate(str.maketrans(",.", ".,"))
    assert judged({"t": written}, {"t": float(f"{whole}.{cents:02d}")}).score == 1
    assert judged({"t": swapped}, {"t": float(f"{whole}.{cents:02d}")}).score == 1


numbers = st.decimals(-(10**9), 10**9, places=3) | st.integers(-(10**18), 10**18).map(Decimal)


@given(numbers, numbers, st.sampled_from(["{}", "{} EUR", "{:,}", "({})", "{}-", "{:E}"]))
def test_another_number_never_passes_in_any_notation(truth: Decimal, other: Decimal, pattern: str) -> None:
    written = pattern.format(other)
    meant = -other if pattern in ("({})", "{}-") and other >= 0 else other
    for kind in (float, str):
        expected = kind(truth)
        if Decimal(str(expected)) != meant:
            assert judged({"t": written}, {"t": expected}).score == 0, written
    if float(truth) != float(other):
        assert judged({"t": float(other)}, {"t": float(truth)}).score == 0


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [
        # notation, text
        ("Mu\u0308ller  &\nSöhne", "Müller & Söhne", True),
        ("M\u00fcller\u200b", "Müller", True),
        ("muller", "Müller", False),
        ("ACME", "Acme", False),
        # numbers: only without doubt, machines' notation as machines read it
        ("1,234", 1234, False),
        ("1,234", 1.234, False),
        ("1.234", 1.234, True),
        ("1.234", 1234, False),
        ("1.5", "1.500", True),
        ("1500", "1.500", False),
        ("1,234 EUR", "1,234", True),
        ("1234.50", "1.234,50", True),
        (0.1 + 0.2, 0.3, True),
        (0.3000001, 0.3, False),
        (9007199254740993, 9007199254740992, False),
        (1, True, False),
        (True, 1, False),
        ("true", True, True),
        # names that look like numbers
        ("7", "007", False),
        (7, "007", False),
        (100000, "1E5", False),
        (12345, "12345", True),
        # units
        ("$5.00", "€5.00", False),
        ("5.00 €", "EUR 5.00", True),
        (5, "€ 5.00", True),
        ("19 %", 19, True),
        ("19 %", 0.19, False),
        # dates
        ("5. März 2024", "2024-03-05", True),
        ("05.03.2024", "2024-03-05", True),
        ("05/03/2024", "2024-03-05", False),
        ("2024-03-06", "2024-03-05", False),
        ("2024-03-05T00:00:00", "2024-03-05", True),
        ("2024-03-05 10:30:00", "2024-03-05T10:30", True),
        ("2024-03-05T11:30", "2024-03-05T10:30", False),
        ("5/3/2024", "05/03/2024", True),
        ("3/5/2024", "05/03/2024", False),
        # shapes
        ([5], 5, False),
        ({"value": 5}, 5, False),
        (float("nan"), 5, False),
        (5, None, False),
        ("", None, True),
        (float("nan"), None, True),
    ],
)
def test_a_field_is_right_where_its_value_is_the_same_without_doubt(answer: Json, truth: Json, right: bool) -> None:
    assert judged({"field": answer}, {"field": truth}).score == float(right)


def test_wrong_and_abstained_fields_are_told_apart() -> None:
    answer = changed(total=1234.6, date=None, number="  ", note="made up")
    del answer["vendor"]["city"]
    found = judged(answer)
    assert found.wrong == ("/note", "/total")
    assert found.abstained == ("/number", "/date", "/vendor/city")
    assert found.score == pytest.approx(1 - 5 / SIZE)


def test_keys_that_the_truth_does_not_have_do_not_count() -> None:
    assert judged(changed(confidence=0.3)).score == 1


class TestDummySystems:
    """Systems that do nothing useful come out as what they are."""

    def test_one_that_returns_an_empty_schema_abstains_from_everything(self) -> None:
        for nothing in (None, {}, [], "", b"", " ", {"total": None, "vendor": {"name": ""}, "lines": []}):
            found = judged(nothing)
            assert (found.score, found.wrong) == (pytest.approx(1 / SIZE), ()), nothing  # the note is null
            assert "/lines" in found.abstained
            assert "/total" in found.abstained

    def test_a_constant_answer_is_wrong_for_another_document(self) -> None:
        other = changed(number="R-0043", date="2023-01-01", total=5, vendor={"name": "X", "city": "Y"}, lines=[])
        found = judged(other)
        assert found.score < 0.2
        assert {"/number", "/date", "/total", "/vendor/name", "/lines"} <= set(found.wrong)

    def test_an_echo_of_the_document_is_wrong(self) -> None:
        for echo in ("Invoice R-0042, total 1234.5", b"%PDF-1.7 R-0042", ["R-0042"], 5):
            found = judged(echo)
            assert (found.score, found.wrong, found.abstained) == (0, ("",), ())

    def test_one_that_loses_half_of_the_lines_is_wrong_there_and_scores_what_is_left(self) -> None:
        found = judged(changed(lines=INVOICE["lines"][:2]))
        assert found.wrong == ("/lines",)
        assert found.score == pytest.approx(1 - 6 / SIZE)

    def test_one_that_shuffles_the_lines_has_them_wrong(self) -> None:
        found = judged(changed(lines=INVOICE["lines"][::-1]))
        assert len(found.wrong) == 12
        assert found.score == pytest.approx(7 / SIZE)


def test_a_lost_or_doubled_line_is_one_fault_not_one_for_every_later_field() -> None:
    lines = INVOICE["lines"]
    dropped, doubled = judged(changed(lines=lines[1:])), judged(changed(lines=[lines[0], *lines]))
    assert dropped.wrong == doubled.wrong == ("/lines",)
    assert dropped.score == pytest.approx(16 / 19)
    assert doubled.score == pytest.approx(19 / 22)


def test_an_empty_list_in_an_answer_with_values_is_wrong_for_it_says_there_are_none() -> None:
    assert judged(changed(lines=[])).wrong == ("/lines",)
    assert judged(changed(lines=None)).abstained == ("/lines",)


class TestLost:
    """Lost fields pass with their old value or with none; any other value is wrong."""

    def test_a_lost_field(self) -> None:
        for value, score in ((1234.5, 1), ("1.234,50", 1), (None, 1), ("", 1), (1234.6, 18 / 19)):
            found = judged(changed(total=value), lost=("/total",))
            assert found.score == pytest.approx(score), value
            assert found.abstained == ()

    def test_what_is_not_lost_may_not_be_left_out(self) -> None:
        assert judged(changed(total=None, date=None), lost=("/total",)).abstained == ("/date",)

    def test_lost_lines_may_be_left_out_and_the_others_may_not(self) -> None:
        lines, lost = INVOICE["lines"], ("/lines/1", "/lines/2/item", "/lines/2/qty", "/lines/2/amount")
        for kept in ([0, 3], [0, 1, 3], [0, 2, 3], [0, 1, 2, 3]):
            assert judged(changed(lines=[lines[i] for i in kept]), lost=lost).score == 1, kept
        assert judged(changed(lines=[lines[0], lines[1]]), lost=lost).wrong != ()
        assert judged(changed(lines=[lines[0], {"item": "x"}, lines[3]]), lost=lost).wrong != ()

    def test_everything(self) -> None:
        assert judged({}, lost=("",)).score == 1
        assert judged(INVOICE, lost=("",)).score == 1
        assert judged(changed(total=5), lost=("",)).wrong == ("/total",)


class TestAnyOf:
    """Any of several truths is right, at any depth."""

    def test_of_values(self) -> None:
        truth = {"qty": AnyOf(1.234, 1234), "date": AnyOf("2024-03-05", None)}
        for answer in ({"qty": 1234, "date": "5 March 2024"}, {"qty": 1.234}):
            assert judged(answer, truth).score == 1
        assert judged({"qty": 12.34}, truth).wrong == ("/qty",)

    def test_of_whole_answers(self) -> None:
        doubled = changed(lines=INVOICE["lines"] * 2)
        truth = AnyOf(INVOICE, doubled)
        assert judged(doubled, truth).score == judged(INVOICE, truth).score == 1
        assert judged(changed(total=1), truth).wrong == ("/total",)


class TestOptions:
    """Options are few, and a bad one is said at once."""

    def test_only_the_fields_that_are_asked_for_count(self) -> None:
        answer = changed(number="other", lines=[line | {"item": "?"} for line in INVOICE["lines"]])
        assert judged(answer, fields=["/total", "/lines/*/amount"]).score == 1
        found = judged(answer, fields=["/number", "/lines/*/item", "/vendor"])
        assert found.wrong == ("/number", "/lines/0/item", "/lines/1/item", "/lines/2/item", "/lines/3/item")
        assert found.score == pytest.approx(2 / 7)

    def test_fields_that_no_truth_has_are_said_with_the_nearest(self) -> None:
        with pytest.raises(CrumpleError, match="Did you mean '/total'"):
            judged(INVOICE, fields=["/totl"])

    def test_tolerances_are_for_all_numbers_or_by_field(self) -> None:
        answer = changed(total=1234.51)
        assert judged(answer).wrong == ("/total",)
        assert judged(answer, tolerance=0.01).score == 1
        assert judged(answer, tolerance={"/lines/*/amount": 1}).wrong == ("/total",)
        assert judged(answer, tolerance={"/lines": 0.0, "/total": 0.01}).score == 1
        assert judged(changed(total=1234.52), tolerance=0.01).wrong == ("/total",)

    def test_case_counts_unless_it_is_told_not_to(self) -> None:
        answer = changed(number="r-0042")
        assert judged(answer).wrong == ("/number",)
        assert judged(answer, ignore_case=True).score == 1

    @pytest.mark.parametrize(
        "bad",
        [
            {"fields": "total"},
            {"fields": ["total"]},
            {"fields": [3]},
            {"tolerance": -1},
            {"tolerance": "1"},
            {"tolerance": {"total": 1}},
            {"ignore_case": 1},
        ],
    )
    def test_a_bad_option_is_named(self, bad: dict[str, Any]) -> None:
        with pytest.raises(CrumpleError, match=next(iter(bad))):
            fields(**bad)


def test_an_answer_in_json_text_is_read_and_one_around_json_is_not() -> None:
    text = json.dumps(INVOICE)
    assert judged(text).score == judged(text.encode()).score == judged("\ufeff" + text).score == 1
    assert judged(f"Here you are: {text}").wrong == ("",)
    assert judged("[" * 100_000).wrong == ("",)
    assert judged(b"ACME", "ACME").score == 1


def test_an_item_that_has_lost_all_that_counts_may_be_left_out():
    judge = fields(fields=["/lines/*/amount"])
    truth = {"lines": [{"amount": 3, "text": "Ink"}, {"amount": 4, "text": "Pen"}]}
    lost = frozenset({"/lines/0/amount"})
    assert judge.judge({"lines": [{"amount": 4}]}, truth, lost).score == 1
    assert judge.judge({"lines": []}, truth, lost).score < 1
