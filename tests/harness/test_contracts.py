"""From [contract] to the limits that a run is held to, checked against system, corpus, mutators and the pin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crumple import pin_file
from crumple.assembly import Wishes, assemble
from crumple.config.loading import load
from crumple.contract.ledger import Ledger
from crumple.contract.limits import THESE, Contract, Metric, Pin, State
from crumple.contract.verdicts import decisions
from crumple.contracts import contract_of
from crumple.errors import CrumpleError
from engine_scripts import A, B, registry
from ledgers import calls, clean, rounds
from ledgers import limit as of_text

SYSTEM = '[system]\ncall = "mine:read"\n'
CORPUS = '[corpus]\ngenerate = "invoices"\ncount = 2\n'
MUTATE = '[mutate]\nuse = ["encoding", "scan.skew", "scan.half_turn"]\nlevels = [1, 3]\n'


def made(
    tmp_path: Path,
    *limits: str,
    system: str = SYSTEM,
    corpus: str = CORPUS,
    more: str = "",
    wishes: Wishes | None = None,
) -> Contract:
    tables = "".join(f"[[contract.limit]]\n{each}\n" for each in limits)
    (tmp_path / "crumple.toml").write_text(system + corpus + MUTATE + more + tables)
    config = load(tmp_path / "crumple.toml", {})
    assembly = assemble(config, wishes)
    return contract_of(config, assembly.registry, assembly.plan)


def error(tmp_path: Path, *limits: str, system: str = SYSTEM, corpus: str = CORPUS, more: str = "") -> str:
    with pytest.raises(CrumpleError) as caught:
        made(tmp_path, *limits, system=system, corpus=corpus, more=more)
    return str(caught.value)


def folder(tmp_path: Path, *, truths: int, stand_ins: int = 0) -> str:
    """A corpus of three files, some with a truth, some of those what the system itself has said."""
    (tmp_path / "corpus").mkdir()
    for number in range(3):
        (tmp_path / "corpus" / f"{number}.json").write_text('{"total": 1}')
        if number < truths:
            truth = {"$stand_in": True, "$truth": {"total": 1}} if number < stand_ins else {"total": 1}
            (tmp_path / "corpus" / f"{number}.json.truth.json").write_text(json.dumps(truth))
    return '[corpus]\npath = "corpus"\n'


def test_without_a_section_there_are_no_limits(tmp_path: Path) -> None:
    assert made(tmp_path) == Contract()


def test_limits_stand_in_the_order_of_the_file_with_what_they_leave_out(tmp_path: Path) -> None:
    contract = made(
        tmp_path,
        'of = "scan"\nfailures = "5%"\nup_to_level = 2\nconfidence = 0.8',
        'of = "clean"\nlatency_p95 = "2s"\nabout = "these documents"',
        more='[contract]\nconfidence = "99%"\n',
    )
    first, second = contract.limits
    assert (first.of, first.metric, first.bound, first.up_to_level, first.confidence) == (
        "scan",
        Metric.FAILURES,
        0.05,
        2,
        0.8,
    )
    assert (second.about, second.confidence, second.bound, second.up_to_level) == (THESE, 0.99, 2, 5)
    assert contract.pin is None
    assert not contract.partial


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (
            'of = "scna"\nfailures = 0.1',
            "line 10, [contract]: limit 1: 'scna' is neither a category nor a mutator. Did you",
        ),
        ('of = "scna"\nfailures = 0.1', "mean 'scan'? Allowed: all, clean, production,"),
        ('of = "skew"\nfailures = 0.1', "Did you mean 'scan.skew'? `crumple list` shows every mutator."),
        ('of = "scan.rasterise"\nfailures = 0.1', "scan.rasterise only writes documents anew, and is in no rate"),
        ('of = "truncation"\nfailures = 0.1', "truncation is never run, for [mutate] use (line 7) leaves it out."),
        ('of = "scan.defocus"\nfailures = 0.1', 'leaves it out. Add "scan.defocus" there, or remove the limit.'),
        ('of = "production"\nfailures = 0.1', "production is weighted by the mix, and there is no section [mix]"),
        (
            'of = "scan"\nfailures = 0.1\nup_to_level = 0.5',
            "line 12, [contract]: limit 1: no level up to 0.5 is run of scan",
        ),
        (
            'of = "scan"\nfailures = 0.1\nup_to_level = 0.5',
            "[mutate] levels are 1, 3: add one there, or raise up_to_level.",
        ),
        (
            'of = "scan.half_turn"\nfailures = 0.1\nup_to_level = 1',
            "scan.half_turn has no level but 3, and none is at most 1",
        ),
        (
            'of = "clean"\nfailures = 0.1\nup_to_level = 1',
            "line 12, [contract]: limit 1: clean documents have no level",
        ),
        ('of = "scan"\ncost_mean = 0.1', "line 11, [contract]: limit 1: nothing says what a call costs."),
        ('of = "scan"\nvalid = 0.9', 'Name its file: [judge] schema = "answer.schema.json".'),
        (
            'of = "scan"\nfailures = 0',
            "no number of calls shows that at most 0 % holds, for the next one may be the first",
        ),
        ('of = "scan"\nfailures = 0', '"1%" takes 299 calls of which none fails.'),
        ('of = "scan"\naccuracy = 1.0', "no number of calls shows that at least 100 % holds"),
    ],
)
def test_a_limit_that_means_nothing_here_is_said_with_its_line(tmp_path: Path, limit: str, said: str) -> None:
    assert said in error(tmp_path, limit)


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    said = error(
        tmp_path,
        'of = "scan"\nfailures = "5%"',
        'of = "scan"\ncost_mean = 1',
        'of = "scan"\nfailures = "3%"',
        'of = "scan"\nsilent = "4%"',
        'of = "nothing"\nsilent = "4%"',
    ).splitlines()
    assert [line.partition("limit ")[2][0] for line in said] == ["2", "3", "4", "5"]
    assert "limit 3: it contradicts limit 1 (line 9)" in said[1]
    assert "limit 4: it can never be broken before limit 3 (line 15)" in said[2]


def test_what_can_be_counted_to_the_last_may_be_none_or_all(tmp_path: Path) -> None:
    contract = made(tmp_path, 'of = "clean"\nfailures = "0%"\nabout = "these documents"')
    assert contract.limits[0].bound == 0


def test_a_limit_on_cost_stands_where_a_call_has_a_cost(tmp_path: Path) -> None:
    contract = made(tmp_path, 'of = "all"\ncost_mean = 0.01', system=SYSTEM + "cost = 0.004\n")
    assert contract.limits[0].metric is Metric.COST


def test_a_batch_has_no_time_of_a_single_call(tmp_path: Path) -> None:
    said = error(
        tmp_path, 'of = "clean"\nlatency_p95 = "2s"', system='[system]\nbatch = ["x", "{input}", "{output}"]\n'
    )
    assert "a batch does not say how long one document takes" in said


@pytest.mark.parametrize(
    ("truths", "stand_ins", "said"),
    [
        (0, 0, "accuracy is held against the truth, and no case has one"),
        (2, 0, "accuracy is held against the truth, and 1 of 3 cases have none"),
        (3, 2, "of 2 of 3 cases that is what the system itself has said, and nobody has confirmed"),
    ],
)
def test_accuracy_needs_a_truth_that_somebody_knows(tmp_path: Path, truths: int, stand_ins: int, said: str) -> None:
    corpus = folder(tmp_path, truths=truths, stand_ins=stand_ins)
    assert said in error(tmp_path, 'of = "clean"\naccuracy = "90%"', corpus=corpus)
    assert made(tmp_path, 'of = "clean"\nfailures = "10%"', corpus=corpus).limits


def test_accuracy_stands_where_every_case_has_one(tmp_path: Path) -> None:
    corpus = folder(tmp_path, truths=3)
    assert made(tmp_path, 'of = "clean"\naccuracy = "90%"', corpus=corpus).limits[0].metric is Metric.ACCURACY


def test_the_pin_beside_the_file_is_the_contracts(tmp_path: Path) -> None:
    pin = Pin({"scan.skew": "0a1b2c3d"}, (1.0,))
    pin_file.write(tmp_path, pin)
    assert made(tmp_path, 'of = "scan"\nfailures = "5%"').pin == pin


@pytest.mark.parametrize(
    ("wishes", "partial"),
    [
        (Wishes(use=("scan.skew",)), {0: "this run leaves out scan.half_turn, which it is about", 1: "and 5 more"}),
        (Wishes(levels=(1,)), {0: "this run leaves out level 3, which it is about", 1: "level 3"}),
        (Wishes(levels=(1, 3, 5)), {}),
        (Wishes(calls=500, seed=7), {}),
    ],
)
def test_what_the_command_line_leaves_out_is_not_decided_and_no_error(
    tmp_path: Path, wishes: Wishes, partial: dict[int, str]
) -> None:
    contract = made(
        tmp_path,
        'of = "scan"\nfailures = "5%"',
        'of = "all"\nfailures = "6%"',
        'of = "scan.skew"\nfailures = "7%"\nup_to_level = 1',
        'of = "clean"\nfailures = "5%"',
        wishes=wishes,
    )
    assert set(contract.partial) == set(partial)
    if 0 in partial:
        assert contract.partial[0] == partial[0]


def test_levels_of_the_pin_that_are_not_run_leave_their_limits_open(tmp_path: Path) -> None:
    made(tmp_path, 'of = "scan"\nfailures = "5%"')
    pin_file.write(tmp_path, Pin({"scan.skew": "0a1b2c3d"}, (1.0, 5.0)))
    contract = made(tmp_path, 'of = "scan.skew"\nfailures = "5%"', 'of = "scan.skew"\nfailures = "4%"\nup_to_level = 3')
    assert contract.partial == {0: "this run leaves out level 5, which it is about"}


@pytest.mark.parametrize("failing", [0, 100])
def test_a_limit_that_is_partial_comes_out_undecided_whatever_was_seen(failing: int) -> None:
    why = "this run leaves out level 3, which it is about"
    for partial, settled in (({}, True), ({0: why}, False)):
        seen = Ledger(Contract((of_text(),), partial=partial), registry(A, B))
        for event in (clean(100), *rounds(calls(failing, of=100))):
            seen.add(event)
        (decision,) = decisions(seen)
        assert (decision.state is not State.UNDECIDED) == settled
        assert decision.why == ("" if settled else why)
