"""A run that is stopped by an outage or by Ctrl-C, in whatever order its calls come back, and goes on."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from crumple.engine import run
from crumple.events import Ended
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan
from crumple.result import Result, Work
from crumple.search.fuzz import Fuzzing, Search
from crumple.store import Recorded, Store
from crumple.store.rows import to_row
from crumple.summary import Tally
from crumple.views.text import Text
from engine_scripts import A, Scripted, registry, scripted_mutator, texts

Opened = Callable[[], Store]
PLAN = Plan(texts(8), registry(A, scripted_mutator("text.q", Text)), calls=120, repeat=1)


class Paid(Scripted):
    """Calls that cost, come back in random order, and stop at one of them: by Ctrl-C, or for an outage."""

    def __init__(self, seed: int, interrupted: int = 10**6, gone: int = 10**6) -> None:
        super().__init__(self.say, room=5)
        self.random = random.Random(seed)
        self.interrupted, self.gone = interrupted, gone
        self.called: list[str] = []

    def say(self, work: Work) -> Outcome:
        self.called.append(work.key)
        if len(self.called) == self.interrupted:
            raise KeyboardInterrupt
        if len(self.called) >= self.gone:
            return Outcome.VOID
        wrong = work.recipe.steps and (int(work.case[0]) + work.level) % 3 == 0
        return Outcome.WRONG if wrong else Outcome.RIGHT

    def results(self, timeout: float | None = None) -> list[Result]:
        self.random.shuffle(self.waiting)
        return super().results(timeout)

    def _result(self, work: Work) -> Result:
        return replace(super()._result(work), cost=0.25, attempts=1)


def session(opened: Opened, name: str, executor: Paid) -> dict[str, Any]:
    """One session of a run in the store; {} where it was interrupted."""
    info = {"id": f"{name}{executor.random.random()}"}
    tally = Tally(Registry(dict(PLAN.registry.mutators)), info)
    try:
        with opened().resume_or_begin({"plan": name}, info) as record:
            for event in run(PLAN, Recorded(executor, record), record.past if record.resumed else None):
                record.add(event)
                tally.add(event)
            document = tally.document(0.0)
            (record.interrupt if document["run"]["ended"] == "outage" else record.end)(document)
    except KeyboardInterrupt:
        return {}
    return document


def figures(document: dict[str, Any]) -> dict[str, Any]:
    """All but what tells that there was more than one session."""
    own = {name: each for name, each in document["run"].items() if name not in {"id", "resumed", "cost", "attempts"}}
    return {**document, "run": own}


@pytest.mark.parametrize("seed", range(3))
def test_what_an_outage_and_a_ctrl_c_have_stopped_ends_as_a_run_that_was_never_stopped(
    opened: Opened, seed: int
) -> None:
    whole = session(opened, "whole", Paid(seed))
    first, second, third = Paid(seed + 10, gone=30), Paid(seed + 20, interrupted=40), Paid(seed + 30)
    stopped = session(opened, "stopped", first)
    assert stopped["run"]["ended"] == "outage"
    assert session(opened, "stopped", second) == {}
    ended = session(opened, "stopped", third)
    assert figures(ended) == figures(whole)
    assert ended["void"]["calls"] == 0, "what came to nothing was called again, in whole rounds too"
    void = len(first.called) - 29
    assert ended["run"]["cost"] == whole["run"]["cost"] + 0.25 * void, "and what it has cost is not forgotten"
    # With Ctrl-C two results are lost that were just coming back.
    made = 29 + 39 + len(third.called)
    assert whole["run"]["calls"] <= made <= whole["run"]["calls"] + 2
    assert 29 <= ended["run"]["resumed"] <= 29 + 39


def test_a_clean_document_that_was_void_stays_so_once_others_were_degraded(opened: Opened) -> None:
    """Else the cases that documents are drawn from would be others, and what was paid for no use."""

    class Once(Paid):
        def say(self, work: Work) -> Outcome:
            said = super().say(work)
            return Outcome.VOID if work.key == "clean/3.txt/0" and self.interrupted < 10**6 else said

    assert session(opened, "a", Once(1, interrupted=50)) == {}
    ended = session(opened, "a", Once(2))
    assert ended["run"]["ended"] == "calls"
    assert (ended["clean"]["cases"], ended["clean"]["void"]) == (7, 1)


def test_a_search_goes_on_where_calls_came_to_nothing(opened: Opened) -> None:
    """What later rounds were drawn by stays void: with another result they would be other rounds."""
    mutators = [scripted_mutator(f"{kind}.m{n}", Text) for kind in ("text", "table", "format") for n in range(3)]
    plan = replace(PLAN, registry=registry(*mutators), calls=80, round_size=4, again=False)

    class Now(Paid):
        def say(self, work: Work) -> Outcome:
            said = super().say(work)
            return Outcome.VOID if work.recipe.steps and len(self.called) % 6 == 0 and self.interrupted < 99 else said

    called: list[str] = []
    for executor in (Now(1, interrupted=30), Now(2, interrupted=25), Now(3)):
        course = Fuzzing(plan, Search(width=4))
        course.know([])
        with suppress(KeyboardInterrupt), opened().resume_or_begin({"a": "b"}, {"id": "x"}, lag=course.lag) as record:
            past = record.past if record.resumed else None
            for event in run(plan, Recorded(executor, record), past, course):
                record.add(event)
        called += executor.called
    assert event == Ended("calls")
    made = [key for key in called if not key.startswith("clean/")]
    assert len(set(made)) <= 72
    assert len(made) - len(set(made)) <= 8 + 4, "what was out, and what was void in rounds that nothing hung on"


def test_what_was_put_aside_takes_the_place_of_what_was_void(opened: Opened) -> None:
    work = Work(1, "a.txt", key="clean/a.txt/0")
    void, right = (Result(work, Verdict(each, failure=False), attempts=1) for each in (Outcome.VOID, Outcome.RIGHT))
    with opened().resume_or_begin({"plan": "x"}, {"id": "x"}) as record:
        record.save([void])
    opened().unsaved("x").add([to_row(right)])
    with opened().resume_or_begin({"plan": "x"}, {"id": "y"}) as record:
        assert record.take([work]) == {work.key: right}
