"""The forecast as people read it: how many documents fail, about what, what is missing, what to mend first."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from crumple_reports.forecast import show_forecast
from crumple_reports.page import Page

FORECAST: dict[str, Any] = {
    "rate": 0.0433,
    "low": 0.0342,
    "high": 0.0545,
    "silent": {"rate": 0.0108, "low": 0.005, "high": 0.02},
    "per_day": 12_000,
    "share": 0.97,
    "named": 0.99,
    "failing_per_day": {"documents": 11_640.0, "failures": 504.0, "low": 398.1, "high": 634.4, "silent": 125.7},
    "missing": [
        {
            "name": "scan.skew",
            "level": 2.0,
            "share": 0.02,
            "why": "level 2 is not run; [mutate] levels = [1, 2, 3, 5] would",
        },
    ],
    "like_these": {
        "rate": 0.0433,
        "low": 0.02,
        "high": 0.071,
        "failing_per_day": {"documents": 11_640.0, "failures": 504.0, "low": 232.8, "high": 826.4, "silent": 125.7},
        "groups": 15,
        "effective_calls": 80.0,
        "design_effect": 2.13,
    },
    "mend_first": [
        {"category": "scan", "share_of_failures": 0.61, "without": 0.0169},
        {"category": "clean", "share_of_failures": 0.22, "without": 0.0338},
    ],
    "thinnest": {"name": "scan.skew", "level": 1.0, "share": 0.12, "calls": 40, "part": 0.6},
}

WHOLE = """
Forecast for production, by the mix
  Of the 11,640 documents a day that it is about, 504 would fail (398-635), 126 of them silently.
  That is 4.3 % (3.4-5.5 %).
  about        These documents, with a 95 % interval.
               Of documents like these 232-827 a day, 2.0-7.1 % would fail: 15 groups of documents,
               design effect 2.1.
  volume       It is about 97 % of the volume; the mix names 99 %.
  not in it    2.0 % of the volume, which the mix names:
               scan.skew L2 (2.0 %): level 2 is not run; [mutate] levels = [1, 2, 3, 5] would

  mend first   of the failures  then fail  a day
  scan                    61 %      1.7 %    197
  fails clean             22 %      3.4 %    393
"""


def shown(width: int = 100, **more: Any) -> str:
    page = Page(width, color=False)
    show_forecast(page, {"forecast": copy.deepcopy(FORECAST) | more, "clean": {"cases": 20}})
    return str(page)


def test_a_forecast_is_said_in_documents_a_day() -> None:
    assert shown() == WHOLE


def test_without_a_volume_it_is_said_in_per_cent() -> None:
    like = FORECAST["like_these"] | {"failing_per_day": None}
    said = shown(failing_per_day=None, like_these=like)
    assert "4.3 % of the documents would fail (3.4-5.5 %), 1.1 % of them silently." in said
    assert "Of documents like these 2.0-7.1 % would fail" in said
    assert "a day" not in said


def test_nothing_failing_is_no_promise_that_nothing_will() -> None:
    day = {"documents": 12_000.0, "failures": 0.0, "low": 0.0, "high": 210.2, "silent": 0.0}
    none = {"rate": 0.0, "low": 0.0, "high": 0.01755, "share": 1.0, "named": 1.0, "missing": []}
    said = shown(**none, failing_per_day=day, mend_first=[])
    assert "Of 12,000 documents a day none would fail (0-211, 0-1.8 %)." in said
    assert "mend first" not in said
    assert "No document would fail (0-1.8 %)." in shown(**none, failing_per_day=None, like_these=None, mend_first=[])


def test_one_group_says_nothing_about_documents_like_these() -> None:
    assert "Of documents like these nothing is known" in shown(like_these=None)


def test_where_an_interval_is_wide_it_says_what_is_called_too_little() -> None:
    assert "wide for     scan.skew L1 is 12 % of the volume, and had 40 calls." in shown(high=0.12)
    assert "wide for" not in shown()


def test_a_mix_of_which_nothing_is_run_has_no_forecast() -> None:
    said = shown(rate=None, share=0.0, failing_per_day=None, like_these=None, mend_first=[], thinnest=None)
    assert "There is none: nothing that the mix names was run." in said
    assert "not in it" in said


@pytest.mark.parametrize("document", [{}, {"forecast": None}, {"forecast": FORECAST, "clean": {"cases": 0}}])
def test_older_runs_and_those_without_a_mix_show_none(document: dict[str, Any]) -> None:
    page = Page(80, color=False)
    show_forecast(page, {"clean": {"cases": 3}} | document)
    assert str(page).strip() == ""


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    assert max(map(len, shown(width).splitlines())) <= width


def test_a_run_whose_calls_were_chosen_by_what_they_showed_says_so() -> None:
    page = Page(100, color=False)
    rows = [{"method": "census"}, {"method": "sequential"}]
    show_forecast(page, {"forecast": FORECAST, "clean": {"cases": 20}, "contract": rows})
    assert "Calls went where they were needed to decide" in str(page)
