"""What whoever is woken at two in the morning reads, and in which order."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

import nights
from crumple_reports.terminal import render

EVERY = [nights.bad_night, nights.void_night, nights.first_night, nights.better_night, nights.document]


def shown(document: dict[str, Any], width: int = 100) -> str:
    """What the report says of the night, before the ordinary tables."""
    return render(document, width=width).partition("\nAll calls of the night\n")[0]


def in_order(text: str, *pieces: str) -> bool:
    at = [text.find(each) for each in pieces]
    return min(at) >= 0 and at == sorted(at)


def test_a_bad_night_says_in_order_what_since_when_how_sure_what_to_look_at_and_what_to_do() -> None:
    text = shown(nights.bad_night())
    assert in_order(
        text,
        "Worse than the baseline: encoding (25",
        "encoding: 33 of 120 calls fail",
        "how sure   Chance alone",
        "since      2026-11-20 02:00 UTC",
        "language: more failures, over 30 nights",
        "a finding that was fixed fails again",
        "Look at these documents first",
        "What was different\n  system  2.3.0 in the baseline, 2.4.0-rc1 tonight",
        "What to do",
        "1. Reproduce",
        "2. Hold until morning",
        "3. Open the finding",
        "4. Accept nothing at night",
        "contract     broken (1 of 2 limits",
        "better       text",
        "same         clean documents",
        "unknown      scope: 3 documents are too few ever to say",
        "not compared 34 calls: its case has changed",
        "latency      slower",
        "New kinds of failure",
        "New tonight",
        "These wake nobody",
    )


def test_the_lines_to_paste_are_whole_at_every_width() -> None:
    long = nights.looked_at("encoding", replay="a b'c.csv > " + " > ".join(["encoding.mojibake(share=0.1,seed=7)"] * 9))
    part = nights.night(nights.row("encoding", 25, documents=[long]))
    for width in (40, 60, 80, 120):
        lines = shown(nights.document(part), width).splitlines()
        (line,) = (each for each in lines if each.lstrip().startswith("crumple replay"))
        assert shlex.split(line) == ["crumple", "replay", long["replay"]]


def test_every_line_but_those_to_paste_keeps_to_the_width() -> None:
    for made in EVERY:
        for width in (60, 80, 120):
            for line in shown(made(), width).splitlines():
                assert len(line) <= width or line.lstrip().startswith("crumple "), line


def test_the_configuration_is_named_in_every_command() -> None:
    for made in EVERY:
        document = made()
        document["run"]["config"] = "other one.toml"
        commands = [each.strip() for each in shown(document).splitlines() if each.lstrip().startswith("crumple ")]
        assert all("--config 'other one.toml'" in each for each in commands)


def test_a_night_that_calls_findings_again_is_no_search() -> None:
    document = nights.document(nights.night(findings=[nights.finding("text-1", "open")]))
    again = {"finding": "text-1", "status": "FAILS", "why": "", "calls": 2, "failed": 2, "example": {}}
    document["search"] = {"explored": None, "left": "", "discoveries": [], "replayed": [again], "outcomes": {}}
    text = render(document, width=100)
    assert "findings     1 finding was called again: 1 FAILS; none that was fixed fails again" in text
    assert "FAILS       text-1: failed 2 of 2 times" in text
    assert "whole rounds" in text
    assert "search" not in text


def test_a_quiet_night_is_five_lines() -> None:
    part = nights.night(changes=[{"what": "numpy", "before": "2.4.5", "now": "2.4.6"}])
    text = shown(nights.document(part, contract=[nights.limit()]))
    assert text.splitlines() == [
        "Nothing got worse beyond chance: of 252 calls 10 failed in the baseline, 9 tonight.",
        "baseline     run 20261101-091502-11aa, since 2026-11-02 by M. Osei: release 2.3, signed off",
        "contract     met (1 of 1 limit: encoding, failures)",
        "same         clean documents, encoding, table, all categories together",
        "drift        none noticed over 12 earlier nights",
        "changed      since the baseline: numpy 2.4.5 to 2.4.6",
    ]
    assert len(shown(nights.document(contract=[nights.limit()])).splitlines()) == 5


def test_the_ordinary_report_follows() -> None:
    after = render(nights.document(), width=100).partition("\nAll calls of the night\n")[2]
    assert after.startswith("10 of 252 degraded calls failed")
    assert "Failures by category" in after


def test_colour_says_nothing_that_words_do_not() -> None:
    for made in EVERY:
        coloured = render(made(), width=100, color=True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == render(made(), width=100).split()


def test_a_first_night_offers_the_command_that_makes_it_the_baseline() -> None:
    assert f"\n     crumple baseline {nights.RUN} --reason 'WHY' --by 'NAME'" in shown(nights.first_night())


def test_a_first_night_that_did_not_come_to_its_end_is_not_offered_as_the_baseline() -> None:
    document = nights.first_night()
    document["run"]["ended"] = "interrupted"
    assert "crumple baseline" not in shown(document)


def test_a_first_night_does_not_speak_of_what_a_baseline_had() -> None:
    part = nights.night(state="worse", baseline=None, categories=[], findings=[nights.finding("table-1")])
    text = shown(nights.document(part))
    assert "table-1: a finding that was fixed fails again." in text
    assert "What was different" not in text
    assert "no baseline yet" not in text.partition("\n")[0]


def test_a_void_night_says_what_could_not_be_reached_and_that_nobody_need_get_up() -> None:
    text = shown(nights.void_night())
    assert in_order(text, "void", "Connection refused (60 times)", "Nobody need get up", "crumple nightly")
    assert "This run is void" not in render(nights.void_night(), width=100)
    assert "\nsame " not in text


@pytest.mark.parametrize(
    ("ended", "advice"),
    [
        ("interrupted", "The same command goes on where it stopped."),
        ("time", "allow it more time"),
        ("night", "Bring back the corpus of the baseline"),
    ],
)
def test_a_night_without_a_pair_says_what_to_do_about_why(ended: str, advice: str) -> None:
    document = nights.document(nights.night(nights.row("text", pairs=0, both=0), state="void"))
    document["run"]["ended"] = ended
    assert advice in shown(document)


def test_a_night_of_which_every_document_fails_clean_is_worse_and_not_void() -> None:
    clean = nights.row("clean", 12, 0, both=0, pairs=12, state="worse")
    failed = {"cases": 12, "right": 0, "failed": []}
    document = nights.document(nights.night(clean), clean=failed, categories={}, mutators={})
    document["run"] |= {"ended": "all fail clean", "rounds": 0}
    text = render(document, width=100)
    assert text.startswith("Worse than the baseline: all 12 clean documents fail, 0 did in the baseline.")
    assert "All of them fail; nothing else can be measured until they pass." in text
    assert "void" not in text


@pytest.mark.parametrize(
    ("part", "step"),
    [
        (nights.night(nights.row("text", 20)), "crumple fuzz --use text --time 30m"),
        (nights.night(state="worse", findings=[nights.finding("text-1")]), "a page on each finding"),
        (nights.night(nights.row("clean", 12, both=0, pairs=12)), "needs no search"),
        (nights.night(nights.row("all", 20)), "crumple fuzz --time 30m"),
    ],
)
def test_the_morning_is_for_what_helps(part: dict[str, Any], step: str) -> None:
    text = " ".join(shown(nights.document(part)).split())
    assert step in text
    assert ("crumple fuzz" in text) == ("fuzz" in step)


def test_a_better_night_says_how_to_hold_it() -> None:
    text = shown(nights.better_night())
    assert f"crumple baseline {nights.RUN}" in text
    assert "Chance alone does that to encoding" in text


def test_silent_failures_are_the_reason_to_get_somebody_up() -> None:
    assert "2 of the 3 documents above are wrong without a complaint" in " ".join(shown(nights.bad_night()).split())
    crash = nights.looked_at("encoding", 1)
    text = shown(nights.document(nights.night(nights.row("encoding", 25, documents=[crash]))))
    assert "without a complaint" not in text


def test_where_nothing_changed_that_is_said_without_claiming_more() -> None:
    text = " ".join(shown(nights.document(nights.night(nights.row("encoding", 25)))).split())
    assert "Nothing that crumple knows of" in text
    assert "its data and its machine's load it does not know" in text


@pytest.mark.parametrize("width", [60, 100])
def test_nothing_hostile_reaches_the_terminal(width: int) -> None:
    evil = "\x1b]0;x\x07\u202e\n" + "w" * 300
    document = nights.document(
        nights.night(
            nights.row(evil, 25, documents=[nights.looked_at(evil, now=evil, cause=evil, kept_file=evil)]),
            nights.row("scope", pairs=0, state="unknown", why=evil),
            drift=[nights.drift(evil)],
            findings=[nights.finding(evil, what=evil), nights.finding(evil, "open", "FIXED")],
            kinds={"new": [nights.kind(evil, evil)], "gone": [nights.kind(evil)], "tonight": [nights.kind(evil)]},
            left_out=[{"why": evil, "calls": 3, "cases": [evil], "mutators": [evil]}],
            changes=[{"what": evil, "before": evil, "now": evil + "2"}],
            alarms={"said": evil},
            latency=nights.amount(evil, 2.0),
        )
    )
    document["night"]["baseline"] |= {"by": evil, "reason": evil, "set_on": evil, "run": evil}
    for state in ("worse", "same", "better", "void", "no baseline", evil):
        document["night"]["state"] = state
        text = render(document, width=width)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)


def test_a_night_of_an_older_crumple_is_shown_as_far_as_it_goes() -> None:
    """Only what the first version wrote."""
    part = nights.night(nights.row("encoding", 25))
    left = ("state", "baseline", "categories", "left_out")
    text = shown(nights.document({name: part[name] for name in left}))
    assert "25 that passed in the baseline fail now" in text
    assert "drift        not looked for: it takes 2" in text


def test_many_unknown_categories_are_one_line() -> None:
    rows = [nights.row(f"own_{at}", pairs=3, state="unknown", why=f"it takes 9, and {at} were") for at in range(3)]
    text = shown(nights.document(nights.night(*rows)))
    assert "unknown      own_0, own_1, own_2: too little to compare; --json FILE says for each what it would" in text


def test_a_contract_that_is_broken_is_said_once() -> None:
    assert shown(nights.document(contract=[nights.limit("broken")])).count("broken") == 1


def test_on_a_first_night_no_kind_is_called_new() -> None:
    document = nights.first_night()
    document["night"]["kinds"]["tonight"] = [nights.kind("hung")]
    assert "New tonight" not in shown(document)


def test_many_rows_are_cut_and_counted() -> None:
    rows = [nights.row(f"own_{number}", 20 + number) for number in range(9)]
    text = shown(nights.document(nights.night(*rows)))
    assert text.count("how sure") == 4
    assert "also worse: own_4, own_3, own_2, own_1, own_0" in text
    assert text.count("crumple replay") == 3
