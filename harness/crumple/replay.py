"""One call made again: the case clean, then degraded as its recipe says. Prints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crumple import corpora
from crumple.case import Corpus
from crumple.clean import clean_calls, standard
from crumple.errors import CrumpleError, nearest
from crumple.execution.executor import Executor
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.plan import Plan
from crumple.recipe import Recipe
from crumple.result import Result, Work

EXAMPLE = "A line to replay reads: CASE > scan.skew(angle=3,seed=41)."
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of one call made again.

    Attributes:
        clean: the call on the clean document.
        degraded: the call on the degraded one; None where the recipe has no steps, or there is no truth to
            judge it by: the clean calls of a case without truth did not come to one answer.
        stand_in: whether the system's own clean answer stands in for the truth.
        unstable: the fields set aside because the clean answers differ in them.
    """

    clean: Result
    degraded: Result | None
    stand_in: bool = False
    unstable: tuple[str, ...] = ()

    @property
    def last(self) -> Result:
        """The call that was asked for."""
        return self.degraded or self.clean


def parse(line: str, corpus: Corpus) -> tuple[str, Recipe]:
    """The case's id and the recipe of a line "case > recipe".

    Raises:
        CrumpleError: the recipe cannot be read, or the corpus has no such case.
    """
    # Names of files may hold the sign too: the longest id that the corpus knows is meant.
    cuts = [at for at, character in enumerate(line) if character == ">"]
    known = corpora.known(corpus, {line.strip(), *(line[:cut].strip() for cut in cuts)})
    if line.strip() in known:
        return line.strip(), Recipe()
    for cut in reversed(cuts):
        if line[:cut].strip() in known:
            return line[:cut].strip(), Recipe.parse(line[cut + 1 :])
    case = line[: cuts[0]].strip() if cuts else line.strip()
    if corpora.streamed(corpus):
        raise CrumpleError(f"{corpus.name} has no case {case!r}", where="replay", hint=EXAMPLE)
    ids = {entry.id for entry in corpus.entries()}
    near = nearest(case, ids)
    named = sorted(ids) if len(ids) <= _NAMED else []
    meant = f"Did you mean {near!r}?" if near and not named else ""
    raise CrumpleError(
        f"{corpus.name} has no case {case!r}",
        where="replay",
        got=case,
        allowed=named,
        hint=" ".join(filter(None, (meant, f"It has {len(ids)} {'case' if len(ids) == 1 else 'cases'}.", EXAMPLE))),
    )


def replay(plan: Plan, registry: Registry, executor: Executor, case: str, recipe: Recipe) -> Replay:
    """Make one call again.

    Args:
        plan: for the corpus and the pass mark.
        registry: every mutator that a recipe may name.
        executor: started.
        case: its id.
        recipe: how its document is degraded; without steps only the clean call is made.

    Raises:
        CrumpleError: the recipe names an unknown mutator or parameter, or the system cannot be made ready.
    """
    level = 0.0
    for step in recipe.steps:
        level = registry.get(step.mutator).level_of(step)
    entry = corpora.known(plan.corpus, {case})[case]
    numbers = range(clean_calls(entry))
    cleans = _all(executor, [Work(number, case, pass_mark=plan.pass_mark or 0.0) for number in numbers])
    held_to = standard(cleans, plan.pass_mark, plan.slack)
    own = not entry.has_truth
    if own and held_to is None:
        flawed = next((each for each in cleans if not _right(each)), cleans[0])
        return Replay(flawed, None, own, ("",) if _right(flawed) else ())
    unstable = held_to.unstable if held_to else ()
    if not recipe.steps:
        return Replay(cleans[0], None, own, unstable)
    work = Work(len(cleans), case, recipe, level, recipe.steps[-1].mutator, pass_mark=plan.pass_mark or 0.0)
    # A case with a truth is degraded even where it fails clean: that is what was asked for.
    degraded = _all(executor, [held_to.work(work) if held_to else work])[0]
    return Replay(cleans[0], degraded, own, unstable)


def _right(result: Result) -> bool:
    return result.verdict is not None and result.verdict.outcome is Outcome.RIGHT


def _all(executor: Executor, works: Sequence[Work]) -> list[Result]:
    executor.put(works)
    results: dict[int, Result] = {}
    while len(results) < len(works):
        results |= {result.work.id: result for result in executor.results(1.0)}
    return [results[work.id] for work in works]
