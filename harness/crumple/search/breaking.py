"""The course of `crumple breaking-points`: for each mutator the level from which on the system fails. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from crumple.case import Entry
from crumple.events import BreakingPoint, BreakingPointsFound, CleanEnded, Event, RoundEnded
from crumple.mutation.mutator import Mutator
from crumple.plan import TRIES, Plan, Visit, offered
from crumple.search.curve import HALF, Curve
from crumple.targets import Target

By: TypeAlias = Literal["", "kind", "tag", "group"]
BY: Final[tuple[By, ...]] = ("kind", "tag", "group")
ABREAST: Final = 24
"""So many curves are traced at a time: where the budget is short, some are finished rather than all begun."""
_STREAM: Final = 7
_DEGRADED: Final = 0.7
"""The share of a budget that is left once clean documents and second tries have theirs."""
_SEEDS: Final = 1_000_000


def most_calls(rate: float) -> int:
    """How many calls a curve gets at most where nothing else is asked for: rare failures take more to see."""
    return max(30, math.ceil(4 / rate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What breaking points are asked for; part of what a run is.

    Attributes:
        rate: the failure rate to be passed.
        rates: mutator's name -> another rate for it.
        by: for which groups of cases apart: media types, tags, groups of the corpus; "": for all together.
        most: how many calls a curve gets at most; None: see `most_calls`.
    """

    rate: float = HALF
    rates: Mapping[str, float] = field(default_factory=dict)
    by: By = ""
    most: int | None = None

    def rate_of(self, mutator: Mutator) -> float:
        """The rate that is looked for with this mutator."""
        return self.rates.get(mutator.name, self.rate)

    def kinds(self, entry: Entry, media_type: str) -> tuple[str, ...]:
        """The groups that a document of a case belongs to."""
        match self.by:
            case "kind":
                return (media_type,)
            case "tag":
                return tuple(sorted(entry.tags))
            case "group":
                return (entry.group,)
            case _:
                return ("",)


def budget(plan: Plan, wanted: Wanted) -> int:
    """How many calls suffice for every curve, with what clean documents and second tries take of them."""
    groups = len(
        {kind for entry in offered(plan) for _, media in entry.documents for kind in wanted.kinds(entry, media)}
    )
    traced = sum(wanted.most or most_calls(wanted.rate_of(each)) for each in plan.registry if each.ladder is not None)
    return math.ceil(max(1, groups) * traced / _DEGRADED)


class Breaking:
    """A `Course`: a call for each open curve a round, its level by what that curve has shown."""

    def __init__(self, plan: Plan, wanted: Wanted | None = None) -> None:
        """Trace the curves of a plan's mutators that have a ladder."""
        self._plan = plan
        self._wanted = wanted or Wanted()
        self._curves: list[Curve] = []
        self._points: dict[int, BreakingPoint] = {}
        self._drawn: dict[str, int] = {}
        self._number = 0
        self._over = ""

    @property
    def lag(self) -> int | None:
        """Each round depends on all before it."""
        return 0

    @property
    def gives_up(self) -> bool:
        """Every curve that is open has its turn again."""
        return False

    @property
    def over(self) -> str:
        """Says "found" once no curve is open any more."""
        return self._over

    @property
    def asked(self) -> str:
        """What is looked for."""
        wanted = self._wanted
        return f"breaking points {wanted.rate} {sorted(wanted.rates.items())} {wanted.by} {wanted.most}"

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Make the curves: one for each mutator, and each group of cases that it acts on."""
        types = {Target(each.id, part): kind for each in clean.population for part, kind in each.documents}
        entries = {each.id: each for each in clean.population}
        for mutator in self._plan.registry:
            if mutator.ladder is None or mutator.name not in targets:
                continue
            groups: dict[str, list[Target]] = {}
            for target in targets[mutator.name]:
                for kind in self._wanted.kinds(entries[target.case], types[target]):
                    groups.setdefault(kind, []).append(target)
            rate = self._wanted.rate_of(mutator)
            most = self._wanted.most or most_calls(rate)
            self._curves += [Curve(mutator, kind, own, rate, most) for kind, own in sorted(groups.items())]
        self._points = {at: curve.point() for at, curve in enumerate(self._curves)}

    def following(self) -> Sequence[Visit]:
        """A call for each curve that is open, the first so many; where only one is left, two calls for it."""
        turns = [at for at, curve in enumerate(self._curves) if curve.open][:ABREAST]
        if not turns:
            self._over = "found"
            return ()
        rng = np.random.Generator(np.random.PCG64([self._plan.seed, _STREAM, self._number]))
        turns = turns * 2 if len(turns) == 1 else [turns[at] for at in rng.permutation(len(turns)).tolist()]
        self._drawn = {}
        visits = []
        for slot, at in enumerate(turns):
            visit = self._visit(self._curves[at], f"{slot}", rng)
            self._drawn[visit.name] = at
            visits.append(visit)
        self._number += 1
        return visits

    def _visit(self, curve: Curve, slot: str, rng: np.random.Generator) -> Visit:
        pool = curve.targets
        drawn = rng.choice(len(pool), size=min(len(pool), TRIES), replace=False).tolist()
        seeds = rng.integers(1, _SEEDS, size=len(drawn)).tolist()
        candidates = tuple((pool[at], seed) for at, seed in zip(drawn, seeds, strict=True))
        return Visit(self._number, curve.mutator, curve.choose(), candidates, slot)

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take the answers to their curves; repetitions of a call say nothing new of the population."""
        # In the order of their names, so that it does not matter which came back first.
        for result in sorted(ended.results, key=lambda each: each.work.key):
            _, name, _, repeat = result.work.key.split("/")
            at = self._drawn.get(name)
            if at is not None and repeat == "0":
                self._curves[at].take(result)
                self._points[at] = self._curves[at].point()
        return [BreakingPointsFound(list(self._points.values()))]

    def cut(self, ended: RoundEnded) -> Sequence[Event]:
        """A round counts only whole."""
        return ()

    def ended(self) -> Sequence[Event]:
        """All was told."""
        return ()
