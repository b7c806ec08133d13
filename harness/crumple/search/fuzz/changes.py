"""The fewest changes of the document that fail alike: delta debugging over what each step has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.trials import Trials, with_step

_MOST = 24
"""So many calls for all steps at most."""

Test: TypeAlias = Callable[[Sequence[int]], Asking[bool]]


def fewest_changes(trials: Trials) -> Asking[None]:
    """One step after the other; the call that counts the changes is also the second one of the smallest so far.

    Raises:
        Stopped, Unsteady: see `Trials`.
    """
    until = trials.asked + _MOST
    for at in range(len(trials.best.work.recipe.steps)):
        counted = yield from trials.confirm(counts=True)
        if trials.wavered or len(counted.changes) <= at:
            return
        trials.counts[at] = counted.changes[at]
        yield from fewest(counted.changes[at], partial(_tried, trials, at), lambda: trials.asked >= until)
    if trials.asked >= until:
        trials.remarks.append(f"{_MOST} tries were made to leave changes out; with more, fewer might be left")


def _tried(trials: Trials, at: int, kept: Sequence[int]) -> Asking[bool]:
    recipe = trials.best.work.recipe
    return (yield from trials.smaller(with_step(recipe, at, replace(recipe.steps[at], only=numbers(kept)))))


def fewest(count: int, fails: Test, spent: Callable[[], bool]) -> Asking[tuple[int, ...]]:
    """The fewest of so many changes that fail, one needed change after the other.

    The last change of the shortest failing beginning is needed; with it, so is the last one of the shortest beginning
    that fails together with it; and so on, until those that are needed fail by themselves: about k log n calls for k
    of n changes. As by ddmin none of them can be left out, as long as more changes never mend anything; whatever is
    returned has failed. The first change is tried before all others: where any will do, that is the end.

    Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, IEEE Transactions on Software Engineering
    28(2), 2002; the order of Junker: QuickXplain, AAAI 2004.

    Args:
        count: how many there are.
        fails: whether these alone fail.
        spent: whether no further call is to be made.
    """
    needed: tuple[int, ...] = ()
    rest = tuple(range(count))
    while rest and not (needed and (yield from fails(needed))):
        rest = yield from _shortest(rest, needed, fails, spent)
        if spent():
            return (*rest, *needed)
        rest, needed = rest[:-1], (rest[-1], *needed)
    return needed


def _shortest(
    rest: tuple[int, ...], needed: tuple[int, ...], fails: Test, spent: Callable[[], bool]
) -> Asking[tuple[int, ...]]:
    """The shortest beginning of them that fails together with those that are needed; all of them do."""
    passes, ends = 0, len(rest)
    while ends - passes > 1 and not spent():
        middle = 1 if not needed and passes == 0 and ends == len(rest) else (passes + ends) // 2
        if (yield from fails((*rest[:middle], *needed))):
            ends = middle
        else:
            passes = middle
    return rest[:ends]


def numbers(kept: Sequence[int]) -> str:
    """Changes as `Step.only` names them: (0, 1, 2, 3, 7) is "0-3,7"."""
    runs: list[list[int]] = []
    for number in kept:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def how_many(only: str, count: int) -> int:
    """How many changes `only` keeps, of so many."""
    if not only or not count:
        return count
    ends = [run.partition("-") for run in only.split(",")]
    return sum(int(last or first) - int(first) + 1 for first, _, last in ends)
