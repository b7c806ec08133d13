"""The rounds of a test that is called for so many degraded documents, whatever they show. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crumple.course import Course
from crumple.events import CleanEnded, Event, RoundEnded
from crumple.plan import TRIES, Plan, Visit, draws
from crumple.targets import Target

_ROUND = 10
_VAIN = 3
"""After so many visits in a row that no document suited a mutator is left out; each of them has tried several."""
_IDLE = 20
"""After so many rounds in a row of which nothing came, whatever came before, there are no more."""


class Sampled(Course):
    """A fixed number of degraded documents: every mutator once before any has a second turn."""

    def __init__(self, plan: Plan, calls: int) -> None:
        """Draw by the plan's seed.

        Args:
            plan: its seed, levels and mutators.
            calls: how many documents are to come to an outcome.
        """
        self._plan, self._left = plan, calls
        self._targets: dict[str, Sequence[Target]] = {}
        self._vain: dict[str, int] = {}
        self._waiting: list[str] = []
        self._number = self._idle = 0

    @property
    def lag(self) -> int | None:
        """How many are left to draw is known when a round is through."""
        return 0

    @property
    def gives_up(self) -> bool:
        """A mutator that no document suits is left out."""
        return True

    @property
    def over(self) -> str:
        """There were as many as were asked for, or there is nothing that could be made."""
        if self._left <= 0:
            return "calls"
        return "" if self._targets else "nothing to do"

    @property
    def asked(self) -> str:
        """How many are left."""
        return str(self._left)

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Take what can be visited."""
        self._targets = dict(targets)
        self._vain = dict.fromkeys(targets, 0)

    def following(self) -> Sequence[Visit]:
        """The next round."""
        rng = draws(self._plan.seed, self._number + 1)
        visits = []
        for at in range(min(_ROUND, self._left) if self._targets else 0):
            if not self._waiting:
                names = sorted(self._targets)
                self._waiting = [names[each] for each in rng.permutation(len(names)).tolist()]
            mutator = self._plan.registry.get(self._waiting.pop())
            pool, levels = self._targets[mutator.name], mutator.levels(self._plan.levels)
            level = levels[int(rng.integers(len(levels)))]
            drawn = rng.choice(len(pool), min(TRIES, len(pool)), replace=False).tolist()
            seeds = rng.integers(1, 1_000_000, size=len(drawn)).tolist()
            candidates = tuple((pool[which], seed) for which, seed in zip(drawn, seeds, strict=True))
            visits.append(Visit(self._number, mutator, level, candidates, str(at)))
        self._number += bool(visits)
        return visits

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Count what came to an outcome; what did not is drawn again, but of mutators that never came to any."""
        self._idle = 0 if any(each.verdict is not None for each in ended.results) else self._idle + 1
        for each in ended.results:
            name = each.work.mutator
            if each.verdict is not None:
                self._left -= 1
                self._vain.pop(name, None)
            elif name in self._vain:
                self._vain[name] += 1
                if self._vain[name] >= _VAIN:
                    del self._vain[name], self._targets[name]
        if self._idle >= _IDLE:
            self._targets.clear()
        self._waiting = [name for name in self._waiting if name in self._targets]
        return ()
