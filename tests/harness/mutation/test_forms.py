"""Forms in PDFs: what a page mutator covers is the field whose box stands there."""

from __future__ import annotations

from numpy.random import Generator

from crumple import Degraded, Page, Recipe, Region, field_regions, mutator
from crumple.mutation.apply import degrade
from oracles.orders import case as order


@mutator("test.covered", truth="lost")
def covered(page: Page, rng: Generator) -> Degraded[Page]:
    """Cover the box of one field, and nothing else."""
    region = field_regions(order("order.pdf").document)["/city"][0]
    pixels = page.pixels.copy()
    top, bottom = int(region.top * page.height), int(region.bottom * page.height)
    pixels[top:bottom] = 0
    return Degraded(page.with_pixels(pixels), lost=[Region(0, region.left, region.top, region.right, region.bottom)])


def test_a_covered_box_loses_its_field_and_no_other() -> None:
    degraded = degrade(order("order.pdf"), Recipe.parse("test.covered(seed=1)"), {"test.covered": covered})
    assert degraded.expectation.lost == {"/city"}
