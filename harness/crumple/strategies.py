"""Strategies for Hypothesis: recipes and degraded documents for people's own property tests.

    from crumple.strategies import case_of, degraded

    ORDER = case_of("corpus/order.csv", truth={"total": 12.5})

    @given(degraded(ORDER))
    def test_reads_messy_orders(each):
        assert each.accepts(read(each.data))

What fails is shrunk to fewer steps, lower levels and smaller seeds. Needs the extra: pip install "crumple[hypothesis]".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from crumple.case import Case
from crumple.degraded import DegradedCase, case_of, degraded_case, registry_of
from crumple.errors import CrumpleError, NotApplicable
from crumple.mutation.ladder import LEVELS
from crumple.mutation.mutator import Mutator
from crumple.plan import acts_on
from crumple.recipe import Recipe, Step
from crumple.truth import ABSENT
from crumple.views.inputs import Inputs
from crumple.views.parts import inside

try:
    from hypothesis import reject
    from hypothesis import strategies as st
except ImportError:
    raise CrumpleError(
        "strategies are made for Hypothesis, which is not installed", hint='pip install "crumple[hypothesis]"'
    ) from None

__all__ = ["case_of", "degraded", "recipes"]

MOST_STEPS = 4
_STEPS_OF_A_LEVEL = 20
_SEEDS = 1 << 16
_TRIES = 4


def recipes(
    use: Iterable[str] = (),
    *,
    of: Case | None = None,
    max_steps: int = MOST_STEPS,
    max_level: float = LEVELS[-1],
    modules: Sequence[str] = (),
    root: str | Path | None = None,
) -> st.SearchStrategy[Recipe]:
    """Recipes of one step or more, no mutator twice, at levels in steps of 0.05.

    They shrink to fewer steps, lower levels and smaller seeds.

    Args:
        use: categories or mutators; () is all.
        of: the case that they are for: only mutators of its documents' media types, those in its parts too.
        max_steps: how many steps at most.
        max_level: the highest level, in (0, 5].
        modules: names of modules with mutators of your own.
        root: the folder that these are looked for in first.

    Raises:
        CrumpleError: no such mutator or category, a module that cannot be imported, or nothing that suits the case.
    """
    if max_steps < 1:
        raise CrumpleError(f"a recipe has at least one step, got max_steps={max_steps}")
    if not 0 < max_level <= LEVELS[-1]:
        raise CrumpleError(f"a level is above 0 and at most {LEVELS[-1]}, got max_level={max_level}")
    registry = registry_of(use, modules, None if root is None else Path(root))
    # Hypothesis shrinks towards what comes first: one damage rather than several as one.
    simplest_first = sorted(registry, key=lambda each: each.category == "combination")
    turns = [(each, part) for each in simplest_first for part in _parts(each, of) if _can(each, of, max_level)]
    if not turns:
        what = f"the documents of {of.id}" if of is not None else "these mutators"
        raise CrumpleError(f"no mutator suits {what} at level {max_level:g} or below", where="use")
    finest = max(1, int(max_level * _STEPS_OF_A_LEVEL))
    step = st.builds(_step, st.sampled_from(turns), st.integers(1, finest), st.integers(0, _SEEDS - 1))
    names = len({each.name for each, _ in turns})
    steps = st.lists(step, min_size=1, max_size=min(max_steps, names), unique_by=lambda each: each.mutator)
    return steps.map(lambda each: Recipe(tuple(each)))


def degraded(
    case: Case,
    use: Iterable[str] = (),
    *,
    max_steps: int = MOST_STEPS,
    max_level: float = LEVELS[-1],
    modules: Sequence[str] = (),
    root: str | Path | None = None,
) -> st.SearchStrategy[DegradedCase]:
    """A case after recipes; steps that cannot act on it are left out.

    Args:
        case: a clean one; see `case_of`. With a truth, answers can be judged.
        use: categories or mutators; () is all that suit it.
        max_steps: see `recipes`.
        max_level: see `recipes`.
        modules: see `recipes`.
        root: see `recipes`.

    Raises:
        CrumpleError: see `recipes`.
    """
    registry = registry_of(use, modules, None if root is None else Path(root))
    drawn = recipes(use, of=case, max_steps=max_steps, max_level=max_level, modules=modules, root=root)

    @st.composite
    def made(draw: st.DrawFn) -> DegradedCase:
        for _ in range(_TRIES):
            try:
                return degraded_case(case, draw(drawn), registry, fitting=True)
            except NotApplicable:
                continue
        return reject()

    return made()


def _parts(mutator: Mutator, case: Case | None) -> list[str]:
    """The documents of a case that a mutator acts on, by their names."""
    if case is None:
        return [""]
    if mutator.view is Inputs:
        return [""] if case.inputs is not None else []
    documents = [("", case.document), *((part.name, part) for part in case.parts), *inside(case.document)]
    return [name for name, document in documents if acts_on(mutator, document.media_type)]


def _can(mutator: Mutator, case: Case | None, max_level: float) -> bool:
    reachable = mutator.ladder is not None or mutator.level <= max_level
    return reachable and (case is None or case.truth is not ABSENT or mutator.truth != ("new",))


def _step(turn: tuple[Mutator, str], level: int, seed: int) -> Step:
    mutator, part = turn
    return mutator.step(level / _STEPS_OF_A_LEVEL, seed, part=part)
