"""What can be pulled: a mutator on a kind of document, what it hides of others, and what it has come to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from crumple.document import Document
from crumple.mutation.action import seen_as
from crumple.mutation.mutator import Mutator
from crumple.plan import Target
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
_FIRST_REWARD, _FIRST_CALLS = 1.0, 2.0
_FADES = 0.7
_FLOOR = 0.02
_HOPELESS = 3
"""Left out so often and never carried out, a mutator has little to do with this kind of document."""


class Company(Enum):
    """With whom a mutator may be in one recipe, so that none hides what another one shows."""

    MIXED = "any"
    """It leaves the system no excuse; it may be with others."""
    EXCUSED = "excused"
    """Refusing what it makes is acceptable from its mildest level on."""
    ALONE = "alone"
    """It takes away what the others have damaged."""


@dataclass(slots=True, eq=False)
class Arm:
    """A mutator on documents of one kind.

    Attributes:
        mutator: what is done.
        targets: the documents of that kind that it may act on.
        rank: where its step stands in a recipe.
        company: with whom it may be tried.
        ceiling: up to which level it leaves no excuse; 5 where it never does, or always.
        lossy: whether it says that values are lost, so that whatever the system says of them passes.
        edits: whether it says that the right answer is another one.
        calls: how often it was carried out.
        cleared: how often the system stood it, and was shown to.
        missed: how often it was left out, or came to nothing.
        known: how many failures of known kinds it had a part in.
        reward: new kinds of failure that it had a part in; each call after lets it fade.
        triggers: whether it is known to make the system fail, alone.
        suspect: whether it was in a mixture that failed as others do, and it is not known by whose doing.
    """

    mutator: Mutator
    targets: Sequence[Target]
    rank: float
    company: Company
    ceiling: float
    lossy: bool
    edits: bool
    calls: int = 0
    cleared: int = 0
    missed: int = 0
    known: int = 0
    reward: float = 0.0
    triggers: bool = False
    suspect: bool = False

    @classmethod
    def of(cls, mutator: Mutator, targets: Sequence[Target]) -> Arm:
        """Of a mutator that nothing is known of yet."""
        at = mutator.refusable_from
        lossy = "lost" in mutator.truth
        excused = at is not None and (at <= 1 if mutator.ladder else at <= mutator.level)
        beside = mutator.view in (Inputs, Dependency)
        company = Company.MIXED
        if excused:
            company = Company.ALONE if lossy and not beside else Company.EXCUSED
        ceiling = WORST if at is None or excused else max(at - 1, at / 2)
        return cls(mutator, targets, _rank(mutator), company, ceiling, lossy, "new" in mutator.truth)

    @property
    def is_mixed(self) -> bool:
        """Whether it may be with others now."""
        return self.company is Company.MIXED and not self.triggers

    @property
    def is_hopeless(self) -> bool:
        """Whether it was left out too often to be drawn for its own sake."""
        return self.missed >= _HOPELESS and not self.calls

    @property
    def weight(self) -> float:
        """How much is to be expected of it: new kinds of failure for a call, with a floor."""
        if self.is_hopeless:
            return _FLOOR
        expected = (_FIRST_REWARD + 4 * self.reward) / (_FIRST_CALLS + self.calls + self.missed)
        # What fails as is known, again and again, has little new to tell.
        return _FLOOR + expected / (1 + 2 * self.known)

    def was_called(self) -> None:
        """It was carried out once more."""
        self.calls += 1
        self.missed = 0
        self.reward *= _FADES


def _rank(mutator: Mutator) -> float:
    view = seen_as(mutator)
    place = _VIEWS.index(view) if view in _VIEWS else _VIEWS.index(Text)
    return place + _LATER.get(mutator.category, 0.0)
