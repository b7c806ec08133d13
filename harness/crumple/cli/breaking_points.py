"""`crumple breaking-points`: from where on the system fails, mutator by mutator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.parameters import budget_options, config_option, keeping_options, report_options, use_option, words

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.config.loading import Config
    from crumple.search.breaking import Wanted

_HELP = """Find the damage from which on the system fails, mutator by mutator.

For each mutator that has a main parameter (an angle, a resolution, a share of characters) it looks for the value from
which on half of the calls fail, or the share that --rate names: each call's level is chosen by what the calls before
have shown. That takes 10 to 30 calls a mutator, more for a rate below 15 %. A system that never breaks, or always
fails, is said to. Every result is kept as it arrives: the same command goes on with a run that was interrupted.

\b
Examples:
  crumple breaking-points --use scan.skew,scan.resolution
  crumple breaking-points --use scan --rate 10% --json points.json
  crumple breaking-points --rate contract --by kind --report points.html

Exit codes: 0 done; 2 usage, configuration, a report cannot be written, or nothing can be stored any more; 4 the run is
void: the system cannot be reached, too many calls came to nothing, or every case fails clean; 130 interrupted.
"""
_LEVELS = (1.0, 2.0, 3.0, 4.0, 5.0)
_LOWEST, _HIGHEST = 0.01, 0.99
_CONTRACT = "contract"


class Rate(click.ParamType[float | str]):
    """A failure rate: "5%", 0.05, or "contract"."""

    name = "rate"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """The rate as a share."""
        from crumple.config.quantities import share

        if isinstance(value, float) or value == _CONTRACT:
            return value if isinstance(value, float) else _CONTRACT
        try:
            text = str(value)
            rate = share(text if text.rstrip().endswith("%") else float(text))
        except ValueError:
            self.fail(f'{value!r} is no share such as 5% or 0.05, nor "{_CONTRACT}"', param, ctx)
        if not _LOWEST <= rate <= _HIGHEST:
            self.fail(f"it must be at least 1 % and at most 99 %, got {value}", param, ctx)
        return rate


@click.command("breaking-points", help=_HELP, short_help="Find the damage from which on the system fails.")
@config_option
@use_option
@click.option(
    "--rate",
    type=Rate(),
    default="50%",
    metavar="SHARE",
    help='The failure rate to look for: "5%", or "contract": the limit on failures that a mutator has there. [50%]',
)
@click.option(
    "--by",
    type=click.Choice(["kind", "tag", "group"]),
    help="Apart for each media type, tag or group of the corpus.",
)
@click.option(
    "--most",
    type=click.IntRange(min=10),
    metavar="N",
    help="At most so many calls a mutator; by default 30, and four times as many as it takes to see one failure.",
)
@budget_options
@keeping_options
@report_options
def command(
    config: str | None,
    use: tuple[str, ...],
    rate: float | str,
    by: str | None,
    most: int | None,
    seed: int | None,
    calls: int | None,
    seconds: float | None,
    workers: int | None,
    cost: float | None,
    concurrency: int | None,
    dask: str | None,
    **kept: Any,
) -> int:
    """Trace the curves, and show them."""
    from crumple.assembly import Wishes, assemble
    from crumple.cli.carry_out import carry_out, manner_of
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.search.breaking import BY, By, Wanted
    from crumple.search.curve import HALF

    loaded = load(find(Path(config) if config is not None else None))
    wishes = Wishes(
        use=words(use),
        levels=_LEVELS,
        seed=seed,
        calls=calls,
        seconds=seconds,
        workers=workers,
        cost=cost,
        concurrency=concurrency,
        dask=dask,
    )
    assembly = assemble(loaded, wishes)
    rates = _contracted(assembly) if rate == _CONTRACT else {}
    apart: By = next((each for each in BY if each == by), "")
    wanted = Wanted(rate=HALF if isinstance(rate, str) else rate, rates=rates, by=apart, most=most)
    manner = manner_of(loaded, config, **kept)
    return carry_out(
        _tracing(assembly, loaded, wanted, bounded=calls is not None or seconds is not None), loaded, manner
    )


def _tracing(assembly: Assembly, config: Config, wanted: Wanted, *, bounded: bool) -> Assembly:
    """The same, with curves to trace instead of rates to measure.

    Args:
        assembly: as the configuration has it.
        config: the configuration.
        wanted: what is looked for.
        bounded: whether the command line says how much may be done; else there is to be enough for every curve.

    Raises:
        CrumpleError: none of the mutators has levels, or all answers come at once.
    """
    from dataclasses import replace

    from crumple.contract.limits import Contract
    from crumple.errors import CrumpleError
    from crumple.mutation.registry import Registry
    from crumple.search.breaking import Breaking, budget

    if config.settings.system.batch is not None:
        raise CrumpleError(
            "breaking points cannot be found with a batch, for each call depends on the answers before it",
            where="[system] batch",
            hint="`crumple run` measures such a system.",
        )
    registry = Registry({each.name: each for each in assembly.plan.registry if each.ladder is not None})
    if not registry.mutators:
        raise CrumpleError(
            "none of these mutators has a parameter to vary",
            where="--use",
            hint="`crumple list` shows which have levels.",
        )
    plan = replace(assembly.plan, registry=registry, repeat=1)
    if not bounded and config.settings.run.calls is None:
        plan = replace(plan, calls=budget(plan, wanted))
    return replace(assembly, plan=plan, contract=Contract(), course=Breaking(plan, wanted))


def _contracted(assembly: Assembly) -> dict[str, float]:
    """For each mutator the strictest limit on failures that the contract has for it.

    Raises:
        CrumpleError: it has none at all.
    """
    from crumple.contract.limits import Metric
    from crumple.errors import CrumpleError

    limits = [each for each in assembly.contract.limits if each.metric is Metric.FAILURES]
    found = {
        mutator.name: min(own)
        for mutator in assembly.plan.registry
        if (own := [max(_LOWEST, each.bound) for each in limits if each.covers(mutator)])
    }
    if not found:
        raise CrumpleError(
            "the contract has no limit on the failures of these mutators",
            where="--rate contract",
            hint="Name the rate itself: --rate 5%.",
        )
    return found
