"""Dependency: what the system itself calls, an API or a service beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from numpy.random import Generator

from crumple.dependency.faults import (
    Answer,
    Answered,
    Cut,
    Dripped,
    Dropped,
    Fault,
    Hits,
    Late,
    Redirected,
    Reshaped,
    Shape,
    Silent,
    harm,
)


@dataclass(frozen=True, slots=True)
class Dependency:
    """What the system calls, and the faults that it is to have during one call; no document is seen as this.

        @mutator("dependency.slow", delay=Ladder(0.5, 2, 5, 15, 60, unit="s", zero=0), refusable_from=3)
        def slow(dependency: Dependency, delay: float, rng: Generator) -> Dependency:
            \"\"\"Have every answer come late, as ... \"\"\"
            return dependency.late(delay)

    Each method returns a dependency with one fault more. `share` is the share of the calls that are hit, by their order
    within one call of the system; one is hit for certain. See `crumple.dependency.faults`.
    """

    faults: tuple[Fault, ...] = ()

    def _with(self, fault: Fault) -> Self:
        return type(self)((*self.faults, fault))

    def late(self, seconds: float) -> Self:
        """Every answer begins so many seconds late."""
        return self._with(Late(float(seconds)))

    def dripped(self, seconds: float) -> Self:
        """The body of every answer comes in small pieces over so many seconds."""
        return self._with(Dripped(float(seconds)))

    def silent(self, share: float, rng: Generator) -> Self:
        """Calls are taken and never answered."""
        return self._with(Silent(_hits(share, rng)))

    def dropped(self, share: float, rng: Generator) -> Self:
        """The connection of a call is reset before anything is answered."""
        return self._with(Dropped(_hits(share, rng)))

    def answered(self, share: float, rng: Generator, *answers: tuple[int, Mapping[str, str], bytes]) -> Self:
        """Calls do not reach the dependency; one of these is answered instead: status, headers, body."""
        made = tuple(Answer(status, tuple(headers.items()), body) for status, headers, body in answers)
        return self._with(Answered(made, _hits(share, rng)))

    def redirected(self, hops: int) -> Self:
        """Every call is sent to another address so many times before it is answered."""
        return self._with(Redirected(int(hops)))

    def cut(self, left: float) -> Self:
        """Only this share of the body of every answer is sent."""
        return self._with(Cut(float(left)))

    def broken_off(self, share: float, rng: Generator) -> Self:
        """The connection of a call is reset in the middle of its answer."""
        return self._with(Cut(0.5, reset=True, hits=_hits(share, rng)))

    def reshaped(self, how: Shape, amount: float, rng: Generator) -> Self:
        """Every answer's JSON has fields that are new, renamed, null or of another type.

        Args:
            how: what is done to fields.
            amount: the share of the fields; of "extra", how many are put into every object.
            rng: which fields.
        """
        return self._with(Reshaped(how, float(amount), Hits(1.0, _seed(rng))))

    @property
    def harm(self) -> float:
        """How bad its faults are together, for comparing the levels of one mutator."""
        return sum(harm(each) for each in self.faults)


def _hits(share: float, rng: Generator) -> Hits:
    return Hits(float(share), _seed(rng))


def _seed(rng: Generator) -> int:
    return int(rng.integers(2**32))
