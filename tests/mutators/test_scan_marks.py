"""What is written, printed and stuck over a page: what each does to it, says of it, and where it does not apply."""

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from crumple_mutators.scan.drawing.layout import text_area, words
from page_samples import PAPER, applied, damage, sheet

INKED = [scan.handwriting, scan.underline, scan.highlighter, scan.watermark, scan.ruled_lines]
COVERED = [scan.crossed_out, scan.redaction, scan.sticky_note, scan.barcode_label, scan.stamp]
MARKS = INKED + COVERED
marks = pytest.mark.parametrize("mutator", MARKS, ids=lambda mutator: mutator.name)


def bilevel(dpi=150) -> Page:
    page = sheet(dpi)
    return page.with_pixels(np.where(page.pixels > 128, 255, 0).astype(np.uint8))


def changed(page: Page, after: Page) -> np.ndarray:
    return np.abs(after.pixels.astype(int) - page.pixels) > 0


def said(page: Page, regions) -> np.ndarray:
    inside = np.zeros((page.height, page.width), bool)
    for each in regions:
        rows = slice(int(each.top * page.height), int(np.ceil(each.bottom * page.height)))
        inside[rows, int(each.left * page.width) : int(np.ceil(each.right * page.width))] = True
    return inside


@marks
def test_it_works_on_a_fax_whose_pixels_are_oblong(mutator):
    page = sheet(200)
    fax = Page(np.ascontiguousarray(page.pixels[::2]), (200.0, 100.0))
    square, oblong = (damage(each, applied(mutator, each, 4, 1).view) for each in (page, fax))
    assert oblong == pytest.approx(square, rel=0.3)


@marks
def test_a_black_and_white_page_stays_black_and_white(mutator):
    page = bilevel()
    after = applied(mutator, page, 4).view
    assert set(np.unique(after.pixels)) <= {0, 255}
    assert damage(page, after) > 0


@marks
def test_it_works_on_tinted_and_on_darkish_paper(mutator):
    for paper in (190, 130):
        page = sheet(120, paper=paper)
        assert damage(page, applied(mutator, page, 3).view) > 0


@pytest.mark.parametrize("mutator", MARKS, ids=lambda mutator: mutator.name)
def test_level_zero_is_the_page_itself(mutator):
    page = sheet()
    result = mutator(page, **{mutator.parameter: 0}, rng=np.random.default_rng(0))
    assert getattr(result, "view", result) is page


@pytest.mark.parametrize("mutator", [each for each in MARKS if each is not scan.watermark], ids=lambda each: each.name)
def test_a_page_without_print_takes_none(mutator):
    with pytest.raises(NotApplicable, match="printed on the page"):
        applied(mutator, Page(np.full((300, 200), 250, np.uint8), (100.0, 100.0)), 3)


@pytest.mark.parametrize(
    ("name", "truth", "refusable_from"),
    [
        ("handwriting", ("same",), 5),
        ("underline", ("same",), None),
        ("highlighter", ("same",), 5),
        ("watermark", ("same",), 5),
        ("ruled_lines", ("same",), 5),
        ("crossed_out", ("lost",), None),
        ("redaction", ("lost",), None),
        ("sticky_note", ("lost",), None),
        ("barcode_label", ("lost",), None),
    ],
)
def test_each_states_what_becomes_of_the_answer_and_from_where_it_may_be_refused(name, truth, refusable_from):
    mutator = getattr(scan, name)
    assert (mutator.truth, mutator.refusable_from) == (truth, refusable_from)


# Ink that lies over print


@pytest.mark.parametrize("mutator", INKED, ids=lambda mutator: mutator.name)
def test_ink_only_darkens_and_loses_nothing(mutator):
    page = sheet(150, colour=True)
    for seed in range(3):
        result = applied(mutator, page, 4, seed)
        assert (result.view.pixels <= page.pixels).all()
        assert not result.lost


@pytest.mark.parametrize("mutator", INKED, ids=lambda mutator: mutator.name)
def test_print_stays_darker_than_any_ink_over_paper_beside_it(mutator):
    page = sheet(150)
    for seed in range(4):
        after = applied(mutator, page, 3, seed).view.pixels
        assert after[page.pixels == 25].max() <= 25


@pytest.mark.parametrize("mutator", [scan.handwriting, scan.underline, scan.crossed_out, scan.redaction])
def test_a_higher_share_keeps_the_marks_of_a_lower_one(mutator):
    page = sheet(150)
    for seed in range(3):
        less, more = (changed(page, applied(mutator, page, level, seed).view) for level in (2, 4))
        assert not (less & ~more & (page.pixels > 200)).any(), "on paper; over print, ink may be as dark as that"
        assert more.sum() > less.sum()


@pytest.mark.parametrize("mutator", [scan.watermark, scan.highlighter, scan.ruled_lines])
def test_a_stronger_one_is_the_same_pattern(mutator):
    page = sheet(150)
    for seed in range(3):
        less, more = (changed(page, applied(mutator, page, level, seed).view) for level in (2, 5))
        assert not (less & ~more).any()


def test_a_pen_stroke_has_the_same_width_in_mm_at_any_resolution():
    widths = []
    for dpi in (150, 300):
        page = sheet(dpi)
        drawn = changed(page, applied(scan.handwriting, page, 4, 1).view) & (page.pixels > 128)
        thickness = cv2.distanceTransform(drawn.astype(np.uint8), cv2.DIST_L2, 5)
        widths.append(2 * float(np.percentile(thickness[drawn], 90)) * 25.4 / dpi)
    assert widths[0] == pytest.approx(widths[1], rel=0.35)
    assert 0.2 < widths[1] < 0.8


def test_pen_ink_has_colour_on_a_coloured_page_and_none_on_a_grey_one():
    spread = [
        np.ptp(applied(scan.handwriting, sheet(colour=True), 3, seed).view.pixels, axis=2).max() for seed in range(5)
    ]
    assert max(spread) > 50
    assert applied(scan.handwriting, sheet(), 3).view.grey


@pytest.mark.parametrize("opacity", [0.1, 0.35])
def test_a_watermark_takes_the_share_of_light_asked_for_where_it_takes_most(opacity):
    page = Page(np.full((1169, 827), 240, np.uint8), (100.0, 100.0))
    for seed in (0, 1, 2):
        marked = scan.watermark(page, opacity=opacity, rng=np.random.default_rng(seed)).pixels
        assert (1 - opacity) * 240 - 2 <= marked.min() <= (1 - 0.5 * opacity) * 240
        assert 0.02 < (marked < 238).mean() < 0.6


def test_a_watermark_lies_over_a_page_without_print_too():
    blank = Page(np.full((300, 200), 250, np.uint8), (50.0, 50.0))
    assert damage(blank, applied(scan.watermark, blank).view) > 0


@pytest.mark.parametrize("darkness", [0.1, 0.35])
def test_a_highlighter_takes_the_share_of_light_asked_for_from_bare_paper(darkness):
    page = sheet(150)
    for seed in range(4):
        marked = scan.highlighter(page, darkness=darkness, rng=np.random.default_rng(seed)).pixels
        touched = marked[(page.pixels > 200) & (marked < 233)]
        assert 235 * (1 - darkness) - 3 <= np.percentile(touched, 3)
        assert np.median(touched) == pytest.approx(235 * (1 - 0.75 * darkness), rel=0.12)


def test_a_highlighter_on_a_black_and_white_page_is_dots_that_leave_the_letters():
    page = bilevel(200)
    after = applied(scan.highlighter, page, 5).view.pixels
    assert (after[page.pixels == 0] == 0).all()
    dotted = (after == 0) & (page.pixels == 255)
    assert 0.001 < dotted.mean() < 0.2


def test_as_many_lines_are_crossed_as_asked_for_and_more_rules_keep_the_fewer():
    page = sheet(300)

    def rules(share: float) -> np.ndarray:
        after = scan.ruled_lines(page, share=share, rng=np.random.default_rng(3)).pixels
        margin = after[700:, round(13.5 / 25.4 * 300)]  # left of all print, below where the frame leans over it
        count, marked = cv2.connectedComponents((margin < 200).astype(np.uint8))
        return np.array([np.flatnonzero(marked.ravel() == each).mean() for each in range(1, count)])

    every, some = rules(1.0), rules(0.35)
    assert len(every) > 20
    assert 0.15 * len(every) < len(some) < 0.55 * len(every)
    assert all(np.abs(every - at).min() < 1 for at in some)


def test_rules_run_through_the_text():
    page = sheet(200)
    after = applied(scan.ruled_lines, page, 5, 2).view
    lines = words(page, 6.0)
    crossed = [
        changed(page, after)[
            round(box.top / 25.4 * 200) : round(box.bottom / 25.4 * 200),
            round(box.left / 25.4 * 200) : round(box.right / 25.4 * 200),
        ].any()
        for box in lines
    ]
    assert np.mean(crossed) > 0.9


# What hides


@pytest.mark.parametrize("mutator", COVERED, ids=lambda mutator: mutator.name)
def test_what_was_under_it_cannot_be_told_any_more(mutator):
    """Two pages that differ only in what is printed look the same where the middle of something lost was."""
    plain = sheet(200)
    other = Page(np.where(plain.pixels == 25, 50, plain.pixels).astype(np.uint8), plain.dpi)
    for seed in range(3):
        one, two = (applied(mutator, page, 3, seed) for page in (plain, other))
        inside = cv2.erode(said(plain, one.lost).astype(np.uint8), np.ones((15, 15), np.uint8)).astype(bool)
        assert inside.any()
        differing = one.view.pixels[inside].astype(int) - two.view.pixels[inside]
        assert (np.abs(differing) > 3).mean() < 0.06


@pytest.mark.parametrize("mutator", COVERED, ids=lambda mutator: mutator.name)
def test_print_that_is_not_said_to_be_lost_is_still_there(mutator):
    page = sheet(150)
    for seed in range(3):
        result = applied(mutator, page, 3, seed)
        kept = (page.pixels < 100) & ~cv2.dilate(
            said(page, result.lost).astype(np.uint8), np.ones((31, 31), np.uint8)
        ).astype(bool)
        assert (result.view.pixels[kept] < 100).all()


@pytest.mark.parametrize("mutator", [scan.redaction, scan.crossed_out])
@pytest.mark.parametrize("share", [0.03, 0.15])
def test_words_take_their_share_of_all_words(mutator, share):
    page = sheet(150)
    total = sum(box.area for box in words(page))
    gone = mutator(page, share=share, rng=np.random.default_rng(1)).lost
    wide, high = page.size_mm
    lost = sum((each.right - each.left) * wide * (each.bottom - each.top) * high for each in gone)
    assert lost / total == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("mutator", [scan.sticky_note, scan.barcode_label])
@pytest.mark.parametrize("dpi", [150, 300])
def test_paper_stuck_on_has_its_share_of_the_text_area(mutator, dpi):
    page = sheet(dpi)
    for seed in range(3):
        lost = mutator(page, share=0.08, rng=np.random.default_rng(seed)).lost
        covered = sum((each.right - each.left) * (each.bottom - each.top) for each in lost)
        assert covered * np.prod(page.size_mm) == pytest.approx(0.08 * text_area(page).area, rel=0.25)


@pytest.mark.parametrize("mutator", [scan.sticky_note, scan.barcode_label, scan.stamp])
def test_a_larger_one_covers_what_a_smaller_one_did(mutator):
    page = sheet(150)
    for seed in range(4):
        small, large = (said(page, applied(mutator, page, level, seed).lost) for level in (2, 4))
        assert (small & ~large).sum() < 0.1 * small.sum()


def test_a_sticky_note_throws_a_soft_shadow_beside_it():
    pixels = np.full((1654, 1169), 240, np.uint8)
    pixels[700:760, 300:900] = 20
    page = Page(pixels, (200.0, 200.0))
    result = scan.sticky_note(page, share=1.0, rng=np.random.default_rng(2))
    covered = said(page, result.lost).astype(np.uint8)
    beside = (cv2.dilate(covered, np.ones((25, 25), np.uint8)) > 0) & (covered == 0) & (pixels > 100)
    shaded = result.view.pixels[beside]
    assert (shaded < 230).any()
    assert shaded.min() > 100


def test_a_stamp_has_its_share_of_the_text_area_and_hides_all_under_it():
    plain, ruled = sheet(200), sheet(200, paper=PAPER)
    other = Page(np.where(plain.pixels == 25, 60, plain.pixels).astype(np.uint8), plain.dpi)
    for seed in range(3):
        one, two = (applied(scan.stamp, page, 3, seed) for page in (ruled, other))
        changed = one.view.pixels != ruled.pixels
        text_area = (148 - 33) * (210 - 33) * (200 / 25.4) ** 2
        covered = sum((each.right - each.left) * (each.bottom - each.top) for each in one.lost) * plain.pixels.size
        assert covered == pytest.approx(0.08 * text_area, rel=0.2)
        rows, columns = np.nonzero(changed)
        box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        middle = np.s_[box[0].start + 30 : box[0].stop - 30, (box[1].start + box[1].stop) // 2 - 20 :][0]
        centre = np.s_[middle, (box[1].start + box[1].stop) // 2 - 20 : (box[1].start + box[1].stop) // 2 + 20]
        assert np.array_equal(one.view.pixels[centre], two.view.pixels[centre]), "nothing shows through"


def test_what_a_stamp_changed_is_what_it_says_is_lost():
    page = sheet(150)
    for seed in range(4):
        degraded = applied(scan.stamp, page, 3, seed)
        said = np.zeros(page.pixels.shape, bool)
        for region in degraded.lost:
            said[
                round(region.top * page.height) : round(region.bottom * page.height),
                round(region.left * page.width) : round(region.right * page.width),
            ] = True
        changed = degraded.view.pixels != page.pixels
        assert not (changed & ~said).any()
        assert (page.pixels[said] < 100).any(), "it is over something printed"


def test_a_larger_stamp_covers_what_a_smaller_one_did():
    page = sheet(150)
    for seed in range(4):
        small, large = (
            np.abs(applied(scan.stamp, page, level, seed).view.pixels.astype(int) - page.pixels) > 0 for level in (2, 4)
        )
        filled = cv2.morphologyEx(large.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8)) > 0
        assert (small & ~filled).sum() < 0.02 * small.sum()


def test_a_stamp_on_a_grey_page_is_grey_and_on_a_coloured_one_has_colour():
    assert applied(scan.stamp, sheet(), 3).view.grey
    spread = [np.ptp(applied(scan.stamp, sheet(colour=True), 3, seed).view.pixels, axis=2).max() for seed in range(6)]
    assert max(spread) > 50
