"""Every figure of nights on the page "What the numbers mean" is what the code computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.nightly.simulated import ALPHA, Said, corpus, nights

from crumple.nightly.comparison import alarms, fewest
from crumple.statistics.paired import mcnemar_worse
from crumple.statistics.trend import trend

TEXT = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text("utf-8")
PLAIN = " ".join(TEXT.split())
MOST = 14
QUIET = ("after 30 nights", "after 9 nights", "before the first")


def rows(head: str) -> list[list[str]]:
    """The cells of the table that begins with this head."""
    _, found, rest = TEXT.partition(head)
    assert found, head
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rest.split("\n\n")[0].splitlines()[2:]]


def test_when_a_category_is_worse() -> None:
    found = rows("| newly fail | no longer fail | at least so lopsided by chance | the category is |")
    assert {each[-1] for each in found} == {"same", "worse"}
    for worse, better, chance, state in found:
        p = mcnemar_worse(int(worse), int(better))
        assert chance == f"1 night in {int(1 / p + 1e-9)}"
        assert state == ("worse" if p <= alarms(ALPHA).pairs_alpha else "same")
    assert found[2][0] == str(fewest(alarms(ALPHA).pairs_alpha))


def told(broken: int, quiet: int) -> str:
    """On which night documents that break are told of, where every other call does as ever."""
    of = corpus(0, 12)
    before, after = np.arange(12) >= 10, np.arange(12) >= 10
    after[:broken] = True
    failed = (before if night < quiet else after for night in range(quiet + MOST))
    said: list[Said] = list(nights(of, before, failed, untold=quiet))[quiet:]
    at = next((number for number, each in enumerate(said, 1) if each.alarm), None)
    return "never" if at is None else {1: "1st", 2: "2nd", 3: "3rd"}.get(at, f"{at}th")


@pytest.mark.parametrize("column", range(3))
def test_on_which_night_documents_that_break_are_told_of(column: int) -> None:
    found = rows("| documents that break | after 30 nights | after 9 nights | before the first |")
    assert len(found) == 5
    for broken, *cells in found:
        assert cells[column] == told(int(broken), (30, 9, 0)[column]), (broken, QUIET[column])


def test_one_chance_in_31_each() -> None:
    failed = np.zeros((2, 31), bool)
    failed[:, -1] = True
    for count in (1, 2):
        assert trend(failed[:count], np.ones((count, 31), bool)).p == pytest.approx(1 / 31**count)
    assert "fails tonight is one chance in 31; two such at once are one in 961" in PLAIN


def test_two_a_year_is_so_many_nights() -> None:
    assert f"*Two a year* are {100 * ALPHA:.2f} % of nights" in PLAIN
