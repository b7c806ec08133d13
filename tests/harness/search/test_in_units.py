"""Breaking points in words: the unit that people know, and what the mix says really arrives."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crumple.events import BreakingPoint
from crumple.mix import Mix
from crumple.mutation.registry import Registry, discover
from crumple.search.in_units import rows, sentence

SKEW, RESOLUTION, CUT, CODEPAGE = "scan.skew", "scan.resolution", "truncation.cut", "encoding.codepage"


@pytest.fixture(scope="module")
def known() -> Registry:
    return discover()


def point(name: str, state: str, level: float | None, low: float, high: float, **more: Any) -> BreakingPoint:
    return BreakingPoint(name, more.pop("kind", ""), state, level, low, high, 0.5, more.pop("calls", 20), **more)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (point(SKEW, "breaks", 4.29, 4.21, 4.36), "fails from 6.1 deg on (5.8-6.4)"),
        (point(SKEW, "breaks", 2.0, 1.5, 4.2), "fails from 1.00 deg on (0.71-5.74)"),
        (point(RESOLUTION, "breaks", 2.3, 2.1, 2.5), "fails below 92 dpi (87-97)"),
        (point(CUT, "breaks", 3.0, 2.5, 3.5), "fails below 75 % of bytes (61-82)"),
        (point(CODEPAGE, "breaks", 3.0, 2.0, 4.0), "fails from 'dos' on ('iso' to 'mac')"),
        (point(CODEPAGE, "breaks", 3.0, 3.0, 3.0), "fails from 'dos' on"),
        (point(SKEW, "never", None, 5, 5, ends=(0, 6)), "never, not even at 10 deg (0 of 6 failed there)"),
        (point(RESOLUTION, "always", None, 1, 1, ends=(6, 7)), "always, 150 dpi is enough (6 of 7 failed there)"),
        (point(SKEW, "not known", None, 3, 5), "not known; it holds up to 2 deg"),
        (point(RESOLUTION, "not known", None, 3, 5), "not known; it holds down to 75 dpi"),
        (point(SKEW, "not known", None, 0.1, 3), "not known; it fails from 2 deg on at the latest"),
        (point(RESOLUTION, "not known", None, 1, 3), "not known; it fails below 75 dpi at the latest"),
        (point(SKEW, "not known", None, 0.1, 5), "not known"),
        (point(SKEW, "not known", None, 0.1, 5, calls=0), "not known: not tried"),
        (
            point(SKEW, "breaks", 2.0, 1.9, 2.1, falls=4.0),
            "fails from 1.00 deg on (0.93-1.07); less often again from 5 deg on",
        ),
    ],
)
def test_a_breaking_point_is_one_plain_sentence(told: BreakingPoint, words: str, known: Registry) -> None:
    ladder = known.get(told.mutator).ladder
    assert ladder is not None
    assert sentence(told, ladder) == words


def test_every_ladder_there_is_can_be_told_at_every_level(known: Registry) -> None:
    for each in known:
        for level in (0.1, 0.95, 1.0, 2.34, 4.99, 5.0) if each.ladder is not None else ():
            for state in ("breaks", "never", "always", "not known"):
                words = sentence(point(each.name, state, level, level, level), each.ladder)
                assert re.search(r"\de-\d", words) is None, words


def test_what_breaks_first_comes_first(known: Registry) -> None:
    told = [
        point(SKEW, "never", None, 5, 5),
        point(RESOLUTION, "breaks", 4.0, 3.9, 4.1),
        point(CUT, "breaks", 1.0, 0.9, 1.1),
        point(CODEPAGE, "always", None, 1, 1),
    ]
    assert [each["mutator"] for each in rows(told, known, None)] == [CODEPAGE, CUT, RESOLUTION, SKEW]


def test_what_the_mix_sends_stands_beside_it(known: Registry) -> None:
    mix = Mix(0.8, {(SKEW, 1.0): 0.1, (SKEW, 3.0): 0.04, (SKEW, 4.0): 0.02, (SKEW, 5.0): 0.01})
    (row,) = rows([point(SKEW, "breaks", 3.6, 2.9, 4.3)], known, mix)
    assert row["mix"] == pytest.approx({"share": 0.17, "beyond": 0.03, "low": 0.01, "high": 0.07})
    (row,) = rows([point(SKEW, "breaks", 3.01, 2.1, 3.8)], known, mix)
    assert row["sentence"] == "fails from 2.0 deg on (1.1-4.2)"
    assert row["mix"]["beyond"] == pytest.approx(0.07), "2 deg are 2.0 deg"
    (row,) = rows([point(SKEW, "never", None, 5, 5)], known, mix)
    assert row["mix"]["beyond"] == 0
    (row,) = rows([point(SKEW, "always", None, 0.1, 0.1)], known, mix)
    assert row["mix"]["beyond"] == pytest.approx(0.17)
    (row,) = rows([point(SKEW, "not known", None, 1, 5)], known, mix)
    assert "beyond" not in row["mix"]
    (row,) = rows([point(RESOLUTION, "breaks", 3.6, 2.9, 4.3)], known, mix)
    assert row["mix"]["share"] == 0
