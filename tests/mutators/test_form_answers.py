"""What people answer instead of what was asked: each effect on a small record, and what is right then."""

import datetime as dt
import json

import numpy as np
import pytest

import crumple_mutators.form as family
from crumple import AnyOf, Case, Degraded, Document, NotApplicable, Pointer, Recipe, Record, Text
from crumple.judges.fields import fields
from crumple.mutation.apply import degrade

FORM = {
    "applicant": {"first_name": "Maria", "last_name": "Jensen", "born": "1984-03-25", "city": "Köln"},
    "partner": {"first_name": "Jan", "last_name": "Jensen", "born": "12.11.1981", "city": "Köln"},
    "holder": "Maria Jensen",
    "employer": {"name": "Bolt Works"},
    "months": 48,
    "insured": True,
    "smoker": False,
    "signed": "2024-06-30",
    "items": [{"name": "Desk", "price": 40}, {"name": "Desk", "price": 40}, {"name": "Lamp", "price": 15}],
}
JUDGE = fields()


def apply(mutator, form=FORM, *, seed=0, share=1.0) -> Degraded:
    return mutator(
        Record.parsed(Text(json.dumps(form, ensure_ascii=False))), share=share, rng=np.random.default_rng(seed)
    )


def judged(mutator, answer, *, seed=0, form=FORM):
    """How an answer to the degraded form is judged, from the mutator's own statement carried over to the truth."""
    case = Case("x", Document(json.dumps(form, ensure_ascii=False).encode(), "application/json", "x.json"), form)
    degraded = degrade(case, Recipe((mutator.step(5, seed),)), {mutator.name: mutator})
    written = json.loads(degraded.document.data)
    expectation = degraded.expectation
    return JUDGE.judge(answer(written), expectation.truth, expectation.lost).score


def as_written(written):
    return written


@pytest.mark.parametrize("name", ["capitals", "name_order", "title_in_name", "names_in_one", "two_people"])
def test_names_and_capitals_may_be_given_as_written_or_as_they_were(name):
    mutator = getattr(family, name)
    for seed in range(4):
        assert judged(mutator, as_written, seed=seed) == 1
        assert judged(mutator, lambda written: FORM, seed=seed) == 1
        assert judged(mutator, lambda written: {**FORM, "holder": "Somebody Else"}, seed=seed) < 1


@pytest.mark.parametrize("name", ["unusual_name", "one_name"])
def test_of_a_name_that_is_another_now_the_old_one_is_wrong(name):
    mutator = getattr(family, name)
    for seed in range(4):
        assert judged(mutator, as_written, seed=seed) == 1
        assert judged(mutator, lambda written: FORM, seed=seed) < 1


@pytest.mark.parametrize("name", ["test_values", "date_after_event"])
def test_nonsense_may_be_given_as_written_or_left_out_and_refused(name):
    mutator = getattr(family, name)
    for seed in range(4):
        assert mutator.refusable(mutator.step(1, seed))
        assert judged(mutator, as_written, seed=seed) == 1
        assert judged(mutator, _without_changes, seed=seed) == 1
        assert judged(mutator, lambda written: FORM, seed=seed) < 1


def _without_changes(written, clean=FORM):
    """An answer that leaves out whatever is not what it was."""
    if isinstance(clean, dict):
        return {key: _without_changes(written[key], clean[key]) for key in clean}
    if isinstance(clean, list):
        return [_without_changes(one, other) for one, other in zip(written, clean, strict=True)]
    return written if written == clean else None


def test_employers_are_nobody_and_keep_their_names():
    for name in ("name_order", "title_in_name", "unusual_name", "one_name", "two_people"):
        assert apply(getattr(family, name)).view.value["employer"] == {"name": "Bolt Works"}


def test_a_date_after_its_event_is_the_latest_of_all_and_keeps_its_day():
    now = apply(family.date_after_event).view.value
    assert (now["applicant"]["born"], now["partner"]["born"], now["signed"]) == (
        "2025-03-25",
        "12.11.2024",
        "2024-06-30",
    )
    assert dt.date(2024, 11, 12) > dt.date.fromisoformat(now["signed"])


def test_one_date_alone_comes_after_nothing():
    with pytest.raises(NotApplicable, match="dates"):
        apply(family.date_after_event, {"born": "1984-03-25"})


def test_a_foreign_date_is_the_same_where_its_day_is_no_month_and_else_either():
    degraded = apply(family.foreign_date)
    assert degraded.view.value["applicant"]["born"] == "03/25/1984"
    assert degraded.view.value["partner"]["born"] == "11/12/1981"
    either = AnyOf("1981-11-12", "1981-12-11", "11/12/1981")
    assert dict(degraded.truth.values) == {Pointer("/partner/born"): either}
    assert degraded.lost == [Pointer("/partner/born")]


def test_a_date_whose_order_is_open_stays():
    with pytest.raises(NotApplicable, match="order"):
        apply(family.foreign_date, {"born": "03/04/1984"})


def test_a_ditto_mark_says_what_stands_above_it():
    degraded = apply(family.ditto, seed=1)
    items = degraded.view.value["items"]
    mark = items[1]["name"]
    assert items[0] == {"name": "Desk", "price": 40}
    assert items == [FORM["items"][0], {"name": mark, "price": mark}, {"name": mark, "price": 15}]
    assert dict(degraded.truth.values) == {Pointer("/items/2/name"): "Desk"}  # the others were equal
    resolved = {**FORM, "items": [*FORM["items"][:2], {"name": "Desk", "price": 15}]}
    assert judged(family.ditto, lambda written: resolved, seed=1) == 1


def test_marks_below_marks_say_what_stands_above_them_all():
    rows = {"rows": [{"a": "x"}, {"a": "y"}, {"a": "z"}]}
    degraded = apply(family.ditto, rows)
    assert dict(degraded.truth.values) == {Pointer("/rows/1/a"): "x", Pointer("/rows/2/a"): "x"}


def test_same_as_above_points_at_the_field_of_that_name_in_an_earlier_section():
    degraded = apply(family.same_as_above)
    assert degraded.view.value["applicant"] == FORM["applicant"]
    assert set(dict(degraded.truth.values)) == {Pointer("/partner/first_name"), Pointer("/partner/born")}
    assert degraded.truth.values[Pointer("/partner/first_name")] == "Maria"
    assert len(set(degraded.view.value["partner"].values())) == 1


def test_ticks_as_words_are_told_from_each_other():
    for seed in range(20):
        now = apply(family.tick_words, seed=seed).view.value
        assert now["insured"] != now["smoker"]
        assert now["insured"]
        assert isinstance(now["insured"], str)
    empty = next(each for seed in range(20) if not (each := apply(family.tick_words, seed=seed)).view.value["smoker"])
    assert dict(empty.truth.values) == {Pointer("/smoker"): AnyOf(False, None)}


def test_of_both_answers_none_can_be_told_from_the_other():
    """The same is written whether yes or no was right, so that nobody can tell."""
    other = {**FORM, "insured": False, "smoker": True}
    for seed in range(5):
        one, two = apply(family.both_answers, seed=seed), apply(family.both_answers, other, seed=seed)
        assert one.view.value == two.view.value
        assert {each.path for each in one.lost} == {"/insured", "/smoker"}


def test_a_range_holds_the_number_and_hides_it():
    for seed in range(8):
        degraded = apply(family.range_for_number, seed=seed)
        assert {each.path for each in degraded.lost} == {
            "/months",
            "/items/0/price",
            "/items/1/price",
            "/items/2/price",
        }
        assert apply(family.range_for_number, {**FORM, "months": 47}, seed=seed).view.value == degraded.view.value


def test_what_was_flattened_is_all_there_under_joined_names():
    degraded = apply(family.flattened, seed=2)
    flat = {key: value for key, value in degraded.view.value.items() if key not in FORM}
    assert sorted(map(str, flat.values())) == sorted(
        str(value) for key in ("applicant", "partner", "employer") for value in FORM[key].values()
    )
    assert json.loads(degraded.view.source) == degraded.view.value


def test_two_fields_are_never_given_one_name():
    clashing = {"a": {"b": 1}, "a.b": 2, "a_b": 3, "aB": 4, "a[b]": 5}
    for seed in range(8):
        with pytest.raises(NotApplicable, match="one name"):
            apply(family.flattened, clashing, seed=seed)


def test_units_are_of_the_records_own_currency():
    for seed in range(6):
        now = apply(family.unit_in_number, {"currency": "USD", "total": 48}, seed=seed).view.value["total"]
        assert "USD" in now
