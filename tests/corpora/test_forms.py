"""The corpus of forms: one truth in four shapes, and regions that hold what they say."""

import json
import pickle
import re
from functools import cache

import pytest

from crumple import CrumpleError, FilledForm, Record, Unreadable, identify, read, words
from crumple.judges.fields import fields
from crumple.truth import leaves, lookup
from crumple_corpora.forms import Forms
from crumple_corpora.forms_answers import words as printed
from crumple_corpora.forms_content import compose

FORMS = Forms(12)
NAMES = [f"form-{index:04d}" for index in range(1, 13)]
JUDGE = fields()


@cache
def form(name):
    return FORMS.load(name)


def test_entries_say_what_loading_gives():
    assert [entry.id for entry in Forms(2).entries()] == [
        f"form-{index:04d}{shape}" for index in (1, 2) for shape in (".pdf", "-by-hand.pdf", "-by-hand.png", ".json")
    ]
    for entry in Forms(3).entries():
        case = form(entry.id)
        assert (case.document.media_type, case.group, case.tags) == (entry.media_type, entry.group, entry.tags)
        assert identify(case.document.data, entry.id) == entry.media_type


def test_the_same_seed_gives_the_same_bytes_and_a_larger_corpus_begins_with_the_smaller():
    for shape in (".pdf", "-by-hand.pdf", "-by-hand.png", ".json"):
        one, other = Forms(2).load(f"form-0002{shape}"), pickle.loads(pickle.dumps(Forms(9))).load(f"form-0002{shape}")
        assert one == other
        assert one.document != Forms(2, seed=1).load(f"form-0002{shape}").document


def test_kinds_languages_and_designs_all_come_up():
    forms = [compose(0, index) for index in range(1, 37)]
    assert len({(form.kind, form.language, form.design) for form in forms}) == 36


def test_every_language_prints_the_same_things():
    tables = [printed()[language] for language in ("en", "de", "fr", "es")]
    assert len({tuple(sorted(table)) for table in tables}) == 1
    assert len({tuple(sorted(table["labels"])) for table in tables}) == 1
    assert len({tuple(sorted(table["sections"])) for table in tables}) == 1
    for option in ("statuses", "kinds", "notices", "relations", "countries"):
        assert len({len(table[option]) for table in tables}) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_form_on_the_screen_says_what_the_truth_says(name):
    case = form(f"{name}.pdf")
    value = read(case.document, Record).value
    truth = {key: each for key, each in case.truth.items() if key != "reference"}
    for listed in ("items", "members"):
        if listed in truth:  # rows that nobody filled in are there, and empty
            assert not any(any(row.values()) for row in value[listed][len(truth[listed]) :])
            value[listed] = value[listed][: len(truth[listed])]
    judgement = JUDGE.judge(_days_first(value), truth, frozenset())
    assert judgement.score == 1, (judgement.wrong, value, truth)


def _days_first(value):
    """Dates as this corpus's countries read them."""
    if isinstance(value, dict):
        return {key: _days_first(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_days_first(each) for each in value]
    return re.sub(r"^(\d\d)/(\d\d)/(\d{4})$", r"\3-\2-\1", value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_by_hand_stands_where_the_regions_say(name):
    case = form(f"{name}-by-hand.pdf")
    with pytest.raises(Unreadable):
        read(case.document, FilledForm)
    found = words(case.document)
    for path, value in leaves(case.truth):
        if isinstance(value, str) and not value.isdigit() and "iban" not in path:
            (region,) = case.regions[path]
            inside = [word for word, place in found if _within(place, region)]
            if path.endswith(("/status", "/kind", "/notice")):
                continue  # ticked
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                assert "".join(inside) in ("/".join(value.split("-")[::-1]), ".".join(value.split("-")[::-1]))
            assert set(value.split()) <= set(inside) or value[4:5] == "-", (path, inside, value)
    assert set(case.regions) >= {path for path, _ in leaves(case.truth)}


def _within(place, region):
    x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
    return region.left - 0.004 < x < region.right + 0.004 and region.top - 0.006 < y < region.bottom + 0.006


def test_every_region_lies_on_the_page_and_every_truth_has_one():
    for name in NAMES[:4]:
        for shape in (".pdf", "-by-hand.png"):
            case = form(name + shape)
            for path, value in leaves(case.truth):
                assert case.regions[path], (path, value)
            for places in case.regions.values():
                for each in places:
                    assert 0 <= each.left < each.right <= 1
                    assert 0 <= each.top < each.bottom <= 1


def test_the_record_is_the_truth():
    case = FORMS.load("form-0004.json")
    assert json.loads(case.document.data) == case.truth
    assert lookup(case.truth, "/event/kind") in printed()["es"]["kinds"]


def test_without_the_fonts_the_other_shapes_remain():
    entries = Forms(2, by_hand=False).entries()
    assert {entry.id.partition(".")[2] for entry in entries} == {"pdf", "json"}
    with pytest.raises(CrumpleError, match="no case"):
        Forms(2, by_hand=False).load("form-0001-by-hand.pdf")


@pytest.mark.parametrize("wrong", [{"count": 0}, {"seed": -1}, {"dpi": 10}])
def test_a_bad_argument_is_refused_at_once(wrong):
    with pytest.raises(CrumpleError, match=next(iter(wrong))):
        Forms(**wrong)


@pytest.mark.parametrize("name", ["form-1.pdf", "form-0013.pdf", "form-0001.tiff", "", "form-0000.pdf"])
def test_there_is_no_such_case(name):
    with pytest.raises(CrumpleError, match="no case"):
        FORMS.load(name)
