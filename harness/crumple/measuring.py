"""Measures: what a mutator would have had to do to a clean document for it to look as this one does."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from crumple.errors import CrumpleError
from crumple.recipe import Value

GROUP: Final = "crumple.measures"
"""The entry points that bring modules of measures."""

Function: TypeAlias = "Callable[[Any], Value | None]"
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Measure:
    """The inverse of a mutator. Made by `@measure`; calling it calls the function.

    Attributes:
        of: the mutator's name, "scan.skew".
        function: takes a view of a document, and returns the value of the mutator's main parameter that it shows, in
            the mutator's own unit; for a mutator without a parameter whether it shows the damage; None: cannot tell.
        view: the class of its argument's annotation.
        within: how far off the value may be, as docs/profile.md promises; in `unit`s, or as a share of the value.
        unit: what `within` is in: the ladder's unit, or "share of the value"; "" for what is found or not.
        stands_for: further mutators that leave the same trace, which a mix names together with it.
    """

    of: str
    function: Function
    view: type
    within: float = 0.0
    unit: str = ""
    stands_for: tuple[str, ...] = ()

    def __call__(self, view: Any) -> Value | None:
        """Measure."""
        return self.function(view)

    @property
    def doc(self) -> str:
        """The function's docstring."""
        return inspect.getdoc(self.function) or ""


def measure(
    of: str, *, within: float = 0.0, unit: str = "", stands_for: tuple[str, ...] = ()
) -> Callable[[Function], Measure]:
    """Register a function as a measure.

        @measure("scan.skew", within=0.2, unit="deg")
        def skew(page: Page) -> float | None:
            \"\"\"The angle of the lines of text. ...\"\"\"

    Raises:
        CrumpleError: it is not named as a mutator is, or its first argument's annotation is no view.
    """
    if not _NAME.fullmatch(of):
        raise CrumpleError(f'a measure names its mutator, "category.name", got {of!r}', where="@measure")

    def register(function: Function) -> Measure:
        first = next(iter(inspect.signature(function).parameters), "")
        view = typing.get_type_hints(function).get(first)
        if not isinstance(view, type):
            raise CrumpleError("its first argument needs the annotation of a view", where=f"measure of {of}")
        return Measure(of, function, view, within, unit, stands_for)

    return register
