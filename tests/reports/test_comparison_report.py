"""What a comparison reads like, in every form: a winner only where the figures bear one, and silent failures apart."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import comparisons
from comparisons import CRASHED, RIGHT, calls, of_sides, side
from crumple import Material
from crumple_reports.comparison_words import amount_words, answer_words, headline
from crumple_reports.html import render as html
from crumple_reports.json_report import render as as_json
from crumple_reports.junit import render as junit
from crumple_reports.markdown import render as markdown
from crumple_reports.results import as_csv
from crumple_reports.terminal import render as terminal
from night_calls import call

FEW = (("text.a", CRASHED, RIGHT, 3), ("text.a", RIGHT, RIGHT, 9))
ALIKE = (("text.a", CRASHED, CRASHED, 30), ("text.a", RIGHT, RIGHT, 30))


def test_the_verdict_has_both_rates_and_how_many_documents_they_are_of() -> None:
    said = headline(comparisons.document())
    assert said.startswith("buy fails less than build: 12 % against 33 % of the same 137 documents.")
    assert "On 32 of them only one of the two fails: on 30 build, on 2 buy (p < 0.0001)." in said


def test_who_fails_less_but_more_silently_is_not_simply_the_winner() -> None:
    assert answer_words(comparisons.document()) == "buy, but build less silently"
    assert "But buy is more often silently wrong: buy 17, build 3 of 137" in terminal(comparisons.document(), width=200)


def test_no_winner_is_named_where_none_is_shown() -> None:
    for outcomes in (FEW, ALIKE):
        document = comparisons.document(outcomes)
        assert "fails less" not in headline(document)
        assert "tell" in answer_words(document) or "told" in answer_words(document)
    assert "very same documents" in headline(comparisons.document(ALIKE))
    assert "takes about" in terminal(comparisons.document(FEW))


def test_undamaged_documents_alone_are_no_comparison_of_robustness() -> None:
    document = comparisons.document((("", RIGHT, RIGHT, 5),))
    assert headline(document).startswith("No degraded document can be compared, only 5 clean ones")
    assert answer_words(document).startswith("Not known")


def test_the_terminal_shows_both_replay_lines_and_fits() -> None:
    for width in (60, 80, 100, 140):
        shown = terminal(comparisons.document(), width=width)
        others = [line for line in shown.splitlines() if "crumple " not in line]
        assert max(map(len, others)) <= width
        assert "crumple replay --config build '96.txt > table.delimiter" in shown
        assert "crumple replay --config buy '96.txt > table.delimiter" in shown
    assert "\x1b" not in terminal(comparisons.document())


def test_long_names_are_said_as_letters_in_tables() -> None:
    shown = terminal(comparisons.document(names=("the team's own reader", "the vendor's reader")), width=100)
    assert "A is the team's own reader, B is the vendor's reader." in shown


def test_hostile_names_and_cases_act_on_nothing() -> None:
    name = "<b>|@me\x1b[31m"
    document = comparisons.document(names=(name, "b"))
    document["look_at"][0]["case"] = name
    assert "\x1b" not in terminal(document)
    assert "<b>" not in markdown(document)
    assert "@me" not in markdown(document)
    assert "<b>" not in html(document)
    ET.fromstring(junit(document))


def test_markdown_shows_categories_and_folds_the_rest() -> None:
    shown = markdown(comparisons.document())
    assert shown.startswith("### crumple compare\n\nbuy fails less")
    assert "| <code>encoding</code> | better | 70 |" in shown
    assert "<details><summary>How the same documents ended</summary>" in shown


def states(document: dict[str, Any]) -> dict[str, list[str]]:
    cases = ET.fromstring(junit(document)).iter("testcase")
    return {each.get("name", ""): [part.tag for part in each if part.tag != "system-out"] for each in cases}


def test_a_comparison_fails_nothing_unless_it_is_asked_to_be_a_test() -> None:
    assert not any("failure" in each for each in states(comparisons.document()).values())
    asked = states(comparisons.document(fail_if_worse=True))
    assert asked["all"] == ["failure"]
    assert sum(each == ["failure"] for each in asked.values()) == 1


def test_the_page_answers_and_shows_the_documents_as_far_as_it_may() -> None:
    page = html(comparisons.document(), Material(privacy="full"))
    assert "buy, but build less silently" in page
    assert "could not be made" not in page
    assert 'id="problem-1"' in page
    assert "<code>119.0</code>" in page
    assert "119.0" not in html(comparisons.document(), Material(privacy="figures"))


def test_every_form_can_be_made_of_breaking_points() -> None:
    point = {
        "mutator": "scan.skew",
        "kind": "",
        "state": "breaks",
        "sentence": "breaks at 5 deg",
        "calls": 9,
        "level": 3,
    }
    first, second = (side([], name, about={"kind": "breaking-points"}) for name in ("a", "b"))
    first.document["breaking_points"] = [point]  # type: ignore[index]
    document = of_sides(first, second)
    for render in (terminal, markdown, html):
        shown = render(document)
        assert "breaks at 5 deg" in shown
        assert "not looked for" in shown
    ET.fromstring(junit(document))
    assert json.loads(as_json(document))["kind"] == "comparison"


def test_pairs_are_rows_of_a_table() -> None:
    from crumple.comparing.exported import rows

    sides = comparisons.sides()
    table = "".join(as_csv(comparisons.document(), Material(results=lambda: rows(*sides, quotes=True)))).splitlines()
    assert len(table) == 138
    assert "a_outcome" in table[0]
    assert "b_seconds" in table[0]


def test_a_pair_says_of_clean_documents_and_refusals_what_every_table_of_results_says() -> None:
    from crumple.comparing.exported import rows
    from crumple.outcome import Outcome

    first, second = (side([call(1, Outcome.REFUSED, failure=False), call(1, mutator="")], name) for name in "ab")
    degraded, clean = rows(first, second, quotes=True)
    assert (degraded["kind"], degraded["a_outcome"], degraded["a_failure"]) == ("degraded", "refused", False)
    assert degraded["recipe"].startswith(degraded["mutator"])
    assert clean["kind"] == "clean"
    assert [clean[name] for name in ("category", "mutator", "level", "recipe", "a_fingerprint")] == [None] * 5


def test_states_of_corpora_differ_by_the_beginnings_of_their_digests() -> None:
    first, second = (side(calls(FEW, at), str(at), about={"corpus_version": "abc"[at] * 32}) for at in (0, 1))
    shown = terminal(of_sides(first, second), width=160)
    assert re.search(r"^state of the corpus +a{10} +b{10}$", shown, re.MULTILINE)


def test_latency_is_that_of_the_same_call_with_both() -> None:
    row = {"state": "slower", "pairs": 24, "before": 0.2, "now": 0.5, "ratio": 1.4, "low": 1.2, "high": 1.5, "p": 0.0}
    assert amount_words(comparisons.document(), "latency", row) == (
        "Latency: buy is slower; the same call takes 1.40 times as long with buy (the median of 24 pairs; 95 % 1.20 to "
        "1.50). The median call: 0.5 s with buy, 0.2 s with build."
    )


def test_chosen_calls_are_said_to_be_so() -> None:
    first = side(calls(comparisons.BUY_IS_BETTER, 0), "1", about={"ended": "decided"})
    document = of_sides(first, side(calls(comparisons.BUY_IS_BETTER, 1), "2"))
    assert document["method"] == "sequential"
    assert "p-values hold although" in " ".join(terminal(document).split())
