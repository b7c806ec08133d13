"""Findings in words: what the system does, and what each step has done to the document. Pure."""

from __future__ import annotations

import re

from crumple.findings.finding import Finding, StepSaid
from crumple.plain_text import visible
from crumple.recipe import Value

_DIGEST = re.compile(r" #[0-9a-f]{12}\Z")


def what_happens(finding: Finding) -> str:
    """One line: what the system does."""
    kind = (
        _DIGEST.sub("", finding.shows or finding.fingerprints[0])
        .removeprefix(f"{finding.outcome} ")
        .removeprefix(finding.outcome)
    )
    said = kind if kind.startswith(finding.cause) else finding.cause
    match finding.outcome:
        case "wrong" if finding.stand_in:
            return f"changes its answer: {kind or 'the whole of it'}"
        case "wrong":
            return f"silently wrong: {kind or 'the answer'}"
        case "crashed":
            return f"crashes: {said}" if said else "crashes"
        case "hung":
            return f"hangs: {said}" if said else "hangs"
        case "exhausted":
            return f"takes too much: {said}" if said else "takes too much"
        case "refused":
            return f"refuses what it should read: {said}" if said else "refuses what it should read"
    return f"{finding.outcome}: {said}"


def in_words(step: StepSaid) -> str:
    """One step of a recipe: what it does, and how much of it; on one line, without marks."""
    parts = [f"{step.does}" if step.does else ""]
    if step.parameter and step.value is not None:
        parts.append(amount(step.parameter, step.value, step.unit))
    if step.level is not None:
        parts.append(f"level {step.level:.3g} of 5")
    if step.only:
        parts.append(f"of its changes, counted from 0, only {_changes(step.only)} kept")
    if step.part:
        parts.append(f"in {visible(step.part)}")
    return "; ".join(filter(None, parts))


def amount(parameter: str, value: Value, unit: str) -> str:
    """A parameter's value in its unit: "angle = 2 deg", "12 % of rows"."""
    if unit.partition(" ")[0] == "share" and isinstance(value, (int, float)):
        return f"{100 * value:.3g} %{visible(unit.removeprefix('share'))}"
    said = f"{visible(_shown(value))} {visible(unit)}".rstrip()
    return said if unit.partition(" ")[0] == parameter else f"{parameter} = {said}"


def _shown(value: Value) -> str:
    """A parameter's value as people read it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:g}" if value == 0 or abs(value) >= 1e-4 else f"{value:.12f}".rstrip("0")
    return value if value.isprintable() and value.strip() == value and value else repr(value)


def _changes(only: str) -> str:
    return f"number {only} is" if only.isdigit() else f"numbers {only} are"
