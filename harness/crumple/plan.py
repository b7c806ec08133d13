"""What a run will do: its population of cases, and the rounds of calls that are drawn from it. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

import numpy as np

from crumple import corpora
from crumple.case import Corpus, Entry, Wanted
from crumple.clean import clean_calls
from crumple.dependency.front import NEVER_CALLED, NONE_CONFIGURED
from crumple.document import Document
from crumple.errors import CrumpleError
from crumple.mutation.action import seen_as
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.recipe import Recipe
from crumple.sampling import in_turn
from crumple.targets import Target, Targets
from crumple.views.dependency import Dependency
from crumple.views.format import exact, spoken, views_of
from crumple.views.inputs import Inputs

_CLEAN_SHARE, _GROUPS_SHARE = 4, 2
"""At most one call in so many goes to clean documents, where the corpus is larger than the budget; more where every
group of documents can be used but once."""
_SEEDS = 1_000_000
MOST_SAMPLED = 100_000
"""A run that no number of calls ends is about so many cases at most, where the corpus is not listed as a whole."""
TRIES = 5
"""How many documents a visit tries before the mutator counts as skipped in that round."""
MOST_AGAIN = 100
"""At most so many failures are tried a second time."""
_RESERVED = 50
"""One call in so many is kept back for that."""


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
        cost: the budget in money; None: no such limit.
        repeat: how often every call is made.
        ahead: all documents are made before any answer is known, as for a batch: the plan is drawn as if every case
            were right when clean, and what turns out not to be is left out afterwards.
        pass_mark: the score from which on an answer is right; None: what is no worse than the case's clean
            answer, less `slack`.
        slack: see `pass_mark`.
        sees: whether damage made in a view reaches the system.
        dependency: whether a proxy stands in front of what the system itself calls.
        round_size: how many calls a round takes at most; None: one of every mutator.
        always: cases that are in the population however small the budget.
        again: whether an example of each bucket of failures is called a second time in the end.
        by_group: whether as many groups as can be are to be among the cases, rather than all cases of few groups.
    """

    corpus: Corpus
    registry: Registry
    controls: Registry = Registry({})
    levels: tuple[float, ...] = (1, 3, 5)
    seed: int = 0
    calls: int | None = 1000
    seconds: float | None = None
    cost: float | None = None
    repeat: int = 1
    ahead: bool = False
    pass_mark: float | None = 1.0
    slack: float = 0.0
    sees: Callable[[type], bool] = field(default=lambda view: True)
    dependency: bool = False
    round_size: int | None = None
    by_group: bool = False
    always: frozenset[str] = frozenset()
    again: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """One mutator's turn in one round: a level, and the targets to try in order, each with its seed.

    Attributes:
        slot: tells several turns of one mutator in a round apart; "" where there is but one.
    """

    round: int
    mutator: Mutator
    level: float
    candidates: tuple[tuple[Target, int], ...]
    slot: str = ""

    @property
    def name(self) -> str:
        """What it is called within its round, as in the keys of its calls."""
        return f"{self.mutator.name}~{self.slot}" if self.slot else self.mutator.name

    @property
    def tries(self) -> int:
        """How many documents it may try, one after the other."""
        return len(self.candidates)


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole recipe's turn in one round; it counts in no mutator's rate.

    Attributes:
        name: what it is called within its round, as in the key of its call.
        level: the highest of its steps.
        fitting: whether steps that cannot act on the document are left out.
        counts: whether the changes that its steps make are counted.
    """

    round: int
    name: str
    case: str
    recipe: Recipe
    level: float
    fitting: bool = False
    counts: bool = False

    @property
    def tries(self) -> int:
        """It has one document."""
        return 1


Turn: TypeAlias = Visit | Trial
Trips: TypeAlias = "Callable[[Entry], Iterator[tuple[Mutator, Target]]]"


def population(plan: Plan) -> list[Entry]:
    """The cases that a run is about, in random order: all of them, or a sample where the budget is small.

    A sample takes groups in random order, evenly over media types, so that every kind of document is there;
    so does every beginning of it.

    Raises:
        CrumpleError: the corpus is empty, or the budget does not even suffice for one round.
    """
    entries = offered(plan)
    if not entries:
        raise CrumpleError("the corpus holds no cases", where=plan.corpus.name)
    kinds = dict.fromkeys(entry.media_type for entry in entries)
    shuffled = list(entries) if corpora.streamed(plan.corpus) else _shuffled(plan, entries, list(kinds))
    if plan.calls is None:
        return shuffled
    trips, share = controlled(plan), _share(plan)
    spent = list(itertools.accumulate(_preparation(plan, entry, trips) for entry in shuffled))

    def within(calls: int) -> int:
        return max(sum(each <= calls // share for each in spent), len(kinds))

    count = within(plan.calls)
    run = sum(not isinstance(found, str) for found in eligible(plan, shuffled[:count], set()).values())
    size = plan.repeat * (plan.round_size if plan.round_size is not None and run else run)
    if size and spent[count - 1] + size + reserve(plan, plan.calls) > plan.calls:
        enough = plan.calls
        while (takes := spent[within(enough) - 1] + size + reserve(plan, enough)) > enough:
            enough = takes  # a larger budget is about more cases
        raise CrumpleError(
            f"a budget of {plan.calls} calls is too small: clean documents and round trips take {spent[count - 1]}, "
            f"and one round {size} more",
            where="[run] calls",
            hint=f"Allow at least {enough} calls, or choose fewer mutators with [mutate] use.",
        )
    return shuffled[:count] + [entry for entry in shuffled[count:] if entry.id in plan.always]


def offered(plan: Plan) -> Sequence[Entry]:
    """The cases that a run may be about: all, or of a corpus that is not listed as a whole as many as there may be."""
    if (stream := corpora.streamed(plan.corpus)) is None:
        return plan.corpus.entries()
    most = MOST_SAMPLED if plan.calls is None else plan.calls // _share(plan)
    return stream.sample(Wanted(plan.seed, most, plan.by_group, plan.always))


def corpus_size(plan: Plan) -> tuple[int, int]:
    """How many cases the corpus has, and groups of them; gone through once for this and for what the plan draws."""
    if corpora.streamed(plan.corpus):
        offered(plan)
    return corpora.size(plan.corpus)


def _share(plan: Plan) -> int:
    """At most one call in so many goes to clean documents."""
    return _GROUPS_SHARE if plan.by_group else _CLEAN_SHARE


def _shuffled(plan: Plan, entries: Sequence[Entry], kinds: Sequence[str]) -> list[Entry]:
    """All cases, groups in random order, evenly over media types."""
    groups = list(dict.fromkeys(entry.group for entry in entries))
    order = dict(zip(groups, draws(plan.seed, 0).permutation(len(groups)).tolist(), strict=True))
    # Each kind begins with other groups, where it is groups that count.
    shifts = [len(groups) * at // len(kinds) if plan.by_group else 0 for at in range(len(kinds))]
    queues = [
        sorted(
            (entry for entry in entries if entry.media_type == kind),
            key=lambda entry: (order[entry.group] + shift) % len(groups),
        )
        for kind, shift in zip(kinds, shifts, strict=True)
    ]
    return list(in_turn(queues))


def reserve(plan: Plan, calls: int) -> int:
    """How many calls of a budget are kept back from the rounds, to try failures a second time."""
    return 0 if plan.ahead or plan.repeat > 1 or not plan.again else min(MOST_AGAIN, calls // _RESERVED)


def _preparation(plan: Plan, entry: Entry, trips: Trips) -> int:
    """How many calls a case takes before it is degraded."""
    return clean_calls(entry, plan.repeat) + sum(1 for _ in trips(entry))


def controlled(plan: Plan) -> Trips:
    """What tells the round trips that a case takes: of each document that some view cannot write back unchanged."""

    @cache  # a corpus has a million documents, and a handful of media types
    def controls(media_type: str) -> Sequence[Mutator]:
        if any(plan.sees(each.view) and round_trips(each, media_type) for each in plan.registry):
            return [each for each in plan.controls if acts_on(each, media_type)]
        return ()

    def trips(entry: Entry) -> Iterator[tuple[Mutator, Target]]:
        for part, media_type in entry.documents:
            yield from ((each, Target(entry.id, part)) for each in controls(media_type))

    return trips


def acts_on(mutator: Mutator, media_type: str) -> bool:
    """Whether a media type can be seen as the mutator's view, and the mutator is for it."""
    return mutator.fits(media_type) and seen_as(mutator) in views_of(media_type)


def round_trips(mutator: Mutator, media_type: str) -> bool:
    """Whether the mutator's view of this media type cannot be written back unchanged."""
    return acts_on(mutator, media_type) and not exact(media_type, seen_as(mutator))


def eligible(
    plan: Plan, entries: Sequence[Entry], broken: AbstractSet[Target], *, called: bool = True
) -> dict[str, Sequence[Target] | str]:
    """For each mutator what it can be tried on, or why there is nothing.

    Args:
        plan: the run's plan.
        entries: the cases that passed clean.
        broken: documents that did not survive the round trip of a control.
        called: whether the system called its dependency on any clean document.
    """
    known = Targets(entries)
    found = {mutator.name: _targets(plan, mutator, known, broken) for mutator in plan.registry}
    if plan.dependency and not called:
        found |= {each.name: NEVER_CALLED for each in plan.registry if each.view is Dependency}
    return found


def _targets(plan: Plan, mutator: Mutator, known: Targets, broken: AbstractSet[Target]) -> Sequence[Target] | str:
    if mutator.view is Inputs:
        return known.asked or "no case passes anything to the system beside its document"
    if mutator.view is Dependency and not plan.dependency:
        return NONE_CONFIGURED
    if mutator.view is Dependency and mutator.levels(plan.levels):
        return known.cases
    if mutator.view is not Dependency and not plan.sees(mutator.view):
        words = "bytes" if mutator.view in (bytes, Document) else f"a {mutator.view.__name__.lower()}"
        return f"the system never sees {words}"
    if not mutator.levels(plan.levels):
        return f"it has one level, {mutator.level:g}, which was not asked for"
    fitting = frozenset(kind for kind in known.kinds if acts_on(mutator, kind))
    true = mutator.truth == ("new",)
    if not known.those(fitting):
        return _unfit(mutator)
    if not known.those(fitting, true=true):
        return "its right answer is new, and there is no truth"
    spoilt = frozenset(kind for kind in fitting if round_trips(mutator, kind)) if broken else frozenset()
    survive = known.those(fitting, spoilt, broken, true=true)
    return survive or "no case survives the round trip through its view"


def _unfit(mutator: Mutator) -> str:
    if mutator.only:
        return f"no document of the corpus is {spoken(mutator.only).replace(', ', ' or ')}"
    return f"no document of the corpus can be seen as {mutator.view.__name__}"


def draw_round(plan: Plan, number: int, targets: Mapping[str, Sequence[Target]], tries: int) -> list[Visit]:
    """One round: every mutator once, in random order, each with a level, targets and seeds drawn independently.

    Args:
        plan: the run's plan.
        number: the round's, from 0; a round does not depend on those before it.
        targets: mutator's name -> what to draw from.
        tries: how many targets to draw for a visit, in case the first do not suit the mutator.
    """
    rng = draws(plan.seed, number + 1)
    names = list(targets)
    visits = []
    for index in rng.permutation(len(names)).tolist():
        mutator = plan.registry.get(names[index])
        pool = targets[mutator.name]
        levels = mutator.levels(plan.levels)
        level = levels[int(rng.integers(len(levels)))]
        drawn = _distinct(rng, len(pool), tries)
        seeds = rng.integers(1, _SEEDS, size=len(drawn)).tolist()
        candidates = tuple((pool[at], seed) for at, seed in zip(drawn, seeds, strict=True))
        visits.append(Visit(number, mutator, level, candidates))
    return visits


def _distinct(rng: np.random.Generator, count: int, most: int) -> list[int]:
    """Up to `most` different numbers below `count`; a million documents are not shuffled for five."""
    if count <= 4 * most:
        return [int(each) for each in rng.permutation(count)[:most]]
    return list(dict.fromkeys(rng.integers(count, size=2 * most).tolist()))[:most]


def draws(seed: int, stream: int) -> np.random.Generator:
    """The generator of one of a plan's independent streams of draws: 0 is the population's, n + 1 round n's."""
    return np.random.Generator(np.random.PCG64([seed, stream]))
