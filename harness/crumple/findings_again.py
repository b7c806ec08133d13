"""Findings called again: how each stands now, and of those whose recipes make other documents, what is another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crumple import corpora
from crumple.errors import CrumpleError
from crumple.events import CleanEnded, Ended, Event, Replayed
from crumple.findings.cases import AsKept, Chosen

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.execution.executor import Executor
    from crumple.findings.finding import Finding
    from crumple.findings.folder import Folder


def called_again(
    findings: Sequence[Finding], assembly: Assembly, lanes: AbstractContextManager[Executor]
) -> Iterable[Replayed]:
    """What calling each again says; of those that the run did not come to, why.

    Args:
        findings: open, fixed and accepted ones alike.
        assembly: of the configuration that they are of.
        lanes: what makes the calls; entered where there are any to make.

    Raises:
        CrumpleError: the system cannot be made ready.
    """
    corpus = Chosen(assembly.plan.corpus, frozenset(each.case for each in findings))
    there = {each.id for each in corpus.entries()}
    open_still = {each.id: each for each in findings}
    for finding in findings:
        if finding.case not in there:
            del open_still[finding.id]
            yield Replayed(finding.id, "ERROR", (), f"its case {finding.case!r} is not in the corpus any more")
    clean: CleanEnded | None = None
    reason = ""
    if not open_still:
        return
    narrowed = replace(assembly, plan=replace(assembly.plan, corpus=corpus))
    for event in _run(list(open_still.values()), narrowed, lanes):
        match event:
            case CleanEnded():
                clean = event
            case Replayed(finding=name) if name in open_still:
                finding = open_still.pop(name)
                yield replace(event, why=_clean_failure(finding, clean) or event.why)
            case Ended(reason=reason):
                pass
    for finding in open_still.values():
        why = _clean_failure(finding, clean) or f"it was not come to: {reason or 'the run ended before'}"
        yield Replayed(finding.id, "ERROR", (), why)


def _run(findings: Sequence[Finding], assembly: Assembly, lanes: AbstractContextManager[Executor]) -> Iterable[Event]:
    from crumple.engine import run
    from crumple.mutation.registry import Registry
    from crumple.search.fuzz import Fuzzing, Search

    registry = Registry({each.name: each for each in assembly.registry if not each.control})
    search = Search(width=max(2 * assembly.lanes, assembly.system.concurrency or 0), explores=False)
    plan = replace(
        assembly.plan,
        registry=registry,
        controls=Registry({}),
        calls=None,
        seconds=None,
        cost=None,
        repeat=1,
        again=False,
        round_size=search.width,
    )
    course = Fuzzing(plan, search)
    course.know([each.known(dt.date.today()) for each in findings])
    with lanes as executor:
        yield from run(plan, executor, None, course)


def _clean_failure(finding: Finding, clean: CleanEnded | None) -> str:
    """How the finding's clean document fails now; "" where it does not."""
    if clean is None or finding.case in clean.passed:
        return ""
    for result in clean.results:
        verdict = result.verdict
        if result.work.case != finding.case:
            continue
        if verdict is None:
            return f"its clean document is not called now: {result.skipped}"
        if verdict.failure or verdict.outcome != "right":
            said = result.cause or verdict.fingerprint.removeprefix(f"{verdict.outcome} ")
            return f"its clean document fails now: {verdict.outcome}{f', {said}' if said else ''}"
    return f"its case {finding.case!r} is not right on the clean document now"


def compared(
    others: Sequence[tuple[Replayed, Finding]], assembly: Assembly, root: Path, versions: Mapping[str, str]
) -> Iterable[tuple[Replayed, Finding, bool | None]]:
    """Of findings whose recipes make other documents: what is another now, and whether what was kept still fails."""
    from crumple.findings.folder import Folder

    folder = Folder(root)
    still = dict(_kept_fail([finding for _, finding in others], folder, assembly))
    for event, finding in others:
        why = [event.why, *_differences(finding, assembly, versions)]
        fails = still.get(finding.id)
        if fails is not None:
            why.append(f"the document that was kept {'still fails' if fails else 'fails no more'}")
        yield replace(event, why="; ".join(filter(None, why))), finding, fails


def _differences(finding: Finding, assembly: Assembly, versions: Mapping[str, str]) -> Iterable[str]:
    """What is not as it was when the finding was written, and may make other documents."""
    with suppress(CrumpleError):
        digest = assembly.plan.corpus.load(finding.case).document.digest
        if finding.clean.digest and digest != finding.clean.digest:
            yield "its clean document is another one now"
    for step in finding.steps:
        mutator = assembly.registry.mutators.get(step.mutator)
        if mutator is not None and step.version and mutator.version != step.version:
            yield f"{step.mutator} is another version now"
    then = {"crumple": finding.environment.crumple, **finding.environment.libraries}
    for name, version in then.items():
        now = versions.get(name, "none")
        if version and now != version:
            yield f"{name} {version} then, {now} now"


def _kept_fail(findings: Sequence[Finding], folder: Folder, assembly: Assembly) -> Iterable[tuple[str, bool]]:
    """Whether the documents that were kept still fail as they did, where the clean truth says what is right there."""
    from crumple.execution.local import LocalLanes
    from crumple.recipe import Recipe
    from crumple.replay import replay

    entries = corpora.known(assembly.plan.corpus, frozenset(each.case for each in findings))
    judged = {name for name, each in entries.items() if each.has_truth and not each.stand_in}
    able = [
        each
        for each in findings
        if each.case in judged and assembly.plan.pass_mark is not None and _truth_stays(each, assembly)
    ]
    kept = {
        each.id: (each.case, folder.path / each.id / each.degraded.file)
        for each in able
        if folder.document(each) is not None
    }
    if not kept:
        return
    corpus = AsKept(assembly.plan.corpus, kept)
    plan = replace(assembly.plan, corpus=corpus)
    with LocalLanes(replace(assembly.spec, corpus=corpus), 1) as lanes:
        for finding in able:
            if finding.id not in kept:
                continue
            verdict = replay(plan, assembly.registry, lanes, finding.id, Recipe()).clean.verdict
            if verdict is not None and verdict.outcome != "void":
                known = finding.known(dt.date.today())
                yield finding.id, verdict.failure and known.knows(verdict.fingerprint)


def _truth_stays(finding: Finding, assembly: Assembly) -> bool:
    """Whether the right answer of its document is the clean one's, and nothing but the document was changed."""
    mutators = [assembly.registry.mutators.get(step.mutator) for step in finding.recipe.steps]
    return all(
        each is not None and each.truth == ("same",) and not step.part
        for each, step in zip(mutators, finding.recipe.steps, strict=True)
    )
