"""Many calls out at a time: nothing is blamed on a document that an outage or another document has done."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crumple.execution.calls import Calls
from crumple.execution.open_loop import OpenLoop
from crumple.execution.progress import Progress
from crumple.execution.wire import result_from_wire, work_to_wire
from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Result, Work

SYSTEMS = Path(__file__).parents[1] / "systems"


class Parent:
    """A lane's channel to a parent that gives it all its work at once, and hangs up when everything is back."""

    unsent = False

    def __init__(self, works: list[Work]) -> None:
        self.works = {work.id: work for work in works}
        self.given = False
        self.results: list[Result] = []

    @property
    def ended(self) -> bool:
        return len(self.results) == len(self.works)

    def take(self) -> list[tuple[str, list[object]]]:
        given, self.given = self.given, True
        return [] if given else [("work", list(map(work_to_wire, self.works.values())))]

    def put(self, message: tuple[str, tuple[float, list[object]]]) -> None:
        self.results += [result_from_wire(wire, self.works) for wire in message[1][1]]

    def flush(self) -> None:
        pass


class Alone(OpenLoop):
    def _wait(self) -> None:
        """There is nothing to wait for: all the work is there."""


@pytest.fixture
def serve(make_spec, tmp_path):
    """Calls with these cases, each degraded, to a service with one lane; outcomes and fingerprints by case."""

    def serve(cases: list[str], *, concurrency: int = 4, clean: tuple[str, ...] = ()) -> dict[str, tuple[Outcome, str]]:
        sys.path.insert(0, str(SYSTEMS))
        try:
            from fake_service import FakeService
        finally:
            sys.path.remove(str(SYSTEMS))
        spec = replace(make_spec(), system=FakeService(concurrency))
        recipe = Recipe.parse("faults.mark(seed=1)")
        works = [Work(n, case, recipe, 1.0, "faults.mark") for n, case in enumerate(cases)]
        works += [Work(len(works) + n, case) for n, case in enumerate(clean)]
        parent, adapter = Parent(works), spec.system.adapter(tmp_path)
        Alone(parent, Calls(spec, adapter), adapter, Progress(tmp_path / "progress")).run()
        serve.results = {result.work.case: result for result in parent.results}
        return {case: (each.verdict.outcome, each.verdict.fingerprint) for case, each in serve.results.items()}

    return serve


RIGHT = (Outcome.RIGHT, "")
KILLS = (Outcome.CRASHED, "crashed kills the service")


def test_a_document_that_kills_the_service_is_told_from_those_that_were_out_with_it(serve):
    found = serve(["a", "b", "kill", "c", "d", "e"])
    assert found == {"a": RIGHT, "b": RIGHT, "kill": KILLS, "c": RIGHT, "d": RIGHT, "e": RIGHT}


def test_alone_it_takes_one_control_to_tell(serve):
    assert serve(["kill"], concurrency=1) == {"kill": KILLS}
    result = serve.results["kill"]
    assert (result.attempts, result.cost) == (2, 2.0), "the control has cost what it has cost"
    assert "the clean document is answered" in result.cause


def test_an_outage_is_nobodys_fault(serve):
    found = serve(["gone", "a", "b"])
    assert {outcome for outcome, _ in found.values()} == {Outcome.VOID}
    assert "the clean document came to nothing as well" in serve.results["gone"].cause


def test_a_gateway_that_fails_for_one_call_while_others_are_answered_has_that_call_to_blame(serve):
    found = serve(["a", "gateway", "b", "c"])
    assert found == {"a": RIGHT, "gateway": KILLS, "b": RIGHT, "c": RIGHT}


def test_a_gateway_that_gives_up_on_a_document_is_not_called_a_service_that_died(serve):
    assert serve(["a", "slow"])["slow"] == (Outcome.CRASHED, "crashed gateway timeout (504)")


def test_what_a_living_service_answers_is_believed(serve):
    assert serve(["broken"])["broken"] == (Outcome.CRASHED, "crashed HTTP 500")


def test_a_clean_call_in_doubt_is_void_where_no_other_document_can_vouch_for_the_service(serve):
    assert serve([], clean=("gone~",))["gone~"][0] is Outcome.VOID


def test_a_clean_document_that_kills_the_service_is_told_by_another_one(serve):
    found = serve([], clean=("a", "b", "kill~", "c"), concurrency=1)
    assert found["kill~"] == KILLS
