"""From what a search has discovered to the finding that is kept of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crumple.discretion import Discretion, general
from crumple.errors import CrumpleError
from crumple.events import Discovery
from crumple.findings.finding import (
    Change,
    Environment,
    Finding,
    Minimising,
    Seen,
    StepSaid,
    id_of,
)
from crumple.findings.papers import Papers
from crumple.findings.status import concealed
from crumple.findings.traces import frames, without_paths
from crumple.findings.typed_json import made, plain
from crumple.findings.words import amount
from crumple.mutation.registry import Registry
from crumple.plain_text import visible
from crumple.recipe import Step
from crumple.result import Result
from crumple.truth import ABSENT

_NO_LIBRARIES = ("crumple", "python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What of a project and its run findings are written with.

    Attributes:
        root: the project's folder.
        registry: every mutator that there is.
        discretion: what may be shown at all.
        full: whether texts of documents and answers may be in what is kept.
        run: the run's id.
        config: the configuration's file name, where it is not the one that is found by itself.
        environment: versions.
    """

    root: Path
    registry: Registry
    discretion: Discretion
    full: bool
    run: str = ""
    config: str = ""
    environment: Environment = field(default_factory=Environment)


def environment_of(info: Mapping[str, Any], platform: str) -> Environment:
    """The versions that a run's document says."""
    versions = {str(name): str(each) for name, each in dict(info.get("versions") or {}).items()}
    return Environment(
        crumple=versions.get("crumple", ""),
        python=versions.get("python", ""),
        platform=platform,
        system=str(info.get("system") or ""),
        libraries={name: each for name, each in sorted(versions.items()) if name not in _NO_LIBRARIES},
    )


def id_for(discovery: Discovery) -> str:
    """The id that a discovery has as a finding, as far as it is known."""
    return id_of(discovery.fingerprints[0], discovery.example.work.recipe)


def finding_of(discovery: Discovery, papers: Papers, setting: Setting, today: dt.date) -> Finding:
    """A new finding.

    Args:
        discovery: as the search has it.
        papers: its documents.
        setting: see there.
        today: when it was met.
    """
    example = discovery.example
    finding = Finding(
        id=id_for(discovery),
        case=example.work.case,
        recipe=example.work.recipe,
        steps=tuple(_said(step, setting.registry) for step in example.work.recipe.steps),
        fingerprints=marks_of(discovery.fingerprints, setting),
        shows=marks_of((example.verdict.fingerprint,), setting)[0] if example.verdict is not None else "",
        outcome=str(example.verdict.outcome) if example.verdict is not None else "",
        score=example.verdict.score if example.verdict is not None else 0.0,
        wrong=example.verdict.wrong if example.verdict is not None else (),
        abstained=example.verdict.abstained if example.verdict is not None else (),
        stand_in=example.work.stand_in is not ABSENT,
        clean=papers.clean,
        degraded=replace(papers.degraded, digest=example.digest or papers.degraded.digest),
        difference=papers.difference,
        kept=papers.kept,
        environment=setting.environment,
        first_seen=Seen(date=today, run=setting.run),
        last_seen=Seen(date=today, run=setting.run, count=discovery.count),
        seen=discovery.count,
        minimised=_minimised(discovery),
        history=(Change(state="open", when=today, why="found"),),
        config=setting.config,
    )
    return discreet(_told(finding, example, setting), setting)


def discreet(finding: Finding, setting: Setting) -> Finding:
    """The same without what came from the environment; most of it has left its lane like that already."""
    if not setting.discretion.secrets:
        return finding
    return made(Finding, setting.discretion.shown_document(plain(finding)))


def _told(finding: Finding, example: Result, setting: Setting) -> Finding:
    """The same with what the system said, as far as it may be kept."""
    where = frames(example.detail, setting.root)
    if not setting.full:
        return replace(finding, cause=general(example.cause), frames=where)
    return replace(
        finding,
        cause=without_paths(example.cause, setting.root),
        frames=where,
        detail=without_paths(example.detail, setting.root),
        expected=example.expected,
        answer=example.answer,
    )


def marks_of(fingerprints: tuple[str, ...], setting: Setting) -> tuple[str, ...]:
    """Fingerprints as they may be kept."""
    return fingerprints if setting.full else tuple(dict.fromkeys(concealed(each) for each in fingerprints))


def _minimised(discovery: Discovery) -> Minimising:
    recipe = discovery.example.work.replay
    first = discovery.first.work.replay
    return Minimising(
        state=discovery.state,
        calls=discovery.calls,
        tries=discovery.tries,
        failed=discovery.failed,
        why=discovery.why,
        met_by=first if first != recipe else "",
        bounds=_bounds(discovery),
    )


def _bounds(discovery: Discovery) -> tuple[str, ...]:
    """From where on it fails, and how little of what the steps change is needed, a sentence each."""
    steps = discovery.example.work.recipe.steps
    said = []
    for each in discovery.thresholds:
        less = "" if each.passes is None else f", and not with {amount(each.parameter, each.passes, each.unit)}"
        said.append(f"{steps[each.step].mutator} fails from {amount(each.parameter, each.fails, each.unit)} on{less}.")
    for step, (left, of) in zip(steps, discovery.kept, strict=False):
        if 0 < left < of:
            said.append(f"Of the {of} changes that {step.mutator} makes, {left} {'is' if left == 1 else 'are'} enough.")
    return tuple(said)


def again(finding: Finding, discovery: Discovery, setting: Setting, today: dt.date) -> Finding:
    """A finding that is there, met by this run: seen once more, and how often in this run."""
    same_run = finding.last_seen.run == setting.run != ""
    before = finding.seen - (finding.last_seen.count if same_run else 0)
    marks = tuple(dict.fromkeys((*finding.fingerprints, *marks_of(discovery.fingerprints, setting))))
    return replace(
        finding,
        fingerprints=marks,
        last_seen=Seen(date=today, run=setting.run, count=discovery.count),
        seen=before + discovery.count,
    )


def taken_over(finding: Finding, old: Finding) -> Finding:
    """A finding in the place of what was kept of it before: its past and what people have said of it stay."""
    count = finding.last_seen.count
    before = old.seen - (old.last_seen.count if old.last_seen.run == finding.last_seen.run != "" else 0)
    return replace(
        finding,
        state=old.state,
        accepted=old.accepted,
        replayed=old.replayed,
        history=old.history,
        first_seen=min(old.first_seen, finding.first_seen, key=lambda each: each.date),
        seen=before + count,
        fingerprints=tuple(dict.fromkeys((*finding.fingerprints, *old.fingerprints))),
    )


def _said(step: Step, registry: Registry) -> StepSaid:
    """A step in words; of a mutator that is not there any more, its name."""
    said = StepSaid(mutator=step.mutator, only=step.only, part=step.part)
    mutator = registry.mutators.get(step.mutator)
    if mutator is None:
        return said
    ladder, parameters = mutator.ladder, dict(step.parameters)
    try:
        level = mutator.level_of(step)
    except CrumpleError:
        level = None
    try:
        version = mutator.version
    except (OSError, SyntaxError, TypeError):  # its source is not there to be read
        version = ""
    return replace(
        said,
        does=first_sentence(mutator.doc),
        parameter=mutator.parameter,
        value=parameters.get(mutator.parameter),
        unit=ladder.unit if ladder is not None else "",
        level=None if level is None else round(level, 3),
        version=version,
    )


def first_sentence(text: str) -> str:
    """The first sentence of a docstring on one line, without its full stop."""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    return visible(paragraph.partition(". ")[0].rstrip("."))
