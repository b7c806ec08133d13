"""The category form: each mutator's effect on a small record, its statement, and its way back where it says same."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crumple_mutators.form as family
from crumple import ALL, SAME, AnyOf, Degraded, NotApplicable, Pointer, Record, Text

MUTATORS = [each for each in (getattr(family, name) for name in family.__all__) if each.view is Record]
BY_SHARE = [each for each in MUTATORS if each.parameter == "share"]
WITH_SECTIONS = [family.same_as_above, family.flattened]
PERSON = {"first_name": "Ann", "last_name": "Lee"}
FORM = """{
  "name": "Ann Lee", "zip": "01234", "phone": "5550199", "born": "1984-03-05",
  "loan": {"amount": 1250.50, "months": 48, "approved": true, "guarantor": null},
  "employers": [{"name": "Bolt", "since": "01.09.2011"}, {"name": "Dune"}],
  "notes": "call after five"
}
"""


def record(content: str = FORM) -> Record:
    return Record.parsed(Text(content))


def apply(mutator, content: str = FORM, *, seed: int = 0, **parameters) -> Degraded:
    return mutator(record(content), **parameters, rng=np.random.default_rng(seed))


def changed(degraded: Degraded, content: str = FORM) -> dict[str, object]:
    """What stands now at every pointer whose value is another one; a missing key is "gone"."""
    before, after = dict(record(content).fields()), {}
    for path, old in before.items():
        try:
            now = degraded.view.get(path)
        except KeyError:
            now = "gone"
        if json.dumps(now) != json.dumps(old):
            after[path] = now
    return after


def places(degraded: Degraded) -> set[Pointer]:
    return {*degraded.lost, *degraded.touched, *degraded.truth.values}


def said(degraded: Degraded) -> set[str]:
    found = ({"new"} if degraded.truth != SAME else set()) | ({"lost"} if degraded.lost else set())
    return found or {"same"}


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_names_exactly_what_it_changes_and_says_only_what_it_declares(mutator):
    (_, content), *_ = mutator.examples
    for level in (1, 2, 3, 4, 5):
        for seed in range(8):
            degraded = mutator.apply(record(content), mutator.step(level, seed))
            assert {each.path for each in places(degraded)} == set(changed(degraded, content)) != set()
            assert json.loads(degraded.view.source) == degraded.view.value
            assert said(degraded) <= set(mutator.truth)
            assert degraded.lost is not ALL


@pytest.mark.parametrize("mutator", BY_SHARE, ids=lambda each: each.name)
def test_a_greater_share_touches_a_superset_and_does_the_same_there(mutator):
    forms = [json.loads(FORM) | {"notes": None, "person": PERSON} for _ in range(12)]
    by_key = {f"form{at}": each for at, each in enumerate(forms)} | {"notes": "five"}
    content = json.dumps(by_key if mutator in WITH_SECTIONS else [*forms, {"notes": "five"}])
    for seed in range(3):
        before: dict[str, object] = {}
        for share in mutator.ladder.rungs:
            after = changed(apply(mutator, content, seed=seed, share=share), content)
            # The notes grow with every answer that is written into them.
            after.pop("/12/notes", None) if mutator is family.in_notes else None
            assert before.items() <= after.items()
            before = after


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_a_record_without_any_value_does_not_apply(mutator):
    with pytest.raises(NotApplicable):
        mutator.apply(record('{"a": null, "b": "", "c": {}}'), mutator.step(3, 0))


def test_all_is_all_the_fields_that_are_filled_nested_lists_included():
    degraded = apply(family.placeholder, share=1.0)
    assert len(changed(degraded)) == 11
    assert Pointer("/employers/1/name") in degraded.truth.values
    assert Pointer("/loan/guarantor") not in degraded.truth.values


@pytest.mark.parametrize("mutator", [family.placeholder, family.missing])
def test_where_there_is_no_answer_the_right_one_is_none(mutator):
    degraded = apply(mutator, share=0.5)
    assert set(degraded.truth.values.values()) == {None}
    assert not degraded.lost


def test_missing_takes_every_form_and_keeps_lists_as_long_as_they_were():
    kinds = set()
    for seed in range(12):
        degraded = apply(family.missing, seed=seed, share=1.0)
        kinds |= {str(value) for value in changed(degraded).values()}
        assert len(degraded.view.value["employers"]) == 2
    assert kinds == {"None", "", "  ", "gone"}


def test_an_item_of_a_list_is_emptied_and_not_taken_out():
    for seed in range(12):
        assert len(apply(family.missing, '["a", "b"]', seed=seed, share=1.0).view.value) == 2


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=10,
    ),
    st.integers(0, 5),
)
def test_any_record_with_something_in_it_can_lose_it(value, seed):
    clean = Record.parsed(Text(json.dumps({"form": value}, ensure_ascii=False)))
    filled = [path for path, each in clean.fields() if each is not None and str(each).strip()]
    if not filled:
        with pytest.raises(NotApplicable):
            family.missing(clean, share=1.0, rng=np.random.default_rng(seed))
        return
    degraded = family.missing(clean, share=1.0, rng=np.random.default_rng(seed))
    assert set(changed(degraded, clean.source)) == set(filled)


def test_swapped_neighbours_are_both_lost():
    degraded = apply(family.wrong_field, '{"a": "x", "b": "y"}', share=0.02)
    assert degraded.view.value == {"a": "y", "b": "x"}
    assert degraded.lost == [Pointer("/a"), Pointer("/b")]


def test_equal_neighbours_cannot_be_swapped():
    with pytest.raises(NotApplicable, match="different"):
        apply(family.wrong_field, '{"a": "x", "b": "x"}', share=1.0)


def test_of_two_values_one_is_the_right_one():
    degraded = apply(family.two_values, share=1.0)
    clean = dict(record().fields())
    for path, value in changed(degraded).items():
        halves = re.split(r" / | or |; |, ", value)
        assert len(halves) == 2
        assert str(clean[path]) in halves
        assert halves[0] != halves[1]
    assert "/loan/approved" not in changed(degraded)


def test_what_follows_the_crossing_out_is_the_value():
    degraded = apply(family.corrected, share=1.0)
    clean = dict(record().fields())
    for path, value in changed(degraded).items():
        assert re.split(r"~~ | - sorry, | crossed out\] ", value)[1] == str(clean[path])


def test_answers_in_the_notes_stand_there_and_their_own_fields_are_empty():
    degraded = apply(family.in_notes, '{"age": 48, "notes": "call"}', share=1.0)
    assert degraded.view.value == {"age": "", "notes": "call Age 48"}
    assert degraded.lost == [Pointer("/age")]
    assert degraded.truth.values == {Pointer("/notes"): AnyOf("call", "call Age 48")}


def test_without_notes_nothing_can_be_written_into_them():
    with pytest.raises(NotApplicable, match="notes"):
        apply(family.in_notes, '{"age": 48, "name": "Ann"}', share=1.0)


def test_a_label_before_a_value_is_undone_by_taking_it_off():
    degraded = apply(family.label_in_value, share=1.0)
    clean = dict(record().fields())
    for path, value in changed(degraded).items():
        bare = re.sub(r"^[A-Z][a-z ]*(: | - | = )", "", value)
        assert bare == ("yes" if clean[path] is True else str(clean[path]))


def test_a_number_stands_unchanged_beside_its_unit():
    for seed in range(9):
        now = changed(apply(family.unit_in_number, seed=seed, share=1.0))
        assert set(now) == {"/loan/amount", "/loan/months"}
        assert re.search(r"[\d.]*\d", now["/loan/amount"])[0] == "1250.5"
        assert re.fullmatch(r"(approx\. )?48 ?(months|mths|month\(s\))", now["/loan/months"])


@pytest.mark.parametrize("length", [50, 30, 20, 10, 5])
def test_text_is_cut_at_the_length_and_lost_only_where_it_was_longer(length):
    content = json.dumps({"a": "x" * 60, "b": "y" * length, "c": 123456789})
    degraded = apply(family.cut_short, content, length=length)
    assert degraded.view.value == {"a": "x" * length, "b": "y" * length, "c": 123456789}
    assert degraded.lost == [Pointer("/a")]


def test_text_that_fits_is_not_cut():
    with pytest.raises(NotApplicable, match="longer than 50"):
        apply(family.cut_short, length=50)


def test_an_impossible_date_keeps_its_year_and_notation():
    for seed in range(9):
        now = changed(apply(family.impossible_date, seed=seed, share=1.0))
        assert now["/born"] in ("1984-02-31", "1984-13-12", "1984-00-00")
        assert now["/employers/0/since"] in ("31.02.2011", "12.13.2011", "00.00.2011")


def test_a_number_as_a_string_keeps_the_digits_that_stood_there():
    degraded = apply(family.string_for_number, share=1.0)
    assert changed(degraded) == {"/loan/amount": "1250.50", "/loan/months": "48"}


def test_a_string_as_a_number_is_lost_only_where_a_zero_goes():
    degraded = apply(family.number_for_string, share=1.0)
    assert changed(degraded) == {"/zip": 1234, "/phone": 5550199}
    assert degraded.lost == [Pointer("/zip")]


def test_a_wrapped_value_is_undone_by_unwrapping():
    degraded = apply(family.wrapped_value, share=1.0)
    clean = dict(record().fields())
    wrappers = set()
    for path, value in changed(degraded).items():
        wrappers.add(type(value))
        assert (value[0] if isinstance(value, list) else value["value"]) == clean[path]
    assert wrappers == {list, dict}


def test_what_is_not_touched_keeps_its_characters():
    degraded = apply(family.string_for_number, '{ "a" :  1.50, "b":2 , "c": "\\u00e9"}', share=1.0)
    assert degraded.view.source == '{ "a" :  "1.50", "b":"2" , "c": "\\u00e9"}'
