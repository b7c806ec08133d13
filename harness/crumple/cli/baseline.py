"""`crumple baseline`: the run that nights are compared with."""

from __future__ import annotations

from pathlib import Path

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option
from crumple.errors import CrumpleError

_HELP = """Make a run the baseline: what `crumple nightly` compares every night with, call by call.

It is written to crumple.baseline.json beside crumple.toml and goes into version control, with who made it so and why.

\b
Examples:
  crumple baseline latest --reason 'release 2.3, signed off' --by 'M. Osei'
"""


@click.command("baseline", help=_HELP, short_help="The run that nights are compared with.")
@click.argument("run")
@click.option("--reason", metavar="TEXT", required=True, help="Why this run.")
@click.option("--by", metavar="NAME", required=True, help="Who says so.")
@click.option("--store", metavar="WHERE", help="A PostgreSQL URL or a file; by default [run] store, or .crumple/.")
@config_option
def command(run: str, reason: str, by: str, store: str | None, config: str | None) -> int:
    """Write it."""
    import datetime as dt

    from crumple import corpora
    from crumple.assembly import assemble
    from crumple.cli.stores import past_runs, project
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.nightly.baseline import Baseline, call_of
    from crumple.nightly.baseline_file import write_baseline
    from crumple.nightly.cases import digests_of

    loaded = load(find(Path(config) if config is not None else None))
    assembly = assemble(loaded)
    with past_runs(project(config, store)) as opened:
        line = opened.find(run)
        results = list(opened.results(line))
    made = [call for each in results if (call := call_of(each)) is not None]
    info = line.info
    degraded = [each for each in made if each.mutator]
    if not degraded:
        raise CrumpleError(f"run {line.id} has no degraded call to compare a night with", where=run)
    mutators = {each.mutator for each in degraded}
    digests = digests_of(assembly.plan.corpus, (each.case for each in made))
    baseline = Baseline(
        run=line.id,
        started=str(info.get("started", "")),
        set_on=dt.date.today().isoformat(),
        by=by,
        reason=reason,
        config=loaded.path.name,
        seed=int(info.get("seed", 0)),
        system=str(info.get("system", "")),
        corpus=corpora.version(assembly.plan.corpus),
        versions={name: str(each) for name, each in info.get("versions", {}).items()},
        mutators={name: assembly.registry.get(name).version for name in sorted(mutators)},
        cases=digests,
        clean=[each for each in made if not each.mutator],
        calls=degraded,
    )
    path = write_baseline(loaded.path, baseline)
    emit(f"{path.name}: {len(degraded):,} calls of run {line.id}; put it under version control")
    return 0
