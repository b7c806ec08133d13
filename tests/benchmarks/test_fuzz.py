"""The planted systems are what the benchmark takes them for: clean documents pass, and the bug is there, and is one."""

from __future__ import annotations

import functools

import pytest
from benchmarks.fuzz.figures import quantile
from benchmarks.fuzz.in_process import Direct, InProcess
from benchmarks.fuzz.looked_at import REFUSED, UNSEEN, looked_at
from benchmarks.fuzz.planted import REFUSAL, ROBUST, Planted, planted_systems

from crumple import judges
from crumple.execution.spec import LaneSpec
from crumple.judges.verdict import Policy, verdict
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Work
from crumple.truth import Expectation

SYSTEMS = planted_systems()
PLANTED = [each for each in SYSTEMS if each.kind != ROBUST]
OUTCOMES = {
    "crash": {Outcome.CRASHED},
    "silent wrong": {Outcome.WRONG},
    "wrong refusal": {Outcome.REFUSED},
    "hang": {Outcome.HUNG},
}
_HUNG_AFTER = 0.2


def name(system: Planted) -> str:
    return system.name


@functools.cache
def spec_of(system: Planted) -> LaneSpec:
    return system.spec()


def judged(system: Planted, function: str, document: str, data: bytes) -> Verdict:
    """What a twin makes of a document whose right answer is that of a clean one."""
    spec = spec_of(system)
    reply = Direct(getattr(system.code, function), spec, _HUNG_AFTER if system.kind == "hang" else 5.0).reply(data)
    judge = judges.load(spec.judge, spec.root, spec.judge_options)
    truth = system.code.DOCUMENTS[document][1]
    return verdict(reply, Expectation(truth, refusable=system.kind != REFUSAL), judge, Policy())


def test_there_are_twenty_planted_systems_half_of_them_unseen_and_five_robust_ones() -> None:
    assert len(PLANTED) == 20
    assert sum(each.unseen for each in PLANTED) == 10
    assert len(SYSTEMS) - len(PLANTED) == 5
    assert {each.kind for each in PLANTED} == {*OUTCOMES, "memory"}
    assert {each.format for each in PLANTED} == {"text", "table", "record", "mail", "pdf", "page"}
    assert {each.trigger for each in PLANTED} == {"common", "one position"}
    assert all(each.categories for each in PLANTED)


@pytest.mark.parametrize("system", SYSTEMS, ids=name)
def test_both_twins_read_every_clean_document(system: Planted) -> None:
    truths = [truth for _, truth in system.code.DOCUMENTS.values()]
    assert len(truths) >= 6
    assert all(truths.count(each) == 1 for each in truths)
    for function in ("sound",) if system.kind == ROBUST else ("planted", "sound"):
        for document, data in system.documents.items():
            assert judged(system, function, document, data).outcome is Outcome.RIGHT, (function, document)


@pytest.mark.parametrize("system", PLANTED, ids=name)
def test_its_own_example_triggers_the_bug_and_its_twin_copes(system: Planted) -> None:
    for document, data in system.code.TRIGGERED_BY.items():
        assert not judged(system, "sound", document, data).failure
        if system.kind != "memory":  # nothing here could stop it
            assert judged(system, "planted", document, data).outcome in OUTCOMES[system.kind]


def test_an_executor_in_this_process_degrades_calls_and_judges() -> None:
    system = next(each for each in PLANTED if each.name == "packing_slips")
    recipe = Recipe.parse('encoding.utf16(form="bom",seed=1)')
    for function, outcome in ((system.code.planted, Outcome.CRASHED), (system.code.sound, Outcome.RIGHT)):
        executor = InProcess(function, system.spec())
        executor.put([Work(1, "slip-1.txt", recipe)])
        (result,) = executor.results()
        assert result.verdict is not None
        assert result.verdict.outcome is outcome
        assert executor.pending == 0


def test_refusing_is_acceptable_but_where_refusing_is_the_bug() -> None:
    crash, refusal = (next(each for each in PLANTED if each.kind == kind) for kind in ("crash", REFUSAL))
    assert all(each.refusable_from is not None for each in crash.registry()[0])
    assert any(each.refusable_from is None for each in refusal.registry()[0])
    assert not refusal.spec().refusable


def test_what_nobody_has_looked_at_is_no_true_alarm() -> None:
    assert looked_at("tally_sheets", "wrong", ["scan.skew"]) == (False, UNSEEN)
    assert looked_at("claim_mails", "refused", ["text.case"]) == (True, REFUSED)


def test_what_is_never_found_counts_as_later_than_anything() -> None:
    assert quantile([3, float("inf"), 1], 0.5) == 3
    assert quantile([3, float("inf"), 1], 0.9) == float("inf")
