"""Judges: what compares an answer with the truth.

A judge is named in crumple.toml by its kind: one of the entry points `crumple.judges`, each a function whose
keyword-only arguments are the judge's options, or "module:function" of a file beside crumple.toml.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from crumple import loading
from crumple.errors import CrumpleError
from crumple.outcome import Judgement
from crumple.truth import Json

_OWN = 'Or "module:function" of your own: function(answer, truth) gives a score from 0 to 1, true or false.'


class Judge(Protocol):
    """Compares answers with truths. It is made once in every lane and keeps nothing from one answer to the next."""

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Compare one answer with the truth.

        Args:
            answer: what the system returned.
            truth: the right answer, in which `AnyOf` may stand anywhere.
            lost: JSON pointers of fields that cannot be read any more: right with their old value or with
                none; "" is the whole answer.

        Raises:
            CrumpleError: the truth or the judge is not as it must be; never for what a system answers.
        """


@runtime_checkable
class LabelJudge(Judge, Protocol):
    """A judge of labels: one that can also name the right label of a call that brought no answer."""

    def right_label(self, truth: Json) -> str:
        """The truth as `Judgement.labels` names it."""


def by_truth(judge: Judge) -> bool:
    """Whether a judge compares with truths; one with a true attribute `without_truth` looks at the answer alone."""
    return not getattr(judge, "without_truth", False)


def load(kind: str, root: Path, options: Mapping[str, Any]) -> Judge:
    """The judge of a kind.

    Args:
        kind: an entry point's name, or "module:function".
        root: the folder of crumple.toml, which the module is looked for in.
        options: the judge's options by name.

    Raises:
        CrumpleError: no such judge or option, or it cannot be imported.
    """
    if ":" in kind:
        from crumple.judges.function import made  # few need it

        own = loading.function(kind, root, "[judge] kind")
        _check(options, own, kind)
        return made(kind, own, options)
    points = {point.name: point for point in loading.entry_points("crumple.judges")}
    if kind not in points:
        raise CrumpleError(
            f"there is no judge {kind!r}", where="[judge] kind", got=kind, allowed=sorted(points), hint=_OWN
        )
    make: Callable[..., Judge] = points[kind].load()
    _check(options, make, kind)
    return make(**options)


def _check(options: Mapping[str, Any], function: Callable[..., object], kind: str) -> None:
    parameters = inspect.signature(function).parameters.values()
    allowed = [each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY and each.name != "lost"]
    for name in options:
        if name not in allowed:
            raise CrumpleError(
                f"the judge {kind!r} has no option {name!r}",
                where="[judge]",
                got=name,
                allowed=allowed,
                hint="" if allowed else "It has none.",
            )
