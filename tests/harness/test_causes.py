"""What a run's document lists has an end, and the numbers beside it are of all."""

from crumple import causes
from crumple.case import Entry
from crumple.causes import Causes
from crumple.clean_figures import LISTED, clean_document
from crumple.events import CleanEnded
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work


def test_the_commonest_causes_are_shown_and_all_void_calls_counted() -> None:
    known, came = Causes(), Causes()
    for at in range(50):
        for _ in range(1 + at % 20):
            known.add(f"cause {at % 20}")
    came.add("seen in a round that was cut")
    made = known.document(came)
    assert made["calls"] == sum(1 + at % 20 for at in range(50)) + 1
    assert len(made["causes"]) == causes.SHOWN
    assert list(made["causes"].values()) == sorted(made["causes"].values(), reverse=True)


def test_causes_that_are_all_different_take_no_more_space_than_some_do() -> None:
    known = Causes()
    for at in range(3 * causes._MOST):
        known.add("no connection" if at % 3 else f"no such file: {at}")
    assert len(known.calls) <= causes._MOST
    made = known.document(Causes())
    assert made["calls"] == 3 * causes._MOST
    assert made["causes"]["no connection"] == 2 * causes._MOST


def test_of_very_many_cases_that_fail_clean_the_first_are_listed() -> None:
    entries = [Entry(f"{at}.txt", "text/plain", f"{at}", has_truth=False) for at in range(2 * LISTED)]
    wrong, right = Verdict(Outcome.WRONG, True), Verdict(Outcome.RIGHT, False)
    results = [Result(Work(at, each.id), verdict) for at, each in enumerate(entries) for verdict in (right, wrong)]
    unstable = {each.id: ("/date",) for each in entries}
    made = clean_document(CleanEnded(entries, frozenset({"0.txt"}), results, frozenset(), unstable))
    assert made["cases"] - made["right"] == 2 * LISTED - 1
    assert [each["case"] for each in made["failed"]] == [each.id for each in entries[1 : LISTED + 1]]
    assert {each["outcome"] for each in made["failed"]} == {"wrong"}, "the call of a case that failed"
    assert len(made["unstable"]) == LISTED
