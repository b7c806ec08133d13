"""`crumple run`: measure, and print the failure rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crumple.cli.parameters import (
    budget_options,
    config_option,
    keeping_options,
    levels_option,
    report_options,
    use_option,
    words,
)
from crumple.errors import CrumpleError

_HELP = """Degrade the corpus, call the system, and print what fails.

Reads crumple.toml (or [tool.crumple] in pyproject.toml) in this folder or the nearest above; `crumple init`
writes one. Options override it. Every case runs clean first; then come rounds in which every mutator has one turn,
until the calls, the time or the money allowed are used up. Ctrl-C ends it early and shows what there is. Every
result is kept as it arrives: the same command goes on with a run that was interrupted, and pays for nothing twice.

A run that would take more than an hour, or more money than [run] ask_above, stops after the clean calls and says which
option allows it; the same command with that option goes on.

With --calls-of the recipes are those of another run, case by case: two systems, or two versions of one, get the very
same documents, for `crumple compare`.

With --decide calls go to the limits of the contract that are still open, and the run ends when all are met or broken,
or the budget is spent. Looking at them after every round costs no certainty.

\b
Examples:
  crumple run
  crumple run --use scan,encoding.mojibake --levels 1,3 --calls 500
  crumple run --time 10m --json result.json
  crumple run --cost 5 --concurrency 32
  crumple run --decide --calls 2000
  crumple run --config ../buy --calls-of ../build

Exit codes: 0 done, and the contract is met or there is none; 1 it is broken; 2 usage, configuration, a report cannot be
written, or nothing can be stored any more; 3 (--strict) it is undecided; 4 the run is void: the system cannot be
reached, too many calls came to nothing, or every case fails clean; 130 interrupted.
"""


@click.command("run", help=_HELP, short_help="Measure, and print the failure rates.")
@config_option
@use_option
@levels_option
@budget_options
@click.option("--strict", is_flag=True, help="End with 3 where the contract is undecided.")
@click.option("--decide", is_flag=True, help="End as soon as every limit of the contract is met or broken.")
@click.option(
    "--calls-of",
    metavar="RUN",
    help="Make the very calls of another run, for `crumple compare`; FOLDER:RUN is one of another configuration.",
)
@keeping_options
@report_options
def command(
    config: str | None,
    use: tuple[str, ...],
    levels: tuple[float, ...] | None,
    seed: int | None,
    calls: int | None,
    seconds: float | None,
    workers: int | None,
    cost: float | None,
    concurrency: int | None,
    dask: str | None,
    decide: bool,
    calls_of: str | None,
    strict: bool,
    **kept: Any,
) -> int:
    """Carry the run out."""
    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import carry_out, manner_of
    from crumple.config.finding import find
    from crumple.config.loading import load

    wishes = Wishes(
        use=words(use),
        levels=levels,
        seed=seed,
        calls=calls,
        seconds=seconds,
        workers=workers,
        cost=cost,
        concurrency=concurrency,
        dask=dask,
        decide=decide,
    )
    loaded = load(find(Path(config) if config is not None else None))
    if calls_of is not None:
        from crumple.cli.calls_of import check_alone, say_left_out, with_calls_of

        check_alone(use=use, levels=levels, seed=seed, decide=decide, batch=loaded.settings.system.batch)
        assembly = with_calls_of(assemble(loaded, wishes), calls_of, config, kept.get("store"), calls=calls)
        code = carry_out(assembly, loaded, manner_of(loaded, config, strict=strict, **kept))
        say_left_out(assembly)
        return code
    manner = manner_of(loaded, config, strict=strict, **kept)
    if loaded.settings.system.batch is not None:
        if decide:
            raise CrumpleError(
                "all documents of a batch are made before any answer is known, whatever others show",
                where="--decide",
                hint="Leave it out; the contract is held against the whole run.",
            )
        from crumple.cli.judge import carry_out_batch

        return carry_out_batch(assemble(loaded, wishes), loaded, wishes, manner)
    return carry_out(assemble(loaded, wishes), loaded, manner)
