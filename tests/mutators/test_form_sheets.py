"""Forms that a pen writes on: what is drawn, where, and that everything else stays what it was."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

import crumple_mutators.form as family
from crumple import AcroForm, Document, FilledForm, NotApplicable, Pages, Pointer, Region, read, words, write
from crumple_mutators.form.example import FORM

DOCUMENT = Document(FORM[1], "application/pdf", FORM[0])
MUTATORS = [each for each in (getattr(family, name) for name in family.__all__) if each.view is FilledForm]
BY_SHARE = [each for each in MUTATORS if each.parameter in ("share", "answers")]
BLANK = read(DOCUMENT, AcroForm).set(
    {path: False if field.kind == "tick" else "" for path, field in read(DOCUMENT, AcroForm).boxes.items()}
)


def form() -> FilledForm:
    return read(DOCUMENT, FilledForm)


def apply(mutator, level=5, seed=0):
    said = mutator.apply(form(), mutator.step(level, seed))
    return said, write(said.view, DOCUMENT)


def touched(said) -> set[str]:
    return {each.path for each in (*said.touched, *said.lost)}


def ink(document: Document) -> np.ndarray:
    """Where a page is darker than the same form that nobody has filled in, at 4 pixels a point."""
    blank = write(BLANK, DOCUMENT)
    pages = [read(each, Pages)[0] for each in (document, blank)]
    one, other = (page.pixels if page.grey else page.pixels.min(axis=2) for page in pages)
    return other.astype(int) - one > 60


def share_inked(document: Document, widget) -> float:
    """How much of a box is inked."""
    drawn, place = ink(document), widget.region
    high, wide = drawn.shape
    return float(
        drawn[
            round(place.top * high) : round(place.bottom * high), round(place.left * wide) : round(place.right * wide)
        ].mean()
    )


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_what_is_drawn_is_no_field_any_more_and_the_others_are_what_they_were(mutator):
    before = read(DOCUMENT, AcroForm)
    for level, seed in ((1, 1), (3, 2), (5, 3)):
        said, written = apply(mutator, level, seed)
        assert written.data.startswith(DOCUMENT.data)
        try:
            after = dict(read(written, AcroForm).fields())
        except NotApplicable:
            after = {}
        assert after == {path: value for path, value in before.fields() if path not in touched(said)}
        assert touched(said)
        assert bool(said.lost) == (mutator.truth == ("lost",))


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_the_same_seed_makes_the_same_bytes_and_another_makes_others(mutator):
    assert apply(mutator, 3, 5)[1] == apply(mutator, 3, 5)[1]
    assert apply(mutator, 5, 5)[1] != apply(mutator, 5, 6)[1]


@pytest.mark.parametrize("mutator", BY_SHARE, ids=lambda each: each.name)
def test_more_touches_a_superset(mutator):
    view = form()
    for seed in range(2):
        sets = [touched(mutator.apply(view, mutator.step(level, seed))) for level in (1, 2, 3, 4, 5)]
        assert all(fewer <= more for fewer, more in itertools.pairwise(sets))


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_a_form_that_nobody_has_filled_in_does_not_apply(mutator):
    blank = read(write(BLANK, DOCUMENT), FilledForm)
    # A question with one answer of several may still be there, unanswered.
    with pytest.raises(NotApplicable):
        mutator.apply(blank, mutator.step(5, 0))


@pytest.mark.parametrize("mutator", [family.by_hand, family.off_line, family.past_the_box, family.two_lines])
def test_all_words_of_an_answer_are_written(mutator):
    for seed in range(4):
        said, written = apply(mutator, seed=seed)
        found = [word for word, _ in words(written)]
        for path in touched(said):
            value = form().boxes[path].value
            if isinstance(value, str) and path not in ("/cause", "/postcode"):
                assert set(value.split()) <= set(found), (path, found)


def test_characters_of_a_comb_are_each_in_their_cell_or_across_all():
    cells = [word for word, place in words(apply(family.by_hand)[1]) if place.left > 300 / 420 and len(word) == 1]
    assert "".join(cells) == "26121"
    assert "26121" in [word for word, _ in words(apply(family.across_cells)[1])]


def test_what_is_struck_out_is_written_before_what_is_right():
    said, written = apply(family.struck_out, seed=3)
    found = " ".join(word for word, _ in words(written))
    assert "/applicant" in touched(said)
    assert found.count("Maria Jensen") == 1
    assert "Maria Jensen" not in found.split("cause")[0]


def test_both_boxes_are_ticked_and_which_is_meant_is_lost():
    said, written = apply(family.both_ticked)
    assert said.lost == [Pointer("/cause")]
    inked = [share_inked(written, widget) for widget in form().boxes["/cause"].widgets]
    assert min(inked) > 0.05


def test_a_corrected_tick_has_one_box_blacked_out_and_a_cross_in_the_right_one():
    for seed in range(3):
        _, written = apply(family.tick_corrected, seed=seed)
        right, wrong = (share_inked(written, widget) for widget in form().boxes["/cause"].widgets)
        assert 0.05 < right < 0.6 * wrong


def test_a_tick_beside_its_box_is_nearest_to_its_own():
    widgets = {path: field.widgets for path, field in form().boxes.items() if field.kind in ("tick", "radio")}
    for seed in range(6):
        said, written = apply(family.tick_beside, 1, seed)
        (path,) = touched(said)
        clean_others = write(read(DOCUMENT, AcroForm).set({path: False if path == "/insured" else None}), DOCUMENT)
        drawn = ink(written) & ~ink(clean_others)
        y, x = (each.mean() for each in np.nonzero(drawn))
        middle = x / drawn.shape[1] * 420, 300 - y / drawn.shape[0] * 300
        near = {
            (name, at): math.dist(middle, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
            for name, each in widgets.items()
            for at, box in enumerate(widget.box for widget in each)
        }
        assert min(near, key=near.__getitem__) == (path, 0)


def test_whatever_the_style_the_box_is_marked_and_no_other():
    for seed in range(5):
        _, written = apply(family.tick_styles, seed=seed)
        fire, water = form().boxes["/cause"].widgets
        place = fire.region
        around = replace(
            fire, region=Region(0, place.left - 0.02, place.top - 0.03, place.right + 0.02, place.bottom + 0.03)
        )
        assert share_inked(written, water) < 0.05
        assert share_inked(written, around) > 0.01


def test_letters_that_no_hand_has_are_not_written():
    view = form()
    odd = replace(view, boxes={"/applicant": replace(view.boxes["/applicant"], value="山田 太郎")})
    with pytest.raises(NotApplicable, match="letters"):
        family.by_hand(odd, share=1.0, rng=np.random.default_rng(0))


def test_without_fonts_of_handwriting_it_does_not_apply_and_says_what_to_install(monkeypatch):
    from crumple.views import acroform_pen

    monkeypatch.setattr(acroform_pen.importlib.util, "find_spec", lambda name: None)
    acroform_pen._font.cache_clear()
    with pytest.raises(NotApplicable, match=r"crumple\[handwriting\]"):
        family.by_hand(form(), share=1.0, rng=np.random.default_rng(0))
    acroform_pen._font.cache_clear()
