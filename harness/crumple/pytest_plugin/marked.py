"""A marked test, carried out as a run is: clean first, then rounds, until its limit is decided or calls are used up."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from crumple import corpora
from crumple.case import Corpus
from crumple.contract.limits import Contract, Limit, Metric
from crumple.course import Course
from crumple.deciding.course import Deciding, largest_round
from crumple.degraded import registry_of
from crumple.engine import run
from crumple.errors import CrumpleError
from crumple.events import CallEnded
from crumple.mutation.registry import Registry
from crumple.plan import Plan
from crumple.pytest_plugin import marks
from crumple.pytest_plugin.in_process import Body, InProcess
from crumple.pytest_plugin.marks import Mark
from crumple.pytest_plugin.reported import told
from crumple.result import Result
from crumple.summary import Tally

_CALLS = 1000


def carry_out(item: pytest.Function, given: pytest.Mark) -> None:
    """Call the body for each document, and fail the item where its limit is broken."""
    try:
        document = _measured(item, marks.read(given))
    except CrumpleError as error:
        pytest.fail(str(error), pytrace=False)
    failures = sum(each["failures"] for each in document["categories"].values())
    row = document["contract"][0]
    if row["state"] == "broken" or (row["bound"] == 0 and failures):
        pytest.fail(f"{failures} of {sum(each['runs'] for each in document['categories'].values())}", pytrace=False)
    if row["state"] == "undecided":
        pytest.skip(f"undecided: {failures} failures")


def _measured(item: pytest.Function, mark: Mark) -> dict[str, Any]:
    chosen = registry_of(mark.use)
    visited = Registry({each.name: each for each in chosen if not each.control})
    plan = Plan(corpus=_corpus(item, mark), registry=visited, levels=mark.levels, seed=mark.seed, again=False)
    limit = Limit(
        of="all", metric=Metric.FAILURES, bound=mark.limit, confidence=mark.confidence, about="these documents"
    )
    contract = Contract((limit,))
    course: Course | None = None
    if mark.limit > 0:
        from dataclasses import replace

        plan = replace(plan, calls=mark.calls or _CALLS, round_size=largest_round(plan, contract))
        course = Deciding(plan, contract)
    tally = Tally(Registry(dict(plan.registry.mutators)), {"id": item.nodeid}, contract=contract)
    arguments = {name: item.funcargs[name] for name in _names(item)}
    with tempfile.TemporaryDirectory() as folder:
        body = Body(lambda each: item.obj(**{**arguments, "degraded": each}), mark.refuses, Path(folder))
        for event in run(plan, InProcess(body, plan.corpus, chosen), None, course):
            tally.add(event)
            if isinstance(event, CallEnded):
                told(item, event.result)
    return tally.document(0.0)


def _names(item: pytest.Function) -> Sequence[str]:
    import inspect

    return [name for name in inspect.signature(item.obj).parameters if name in item.funcargs]


def _corpus(item: pytest.Function, mark: Mark) -> Corpus:
    if isinstance(mark.corpus, str):
        return corpora.folder(item.path.parent / mark.corpus)
    raise CrumpleError("corpus names no folder", where="@pytest.mark.crumple")


__all__ = ["Result", "carry_out"]
