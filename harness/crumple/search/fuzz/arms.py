"""What can be pulled: a mutator on a kind of document, what it hides of others, and what it has come to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crumple.document import Document
from crumple.mutation.action import seen_as
from crumple.mutation.mutator import Mutator
from crumple.targets import Target
from crumple.views.acroform_fields import FilledForm
from crumple.views.dependency import Dependency
from crumple.views.inputs import Inputs
from crumple.views.package import Package
from crumple.views.pages import Pages
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

WORST = 5.0
_VIEWS: tuple[type, ...] = (Inputs, Dependency, FilledForm, Record, Package, Table, Text, Pages, Document, bytes)
"""In which order steps find what they need: content first, then how it is written, then the bytes."""
_LATER = {"encoding": 0.5, "corruption": 0.25, "truncation": 0.75}
_FADES = 0.7
_FLOOR, _LEAST = 0.02, 0.005
_HOPELESS = 3
"""Left out so often and never carried out, a mutator has little to do with this kind of document."""
_HARMLESS, _EXCUSED, _LOSSY = 0.95, 0.75, 0.45
"""How likely the system is to stand a mutator at a middling level before anything is known: one that leaves it no
excuse; one that it may refuse; and what it takes off where values are lost. Measured on small readers."""
_STOOD, _TRIGGERS = 0.9, 0.05
_PRIOR = 3.0
_APPLIES, _OF = 1.2, 2.0
_MILD, _MILDEST = 2.0, 0.3
_UP, _DOWN = 1.0, 0.7
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(slots=True)
class Fared:
    """How often the system stood something, and how often it did not: shares of calls, as several may be at fault."""

    stood: float = 0.0
    fell: float = 0.0


@dataclass(slots=True, eq=False)
class Arm:
    """A mutator on documents of one kind.

    Attributes:
        mutator: what is done.
        name, module: the mutator's, at hand.
        targets: the documents of that kind that it may act on.
        family: how mutators of its category have fared on that kind.
        rank: where its step stands in a recipe.
        ceiling: up to which level it leaves no excuse; 5 where it never does, or always.
        lossy: whether it says that values are lost, so that whatever the system says of them passes.
        edits: whether it says that the right answer is another one.
        before: how likely the system was thought to stand it at first.
        walk: where it is on its walk over the levels, in [0, 1).
        own: how it has fared itself.
        calls: how often it was carried out.
        tested: how often it was seen what the system makes of it.
        missed: how often it was left out, or came to nothing.
        known: failures of known kinds that it had a part in.
        reward: new kinds of failure that it had a part in; each call after lets it fade.
        triggers: whether it is known to make the system fail, alone.
        mild: the worst level at which it is put beside others.
        stood_at: the worst level that the system was seen to stand.
        at: its number in its pool.
        weight: how much is to be expected of it, as `expected` has it.
    """

    mutator: Mutator
    name: str
    module: str
    targets: Sequence[Target]
    family: Fared
    rank: float
    ceiling: float
    lossy: bool
    edits: bool
    before: float
    walk: float
    mild: float
    own: Fared = field(default_factory=Fared)
    calls: int = 0
    tested: float = 0.0
    missed: int = 0
    known: float = 0.0
    reward: float = 0.0
    triggers: bool = False
    stood_at: float = 0.0
    at: int = 0
    weight: float = 0.0

    @classmethod
    def of(cls, mutator: Mutator, targets: Sequence[Target], family: Fared, walk: float) -> Arm:
        """Of a mutator that nothing is known of yet."""
        at = mutator.refusable_from
        lossy = "lost" in mutator.truth
        excused = at is not None and (at <= 1 if mutator.ladder else at <= mutator.level)
        before = (_EXCUSED if excused else _HARMLESS) * (_LOSSY if lossy else 1.0)
        ceiling = WORST if at is None or excused else max(at - 1, at / 2)
        mild = min(ceiling, _MILD) if excused else ceiling
        edits = "new" in mutator.truth
        named = mutator, mutator.name, mutator.module
        return cls(*named, targets, family, _rank(mutator), ceiling, lossy, edits, before, walk, mild)

    @property
    def is_hopeless(self) -> bool:
        """Whether it was left out too often to be drawn for its own sake."""
        return self.missed >= _HOPELESS and not self.calls

    def expected(self) -> float:
        """How much is to be expected of it: new kinds of failure for a call, with a floor."""
        if self.is_hopeless:
            return _LEAST
        # What fails as is known, again and again, has little new to tell.
        return _FLOOR + (1 + 4 * self.reward) / (2 + self.tested + self.missed) / (1 + 2 * self.known)

    def stands(self, level: float) -> float:
        """How likely the system is to stand it at a level, and to show what it makes of the others."""
        if self.triggers:
            return _TRIGGERS
        own, family = self.own, self.family
        share = (_PRIOR * self.before + family.stood) / (_PRIOR + family.stood + family.fell)
        share = (_PRIOR * share + own.stood) / (_PRIOR + own.stood + own.fell)
        if level <= self.stood_at:
            return max(share, _STOOD)
        return float(share ** (0.5 + level / WORST))

    @property
    def applies(self) -> float:
        """How likely it can act on a document."""
        return (_APPLIES + self.calls) / (_OF + self.calls + self.missed)

    def harm(self, level: float) -> float:
        """How likely it hides at a level what others may show."""
        return self.applies * (1 - self.stands(level))

    def next_level(self, top: float, low: float = 0.0) -> float:
        """The next one of a walk that comes by all levels between these evenly; what has but one has that."""
        if self.mutator.ladder is None:
            return self.mutator.level
        self.walk = (self.walk + _GOLDEN) % 1.0
        level = low + (1 - self.walk) * (top - low)
        # So little that it rounds to nothing is no test.
        return level if level >= 1 or self.mutator.ladder.level_of(self.mutator.ladder.at(level)) > 0 else 1.0

    def was_called(self) -> None:
        """It was carried out once more."""
        self.calls += 1
        self.reward *= _FADES

    def stood(self, level: float) -> None:
        """The system stood it."""
        self.tested += 1
        self.own.stood += 1
        self.family.stood += 1
        self.stood_at = max(self.stood_at, level)
        if level > self.mild / 2:
            self.mild = min(self.ceiling, self.mild + _UP)

    def fell(self, share: float, level: float) -> None:
        """The system did not, and it was this one's doing with such a probability."""
        self.tested += share
        self.own.fell += share
        self.family.fell += share
        if level <= self.mild:
            self.mild = max(_MILDEST, self.mild * (1 - share) + level * _DOWN * share)


def _rank(mutator: Mutator) -> float:
    view = seen_as(mutator)
    place = _VIEWS.index(view) if view in _VIEWS else _VIEWS.index(Text)
    return place + _LATER.get(mutator.category, 0.0)
