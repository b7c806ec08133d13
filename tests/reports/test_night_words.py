"""How a night ended, in sentences: true, of figures alone, and the same for terminals, comments and webhooks."""

from __future__ import annotations

from typing import Any

import pytest

import nights
from crumple_reports import night_words


def headline(*rows: dict[str, Any], **more: Any) -> str:
    return night_words.headline(nights.document(nights.night(*rows, **more)))


def test_a_run_that_is_no_night_has_no_headline() -> None:
    assert night_words.headline(nights.document() | {"night": None}) == ""
    assert night_words.got_worse(nights.document() | {"night": None}) == []


def test_what_got_worse_is_named_with_its_figures_the_surest_first() -> None:
    said = headline(nights.row("table", 9, 0), nights.row("encoding", 25, 2), nights.row("all", 34, 2))
    assert said == (
        "Worse than the baseline: encoding (25 newly failing, 2 no longer), table (9 newly failing, 0 no longer)."
    )


def test_all_together_is_named_only_where_no_category_says_it() -> None:
    assert headline(nights.row("table", 4, 0), nights.row("all", 14, 1)) == (
        "Worse than the baseline: all categories together (14 newly failing, 1 no longer)."
    )


def test_all_together_is_added_where_more_fails_than_the_categories_that_are_named() -> None:
    said = headline(nights.row("table", 12, 0), nights.row("text", 3, 0), nights.row("all", 15, 0))
    assert said.endswith("table (12 newly failing, 0 no longer); in all categories 15 newly failing, 0 no longer.")


def test_clean_documents_that_all_fail_come_first() -> None:
    clean = nights.row("clean", 12, 0, both=0, pairs=12, state="worse")
    said = headline(nights.row("encoding", 40, 0), clean)
    assert said.startswith("Worse than the baseline: all 12 clean documents fail, 0 did in the baseline, encoding (")


def test_drift_and_a_finding_that_fails_again_are_worse_without_any_category() -> None:
    said = headline(
        nights.row("table"), state="worse", drift=[nights.drift("text")], findings=[nights.finding("table-1")]
    )
    assert said == "Worse over many nights: text (4.1 % to 12 %); fixed before, and failing again: table-1."


def test_a_quiet_night_claims_no_more_than_that_it_is_within_chance() -> None:
    assert headline() == "Nothing got worse beyond chance: of 252 calls 10 failed in the baseline, 9 tonight."


def test_where_no_category_could_be_told_the_night_is_not_called_quiet() -> None:
    said = headline(nights.row("table", 1, 0, pairs=4, both=0, state="unknown"), state="same")
    assert said == "Too few calls to tell whether anything got worse: of 4 calls 0 failed in the baseline, 1 tonight."
    clean = nights.row("clean", pairs=12, both=0, state="same")
    said = headline(clean, nights.row("table", pairs=4, both=0, state="unknown"), state="same")
    assert said.startswith("Too few calls to tell whether anything got worse: of 16 calls")


def test_a_contract_that_is_broken_is_said_where_nothing_got_worse() -> None:
    document = nights.document(contract=[nights.limit("broken"), nights.limit("met", "table, failures")])
    said = night_words.headline(document)
    assert said.endswith("9 tonight. The contract is broken (1 of 2 limits: encoding, failures).")


def test_without_anything_to_compare_nothing_is_called_the_same() -> None:
    said = headline(nights.row("table", pairs=0, both=0))
    assert said == "Nothing got worse that was looked at; no call could be compared with the baseline."


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (nights.first_night, "There is no baseline yet: this night is compared with nothing."),
        (nights.void_night, "This night is void, neither good nor bad: 62 of 64 calls came to nothing."),
        (nights.better_night, "Better than the baseline: encoding (1 newly failing, 19 no longer)."),
    ],
)
def test_every_end_of_a_night_has_its_sentence(made: Any, said: str) -> None:
    assert night_words.headline(made()) == said


def test_a_night_that_was_interrupted_says_so_first() -> None:
    document = nights.document()
    document["run"]["ended"] = "interrupted"
    assert night_words.headline(document).startswith("Interrupted before its end. Nothing got worse")


def test_what_got_worse_is_a_sentence_each() -> None:
    said = night_words.got_worse(nights.bad_night())
    assert said[0] == (
        "encoding: 33 of 120 calls fail: 25 that passed in the baseline fail now, 2 that failed pass. "
        "Chance alone does that to encoding on fewer than 1 night in 100,000."
    )
    assert said[2].startswith("language: more failures, over 30 nights: 4.1 % until 2026-11-12 02:00 UTC, 12 % since. ")
    assert said[-1] == "encoding-3f9a1c07: a finding that was fixed fails again."
    assert len(said) == 4


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "fewer than 1 night in 1,000,000"),
        (1e-9, "fewer than 1 night in 1,000,000"),
        (0.000123, "fewer than 1 night in 8,000"),
        (0.001, "fewer than 1 night in 1,000"),
        (0.003, "fewer than 1 night in 300"),
        (0.04, "fewer than 1 night in 20"),
        (0.4, "1 night in 2"),
        (0.5, "every other night"),
        (1.0, "every other night"),
        (float("nan"), "every other night"),
    ],
)
def test_how_sure_is_rounded_to_what_the_figures_bear(p: float, said: str) -> None:
    row = nights.row("text", p=p)
    assert night_words.how_sure(row) == f"Chance alone does that to text on {said}."


def test_since_is_the_first_of_the_nights_in_a_row() -> None:
    known = {"run": "20261120-1", "started": "2026-11-20T02:00:04Z", "nights": 3}
    said = night_words.since(nights.row("text", 9, since=known), nights.document())
    assert said == "2026-11-20 02:00 UTC (run 20261120-1), 3 nights in a row"


@pytest.mark.parametrize(
    ("nights_known", "said"),
    [
        (0, "tonight, as far as is known: there is no earlier night to look at"),
        (1, "tonight: the night before was not said to be worse (1 earlier night known)"),
    ],
)
def test_since_tonight_says_what_is_known_of_the_nights_before(nights_known: int, said: str) -> None:
    document = nights.document(nights.night(history={"nights": nights_known, "store": ""}))
    assert night_words.since(nights.row("text", 9), document) == said


def test_changes_begin_with_the_system_and_long_digests_are_short() -> None:
    found = night_words.changes(
        nights.document(
            nights.night(
                changes=[
                    {"what": "numpy", "before": "2.4.5", "now": None},
                    {"what": "system", "before": "c794f034aff550b50c65fed61a9fb240", "now": "d" * 32},
                    {"what": "the corpus", "before": "a" * 31 + "b", "now": "a" * 31 + "c"},
                ]
            )
        )
    )
    assert found[0] == ("system", "c794f034af", "dddddddddd")
    assert found[1:] == [
        ("numpy", "2.4.5", "nothing"),
        ("the corpus", "a" * 31 + "b", "a" * 31 + "c"),
    ], "beginnings that are alike would tell nothing"


def test_documents_to_look_at_are_three_of_all_that_got_worse_none_twice() -> None:
    shown = night_words.to_look_at(nights.bad_night())
    assert [each["replay"].split(" > ")[1].split(".")[0] for each in shown] == ["encoding", "table", "language"]
    same = nights.looked_at("encoding")
    document = nights.document(
        nights.night(nights.row("encoding", 9, documents=[same]), nights.row("table", 8, documents=[same]))
    )
    assert night_words.to_look_at(document) == [same]
    document["night"]["categories"][1]["documents"] = [same | {"replay": "another line, and the same bytes"}]
    assert night_words.to_look_at(document) == [same]


def test_no_sentence_quotes_what_a_system_said() -> None:
    """Causes, fingerprints, and the causes of void calls are not figures."""
    for document in (nights.bad_night(), nights.void_night()):
        said = " ".join([night_words.headline(document), *night_words.got_worse(document)])
        assert "ValueError" not in said
        assert "KeyError" not in said
        assert "refused" not in said


def test_names_that_a_terminal_would_obey_are_made_visible() -> None:
    evil = "\x1b[2Jx\n"
    document = nights.document(nights.night(nights.row(evil, 20), findings=[nights.finding(evil)]))
    for text in (night_words.headline(document), *night_words.got_worse(document)):
        assert "\x1b" not in text
        assert "\n" not in text
