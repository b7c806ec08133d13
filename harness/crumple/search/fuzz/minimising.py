"""From a failure to its smallest cause: fewest steps, simplest case, lowest level, fewest changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crumple.mutation.mutator import Mutator
from crumple.result import Result
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.cases import simplest_case
from crumple.search.fuzz.changes import fewest_changes, how_many
from crumple.search.fuzz.levels import lowest_levels
from crumple.search.fuzz.likeness import in_all_fields, in_some_fields
from crumple.search.fuzz.minimised import Minimised
from crumple.search.fuzz.reproducing import comes_and_goes, reproduced
from crumple.search.fuzz.steps import fewest_steps
from crumple.search.fuzz.trials import TWICE, Stopped, Trials, Unsteady

CAP = 60
"""How many calls a finding is given."""


def minimising(
    failure: Result,
    mutators: Mapping[str, Mutator],
    cases: Sequence[str],
    cap: int = CAP,
    sought: frozenset[str] = frozenset(),
    *,
    doubtful: bool = False,
) -> Asking[Minimised]:
    """Make a failure smaller, call by call.

    Args:
        failure: the one that was met; its work has the recipe that was carried out.
        mutators: by their names.
        cases: ids of the cases of that kind that pass clean and are simpler than its own, the simplest first.
        cap: how many calls may be asked for; where it is 0, there is no first one either.
        sought: of the wrong fields those of which one at least is to stay wrong, as `causes.sought` tells them; none:
            whichever does.
        doubtful: whether the system is known to fail now and then.
    """
    trials = Trials(failure, mutators, cap, sought, doubtful=doubtful)
    try:
        if not (yield from reproduced(trials)):
            return (yield from _unsteady(trials))
        # A step that has only some of the fields wrong is not all of it, unless those are the ones that are sought.
        trials.liken(in_some_fields if sought else in_all_fields)
        if not (yield from fewest_steps(trials)):
            return _ended(trials, "explained", "its steps alone fail otherwise, and account for all that it shows")
        # Less of the same damage by the same steps may leave fewer fields wrong, or the same in another manner.
        trials.liken(in_some_fields)
        yield from simplest_case(trials, cases)
        yield from lowest_levels(trials)
        yield from fewest_changes(trials)
    except Stopped as stopped:
        return (yield from _confirmed(trials, stopped))
    except Unsteady:
        return (yield from _unsteady(trials))
    return (yield from _confirmed(trials, None))


def cut_short(asking: Asking[Minimised], why: str) -> Minimised:
    """What minimising has come to that is to make no further call; one that has asked for its first.

    Args:
        asking: what `minimising` has returned; it is over then.
        why: as `Minimised.why` is to say it.
    """
    try:
        asking.throw(Stopped(why, over=True))
    except StopIteration as end:
        done: Minimised = end.value
        return done
    raise RuntimeError("it has asked for another call")


def _confirmed(trials: Trials, stopped: Stopped | None) -> Asking[Minimised]:
    """End with the smallest one that failed alike every time; calls are kept back to make sure of it.

    Where no call may be made any more, it has failed once at least, and what it was made from twice.
    """
    if stopped is None or not stopped.over:
        trials.release()
        try:
            yield from trials.confirm(last=True)
        except Stopped as late:
            stopped = stopped or late
        except Unsteady:
            return (yield from _unsteady(trials))
    while len(trials.path) > 1 and not _holds(trials, 1 if stopped is not None and stopped.over else TWICE):
        trials.path.pop()
    why = [stopped.why] if stopped else []
    why += [f"a smaller one failed {failed} of {tries} times: {recipe}" for recipe, failed, tries in trials.wavered[:1]]
    return _ended(trials, "not minimised" if why else "minimised", "; ".join(why or trials.remarks))


def _holds(trials: Trials, tries: int) -> bool:
    """Whether the smallest one was called so often, and failed alike every time."""
    return tries <= len(trials.tries_of(trials.best)) == trials.failed(trials.best)


def _unsteady(trials: Trials) -> Asking[Minimised]:
    del trials.path[1:]
    trials.release()
    try:
        why = yield from comes_and_goes(trials)
    except Stopped as stopped:
        why = f"it failed {trials.failed(trials.best)} of {len(trials.tries_of(trials.best))} times; {stopped.why}"
    state = "flaky" if trials.failed(trials.failure) >= TWICE else "not reproduced"
    done = _ended(trials, state, why)
    if trials.best is trials.failure:
        return done
    # A step alone may have failed whenever it was called, twice; of the failure that is not the whole truth.
    tries, failed = len(trials.tries_of(trials.failure)), trials.failed(trials.failure)
    return replace(done, tries=done.tries + tries, failed=done.failed + failed)


def _ended(trials: Trials, state: str, why: str) -> Minimised:
    example = trials.best
    steps = example.work.recipe.steps
    holding = [
        each
        for at, each in trials.thresholds.items()
        if at < len(steps) and dict(steps[at].parameters).get(each.parameter) == each.fails
    ]
    return Minimised(
        state=state,
        example=example,
        tries=len(trials.tries_of(example)),
        failed=trials.failed(example),
        others=trials.met,
        why=why,
        fingerprints=trials.fingerprints,
        thresholds=tuple(holding),
        kept=tuple(
            (how_many(step.only, trials.counts.get(at, 0)), trials.counts.get(at, 0)) for at, step in enumerate(steps)
        ),
        calls=trials.calls,
    )
