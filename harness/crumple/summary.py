"""From events to the one document that every report is made from ("schema": 1). Pure; holds figures, not results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crumple import counts
from crumple.amounts import Amounts
from crumple.buckets import Buckets
from crumple.causes import Causes
from crumple.clean_figures import clean_document
from crumple.contract.ledger import Ledger
from crumple.contract.limits import Contract
from crumple.contract.sentences import row
from crumple.contract.verdicts import decisions
from crumple.counts import Count
from crumple.events import (
    BreakingPoint,
    BreakingPointsFound,
    CallEnded,
    CleanEnded,
    ControlsEnded,
    Ended,
    Event,
    NotRun,
    Resumed,
    RoundEnded,
    TriedAgain,
)
from crumple.judges.label import Confusion
from crumple.mix import Mix
from crumple.mix.forecast import Outlook
from crumple.mutation.ladder import LEVELS
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.outcome import ALONE, Outcome
from crumple.result import Result
from crumple.search import in_units
from crumple.searched import Searched
from crumple.soundness import void_reason

SCHEMA = 1


class Tally:
    """Adds up a run's events. Its size depends on mutators and cases, not on calls."""

    def __init__(
        self,
        registry: Registry,
        info: Mapping[str, Any],
        *,
        contract: Contract | None = None,
        mix: Mix | None = None,
    ) -> None:
        """Take the mutators that may occur, and what is known of the run beforehand.

        Args:
            registry: every mutator that is visited, and the controls.
            info: id, seed, versions, started and the like; copied into the document's "run".
            contract: what the system is to keep; None: nothing.
            mix: what production sends, for the forecast.
        """
        self._ledger = Ledger(contract or Contract(), registry, mix, corpus_cases=info.get("corpus_cases"))
        self._outlook = Outlook(mix, info.get("corpus_cases")) if mix is not None else None
        self._registry = registry
        self._mix = mix
        self._points: Sequence[BreakingPoint] = ()
        self._info = dict(info)
        self._levels: dict[str, dict[float, Count]] = {}
        self._controls: dict[str, Count] = {}
        self._clean = clean_document(None)
        self._groups: Mapping[str, str] = {}
        self._buckets = Buckets()
        self._amounts = Amounts()
        self._skipped: dict[tuple[str, str], int] = {}
        self._void = Causes()
        self._came_void = Causes()  # what unfinished rounds held is among them
        self._past = 0  # rounds of an earlier session
        self._calls = self._rounds = self._attempts = self._resumed = self._alone = 0
        self._cost = 0.0
        self._searched = Searched(registry)
        self._again: dict[str, Result] = {}
        self._labels = {"clean": Confusion(), "degraded": Confusion()}
        self._ended = Ended("interrupted")

    def add(self, event: Event) -> None:
        """Count one event."""
        for each in (self._ledger, self._outlook):
            if each is not None:
                each.add(event)
        self._searched.add(event)
        if isinstance(event, BreakingPointsFound):
            self._points = event.points
        self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Resumed() | CallEnded():
                self._spend(event)
            case CleanEnded(results=results):
                self._clean, self._groups = clean_document(event), event.groups
                self._amounts.clean(results)
                self._measure("clean", results)
            case ControlsEnded(results):
                for name, own in results.items():
                    self._measure("", own)
                    for result in own:
                        self._controls.setdefault(name, Count()).add(result)
            case NotRun(mutator, reason):
                self._skipped[mutator, reason] = 0
            case RoundEnded(number, results):
                self._attempts += sum(each.attempts for each in results) if number < self._past else 0
                self._round(results)
            case TriedAgain(results):
                self._again = dict(results)
                self._measure("", list(results.values()))
            case Ended():
                self._ended = event

    def _measure(self, kind: str, results: Sequence[Result]) -> None:
        """Count what is void, and the labels of a classification."""
        for result in results:
            verdict = result.verdict
            if verdict is None:
                if kind == "clean":
                    self._skip("", result.skipped)
                continue
            if verdict.outcome is Outcome.VOID:
                self._void.add(result.cause)
            if kind and verdict.labels is not None:
                self._labels[kind].add(*verdict.labels)

    def _spend(self, event: Resumed | CallEnded) -> None:
        if isinstance(event, Resumed):
            self._calls += event.calls
            self._cost += event.cost
            self._resumed, self._past = event.made, event.rounds
        else:
            self._calls += event.result.made
            self._attempts += event.result.attempts
            self._cost += event.result.cost
            verdict = event.result.verdict
            self._alone += verdict is not None and ALONE in verdict.figures
            if verdict is not None and verdict.outcome is Outcome.VOID:
                self._came_void.add(event.result.cause)

    def _round(self, results: Sequence[Result]) -> None:
        self._rounds += 1
        self._amounts.degraded(results)
        self._measure("degraded", results)
        for result in results:
            self._degraded(result)
        self._compare(results)

    def _compare(self, results: Sequence[Result]) -> None:
        """Count the documents whose repetitions did not end alike."""
        alike: dict[str, set[bool]] = {}
        for result in results:
            if result.verdict is not None and result.verdict.outcome is not Outcome.VOID:
                stem = result.work.key.rpartition("/")[0]
                alike.setdefault(stem, set()).add(result.verdict.failure)
        for result in results:
            if result.work.key.endswith("/0") and len(alike.get(result.work.key[:-2], ())) > 1:
                self._levels[result.work.mutator][result.work.level].flaky += 1

    def _skip(self, mutator: str, reason: str) -> None:
        self._skipped[mutator, reason] = self._skipped.get((mutator, reason), 0) + 1

    def _degraded(self, result: Result) -> None:
        name = result.work.mutator
        if not name:
            self._tried(result)
            return
        levels = self._levels.setdefault(name, {})
        levels.setdefault(result.work.level, Count()).add(result)
        if result.skipped:
            self._skip(name, result.skipped)
        self._buckets.add(result)

    def _tried(self, result: Result) -> None:
        """Count a trial of a whole recipe."""
        self._searched.tried(result)
        if result.skipped:
            self._skip(" > ".join(step.mutator for step in result.work.recipe.steps), result.skipped)

    @property
    def calls(self) -> int:
        """How many calls were made so far."""
        return self._calls

    def document(self, wall_seconds: float) -> dict[str, Any]:
        """The document as it stands; also before the end."""
        mutators = {name: self._mutator(self._registry.get(name)) for name in sorted(self._levels)}
        made: dict[str, Any] = {
            "schema": SCHEMA,
            "run": self._run(wall_seconds),
            "clean": dict(self._clean),
            "controls": {name: count.document(count.rate) for name, count in sorted(self._controls.items())},
            "categories": self._categories(),
            "mutators": mutators,
            "buckets": self._buckets.document(self._again),
            "labels": {name: _confusion(each) for name, each in self._labels.items() if each.total},
            "amounts": self._amounts.document(),
            "contract": [],
            "mix": _shares(self._mix) if self._mix is not None else None,
            "forecast": self._outlook.document() if self._outlook is not None else None,
            "skipped": [
                {"mutator": mutator, "reason": reason, "count": count}
                for (mutator, reason), count in sorted(self._skipped.items())
            ],
            "void": self._void.document(self._came_void),
        }
        over, void_run = self._ended.reason != "interrupted", bool(void_reason(made))
        made["contract"] = [row(each) for each in decisions(self._ledger, over=over, void=void_run)]
        made |= {"search": self._searched.document()}
        return made | self._located(mutators) if self._points else made | {"breaking_points": []}

    def _run(self, wall_seconds: float) -> dict[str, Any]:
        return self._info | {
            "wall_seconds": round(wall_seconds, 3),
            "calls": self._calls,
            "attempts": max(self._attempts, self._calls),
            "cost": round(self._cost, 6),
            "answered_alone": self._alone,
            "resumed": self._resumed,
            "rounds": self._rounds,
            "cut": self._ended.cut,
            "ended": self._ended.reason,
            "about": "these documents",
        }

    def _located(self, mutators: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        """What takes the place of rates where levels were chosen by what earlier ones had shown: breaking points."""
        rows = in_units.rows(self._points, self._registry, self._mix)
        whole = {each["mutator"]: each["value"] for each in rows if not each["kind"]}
        for name, figures in mutators.items():
            figures |= {"rate": None, "low": 0.0, "high": 1.0, "like_these": None, "breaking_point": whole.get(name)}
        return {"categories": {}, "contract": [], "forecast": None, "breaking_points": rows}

    def _mutator(self, mutator: Mutator) -> dict[str, Any]:
        levels = self._levels[mutator.name]
        return (
            counts.document(counts.evenly([levels]), levels.values(), self._groups)
            | {
                "category": mutator.category,
                "parameter": mutator.parameter,
                "unit": mutator.ladder.unit if mutator.ladder else "",
                "rungs": [in_units.shown(mutator.ladder, level) for level in LEVELS] if mutator.ladder else [],
                "levels": {f"{level:g}": count.document(count.rate) for level, count in sorted(levels.items())},
            }
            | self._buckets.of_mutator(mutator.name)
        )

    def _categories(self) -> dict[str, Any]:
        by_category: dict[str, list[dict[float, Count]]] = {}
        for name, levels in sorted(self._levels.items()):
            by_category.setdefault(name.partition(".")[0], []).append(levels)
        return {
            name: counts.document(
                counts.evenly(own), [count for levels in own for count in levels.values()], self._groups
            )
            | {
                "mutators": len(own),
                "levels": {
                    f"{level:g}": self._at_level(own, level)
                    for level in sorted({level for levels in own for level in levels})
                },
            }
            for name, own in by_category.items()
        }

    def _at_level(self, own: Sequence[Mapping[float, Count]], level: float) -> dict[str, Any]:
        found = [levels[level] for levels in own if level in levels]
        return counts.document(counts.evenly({level: count} for count in found), found, self._groups)


def _shares(mix: Mix) -> dict[str, Any]:
    """What production sends, in shares of its volume: of each mutator its levels'."""
    damaged: dict[str, dict[str, float]] = {}
    for (name, level), share in sorted(mix.damaged.items()):
        damaged.setdefault(name, {})[f"{level:g}"] = share
    return {"clean": mix.clean, "per_day": mix.per_day, "damaged": damaged}


def _confusion(confusion: Confusion) -> dict[str, Any]:
    """Of a classification: truth -> answer -> calls, and beside the accuracy what a constant answer would score."""
    return {
        "table": {truth: dict(answers) for truth, answers in confusion.table.items()},
        "calls": confusion.total,
        "accuracy": confusion.accuracy,
        "constant": confusion.constant,
    }
