"""What a night came to: its state, the documents to look at, what changed, what says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from crumple.events import CleanEnded, Replayed, RoundEnded
from crumple.findings.status import Known, Status
from crumple.nightly.baseline import Baseline, Call
from crumple.nightly.changes import Conditions, changes
from crumple.nightly.night import NightTally, Setting
from crumple.nightly.past import PastNight
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from night_calls import baseline, call

COUNT = 40
BEFORE = baseline([call(number) for number in range(COUNT)])
FOUND = Known("text-1", "1.txt", call(1).recipe, ("crashed",), state="fixed", tries=2, failed=2)


def result(made: Call, outcome: Outcome | None = None, *, key: str = "", skipped: str = "") -> Result:
    """What the engine tells of a call."""
    outcome = outcome or made.outcome
    work = Work(0, made.case, made.recipe, made.level, made.mutator, key or f"0/{made.mutator}/0/0")
    verdict = None if skipped else Verdict(outcome, made.failure, fingerprint=made.fingerprint)
    return Result(work, verdict, skipped, made.cause, seconds=made.seconds, digest=made.digest, cost=made.cost)


def failing(made: Call, outcome: Outcome = Outcome.CRASHED, mark: str = "", **more: Any) -> Call:
    return replace(made, outcome=outcome, failure=True, fingerprint=mark or str(outcome), **more)


def document(
    fixed: Iterable[Call | Result],
    *,
    of: Baseline | None = BEFORE,
    clean: Sequence[Call] | None = None,
    fresh: Iterable[Call] = (),
    replayed: Iterable[Replayed] = (),
    ended: str = "night",
    void: str = "",
    **known: Any,
) -> dict[str, Any]:
    """The part of the document of a night with these calls."""
    course = SimpleNamespace(fixed={1}, fresh={2}, reasons={call(39).key: "its level is not in use any more"})
    tally = NightTally(course, of)  # type: ignore[arg-type]  # as much of a course as it asks for
    calls = BEFORE.clean if clean is None else clean
    results = [result(each, key=f"clean/{each.case}/0") for each in calls]
    tally.add(CleanEnded([], frozenset(), results, frozenset(), {}))
    for event in replayed:
        tally.add(event)
    tally.add(RoundEnded(1, [each if isinstance(each, Result) else result(each) for each in fixed]))
    tally.add(RoundEnded(2, [result(each) for each in fresh]))
    values: dict[str, Any] = {"said": "2 a year", "alpha": 2 / 365, "void_above": 0.05, "cases": BEFORE.cases}
    return tally.document(Setting(**(values | {"known": [FOUND]} | known)), ended, void)


def row(found: dict[str, Any], category: str = "text") -> dict[str, Any]:
    (own,) = [each for each in found["categories"] if each["category"] == category]
    return dict(own)


def test_a_night_on_which_nothing_changed_is_the_same() -> None:
    found = document(BEFORE.calls)
    assert found["state"] == "same"
    assert found["baseline"]["id"] == BEFORE.id
    assert found["calls"] == {"fixed": COUNT, "fresh": 0, "findings": 0}
    assert [each["category"] for each in found["categories"]] == ["clean", "text", "all"]
    assert found["alarms"]["said"] == "2 a year"
    assert found["alarms"]["pairs_alpha"] + found["alarms"]["drift_alpha"] == pytest.approx(2 / 365)


def test_many_that_were_right_and_fail_are_worse_and_three_of_them_are_shown() -> None:
    now = [failing(each) for each in BEFORE.calls[:15]]
    found = document([*now, *BEFORE.calls[15:]])
    assert found["state"] == row(found)["state"] == "worse"
    assert (row(found)["worse"], row(found)["better"], row(found)["pairs"]) == (15, 0, COUNT)
    assert len(row(found)["documents"]) == 3
    assert found["kinds"]["new"] == [
        {"fingerprint": "crashed", "category": "text", "count": 15, "replay": call(0).replay}
    ]


def test_the_documents_shown_are_the_silent_the_mild_and_those_of_different_kinds() -> None:
    now = [
        failing(call(0), mark="loud", level=1.0),
        failing(call(1), Outcome.WRONG, "silent", level=5.0),
        failing(call(2), Outcome.WRONG, "silent", level=3.0),
        failing(call(3), Outcome.HUNG, "late", level=2.0),
        *(failing(each, mark="loud") for each in BEFORE.calls[4:15]),
    ]
    found = document([*now, *BEFORE.calls[15:]], kept=lambda digest: "f" if digest.endswith("2") else "")
    shown = row(found)["documents"]
    assert [each["replay"] for each in shown] == [call(2).replay, call(0).replay, call(3).replay]
    assert shown[0] == {
        "replay": call(2).replay,
        "before": "right",
        "now": "wrong",
        "fingerprint": "silent",
        "cause": "",
        "kept_file": "f",
    }


def test_a_few_that_change_sides_either_way_are_no_news() -> None:
    noisy = baseline([failing(each) if at < 4 else each for at, each in enumerate(BEFORE.calls)])
    now = [failing(each) if 2 <= at < 7 else each for at, each in enumerate(BEFORE.calls)]
    assert document(now, of=noisy)["state"] == "same"


def test_many_that_failed_and_are_right_are_better() -> None:
    bad = baseline([failing(each) if at < 20 else each for at, each in enumerate(BEFORE.calls)])
    assert document(BEFORE.calls, of=bad)["state"] == "better"


def test_all_clean_documents_that_fail_are_worse_though_no_more_can_be_measured() -> None:
    clean = [failing(each, Outcome.WRONG) for each in BEFORE.clean]
    found = document([], clean=clean, ended="all fail clean", void="Every case fails clean.")
    assert found["state"] == row(found, "clean")["state"] == "worse"
    assert {each["why"] for each in found["left_out"]} == {
        "its case fails clean tonight",
        "its level is not in use any more",
    }


def test_where_two_clean_documents_are_all_that_there_are_that_both_fail_may_be_chance() -> None:
    few = baseline(BEFORE.calls, BEFORE.clean[:2])
    clean = [failing(each, Outcome.WRONG) for each in few.clean]
    assert document([], of=few, clean=clean, ended="all fail clean", void="Every case fails clean.")["state"] == "void"


def test_a_night_without_a_baseline_says_so() -> None:
    found = document(BEFORE.calls, of=None, fresh=[failing(call(50))])
    assert (found["state"], found["baseline"], found["categories"]) == ("no baseline", None, [])
    assert found["kinds"]["new"] == found["kinds"]["gone"] == []


def test_a_void_night_says_nothing_however_bad_it_looks() -> None:
    now, again = [failing(each) for each in BEFORE.calls], Replayed("text-1", Status.FAILS, ())
    found = document(now, replayed=[again], void="40 of 50 calls came to nothing.")
    assert found["state"] == "void"
    assert {(each["state"], each["why"]) for each in found["categories"]} == {("unknown", "the night is void")}
    assert found["drift"] == []
    assert not any(each["again"] for each in found["findings"])
    assert found["kinds"]["new"] == []


@pytest.mark.parametrize(("void", "state"), [(2, "same"), (3, "void")])
def test_more_void_calls_of_the_same_recipes_than_allowed_make_it_void(void: int, state: str) -> None:
    gone = [result(each, Outcome.VOID) for each in BEFORE.calls[:void]]
    found = document([*gone, *BEFORE.calls[void:]])
    assert found["state"] == state
    assert {each["why"]: each["calls"] for each in found["left_out"]} == {"it came to nothing tonight": void}


def test_a_night_without_any_pair_is_void() -> None:
    assert document([], cases={})["state"] == "void"


def test_what_was_left_out_has_its_reason_its_number_and_some_names() -> None:
    skipped = [result(each, skipped="not a table any more") for each in BEFORE.calls[:5]]
    found = document([*skipped, *BEFORE.calls[5:30]], ended="time")
    assert [(each["why"], each["calls"]) for each in found["left_out"]] == [
        ("the time was up before it", 9),
        ("its recipe cannot be applied to it now", 5),
        ("its level is not in use any more", 1),
    ]
    assert found["left_out"][1]["cases"] == ["0.txt", "1.txt", "2.txt"]
    assert found["left_out"][1]["mutators"] == ["text.a"]


@pytest.mark.parametrize(
    ("was", "status", "again"),
    [
        ("fixed", "FAILS", True),
        ("fixed", "CHANGED", True),
        ("fixed", "FLAKY", False),
        ("fixed", "FIXED", False),
        ("fixed", "ERROR", False),
        ("open", "FAILS", False),
        ("accepted", "FAILS", False),
    ],
)
def test_a_finding_that_was_fixed_and_fails_twice_in_two_makes_the_night_worse(
    was: str, status: str, again: bool
) -> None:
    found = document(
        BEFORE.calls, replayed=[Replayed("text-1", status, ())], known=[replace(FOUND, state=was)], happens=str.upper
    )
    (said,) = found["findings"]
    assert said == {
        "id": "text-1",
        "was": was,
        "status": status,
        "again": again,
        "what": "TEXT-1",
        "replay": call(1).replay,
    }
    assert found["state"] == ("worse" if again else "same")


def test_a_category_that_was_said_to_be_worse_before_is_said_since_when() -> None:
    outcomes = {each.key: (each.digest, each.failure) for each in BEFORE.calls}
    past = [
        PastNight(run=f"n{at}", started=f"2026-11-1{at}", system="", outcomes=outcomes, worse=frozenset(worse))
        for at, worse in enumerate(([], [], ["text"], ["text"]))
    ]
    found = document([failing(each) for each in BEFORE.calls], past=past)
    assert row(found)["since"]["run"] == "n2"
    assert found["history"]["nights"] == 3


def test_slow_change_that_no_single_night_shows_is_worse() -> None:
    past = [
        PastNight(
            run=f"n{night}",
            started="",
            system="",
            outcomes={each.key: (each.digest, at < night // 3) for at, each in enumerate(BEFORE.calls)},
        )
        for night in range(26)
    ]
    now = [failing(each) if at < 8 else each for at, each in enumerate(BEFORE.calls)]
    found = document(now, past=past)
    assert row(found)["state"] != "worse"
    assert found["state"] == "worse"
    drift = next(each for each in found["drift"] if each["category"] == "text")
    assert drift["first"] < drift["last"] <= 8 / COUNT
    assert {each["before"] for each in drift["documents"]} == {"right"}


def test_where_clean_calls_alone_can_be_compared_the_night_is_void_but_for_what_got_worse() -> None:
    clean = [failing(each) for each in BEFORE.clean]
    again = Replayed("text-1", Status.FAILS, ())
    assert document([])["state"] == "void"
    assert document([], clean=clean)["state"] == "worse"
    assert document([], replayed=[again])["state"] == "worse"


def test_what_is_different_is_named_with_what_it_was() -> None:
    now = Conditions(
        system="2.4",
        versions={"crumple": "0.1.0", "numpy": "2.4.6", "python": "3.11.9"},
        machine={"platform": "Linux", "cores": "8"},
        settings={"[judge] kind": "fields"},
        mutators={},
        cases={name: digest for name, digest in BEFORE.cases.items() if name != "3.txt"} | {"4.txt": "other"},
    )
    assert [tuple(each.values()) for each in changes(BEFORE, now)] == [
        ("system", "2.3", "2.4"),
        ("numpy", "2.4.5", "2.4.6"),
        ("cores", "4", "8"),
        ("the corpus", "10 cases", "8 of them as they were; 1 changed: 4.txt; 1 gone: 3.txt"),
        ("text.a", "v1", "not in use"),
        ("[judge] kind", "exact", "fields"),
    ]


def test_many_mutators_that_changed_are_named_together() -> None:
    many = replace(BEFORE, mutators={f"text.m{at}": "v1" for at in range(9)})
    now = Conditions(
        system="2.3",
        versions=BEFORE.versions,
        machine=BEFORE.machine,
        settings=BEFORE.settings,
        mutators={f"text.m{at}": "v2" for at in range(8)},
        cases=BEFORE.cases,
    )
    (said,) = changes(many, now)
    assert said["now"] == "8 of them changed, 1 of them not in use: text.m0, text.m1, text.m2 and 6 more"
