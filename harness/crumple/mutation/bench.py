"""One case while the steps of a recipe act on it, and what becomes of its right answer on the way."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Self

from crumple.case import Case
from crumple.dependency.faults import Fault, standing
from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.mutation.action import act, seen_as
from crumple.mutation.cache import ViewCache, rooted
from crumple.mutation.carry import carry
from crumple.mutation.changes import cut, how_many
from crumple.mutation.locate import locate
from crumple.mutation.located import Located
from crumple.mutation.mutator import Degraded, Mutator, Replaced
from crumple.mutation.trace import Trace
from crumple.places import Member, Place, each_once
from crumple.recipe import Step
from crumple.truth import ABSENT, ALL, SAME, AnyOf, Edit, Expectation, Json, Truth, alternatives, one_of
from crumple.views.dependency import Dependency
from crumple.views.format import read, spoken, views_of, write
from crumple.views.inputs import Inputs
from crumple.views.pages import Pages
from crumple.views.parts import closed, opened
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text


@dataclass(frozen=True, slots=True)
class Degradation:
    """A degraded case.

    Attributes:
        document: the document, degraded where the recipe says so.
        parts: the case's further documents, likewise.
        expectation: what an answer is held against.
        touched: where the clean document was changed, as far as the mutators said.
        inputs: what is passed to the system beside the documents.
        faults: that what the system itself calls is to have during the call.
        changes: how many changes each step made that can be told apart, 0 where they cannot; () unless it was asked.
    """

    document: Document
    parts: tuple[Document, ...]
    expectation: Expectation
    touched: Sequence[Place] = ()
    inputs: Json = None
    faults: tuple[Fault, ...] = ()
    changes: tuple[int, ...] = ()


class Bench:
    """One case while it is being degraded. A view that the next step needs too is not written in between."""

    def __init__(self, case: Case, cache: ViewCache, *, counts: bool = False) -> None:
        """Begin with the clean documents.

        Args:
            case: it is not modified.
            cache: of decoded clean documents.
            counts: whether the changes that each step makes are counted.
        """
        self.case, self.cache = case, cache
        self.counts, self.states = counts, True
        self.changes: list[int] = []
        # Views that were written, the documents that they were written into, and what came of it; for all forks.
        self.peeked: dict[tuple[str, int], tuple[object, Document, Document]] = {}
        self.documents = {"": case.document} | {part.name: part for part in case.parts}
        self.own = tuple(self.documents)
        self.open: dict[str, object] = {}
        self.traces: dict[str, Trace | None] = dict.fromkeys(self.documents, Trace())
        self.inputs: Json = case.inputs
        self.dependency = Dependency()
        self.truth: Truth = case.truth
        self.lost: frozenset[str] = frozenset()
        self.hiding: frozenset[str] = frozenset()  # documents that hold values which nobody is to see
        self.refusable = False
        self.touched: list[Sequence[Place]] = []

    def fork(self, *, states: bool = True) -> Self:
        """One that goes on from here while this one stays.

        Args:
            states: whether what further steps say of the right answer matters; else only what they make does, and no
                changes are counted.
        """
        other = copy(self)
        other.documents, other.open, other.traces = self.documents.copy(), self.open.copy(), self.traces.copy()
        other.changes, other.touched = self.changes.copy(), self.touched.copy()
        other.states = self.states and states
        other.counts = self.counts and other.states
        return other

    def apply(self, mutator: Mutator, step: Step) -> None:
        """Let one step act on the document or part that it names.

        Raises:
            NotApplicable: the mutator cannot act on it.
            CrumpleError: there is no such part, or the step's parameters are not the mutator's.
        """
        if mutator.view is Inputs:
            self._ask(mutator, step)
            return
        if mutator.view is Dependency:
            self._surround(mutator, step)
            return
        self._turn_to(step.part)
        media_type = self.documents[step.part].media_type
        if not mutator.fits(media_type):
            raise NotApplicable(f"{mutator.name} acts on {spoken(mutator.only)}, not on {spoken([media_type])}")
        if step.part in self.hiding and seen_as(mutator) in (bytes, Document):
            raise NotApplicable(f"{mutator.name} may uncover what another step has hidden")
        view = self._view(step.part, seen_as(mutator))
        degraded = self._kept(mutator, step, view, act(mutator, view, step, self.truth), media_type)
        if degraded.view is view:
            raise NotApplicable(f"{mutator.name} changed nothing")
        self._state(mutator, step, degraded, view)
        self.hiding |= {step.part} if mutator.hides else set()
        self.open[step.part] = degraded.view
        trace = self.traces[step.part]
        if isinstance(degraded.view, Pages):
            return  # they know where they come from
        # What damages a file's bytes may leave it with other pages; nobody can say which.
        known = trace is not None and isinstance(view, Document)
        self.traces[step.part] = trace.after(degraded.origins) if trace is not None and known else None

    def _kept(
        self, mutator: Mutator, step: Step, before: object, degraded: Degraded[Any], media_type: str = ""
    ) -> Degraded[Any]:
        """What a step made, with those of its changes that it is to keep."""
        if self.counts:
            self.changes.append(how_many(mutator, before, degraded, media_type))
        return cut(mutator, step.only, before, degraded, media_type) if step.only else degraded

    def _ask(self, mutator: Mutator, step: Step) -> None:
        """Let a step act on what goes with the documents."""
        if self.inputs is None:
            raise NotApplicable("nothing is passed to the system beside the document")
        before = Inputs(self.inputs)
        degraded = self._kept(mutator, step, before, act(mutator, before, step, self.truth))
        if degraded.view.value == self.inputs:
            raise NotApplicable(f"{mutator.name} changed nothing")
        self.inputs = degraded.view.value
        self._carry(mutator, step, degraded)

    def _surround(self, mutator: Mutator, step: Step) -> None:
        """Let a step act on what the system itself calls."""
        degraded = self._kept(mutator, step, self.dependency, act(mutator, self.dependency, step, self.truth))
        if standing(degraded.view.faults) == standing(self.dependency.faults):
            alone = standing(act(mutator, Dependency(), step, self.truth).view.faults)
            raise NotApplicable(f"{mutator.name} {'is hidden by another step' if alone else 'changed nothing'}")
        self.dependency = degraded.view
        self._carry(mutator, step, degraded)

    def _carry(self, mutator: Mutator, step: Step, degraded: Degraded[Any]) -> None:
        """Carry over what a step beside the documents says of the right answer."""
        self.refusable = self.refusable or mutator.refusable(step)
        self.truth, self.lost = carry(degraded, self.truth, self.lost, None)

    def _turn_to(self, part: str) -> None:
        """Put back what earlier steps took out of a document, and take out what stands inside one."""
        for inner in [name for name in self.documents if name not in self.own and name != part]:
            self._put_back(inner)
        if part in self.documents:
            return
        root, path = rooted(self.own, part, self.case)
        clean = self.documents[root] is self._clean(root) and root not in self.open
        if clean:
            self.documents[part] = self._clean(part)
        else:
            self.documents[part] = opened(self._written(root), path)
        self.traces[part] = Trace() if clean else None

    def _put_back(self, part: str) -> None:
        """Write a document that stands inside another one into its place."""
        inner = self._written(part)
        del self.documents[part], self.traces[part]
        root, path = rooted(self.own, part, self.case)
        outer = self._written(root)
        self.documents[root] = closed(outer, path, inner)

    def _view(self, part: str, kind: type) -> object:
        view = self.open.get(part)
        if isinstance(view, kind):
            return view
        if view is None and self.documents[part] is self._clean(part):
            return self.cache.view(self.case, part, kind)
        return read(self._written(part), kind)

    def _clean(self, part: str) -> Document:
        return self.cache.document(self.case, part)

    def _written(self, part: str) -> Document:
        view = self.open.get(part)
        if view is not None:
            written = self._peek(part)
            del self.open[part]
            self.documents[part] = written
            self.traces[part] = self._trace(part, view)
        return self.documents[part]

    def _state(self, mutator: Mutator, step: Step, degraded: Degraded[Any], view: object) -> None:
        """Carry the mutator's statement over to the truth."""
        if not self.states:
            return
        self.refusable = self.refusable or mutator.refusable(step)
        degraded = self._in_clean_places(step.part, degraded, view)
        says_more = degraded.truth != SAME or degraded.lost is ALL or bool(degraded.lost)
        if says_more:
            # Where whole answers are a choice, what was touched is looked up in each, and each is carried on.
            whole = (self.truth,) if isinstance(degraded.truth, Replaced) else alternatives(self.truth)
            carried = [self._carried(step.part, degraded, option) for option in whole]
            self.truth = carried[0][0] if len(carried) == 1 else one_of([option for option, _ in carried])
            self.lost = frozenset[str]().union(*(lost for _, lost in carried))
        if degraded.lost is not ALL:
            self.touched.append(degraded.lost)
        self.touched.append(degraded.touched)

    def _carried(self, part: str, degraded: Degraded[Any], truth: Truth) -> tuple[Truth, frozenset[str]]:
        """One whole answer and what is lost of it, after a step in a document."""
        located = None if truth is ABSENT else self._located(part, truth)
        now, after = carry(degraded, truth, self.lost, located)
        return now, (after & self.lost) | self._only_here(part, truth, after - self.lost, located)

    def _in_clean_places(self, part: str, degraded: Degraded[Any], view: object) -> Degraded[Any]:
        """A statement about the document as it is now, with its regions as regions of the clean one."""
        trace = self._trace(part, view)
        if trace is None or degraded.lost is ALL:
            return degraded
        return replace(
            degraded,
            truth=_traced(degraded.truth, trace),
            lost=trace.gone(degraded.lost),
            touched=trace.clean(degraded.touched),
        )

    def _trace(self, part: str, view: object) -> Trace | None:
        """Where the pages of a view of a document come from."""
        trace = self.traces[part]
        return trace.through(view) if trace is not None and isinstance(view, Pages) else trace

    def _located(self, part: str, truth: Truth) -> Located:
        """Where a truth stands in the document that a step acts on; of pages, in the clean ones."""
        clean = self._clean(part)
        case = replace(self.case, regions={}) if part else self.case
        if self.traces[part] is None or not _paged(clean):
            if part not in self.open and self.documents[part] is clean:
                return self._in_clean(part, truth, case)
            return locate(truth, self._peek(part), replace(case, regions={}))
        return self._in_clean(part, truth, case)

    def _in_clean(self, part: str, truth: Truth, case: Case) -> Located:
        for number, option in enumerate(() if part else alternatives(self.case.truth)):
            if option is truth:
                return self.cache.located(self.case, number)
        return locate(truth, self._clean(part), case)

    def _only_here(self, part: str, truth: Truth, lost: frozenset[str], located: Located | None) -> frozenset[str]:
        """Of the fields that a step has lost in one document of several, those that no other one holds."""
        if not lost or located is None or len(self.documents) == 1:
            return lost
        here = {path for path, found in located.fields.items() if found} if located.known else set(located.fields)
        gone = here if "" in lost else lost
        for name in self.own:
            if name == part:
                continue
            other = locate(truth, self._peek(name), replace(self.case, regions={} if name else self.case.regions))
            if part not in self.own and rooted(self.own, part, self.case)[0] == name:
                # The other document is the one that this part stands in: what of it stands elsewhere there?
                inner = Member(rooted(self.own, part, self.case)[1])
                only = other.at((inner,)) | set(other.nowhere)
                gone = {path for path in gone if path in only}
                continue
            gone = {path for path in gone if not other.fields.get(path)}
        return frozenset(gone)

    def _peek(self, part: str) -> Document:
        """A document as it stands now, its open view left open; written once for all who ask."""
        view = self.open.get(part)
        if view is None:
            return self.documents[part]
        into = self.documents[part]
        known = self.peeked.get((part, id(view)))
        if known is None or known[0] is not view or known[1] is not into:
            known = self.peeked[part, id(view)] = view, into, write(view, into)
        return known[2]

    def settle(self, part: str) -> None:
        """See to it that what stands in a document can be written, where that costs little.

        Raises:
            NotApplicable: it cannot, as with characters that its encoding does not have.
        """
        if isinstance(self.open.get(part), (Text, Table, Record)):
            self._peek(part)

    def finish(self) -> Degradation:
        """The degraded case: everything written, parts in their places."""
        self._turn_to("")
        for part in tuple(self.open):
            self._written(part)
        document = self.documents.pop("")
        touched = [each for each in self.touched if len(each)]
        return Degradation(
            document,
            tuple(self.documents.values()),
            Expectation(self.truth, self.lost, self.refusable),
            each_once(touched[0] if len(touched) == 1 else tuple(itertools.chain.from_iterable(touched))),
            self.inputs,
            standing(self.dependency.faults),
            tuple(self.changes),
        )


def _paged(document: Document) -> bool:
    """Whether damage to a document can be said in places of its pages."""
    return Pages in views_of(document.media_type)


def _traced(truth: Any, trace: Trace) -> Any:
    """What a mutator says of the right answer, with the regions in it as regions of the clean document."""
    match truth:
        case AnyOf(options):
            return AnyOf(*(_traced(option, trace) for option in options))
        case Edit() if truth.repeated:
            return replace(truth, repeated=tuple(trace.clean(truth.repeated)))
    return truth
