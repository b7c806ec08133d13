"""`crumple run --calls-of`: the recipes of another run, called with this configuration's system."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crumple.cli.output import emit
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.assembly import Assembly

_WHERE = "--calls-of"


def check_alone(**others: object) -> None:
    """See that nothing else is asked for that chooses calls.

    Args:
        others: option -> what it was given.

    Raises:
        CrumpleError: something is.
    """
    given = [name for name, value in others.items() if value not in (None, False, ())]
    if "batch" in given:
        raise CrumpleError("a batch makes all of its documents by itself", where=_WHERE, hint="Say how one is called.")
    if given:
        options = ", ".join(f"--{name}" for name in given)
        raise CrumpleError(
            f"which calls there are is the other run's to say; {options} would choose others",
            where=_WHERE,
            hint=f"Leave {options} out.",
        )


def with_calls_of(
    assembly: Assembly, name: str, config: str | None, location: str | None, *, calls: int | None
) -> Assembly:
    """A run that makes the calls of another one.

    Args:
        assembly: of the configuration.
        name: of the other run.
        config: as it was named.
        location: what --store says.
        calls: at most so many, of those that come first; None: all.

    Raises:
        CrumpleError: there is no such run, or it has no call that can be made again.
    """
    from crumple.cli.named_runs import named_run
    from crumple.comparing.calls_of import CallsOf, plan_for
    from crumple.comparing.other_run import calls_from

    with named_run(name, config, location) as other:
        line = other.line
        known = calls_from(other.store.results(line), line.id, line.info)
    plan = plan_for(assembly.plan, assembly.registry, known)
    if calls is not None:
        plan = replace(plan, calls=calls)
    emit(f"the {len(known):,} degraded calls of run {line.id}, and its clean ones", err=True)
    return replace(assembly, plan=plan, course=CallsOf(plan, known))


def say_left_out(assembly: Assembly) -> None:
    """Say which calls of the other run could not be made, and why."""
    from crumple.comparing.calls_of import CallsOf

    if isinstance(assembly.course, CallsOf):
        for why, number in assembly.course.left_out.items():
            emit(f"{number:,} calls of the other run were not made: {why}", err=True)
