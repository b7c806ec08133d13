"""Findings whose recipes make other documents than they did: what is another now, and what was kept of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.events import Replayed
    from crumple.findings.finding import Finding
    from crumple.findings.folder import Folder


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
    from crumple.findings.cases import AsKept
    from crumple.recipe import Recipe
    from crumple.replay import replay

    judged = {each.id for each in assembly.plan.corpus.entries() if each.has_truth and not each.stand_in}
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
