"""Several mutators of a page as one."""

import numpy as np
import pytest
from numpy.random import Generator

from crumple import ALL, Degraded, Ladder, NotApplicable, Page, Pages, Projection, Region, chain, mutator
from page_samples import sheet

UNIT = Ladder(1, 2, 3, 4, 5, unit="steps", zero=0)
DOWN = Projection(np.array([[1, 0, 0], [0, 1, 0.25], [0, 0, 1]]))


@mutator("test.down", steps=UNIT)
def down(page: Page, steps: float, rng: Generator) -> Page:
    """Move the page down by a quarter of its height."""
    return page.bent(DOWN, (255,))


@mutator("test.cover", steps=UNIT, truth="lost")
def cover(page: Page, steps: float, rng: Generator) -> Degraded[Page]:
    """Cover the top tenth of what is to be seen."""
    pixels = page.pixels.copy()
    pixels[: page.height // 10] = 0
    return Degraded(page.with_pixels(pixels), lost=[Region(0, 0, 0.3, 1, 0.4)], touched=[Region(0, 0, 0.5, 1, 0.6)])


@mutator("test.never", steps=UNIT)
def never(page: Page, steps: float, rng: Generator) -> Page:
    """Apply to nothing."""
    raise NotApplicable("not today")


@mutator("test.nothing_left", level=5, truth="lost")
def nothing_left(page: Page, rng: Generator) -> Degraded[Page]:
    """Lose everything."""
    return Degraded(page.with_pixels(0 * page.pixels), lost=ALL)


@mutator("test.whole", level=5)
def whole(pages: Pages, rng: Generator) -> Pages:
    """Act on all pages."""
    return pages


def rng() -> Generator:
    return np.random.default_rng(0)


def test_steps_follow_one_another():
    page = sheet()
    said = chain(page, rng(), (down, 1), (cover, 1))
    one = cover(down(page, steps=1, rng=rng()), steps=1, rng=rng())
    assert said.view == one.view


def test_what_a_later_step_has_lost_is_named_where_it_stood_at_first():
    said = chain(sheet(), rng(), (down, 1), (cover, 1))
    (lost,), (touched,) = said.lost, said.touched
    assert (lost.top, lost.bottom) == (pytest.approx(0.05), pytest.approx(0.15))
    assert (touched.top, touched.bottom) == (pytest.approx(0.25), pytest.approx(0.35))


def test_the_page_remembers_where_it_came_from_before_the_chain_too():
    before = sheet().bent(DOWN, (255,))
    said = chain(before, rng(), (down, 1))
    points = np.array([[0.5, 0.9]])
    assert said.view.bend.back(points) == pytest.approx(np.array([[0.5, 0.4]]))
    assert said.view.source is before.source


def test_a_step_that_does_not_apply_is_left_out_and_none_at_all_is_not_applicable():
    assert chain(sheet(), rng(), (never, 1), (cover, 1)).lost
    with pytest.raises(NotApplicable, match="not today"):
        chain(sheet(), rng(), (never, 1), (never, 2))


def test_all_lost_stays_all_lost():
    assert chain(sheet(), rng(), (nothing_left, None), (cover, 1)).lost is ALL


def test_only_mutators_of_one_page_can_be_chained():
    with pytest.raises(TypeError, match=r"test\.whole cannot be in a chain"):
        chain(sheet(), rng(), (whole, None))
