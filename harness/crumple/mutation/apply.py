"""Applying a recipe to a case: a degraded document, and what an answer to it is held against."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crumple.case import Case
from crumple.document import Document
from crumple.errors import CrumpleError, NotApplicable
from crumple.mutation.carry import carry
from crumple.mutation.locate import Located, locate
from crumple.mutation.mutator import Degraded, Mutator
from crumple.mutation.trace import Trace
from crumple.places import Place, Region
from crumple.recipe import Recipe, Step
from crumple.truth import ABSENT, ALL, SAME, AnyOf, Edit, Everything, Expectation, Truth
from crumple.views.format import read, views_of, write
from crumple.views.pages import Page, Pages
from crumple.views.record import Record
from crumple.views.table import Table
from crumple.views.text import Text

_KEPT_BYTES = 256 << 20
_KEPT_TRUTHS = 64


@dataclass(frozen=True, slots=True)
class Degradation:
    """A degraded case.

    Attributes:
        document: the document, degraded where the recipe says so.
        parts: the case's further documents, likewise.
        expectation: what an answer is held against.
        touched: where the clean document was changed, as far as the mutators said.
    """

    document: Document
    parts: tuple[Document, ...]
    expectation: Expectation
    touched: tuple[Place, ...] = ()


class ViewCache:
    """The decoded views of the clean documents used last, and where their truths stand.

    Decoding a page costs more than degrading it, and a lane meets the same clean document again and again.
    """

    def __init__(self, most: int = _KEPT_BYTES) -> None:
        """Keep views of about this many bytes together, and always the last one."""
        self._most = most
        self._held = 0
        self._views: OrderedDict[tuple[str, str, type], tuple[object, int]] = OrderedDict()
        self._located: OrderedDict[str, tuple[Truth, Located]] = OrderedDict()

    def view(self, case: Case, document: Document, kind: type) -> object:
        """A clean document of a case seen as a view.

        Raises:
            Unreadable: it cannot be.
        """
        key = (case.id, document.name, kind)
        if key not in self._views:
            view: object = read(document, kind)
            self._views[key] = view, (size := _size(view, document))
            self._held += size
            while self._held > self._most and len(self._views) > 1:
                self._held -= self._views.popitem(last=False)[1][1]
        self._views.move_to_end(key)
        return self._views[key][0]

    def located(self, case: Case) -> Located:
        """Where the case's truth stands in its clean document."""
        if case.id not in self._located or self._located[case.id][0] is not case.truth:
            self._located[case.id] = case.truth, locate(case.truth, case.document, case)
            if len(self._located) > _KEPT_TRUTHS:
                self._located.popitem(last=False)
        self._located.move_to_end(case.id)
        return self._located[case.id][1]


def _size(view: object, document: Document) -> int:
    """About how many bytes a view holds; text is held as characters and, as cells, once more."""
    return sum(page.pixels.nbytes for page in view) if isinstance(view, Pages) else 4 * len(document.data)


def degrade(case: Case, recipe: Recipe, mutators: Mapping[str, Mutator], cache: ViewCache | None = None) -> Degradation:
    """Apply a recipe's steps in order.

    Args:
        case: it is not modified.
        recipe: without steps, the clean document itself.
        mutators: at least those that the recipe names.
        cache: of decoded clean documents; one for a run of calls on the same cases.

    Raises:
        NotApplicable: a step cannot act on what it is given, or the result is the clean document.
        CrumpleError: a step names an unknown mutator, parameter or part.
    """
    bench = _Bench(case, cache or ViewCache())
    for step in recipe.steps:
        if step.mutator not in mutators:
            raise CrumpleError(
                f"there is no mutator {step.mutator!r}", where="recipe", got=step.mutator, allowed=mutators
            )
        bench.apply(mutators[step.mutator], step)
    degradation = bench.finish()
    if recipe.steps and degradation.document.data == case.document.data and degradation.parts == case.parts:
        raise NotApplicable("it changed nothing")
    return degradation


class _Bench:
    """One case while it is being degraded. A view that the next step needs too is not written in between."""

    def __init__(self, case: Case, cache: ViewCache) -> None:
        self.case, self.cache = case, cache
        self.documents = {"": case.document} | {part.name: part for part in case.parts}
        self.open: dict[str, object] = {}
        self.traces: dict[str, Trace | None] = dict.fromkeys(self.documents, Trace())
        self.truth: Truth = case.truth
        self.lost: frozenset[str] = frozenset()
        self.refusable = False
        self.touched: list[Place] = []

    def apply(self, mutator: Mutator, step: Step) -> None:
        if step.part not in self.documents:
            raise CrumpleError(
                f"{self.case.id} has no part {step.part!r}", where=step.mutator, got=step.part, allowed=self.documents
            )
        media_type = self.documents[step.part].media_type
        if not mutator.fits(media_type):
            raise NotApplicable(f"{mutator.name} acts on {' and '.join(mutator.only)}, not on {media_type}")
        view = self._view(step.part, seen_as(mutator))
        degraded = act(mutator, view, step, self.truth)
        self._state(mutator, step, degraded, view)
        if degraded.view is view:
            raise NotApplicable(f"{mutator.name} changed nothing")
        self.open[step.part] = degraded.view
        trace = self.traces[step.part]
        if isinstance(degraded.view, Pages):
            return  # they know where they come from
        # What damages a file's bytes may leave it with other pages; nobody can say which.
        known = trace is not None and isinstance(view, Document)
        self.traces[step.part] = trace.after(degraded.origins) if trace is not None and known else None

    def _view(self, part: str, kind: type) -> object:
        view = self.open.get(part)
        if isinstance(view, kind):
            return view
        if view is None and self.documents[part] is self._clean(part):
            return self.cache.view(self.case, self.documents[part], kind)
        return read(self._written(part), kind)

    def _clean(self, part: str) -> Document:
        return self.case.document if not part else next(each for each in self.case.parts if each.name == part)

    def _written(self, part: str) -> Document:
        view = self.open.pop(part, None)
        if view is not None:
            self.documents[part] = write(view, self.documents[part])
            self.traces[part] = self._trace(part, view)
        return self.documents[part]

    def _state(self, mutator: Mutator, step: Step, degraded: Degraded[Any], view: object) -> None:
        """Carry the mutator's statement over to the truth."""
        self.refusable = self.refusable or mutator.refusable(step)
        degraded = self._in_clean_places(step.part, degraded, view)
        says_more = degraded.truth != SAME or degraded.lost is ALL or bool(degraded.lost)
        if says_more:
            located = None if self.truth is ABSENT else self._located(step.part)
            before = self.lost
            self.truth, after = carry(degraded, self.truth, before, located)
            self.lost = (after & before) | self._only_here(step.part, after - before, located)
        if degraded.lost is not ALL:
            self.touched.extend(degraded.lost)
        self.touched.extend(degraded.touched)

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

    def _located(self, part: str) -> Located:
        """Where the truth stands in the document that a step acts on; of pages, in the clean ones."""
        clean = self._clean(part)
        case = replace(self.case, regions={}) if part else self.case
        if self.traces[part] is None or not _paged(clean):
            if part not in self.open and self.documents[part] is clean:
                return self._in_clean(part, case)
            return locate(self.truth, self._peek(part), replace(case, regions={}))
        return self._in_clean(part, case)

    def _in_clean(self, part: str, case: Case) -> Located:
        if not part and self.truth is self.case.truth:
            return self.cache.located(self.case)
        return locate(self.truth, self._clean(part), case)

    def _only_here(self, part: str, lost: frozenset[str], located: Located | None) -> frozenset[str]:
        """Of the fields that a step has lost in one document of several, those that no other one holds."""
        if not lost or located is None or len(self.documents) == 1:
            return lost
        here = {path for path, found in located.fields.items() if found} if located.known else set(located.fields)
        gone = here if "" in lost else lost
        for name in self.documents:
            if name != part:
                regions = self.case.regions if not name else {}
                other = locate(self.truth, self._peek(name), replace(self.case, regions=regions))
                gone = {path for path in gone if not other.fields.get(path)}
        return frozenset(gone)

    def _peek(self, part: str) -> Document:
        """A document as it stands now, its open view left open."""
        view = self.open.get(part)
        return self.documents[part] if view is None else write(view, self.documents[part])

    def finish(self) -> Degradation:
        for part in tuple(self.open):
            self._written(part)
        document = self.documents.pop("")
        return Degradation(
            document,
            tuple(self.documents.values()),
            Expectation(self.truth, self.lost, self.refusable),
            tuple(dict.fromkeys(self.touched)),
        )


def _paged(document: Document) -> bool:
    """Whether the finest view of a document is its pages."""
    return not {Table, Record, Text} & set(views_of(document.media_type))


def _traced(truth: Any, trace: Trace) -> Any:
    """What a mutator says of the right answer, with the regions in it as regions of the clean document."""
    match truth:
        case AnyOf(options):
            return AnyOf(*(_traced(option, trace) for option in options))
        case Edit() if truth.repeated:
            return replace(truth, repeated=trace.clean(truth.repeated))
    return truth


def seen_as(mutator: Mutator) -> type:
    """The view that a document is read as for a mutator: a mutator of one page acts on all of `Pages`."""
    return Pages if mutator.view is Page else mutator.view


def act(mutator: Mutator, view: object, step: Step, truth: Truth = ABSENT) -> Degraded[Any]:
    """Apply one step to a view of the kind that `seen_as` names.

    Raises:
        NotApplicable: the mutator cannot act on it.
        CrumpleError: the step's parameters are not the mutator's.
    """
    if mutator.view is Page and isinstance(view, Pages):
        return _on_pages(mutator, view, step, truth)
    return mutator.apply(view, step, truth)


def _on_pages(mutator: Mutator, pages: Pages, step: Step, truth: Truth) -> Degraded[Pages]:
    """A mutator of one page on every page of a document; a page that it cannot act on stays as it is."""
    degraded: list[Page] = []
    lost: list[Place] = []
    touched: list[Place] = []
    reasons: list[str] = []
    everything = True
    for number, page in enumerate(pages):
        try:
            one = mutator.apply(page, step, truth, page=number)
        except NotApplicable as reason:
            degraded.append(page)
            reasons.append(str(reason))
            everything = False
            continue
        degraded.append(one.view)
        touched.extend(_moved(one.touched, number))
        everything = everything and one.lost is ALL
        lost.extend((Region(number),) if one.lost is ALL else _moved(one.lost, number))
    if len(reasons) == len(pages):
        raise NotApplicable(reasons[0] if reasons else "it has no pages")
    gone: Sequence[Place] | Everything = ALL if everything else lost
    return Degraded(Pages(tuple(degraded)), lost=gone, touched=touched)


def _moved(places: Sequence[Place] | Everything, page: int) -> list[Place]:
    if isinstance(places, Everything):
        return [Region(page)]
    return [replace(place, page=page) if isinstance(place, Region) else place for place in places]
