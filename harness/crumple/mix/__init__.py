"""What production sends: shares of its volume by mutator and level. Pure.

`sample` gathers what a run shows of its parts, `estimate` says what they come to together, with an interval about these
documents and about documents like these, and `forecast` what a production of this mix has to expect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

Stratum: TypeAlias = "tuple[str, float]"
"""A part of production: a mutator's name and a level."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of production that a run says nothing about.

    Attributes:
        name: the mutator or category, as the mix names it.
        level: which of its levels; None: nothing of it is run.
        share: of the volume.
        why: in a clause, with what to change where that is known.
    """

    name: str
    level: float | None
    share: float
    why: str


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of production volume; they may come to less than 1, and what is missing is said, not guessed.

    Attributes:
        clean: the share of clean documents.
        damaged: (mutator's name, level) -> share, above 0; levels that are not run are among them.
        per_day: how many documents a day production sends; None: not said.
        left_out: what of it is not run, with the reason; a level of a mutator that is run is in `damaged` too, a
            mutator or category of which nothing is run is only here.
    """

    clean: float = 0.0
    damaged: Mapping[Stratum, float] = field(default_factory=dict)
    per_day: float | None = None
    left_out: tuple[Missing, ...] = ()

    @property
    def named(self) -> float:
        """How much of the volume the shares come to."""
        unplaced = (each.share for each in self.left_out if each.level is None)
        return math.fsum((self.clean, *self.damaged.values(), *unplaced))

    @property
    def run(self) -> Mapping[Stratum, float]:
        """What of `damaged` is run, as far as can be known beforehand."""
        out = {(each.name, each.level) for each in self.left_out}
        return {stratum: share for stratum, share in self.damaged.items() if stratum not in out}

    def up_to(self, level: float) -> Mix:
        """The part of it that is damaged no worse than a level."""
        return replace(
            self,
            damaged={stratum: share for stratum, share in self.damaged.items() if stratum[1] <= level},
            left_out=tuple(each for each in self.left_out if each.level is None or each.level <= level),
        )
