"""What a search has found, from its events to its part of a run's document. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from crumple.buckets import example, has_failed
from crumple.counts import Count
from crumple.events import Discovered, Discovery, Event, Explored, Replayed
from crumple.findings.finding import category_of, id_of
from crumple.mutation.registry import Registry
from crumple.result import Result
from crumple.search import in_units, left


class Searched:
    """Adds up the events of a search."""

    def __init__(self, registry: Registry) -> None:
        """Take the mutators that may occur, whose parameters have units."""
        self._registry = registry
        self._explored: Explored | None = None
        self._discoveries: dict[int, Discovery] = {}
        self._replayed: list[Replayed] = []
        self._trials = Count()

    def add(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case Discovered(discovery):
                self._discoveries[discovery.number] = discovery
            case Explored():
                self._explored = event
            case Replayed():
                self._replayed.append(event)

    def tried(self, result: Result) -> None:
        """Count a trial of a whole recipe."""
        self._trials.add(result)

    def document(self) -> dict[str, Any] | None:
        """What was found, and how much is left; None where there was no search."""
        if self._explored is None and not self._replayed:
            return None
        return {
            "explored": None if self._explored is None else asdict(self._explored),
            "left": "" if self._explored is None else left.sentence(self._explored),
            "outcomes": self._trials.document(None)["outcomes"],
            "discoveries": [self._discovered(each) for _, each in sorted(self._discoveries.items())],
            "replayed": [_replayed(each) for each in self._replayed],
        }

    def _discovered(self, discovery: Discovery) -> dict[str, Any]:
        """A discovery as reports show it, its recipe in the units of its mutators' parameters."""
        recipe = discovery.example.work.recipe
        return {
            "number": discovery.number,
            "id": discovery.known or id_of(discovery.fingerprints[0], recipe),
            "category": category_of(recipe.steps),
            "state": discovery.state,
            "fingerprints": list(discovery.fingerprints),
            "shows": _shows([discovery.example]),
            "mutators": [step.mutator for step in recipe.steps],
            "steps": [
                {"mutator": each.mutator, "how": in_units.of_step(each, self._registry.mutators.get(each.mutator))}
                for each in recipe.steps
            ],
            "count": discovery.count,
            "met_after": discovery.met_after,
            "tries": discovery.tries,
            "failed": discovery.failed,
            "calls": discovery.calls,
            "known": discovery.known,
            "parts": list(discovery.parts),
            "why": discovery.why,
            "thresholds": [asdict(each) for each in discovery.thresholds],
            "kept": [list(each) for each in discovery.kept],
            "example": example(discovery.example),
            "first": discovery.first.work.replay,
        }


def _replayed(replayed: Replayed) -> dict[str, Any]:
    return {
        "finding": replayed.finding,
        "status": replayed.status,
        "why": replayed.why,
        "calls": len(replayed.results),
        "failed": sum(map(has_failed, replayed.results)),
        "example": example(replayed.results[-1]) if replayed.results else None,
        "shows": _shows(replayed.results),
    }


def _shows(results: Sequence[Result]) -> str:
    """How the first that failed has failed."""
    return next((each.verdict.fingerprint for each in results if each.verdict is not None and each.verdict.failure), "")
