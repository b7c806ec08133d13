"""A degraded case as people's own tests are given it: the document, how it came about, what is right now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crumple import judges
from crumple.case import Case
from crumple.document import Document
from crumple.execution.judging import judged
from crumple.judges.verdict import Policy, verdict
from crumple.mutation.apply import degrade, fitted, half_done
from crumple.mutation.bench import Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.registry import Registry, discover
from crumple.outcome import Ending, Reply, Verdict
from crumple.recipe import Recipe
from crumple.truth import ABSENT, Expectation, Truth
from crumple.views.dependency import Dependency


@dataclass(frozen=True, slots=True, repr=False)
class DegradedCase:
    """A case after a recipe.

    Attributes:
        case: the clean one.
        recipe: the steps that were carried out.
        level: the highest of its steps, in (0, 5].
        degradation: what they made.
        registry: the mutators that the recipe names.
    """

    case: Case
    recipe: Recipe
    level: float
    degradation: Degradation
    registry: Registry

    def __repr__(self) -> str:
        return f"<{self.replay}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As Hypothesis and IPython show it: by the line that replays it, not by its documents."""
        printer.text(repr(self))

    @property
    def replay(self) -> str:
        """The line that `crumple replay` takes: "case > recipe"."""
        return f"{self.case.id} > {self.recipe}"

    @property
    def document(self) -> Document:
        """The degraded document."""
        return self.degradation.document

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.document.data

    @property
    def truth(self) -> Truth:
        """The right answer now; fields in `lost` may have their old value, none, or what stands in its place now."""
        return self.degradation.expectation.truth

    @property
    def lost(self) -> frozenset[str]:
        """JSON pointers of fields that cannot be read any more; "" is the whole answer."""
        return self.degradation.expectation.lost

    @property
    def may_refuse(self) -> bool:
        """Whether a clear "I cannot read this" is acceptable."""
        return not verdict(
            Reply(Ending.REFUSED), self.degradation.expectation, judges.load("exact", Path(), {}), Policy()
        ).failure

    def accepts(self, answer: Any, judge: str = "fields", *, pass_mark: float = 1.0, **options: Any) -> bool:
        """Whether an answer is right, or leaves out what need not be read.

        Args:
            answer: JSON as Python knows it, or bytes.
            judge: a judge's kind, as in `[judge] kind`.
            pass_mark: the score from which on it is right.
            options: the judge's.

        Raises:
            CrumpleError: there is no such judge or option, or nobody has said what the right answer is.
        """
        return not self.judged(answer, judge, pass_mark=pass_mark, **options)[0].failure

    def judged(
        self, answer: Any, judge: str = "fields", *, pass_mark: float = 1.0, **options: Any
    ) -> tuple[Verdict, Expectation]:
        """What is said of an answer, and what it was held against; see `accepts`."""
        chosen = judges.load(judge, Path(), options)
        reply = Reply(Ending.ANSWERED, answer)
        policy, cache = Policy(pass_mark), ViewCache()
        before = half_done(self.case, self.recipe, self.registry.mutators, cache)
        return judged(reply, self.case, self.degradation, chosen, policy, cache, before)


def degraded_case(
    case: Case,
    recipe: Recipe,
    registry: Registry,
    *,
    fitting: bool = False,
    level: float | None = None,
    cache: ViewCache | None = None,
) -> DegradedCase:
    """Apply a recipe to a case.

    Args:
        case: it is not modified.
        recipe: of one step or more.
        registry: at least the mutators that it names.
        fitting: leave out steps that cannot act, rather than raise.
        level: the highest of its steps, where that is known.
        cache: of decoded clean documents; one for many recipes on the same cases.

    Raises:
        NotApplicable: a step cannot act on it; with `fitting` none can.
        CrumpleError: a step names an unknown mutator, parameter or part.
    """
    if fitting:
        recipe, degradation = fitted(case, recipe, registry.mutators, cache)
    else:
        degradation = degrade(case, recipe, registry.mutators, cache)
    if level is None:
        level = max((registry.get(step.mutator).level_of(step) for step in recipe.steps), default=0.0)
    return DegradedCase(case, recipe, level, degradation, registry)


def registry_of(use: Iterable[str] = (), modules: Sequence[str] = (), root: Path | None = None) -> Registry:
    """The mutators that words name, but for round trips and faults of what a system calls itself.

    Args:
        use: categories or mutators; () is all.
        modules: names of modules with mutators of your own.
        root: the folder that these are looked for in first.

    Raises:
        CrumpleError: no such mutator or category, or a module that cannot be imported.
    """
    registry, words = _all(tuple(modules), root), tuple(use)
    chosen = registry.select(words, where="use") if words else registry
    return Registry({each.name: each for each in chosen if not each.control and each.view is not Dependency})


def controls_of(modules: Sequence[str] = (), root: Path | None = None) -> Registry:
    """The mutators that only do a round trip through a view.

    Args:
        modules: as of `registry_of`.
        root: as of `registry_of`.

    Raises:
        CrumpleError: a module that cannot be imported.
    """
    return Registry({each.name: each for each in _all(tuple(modules), root) if each.control})


@cache
def _all(modules: tuple[str, ...], root: Path | None) -> Registry:
    return discover(modules, root)


def case_of(document: bytes | str | Path, truth: Truth = ABSENT, *, name: str = "") -> Case:
    """A case of one clean document.

    Args:
        document: its bytes, or a path to it.
        truth: the right answer.
        name: the file name, which helps to tell what it is; of a path, its own by default.

    Raises:
        CrumpleError: the file cannot be read.
    """
    from crumple.errors import CrumpleError
    from crumple.views.format import identify

    if not isinstance(document, bytes):
        path = Path(document)
        name = name or path.name
        try:
            document = path.read_bytes()
        except OSError as error:
            raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(path)) from None
    name = name or "document"
    return Case(name, Document(document, identify(document, name), name), truth)
