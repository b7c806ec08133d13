"""A marked test, carried out as a run is: clean first, then rounds, until its limit is decided or calls are used up."""

from __future__ import annotations

import contextlib
import platform
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pytest

from crumple.contract.demand import Demand, demand
from crumple.contract.limits import ALL, THESE, Contract, Limit, Metric
from crumple.deciding.course import Deciding, largest_round
from crumple.engine import run
from crumple.errors import CrumpleError, NotApplicable
from crumple.events import CallEnded
from crumple.execution.ingredients import libraries
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.plan import Plan, controlled, offered, population
from crumple.pytest_plugin import exceptions, isolation, marked_words, marks
from crumple.pytest_plugin.failure_table import failure_table
from crumple.pytest_plugin.in_process import Body, InProcess
from crumple.pytest_plugin.marks import Mark
from crumple.pytest_plugin.reported import measured, told
from crumple.pytest_plugin.sampling import Sampled
from crumple.pytest_plugin.source import Chosen, Source, source_of
from crumple.pytest_plugin.warned import CleanFailureWarning, SkippedWarning
from crumple.pytest_plugin.worker_calls import Workers
from crumple.result import Result, simplest
from crumple.soundness import many_fail_clean, void_reason
from crumple.summary import Tally

MOST: Final = 1000
"""How many degraded documents at most, where nobody says it."""
FEW: Final = 100
"""How many degraded documents, where every failure is one too many and nobody says it."""
_CLEAN_SHARE, _FEWEST_CLEAN = 3, 10
_MOST_KINDS = 200


@dataclass(slots=True)
class Measured:
    """What has come of a test.

    Attributes:
        document: as of every run.
        examples: the simplest failure of each kind, by its fingerprint.
        clean: the clean documents that are not right.
        error: what the first of these has raised.
        skips: how many degraded documents the test has skipped, and why the last one.
    """

    document: dict[str, Any] = field(default_factory=dict)
    examples: dict[str, Result] = field(default_factory=dict)
    clean: list[Result] = field(default_factory=list)
    error: BaseException | None = None
    skips: tuple[int, str] = (0, "")

    def add(self, result: Result) -> None:
        """Keep what is shown of a call."""
        verdict = result.verdict
        if not result.work.recipe.steps:
            skipped = verdict is None and result.made
            if not skipped and (verdict is None or verdict.outcome not in (Outcome.RIGHT, Outcome.VOID)):
                self.clean.append(result)
        elif verdict is None and result.made:
            self.skips = self.skips[0] + 1, result.skipped
        elif verdict is not None and verdict.failure and result.work.mutator and result.work.round >= 0:
            other = self.examples.get(verdict.fingerprint)
            if other is not None:
                self.examples[verdict.fingerprint] = min(other, result, key=simplest)
            elif len(self.examples) < _MOST_KINDS:
                self.examples[verdict.fingerprint] = result


def read(item: pytest.Function, given: pytest.Mark) -> tuple[Mark, Source]:
    """What a test's mark says, and what its documents are drawn from.

    Raises:
        CrumpleError: it cannot be understood, or names what there is not.
    """
    root = item.config.rootpath
    mark = marks.read(given, marks.place_of(item.obj, item.path, root), (item.path.parent, root))
    return mark, source_of(item, mark)


def carry_out(item: pytest.Function, given: pytest.Mark) -> None:
    """Call the body for each document, and fail the item where its limit is broken."""
    __tracebackhide__ = True
    try:
        mark, source = read(item, given)
        isolation.check(item)
        found = _measured(item, mark, source)
    except CrumpleError as error:
        reason = str(error)
    else:
        # What is shown of it and written elsewhere is what may be stored.
        measured(item, source.discretion.stored_document(found.document), replay=marked_words.command(item))
        _conclude(item, mark, source, found)
        return
    pytest.fail(reason, pytrace=False)


@contextlib.contextmanager
def body_of(item: pytest.Function, mark: Mark) -> Iterator[Body]:
    """A test's body, with what it needs until it is through: a folder, and workers."""
    with tempfile.TemporaryDirectory(prefix="crumple-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        workers = Workers(mark, folder)
        arguments = isolation.Arguments(item)
        function = item.obj
        try:
            yield Body(lambda each: arguments.call(function, each), mark.refuses, folder, workers, item.config.rootpath)
        finally:
            workers.close()


def _limit(mark: Mark) -> Limit:
    return Limit(of=ALL, metric=Metric.FAILURES, bound=mark.limit, confidence=mark.confidence, about=THESE)


def _measured(item: pytest.Function, mark: Mark, source: Source) -> Measured:
    """Carry out the run of one test."""
    calls = item.config.getoption("--crumple-calls") or mark.calls or (MOST if mark.limit > 0 else FEW)
    limit = _limit(mark)
    contract = Contract((limit,))
    source, plan = _planned(source, calls)
    size = largest_round(plan, contract)
    watched = mark.limit > 0 and calls >= size and not _is_between(demand(limit), calls, size)
    if watched:
        trips = controlled(plan)
        clean = sum(1 + len(list(trips(each))) for each in offered(plan))
        plan = replace(plan, calls=calls + clean, round_size=size)
    course = Deciding(plan, contract) if watched else Sampled(plan, calls)
    tally = Tally(source.every, _info(item, source), contract=contract)
    found, began = Measured(), time.monotonic()
    with body_of(item, mark) as body:
        executor = InProcess(body, source)
        with contextlib.closing(run(plan, executor, None, course)) as events:  # type: ignore[type-var]
            for event in events:
                tally.add(event)
                if isinstance(event, CallEnded):
                    found.add(event.result)
                    if event.result.work.round >= 0 or not event.result.work.recipe.steps:
                        told(item, event.result)  # a round trip is neither clean nor degraded
    found.error = executor.clean_failure
    found.document = tally.document(time.monotonic() - began)
    if mark.limit == 0:
        found.document["contract"][0] |= marked_words.none_may(found.document)
    return found


def _is_between(wanted: Demand, calls: int, size: int) -> bool:
    """Whether so many calls can decide a limit looked at once, in the end, and not where each round is looked at."""
    if wanted.fixed is None or wanted.watched is None:
        return False
    return wanted.fixed <= calls < wanted.watched + size


def _planned(source: Source, calls: int) -> tuple[Source, Plan]:
    """The plan of all mutators on a fair choice of the cases, and the source with no others.

    Raises:
        CrumpleError: the corpus is empty.
    """
    plan = Plan(source.corpus, source.visited, source.controls, source.levels, source.seed, calls=None, again=False)
    entries = population(plan)
    kinds = len({each.media_type for each in entries})
    entries = entries[: max(-(-calls // _CLEAN_SHARE), _FEWEST_CLEAN, kinds)]
    visited = source.visited
    if not any(each.has_truth for each in entries):
        visited = Registry({each.name: each for each in visited if each.truth != ("new",)})
    # The test's own assertions say what is right, so one clean call does.
    chosen = Chosen(source.corpus, tuple(replace(each, has_truth=True) for each in entries))
    source = replace(source, corpus=chosen, visited=visited)
    always = frozenset(each.id for each in entries)
    return source, replace(plan, corpus=chosen, registry=visited, always=always)


def _info(item: pytest.Function, source: Source) -> Mapping[str, Any]:
    """What is known of it beforehand."""
    return {
        "id": item.nodeid,
        "seed": source.seed,
        "levels": list(source.levels),
        "corpus": source.corpus.name,
        "corpus_cases": len(source.corpus.entries()),
        "repeat": 1,
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "versions": dict(libraries()) | {"python": platform.python_version()},
    }


def _conclude(item: pytest.Function, mark: Mark, source: Source, found: Measured) -> None:
    """Fail, skip or pass, by what has come of it."""
    __tracebackhide__ = True
    document = found.document
    if document["run"]["ended"] == "all fail clean":
        if found.clean:
            _all_fail_clean(source, found)
        if found.error is not None:
            raise found.error  # the test has skipped every clean document
    if reason := void_reason(document):
        if found.skips[0] and not document["void"]["calls"]:
            raise _left_out(found.skips[1])
        pytest.fail(marked_words.void(reason, document), pytrace=False)
    row = document["contract"][0]
    if row["state"] == "broken":
        pytest.fail(marked_words.message(item, document, found.examples.values(), found.clean), pytrace=False)
    _warn(item, found)
    if row["state"] == "undecided":
        lacking = marked_words.undecided(document, demand(_limit(mark)).fixed)
        if item.config.getoption("--crumple-strict"):
            pytest.fail("\n".join([lacking, "", *failure_table(document)]), pytrace=False)
        raise _left_out(lacking)


def _warn(item: pytest.Function, found: Measured) -> None:
    """Say what the rates leave out."""
    if found.clean:
        short = not many_fail_clean(found.document)
        item.warn(CleanFailureWarning(marked_words.clean_failures(found.clean, found.document, short=short)))
    if many := marked_words.many_skipped(found.document, found.skips[0]):
        item.warn(SkippedWarning(many))


def _left_out(why: str) -> BaseException:
    return pytest.skip.Exception(why, _use_item_location=True)  # where the test stands, not where this does


def _all_fail_clean(source: Source, found: Measured) -> None:
    """Fail as the test itself has on the first clean document."""
    __tracebackhide__ = True
    count = len(found.clean)
    which = "the clean document" if count == 1 else f"the first of {count} clean documents, which all fail"
    words = f"{which}: {found.clean[0].work.case}; none was degraded"
    error = found.error
    if (
        error is None
        or source.discretion.redact
        or source.discretion.secrets
        or isinstance(error, (CrumpleError, NotApplicable))
    ):
        detail = found.clean[0].detail or found.clean[0].cause or found.clean[0].skipped
        if isinstance(error, CrumpleError):
            detail = "\n".join(exceptions.said(error))
        pytest.fail(f"{words}\n{detail}", pytrace=False)
    error.add_note(f"(crumple: {words})")
    raise error
