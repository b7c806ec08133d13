"""The terminal report: what its reader is told first, what fits where, and what hostile text cannot do."""

from __future__ import annotations

import copy
import json
import re
import shlex
import subprocess
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import plain_text
from crumple_reports import figures, json_report
from crumple_reports.terminal import render


def counts(runs: int, failures: int, silent: int = 0, **more: Any) -> dict[str, Any]:
    rate = failures / runs if runs else None
    return {
        "cases": min(runs, 9),
        "runs": runs,
        "failures": failures,
        "silent": silent,
        "rate": rate,
        "low": max(0.0, (rate or 0) - 0.1),
        "high": min(1.0, (rate or 0) + 0.1),
        "outcomes": {"right": runs - failures, "crashed": failures},
    } | more


def example(**more: Any) -> dict[str, Any]:
    return {
        "case": "invoice-0001.pdf",
        "recipe": "scan.skew(angle=2.0,seed=5)",
        "replay": "invoice-0001.pdf > scan.skew(angle=2.0,seed=5)",
        "level": 3,
        "outcome": "wrong",
        "cause": "",
        "expected": '{"number":"R-1","total":119.0}',
        "answer": '{"number":"R-1","total":11.9}',
        "wrong": ["/total"],
        "digest": "ab" * 32,
    } | more


def document(**more: Any) -> dict[str, Any]:
    levels = {"1": counts(10, 0), "3": counts(10, 5), "5": counts(10, 10)}
    skew = counts(30, 15, 4, category="scan", parameter="angle", unit="deg", levels=levels, worst=example())
    return {
        "schema": 1,
        "run": {
            "id": "20260101-000000-abcd",
            "seed": 0,
            "versions": {},
            "started": "2026-01-01T00:00:00Z",
            "wall_seconds": 61.2,
            "calls": 40,
            "rounds": 30,
            "cut": 0,
            "ended": "calls",
            "about": "these documents",
        },
        "clean": {"cases": 10, "right": 10, "failed": [], "without_truth": 0, "unstable": {}},
        "controls": {},
        "categories": {"scan": counts(30, 15, 4, mutators=1, levels=levels)},
        "mutators": {"scan.skew": skew},
        "buckets": [
            {
                "fingerprint": "wrong /total (another scale)",
                "outcome": "wrong",
                "mutator": "scan.skew",
                "mutators": {"scan.skew": 4},
                "count": 4,
                "example": example(),
            }
        ],
        "contract": [],
        "skipped": [],
        "void": {"calls": 0, "causes": {}},
    } | more


def empty(ended: str, **more: Any) -> dict[str, Any]:
    base = document(categories={}, mutators={}, buckets=[])
    base["run"] = base["run"] | {"ended": ended, "rounds": 0, "calls": 10}
    return base | more


def failing_clean(number: int, of: int, **more: Any) -> dict[str, Any]:
    failed = [example(case=f"c{index}.pdf", recipe="", replay=f"c{index}.pdf") | more for index in range(number)]
    return {"cases": of, "right": of - number, "failed": failed, "without_truth": 0, "unstable": {}}


def test_the_whole_report_at_80_columns() -> None:
    assert render(document(), width=80) == (
        """15 of 30 degraded calls failed, 4 of them silently: wrong, and no complaint.
Worst: scan 50 %.

run       40 calls; 30 whole rounds; 1 min 1 s; no calls left for another round
seed      0
clean     10 of 10 cases right

Failures by category
category  cases  runs  failed  silent  rate %   95 %  L1 %  L3 %  L5 %
scan          9    30      15       4      50  40-60     0    50   100

Failures by mutator and level
mutator  cases  runs  failed  silent  rate %   95 %  L1 %  L3 %  L5 %
scan
  skew       9    30      15       4      50  40-60     0    50   100

Rates are about these documents, and only those that are right when clean. A
mutator's rate is the mean over its levels, a category's the mean over its
mutators, each weighing the same. Silent: an answer, no complaint, and wrong.
Behind each rate is its Wilson interval. L1 is everyday, L3 bad, L5 the worst
that production really sends.

One example of each, worst first

scan.skew at level 3: wrong (50 % fail)
  case      invoice-0001.pdf
  wrong     /total: expected 119.0, answered 11.9
  replay    crumple replay 'invoice-0001.pdf > scan.skew(angle=2.0,seed=5)'

Commonest causes
       4  wrong /total (another scale) (scan.skew)
"""
    )


def test_many_clean_failures_come_before_anything_else_with_what_to_change() -> None:
    first, second, *_ = render(document(clean=failing_clean(3, 10, cause="", outcome="wrong")), width=200).split("\n")
    assert first.startswith("3 of 10 cases (30 %) fail clean, before anything was degraded")
    assert second.startswith("Most often wrong; c0.pdf: ")


def test_a_fifth_failing_clean_is_not_yet_the_first_line() -> None:
    assert render(document(clean=failing_clean(2, 10)), width=200).startswith("15 of 30 degraded calls failed")


def test_all_failing_clean_is_void_and_shows_what_the_system_said() -> None:
    clean = failing_clean(4, 4, outcome="crashed", cause="ValueError: no total", expected="", answer="", wrong=[])
    text = render(empty("all fail clean", clean=clean), width=200)
    assert text.startswith("This run is void. Every case fails clean: none of 4 clean documents is answered right.\n")
    assert "Most often crashed; c0.pdf: ValueError: no total" in text
    assert "What to change: give the system this document yourself" in text


def test_what_to_change_goes_by_what_the_system_said() -> None:
    for cause, change in (
        ("answer is not JSON: line 1", "[system] reads"),
        ("status 404: Not Found", "[system] url"),
        ("the answer has nothing at /x", "[system] answer"),
    ):
        clean = failing_clean(4, 4, outcome="crashed", cause=cause, expected="", answer="", wrong=[])
        assert change in render(empty("all fail clean", clean=clean), width=200)


def test_texts_that_were_not_kept_leave_no_empty_lines() -> None:
    shown = document()
    shown["buckets"][0]["example"] |= {"expected": "", "answer": ""}
    text = render(shown)
    assert "wrong     /total" in text
    assert not re.search(r"^ *(expected|answered) *$", text, re.MULTILINE)


def test_a_run_without_a_whole_round_claims_no_rate() -> None:
    text = render(empty("interrupted"), width=100)
    assert text.startswith("No whole round of degraded calls was finished; there is no rate to show.")
    assert "Failures by" not in text


def test_a_run_in_which_nothing_applies_is_void_and_lists_why() -> None:
    skipped = [{"mutator": name, "reason": "it is no page", "count": 0} for name in ("scan.skew", "scan.jpeg")]
    text = render(empty("nothing to do", skipped=skipped), width=100)
    assert text.startswith("This run is void. No mutator could be run")
    assert "it is no page: scan.jpeg, scan.skew\n" in text


def test_a_run_without_failures_says_so_and_shows_no_examples() -> None:
    clean = document(buckets=[])
    clean["categories"]["scan"] |= counts(30, 0)
    clean["mutators"]["scan.skew"] |= counts(30, 0) | {"worst": None}
    text = render(clean, width=80)
    assert text.startswith("None of 30 degraded calls failed.\n")
    assert "replay" not in text


def test_too_many_void_calls_make_the_run_void() -> None:
    text = render(document(void={"calls": 10, "causes": {"no route to host": 10}}), width=100)
    assert text.startswith("This run is void. 10 of 40 calls came to nothing")
    assert "no route to host (10 times)" in text
    assert render(document(void={"calls": 2, "causes": {"x": 2}}), width=100).startswith("15 of 30")


def test_what_was_never_run_stands_in_no_table() -> None:
    more = document()
    more["mutators"]["scan.fold"] = counts(0, 0, category="scan", levels={}, worst=None)
    more["categories"]["table"] = counts(0, 0, mutators=1, levels={})
    assert "fold" not in render(more)
    assert "table" not in render(more)


def test_silent_failures_are_shown_before_more_frequent_loud_ones() -> None:
    more = document()
    more["mutators"]["scan.fold"] = counts(30, 30, category="scan", levels={}, worst=example(outcome="crashed"))
    text = render(more)
    assert text.index("scan.skew at level 3: wrong") < text.index("scan.fold at level 3: crashed")


def test_a_case_without_truth_is_called_consistency() -> None:
    clean = {"cases": 2, "right": 2, "failed": [], "without_truth": 2, "unstable": {"a.pdf": ["/printed_at"]}}
    text = render(document(clean=clean), width=120)
    assert "Consistency, not correctness" in text
    assert "/printed_at" in text
    assert "scan.skew at level 3: changed answer" in text
    assert "4 of them silently: another answer than on the clean document, and no complaint" in text


def test_beside_cases_with_truth_a_failure_of_one_without_is_a_changed_answer() -> None:
    clean = {"cases": 3, "right": 3, "failed": [], "without_truth": 1, "unstable": {}}
    told = document(clean=clean)
    assert "scan.skew at level 3: wrong" in render(told)
    told["mutators"]["scan.skew"]["worst"]["stand_in"] = True
    assert "scan.skew at level 3: changed answer" in render(told)


def test_that_some_clean_calls_were_void_gives_no_case_a_truth() -> None:
    clean = {"cases": 2, "right": 2, "void": 1, "failed": [], "without_truth": 3, "unstable": {}}
    text = render(document(clean=clean), width=120)
    assert "No case has a truth" in text
    assert "scan.skew at level 3: changed answer" in text


def test_stand_ins_that_nobody_has_confirmed_are_counted() -> None:
    clean = {"cases": 2, "right": 2, "failed": [], "without_truth": 0, "stand_ins": 2, "unstable": {}}
    assert "2 truths of `crumple truth` that nobody has confirmed" in render(document(clean=clean), width=120)


def test_clean_answers_that_never_agree_are_said_to_be_what_is_wrong() -> None:
    clean = failing_clean(1, 1, outcome="right") | {"without_truth": 1}
    text = render(empty("all fail clean", clean=clean), width=200)
    assert "Without a truth its clean answers must agree, and they agree on nothing.\n" in text
    assert "Most often right" not in text


def test_skips_are_counted_beside_the_calls() -> None:
    skipped = [{"mutator": "scan.fold", "reason": "one page", "count": 7}]
    assert "40 calls, and 7 that did not apply; 30 whole rounds" in render(document(skipped=skipped), width=200)


def test_failing_controls_are_shown() -> None:
    assert "scan.rasterise: 2 of 5 cases" in render(document(controls={"scan.rasterise": counts(5, 2)}), width=100)


def test_cases_that_cannot_be_given_in_the_form_asked_for_say_so() -> None:
    clean = failing_clean(2, 2, outcome="", expected="", answer="", wrong=[])
    skipped = [{"mutator": "", "reason": "text/plain cannot be seen as Pages", "count": 2}]
    text = render(empty("all fail clean", clean=clean, skipped=skipped), width=200)
    assert "They cannot be given to the system: text/plain cannot be seen as Pages.\n" in text
    assert "What to change: [system] input" in text
    assert "c0.pdf: it cannot be given to the system" in text
    assert "clean documents (2 tries)" in text


def test_a_wrong_answer_as_a_whole_names_no_field() -> None:
    text = render(document(clean=failing_clean(1, 10, wrong=[""])), width=200)
    assert "c0.pdf: wrong: expected" in text


def test_reasons_for_skips_are_grouped() -> None:
    skipped = [{"mutator": f"scan.m{index}", "reason": "one page", "count": 2} for index in range(9)]
    text = render(document(skipped=skipped), width=200)
    assert "one page: scan.m0, scan.m1, scan.m2, scan.m3, scan.m4, scan.m5 and 3 more (18 tries)" in text


def test_the_command_names_the_configuration_where_it_was_named() -> None:
    run = document()["run"] | {"config": "my projects/crumple.toml"}
    assert "crumple replay --config 'my projects/crumple.toml' 'invoice" in render(document(run=run))


HOSTILE = (
    "a\x1b[31mred\x07\n[bold]x[/bold] :smile: \u202egnp.\u202c \u2066\u200b\u2028\udc80\x9b1m"
    "\u0300\u0300\u0300\u0300\u0300\u0300é"
)


def test_hostile_text_is_shown_and_does_nothing() -> None:
    bad = example(
        case=HOSTILE, replay=f"{HOSTILE} > scan.skew(seed=1)", cause=HOSTILE, outcome="crashed", answer=HOSTILE
    )
    hostile = document(
        clean=failing_clean(3, 10) | {"failed": [bad]},
        skipped=[{"mutator": "scan.skew", "reason": HOSTILE, "count": 1}],
        void={"calls": 1, "causes": {HOSTILE: 1}},
    )
    hostile["mutators"]["scan.skew"]["worst"] = bad
    hostile["buckets"][0] |= {"fingerprint": HOSTILE}
    text = render(hostile, width=200)
    assert not set(text) & set("\x1b\x07\x9b\u202e\u202c\u2066\u200b\u2028\udc80")
    assert "\\x1b[31mred\\x07\\n[bold]x[/bold] :smile: \\u202egnp." in text
    assert "\u0300" * 5 not in text
    text.encode()
    wrong = document()
    wrong["mutators"]["scan.skew"]["worst"] = example(expected=HOSTILE, answer=HOSTILE, wrong=["/" + HOSTILE])
    assert "\x1b" not in render(wrong, width=200)


def test_colour_is_the_only_escape_there_is() -> None:
    assert "\x1b" not in render(document(), color=False)
    assert "\x1b[1m" in render(document(), color=True)


def wide() -> dict[str, Any]:
    large = document()
    levels = {str(level): counts(12345, 6789) for level in (0.5, 1, 2, 3, 4, 5)}
    large["categories"] = {"a_category_of_a_plugin_with_a_name": counts(123456, 6789, 77, mutators=2, levels=levels)}
    names = ("a_category_of_a_plugin_with_a_name.and_a_mutator_with_a_very_long_name_indeed", "scan.skew")
    large["mutators"] = {
        name: counts(123456, 6789, 77, category=name.partition(".")[0], levels=levels, worst=example(case="字" * 90))
        for name in names
    }
    return large


@pytest.mark.parametrize("width", [80, 120])
def test_lines_keep_to_the_width_but_for_those_to_copy(width: int) -> None:
    from rich.cells import cell_len

    for report in (document(), wide(), empty("time"), document(clean=failing_clean(9, 10, expected="x" * 400))):
        for line in render(report, width=width).split("\n"):
            assert cell_len(line) <= width or line.startswith("  replay    crumple replay "), line
            assert line == line.rstrip()


@pytest.mark.parametrize("width", [80, 120])
def test_levels_that_do_not_fit_get_a_table_of_their_own(width: int) -> None:
    text = render(wide(), width=width)
    for level in ("L0.5 %", "L1 %", "L2 %", "L3 %", "L4 %", "L5 %"):
        assert level in text
    assert "123,456" in text


def test_of_very_many_mutators_those_that_fail_most_often_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple_reports.tables._MOST", 2)
    rates = {"scan.a": 0.1, "scan.b": 0.9, "scan.c": None, "text.d": 0.5}
    many = {
        name: {**counts(10, 5), "category": name[:4], "rate": rate, "levels": {}, "worst": None}
        for name, rate in rates.items()
    }
    text = render(document(mutators=many), width=100)
    table = text.partition("Failures by mutator and level")[2].splitlines()
    assert [line.split()[0] for line in table[2:6]] == ["scan", "b", "text", "d"]
    assert "and 2 more mutators, none of which fails more often; --json FILE keeps them all" in table


def test_rendering_changes_nothing_in_the_document() -> None:
    given = document()
    before = copy.deepcopy(given)
    render(given)
    assert given == before


@given(st.text(max_size=30))
def test_what_was_made_visible_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = plain_text.visible(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
    assert plain_text.visible(shown) == shown
    shown.encode()


@settings(max_examples=40)
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=12))
def test_a_quoted_word_comes_out_of_bash_as_it_was(word: str) -> None:
    shown = plain_text.quoted(word)
    assert plain_text.visible(shown) == shown
    if not shown.startswith("$'"):
        assert shlex.split(shown) == [word]
    done = subprocess.run(
        ["bash", "-c", f"printf %s {shown}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert done.stdout == word.encode()


def test_a_file_name_that_is_no_utf8_is_quoted_as_its_bytes() -> None:
    shown = plain_text.quoted("caf\udce9.txt")
    done = subprocess.run(["bash", "-c", f"printf %s {shown}"], capture_output=True, check=True)
    assert done.stdout == b"caf\xe9.txt"


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (0, "0"),
        (1, "100"),
        (None, "-"),
        (0.0004, "<0.1"),
        (0.9996, ">99.9"),
        (0.012, "1.2"),
        (0.5, "50"),
        (0.996, "99.6"),
    ],
)
def test_rates_never_round_to_never_or_always(rate: float | None, shown: str) -> None:
    assert figures.points(rate) == shown


def test_intervals_are_widened_to_whole_per_cent() -> None:
    assert figures.interval(0.129, 0.171) == "12-18"
    assert figures.interval(0.17, 0.29) == "17-29"
    assert figures.interval(0, 1) == "0-100"


def test_json_is_the_document_in_ascii() -> None:
    hostile = document(buckets=[{"fingerprint": HOSTILE}])
    text = json_report.render(hostile)
    assert text.isascii()
    assert json.loads(text) == hostile


def test_json_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match=r"JSON"):
        json_report.render({"rate": float("nan")})


def test_several_right_answers_are_told_in_words() -> None:
    """As JSON they are an object with one key, which a reader of the table does not know."""
    right = json.dumps({"/date": {"$any_of": ["2026-03-05", None]}})
    shown = document()
    shown["mutators"]["scan.skew"]["worst"] = example(expected=right, answer='{"/date":"05"}', wrong=["/date"])
    assert 'expected "2026-03-05" or nothing, answered "05"' in " ".join(render(shown).split())
