"""`crumple replay`: one call made again, and all that is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option

if TYPE_CHECKING:
    from crumple.config.loading import Config
    from crumple.replay import Replay
    from crumple.result import Result

_HELP = """Make one call again: the case clean, then degraded by its recipe. Reports print the line for each failure.

\b
Examples:
  crumple replay 'invoice-0003.pdf > scan.skew(angle=2,seed=41)'
  crumple replay 'invoice-0003.pdf'               the clean document alone

\b
Exit codes: 0 it does not fail; 1 it fails; 2 usage or configuration, or the recipe does not apply to this case;
4 it could not be called.
"""
_FAILS, _NOT_MADE, _VOID = 1, 2, 4


@click.command("replay", help=_HELP, short_help="Make one call again, and show all of it.")
@click.argument("line", metavar="'CASE > RECIPE'")
@config_option
def command(line: str, config: str | None) -> int:
    """Call, and show."""
    from crumple.assembly import assemble
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.execution.local import LocalLanes
    from crumple.replay import parse, replay

    loaded = load(find(Path(config) if config is not None else None))
    assembly = assemble(loaded)
    case, recipe = parse(line, assembly.plan.corpus)
    for step in recipe.steps:
        assembly.registry.get(step.mutator).check(step)
    with LocalLanes(assembly.spec, 1) as lanes:
        again = replay(assembly.plan, assembly.registry, lanes, case, recipe)
    return _show(again, loaded, degraded=bool(recipe.steps))


def _show(again: Replay, config: Config, *, degraded: bool) -> int:
    from crumple.outcome import Outcome

    if again.stand_in:
        emit("The case has no truth: the system's own clean answer stands in. Consistency, not correctness.\n")
    if again.unstable:
        emit(f"Set aside, the clean answers differ: {', '.join(again.unstable)}\n")
    _result("clean", again.clean, config)
    if again.degraded is not None:
        emit("")
        _result("degraded", again.degraded, config)
    elif degraded:
        emit("\nThe degraded call was not made: without a truth, the clean calls must succeed and agree.")
    last = again.last
    if last.verdict is None:
        return _NOT_MADE
    if last.verdict.outcome is Outcome.VOID:
        return _VOID
    return _FAILS if last.verdict.failure or (degraded and again.degraded is None) else 0


def _result(which: str, result: Result, config: Config) -> None:
    """Everything that is known of one call, masked and made harmless for a terminal."""
    from crumple.config.environment import masked
    from crumple.plain_text import visible

    def line(label: str, text: str) -> None:
        if text:
            emit(f"  {label:<10}{visible(str(masked(text, config.secrets)))}")

    emit(f"{which}: {visible(result.work.replay)}")
    verdict = result.verdict
    if verdict is None:
        line("not made", result.skipped)
        return
    acceptable = "" if verdict.failure or verdict.outcome != "refused" else " (acceptable here)"
    line("outcome", f"{verdict.outcome}{acceptable}, score {verdict.score:.3g}, {result.seconds:.2f} s")
    line("wrong", ", ".join(path or "the answer" for path in verdict.wrong))
    line("abstained", ", ".join(path or "the answer" for path in verdict.abstained))
    line("expected", result.expected)
    line("answered", result.answer)
    line("cause", result.cause)
    line("sha256", result.digest)
    if result.detail:
        emit("  detail")
        for each in result.detail.splitlines():
            emit(f"    {visible(str(masked(each, config.secrets)))}")
