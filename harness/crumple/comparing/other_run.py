"""What another run has called, to be called again, in its order; some fifty bytes a call are held. Pure."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from crumple.errors import CrumpleError
from crumple.nightly.baseline import Call, call_of
from crumple.recipe import Recipe
from crumple.result import Result


class OtherRun:
    """The calls of a run.

    Attributes:
        run: its id.
        seed: of its plan.
        cases: all that it has called, clean or degraded.
    """

    def __init__(self, run: str, seed: int) -> None:
        """No call yet."""
        self.run, self.seed = run, seed
        self.cases: set[str] = set()
        # What many calls have in common is held once: their cases, and their recipes but for the seeds.
        self._cases: list[str] = []
        self._kinds: list[Call] = []
        self._places: dict[tuple[Recipe, float], int] = {}
        self._of_kind = array("L")
        self._seeds: list[int] = []

    def add(self, call: Call) -> None:
        """Add a call."""
        self.cases.add(call.case)
        if not call.mutator:
            return
        step, *more = call.recipe.steps
        recipe = Recipe((replace(step, seed=0), *more))
        place = self._places.setdefault((recipe, call.level), len(self._kinds))
        if place == len(self._kinds):
            self._kinds.append(Call(case="", recipe=recipe, mutator=call.mutator, level=call.level))
        self._cases.append(call.case)
        self._of_kind.append(place)
        self._seeds.append(step.seed)

    def __len__(self) -> int:
        """How many degraded calls there are."""
        return len(self._cases)

    def __getitem__(self, number: int) -> Call:
        """A degraded call, without what came of it."""
        kind = self._kinds[self._of_kind[number]]
        step, *more = kind.recipe.steps
        recipe = Recipe((replace(step, seed=self._seeds[number]), *more))
        return Call(case=self._cases[number], recipe=recipe, mutator=kind.mutator, level=kind.level)

    def __iter__(self) -> Iterator[Call]:
        """Every degraded call, in the order of the run."""
        return map(self.__getitem__, range(len(self)))

    @property
    def mutators(self) -> frozenset[str]:
        """Those of its calls."""
        return frozenset(each.mutator for each in self._kinds)

    @property
    def levels(self) -> tuple[float, ...]:
        """Those of its calls, the lowest first."""
        return tuple(sorted({each.level for each in self._kinds}))

    @property
    def id(self) -> str:
        """A digest of all of it."""
        digest = hashlib.blake2b(self.run.encode(), digest_size=8)
        for each in self:
            digest.update(f"\n{each.replay}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def calls_from(results: Iterable[Result], run: str, info: Mapping[str, Any]) -> OtherRun:
    """What a run has called, to be called again; what it has called twice alike, once.

    Args:
        results: that count in its rates.
        run: its id.
        info: what its document says of it beforehand.

    Raises:
        CrumpleError: it has called no degraded document.
    """
    found, seen = OtherRun(run, int(info.get("seed", 0))), set()
    for result in results:
        if (call := call_of(result)) is None:
            continue
        digest = hashlib.blake2b(repr(call.key).encode(), digest_size=16).digest()
        if digest not in seen:
            seen.add(digest)
            found.add(call)
    if not len(found):
        said = f"run {run} has called no degraded document"
        raise CrumpleError(said, where="--calls-of", hint="Name another run; `crumple runs` lists them.")
    return found
