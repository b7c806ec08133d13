"""`crumple replay`: one call made again, and all that is known of it; or findings called again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option
from crumple.errors import CrumpleError, nearest

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.config.loading import Config
    from crumple.findings.folder import Shelf
    from crumple.replay import Replay
    from crumple.result import Result

_HELP = """Make one call again: the case clean, then degraded by its recipe. Reports print the line for each failure.

Or call findings again, by their ids or how these begin, or all of them: each ends as FIXED, FAILS, CHANGED (it fails in
another way), FLAKY (now and then), ERROR, or OTHER BYTES (its recipe makes another document than it did). What came of
it is written in findings/: one that fails no more is fixed, one that was fixed and fails is open again.

\b
Examples:
  crumple replay 'invoice-0003.pdf > scan.skew(angle=2,seed=41)'
  crumple replay 'invoice-0003.pdf'               the clean document alone
  crumple replay encoding-3f9a1c07
  crumple replay all --no-write --json replay.json

Exit codes: 0 it does not fail; 1 it fails; 2 usage or configuration, or the recipe does not apply to this case;
4 it could not be called. Of findings: 0 none fails but those that are accepted; 1 one fails, has changed or is flaky;
4 none fails, but of one it cannot be told.
"""
_FAILS, _NOT_MADE, _VOID = 1, 2, 4


@click.command("replay", help=_HELP, short_help="Make one call again, or call findings again.")
@click.argument("what", metavar="'CASE > RECIPE' | ID... | all", nargs=-1, required=True)
@click.option("--no-write", is_flag=True, help="Of findings: leave findings/ as it is.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(),
    metavar="FILE",
    help="Of findings: what came of each; - is standard output.",
)
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Of findings: how many calls at a time.")
@config_option
def command(
    what: tuple[str, ...], no_write: bool, json_file: str | None, workers: int | None, config: str | None
) -> int:
    """Call, and show."""
    from crumple.assembly import Wishes, assemble
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.execution.local import LocalLanes
    from crumple.findings.folder import Folder
    from crumple.replay import parse, replay

    loaded = load(find(Path(config) if config is not None else None))
    assembly = assemble(loaded, Wishes(workers=workers))
    if _is_case(what, assembly):
        if json_file is not None or no_write:
            raise CrumpleError("goes with findings alone", where="--json" if json_file is not None else "--no-write")
        case, recipe = parse(what[0], assembly.plan.corpus)
        for step in recipe.steps:
            assembly.registry.get(step.mutator).check(step)
        with LocalLanes(assembly.spec, 1) as lanes:
            again = replay(assembly.plan, assembly.registry, lanes, case, recipe)
        return _show(again, loaded, degraded=bool(recipe.steps))
    return _findings(what, Folder(loaded.root).shelf(), assembly, loaded, json_file, writes=not no_write)


def _is_case(what: tuple[str, ...], assembly: Assembly) -> bool:
    """Whether a case is meant, or one with a recipe, and not findings."""
    from crumple import corpora

    return len(what) == 1 and (
        ">" in what[0] or what[0].strip() in corpora.known(assembly.plan.corpus, {what[0].strip()})
    )


def _findings(
    what: tuple[str, ...], shelf: Shelf, assembly: Assembly, config: Config, json_file: str | None, *, writes: bool
) -> int:
    """Call findings again; a single word that is none may be meant as a case."""
    from crumple.cli.replaying import ALL, UNTOLD, chosen, code_of, replay_findings
    from crumple.plain_text import visible
    from crumple.plan import offered
    from crumple.replay import EXAMPLE

    if len(what) == 1 and what[0] != ALL:
        try:
            shelf.named(what[0])
        except CrumpleError:
            if what[0] in shelf.unread or any(each.startswith(what[0]) for each in shelf.findings):
                raise  # it cannot be read, or is the beginning of several
            cases = [each.id for each in offered(assembly.plan)]
            near = nearest(what[0], [*shelf.findings, *cases])
            raise CrumpleError(
                f"{what[0]!r} is neither a case of {assembly.plan.corpus.name} nor a finding",
                where="replay",
                hint=f"Did you mean {near!r}?" if near else f"{EXAMPLE} `crumple findings` lists the findings.",
            ) from None
    findings = chosen(what, shelf, config.path)
    unread = bool(shelf.flaws) and what == (ALL,)
    if not findings:
        for flaw in shelf.flaws:
            emit(f"not read: {visible(str(flaw))}", err=True)
        emit("There are no findings; `crumple fuzz` looks for some.", err=json_file == "-")
        return UNTOLD if unread else 0
    answers = replay_findings(findings, assembly, config, writes=writes, json_file=json_file)
    if len(answers) == 1 and json_file != "-":
        for result in answers[0].event.results[-1:]:
            emit("")
            _result("degraded", result, config)
    return code_of(answers) or (UNTOLD if unread else 0)


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
    line("BLAKE2b", result.digest)
    if result.detail:
        emit("  detail")
        for each in result.detail.splitlines():
            emit(f"    {visible(str(masked(each, config.secrets)))}")
