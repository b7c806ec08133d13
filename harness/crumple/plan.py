"""What a run will do: its population of cases, and the rounds of calls that are drawn from it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from crumple.case import Corpus, Entry
from crumple.errors import CrumpleError
from crumple.mutation.apply import seen_as
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.views.format import exact, views_of

_CLEAN_SHARE = 4
"""At most one call in so many goes to clean documents, where the corpus is larger than the budget."""
_SEEDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """A run before it begins.

    Attributes:
        corpus: where cases come from.
        registry: the mutators that are visited; controls are not among them.
        controls: the mutators that only do a round trip.
        levels: what is drawn from.
        seed: of every draw.
        calls: the budget in calls, clean ones included; None: no such limit.
        seconds: the budget in wall seconds; None: no such limit.
        pass_mark: the score from which on an answer is right; None: what is no worse than the case's clean
            answer, less `slack`.
        slack: see `pass_mark`.
        sees: whether damage made in a view reaches the system.
    """

    corpus: Corpus
    registry: Registry
    controls: Registry = Registry({})
    levels: tuple[float, ...] = (1, 3, 5)
    seed: int = 0
    calls: int | None = 1000
    seconds: float | None = None
    pass_mark: float | None = 1.0
    slack: float = 0.0
    sees: Callable[[type], bool] = field(default=lambda view: True)


@dataclass(frozen=True, slots=True)
class Visit:
    """One mutator's turn in one round: a level, and the cases to try in order, each with its seed."""

    round: int
    mutator: Mutator
    level: float
    candidates: tuple[tuple[str, int], ...]


def population(plan: Plan) -> list[Entry]:
    """The cases that a run is about: all of them, or a sample where the budget is small.

    A sample takes groups in random order, evenly over media types, so that every kind of document is there.

    Raises:
        CrumpleError: the corpus is empty.
    """
    entries = list(plan.corpus.entries())
    if not entries:
        raise CrumpleError("the corpus holds no cases", where=plan.corpus.name)
    kinds = dict.fromkeys(entry.media_type for entry in entries)
    room = len(entries) if plan.calls is None else max(len(kinds), plan.calls // _CLEAN_SHARE)
    if len(entries) <= room:
        return entries
    groups = list(dict.fromkeys(entry.group for entry in entries))
    order = dict(zip(groups, _generator(plan.seed, 0).permutation(len(groups)).tolist(), strict=True))
    queues = [
        sorted((entry for entry in entries if entry.media_type == kind), key=lambda entry: order[entry.group])
        for kind in kinds
    ]
    taken = [entry for turn in range(room) for queue in queues for entry in queue[turn : turn + 1]][:room]
    chosen = {entry.id for entry in taken}
    return [entry for entry in entries if entry.id in chosen]


def acts_on(mutator: Mutator, media_type: str) -> bool:
    """Whether a media type can be seen as the mutator's view, and the mutator is for it."""
    return mutator.fits(media_type) and seen_as(mutator) in views_of(media_type)


def round_trips(mutator: Mutator, media_type: str) -> bool:
    """Whether the mutator's view of this media type cannot be written back unchanged."""
    return acts_on(mutator, media_type) and not exact(media_type, seen_as(mutator))


def eligible(plan: Plan, entries: Sequence[Entry], failed: Mapping[str, set[str]]) -> dict[str, list[str] | str]:
    """For each mutator the cases that it can be tried on, or why there are none.

    Args:
        plan: the run's plan.
        entries: the cases that passed clean.
        failed: control mutator's name -> the cases that did not survive its round trip.
    """
    found: dict[str, list[str] | str] = {}
    broken = set[str]().union(*failed.values())
    for mutator in plan.registry:
        if not plan.sees(mutator.view):
            found[mutator.name] = (
                "the system never sees bytes"
                if mutator.view is bytes
                else (f"the system never sees {mutator.view.__name__}")
            )
            continue
        if not mutator.levels(plan.levels):
            found[mutator.name] = f"it has one level, {mutator.level:g}, which was not asked for"
            continue
        fitting = [entry for entry in entries if acts_on(mutator, entry.media_type)]
        known = [entry for entry in fitting if entry.has_truth or mutator.truth != ("new",)]
        surviving = [
            entry.id for entry in known if entry.id not in broken or not round_trips(mutator, entry.media_type)
        ]
        if surviving:
            found[mutator.name] = surviving
        elif known:
            found[mutator.name] = "no case survives the round trip through its view"
        elif fitting:
            found[mutator.name] = "its right answer is new, and there is no truth"
        else:
            words = " or ".join(mutator.only) or f"can be seen as {mutator.view.__name__}"
            found[mutator.name] = f"no document of the corpus {'is ' if mutator.only else ''}{words}"
    return found


def draw_round(plan: Plan, number: int, cases: Mapping[str, Sequence[str]], tries: int) -> list[Visit]:
    """One round: every mutator once, in random order, each with a level, cases and seeds drawn independently.

    Args:
        plan: the run's plan.
        number: the round's, from 0; a round does not depend on those before it.
        cases: mutator's name -> the cases to draw from.
        tries: how many cases to draw for a visit, in case the first do not suit the mutator.
    """
    rng = _generator(plan.seed, number + 1)
    names = list(cases)
    visits = []
    for index in rng.permutation(len(names)).tolist():
        mutator = plan.registry.get(names[index])
        pool = cases[mutator.name]
        levels = mutator.levels(plan.levels)
        level = levels[int(rng.integers(len(levels)))]
        drawn = rng.permutation(len(pool))[:tries].tolist()
        seeds = rng.integers(1, _SEEDS, size=len(drawn)).tolist()
        candidates = tuple((pool[case], seed) for case, seed in zip(drawn, seeds, strict=True))
        visits.append(Visit(number, mutator, level, candidates))
    return visits


def _generator(seed: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([seed, stream]))
