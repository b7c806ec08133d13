"""What results keep of truths and answers: short, readable, and of wrong answers what is wrong."""

import json

from crumple.execution.excerpts import excerpt, excerpt_of
from crumple.truth import ABSENT, AnyOf


def test_an_excerpt_is_short_and_readable():
    assert excerpt({"a": [1, "ä", AnyOf(1, 2)]}) == '{"a":[1,"ä",{"$any_of":[1,2]}]}'
    assert excerpt(ABSENT) == ""
    assert excerpt(b"caf\xc3\xa9") == "café"
    assert len(excerpt("x" * 10_000)) == 500
    assert len(excerpt(list(range(10_000)))) == 500


def test_of_a_long_answer_the_wrong_fields_are_kept():
    lines = [{"amount": number} for number in range(500)]
    kept = excerpt_of({"lines": lines, "total": 1}, ("/lines/400/amount", "/total"))
    assert json.loads(kept) == {"/lines/400/amount": 400, "/total": 1}


def test_a_field_that_is_not_there_is_left_out_and_json_in_text_is_read():
    assert json.loads(excerpt_of('{"total": null}', ("/total", "/date"))) == {"/total": None}


def test_a_long_value_is_cut():
    kept = json.loads(excerpt_of({"table": {"a": "y" * 100}, "note": "x" * 1000}, ("/table", "/note")))
    assert all(len(value) == 80 for value in kept.values())


def test_of_a_long_list_are_shown_how_many_items_it_has_and_the_last():
    kept = json.loads(excerpt_of({"lines": [{"amount": number} for number in range(1000)]}, ("/lines",)))
    assert kept == {"/lines": '1,000 items, the last {"amount":999}'}


def test_of_several_right_answers_the_first_is_shown():
    assert json.loads(excerpt_of(AnyOf({"a": AnyOf(1, 2)}, {"a": 3}), ("/a",))) == {"/a": {"$any_of": [1, 2]}}


def test_of_a_field_that_is_lost_nothing_is_right_as_well():
    truth = {"a": 1, "b": AnyOf(1, 2), "c": {"d": 3}, "e": 4}
    kept = json.loads(excerpt_of(truth, ("/a", "/b", "/c/d", "/e"), {"/a", "/b", "/c"}))
    assert kept == {
        "/a": {"$any_of": [1, None]},
        "/b": {"$any_of": [1, 2, None]},
        "/c/d": {"$any_of": [3, None]},
        "/e": 4,
    }


def test_an_answer_without_fields_is_shown_from_its_beginning():
    assert excerpt_of("plain", ("",)) == "plain"
    assert excerpt_of("plain", ("/a",)) == "plain"
