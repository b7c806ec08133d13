"""Since when something is worse, and runs and nights one after the other as figures."""

import json
from typing import Any

import pytest

from crumple.nightly.past import NIGHTS, PastNight, since
from crumple.nightly.timeline import point, timeline
from crumple.store import Line

IDENTITIES = {"configuration": "c", "corpus": "d", "the judge": "j", "the system's version": "1", "mutators": "m"}


def past(*worse: str) -> list[PastNight]:
    """The baseline's own run, and a night for each text of categories that it was worse in."""
    nights = [
        PastNight(run=f"n{at}", started=f"day {at}", system="", outcomes={}, worse=frozenset(each.split()))
        for at, each in enumerate(worse)
    ]
    return [PastNight(run="baseline", started="day -1", system="", outcomes={}), *nights]


def line(name: str, *, state: str = "ended", number: int = 1, **info: Any) -> Line:
    return Line(number, name, state, "", {"id": name, "system": "1", **info}, 1.7e9, 60.0, 100, 7, 0, 0.0)


def document(rate: float = 0.1, **more: Any) -> dict[str, Any]:
    figures = {"runs": 40, "failures": round(40 * rate), "rate": rate, "low": 0.0, "high": 1.0}
    never = {"runs": 0, "failures": 0, "rate": None, "low": 0.0, "high": 1.0}
    return {
        "schema": 1,
        "run": {"ended": "calls", "rounds": 3, "calls": 100},
        "clean": {"cases": 12, "right": 9},
        "void": {"calls": 0, "causes": {}},
        "categories": {"scan": figures, "table": figures | {"runs": 10, "failures": 10}, "form": never},
        "contract": [{"state": "met"}, {"state": "undecided"}],
    } | more


def night(state: str = "same", **more: Any) -> dict[str, Any]:
    scan = {"category": "scan", "state": state, "pairs": 30, "before": 3, "now": 9}
    return document(night={"state": state, "baseline": {"run": "first"}, "categories": [scan]} | more)


@pytest.mark.parametrize(
    ("nights", "first", "number"),
    [
        (("", "scan", "scan table"), "n1", 3),
        (("scan", "", "scan"), "n2", 2),
        (("scan", "scan"), "n0", 3),
        (("", "scan", ""), None, 0),
        (("table",), None, 0),
        ((), None, 0),
    ],
)
def test_since_is_the_first_of_the_unbroken_row_of_nights_up_to_tonight(
    nights: tuple[str, ...], first: str | None, number: int
) -> None:
    found = since(past(*nights), "scan")
    if first is None:
        assert found is None
        return
    expected = {"run": first, "started": f"day {first[1:]}", "nights": number, "at_least": False}
    assert found == expected


def test_where_all_nights_that_were_read_are_worse_it_may_have_begun_earlier() -> None:
    found = since(past(*["scan"] * NIGHTS), "scan")
    assert found is not None
    assert found["at_least"]
    found = since(past(*["scan"] * (NIGHTS - 1)), "scan")
    assert found is not None
    assert not found["at_least"], "there are no more than that"


def test_a_run_is_told_by_its_own_rates_and_what_they_are_of() -> None:
    made = point(line("a", started="2026-11-01T02:00:00Z", versions={"crumple": "0.1"}), IDENTITIES, document())
    assert (made["kind"], made["state"], made["contract"], made["crumple"]) == ("run", "ended", "undecided", "0.1")
    rates = {name: (each["failures"], each["runs"], each["rate"]) for name, each in made["categories"].items()}
    assert rates == {"scan": (4, 40, 0.1), "table": (10, 10, 0.1), "all": (14, 50, 0.28), "clean": (3, 12, 0.25)}


def test_a_night_is_told_by_what_it_was_said_to_be_and_by_the_same_documents() -> None:
    drift = [{"category": "table", "state": "worse"}, {"category": "all", "state": "better"}]
    made = point(line("a", kind="night", known={"baseline": "b"}), IDENTITIES, night("worse", drift=drift))
    assert (made["kind"], made["state"], made["baseline"], made["drift"]) == ("night", "worse", "b", ["table"])
    assert made["categories"]["scan"]["paired"] == {"state": "worse", "pairs": 30, "before": 3, "now": 9}
    assert made["categories"]["table"]["paired"] is None


@pytest.mark.parametrize(
    ("state", "found", "expected", "has_figures"),
    [
        ("running", document(), "running", True),
        ("interrupted", None, "interrupted", False),
        ("abandoned", document(), "abandoned", True),
        ("ended", document(void={"calls": 90, "causes": {"refused": 90}}), "void", False),
        ("ended", night("void"), "void", False),
        ("ended", {"schema": 2, "all": "is otherwise"}, "ended", False),
        ("ended", {"schema": 1, "clean": 3, "categories": [], "night": "?", "contract": [1]}, "ended", False),
        ("ended", {"schema": 1}, "ended", False),
        ("ended", None, "ended", False),
    ],
)
def test_what_is_void_unfinished_or_anothers_has_the_figures_that_it_bears(
    state: str, found: dict[str, Any] | None, expected: str, has_figures: bool
) -> None:
    made = point(line("a", state=state), IDENTITIES, found)
    assert (made["state"], bool(made["categories"])) == (expected, has_figures)
    assert made["unread"] == (found is not None and found.get("schema") == 2)
    json.dumps(made, allow_nan=False)


def test_only_runs_that_can_be_held_against_each_other_share_a_plan() -> None:
    """Nights of one baseline, whatever else changed; runs of one configuration, corpus and judge."""
    beside: dict[str, Any] = {"kind": "night", "known": {"baseline": "b"}}
    other = IDENTITIES | {"corpus": "e", "mutators": "n"}
    points = [
        point(line("run"), IDENTITIES, document()),
        point(line("night", **beside), IDENTITIES, night()),
        point(line("other corpus"), other, document()),
        point(line("other night", **beside), other, night()),
        point(line("first night", kind="night"), IDENTITIES, document()),
        point(line("again"), IDENTITIES | {"the system's version": "2"}, document()),
    ]
    found = timeline(points, where="store", stored=6)
    assert [(each["id"], each["plan"]) for each in found["runs"]] == [
        ("run", "A"),
        ("night", "B"),
        ("other corpus", "C"),
        ("other night", "B"),
        ("first night", "D"),
        ("again", "A"),
    ]
    assert [each["changed"] for each in found["runs"]] == [
        [],
        [],
        [],
        ["corpus", "mutators"],
        [],
        ["the system's version"],
    ]
    assert [(each["plan"], each["runs"], each["baseline_run"]) for each in found["plans"]] == [
        ("A", 2, ""),
        ("B", 2, "first"),
        ("C", 1, ""),
        ("D", 1, ""),
    ]
    assert found["plans"][0]["categories"] == ["scan", "table", "all", "clean"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_plans_go_on_after_the_alphabet() -> None:
    points = [point(line(str(at)), {"corpus": str(at)}, None) for at in range(28)]
    assert [each["plan"] for each in timeline(points)["plans"]][-3:] == ["Z", "AA", "AB"]
