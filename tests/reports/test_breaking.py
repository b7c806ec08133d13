"""Breaking points in the terminal report: what fails first stands first, beside what the mix sends."""

from __future__ import annotations

from typing import Any

import pytest

from crumple_reports.breaking import show_breaking, show_breaking_headline
from crumple_reports.page import Page


def row(name: str, state: str, sentence: str, **more: Any) -> dict[str, Any]:
    return {
        "mutator": name,
        "kind": "",
        "state": state,
        "sentence": sentence,
        "rate": 0.5,
        "calls": 20,
        "mix": None,
    } | more


ROWS = [
    row("encoding.bad_bytes", "always", "always, 0.0003 % of bytes is enough (7 of 7 failed there)"),
    row("scan.skew", "breaks", "fails from 6.1 deg on (5.8-6.4)"),
    row("scan.resolution", "breaks", "fails below 92 dpi (88-97)"),
    row("scan.defocus", "not known", "not known; it holds up to 0.19 mm"),
    row("scan.stamp", "never", "never, not even at 30 mm (0 of 6 failed there)"),
]


def shown(rows: list[dict[str, Any]], width: int = 100) -> str:
    page = Page(width, color=False)
    show_breaking_headline(page, {"breaking_points": rows})
    show_breaking(page, {"breaking_points": rows})
    return str(page)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_every_mutator_has_its_sentence_and_no_line_is_too_long(width: int) -> None:
    text = shown(ROWS, width)
    assert all(len(line) <= width for line in text.splitlines())
    words = " ".join(text.split())
    assert "fails from 6.1 deg on (5.8-6.4) 20" in words
    assert (
        "5 mutators tried: the system breaks on 2; fails at any level of 1; never breaks on 1; of 1 it is not known."
        in words
    )


def test_where_nothing_is_known_the_sentence_is_still_one() -> None:
    assert "1 mutator tried: of 1 it is not known." in shown([row("scan.stamp", "not known", "not known")])


def test_what_the_mix_sends_has_a_column_only_where_there_is_a_mix() -> None:
    assert "mix" not in shown(ROWS)
    mixed = [
        {**ROWS[1], "mix": {"share": 0.12, "beyond": 0.03, "low": 0.01, "high": 0.05}},
        {**ROWS[3], "mix": {"share": 0.12}},
        {**ROWS[4], "mix": {"share": 0.0, "beyond": 0.0}},
    ]
    lines = shown(mixed).splitlines()
    assert any("the mix beyond it" in line for line in lines)
    assert [line.split("   ")[-1].strip() for line in lines if line.startswith("scan.")] == [
        "3.0 % of 12 %",
        "? of 12 %",
        "-",
    ]


def test_groups_of_cases_and_rates_that_differ_have_columns_of_their_own() -> None:
    text = shown([{**ROWS[1], "kind": "application/pdf"}, {**ROWS[1], "kind": "image/png\x1b", "rate": 0.05}])
    assert "application/pdf" in text
    assert "\x1b" not in text
    assert "rate %" in text
    assert "the rate shown is passed" in " ".join(text.split())


def test_a_run_of_rates_shows_none() -> None:
    page = Page(80, color=False)
    show_breaking(page, {"breaking_points": []})
    show_breaking(page, {})
    assert str(page).strip() == ""
