"""A judge of one's own: a function of the answer and the truth, in a file beside crumple.toml."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

from crumple.errors import CrumpleError
from crumple.judges.lost import filled
from crumple.normalise import holds_values
from crumple.outcome import Judgement
from crumple.truth import Json, covers

_GIVES = "a score from 0 to 1, true or false, a Judgement, or {score, wrong, abstained, figures}"
_KEYS = ("score", "wrong", "abstained", "figures")


@dataclass(frozen=True, slots=True)
class Function:
    """A user's function as a judge.

    A function with an argument `lost` is told which fields are lost. Any other is also shown the answer with the
    lost fields that it left out filled in from the truth, and the better of its two words counts; fields that it
    finds missing are forgiven where they are lost. An answer that is right but for those is right.

    Attributes:
        name: "module:function", for messages.
        function: (answer, truth) -> a score, true or false, a `Judgement`, or an object of its fields.
        takes_lost: whether it has the argument `lost`.
    """

    name: str
    function: Callable[..., object]
    takes_lost: bool = False

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Call the function and read what it returns.

        Raises:
            CrumpleError: it raised, or returned something else; the message names it.
        """
        if "" in lost and not holds_values(answer):
            return Judgement(1.0)
        if self.takes_lost:
            return self._asked(answer, truth, lost=lost)
        found = _forgiven(self._asked(answer, truth), lost)
        whole = filled(answer, truth, lost) if lost and found.score < 1 else answer
        if whole is answer:
            return found
        return max(found, _forgiven(self._asked(whole, truth), lost), key=lambda each: each.score)

    def _asked(self, answer: Json | bytes, truth: Json, **words: frozenset[str]) -> Judgement:
        try:
            given = self.function(answer, truth, **words)
        except Exception as error:
            raise CrumpleError(
                f"the judge raised {type(error).__name__}: {error}", where=self.name, hint=f"It gives {_GIVES}."
            ) from error
        return self._read(given)

    def _read(self, given: object) -> Judgement:
        if isinstance(given, Judgement):
            self._finite(given, given.figures)
            return replace(given, score=self._score(given.score))
        if not isinstance(given, Mapping):
            score = self._score(given)
            return Judgement(score, wrong=() if score == 1 else ("",))
        for key in given:
            if key not in _KEYS:
                raise CrumpleError(
                    f"the judge returned an unknown key {key!r}", where=self.name, got=str(key), allowed=_KEYS
                )
        if "score" not in given:
            raise self._bad(given)
        score = self._score(given["score"])
        wrong, abstained = self._pointers(given, "wrong"), self._pointers(given, "abstained")
        if score < 1 and not wrong and not abstained:
            wrong = ("",)
        figures = given.get("figures", {})
        self._finite(given, figures)
        return Judgement(score, wrong, abstained, {str(name): float(each) for name, each in figures.items()})

    def _score(self, given: Any) -> float:
        # numpy's numbers and truth values are neither floats nor bools.
        if hasattr(given, "item") and getattr(given, "shape", None) == ():
            given = given.item()
        if not isinstance(given, Real) or not 0 <= float(given) <= 1:  # NaN is not between
            raise self._bad(given)
        return float(given)

    def _finite(self, given: object, figures: object) -> None:
        # One that is no number would make the mean of all of them none.
        known = figures.values() if isinstance(figures, Mapping) else [None]
        if not all(isinstance(each, Real) and math.isfinite(each) for each in known):
            raise self._bad(given)

    def _pointers(self, given: Mapping[Any, Any], key: str) -> tuple[str, ...]:
        paths = given.get(key, ())
        if isinstance(paths, str) or not isinstance(paths, (list, tuple, set, frozenset)):
            raise self._bad(given)
        if not all(isinstance(path, str) and (not path or path.startswith("/")) for path in paths):
            raise self._bad(given)
        return tuple(sorted(paths) if isinstance(paths, (set, frozenset)) else paths)

    def _bad(self, given: object) -> CrumpleError:
        shown = repr(given)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        return CrumpleError(
            f"the judge returned {shown}",
            where=self.name,
            hint=f"It gives {_GIVES}; wrong and abstained are lists of JSON pointers.",
        )


def made(kind: str, function: Callable[..., object], options: Mapping[str, Any]) -> Function:
    """The judge of a user's function.

    Args:
        kind: "module:function", for messages.
        function: what that names.
        options: passed on to the function by name; checked already.

    Raises:
        CrumpleError: it cannot be called with (answer, truth) and the options.
    """
    signature = inspect.signature(function)
    takes_lost = "lost" in signature.parameters
    try:
        signature.bind(None, None, **options, **({"lost": None} if takes_lost else {}))
    except TypeError as error:
        raise CrumpleError(
            f"{kind!r} cannot be called with (answer, truth): {error}", where="[judge] kind", hint=f"It gives {_GIVES}."
        ) from error
    return Function(kind, functools.partial(function, **options), takes_lost)


def _forgiven(found: Judgement, lost: frozenset[str]) -> Judgement:
    abstained = tuple(path for path in found.abstained if not covers(path, lost))
    if not found.wrong and found.abstained and not abstained:
        return replace(found, score=1.0, abstained=())
    return replace(found, abstained=abstained)
