"""Past nights as both kinds of store have them: which there are, and what came of the baseline's calls in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

import night_calls
from crumple.errors import CrumpleError
from crumple.events import RoundEnded
from crumple.nightly.baseline import Baseline, Call
from crumple.nightly.history import kinds_met, needed, past_nights, read_timeline
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.store import Store
from crumple.store.nights import removed
from crumple.store.pruning import prune

Opened = Callable[[], Store]

BOM = Recipe.parse("encoding.bom(seed=1)")
SKEW = Recipe.parse('scan.skew(angle=3.2,part="a, \\"b\\".png",seed=2)')
TWO = Recipe.parse('encoding.bad_bytes(share=3e-05,seed=3) > encoding.swap(of="]],\\"",seed=4)')
LONG = "x" * 600
ODD = "caf\udce9.csv"
CALLS = [Call(case=name, recipe=each, mutator="a.b") for name in ("a", LONG, ODD) for each in (BOM, SKEW, TWO)]
CLEAN = [Call(case=name, recipe=Recipe()) for name in ("a", LONG, ODD)]


def baseline(*calls: Call, run: str = "first") -> Baseline:
    return night_calls.baseline(calls or CALLS, CLEAN, run=run, system="1", cases={})


def result(call: Call, number: int, *, round_: int = 0, repeat: int = 0, **more: object) -> Result:
    name = f"{round_}/a.b~{number}/0" if call.recipe.steps else f"clean/{call.case}"
    outcome = Outcome(str(more.get("outcome", "right")))
    work = Work(number, call.case, call.recipe, 1.0, call.mutator, f"{name}/{repeat}", round_)
    failed = outcome in {Outcome.WRONG, Outcome.CRASHED}
    return Result(work, Verdict(outcome, failed), detail="long " * 500, digest=f"digest {number}")


def results(calls: Sequence[Call], *failing: Call) -> list[Result]:
    return [
        result(each, at, round_=0 if each.recipe.steps else -1, outcome="wrong" if each in failing else "right")
        for at, each in enumerate(calls)
    ]


def night(
    store: Store,
    name: str,
    made: Sequence[Result],
    *,
    of: str | None = None,
    kind: str = "night",
    end: bool = True,
    aside: Sequence[Result] = (),
    document: Mapping[str, object] | None = None,
    settings: Mapping[str, str] | None = None,
) -> None:
    info: dict[str, Any] = {"settings": settings or {}}
    info |= {"id": name, "kind": kind, "started": f"on {name}", "system": f"2.{name}"}
    info |= {"known": {"findings": [], "baseline": baseline().id if of is None else of}}
    with store.resume_or_begin({"x": name}, info) as record:
        record.save([*made, *aside])
        for number in sorted({each.work.round for each in made if each.work.round >= 0}):
            record.add(RoundEnded(number, [each for each in made if each.work.round == number]))
        if end:
            record.end(document if document is not None else {"schema": 1, "night": {"state": "same"}})


def test_each_call_of_the_baseline_is_found_again_with_its_digest_and_whether_it_failed(opened: Opened) -> None:
    """Also recipes of several steps and awkward texts, and cases whose names no database takes as they are."""
    everything = [*CLEAN, *CALLS]
    night(opened(), "n", results(everything, CALLS[2], CLEAN[1]))
    first, found = past_nights(opened(), baseline())
    assert (first.run, first.system, len(first.outcomes)) == ("first", "1", len(everything))
    assert (found.run, found.started, found.system) == ("n", "on n", "2.n")
    assert found.outcomes == {
        each.key: (f"digest {at}", each in (CALLS[2], CLEAN[1])) for at, each in enumerate(everything)
    }


def test_what_the_baseline_does_not_have_or_what_came_to_nothing_is_no_outcome(opened: Opened) -> None:
    fresh = Call(case="a", recipe=Recipe.parse("encoding.bom(seed=77)"), mutator="encoding.bom")
    kept, skipped, void, again, outside, left_out = CALLS[:6]
    unfinished = result(outside, 4, round_=1)
    made = [
        result(kept, 0),
        result(fresh, 1),
        Result(Work(2, skipped.case, skipped.recipe, 1.0, "a.b", "0/a.b~2/0/0", 0), None, skipped="not that"),
        result(void, 3, outcome="void"),
        result(again, 5, repeat=1, outcome="wrong"),
        Result(Work(7, "a", key="control/scan.rasterise/a//0", round=-1), Verdict(Outcome.WRONG, True)),
    ]
    night(opened(), "n", made, aside=[unfinished, result(left_out, 6)])
    (_, found) = past_nights(opened(), baseline())
    assert list(found.outcomes) == [kept.key]


def test_kinds_that_new_recipes_have_shown_before_are_known_whatever_stands_in_a_document(opened: Opened) -> None:
    store = opened()
    kinds = {"tonight": [{"fingerprint": "crashed ValueError"}], "new": [{"fingerprint": "wrong /total"}]}
    for name, found in {"a": kinds, "void": {"tonight": [{"fingerprint": "hung"}]}, "odd": ["x"], "none": None}.items():
        night(store, name, [result(CALLS[0], 0)], document={"night": {"state": name, "kinds": found}})
    assert kinds_met(store, baseline()) == {"crashed ValueError", "hung"}
    assert kinds_met(store, baseline(run="another")) == frozenset()


def test_nights_are_those_that_ended_and_were_beside_this_baseline_oldest_first(opened: Opened) -> None:
    store = opened()
    made = [result(CALLS[0], 0)]
    night(store, "z", made)
    night(store, "other", made, of="another baseline")
    night(store, "run", made, kind="")
    night(store, "quoting", made, of=f'"{baseline().id}"')
    night(store, "interrupted", made, end=False)
    night(store, "void", made, document={"night": {"state": "void"}})
    night(store, "unheard of", made, document={})
    night(store, "a", made)
    assert [each.run for each in past_nights(store, baseline())] == ["first", "z", "unheard of", "a"]
    assert [each.run for each in past_nights(store, baseline(), 2)] == ["first", "unheard of", "a"]
    assert list(needed(store, baseline(), 2).values()) == ["a", "unheard of"]


def test_nights_whose_answers_were_judged_otherwise_are_left_out(opened: Opened) -> None:
    store, strict = opened(), {"[judge] pass": "1", "[run] repeat": "1"}
    night(store, "lenient", [result(CALLS[0], 0)], settings=strict | {"[judge] pass": "0.5"})
    night(store, "strict", [result(CALLS[0], 0)], settings=strict | {"[run] repeat": "2"})
    assert [each.run for each in past_nights(store, baseline(), settings=strict)] == ["first", "strict"]


def test_a_night_that_is_going_on_is_not_past(opened: Opened) -> None:
    info = {"id": "tonight", "kind": "night", "known": {"baseline": baseline().id}}
    with opened().resume_or_begin({"x": "tonight"}, info) as record:
        record.save([result(CALLS[0], 0)])
        assert [each.run for each in past_nights(opened(), baseline())] == ["first"]


def test_a_night_says_itself_what_was_worse_by_its_pairs_or_slowly(opened: Opened) -> None:
    said = {
        "state": "worse",
        "categories": [{"category": "scan", "state": "worse"}, {"category": "table", "state": "same"}, "?"],
        "drift": [{"category": "text", "state": "worse"}, {"category": "form", "state": "better"}],
    }
    night(opened(), "n", [], document={"night": said})
    assert past_nights(opened(), baseline())[-1].worse == {"scan", "text"}


def test_an_empty_store_has_the_baseline_alone(opened: Opened) -> None:
    (first,) = past_nights(opened(), baseline())
    assert first.worse == frozenset()
    assert read_timeline(opened(), last=30)["runs"] == []


def test_a_history_has_runs_and_nights_and_counts_what_it_leaves_out(opened: Opened, location: str | None) -> None:
    store = opened()
    for name, kind in (("one", ""), ("two", "night"), ("three", "fuzz"), ("four", ""), ("five", "night")):
        night(store, name, [], kind=kind)
    found = read_timeline(store, last=3)
    assert [(each["id"], each["kind"]) for each in found["runs"]] == [
        ("two", "night"),
        ("four", "run"),
        ("five", "night"),
    ]
    assert (found["stored"], found["others"]) == (4, 1)
    assert [each["id"] for each in read_timeline(store, kind="night", last=9)["runs"]] == ["two", "five"]
    assert [each["id"] for each in read_timeline(store, kind="run", last=9, system="2.f")["runs"]] == ["four"]
    with pytest.raises(CrumpleError, match=r"--of.*no run is of such a system.*2\.five"):
        read_timeline(store, last=9, system="9")
    prune(store, None, 0, store.root / "documents", needed=needed(store, baseline()))
    assert [each["id"] for each in read_timeline(store, last=9)["runs"]] == ["two", "five"]
    assert removed(store.database) == (3 if location is None else None), "a server's numbers have gaps anyway"


def test_pruning_spares_what_is_needed_and_says_so(opened: Opened) -> None:
    store = opened()
    for name in ("a", "b", "c"):
        night(store, name, [])
    numbers = {line.id: line.number for line in store.lines()}
    freed = prune(store, 1, None, store.root / "documents", needed={numbers["a"], numbers["c"]})
    assert (freed.runs, freed.spared) == (("b",), ("a",))
    assert [line.id for line in store.lines()] == ["c", "a"]
