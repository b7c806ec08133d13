"""What is different tonight from when the baseline was run: system, libraries, machine, corpus, settings. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple.execution.spec import LaneSpec
from crumple.nightly.baseline import Baseline
from crumple.plan import Plan

_NAMED: Final = 3
_MANY: Final = 6
"""From so many mutators on they are named together."""
_UNKNOWN: Final = "not known"
_JUDGED: Final = ("[judge]", "[mutate] refusable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a night is made under.

    Attributes:
        system: the system's version.
        versions: of crumple, its libraries and Python.
        machine: what it runs on.
        settings: as `settings_of` has them.
        mutators: name -> version, of those that are in use now.
        cases: id -> digest, of the baseline's cases that are there now.
    """

    system: str
    versions: Mapping[str, str]
    machine: Mapping[str, str]
    settings: Mapping[str, str]
    mutators: Mapping[str, str]
    cases: Mapping[str, str]


def settings_of(plan: Plan, spec: LaneSpec, cases: int) -> dict[str, str]:
    """What of a configuration matters for outcomes, by its name there.

    Args:
        plan: of a run.
        spec: what its lanes are told.
        cases: how many the corpus has.
    """
    mark = "clean" if plan.pass_mark is None else f"{plan.pass_mark:g}"
    refusable = {name: "never" if level is None else f"{level:g}" for name, level in sorted(spec.refusable.items())}
    said = {
        "cases in the corpus": f"{cases:,}",
        "[mutate] levels": ", ".join(f"{each:g}" for each in plan.levels),
        "[mutate] seed": str(plan.seed),
        "[mutate] refusable": _short(refusable) if refusable else "",
        "[judge] kind": spec.judge,
        "[judge] pass": mark + (f", slack {plan.slack:g}" if plan.slack else ""),
        "[judge] abstain": spec.abstain,
        "[judge] options": _digest(spec.judge_options) if spec.judge_options else "",
        "[judge] schema": _digest(spec.json_schema) if spec.json_schema else "",
        "[run] repeat": str(plan.repeat),
    }
    return {name: each for name, each in said.items() if each}


def judged_by(settings: object) -> dict[str, str]:
    """What of a run's settings says which answers are failures."""
    found = settings if isinstance(settings, Mapping) else {}
    return {str(name): str(each) for name, each in found.items() if str(name).startswith(_JUDGED)}


def changes(baseline: Baseline, now: Conditions) -> list[dict[str, str]]:
    """Each thing that is different: what, before, now."""
    return [{"what": what, "before": before, "now": after} for what, before, after in _changes(baseline, now)]


def _changes(baseline: Baseline, now: Conditions) -> Iterator[tuple[str, str, str]]:
    if baseline.system != now.system:
        yield "system", baseline.system or _UNKNOWN, now.system or _UNKNOWN
    yield from differing(baseline.versions, now.versions)
    yield from differing(baseline.machine, now.machine)
    yield from _corpus(baseline, now.cases)
    yield from _mutators(baseline, now.mutators)
    yield from differing(baseline.settings, now.settings)


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """What is otherwise now: name, before, now; nothing where it was not written down before."""
    if not before:
        return  # it was not written down then
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield name, before.get(name, "none"), now.get(name, "none")


def _corpus(baseline: Baseline, now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    gone = [each for each in baseline.cases if each not in now]
    other = [each for each, digest in baseline.cases.items() if each in now and now[each] != digest]
    if not gone and not other:
        return
    said = [f"{len(baseline.cases) - len(gone) - len(other):,} of them as they were"]
    said += [f"{len(each):,} {what}: {named(each)}" for each, what in ((other, "changed"), (gone, "gone")) if each]
    yield "the corpus", f"{len(baseline.cases):,} cases", "; ".join(said)


def _mutators(baseline: Baseline, now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    other = [each for each, version in baseline.mutators.items() if now.get(each) != version]
    if len(other) < _MANY:
        yield from ((each, baseline.mutators[each], now.get(each, "not in use")) for each in other)
        return
    gone = sum(each not in now for each in other)
    parts = ((len(other) - gone, "changed"), (gone, "not in use"))
    said = ", ".join(f"{number:,} of them {what}" for number, what in parts if number)
    yield "mutators", f"{len(baseline.mutators):,}", f"{said}: {named(other)}"


def named(names: list[str]) -> str:
    """The first few of many names."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def machine_of(info: Mapping[str, Any]) -> dict[str, str]:
    """What a run ran on, as its document says."""
    found = info.get("machine")
    return {str(name): str(each) for name, each in found.items()} if isinstance(found, Mapping) else {}


def _short(values: Mapping[str, str]) -> str:
    said = [f"{name} = {each}" for name, each in values.items()]
    return named(said) if len(said) <= _NAMED else f"{named(said)} ({_digest(values)})"


def _digest(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=repr)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
