"""`crumple baseline`: the run that nights are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.output import emit
from crumple.cli.parameters import config_option, store_option
from crumple.errors import CrumpleError

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.config.loading import Config
    from crumple.nightly.baseline import Baseline
    from crumple.store import Line, Store

_HELP = """Make a run the baseline: what `crumple nightly` compares every night with, call by call.

It is written to crumple.baseline.json beside crumple.toml and goes into version control, with who made it so and why.
RUN is a run's id, or how that begins, or "latest": a run, or a night. Without RUN the present baseline is shown.

\b
Examples:
  crumple baseline latest --reason 'release 2.3, signed off' --by 'M. Osei'
  crumple baseline

Exit codes: 0 done; 2 usage, there is no such run, or it cannot be the baseline.
"""


@click.command("baseline", help=_HELP, short_help="The run that nights are compared with.")
@click.argument("run", required=False)
@click.option("--reason", metavar="TEXT", help="Why this run.")
@click.option("--by", metavar="NAME", help="Who says so; by default as git knows you, or your login.")
@click.option("--show", is_flag=True, help="With RUN: only show what would change.")
@store_option
@config_option
def command(
    run: str | None, reason: str | None, by: str | None, show: bool, store: str | None, config: str | None
) -> int:
    """Write it, or show it."""
    from crumple.assembly import assemble
    from crumple.cli.author import myself
    from crumple.cli.stores import past_runs, project
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.nightly.baseline_file import read_baseline, text_of, write_baseline

    loaded = load(find(Path(config) if config is not None else None))
    if run is None:
        if reason is not None or by is not None:
            raise CrumpleError(
                "say which run", where="--reason", hint="`crumple baseline RUN`; `crumple runs` lists them."
            )
        return _show(loaded, read_baseline(loaded.path))
    if not show and (reason is None or not reason.strip()):
        raise CrumpleError("say why this run", where="--reason", hint="--reason 'TEXT'.")
    assembly = assemble(loaded)
    with past_runs(project(config, store)) as opened:
        line = opened.find(run)
        who = "" if show else (by or myself(loaded.root)).strip()
        new = _made(opened, line, assembly, loaded, (who, (reason or "").strip()))
    old = _old(loaded)
    _say_changes(old, new)
    if show:
        emit("nothing is written (--show)")
        return 0
    path = write_baseline(loaded.path, new)
    size = len(text_of(new).encode()) / 1000
    emit(f"{path.name}: {len(new.calls):,} calls of run {line.id}, {size:,.0f} kB. Put it under version control.")
    return 0


def _made(store: Store, line: Line, assembly: Assembly, config: Config, who: tuple[str, str]) -> Baseline:
    """The run as a baseline.

    Raises:
        CrumpleError: it cannot be one.
    """
    import datetime as dt
    from dataclasses import replace

    from crumple.findings.papers import keeps_documents
    from crumple.nightly.cases import digests_of
    from crumple.nightly.changes import settings_of
    from crumple.nightly.from_run import Said, baseline_from, check_run, with_cases

    check_run(line.id, line.state, line.info, store.document(line))
    _check_unchanged(store, line, assembly, config)
    mask = assembly.spec.discretion.shown_document
    by, reason = mask({"by": who[0], "reason": who[1]}).values()
    said = Said(
        set_on=dt.date.today().isoformat(),
        by=by,
        reason=reason,
        config=config.path.name,
        quotes=keeps_documents(config),
    )
    new = baseline_from(store.results(line), line.id, line.info, said)
    if not new.settings:  # an older crumple has not written them down; these are today's
        cases = int(line.info.get("corpus_cases", 0))
        plan = replace(
            assembly.plan,
            levels=tuple(line.info.get("levels") or assembly.plan.levels),
            seed=new.seed,
            repeat=int(line.info.get("repeat", assembly.plan.repeat)),
        )
        new = replace(new, settings=settings_of(plan, assembly.spec, cases))
    cases_now = digests_of(assembly.plan.corpus, (each.case for each in (*new.clean, *new.calls)))
    used = dict.fromkeys(sorted({each.mutator for each in new.calls}))
    mutators = {each: assembly.registry.get(each).version for each in used if each in assembly.registry.mutators}
    return with_cases(new, cases_now, mutators)


def _check_unchanged(store: Store, line: Line, assembly: Assembly, config: Config) -> None:
    """See that documents come out as they did in the run.

    Raises:
        CrumpleError: the corpus, or what degrades it, has changed since.
    """
    from dataclasses import replace

    from crumple import corpora
    from crumple.identity import identity_of
    from crumple.mutation.registry import Registry

    again = "What its documents were is not known any more: `crumple run`, then `crumple baseline latest`."
    if line.info.get("corpus_version") != corpora.version(assembly.plan.corpus):
        raise CrumpleError(f"the corpus has changed since run {line.id}", hint=again)
    before = store.identities(line).get("mutators")
    used = {each.work.mutator for each in store.results(line)} - {""}
    names = {name: each for name, each in assembly.registry.mutators.items() if name in used}
    # A run that was asked for some mutators alone knows the packages of those.
    for registry in (assembly.plan.registry, Registry(names)):
        plan = replace(assembly.plan, registry=registry, calls=None)
        if identity_of(config, plan, "")["mutators"] == before:
            return
    raise CrumpleError(f"the mutators have changed since run {line.id}", hint=again)


def _old(config: Config) -> Baseline | None:
    """The present baseline; one that cannot be read is said, and replaced."""
    from crumple.nightly.baseline_file import read_baseline

    try:
        return read_baseline(config.path)
    except CrumpleError as error:
        emit(f"the present baseline cannot be read: {error}", err=True)
        return None


def _say_changes(old: Baseline | None, new: Baseline) -> None:
    """Rates by category, the old baseline's beside the new one's."""
    from crumple.nightly.from_run import side_by_side

    if old is not None:
        emit(f"It takes the place of run {old.run}, of {old.started[:10]}. What fails:")
    rows = side_by_side(old, new)
    width = max(len(each.category) for each in rows)
    for each in rows:
        after = _rate(*each.after)
        if old is None:
            emit(f"  {each.category:<{width}}  {after}")
        else:
            same = f"{each.same:,} calls the same" if each.same else "other calls"
            emit(f"  {each.category:<{width}}  {_rate(*each.before):<18} -> {after:<18} {same}")


def _rate(failed: int, calls: int) -> str:
    return f"{failed:,} of {calls:,}, {100 * failed / calls:.1f} %" if calls else "no calls"


def _show(config: Config, baseline: Baseline | None) -> int:
    """What the present baseline is, and what has changed since."""
    from crumple.nightly.baseline_file import path_of
    from crumple.plain_text import visible

    name = path_of(config.path).name
    if baseline is None:
        emit(f"There is no baseline yet: {name} is not there.")
        emit("`crumple run`, and then: crumple baseline latest --reason 'TEXT'")
        return 0
    emit(f"{name}: run {visible(baseline.run)}, of {visible(baseline.started[:10])}")
    emit(f"  set      {visible(baseline.set_on)}, {_age(baseline.set_on)}, by {visible(baseline.by)}")
    emit(f"  why      {visible(baseline.reason)}")
    emit(f"  system   {visible(baseline.system) or 'version not known'}")
    failed = sum(each.failure for each in baseline.calls)
    emit(f"  calls    {len(baseline.calls):,} of {len(baseline.cases):,} cases, {failed:,} failed")
    for each in _changed(config, baseline):
        emit(f"  changed  {visible(each['what'])}: {visible(each['before'])} -> {visible(each['now'])}")
    return 0


def _changed(config: Config, baseline: Baseline) -> list[dict[str, str]]:
    """What is different now."""
    from crumple.assembly import assemble, run_info
    from crumple.nightly.cases import digests_of
    from crumple.nightly.changes import Conditions, changes, machine_of, settings_of
    from crumple.systems import version_of

    assembly = assemble(config)
    info: dict[str, Any] = run_info(assembly, config.settings.run.void)
    used = assembly.plan.registry
    version = assembly.spec.discretion.shown_document({"system": version_of(config, assembly.system)})["system"]
    now = Conditions(
        system=version,
        versions=info["versions"],
        machine=machine_of(info),
        settings=settings_of(assembly.plan, assembly.spec, int(info["corpus_cases"])),
        mutators={each: used.get(each).version for each in baseline.mutators if each in used.mutators},
        cases=digests_of(assembly.plan.corpus, baseline.cases),
    )
    return changes(baseline, now)


def _age(day: str) -> str:
    import datetime as dt

    try:
        days = (dt.date.today() - dt.date.fromisoformat(day)).days
    except ValueError:
        return "nobody knows when"
    if days < 0:
        return "a day that is still to come"
    return {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")
