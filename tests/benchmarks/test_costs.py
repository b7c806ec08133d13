"""What `benchmarks.costs` measures with: each document once, every mutator's turns, one answer in five wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.costs import figures, kinds, samples
from benchmarks.costs.figures import Costs
from benchmarks.costs.stored import Client
from benchmarks.costs.wire import Wire

from doc_examples import ROOT

TEXT, PAGE = "text, a letter", "PNG, places looked up"
CLIENT = Client(cpu=0.1, memory=250.0, least=1e8, sqlite=200.0, postgresql=None)
COSTS = Costs(adapters=(), kinds=(), wire=None, client=CLIENT)


def test_each_document_is_met_once_and_mutators_take_turns(tmp_path: Path) -> None:
    corpus = samples.written(tmp_path, TEXT, 200)
    works = samples.works(corpus, TEXT)
    assert [each.case for each in works] == list(corpus.names)
    known = samples.mutators(TEXT)
    assert {each.mutator for each in works} <= set(known)
    assert len({each.mutator for each in works}) > len(known) / 2
    assert {each.level for each in works} == set(samples.LEVELS)
    assert works == samples.works(corpus, TEXT)


def test_one_answer_in_five_is_wrong(tmp_path: Path) -> None:
    corpus = samples.written(tmp_path, TEXT, 10)
    truths = [corpus.load(each).truth for each in corpus.names]
    wrong = [at for at, truth in enumerate(truths) if samples._answer(truth, at) != truth]
    assert wrong == [0, 5]


@pytest.mark.parametrize(("kind", "known"), [("PNG, a page at 200 dpi", True), (PAGE, False)])
def test_only_some_pages_say_where_what_stands(tmp_path: Path, kind: str, known: bool) -> None:
    corpus = samples.written(tmp_path, kind, 1)
    assert bool(corpus.load(corpus.names[0]).regions) is known


def test_a_kind_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    found = kinds.measured(tmp_path / "text", TEXT, 12)
    assert 0 < found.calls <= 12
    assert min(found.size, found.degraded, found.degrade, found.judge, found.whole) > 0
    assert 0 <= found.skipped < 100


def test_what_a_machine_cannot_measure_stays_what_it_was() -> None:
    wire = {"bytes_in_a_batch": 1, "bytes_alone": 2, "calls_a_batch": 3, "cpu_in_a_batch": 4, "cpu_alone": 5}
    before = {"wire": wire, "client": {"postgresql": 350.0}}
    whole = COSTS.with_missing(before)
    assert (whole.wire, whole.client.postgresql) == (Wire(**wire), 350.0)
    measured = replace(COSTS, client=replace(CLIENT, postgresql=1.0))
    assert measured.with_missing(before).client.postgresql == 1.0
    assert COSTS.with_missing({}) == COSTS


def test_what_is_kept_is_what_the_page_reckons_with() -> None:
    known = figures.known()
    assert {each["kind"] for each in known["kinds"]} == set(samples.KINDS)
    assert known["client"]["postgresql"] > 0
    Wire(**known["wire"])
