"""A judge of one's own: a function of the answer and the truth, in a file beside crumple.toml."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from types import ModuleType
from typing import Any

from crumple.errors import CrumpleError
from crumple.judges.values import holds_values
from crumple.outcome import Judgement
from crumple.truth import Json, covers

_GIVES = "a score from 0 to 1, true or false, a Judgement, or {score, wrong, abstained, figures}"
_KEYS = ("score", "wrong", "abstained", "figures")


@dataclass(frozen=True, slots=True)
class Function:
    """A user's function as a judge.

    A function with an argument `lost` is told which fields are lost. For any other the fields that it finds
    missing are forgiven where they are lost, and an answer that is right but for those is right.

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
        try:
            given = self.function(answer, truth, lost=lost) if self.takes_lost else self.function(answer, truth)
        except Exception as error:
            raise CrumpleError(
                f"the judge raised {type(error).__name__}: {error}", where=self.name, hint=f"It gives {_GIVES}."
            ) from error
        found = self._read(given)
        return found if self.takes_lost or not lost else _forgiven(found, lost)

    def _read(self, given: object) -> Judgement:
        if isinstance(given, Judgement):
            return Judgement(self._score(given.score), given.wrong, given.abstained, given.figures)
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
        if not isinstance(figures, Mapping) or not all(isinstance(each, Real) for each in figures.values()):
            raise self._bad(given)
        return Judgement(score, wrong, abstained, {str(name): float(each) for name, each in figures.items()})

    def _score(self, given: Any) -> float:
        # numpy's numbers and truth values are neither floats nor bools.
        if hasattr(given, "item") and getattr(given, "shape", None) == ():
            given = given.item()
        if not isinstance(given, Real) or not 0 <= float(given) <= 1:  # NaN is not between
            raise self._bad(given)
        return float(given)

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


def made(kind: str, root: Path, options: Mapping[str, Any]) -> Function:
    """The judge of a user's function.

    Args:
        kind: "module:function".
        root: the folder of crumple.toml.
        options: passed on to the function by name; checked already.

    Raises:
        CrumpleError: it cannot be imported, or not be called with (answer, truth) and the options.
    """
    function = imported(kind, root)
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
        return Judgement(1.0, figures=found.figures)
    return Judgement(found.score, found.wrong, abstained, found.figures)


def imported(kind: str, root: Path) -> Callable[..., object]:
    """The function that "module:function" names.

    Args:
        kind: the name; the module is a file or package in `root`, or an installed one.
        root: the folder of crumple.toml.

    Raises:
        CrumpleError: there is none, or importing it failed.
    """
    module_name, _, name = kind.partition(":")
    if not module_name or not name:
        raise CrumpleError(f"{kind!r} does not read module:function", where="[judge] kind")
    try:
        module = _module(module_name, root)
    except Exception as error:
        raise CrumpleError(
            f"importing {module_name!r} failed with {type(error).__name__}: {error}",
            where="[judge] kind",
            hint=f"It is looked for in {root.name or root}/ beside crumple.toml, then among installed modules.",
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        known = [each for each, value in vars(module).items() if inspect.isfunction(value) and not each.startswith("_")]
        raise CrumpleError(f"{module_name!r} has no function {name!r}", where="[judge] kind", got=name, allowed=known)
    return function  # type: ignore[no-any-return]


def _module(name: str, root: Path) -> ModuleType:
    # Behind the installed modules, so that a file of the user's takes no name from them; for its neighbours.
    if str(root) not in sys.path:
        sys.path.append(str(root))
    stem = root.joinpath(*name.split("."))
    path = next((each for each in (stem.with_suffix(".py"), stem / "__init__.py") if each.is_file()), None)
    if path is None:
        importlib.invalidate_caches()
        return importlib.import_module(name)
    known = sys.modules.get(name)
    if known is not None and known.__file__ and Path(known.__file__) == path:
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    if known is None:  # what is imported under that name already is somebody else's
        sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if known is None:
            del sys.modules[name]
        raise
    return module
