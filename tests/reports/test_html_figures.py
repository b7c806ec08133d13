"""The page's pictures: what is drawn, and that a table or a sentence says the same."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from crumple import CrumpleError, Material
from crumple_reports.html import amounts, breaking_points, charts, forecast, heatmap, render, trends
from documents_of_runs import figures, item, mutator, night, run, session

NONE = Material()


def measured(**levels: tuple[int, int]) -> dict[str, Any]:
    """A mutator's figures: level ("L3") -> calls, failures."""
    own = {name[1:]: figures(*each) for name, each in levels.items()}
    calls, failures = (sum(each[at] for each in levels.values()) for at in (0, 1))
    made = mutator(calls, failures)
    return made | {"levels": own, "outcomes": {"crashed": failures} if failures else {"right": calls}}


def shown(document: dict[str, Any], material: Material = NONE) -> str:
    """A page without its style and script, its white space one blank, a non-breaking one too."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", render(document, material), flags=re.DOTALL)
    assert "could not be made" not in body
    return re.sub(r"\s+", " ", body)


class TestHeatMap:
    def test_categories_and_mutators_come_worst_first(self) -> None:
        document = run(
            categories={"scan": figures(10, 1), "encoding": figures(10, 4)},
            mutators={
                "encoding.bom": mutator(5, 1),
                "encoding.utf16": mutator(5, 3),
                "scan.skew": mutator(10, 1, category="scan"),
            },
        )
        found = heatmap.section(document, NONE)
        assert found is not None
        assert [row.name for row in found.model["rows"]] == ["encoding", "scan"]
        assert [row.name for row in found.model["folds"][0].failing] == ["encoding.utf16", "encoding.bom"]

    def test_a_level_that_nobody_tried_is_said_to_be_untried_and_never_0(self) -> None:
        own = measured(L1=(4, 1), L3=(0, 0))
        document = run(categories={"encoding": own | {"mutators": 1}}, mutators={"encoding.bom": own})
        found = heatmap.section(document, NONE)
        assert found is not None
        tried, untried, every = found.model["rows"][0].cells
        assert (tried.shade, untried.shade, every.rate) == (3, None, "25 %")
        assert untried.rate == ""
        assert '<td class="heat untried"><span>not tried</span>' in shown(document)

    @pytest.mark.parametrize(
        ("rate", "shade"), [(0, 0), (0.01, 1), (0.05, 2), (0.2, 3), (0.49, 3), (0.5, 4), (0.8, 5), (1, 5)]
    )
    def test_shades_are_steps(self, rate: float, shade: int) -> None:
        document = run(categories={"scan": figures(100, round(rate * 100))}, mutators={})
        found = heatmap.section(document, NONE)
        assert found is not None
        assert found.model["rows"][0].cells[-1].shade == shade

    def test_every_cell_has_its_interval_and_calls(self) -> None:
        own = measured(L1=(4, 1))
        page = shown(run(categories={"encoding": own}, mutators={"encoding.bom": own}))
        assert "<b>25 %</b><small>15-35 %</small><small>4 calls</small>" in page

    def test_mutators_that_never_failed_are_one_line_and_those_without_calls_another(self) -> None:
        document = run(
            categories={"encoding": figures(20, 2)},
            mutators={"encoding.bom": mutator(8, 2), "encoding.nfd": mutator(12, 0), "encoding.utf16": mutator(0, 0)},
        )
        found = heatmap.section(document, NONE)
        assert found is not None
        (fold,) = found.model["folds"]
        assert fold.never_said == "1 mutator never failed, in 12 calls"
        assert fold.never == [("encoding.nfd", "0 of 12 calls, 0-10 %")]
        assert fold.untried == ["encoding.utf16"]

    def test_a_failing_mutator_leads_to_its_problem(self) -> None:
        page = shown(run())
        (number,) = set(re.findall(r'href="#problem-(\d+)" aria-label="Problem \d+, encoding.bom"', page))
        assert f'id="problem-{number}"' in page

    def test_rows_say_what_they_can_be_filtered_by(self) -> None:
        own = measured(L1=(4, 1))
        page = shown(run(categories={"encoding": own}, mutators={"encoding.bom": own}))
        row = '<tr class="filterable" data-category="encoding" data-outcome="crashed" data-level="1">'
        assert page.count(row) == 2

    def test_documents_like_these_have_a_column_where_anything_is_known_of_them(self) -> None:
        known = figures(10, 4) | {"like_these": {"low": 0.05, "high": 0.91}}
        assert '<td class="like">5-91 %</td>' in shown(run(categories={"encoding": known}))
        assert 'class="like"' not in shown(run())

    def test_the_mix_says_beside_a_rate_how_much_of_production_that_is(self) -> None:
        own = measured(L1=(4, 1), L3=(4, 2))
        document = run(
            categories={"encoding": own},
            mutators={"encoding.bom": own},
            mix={"clean": 0.9, "per_day": None, "damaged": {"encoding.bom": {"1": 0.06, "5": 0.04}}},
        )
        found = heatmap.section(document, NONE)
        assert found is not None
        assert [cell.sent for cell in found.model["rows"][0].cells] == ["6.0 % sent", "", "10 % sent"]

    @pytest.mark.parametrize("document", [run(categories={}), {"kind": "comparison", "schema": 1}])
    def test_without_rates_there_is_none(self, document: dict[str, Any]) -> None:
        assert heatmap.section(document, NONE) is None

    def test_a_session_has_its_categories(self) -> None:
        assert "Failures by category and level" in shown(session(item()))


def located(state: str = "breaks", **more: Any) -> dict[str, Any]:
    row = {"mutator": "scan.skew", "kind": "", "state": state, "rate": 0.5, "calls": 26}
    row |= {"level": 2.8, "low": 1.9, "high": 4.2, "falls": False, "mix": None}
    return row | {"sentence": "fails from 1.77 deg on (0.90-5.74)"} | more


def points(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = mutator(26, 9, category="scan") | {"rungs": ["0.5 deg", "1 deg", "2 deg", "5 deg", "10 deg"], "rate": None}
    return run(categories={}, mutators={"scan.skew": own}, contract=[], breaking_points=list(rows), **more)


class TestBreakingPoints:
    def strip(self, document: dict[str, Any]) -> breaking_points.Strip:
        found = breaking_points.section(document, NONE)
        assert found is not None
        return found.model["strips"][0]

    def test_what_is_beyond_is_filled_and_the_interval_a_line_around_where_it_begins(self) -> None:
        drawing = self.strip(points(located())).drawing
        (filled,) = [each for each in drawing.bars if each.kind == "failing"]
        whole = next(each for each in drawing.bars if each.kind == "ground")
        assert filled.x + filled.width == pytest.approx(whole.x + whole.width)
        ends = [each.x1 for each in drawing.lines if each.kind == "sure" and each.x1 == each.x2]
        assert min(ends) < filled.x < max(ends)

    @pytest.mark.parametrize(("state", "filled"), [("always", 1), ("never", 0), ("not known", 0)])
    def test_only_what_fails_is_filled(self, state: str, filled: int) -> None:
        drawing = self.strip(points(located(state, level=None))).drawing
        assert sum(each.kind == "failing" for each in drawing.bars) == filled

    def test_what_was_not_tried_is_neither_filled_nor_anywhere(self) -> None:
        row = located("not known", level=None, calls=0, low=0.0, high=5.0, sentence="not known: not tried")
        drawing = self.strip(points(row)).drawing
        assert [each.kind for each in drawing.bars] == ["ground"]
        assert "not tried" in {each.text for each in drawing.labels}

    def test_what_is_not_known_at_the_very_end_has_room_for_its_mark(self) -> None:
        drawing = self.strip(points(located("not known", level=None, low=5.0, high=5.0))).drawing
        whole = next(each for each in drawing.bars if each.kind == "ground")
        (unknown,) = [each for each in drawing.bars if each.kind == "open"]
        (mark,) = [each for each in drawing.labels if each.text == "?"]
        assert whole.x < unknown.x < mark.x < unknown.x + unknown.width <= whole.x + whole.width

    def test_a_choice_that_is_a_word_stands_without_quotes(self) -> None:
        document = points(located())
        document["mutators"]["scan.skew"]["rungs"] = ["'word'", "','", "'a b'", "'twice'", "'7'"]
        texts = {each.text for each in self.strip(document).drawing.labels}
        assert {"word", "','", "'a b'", "twice"} <= texts

    def test_levels_have_their_values_and_the_unit_stands_once(self) -> None:
        texts = [each.text for each in self.strip(points(located())).drawing.labels]
        assert {"0.5", "10", "in deg"} <= set(texts)

    def test_it_says_how_much_of_production_is_beyond_it_with_the_interval(self) -> None:
        strip = self.strip(points(located(mix={"share": 0.05, "beyond": 0.01, "low": 0.0, "high": 0.04})))
        assert strip.sent == (
            "5.0 % of production’s volume is like this, 1.0 % (0 % to 4.0 %) beyond the breaking point."
        )

    def test_where_it_is_not_known_nothing_is_said_to_be_beyond(self) -> None:
        row = located("not known", level=None, sentence="not known", mix={"share": 0.05})
        assert "is not known" in self.strip(points(row)).sent

    @pytest.mark.parametrize(
        ("state", "sentence", "said"),
        [
            ("never", "never, not even at 10 deg (0 of 6 failed there)", "The system never fails, not even at 10 deg"),
            ("always", "always, 0.1 deg is enough (6 of 6 failed there)", "The system always fails, 0.1 deg is enough"),
            ("not known", "not known: not tried", "Its breaking point is not known: not tried"),
        ],
    )
    def test_what_is_known_is_a_sentence(self, state: str, sentence: str, said: str) -> None:
        assert self.strip(points(located(state, level=None, sentence=sentence))).said.startswith(said)

    def test_an_ordinary_run_has_rates_beside_the_shares_of_its_mix(self) -> None:
        own = measured(L1=(4, 1), L3=(4, 2))
        mix = {"clean": 0.9, "per_day": None, "damaged": {"encoding.bom": {"1": 0.06, "5": 0.04}}}
        document = run(mutators={"encoding.bom": own, "encoding.nfd": own}, mix=mix)
        found = breaking_points.section(document, NONE)
        assert found is not None
        (strip,) = found.model["strips"]
        assert strip.sent == "10 % of production’s volume, 4.0 % of it at levels where nothing was called."
        assert "level 1: 25 % (15-35 %) of 4 calls failed, 6.0 % of production" in strip.drawing.label

    def test_without_a_mix_an_ordinary_run_has_none(self) -> None:
        assert breaking_points.section(run(), NONE) is None


def foreseen(**more: Any) -> dict[str, Any]:
    day = {"documents": 1000, "failures": 40.0, "silent": 4.0, "low": 16.0, "high": 75.0}
    made = {"rate": 0.04, "low": 0.016, "high": 0.075, "silent": {"rate": 0.004, "low": 0.0, "high": 0.03}}
    made |= {"failing_per_day": day, "groups": 6, "design_effect": 1.2, "per_day": 1000, "share": 0.9, "named": 1.0}
    made["like_these"] = dict(made) | {"low": 0.01, "high": 0.3, "failing_per_day": day}
    made["missing"] = [{"name": "table.delimiter", "level": 3.0, "share": 0.1, "why": "no call came to an outcome"}]
    made["mend_first"] = [{"category": "encoding", "share_of_failures": 0.75, "without": 0.01}]
    return run(forecast=made | {"thinnest": None} | more)


class TestForecast:
    def test_it_says_what_the_terminal_says(self) -> None:
        page = shown(foreseen())
        assert "Of the 1,000 documents a day that it is about, 40 would fail (16-75), 4 of them silently." in page
        assert "table.delimiter L3 (10 %): no call came to an outcome" in page

    def test_what_to_mend_first_has_a_bar_and_a_row(self) -> None:
        found = forecast.section(foreseen(), NONE)
        assert found is not None
        (first,) = found.model["first"]
        assert (first.name, first.share, first.then, first.a_day) == ("encoding", "75 %", "1.0 %", "10")
        now, then, won = found.model["bars"].bars
        assert then.width < now.width
        assert won.kind == "open"

    def test_where_nothing_of_the_mix_was_run_it_says_so_and_draws_nothing(self) -> None:
        nothing = {"rate": None, "failing_per_day": None, "silent": None, "like_these": None, "mend_first": []}
        found = forecast.section(foreseen(**nothing), NONE)
        assert found is not None
        assert found.model["headline"].startswith("There is none")
        assert (found.model["range"], found.model["bars"]) == (None, None)

    def test_without_a_mix_there_is_none(self) -> None:
        assert forecast.section(run(forecast=None), NONE) is None


def spent(calls: int = 40, *, paid: bool = True, hung: int = 0) -> dict[str, Any]:
    outcomes = {"right": {"calls": calls - hung, "timed": calls - hung, "seconds": 4.0, "longest": 1.4}}
    if hung:
        outcomes["hung"] = {"calls": hung, "timed": hung, "seconds": 30.0 * hung, "longest": 30.0}
    quantile = {"value": 0.1, "low": 0.05, "high": None}
    bins = [[-50, calls - 1, 100_000 * (calls - 1)], [7, 1, 1_400_000]]
    seconds = {"timed": calls, "total": 4.0, "median": quantile, "p95": None, "p99": None, "longest": 1.4, "bins": bins}
    money = {"total": 0.4, "mean": 0.01, "failures": 0.1, "retries": 0.02}
    return {"calls": calls, "outcomes": outcomes, "seconds": seconds, "money": money if paid else None}


def timed(**more: Any) -> dict[str, Any]:
    made = {"bins_per_decade": 50, "clean": spent(**more), "degraded": spent(**more)}
    return run(amounts=made | {"categories": {"encoding": spent(**more)}})


class TestAmounts:
    def test_percentiles_have_their_interval_and_are_left_out_where_calls_are_few(self) -> None:
        found = amounts.section(timed(), NONE)
        assert found is not None
        assert found.model["rows"][0].quantiles == [("100 ms", "at least 50 ms"), ("", ""), ("", "")]

    def test_the_picture_holds_every_call_on_a_scale_that_all_pictures_share(self) -> None:
        found = amounts.section(timed(), NONE)
        assert found is not None
        one, other = (row.picture for row in found.model["rows"][:2])
        assert [each.x for each in one.bars] == [each.x for each in other.bars]
        assert len(one.bars) == 2
        assert "40 calls" in one.label

    def test_nothing_is_said_of_money_where_none_is_known(self) -> None:
        found = amounts.section(timed(paid=False), NONE)
        assert found is not None
        assert (found.title, found.model["money"]) == ("Latency", [])
        assert "Cost by category" not in shown(timed(paid=False))

    def test_money_says_what_failures_and_asking_again_have_cost(self) -> None:
        found = amounts.section(timed(), NONE)
        assert found is not None
        row = found.model["money"][0]
        assert (row["failures"], row["retries"]) == ("0.1 (25 %)", "0.02 (5.0 %)")

    def test_what_the_run_cost_beside_is_told(self) -> None:
        document = timed()
        document["run"]["cost"] = 1.0
        found = amounts.section(document, NONE)
        assert found is not None
        assert found.model["whole"].startswith("The whole run cost 1.00")
        assert "0.2 of it is in no row" in found.model["whole"]

    def test_calls_that_were_stopped_are_counted(self) -> None:
        assert '<th scope="col" class="figure">stopped</th>' in shown(timed(hung=3))
        assert '<th scope="col" class="figure">stopped</th>' not in shown(timed())

    def test_calls_without_times_have_no_latency_and_their_cost_all_the_same(self) -> None:
        document = timed()
        for each in (document["amounts"]["clean"], document["amounts"]["degraded"]):
            each["seconds"] |= {"timed": 0, "bins": [], "median": None}
        document["amounts"]["categories"] = {}
        found = amounts.section(document, NONE)
        assert found is not None
        assert (found.title, found.model["rows"]) == ("Cost", [])
        assert "Latency by category" not in shown(document)

    @pytest.mark.parametrize("document", [run(), run(amounts=None), timed(calls=0)])
    def test_without_calls_there_is_none(self, document: dict[str, Any]) -> None:
        assert amounts.section(document, NONE) is None

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (0.00045, "0.45 ms"),
            (0.0341, "34.1 ms"),
            (0.384, "384 ms"),
            (1.337, "1.34 s"),
            (95, "95 s"),
            (250, "4.17 min"),
        ],
    )
    def test_times_have_digits_that_say_something(self, value: float, said: str) -> None:
        assert amounts.seconds(value) == said


def past(id_: str, rate: float, **more: Any) -> dict[str, Any]:
    own = {"runs": 40, "failures": round(40 * rate), "rate": rate, "low": rate / 2, "high": min(1.0, rate * 2)}
    made = {"id": id_, "kind": "run", "state": "ended", "started": f"2026-01-0{id_[-1]}T10:00:00Z", "system": "1.2"}
    made |= {"baseline": "", "plan": "A", "changed": [], "categories": {"encoding": own | {"paired": None}}}
    return made | more


def timeline(*runs: dict[str, Any]) -> Material:
    return Material(timeline=lambda: {"schema": 1, "plans": [], "runs": list(runs)})


HERE = run()["run"]["id"][:-1] + "3"


def here() -> dict[str, Any]:
    document = run()
    return document | {"run": {**document["run"], "id": HERE}}


class TestTrends:
    def test_this_run_is_the_large_dot_among_those_of_its_plan(self) -> None:
        found = trends.section(here(), timeline(past("x1", 0.4), past("x2", 0.1, plan="B"), past(HERE, 0.2)))
        assert found is not None
        (trend,) = found.model["trends"]
        assert [each.kind for each in trend.drawing.dots] == ["", "failing"]
        assert trend.said == "20 % (10-40 %, 40 calls) this time; 40 % (20-80 %, 40 calls) the time before."

    def test_a_change_of_the_systems_version_is_marked(self) -> None:
        changed = past("x2", 0.3, changed=["the system's version", "mutators"])
        found = trends.section(here(), timeline(past("x1", 0.4), changed, past(HERE, 0.2)))
        assert found is not None
        assert sum(each.kind == "changed" for each in found.model["trends"][0].drawing.lines) == 1

    def test_a_night_is_the_share_of_the_baselines_documents(self) -> None:
        def paired(id_: str, now: int) -> dict[str, Any]:
            own = {"runs": 9, "rate": 0.9, "low": 0.1, "high": 1.0, "paired": {"now": now, "before": 2, "pairs": 20}}
            return past(id_, 0.5, baseline="b", kind="night", categories={"encoding": own})

        document = night()
        document["run"]["id"] = HERE
        found = trends.section(document, timeline(paired("x1", 2), paired(HERE, 5)))
        assert found is not None
        assert found.model["trends"][0].said == "25 % (20 calls) this time; 10 % (20 calls) the time before."

    @pytest.mark.parametrize(
        "material",
        [NONE, timeline(), timeline(past(HERE, 0.2)), timeline(past("x1", 0.2), past("x2", 0.2))],
        ids=["no store", "no run", "one run", "this one is not among them"],
    )
    def test_one_run_is_no_trend(self, material: Material) -> None:
        assert trends.section(here(), material) is None

    def test_a_timeline_that_cannot_be_read_is_said_in_a_line(self) -> None:
        def gone() -> dict[str, Any]:
            raise CrumpleError("the store is locked", hint="Try again.")

        page = shown(here(), Material(timeline=gone))
        assert "The runs before could not be read: the store is locked. Try again." in page

    def test_runs_that_came_to_nothing_are_left_out(self) -> None:
        nothing = past("x2", 0.0, categories={}, state="void")
        found = trends.section(here(), timeline(past("x1", 0.4), nothing, past(HERE, 0.2)))
        assert found is not None
        assert found.model["count"] == "2 runs"


class TestCharts:
    def test_what_lies_beyond_a_scale_stands_at_its_end(self) -> None:
        at = charts.between(0, 0.5, 10, 110)
        assert [at(-1), at(0), at(0.25), at(0.5), at(2)] == [10, 10, 60, 110, 110]

    def test_a_scale_of_one_value_is_one_place(self) -> None:
        assert charts.between(3, 3, 10, 110)(3) == 10

    def test_decades_are_evenly_apart(self) -> None:
        at = charts.decades(0.01, 1, 0, 100)
        assert [at(0.01), at(0.1), at(1), at(0)] == [0, 50, 100, 0]

    @pytest.mark.parametrize(("shares", "top"), [([], 0.05), ([0.01], 0.05), ([0.06], 0.1), ([0.3, 0.7], 1.0)])
    def test_a_scale_ends_above_all_that_is_on_it(self, shares: list[float], top: float) -> None:
        assert charts.top_of(shares) == top

    @pytest.mark.parametrize(
        ("values", "parted"),
        [
            (["0.5 deg", "10 deg"], (["0.5", "10"], "deg")),
            (["quality 80", "quality 5"], (["80", "5"], "quality")),
            (["'iso'", "'dos'"], (["'iso'", "'dos'"], "")),
            (["2 % of rows", "9 % of rows"], (["2", "9"], "% of rows")),
            (["a b", "c d"], (["a b", "c d"], "")),
            ([], ([], "")),
        ],
    )
    def test_the_unit_that_values_have_in_common_is_told_apart(self, values: list[str], parted: object) -> None:
        assert charts.without_unit(values) == parted


HOSTILE = '<img src=x onerror=alert(1)>"\u202e\x00'


def test_names_and_reasons_from_a_document_are_text_wherever_they_stand() -> None:
    own = measured(L1=(4, 1))
    document = timed() | {
        "categories": {HOSTILE: own | {"outcomes": {HOSTILE: 4}}},
        "mutators": {HOSTILE: own | {"category": HOSTILE, "rungs": [HOSTILE] * 5}},
        "mix": {"clean": 0.9, "per_day": None, "damaged": {HOSTILE: {"1": 0.1}}},
        "forecast": foreseen(mend_first=[{"category": HOSTILE, "share_of_failures": 1.0, "without": 0.0}])["forecast"],
        "breaking_points": [located(mutator=HOSTILE, kind=HOSTILE, sentence=HOSTILE)],
    }
    row = past(
        "x1", 0.2, system=HOSTILE, changed=[HOSTILE], categories={HOSTILE: past("x1", 0.2)["categories"]["encoding"]}
    )
    document["run"] = {**document["run"], "id": "x1"}
    page = shown(document, timeline(row, row))
    assert "<img" not in page
    assert "\u202e" not in page
    assert "\x00" not in page


def test_no_picture_has_a_number_that_is_none() -> None:
    document = timed() | foreseen()
    page = shown(document, timeline(past("x1", 0.0), past("20260101-000000-abcd", 1.0)))
    numbers = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="([^"]*)"', page)
    assert numbers
    assert all(math.isfinite(float(each)) for each in numbers)
