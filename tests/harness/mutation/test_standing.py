"""A lost value passes as what stands in its place now, and nothing else that stands anywhere does."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

import pytest

from crumple import AnyOf, Case, Document, Recipe, identify
from crumple.execution.judging import judged
from crumple.judges.exact import exact
from crumple.judges.fields import fields
from crumple.judges.function import Function
from crumple.judges.verdict import Policy
from crumple.mutation.apply import degrade
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.registry import discover
from crumple.outcome import Ending, Outcome, Reply
from crumple.truth import Expectation
from oracles.orders import case as order
from oracles.orders import read_plainly

MUTATORS = discover().mutators
TRUTH = {"number": "KF-208548", "customer": "Müller", "total": 385.25, "units": 7}
TEXT = "Order KF-208548\nCustomer: Müller\nUnits: 7\nTotal: 385,25 EUR\nThank you\n"
CSV = "number,customer,units,total\nKF-208548,Müller,7,385.25\nKF-300000,Bolt Ltd,9,12.50\n"
JSON = '{"number": "KF-208548", "customer": "M\\u00fcller", "units": 7, "total": 385.25, "due": 12.5}\n'
XML = "<o><number>KF-208548</number><customer>Müller</customer><units>7</units><total>385.25</total><z/></o>\n"
HEAD = 'From: a@example.org\nTo: b@example.org\nSubject: KF-208548\nContent-Type: text/plain; charset="utf-8"\n'
MAIL = f"{HEAD}Content-Transfer-Encoding: 8bit\n\nCustomer: Müller\nUnits: 7\nTotal: 385,25 EUR\nThank you\n"
FILES = {"a.txt": TEXT, "a.csv": CSV, "a.json": JSON, "a.xml": XML, "a.eml": MAIL}


def case(name: str, text: str = "", truth: Any = TRUTH) -> Case:
    data = (text or FILES[name]).encode()
    return Case(name, Document(data, identify(data, name), name), truth)


def outcome(clean: Case, now: str | bytes, lost: str, answer: Any, judge: Any = None) -> Outcome:
    """How an answer is judged once damage has made another document of it and one value is lost."""
    data = now if isinstance(now, bytes) else now.encode()
    document = Document(data, clean.document.media_type, clean.document.name)
    degradation = Degradation(document, (), Expectation(clean.truth, frozenset({lost})))
    found, _ = judged(Reply(Ending.ANSWERED, answer), clean, degradation, judge or fields(), Policy(), ViewCache())
    return found.outcome


def said(path: str, value: Any, truth: Any = TRUTH) -> Any:
    """The right answer but for one field."""
    return {**truth, path.removeprefix("/"): value}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("path", "old", "new", "read"),
    [
        ("/total", "385", "35", 35.25),
        ("/total", "385", "395", 395.25),
        ("/customer", "Müller", "Muller", "Muller"),
        ("/number", "KF-208548", "KF-20854E", "KF-20854E"),
        ("/units", "7", "1", 1),
    ],
)
def test_a_damaged_value_passes_as_it_stands_as_it_was_and_not_at_all(
    name: str, path: str, old: str, new: str, read: Any
) -> None:
    clean = case(name)
    text = FILES[name].replace("M\\u00fcller", "Müller")
    # In the document the value of the field alone is damaged, not others that hold the same characters.
    at = {"/units": "Units: 7" if "Units: 7" in text else ",7," if name == "a.csv" else '"units": 7'}.get(path, old)
    if name == "a.xml" and path == "/units":
        at = "<units>7"
    now = text.replace(at, at.replace(old, new))
    assert outcome(clean, now, path, said(path, read)) is Outcome.RIGHT
    assert outcome(clean, now, path, TRUTH) is Outcome.RIGHT
    assert outcome(clean, now, path, said(path, None)) is Outcome.RIGHT
    other = 384.25 if isinstance(TRUTH[path[1:]], float) else 4 if path == "/units" else "Meier"
    assert outcome(clean, now, path, said(path, other)) is Outcome.WRONG
    assert outcome(clean, now, "/" + ("units" if path != "/units" else "total"), said(path, read)) is Outcome.WRONG


@pytest.mark.parametrize(
    ("path", "now", "answer"),
    [
        ("/total", TEXT[: TEXT.index("5,25")], 38),
        ("/total", TEXT[: TEXT.index("5 EUR")], 385.2),
        ("/total", TEXT.replace("385,25", "385"), 385),
        ("/customer", TEXT.replace("Müller", "M\ufffdller"), "M\ufffdller"),
        ("/customer", TEXT.replace("Müller", "M\x07ller"), "M\x07ller"),
        ("/customer", TEXT.replace("Müller", "Mï¿½ller"), "Mï¿½ller"),
        ("/customer", TEXT.replace("Müller", ""), "Units: 7"),
        ("/customer", TEXT.replace("Müller", "XXXXXX"), "XXXXXX"),
        ("/customer", TEXT.replace("Müller", "Müller Units: 7"), "Müller Units: 7"),
        ("/units", TEXT.replace("7", "q"), "q"),
        ("/total", TEXT.replace("Total: 385,25 EUR\n", ""), 208548),
        ("/total", TEXT.replace("385,25", "3B5,25"), "3B5,25"),
        ("/total", TEXT.replace("385,25", "3B5,25"), 5.25),
    ],
    ids=[
        "cut off",
        "cut off by one",
        "its end is gone",
        "replacement character",
        "control character",
        "replacement character, misread",
        "nothing is left",
        "stamp",
        "another value beside it",
        "no number",
        "line is gone",
        "no number any more",
        "a part of it",
    ],
)
def test_what_is_no_reading_of_the_place_is_wrong(path: str, now: str, answer: Any) -> None:
    assert outcome(case("a.txt"), now, path, said(path, answer)) is Outcome.WRONG


def test_a_date_passes_as_another_date_and_not_as_none() -> None:
    text, truth = "Date: 5 March 2024\nTotal: 12.50\n", {"date": "2024-03-05", "total": 12.5}
    clean = case("a.txt", text, truth)
    assert outcome(clean, text.replace("5 M", "6 M"), "/date", said("/date", "2024-03-06", truth)) is Outcome.RIGHT
    assert outcome(clean, text.replace("5 M", "6 M"), "/date", said("/date", "2024-03-07", truth)) is Outcome.WRONG
    assert outcome(clean, text.replace("5 M", "65 M"), "/date", said("/date", "65 March 2024", truth)) is Outcome.WRONG


def test_a_number_is_read_by_the_mark_that_it_was_written_with() -> None:
    text, truth = "Total: 1.534,00 EUR\nThank you\n", {"total": 1534.0}
    clean, now = case("a.txt", text, truth), text.replace("1.534", "1.234").replace(",00", "")
    assert outcome(clean, text.replace("1.534", "1.734"), "/total", {"total": 1734}) is Outcome.RIGHT
    clean_too = case("a.txt", "Total: 1,534 EUR\nx\n", truth)
    assert outcome(clean_too, "Total: 1,234 EUR\nx\n", "/total", {"total": 1234}) is Outcome.RIGHT
    assert outcome(clean_too, "Total: 1,234 EUR\nx\n", "/total", {"total": 1.234}) is Outcome.WRONG
    assert outcome(clean, now, "/total", {"total": 1.234}) is Outcome.WRONG


def test_a_value_that_has_come_from_elsewhere_is_not_what_stands_there() -> None:
    rows = "item,price\nbolts,12.50\nnuts,12.75\npins,13.75\n"
    truth = [{"item": "bolts", "price": 12.5}, {"item": "nuts", "price": 12.75}, {"item": "pins", "price": 13.75}]
    swapped = "item,price\nbolts,12.75\nnuts,12.50\npins,13.75\n"
    answer = [{**truth[0], "price": 12.75}, *truth[1:]]
    assert outcome(case("a.csv", rows, truth), swapped, "/0/price", answer) is Outcome.WRONG
    record = '[{"a": 12.5, "b": 12.75}]'
    assert outcome(case("a.json", record, [{"a": 12.5}]), '[{"a": 12.75, "b": 12.5}]', "/0/a", [{"a": 12.75}]) is (
        Outcome.WRONG
    )


def test_a_row_that_has_gone_does_not_lend_its_place_to_the_next() -> None:
    lines = "bolts 10.00\nnuts 20.00\npins 30.00\n"
    clean = case("a.txt", lines, {"bolts": 10.0, "nuts": 20.0})
    assert outcome(clean, lines[12:], "/bolts", {"bolts": 20.0, "nuts": 20.0}) is Outcome.WRONG


@pytest.mark.parametrize(
    ("now", "right"),
    [
        ("item,price\nbolts,15.20\nnuts,12.75\n", True),
        ("item,price\nbolst,12.50\nnuts,12.75\n", False),
        ("item,price\nbolts,12.50\n", False),
        ("item,price\nbolts,12.50\nnuts,1", False),
    ],
    ids=["another number", "another word", "a row is gone", "cut off"],
)
def test_a_number_that_was_worked_out_may_be_any_once_the_document_says_other_numbers(now: str, right: bool) -> None:
    """The sum of what is left of a file that was cut off is wrong: that it was, can be seen."""
    clean = case("a.csv", "item,price\nbolts,12.50\nnuts,12.75\n", {"sum": 25.25})
    assert outcome(clean, now, "/sum", {"sum": 27.95}) is (Outcome.RIGHT if right else Outcome.WRONG)
    assert outcome(clean, now, "/sum", {"sum": "a lot"}) is Outcome.WRONG
    assert outcome(clean, now, "/sum", {"sum": None}) is Outcome.RIGHT


ROWS = "meter,at,kw\nA,1,4.5\nA,2,24.5\nA,3,22.9\n"
ITEMS = '{"readings": [{"at": 1, "kw": 4.5}, {"at": 2, "kw": 24.5}, {"at": 3, "kw": 22.9}]}'


@pytest.mark.parametrize(("name", "text"), [("a.csv", ROWS), ("a.json", ITEMS)])
@pytest.mark.parametrize(
    ("old", "new", "answer", "right"),
    [
        ("22.9", "92.9", 92.9, True),
        ("22.9", "92.9", 93.9, False),
        ("24.5", "2.5", 22.9, True),
        ("24.5", "2.5", 4.5, False),
        ("24.5", "null", 22.9, False),
    ],
    ids=["another is the highest", "made up", "the next is the highest", "not the highest", "the highest is missing"],
)
def test_the_highest_number_passes_as_the_highest_that_stands_there_now(
    name: str, text: str, old: str, new: str, answer: float, right: bool
) -> None:
    clean = case(name, text, {"highest": 24.5})
    found = outcome(clean, text.replace(old, new), "/highest", {"highest": answer})
    assert found is (Outcome.RIGHT if right else Outcome.WRONG)


def test_several_right_answers_and_lists_are_followed_too() -> None:
    truth = {"lines": [{"total": AnyOf(385.25, "385 Euro")}, {"total": 7}]}
    clean = case("a.txt", TEXT, truth)
    now = TEXT.replace("385,25", "335,25")
    assert outcome(clean, now, "/lines/0/total", {"lines": [{"total": 335.25}, {"total": 7}]}) is Outcome.RIGHT
    assert outcome(clean, now, "/lines/0/total", {"lines": [{"total": 335.2}, {"total": 7}]}) is Outcome.WRONG


def test_a_label_and_an_exact_judge_take_it_too() -> None:
    clean = case("a.txt", "Dear Müller,\nyes\n", "Müller")
    assert outcome(clean, "Dear Muller,\nyes\n", "", "Muller", exact()) is Outcome.RIGHT
    assert outcome(clean, "Dear Muller,\nyes\n", "", "Meier", exact()) is Outcome.WRONG


def test_a_judge_of_ones_own_is_given_plain_values_only() -> None:
    def own(answer: Any, truth: Any) -> bool:
        assert not isinstance(truth["total"], AnyOf)
        return bool(answer == truth)

    judge = Function("own:own", own)
    now = TEXT.replace("385,25", "335,25").replace("Müller", "Muller")
    document = Document(now.encode(), "text/plain", "a.txt")
    clean, lost = case("a.txt"), frozenset({"/total", "/customer"})
    degradation = Degradation(document, (), Expectation(clean.truth, lost))
    for total, right in ((335.25, True), (336.25, False)):
        reply = Reply(Ending.ANSWERED, {**TRUTH, "total": total, "customer": "Muller"})
        found, _ = judged(reply, clean, degradation, judge, Policy(), ViewCache())
        assert (found.outcome is Outcome.RIGHT) is right


def test_what_is_left_wrong_is_named_alone() -> None:
    now = TEXT.replace("385,25", "335,25").replace("Müller", "Muller")
    clean, lost = case("a.txt"), frozenset({"/total", "/customer"})
    degradation = Degradation(Document(now.encode(), "text/plain", "a.txt"), (), Expectation(clean.truth, lost))
    reply = Reply(Ending.ANSWERED, {**TRUTH, "total": 335.25, "customer": "Meier"})
    found, against = judged(reply, clean, degradation, fields(), Policy(), ViewCache())
    assert found.wrong == ("/customer",)
    assert found.fingerprint == "wrong /customer (garbled)"
    assert against.truth == {**TRUTH, "total": AnyOf(385.25, 335.25, "335,25"), "customer": AnyOf("Müller", "Muller")}


def test_what_was_never_lost_is_not_looked_up() -> None:
    """Mojibake can be undone: it is the same, and an answer that repeats it is wrong."""
    clean = order("order.txt")
    degradation = degrade(clean, Recipe((MUTATORS["encoding.mojibake"].step(3, 1),)), MUTATORS)
    assert not degradation.expectation.lost
    reply = Reply(Ending.ANSWERED, read_plainly(degradation.document))
    assert judged(reply, clean, degradation, fields(), Policy(), ViewCache())[0].outcome is Outcome.WRONG


@pytest.mark.parametrize("file", ["order.txt", "order.csv", "order.json", "order.html"])
def test_a_reader_that_copies_what_stands_in_an_order_is_not_called_wrong(file: str) -> None:
    clean = order(file)
    degradation = degrade(clean, Recipe.parse("encoding.diacritics(share=1.0,seed=2)"), MUTATORS)
    assert degradation.expectation.lost
    answer = read_plainly(degradation.document)
    assert answer["city"] == "Malaga"
    found, _ = judged(Reply(Ending.ANSWERED, answer), clean, degradation, fields(), Policy(), ViewCache())
    assert not found.wrong


def test_what_stood_there_before_it_was_packed_stands_there_now() -> None:
    clean = case("a.csv")
    typed = Degradation(
        Document(CSV.replace("385.25", "35.25").encode(), "text/csv", "a.csv"),
        (),
        Expectation(TRUTH, frozenset({"/total"})),
    )
    packed = replace(typed, document=Document(gzip.compress(typed.document.data, mtime=0), "application/gzip", "a.csv"))
    for answer, right in ((35.25, Outcome.RIGHT), (36.25, Outcome.WRONG)):
        reply = Reply(Ending.ANSWERED, said("/total", answer))
        found, _ = judged(reply, clean, packed, fields(), Policy(), ViewCache(), iter([typed]))
        assert found.outcome is right


def test_who_writes_codes_in_capitals_writes_a_damaged_one_so() -> None:
    now = TEXT.replace("KF-208548", "KsF-208548")
    assert outcome(case("a.txt"), now, "/number", said("/number", "KSF-208548")) is Outcome.RIGHT
    assert outcome(case("a.txt"), now, "/number", said("/number", "KXF-208548")) is Outcome.WRONG
    now = TEXT.replace("Müller", "Mxller")
    assert outcome(case("a.txt"), now, "/customer", said("/customer", "MXLLEO")) is Outcome.WRONG
