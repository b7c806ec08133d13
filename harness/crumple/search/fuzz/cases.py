"""The simplest case that fails alike."""

from __future__ import annotations

from collections.abc import Sequence

from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.trials import Trials

_MOST = 3


def simplest_case(trials: Trials, cases: Sequence[str]) -> Asking[None]:
    """Try simpler cases of the same kind, the simplest first, with the same recipe.

    It comes before the level and the changes are made small: those belong to a document.

    Args:
        trials: see there.
        cases: those that are simpler than the failure's own, and have the parts that its recipe names; the simplest
            first.
    """
    recipe = trials.best.work.recipe
    for case in cases[:_MOST]:
        if (yield from trials.smaller(recipe, case)):
            return
