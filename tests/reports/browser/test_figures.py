"""The page's pictures in a browser: read without script, colour or room."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from browsers import barriers
from crumple import Material
from crumple_reports.html import render
from documents_of_runs import figures, run

LEVELS = ("1", "2", "3", "4", "5")


def category(name: str, failures: int, count: int = 2) -> dict[str, dict[str, Any]]:
    """Some mutators of a category, of which the first fails everywhere but at level 2, where nobody tried it."""
    found = {}
    for number in range(count):
        failing = failures if number == 0 else 0
        levels = {level: figures(10, failing) for level in LEVELS if (number, level) != (0, "2")}
        calls = 10 * len(levels)
        own = figures(calls, failing * len(levels), category=name, levels=levels, worst=None, parameter="angle")
        rungs = [f"{level} share of characters" for level in LEVELS]
        outcomes = {"crashed": failing} if failing else {"right": calls}
        found[f"{name}.a_rather_long_name_{number}"] = own | {"unit": "deg", "rungs": rungs, "outcomes": outcomes}
    return found


def amount(calls: int) -> dict[str, Any]:
    quantile = {"value": 0.1, "low": 0.05, "high": 0.2}
    seconds = {"timed": calls, "total": 4.0, "median": quantile, "p95": quantile, "p99": None, "longest": 1.4}
    seconds["bins"] = [[-50 + step, calls // 8, 100_000 * calls // 8] for step in range(0, 80, 10)]
    outcomes = {name: {"calls": calls, "timed": calls, "seconds": 4.0, "longest": 1.4} for name in ("right", "hung")}
    money = {"total": 0.4, "mean": 0.01, "failures": 0.1, "retries": 0.02}
    return {"calls": calls, "outcomes": outcomes, "seconds": seconds, "money": money}


def pictured() -> dict[str, Any]:
    """A document that all pictures but breaking points are made of."""
    names = {"scan": 9, "encoding": 4, "language": 0}
    mutators = {name: own for each, failing in names.items() for name, own in category(each, failing).items()}
    levels = {level: figures(40, 6) for level in LEVELS}
    like = {"like_these": {"low": 0.01, "high": 0.9}}
    share = {"rate": 0.04, "low": 0.01, "high": 0.09, "silent": {"rate": 0.004, "low": 0.0, "high": 0.03}}
    share |= {"failing_per_day": None, "groups": 6, "design_effect": 1.2, "per_day": None, "share": 1.0, "named": 1.0}
    first = [{"category": "scan", "share_of_failures": 0.8, "without": 0.01}]
    forecast = share | {"like_these": share, "missing": [], "mend_first": first, "thinnest": None}
    spent = {"clean": amount(16), "degraded": amount(80), "categories": {"scan": amount(40)}}
    sent = {"scan.a_rather_long_name_0": dict.fromkeys(LEVELS, 0.02)}
    return run(
        categories={name: figures(200, 5 * failing, levels=levels, **like) for name, failing in names.items()},
        mutators=mutators,
        forecast=forecast,
        mix={"clean": 0.9, "per_day": None, "damaged": sent},
        amounts=spent | {"bins_per_decade": 50},
    )


def located() -> dict[str, Any]:
    """A document of breaking points, of each state one."""
    own = category("scan", 9, 4)
    states = dict(zip(own, ("breaks", "always", "never", "not known"), strict=True))
    found = {"kind": "", "rate": 0.5, "calls": 26, "low": 1.2, "high": 4.1, "falls": False, "sentence": "is told here"}
    mix = {"share": 0.1, "beyond": 0.02, "low": 0.01, "high": 0.04}
    rows = [
        found | {"mutator": name, "state": state, "level": 2.8 if state == "breaks" else None, "mix": mix}
        for name, state in states.items()
    ]
    sent = {name: {"1": 0.08, "3": 0.02} for name in own}
    mixed = {"clean": 0.9, "per_day": None, "damaged": sent}
    return run(categories={}, mutators=own, contract=[], breaking_points=rows, mix=mixed)


def timeline() -> dict[str, Any]:
    def past(number: int) -> dict[str, Any]:
        own = {"runs": 40, "failures": 9, "rate": 0.2, "low": 0.1, "high": 0.4, "paired": None}
        changed = ["the system's version"] if number % 3 == 1 else []
        id_ = run()["run"]["id"] if number == 9 else str(number)
        more = {"plan": "A", "baseline": "", "kind": "run", "state": "ended", "changed": changed}
        categories = {"scan": own, "encoding": own}
        return more | {"id": id_, "started": "2026-01-02T10:00:00Z", "system": "1.2", "categories": categories}

    return {"plans": [], "runs": [past(number) for number in range(10)]}


PAGES = {"run": render(pictured(), Material(timeline=timeline)), "breaking points": render(located())}


OWN = [[f"#{each}"] for each in ("heatmap", "breaking_points", "forecast", "amounts", "trends")]


@pytest.mark.parametrize(("kind", "scheme"), [(kind, scheme) for kind in PAGES for scheme in ("light", "dark")])
def test_pictures_and_shades_can_be_read_by_everybody(opened, kind: str, scheme: str) -> None:
    page = opened(PAGES[kind], color_scheme=scheme)
    there = [each for each in OWN if page.locator(each[0]).count()]
    assert barriers(page, scheme, within=there) == ""


@pytest.mark.parametrize("kind", PAGES)
def test_on_a_phone_nothing_but_tables_is_wider_than_the_page(opened, kind: str) -> None:
    page = opened(PAGES[kind], viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = page.evaluate(
        "[...document.querySelectorAll('.charts svg')].map(each => each.getBoundingClientRect().right)"
    )
    assert wide
    assert max(wide) <= 360
    # An SVG that is drawn smaller than it is draws its letters smaller, too.
    scale = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.charts svg')].map(each => "
        "each.getBoundingClientRect().width / each.viewBox.baseVal.width))"
    )
    assert scale > 0.9


@pytest.mark.parametrize("kind", PAGES)
def test_words_in_a_picture_stay_in_it_and_off_each_other(opened, kind: str) -> None:
    page = opened(PAGES[kind], viewport={"width": 1200, "height": 900})
    troubles = page.evaluate(
        """() => {
          const found = [];
          for (const svg of document.querySelectorAll(".charts svg")) {
            const frame = svg.getBoundingClientRect();
            const words = [...svg.querySelectorAll("text")];
            const boxes = words.map(each => [each.textContent, each.getBoundingClientRect()]);
            for (const [text, box] of boxes) {
              if (box.left < frame.left - 4 || box.right > frame.right + 4 || box.bottom > frame.bottom + 4)
                found.push(`${text} leaves "${svg.getAttribute("aria-label")}"`);
              for (const [other, its] of boxes)
                if (box !== its && box.left < its.right - 1 && its.left < box.right - 1
                    && box.top < its.bottom - 3 && its.top < box.bottom - 3)
                  found.push(`${text} lies on ${other} in "${svg.getAttribute("aria-label")}"`);
            }
          }
          return found;
        }"""
    )
    assert troubles == []


def test_shades_grow_darker_in_grey(opened) -> None:
    page = opened(PAGES["run"], color_scheme="light")
    greys = page.evaluate(
        """() => [...document.querySelectorAll(".heat-key li")].slice(1).map(each => {
          const [r, g, b] = getComputedStyle(each).backgroundColor.match(/[\\d.]+/g).map(Number);
          return 0.299 * r + 0.587 * g + 0.114 * b;
        })"""
    )
    assert len(greys) == 6
    assert all(one - other > 8 for one, other in itertools.pairwise(greys))


def test_a_category_leads_to_its_mutators_even_where_they_are_folded_away(opened) -> None:
    page = opened(PAGES["run"])
    page.click("table.heatmap a:has-text('encoding')")
    assert page.locator("th", has_text="encoding.a_rather_long_name_0").is_visible()


def test_without_script_every_figure_is_there(opened) -> None:
    page = opened(PAGES["run"], java_script_enabled=False)
    assert page.locator("table.heatmap").first.is_visible()
    assert page.locator("#trends svg").first.is_visible()
