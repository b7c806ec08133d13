"""What calibration makes of readings: errors, whether a ladder is monotone, and where it breaks."""

import json

import numpy as np
import pytest

pytest.importorskip("fontpkg_arimo", reason="the fonts come with the dev extra")

from benchmarks.calibration import figures, measure
from benchmarks.calibration.readings import Readings, fingerprint
from benchmarks.calibration.sheets import Sheet, sheets

from crumple import ALL, Degraded, Ladder, NotApplicable, Page, Region, mutator
from crumple.mutation.registry import discover


@mutator("scan.covering", share=Ladder(0.1, 0.2, 0.3, 0.4, 0.5, unit="share", zero=0))
def covering(page: Page, share: float, rng: np.random.Generator) -> Degraded[Page]:
    """Blacken the left part of the page."""
    pixels = page.pixels.copy()
    pixels[:, : round(share * page.width)] = 0
    return Degraded(page.with_pixels(pixels), lost=[Region(0, 0, 0, share, 1)])


@mutator("scan.everything", level=5)
def everything(page: Page, rng: np.random.Generator) -> Degraded[Page]:
    """Blacken the page."""
    return Degraded(page.with_pixels(np.zeros_like(page.pixels)), lost=ALL)


@mutator("scan.nothing", level=1)
def nothing(page: Page, rng: np.random.Generator) -> Page:
    """Do nothing."""
    raise NotApplicable("never")


class Saying:
    """An engine that always reads the same."""

    def __init__(self, text: str) -> None:
        self.version, self.text, self.reads = "saying 1", text, 0

    def read(self, page: Page) -> str:
        self.reads += 1
        return self.text


@pytest.fixture
def sheet() -> Sheet:
    places = (("Dear", 0.1), ("Sir,", 0.3), ("12.50", 0.6), ("due", 0.8))
    words = tuple((word, Region(0, left, 0.5, left + 0.1, 0.6)) for word, left in places)
    return Sheet("small", Page(np.full((40, 100), 250, np.uint8), (100.0, 100.0)), words)


def measured(degradation, level, sheet, engine, tmp_path):
    return measure.measure(degradation, level, sheet, 1, engine, Readings(tmp_path / "kept.sqlite"))


def of_levels(errors):
    return [measure.Measurement("scan.covering", at, "small", 1, error=e, left=e) for at, e in enumerate(errors, 1)]


def test_words_count_without_case_and_punctuation_and_once_for_each_time_they_stand_there(sheet, tmp_path):
    assert measured(None, 0, sheet, Saying("dear SIR 12,50\ndue"), tmp_path).error == 0
    assert measured(None, 0, sheet, Saying("due due due dear"), tmp_path / "other").error == 0.5


def test_words_that_are_declared_lost_are_left_out_of_what_is_missed_of_the_others(sheet, tmp_path):
    found = measured(covering, 5, sheet, Saying("12.50"), tmp_path)
    assert (found.error, found.left, found.lost) == (0.75, 0.5, 0.5)
    all_lost = measured(everything, 5, sheet, Saying(""), tmp_path / "other")
    assert (all_lost.error, all_lost.left, all_lost.lost) == (1, None, 1)


def test_what_a_mutator_cannot_act_on_is_counted_apart(sheet, tmp_path):
    found = measured(nothing, 1, sheet, Saying("Dear"), tmp_path)
    assert found.refused == "never"
    assert figures.of_engine(nothing, [found], {"small": 0.0})["refused"] == [1]


def test_a_page_is_read_once_even_by_another_run(sheet, tmp_path):
    engine = Saying("Dear")
    first = measured(covering, 1, sheet, engine, tmp_path)
    second = measured(covering, 1, sheet, engine, tmp_path)
    assert (engine.reads, first.fresh, second.fresh) == (1, True, False)
    assert first.error == second.error


def test_pages_with_other_pixels_or_another_resolution_are_other_pages(sheet):
    page = sheet.page
    others = [page.with_pixels(page.pixels - 1), Page(page.pixels, (100.0, 50.0)), Page(page.pixels[:20], page.dpi)]
    assert len({fingerprint(each) for each in [page, *others]}) == 4


def test_a_ladder_breaks_half_way_between_the_clean_error_and_all(sheet):
    breaks = figures.of_engine(covering, of_levels([0.1, 0.2, 0.4, 0.8, 1]), {"small": 0.2})["breaks"]
    assert breaks == {"level": 3.5, "value": covering.ladder.at(3.5)}


def test_a_ladder_that_never_gets_there_does_not_break(sheet):
    assert figures.of_engine(covering, of_levels([0, 0, 0.1, 0.2, 0.49]), {"small": 0.0})["breaks"] is None


def test_a_ladder_is_monotone_but_for_noise(sheet):
    assert figures.of_engine(covering, of_levels([0, 0.10, 0.09, 0.5, 1]), {"small": 0.0})["monotone"]
    assert not figures.of_engine(covering, of_levels([0, 0.10, 0.05, 0.5, 1]), {"small": 0.0})["monotone"]


def test_ladders_to_look_at_are_flagged(sheet):
    harmless = figures.of_engine(covering, of_levels([0.05, 0.06, 0.07, 0.08, 0.09]), {"small": 0.0})
    assert figures.flags({"tesseract": harmless}) == ["level 1 visible to tesseract", "level 5 harmless"]
    good = figures.of_engine(covering, of_levels([0.01, 0.1, 0.3, 0.6, 0.9]), {"small": 0.0})
    assert figures.flags({"tesseract": good}) == []


def test_figures_of_other_engines_and_mutators_stay_unless_their_rungs_or_they_themselves_are_gone(sheet):
    figure = figures.of_engine(covering, of_levels([0, 0.1, 0.3, 0.6, 0.9]), {"small": 0.0})
    by_one = {"scan.covering": figures.of_mutator(covering, {"rapidocr": figure})}
    by_other = {"scan.covering": figures.of_mutator(covering, {"tesseract": figure})}
    before = figures.merged({}, {"rapidocr": {}}, {**by_one, "scan.gone": by_one["scan.covering"]}, ["scan.covering"])
    both = figures.merged(before, {"tesseract": {}}, by_other, ["scan.covering"])
    assert list(both["mutators"]) == ["scan.covering"]
    assert list(both["mutators"]["scan.covering"]["engines"]) == ["rapidocr", "tesseract"]
    changed = {"scan.covering": {**by_other["scan.covering"], "rungs": [1, 2, 3, 4, 5]}}
    assert list(figures.merged(both, {}, changed, ["scan.covering"])["mutators"]["scan.covering"]["engines"]) == [
        "tesseract"
    ]
    assert json.loads(figures.written(both)) == both


def test_the_sheets_have_words_with_places_and_are_the_same_every_time():
    found = sheets()
    assert len(found) == 10
    assert len({sheet.name for sheet in found}) == 10
    assert {sheet.page.grey for sheet in found} == {True, False}
    for sheet in found:
        assert 30 <= len(sheet.words) <= 140
        assert all(0 <= at.left < at.right <= 1 and 0 <= at.top < at.bottom <= 1 for _, at in sheet.words)
    assert [sheet.fingerprint for sheet in found] == [sheet.fingerprint for sheet in sheets()]


def test_every_mutator_of_one_page_is_calibrated():
    of_a_page = {each.name for each in discover() if each.view is Page and each.category in ("scan", "combination")}
    assert of_a_page <= {each.name for each in discover() if measure.calibrated(each)}
