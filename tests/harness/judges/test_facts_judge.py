"""The judge `facts`: strings, numbers, dates and patterns in prose; what declines; what is lost."""

from __future__ import annotations

import json
import re
import threading
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.case import Case
from crumple.document import Document
from crumple.errors import CrumpleError
from crumple.judges import load, patterns
from crumple.judges.facts import facts
from crumple.judges.mentions import mentions
from crumple.judges.verdict import Policy, verdict
from crumple.mutation.locate import locate
from crumple.outcome import Ending, Judgement, Outcome, Reply
from crumple.places import Span
from crumple.truth import AnyOf, Expectation, Json
from crumple_corpora.folder_truth import json_value

NONE_LOST: frozenset[str] = frozenset()


def kept(answer: Json | bytes, *must: Json) -> bool:
    return facts().judge(answer, {"must": list(must)}, NONE_LOST).score == 1


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        (1234.5, "The total is **€1.234,50**."),
        (1234.5, "It comes to 1,234.50 EUR, all in."),
        ("1.234,50", "Total: 1 234,50"),
        (1234, "1,234 pieces"),
        (12, "There are 12."),
        (12, "12 and no more"),
        (12, "between 10-12 days"),
        (12, "invoice #12"),
        (5, "5kg of it, on the 5th"),
        (-12, "a credit of (12.00)"),
        (12, "the total (12.00) is due"),
        (-3, "it was -3 outside"),
        (1_200_000, "some 1.2 million euros"),
        (0.19, "VAT at 19 %"),
        ("19 %", "VAT at 19%"),
        ("EUR 12", "12.00 euros"),
        ("12 USD", "it is 12 dollars."),
        ("EUR 12", "EUR12; that is all"),
        ("EUR 12", "| 12 | EUR |"),
        (12, "Nr.12"),
        (12, "Total:12, more or less"),
        (5, "5 m long"),
        (3000, "some 3k"),
        (100, "100GB of it"),
        (1234.5, "a bill of 1,234.50-EUR"),
        (1234.5, "1 234,50 €—due at once"),
        ("USD 1234.5", "| Total | US$1,234.50 |"),
        (1234.5, "1,234.50USD/month"),
        ("19 %", "19 percent"),
        (2024, "since 5 March 2024"),
        ("2024-03-05", "It is dated 5 March 2024."),
        ("2024-03-05", "dated March 5th, 2024, in Paris"),
        ("2024-03-05", "on the 5th of March 2024"),
        ("2024-03-05", "Datum: 05.03.2024"),
        ("5 März 2024", "2024-03-05"),
        ("Paul Meyer", "from PAUL\n  *Meyer*, Berlin"),
        ("O'Neill", "by O’Neill"),
        ("non-refundable", "It is non‑refundable"),
        ("A-17", "invoice `A-17`."),
        ("007", "agent 007"),
        ("30 days", "within 30 days."),
        ("東京", "会社は東京にあります"),
        ({"matches": r"A-\d+"}, "see a-17"),
        ({"text": "late", "from": "reminder"}, "It is late"),
        ({"number": 3}, "3 lines"),
        (AnyOf("net 30", 30), "due in 30 days"),
        (AnyOf({"matches": "^yes"}, "correct"), "Yes, it is."),
    ],
)
def test_a_fact_is_found_in_any_notation(fact: Json, answer: str) -> None:
    assert kept(answer, fact)


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        (12, "312"),
        (12, "12.5"),
        (12, "A12 and INV-12 and 12-B"),
        (12, "1,2 and 120"),
        (12, "2012"),
        (12, "1.12"),
        (3, "dated 3 March 2024"),
        (1234.5, "1,234.05"),
        (5, "5 million"),
        (-12, "12"),
        (12, "it is -12"),
        ("EUR 12", "$12"),
        ("12 USD", "12 €"),
        ("EUR 12", "12 dollars"),
        (12, "INV/12 and v_12"),
        ("Ann", "Annual report by Anna"),
        ("30 days", "130 days"),
        ("30 days", "1.30 days"),
        ("2024-03-05", "6 March 2024"),
        ("007", "7"),
        ("Paul Meyer", "Meyer, Paul"),
        ({"matches": r"^A-\d+$"}, "see a-17"),
        (12, ""),
    ],
)
def test_a_fact_is_no_part_of_another(fact: Json, answer: str) -> None:
    assert not kept(answer, fact)


def test_the_score_is_the_share_of_facts_and_each_missing_one_is_named() -> None:
    truth: Json = {"must": {"payee": "Meyer", "total": 12.5, "due": "2024-03-05"}}
    judged = facts().judge("Meyer gets 12.50 on 6 March 2024", truth, NONE_LOST)
    assert judged.score == pytest.approx(2 / 3)
    assert judged.wrong == ("/must/due",)
    assert judged.abstained == ()
    assert judged.figures == {"facts": 3, "kept": 2}


@pytest.mark.parametrize("said", ["John", 999, {"matches": "j.hn"}, AnyOf("Jack", "John")])
def test_what_must_not_appear_makes_the_answer_wrong(said: Json) -> None:
    truth: Json = {"must": ["Meyer"], "must_not": ["Smith", said]}
    judged = facts().judge("Meyer and John, 999", truth, NONE_LOST)
    assert (judged.score, judged.wrong) == (0, ("/must_not/1",))
    assert facts().judge("Meyer alone", truth, NONE_LOST).score == 1


def test_what_must_not_appear_is_found_only_where_it_is_surely_meant() -> None:
    truth: Json = {"must": ["Meyer"], "must_not": [1.234, 5, 2]}
    answer = "1. Meyer\n2. 5 March 2024, at 5:30\n3. 1,234 pieces"
    assert facts().judge(answer, truth, NONE_LOST).score == 1
    assert facts().judge("Meyer 5", truth, NONE_LOST).wrong == ("/must_not/1",)


def test_numbers_closes_the_list_of_numbers_that_may_stand_in_the_answer() -> None:
    truth: Json = {"must": ["14 days", AnyOf(100, "hundred"), "2024-03-05"], "numbers": [19]}
    fine = "1. Pay 100 within 14 days of 5 March 2024.\n2. VAT is 19 %, of A-77."
    assert facts().judge(fine, truth, NONE_LOST).score == 1
    assert facts().judge(fine + " The penalty is 40.", truth, NONE_LOST).wrong == ("/numbers",)


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but the document does not state that.",
        "That is not specified.",
        "Cannot be determined.",
        "There is no lorry in this invoice.",
        "The document appears to be empty.",
        "Please provide the document.",
        "Das geht aus dem Dokument nicht hervor.",
        "Ce n'est pas indiqué.",
        "No se indica en el documento.",
        "Non è possibile dirlo.",
        "Dat is niet vermeld.",
        "Não consta no documento.",
        "Nie podano.",
        "N/A",
        "",
    ],
)
def test_an_answer_that_says_it_cannot_tell_abstains(answer: str) -> None:
    judged = facts().judge(answer, {"must": ["red"]}, NONE_LOST)
    assert (judged.score, judged.wrong, judged.abstained) == (0, (), ("/must/0",))


@pytest.mark.parametrize("answer", ["The total is 999.", "It was blue.", "OK", "Certainly! Here is the summary."])
def test_an_answer_that_leaves_a_fact_out_without_a_word_is_wrong(answer: str) -> None:
    assert facts().judge(answer, {"must": ["red"]}, NONE_LOST).wrong == ("/must/0",)


def test_declines_says_how_a_system_says_that_it_cannot() -> None:
    own = facts(declines=["NO[ -]ANSWER"])
    assert own.judge("no answer", "red", NONE_LOST).abstained == ("/must/0",)
    assert own.judge("It cannot be told.", "red", NONE_LOST).wrong == ("/must/0",)
    assert facts(declines=[]).judge("It cannot be told.", "red", NONE_LOST).wrong == ("/must/0",)


def test_a_lost_fact_may_be_missing_and_the_others_may_not() -> None:
    truth: Json = {"must": {"payee": "Meyer", "total": 12.5, "terms": {"matches": "thirty", "from": "30 days"}}}
    lost = frozenset({"/must/total"})
    assert facts().judge("Meyer, thirty days", truth, lost).score == 1
    assert facts().judge("Meyer, thirty days, 12.50", truth, lost).score == 1
    assert facts().judge("12.50, thirty days", truth, lost).wrong == ("/must/payee",)
    assert facts().judge("Meyer, 12.50", truth, frozenset({"/must/terms/from"})).score == 1


@pytest.mark.parametrize("lost", [frozenset({""}), frozenset({"/must/0", "/must/1"}), frozenset({"/must"})])
def test_where_all_is_lost_an_answer_without_a_fact_must_say_that_it_cannot_tell(lost: frozenset[str]) -> None:
    truth: Json = {"must": ["Meyer", 12.5]}
    outcomes = {
        "It is not stated.": Outcome.RIGHT,
        "Meyer.": Outcome.RIGHT,
        "": Outcome.RIGHT,
        "The lorry was red.": Outcome.WRONG,
        "It costs 17.": Outcome.WRONG,
    }
    for answer, outcome in outcomes.items():
        judged = verdict(Reply(Ending.ANSWERED, answer), Expectation(truth, lost), facts(), Policy())
        assert judged.outcome is outcome, answer


def test_a_truth_may_be_a_text_a_number_a_list_or_several() -> None:
    for truth, answer in (("Meyer", "Meyer!"), (12, "12"), (["a", 1], "1 a"), ({"must": "x"}, "x"), (None, "anything")):
        assert facts().judge(answer, truth, NONE_LOST).score == 1  # type: ignore[arg-type]
    several = Expectation(AnyOf({"must": ["a"]}, {"must": ["b"]}))
    assert verdict(Reply(Ending.ANSWERED, "b"), several, facts(), Policy()).outcome is Outcome.RIGHT


@pytest.mark.parametrize("answer", [b"total 12\xff", ["total", 12], {"answer": {"total": 12.0}}, 12])
def test_answers_of_any_shape_are_read_as_prose(answer: Json | bytes) -> None:
    assert kept(answer, 12)
    assert not kept(answer, 13)


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        ({"must": ["a"], "mustnt": ["b"]}, "Did you mean 'must_not'"),
        ({"total": 12}, "does not know 'total'"),
        ({"must": [True]}, "True is no fact"),
        ({"must": [["a"]]}, "is no fact"),
        ({"must": [{"match": "x"}]}, "Did you mean 'matches'"),
        ({"must": [{"from": "x"}]}, "exactly one of"),
        ({"must": [{"matches": "("}]}, "not a regular expression"),
        ({"must": ["a"], "numbers": ["x"]}, "numbers is a list"),
    ],
)
def test_a_truth_that_is_not_one_is_an_error(truth: Json, said: str) -> None:
    with pytest.raises(CrumpleError, match=said) as caught:
        facts().judge("a", truth, NONE_LOST)
    assert str(caught.value).startswith("truth")


def test_options_are_checked() -> None:
    for options in ({"declines": "x"}, {"declines": ["("]}, {"ignore_case": 1}, {"tolerance": -1}):
        with pytest.raises(CrumpleError, match="judge"):
            facts(**options)  # type: ignore[arg-type]


def test_options_reach_the_judge_by_its_kind(tmp_path) -> None:
    judge = load("facts", tmp_path, {"ignore_case": False, "tolerance": {"/must/total": 0.5}})
    truth: Json = {"must": {"name": "AB3", "total": 12}}
    assert judge.judge("AB3 12.4", truth, NONE_LOST).score == 1
    assert judge.judge("ab3 12.6", truth, NONE_LOST).score == 0


def test_a_pattern_that_would_search_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.1)
    truth: Json = {"must": [{"matches": "(a+)+b"}]}
    with pytest.raises(CrumpleError, match="was stopped"):
        facts().judge("a" * 60, truth, NONE_LOST)


def test_a_judge_works_outside_the_main_thread() -> None:
    scores: list[float] = []
    truth: Json = {"must": [{"matches": "a+"}]}
    thread = threading.Thread(target=lambda: scores.append(facts().judge("aaa", truth, NONE_LOST).score))
    thread.start()
    thread.join()
    assert scores == [1]


def test_the_places_of_facts_are_found_in_the_document() -> None:
    text = "Meyer owes 1.234,50 EUR,\npayable within 30 days."
    truth: Json = {"must": ["Meyer", 1234.5, {"matches": "month", "from": "within 30 days"}], "must_not": ["John"]}
    document = Document(text.encode(), "text/plain", "a.txt")
    located = locate(truth, document, Case("a.txt", document, truth))
    assert located.at([Span(11, 15)]) == {"/must/1"}
    assert located.at([Span(40, 44)]) == {"/must/2/from"}


def test_the_page_of_judges_says_what_the_judge_does() -> None:
    text = (Path(__file__).parents[3] / "docs" / "judges.md").read_text()
    written, _ = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    truth = json_value(json.loads(written), "docs/judges.md")
    right = "Wire 1,234.50 euros to Paul Meyer within thirty days (30), that is by 5 March 2024."
    assert facts().judge(right, truth, NONE_LOST) == Judgement(1.0, figures={"facts": 5, "kept": 5})
    assert facts().judge(right + " The fee is 7.", truth, NONE_LOST).wrong == ("/numbers",)
    assert facts().judge("As an AI: " + right, truth, NONE_LOST).wrong == ("/must_not/1",)
    kinds = {point.name for point in entry_points(group="crumple.judges")}
    assert kinds <= set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


@given(st.text(max_size=60))
def test_any_text_is_read_without_complaint(text: str) -> None:
    judged = facts().judge(text, {"must": [text, 12, "2024-03-05"], "must_not": ["\0"], "numbers": []}, NONE_LOST)
    assert 0 <= judged.score <= 1


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.sampled_from(["is {}.", "({})", "EUR {}", "{}, so"]))
def test_a_number_is_found_in_a_sentence(number: object, sentence: str) -> None:
    assert kept(sentence.format(f"{number:,}"), float(str(number)))


def test_a_long_answer_is_read_in_bounded_time() -> None:
    text = "12 1,2 ( - nicht kann 5 March 2024 A-1 " * 1000
    assert mentions(text, ignore_case=True).numbers
    assert kept(text, 12)
