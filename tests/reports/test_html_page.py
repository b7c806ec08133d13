"""The page's own parts, before any browser: the top, the contract, what was left out, how it was made."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from crumple import CrumpleError, Material
from crumple_reports.html import limits, made, render
from crumple_reports.html.attempts import Attempts
from crumple_reports.html.completed import completed
from crumple_reports.html.environment import together
from crumple_reports.html.left_out import section as left_out
from crumple_reports.html.limits import bar_of
from crumple_reports.html.verdict import top_of
from documents_of_runs import EXAMPLE, figures, item, limit, mutator, night, run, session

FIGURES, FULL = Material(), Material(privacy="full")
BROKEN = {"case": "b.pdf", "outcome": "crashed", "cause": "KeyError: secret", "expected": "", "answer": "", "wrong": []}


def top(document: dict[str, Any], material: Material = FULL) -> dict[str, Any]:
    return top_of(completed(document)[0], material, Attempts())


def answer(document: dict[str, Any]) -> tuple[str, str]:
    found = top(document)["answer"]
    return found.words, found.state


def parts(document: dict[str, Any], material: Material = FULL) -> dict[str, Any]:
    found = left_out(document, material)
    return {each.id: each for each in found.model["parts"]} if found else {}


def ended(why: str, *, rounds: int = 3, **more: Any) -> dict[str, Any]:
    document = run(**more)
    document["run"] |= {"ended": why, "rounds": rounds}
    return document


@pytest.mark.parametrize(
    ("document", "words", "state"),
    [
        (run(), "No: the contract is broken", "bad"),
        (run(contract=[limit("met"), limit("undecided")]), "Not yet: the contract is undecided", "open"),
        (run(contract=[limit("met")]), "Yes: the contract is met", "good"),
        (run(contract=[]), "There is no contract to hold it to", "told"),
        (ended("calls", contract=[], categories={}, rounds=0), "Nothing can be said: nothing was measured", "open"),
        (ended("all fail clean", contract=[]), "Nothing can be said: the run is void", "open"),
        (night(), "Yes", "bad"),
        (night(state="void"), "Not known: this night is void, and the contract is broken", "bad"),
        (session(), "No test ran under crumple", "open"),
        (session(item()), "No", "bad"),
        (session(item(outcome="passed"), state="passed"), "Yes", "good"),
    ],
)
def test_the_first_words_answer_what_the_page_is_read_for(document: dict[str, Any], words: str, state: str) -> None:
    assert answer(document) == (words, state)


def test_a_night_that_could_not_tell_is_not_called_good() -> None:
    row = {"category": "encoding", "state": "unknown", "pairs": 3, "before": 0, "now": 0, "worse": 0, "better": 0}
    document = night(state="same", categories=[row], findings=[]) | {"contract": []}
    assert answer(document) == ("Too little to tell", "open")
    told_apart = night(state="same", categories=[row | {"state": "same"}], findings=[]) | {"contract": []}
    assert answer(told_apart) == ("Nothing beyond chance", "good")


def test_a_run_that_is_void_says_what_to_change_and_of_the_answer_only_what_it_may() -> None:
    document = ended("all fail clean", clean=run()["clean"] | {"cases": 1, "right": 0, "failed": [BROKEN]})
    assert any("KeyError" in line for line in top(document)["advice"])
    said = top(document, FIGURES)["advice"]
    assert said[0].startswith("What to change")
    assert not any("KeyError" in line for line in said)


def test_figures_at_the_top_are_counts_and_none_is_made_up() -> None:
    named = {each.label: each.value for each in top(run())["figures"]}
    assert named["Calls failed"] == "4 of 10"
    assert named["Right when clean"] == "2 of 2"
    assert named["Limits met"] == "0 of 1"
    assert "Cost" not in named
    nothing = completed({"schema": 1})[0]
    assert top(nothing)["figures"] == []


def test_before_anything_damaged_was_measured_the_top_promises_nothing_of_production() -> None:
    mix = {"clean": 0.88, "per_day": None, "damaged": {"scan.skew": {"1": 0.12}}}
    found = {"rate": 0.0, "low": 0.0, "high": 0.0, "failing_per_day": None, "share": 0.88}
    later = found | {"share": 0.9}
    assert "In production" not in {each.label for each in top(run(mix=mix, forecast=found))["figures"]}
    assert "In production" in {each.label for each in top(run(mix=mix, forecast=later))["figures"]}


def test_the_worst_problems_have_their_share_their_limit_and_the_first_a_line_to_paste() -> None:
    found = top(run())
    (worst,) = found["worst"]
    assert worst.said == "4 of 4 failing calls; against the broken limit “encoding, failures”"
    assert found["command"] == "crumple replay 'a.csv > encoding.bom(seed=5)'"
    assert "crumple.toml" in found["needs"]


def test_a_link_to_a_problem_is_there_only_with_the_problem() -> None:
    assert top_of(run(), FULL, Attempts(), linked={"problems"})["linked"]
    assert not top(run())["linked"]


def test_the_limit_stands_in_the_middle_of_its_bar_whatever_its_unit() -> None:
    kept = bar_of(limit("met", figure=0.01, low=0.0, high=0.05))
    over = bar_of(limit(figure=0.4, low=0.05, high=None, limit=0.05))
    assert kept is not None
    assert over is not None
    assert (kept.low, kept.high) == (0.0, 60.0)
    assert kept.figure < 60
    assert (over.low, over.high) == (60.0, 120.0)
    assert 60 < over.figure < 120


def test_what_must_not_fall_short_is_kept_on_the_same_side() -> None:
    kept = bar_of(limit("met", metric="accuracy", limit=0.9, figure=0.95, low=0.92, high=0.99))
    broken = bar_of(limit("broken", metric="valid", limit=0.9, figure=0.3, low=0.1, high=0.8))
    assert kept is not None
    assert broken is not None
    assert kept.high < 60
    assert broken.low > 60


@pytest.mark.parametrize("value", [0.0, 0.2])
def test_a_limit_of_nothing_at_all_has_a_bar(value: float) -> None:
    bar = bar_of(limit(limit=0.0, figure=value, low=0.0, high=1.0))
    assert bar is not None
    assert 60 <= bar.figure <= 120


def test_a_limit_of_which_nothing_is_known_has_none() -> None:
    assert bar_of(limit("undecided", figure=None, low=None, high=None)) is None
    assert bar_of(limit("undecided", calls=0)) is None


def test_limits_that_are_not_met_are_told_in_sentences() -> None:
    document = run(contract=[limit(), limit("met", sentence="all well"), limit("undecided", sentence="it needs 40")])
    found = limits.section(document, FULL)
    assert found is not None
    assert [each["state"] for each in found.model["sentences"]] == ["broken", "undecided"]
    assert limits.section(run(contract=[]), FULL) is None


def test_nothing_falls_silently_under_the_table() -> None:
    document = run(
        clean={"cases": 3, "right": 1, "failed": [BROKEN, BROKEN], "void": 1, "without_truth": 1, "stand_ins": 2}
        | {"unstable": {"a": ["/date"], "b": ["/date", "/total"]}},
        controls={"scan.rasterise": figures(3, 2)},
        buckets=[{"fingerprint": "x", "tried": 2, "failed": 1}],
        mutators={"encoding.bom": mutator(10, 4) | {"flaky": 2}},
        skipped=[{"mutator": "form.missing", "reason": "no form", "count": 2}],
        void={"calls": 5, "causes": {"no connection": 4, "a judge failed": 1}},
        forecast={"missing": [{"name": "scan.skew", "level": 3.0, "share": 0.1, "why": "no call"}]},
        contract=[limit(left_out=["text.new"])],
    )
    document["run"] |= {"cut": 7, "corpus_cases": 24}
    found = parts(document)
    assert found["fail-clean"].title == "2 cases of 3 fail clean, before anything was degraded"
    assert found["fail-clean"].rows[0] == ("b.pdf", "crashed", "KeyError: secret")
    assert found["controls"].rows == [("scan.rasterise", "2 of 3 cases")]
    assert found["without-truth"].title == "1 case without truth"
    assert found["stand-ins"].title.startswith("2 truths")
    assert "/date, /total" in found["unstable"].said
    assert found["void"].rows == [("no connection", "4"), ("a judge failed", "1")]
    assert "scan.skew at level 3" in found["not-called"].said
    assert "encoding.bom (2)" in found["flaky"].said
    assert found["flaky-causes"].title.startswith("1 of 1 problem")
    assert found["skipped"].rows == [("no form", "form.missing", "2")]
    assert found["cut"].title.startswith("7 calls")
    assert found["sample"].title == "20 of the corpus' 24 cases were not called"
    assert "text.new" in found["newer"].said


def test_what_was_said_of_single_calls_is_shown_only_where_it_may_be() -> None:
    document = run(
        clean={"cases": 3, "right": 2, "failed": [BROKEN], "void": 0, "without_truth": 0, "stand_ins": 0},
        skipped=[{"mutator": "", "reason": "secret in a reason", "count": 1}],
        void={"calls": 1, "causes": {"secret in a cause": 1}},
    )
    assert render(document, Material(privacy="excerpts")).count("secret") == 4  # of the clean call at the top, too
    assert "secret" not in render(document)


def test_a_list_without_end_is_cut_and_says_by_how_much() -> None:
    many = [BROKEN | {"case": f"{number}.pdf"} for number in range(100_000)]
    found = parts(run(clean=run()["clean"] | {"cases": 100_000, "right": 0, "failed": many}))["fail-clean"]
    assert len(found.rows) == 50
    assert found.more == 99_950
    text = render(run(clean=run()["clean"] | {"cases": 100_000, "right": 0, "failed": many}))
    assert "and 99,950 more" in text
    assert len(text) < 200_000


def test_where_nothing_was_left_out_that_is_said_and_where_nothing_was_called_it_is_not() -> None:
    whole = left_out(run(), FULL)
    assert whole is not None
    assert whole.model["parts"] == []
    assert left_out(completed({"schema": 1})[0], FULL) is None


def test_tests_of_a_session_are_left_out_under_their_names() -> None:
    own = item()
    own["document"]["clean"] |= {"cases": 3, "failed": [BROKEN]}
    assert parts(session(own))["fail-clean"].rows[0][0] == own["id"]


def test_of_a_session_is_shown_what_every_one_of_its_tests_allows() -> None:
    def failing(**more: str) -> dict[str, Any]:
        own = item(**more)
        own["document"]["clean"] |= {"cases": 3, "failed": [BROKEN]}
        return own

    hidden = session(failing(privacy="full"), failing(privacy="figures"))
    assert not any("secret" in cell for row in parts(hidden)["fail-clean"].rows for cell in row)
    shown = session(failing(privacy="full"), failing(privacy="excerpts"))
    assert all("secret" in row[-1] for row in parts(shown)["fail-clean"].rows)


@pytest.mark.parametrize(
    ("more", "command"),
    [
        ({}, "crumple run --seed 7"),
        ({"ended": "decided"}, "crumple run --seed 7 --decide"),
        ({"kind": "fuzz", "config": "my dir/crumple.toml"}, "crumple fuzz --config 'my dir/crumple.toml' --seed 7"),
        ({"kind": "night"}, "crumple nightly"),
        ({"ended": "interrupted"}, "crumple run"),
    ],
)
def test_the_run_can_be_made_again_or_gone_on_with(more: dict[str, Any], command: str) -> None:
    document = run()
    document["run"] |= {"wall_seconds": 3.0} | more
    found = made.section(document, FULL)
    assert found is not None
    assert found.model["commands"][0][1] == command


def test_how_it_was_made_has_the_configuration_the_versions_and_the_corpus() -> None:
    document = run()
    document["run"] |= {
        "wall_seconds": 3.0,
        "corpus_version": "abc123",
        "levels": [1.0, 3.0],
        "settings": {"[judge] kind": "fields"},
        "versions": {"crumple": "0.1.0"},
    }
    found = made.section(document, FULL)
    assert found is not None
    facts = dict(fact for _, own in found.model["groups"] for fact in own)
    assert facts["its version"] == "abc123"
    assert facts["levels"] == "1, 3"
    assert facts["[judge] kind"] == "fields"
    assert facts["crumple"] == "0.1.0"
    assert facts["seed"] == "7"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"schema": 1},
        {"schema": 7, "run": {"id": "x", "calls": 3}, "categories": {"scan": 3}},
        {"schema": 1, "run": None, "clean": {"cases": "many"}, "buckets": [3], "contract": [{}], "skipped": "no"},
        {"schema": 1, "kind": "pytest"},
        {"schema": 1, "kind": "pytest", "items": [{"id": "a", "document": {}}, 3, {}]},
        {"schema": 1, "kind": "something new"},
    ],
)
def test_a_document_that_is_cut_short_or_strange_makes_a_page_that_says_so(document: dict[str, Any]) -> None:
    text = render(document, FULL)
    assert 'class="line trouble"' in text
    assert text.rstrip().endswith("</html>")


def test_a_newer_document_is_told_from_an_older_one() -> None:
    assert "a newer one made it" in unescape(render(run(schema=2)))
    assert "of schema 0" in unescape(render(run(schema=0)))
    assert "trouble" not in render(run()).partition("<body>")[2].partition("<script>")[0]


def test_what_is_no_document_at_all_is_refused() -> None:
    with pytest.raises(CrumpleError, match="no document of a run"):
        render([1, 2])


def test_material_that_fails_costs_a_section_at_most() -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("secret of a store")

    text = render(run(), Material(privacy="full", exhibits=broken, timeline=broken))
    assert "No: the contract is broken" in text
    assert "secret of a store" not in text


def test_single_figures_of_an_example_stay_out_of_the_top() -> None:
    """What a system has answered is below, as far as it may be shown."""
    text = render(run(), FULL).partition("<main")[0]
    assert EXAMPLE["cause"] not in text
    assert "119" not in text.partition("<body>")[2]


def test_texts_without_end_make_a_page_that_has_one() -> None:
    long = "w" * 200_000
    document = run(
        contract=[limit(name=long, sentence=long), limit("met", name=long)],
        skipped=[{"mutator": long, "reason": long, "count": 1}],
        controls={long: figures(2, 1)},
        clean=run()["clean"] | {"cases": 3, "failed": [BROKEN | {"case": long, "cause": long}]},
        void={"calls": 1, "causes": {long: 1}},
    )
    document["run"] |= {"project": long, "system": long, "corpus": long, "config": long, "settings": {long: long}}
    own = top(document)
    assert max(map(len, (*own["subject"], own["title"], own["sentence"], *own["lines"], *own["advice"]))) < 3_000
    text = render(document, FULL)
    for section in ("limits", "left_out", "made"):
        assert len(text.partition(f'<section id="{section}"')[2].partition("</section>")[0]) < 1_000_000


def test_no_line_ends_between_a_number_and_its_per_cent_sign_and_what_is_markup_is_still_text() -> None:
    assert together("3.4 % of <b> & 10 %") == "3.4&nbsp;% of &lt;b&gt; &amp; 10&nbsp;%"
