"""What a mutator says of the right answer is true: a capable reader undoes it, and what is not lost is right again.

The reader knows the mutator and its parameters, as somebody does who has seen this kind of damage before. It sees
neither the clean document nor the seed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

import oracles
from crumple import AnyOf, Document, NotApplicable, Recipe, Step
from crumple.judges.alignment import align
from crumple.judges.fields import fields
from crumple.mutation.apply import degrade
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.changes.telling import may_be_told
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.plan import acts_on
from crumple.truth import covers, leaves, pointer
from oracles.orders import FORM, NAMES, OFFICE, case, read_plainly
from volume import WHOLE

MUTATORS = discover().mutators
PROVED = ("encoding", "text", "table", "form", "language", "format", "truncation", "corruption", "scope")
SEEDS = (1, 2, 3)
FILES = (*NAMES, *OFFICE, FORM)
JUDGE = fields()
CACHE = ViewCache()
"""As in a lane: the clean orders are opened once, for all mutators."""


def undo() -> Mapping[str, Callable[[Document, Step], Document]]:
    """What undoes each mutator, from every module of oracles."""
    found: dict[str, Callable[[Document, Step], Document]] = {}
    for module in pkgutil.iter_modules(oracles.__path__):
        found |= getattr(importlib.import_module(f"oracles.{module.name}"), "UNDO", {})
    return found


UNDO = undo()


def recipes(mutator: Mutator) -> list[tuple[str, Step]]:
    """What is tried: every file at the highest level and in turn at one below it, each seed in turn.

    Of few files it is every level by every seed.
    """
    levels = (1, 3, 5) if mutator.ladder else (mutator.level,)
    files = [file for file in FILES if acts_on(mutator, case(file).document.media_type)]
    return [
        (file, mutator.step(level, seed))
        for at, file in enumerate(files)
        for place, level in enumerate(levels)
        if WHOLE or len(files) < len(SEEDS) or level == levels[-1] or place == at % 2
        for seed in (SEEDS if len(files) < len(SEEDS) else (SEEDS[(at + place) % len(SEEDS)],))
    ]


@pytest.mark.parametrize("name", [name for name, each in MUTATORS.items() if each.category in PROVED])
def test_what_is_not_lost_is_read_again_by_a_capable_reader(name: str) -> None:
    mutator, judged = MUTATORS[name], 0
    for file, step in recipes(mutator):
        try:
            degraded = degrade(case(file), Recipe((step,)), MUTATORS, CACHE)
        except NotApplicable:
            continue
        lost = degraded.expectation.lost
        if "" in lost:
            continue
        assert name in UNDO, f"{name} leaves fields to be read in {file}, and nothing undoes it"
        document = UNDO[name](degraded.document, step)
        answer = _without(lost, read_plainly(document), degraded.expectation.truth)
        judgement = JUDGE.judge(answer, degraded.expectation.truth, lost)
        assert judgement.score == 1, (
            f"{file} > {step}: {judgement.wrong + judgement.abstained} of {answer}\n"
            f"expected {degraded.expectation}\nundone {document.data[:2000]!r}"
        )
        judged += 1
    if name in UNDO and name not in NO_ORDER:
        assert judged, "no order was judged: give UNDO only what is needed"


def cut(file: str, step: Step) -> tuple[Degradation, Step] | None:
    """An order of which every second change of a step was undone; None where they cannot be told apart."""
    try:
        count = degrade(case(file), Recipe((step,)), MUTATORS, CACHE, counts=True).changes[0]
        if count < 2:
            return None
        half = replace(step, only=",".join(map(str, range(0, count, 2))))
        return degrade(case(file), Recipe((half,)), MUTATORS, CACHE), half
    except NotApplicable:
        return None


@pytest.mark.parametrize("category", PROVED)
def test_what_is_not_lost_is_read_again_where_only_some_changes_are_kept(category: str) -> None:
    """On the first of three orders of each mutator on which there are several."""
    judged = 0
    for name, mutator in MUTATORS.items():
        if mutator.category != category or name not in UNDO or not may_be_told(mutator):
            continue
        tried = (cut(*each) for each in recipes(mutator)[1:4] if each[0] != FORM)
        degraded, step = next(filter(None, tried), (None, None))
        if degraded is None or "" in degraded.expectation.lost:
            continue
        lost, truth = degraded.expectation.lost, degraded.expectation.truth
        answer = _without(lost, read_plainly(UNDO[name](degraded.document, step)), truth)
        assert JUDGE.judge(answer, truth, lost).score == 1, f"{step}: {answer}\nexpected {degraded.expectation}"
        judged += 1
    assert judged or category in {"language", "truncation", "corruption", "scope"}, "none has several changes"


NO_ORDER: frozenset[str] = frozenset()
"""What an order gives no occasion for; the mutator's own tests prove what it says."""


def _without(lost: frozenset[str], answer: Any, truth: Any, path: str = "") -> Any:
    """An answer without what may be missing from it: a lost value is not told from a damaged one by reading."""
    if isinstance(truth, AnyOf):
        return _without(lost, answer, truth.options[0], path)
    if covers(path, lost):
        return None
    if isinstance(truth, Mapping) and isinstance(answer, dict):
        return {key: _without(lost, value, truth.get(key), path + pointer(key)) for key, value in answer.items()}
    if isinstance(truth, list) and isinstance(answer, list):
        items = {there: here for here, there in _pairs(lost, truth, answer, path) if there is not None}
        return [
            value if items.get(at) is None else _without(lost, value, truth[items[at]], path + pointer(items[at]))
            for at, value in enumerate(answer)
        ]
    return answer


def _pairs(lost: frozenset[str], truth: list[Any], answer: list[Any], path: str) -> list[tuple[int | None, int | None]]:
    """Which item of the truth an item of the answer is, as the judge pairs them."""
    kept = [at for at in range(len(truth)) if not _gone(lost, truth[at], path + pointer(at))]
    if len(truth) == len(answer):
        return [(at, at) for at in range(len(truth))]
    if len(kept) == len(answer):
        return [(here, there) for there, here in enumerate(kept)]
    return align(truth, answer, 10_000)


def _gone(lost: frozenset[str], truth: Any, path: str) -> bool:
    return all(covers(where, lost) for where, _ in leaves(truth, path))


@pytest.mark.parametrize("file", FILES)
def test_the_plain_reader_reads_every_clean_order(file: str) -> None:
    clean = case(file)
    assert JUDGE.judge(read_plainly(clean.document), clean.truth, frozenset()).score == 1
