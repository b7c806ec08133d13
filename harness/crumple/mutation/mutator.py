"""What a mutator is: a function, its ladder, and two statements about the right answer."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
import sys
import textwrap
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from crumple.errors import CrumpleError
from crumple.mutation.ladder import Ladder, check_level
from crumple.mutation.randomness import generator
from crumple.places import Place
from crumple.recipe import Step, Value
from crumple.truth import ABSENT, SAME, AnyOf, Edit, Everything, Json, Truth
from crumple.views.bend import STILL, Bend

R = TypeVar("R")
V = TypeVar("V")

SAYS = ("same", "new", "lost")
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_GIVEN = ("rng", "truth")


@dataclass(frozen=True, slots=True)
class Degraded(Generic[V]):
    """What a mutator returns when there is more to say than the degraded view.

    Attributes:
        view: the degraded view.
        truth: what has become of the right answer: `SAME`, an `Edit` in terms of the clean view, or
            an `AnyOf` of edits. For `Document` mutators that know it, `Replaced` holds a whole new truth.
        lost: places of the clean view whose values cannot be read any more, or `ALL`.
        touched: places that were changed, where those are more than the lost ones; for reports and
            for minimising.
        origins: of a `Document` mutator that moves whole pages, where each page of the result comes from;
            None for a page that was made up. () where pages stay where they are. Pages as pixels know it themselves.
    """

    view: V
    truth: Edit | AnyOf | Replaced = SAME
    lost: Sequence[Place] | Everything = ()
    touched: Sequence[Place] = ()
    origins: Sequence[Origin | None] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page of a degraded document comes from.

    Attributes:
        page: its number in the document before, from 0.
        bend: how its points were moved.
    """

    page: int
    bend: Bend = STILL


@dataclass(frozen=True, slots=True)
class Replaced:
    """A whole new right answer, for a mutator that was given the truth and worked it out."""

    truth: Json


Function: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Mutator:
    """A named degradation. Made by `@mutator`; calling it calls the function.

    Attributes:
        name: "category.name".
        function: takes a view, the main parameter (by name), and `rng`; `truth` where it asks for it.
        view: the class of its first argument's annotation.
        parameter: the main parameter's name; "" where it has none.
        ladder: of the main parameter; None where it has none.
        level: the one level of a mutator without a ladder.
        truth: which statements it makes, of "same", "new" and "lost".
        refusable_from: the level from which on a refusal is acceptable; None: never.
        only: of the media types that have its view, those that it acts on ("image/" stands for all images); () is all.
        control: whether it only does the round trip through its view; run once a case, in no rate.
        hides: whether it leaves other values in the document, which nobody is to see; damage to its bytes in a later
            step may uncover them, and then nobody can say what is right.
        examples: short documents that it must act on: (file name, content).
        accepts: the parameters that a step may set; the main one first.
        wants_truth: whether the function is given the truth.
    """

    name: str
    function: Function
    view: type
    parameter: str
    ladder: Ladder | None
    level: float
    truth: tuple[str, ...]
    refusable_from: float | None
    only: tuple[str, ...]
    control: bool
    hides: bool
    examples: tuple[tuple[str, str | bytes], ...]
    accepts: tuple[str, ...]
    wants_truth: bool

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, as its own tests do."""
        return self.function(*args, **kwargs)

    @property
    def category(self) -> str:
        """What failures are tabulated by: the part of the name before the dot."""
        return self.name.partition(".")[0]

    @property
    def doc(self) -> str:
        """The function's docstring, unindented."""
        return inspect.getdoc(self.function) or ""

    @property
    def version(self) -> str:
        """What tells this state of it from another: a digest of its ladder, its statements and its code.

        Comments and layout are not in it, nor is what the function calls.
        """
        code = ast.dump(ast.parse(textwrap.dedent(inspect.getsource(self.function))))
        said = (self.ladder, self.level, self.truth, self.refusable_from, self.only, code)
        return hashlib.blake2b(repr(said).encode(), digest_size=4).hexdigest()

    @property
    def module(self) -> str:
        """Where it is defined, so that another process can import it."""
        return self.function.__module__

    def fits(self, media_type: str) -> bool:
        """Whether it acts on documents of this media type, as far as `only` says."""
        return not self.only or any(
            media_type.startswith(each) if each.endswith("/") else media_type == each for each in self.only
        )

    def levels(self, asked: Sequence[float]) -> tuple[float, ...]:
        """Which of the levels that were asked for it can be run at."""
        return tuple(asked) if self.ladder else tuple(level for level in asked if level == self.level)

    def step(self, level: float, seed: int, *, part: str = "") -> Step:
        """The step that applies it at a level."""
        if self.ladder is None:
            return Step(self.name, (), seed, part)
        return Step(self.name, ((self.parameter, self.ladder.at(level)),), seed, part)

    def level_of(self, step: Step) -> float:
        """The level that a step of this mutator amounts to.

        Raises:
            CrumpleError: the step's main parameter is missing or not on the ladder.
        """
        return self.level if self.ladder is None else self._on_ladder(step, self.ladder.level_of)

    def refusable(self, step: Step) -> bool:
        """Whether refusing is acceptable at the level of a step.

        Raises:
            CrumpleError: the step's main parameter is missing or not on the ladder.
        """
        at, ladder = self.refusable_from, self.ladder
        if at is None:
            return False
        return self.level >= at if ladder is None else self._on_ladder(step, lambda value: ladder.reaches(value, at))

    def _on_ladder(self, step: Step, asked: Callable[[Value], R]) -> R:
        value = self.check(step)[self.parameter]
        try:
            return asked(value)
        except ValueError:
            raise CrumpleError(
                f"{self.parameter} cannot be {value!r}",
                where=self.name,
                got=str(value),
                allowed=[str(rung) for rung in self.ladder.rungs] if self.ladder else (),
            ) from None

    def check(self, step: Step) -> dict[str, Value]:
        """The step's parameters by name, checked against the function.

        Raises:
            CrumpleError: an unknown or missing parameter, or one of the wrong type.
        """
        parameters = dict(step.parameters)
        for name in parameters:
            if name not in self.accepts:
                raise CrumpleError(f"unknown parameter {name!r}", where=self.name, got=name, allowed=self.accepts)
        if self.ladder is not None:
            rungs = ", ".join(map(str, self.ladder.rungs))
            if self.parameter not in parameters:
                raise CrumpleError(
                    f"{self.parameter} is missing", where=self.name, hint=f"Its levels 1 to 5 are {rungs}."
                )
            value, rung = parameters[self.parameter], self.ladder.rungs[0]
            if isinstance(value, str) != isinstance(rung, str) or isinstance(value, bool) != isinstance(rung, bool):
                raise CrumpleError(
                    f"{self.parameter} cannot be {value!r}", where=self.name, hint=f"Its levels 1 to 5 are {rungs}."
                )
        return parameters

    def apply(self, view: Any, step: Step, truth: Truth = ABSENT, *, page: int = 0) -> Degraded[Any]:
        """Run the function on a view with the step's parameters and a generator of the step's seed.

        Args:
            view: an instance of `self.view`; it is not modified.
            step: a step of this mutator.
            truth: handed on where the function asks for it.
            page: of a document whose pages are each degraded alone, which one; each has its own generator.

        Raises:
            NotApplicable: it cannot act on this view.
            CrumpleError: the step's parameters are not the function's.
        """
        given: dict[str, Any] = self.check(step)
        given["rng"] = generator(step.seed, page)
        if self.wants_truth:
            given["truth"] = truth
        result = self.function(view, **given)
        return result if isinstance(result, Degraded) else Degraded(result)


def mutator(
    name: str,
    *,
    truth: str | Sequence[str] = "same",
    refusable_from: float | None = None,
    only: Sequence[str] = (),
    level: float = 3,
    control: bool = False,
    hides: bool = False,
    examples: Sequence[tuple[str, str | bytes]] = (),
    **ladder: Ladder,
) -> Callable[[Function], Mutator]:
    """Register a function as a mutator.

        @mutator("scan.skew", angle=Ladder(0.5, 1, 2, 5, 10, unit="deg", zero=0), refusable_from=5)
        def skew(page: Page, angle: float, rng: Generator) -> Page:
            \"\"\"Rotate the page about its centre, as a sheet that was fed in crooked. ...\"\"\"

    Args:
        name: "category.name".
        truth: which statements it makes of the right answer: "same", "new", "lost", or several.
        refusable_from: the level from which on a refusal is acceptable; None: never.
        only: media types that it acts on, where those are fewer than have its view; "image/" is every image.
        level: its one level, where it has no ladder.
        control: it only does the round trip through its view.
        hides: it leaves other values in the document, which damage to its bytes may uncover.
        examples: (file name, content) of short documents that it must act on.
        ladder: the main parameter's name and its ladder, at most one.

    Raises:
        TypeError: at definition, when the function or an argument is not as it must be; the message
            names the mutator and what is wrong with it.
    """

    def register(function: Function) -> Mutator:
        says = (truth,) if isinstance(truth, str) else tuple(truth)
        levels = [at for at in (level, refusable_from) if at is not None]
        flaw = _flaw_of_name(name, ladder, says, levels) or _flaw_of_function(function, next(iter(ladder), ""))
        if flaw:
            raise TypeError(f"mutator {name!r} ({function.__module__}.{function.__qualname__}): {flaw}")
        view = _view(function)
        if not isinstance(view, type):
            raise TypeError(
                f"mutator {name!r} ({function.__module__}.{function.__qualname__}): its first argument must be "
                f"annotated with the view that it acts on"
            )
        parameter = next(iter(ladder), "")
        arguments = list(inspect.signature(function).parameters)[1:]
        return Mutator(
            name=name,
            function=function,
            view=view,
            parameter=parameter,
            ladder=ladder.get(parameter),
            level=float(level),
            truth=says,
            refusable_from=refusable_from,
            only=tuple(only),
            control=control,
            hides=hides,
            examples=tuple(examples),
            accepts=tuple(sorted(set(arguments) - set(_GIVEN), key=lambda name: (name != parameter, name))),
            wants_truth="truth" in arguments,
        )

    return register


def _flaw_of_name(name: str, ladder: Mapping[str, Ladder], says: Sequence[str], levels: Sequence[float]) -> str:
    if not _NAME.fullmatch(name):
        return 'its name must read "category.name" in small letters, digits and _'
    if len(ladder) > 1 or not all(isinstance(each, Ladder) for each in ladder.values()):
        return "it takes at most one main parameter, given as a Ladder"
    if not says or not set(says) <= set(SAYS):
        return f"truth must be of {', '.join(SAYS)}, got {', '.join(map(repr, says))}"
    try:
        for level in levels:
            check_level(level)
    except ValueError as error:
        return str(error)
    return ""


def _flaw_of_function(function: Function, parameter: str) -> str:
    arguments = inspect.signature(function).parameters
    if not inspect.getdoc(function):
        return "it needs a docstring that says what it does and where its ladder comes from"
    for needed in (parameter, "rng"):
        if needed and needed not in arguments:
            return f"the function has no argument {needed!r}"
    for argument in list(arguments.values())[1:]:
        if argument.name not in (parameter, *_GIVEN) and argument.default is inspect.Parameter.empty:
            return f"argument {argument.name!r} is neither the main parameter nor has a default"
    return ""


def _view(function: Function) -> object:
    """The first argument's annotation alone: the others may name what cannot be resolved here."""
    first = next(iter(inspect.signature(function).parameters))
    annotation = inspect.get_annotations(function).get(first)
    if annotation is None:
        return None
    alone = type("Alone", (), {"__annotations__": {first: annotation}})
    try:
        return typing.get_type_hints(alone, globalns=vars(sys.modules[function.__module__])).get(first)
    except NameError:
        return None
