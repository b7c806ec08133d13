"""Batch systems: the documents of a whole plan are written first, and judged once something has processed them all.

The same plan is carried out twice. The first time documents are written and nothing is known of any answer, so every
case counts as passing clean; the second time each call is given the answer to its document, and what was exported for
cases that do fail clean is left out of the rates. Prints nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import crumple
from crumple.adapters.batch import export as writing
from crumple.adapters.batch.answers import Answers, collect
from crumple.adapters.batch.judged import JudgedSystem, conditions
from crumple.adapters.batch.manifest import ANSWERS, Manifest, read_manifest, salt_of
from crumple.adapters.batch.readme import readme
from crumple.adapters.batch.system import BatchSystem
from crumple.assembly import Assembly, Wishes
from crumple.config.model import DEFAULT_CALLS
from crumple.engine import run
from crumple.errors import CrumpleError, VoidRunError
from crumple.events import CallEnded, Event, NotRun
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.outcome import Outcome
from crumple.plan import Plan, offered, population

_MOST_NAMED = 3
_MEANING: Mapping[str, str] = {
    "crumple": "crumple's version",
    "seed": "the seed",
    "levels": "the levels",
    "calls": "the calls",
    "repeat": "how often each call is repeated",
    "corpus": "the corpus",
    "cases": "the corpus' cases, or which of them have a truth",
    "mutators": "the mutators",
}

Watch = Callable[[Event], None]


@dataclass(slots=True)
class Export:
    """What an export has come to.

    Attributes:
        manifest: what was written.
        cases: how many cases it is about.
        not_run: mutators that are not visited, and why.
        void: why documents could not be made -> how many.
    """

    manifest: Manifest
    cases: int = 0
    not_run: dict[str, str] = field(default_factory=dict)
    void: dict[str, int] = field(default_factory=dict)


def asked(wishes: Wishes) -> dict[str, Any]:
    """What of the command line an export depends on, for `crumple judge` to ask for as well."""
    found = {"use": wishes.use, "levels": wishes.levels, "seed": wishes.seed, "calls": wishes.calls}
    return {name: list(each) if isinstance(each, tuple) else each for name, each in found.items() if each is not None}


def asked_again(manifest: Manifest) -> Wishes:
    """What the command line of an export asked for."""
    found = dict(manifest.wishes)
    for name in ("use", "levels"):
        if name in found:
            found[name] = tuple(found[name])
    try:
        return Wishes(**found)
    except TypeError as error:
        raise CrumpleError(f"it is not what `crumple export` has written: {error}", where="manifest.json") from None


def export(assembly: Assembly, folder: Path, wishes: Wishes, watch: Watch) -> Export:
    """Write the documents of a plan into a folder.

    Args:
        assembly: of the run.
        folder: new or empty.
        wishes: what the command line asked for.
        watch: given every event.

    Raises:
        CrumpleError: the folder is not empty or cannot be written, or nothing can be exported.
    """
    population(_ahead(assembly, lambda view: True).plan)  # where nothing can be exported, that shows before lanes start
    writing.prepare_folder(folder)
    made = facts(assembly)
    salt = salt_of(made)
    system = writing.ExportSystem(folder=folder.resolve(), salt=salt)
    assembly = _ahead(assembly, system.sees)
    found = Export(Manifest(salt=salt))
    try:
        spec = replace(
            assembly.spec,
            system=system,
            judge=writing.JUDGE,
            judge_options={},
            json_schema="",
            cost=_each(assembly.spec),
            dependency=None,
        )
        with LocalLanes(spec, assembly.lanes) as lanes:
            for event in run(assembly.plan, lanes):
                _note(event, found, watch)
        # What could not be written is no document of the folder, and must not pass for one without an answer.
        failed = next((cause for cause in found.void if cause.startswith(writing.UNWRITTEN)), "")
        if failed:
            raise CrumpleError(failed, where=str(folder), hint="See that the disk is not full.")
        found.manifest = writing.finish(folder, salt, made, asked(wishes), _readme(assembly))
    except BaseException:
        writing.discard(folder)
        raise
    return found


def _note(event: Event, found: Export, watch: Watch) -> None:
    match event:
        case CallEnded(result):
            found.cases += result.work.key.startswith("clean/") and result.work.key.endswith("/0")
            if result.verdict is not None and result.verdict.outcome is Outcome.VOID:
                found.void[result.cause] = found.void.get(result.cause, 0) + 1
            watch(CallEnded(replace(result, verdict=None)))
        case NotRun(mutator, reason):
            found.not_run[mutator] = reason
        case _:
            watch(event)


def judging(assembly: Assembly, folder: Path, answers: Path | None = None) -> Assembly:
    """The run in which each call is given the answer to its document.

    Args:
        assembly: of the configuration as it is now.
        folder: what was exported.
        answers: where they are; None: in the folder.

    Raises:
        CrumpleError: the folder is of another plan than this configuration's.
        VoidRunError: there is no answer at all.
    """
    manifest = read_manifest(folder)
    _check_same(manifest, facts(assembly), folder)
    place = answers if answers is not None else folder / ANSWERS
    if not found_answers(folder, place, manifest):
        raise VoidRunError(
            "there is no answer to any document", where=str(place), hint="Process the folder first; see its README.txt."
        )
    system = assembly.system
    batch = system if isinstance(system, BatchSystem) else None
    refuses = getattr(system, "refuses", ())
    judged = JudgedSystem(
        folder=folder.resolve(),
        answers=place.resolve(),
        root=assembly.spec.root,
        # Of another kind of system what refers to answers still holds.
        refuses=refuses if batch else tuple(each for each in conditions(refuses) if _is_condition(each)),
        reads=batch.reads if batch else "",
        made_by=batch.version() if batch and batch.command else "",
        **({"largest": batch.limits.answer} if batch else {}),
    )
    assembly = _ahead(assembly, judged.sees)
    return replace(assembly, system=judged, spec=replace(assembly.spec, system=judged, dependency=None))


def found_answers(folder: Path, place: Path | None = None, manifest: Manifest | None = None) -> Answers:
    """The answers that there are to a folder's documents.

    Raises:
        CrumpleError: they cannot be read.
    """
    manifest = manifest or read_manifest(folder)
    return collect(place or folder / ANSWERS, [each.name for each in manifest.documents])


def facts(assembly: Assembly) -> dict[str, Any]:
    """What determines a plan's documents."""
    plan = _ahead(assembly, lambda view: True).plan
    cases = hashlib.blake2b(digest_size=8)
    for entry in offered(plan):
        cases.update(repr((entry.id, entry.documents, entry.group, entry.has_truth, entry.has_inputs)).encode())
    return {
        "crumple": crumple.__version__,
        "seed": plan.seed,
        "levels": list(plan.levels),
        "calls": plan.calls,
        "repeat": getattr(plan, "repeat", 1),
        "corpus": plan.corpus.name,
        "cases": cases.hexdigest(),
        "mutators": sorted(each.name for each in plan.registry),
    }


def _check_same(manifest: Manifest, now: Mapping[str, Any], folder: Path) -> None:
    differing = [name for name in _MEANING if manifest.made.get(name) != now[name]]
    if differing:
        words = "; ".join(_difference(name, manifest.made.get(name), now[name]) for name in differing)
        raise CrumpleError(
            f"it was exported with another configuration: {words}",
            where=str(folder),
            hint="Put that back as it was, or export anew.",
        )


def _difference(name: str, before: Any, now: Any) -> str:
    if name == "cases":
        return f"{_MEANING[name]}, have changed"
    if name == "mutators" and isinstance(before, list):
        gone, new = sorted({*before} - {*now}), sorted({*now} - {*before})
        parts = [f"{words} {_few(names)}" for words, names in (("with", gone), ("without", new)) if names]
        return f"{_MEANING[name]} then {' and '.join(parts)}"
    return f"{_MEANING[name]} then {_shown(before)}, now {_shown(now)}"


def _shown(value: Any) -> str:
    return ", ".join(f"{each:g}" for each in value) if isinstance(value, list) else str(value)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (f" and {len(names) - _MOST_NAMED} more" if names[_MOST_NAMED:] else "")


def _ahead(assembly: Assembly, sees: Callable[[type], bool]) -> Assembly:
    """The plan with which documents are made before any answer is known; a time limit is not one of documents."""
    plan: Plan = assembly.plan
    # What is told from answers is not known when documents are written.
    cost = plan.cost if _each(assembly.spec) is not None else None
    calls = plan.calls if plan.calls is not None or plan.seconds is None else DEFAULT_CALLS
    return replace(
        assembly, plan=replace(plan, ahead=True, calls=calls, seconds=None, cost=cost, dependency=False, sees=sees)
    )


def _each(spec: LaneSpec) -> float | None:
    """What every call costs; None where that is told from its answer, or not known."""
    return spec.cost if isinstance(spec.cost, float) else None


def _readme(assembly: Assembly) -> str:
    command = assembly.system.command if isinstance(assembly.system, BatchSystem) else ()
    return readme(command, beside=any(each.has_inputs or each.parts for each in offered(assembly.plan)))


def _is_condition(entry: object) -> bool:
    return isinstance(entry, Mapping) or (isinstance(entry, str) and ":" in entry)
