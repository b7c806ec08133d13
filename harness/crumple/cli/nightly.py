"""`crumple nightly`: what got worse since the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crumple.cli.parameters import config_option, json_option, report_options, spending_options, store_option
from crumple.errors import CrumpleError, VoidRunError

if TYPE_CHECKING:
    from crumple.assembly import Assembly
    from crumple.cli.carry_out import Manner
    from crumple.cli.night_companion import NightCompanion, Prepared
    from crumple.cli.night_store import NightStore
    from crumple.cli.report_files import ReportFiles
    from crumple.config.loading import Config
    from crumple.nightly.baseline import Baseline

_HELP = """Call findings again, then the same recipes as every night, then some new ones; and say what got worse.

What a night is compared with is the baseline (`crumple baseline RUN`): the very same documents, call by call. It wakes
somebody for nothing as seldom as [nightly] false_alarms says. New kinds of failure that only tonight's new recipes show
are listed, and wake nobody. How findings stand is written to findings/, as `crumple replay all` does.

A night that was interrupted goes on with the same command until it is 20 hours old, where nothing has changed; any
other that is unfinished is closed.

\b
Examples:
  crumple nightly
  crumple nightly --calls 2000 --json night.json
  crumple nightly --report night.md --metrics crumple.prom

Exit codes: 0 nothing got worse, or there is no baseline yet; 1 a category got worse, or a finding that was fixed fails
again; 2 usage or configuration, or another night is going on; 4 the night is void, or could not be put into the
configured store; 5 nothing got worse, and the contract is broken as it was; 130 interrupted.
"""
_VOID = 4
_LEAST_ROUNDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for."""

    config: str | None
    calls: int | None
    seconds: float | None
    cost: float | None
    workers: int | None
    concurrency: int | None
    dask: str | None
    store: str | None
    fresh: bool
    no_write: bool
    json_file: str | None
    reports: tuple[str, ...]
    metrics: str | None
    webhook: str | None


@click.command("nightly", help=_HELP, short_help="Every night: what got worse since the baseline.")
@config_option
@spending_options
@store_option
@click.option("--fresh", is_flag=True, help="Begin anew, even where a night of today was interrupted.")
@click.option("--no-write", is_flag=True, help="Leave findings/ as it is.")
@json_option
@report_options
@click.option("--webhook", metavar="URL", help="Tell this address how it ended; by default [nightly] webhook.")
def command(**asked: object) -> int:
    """Carry the night out."""
    return _carried_out(Asked(**asked))  # type: ignore[arg-type]  # click gives what is declared above


def _carried_out(asked: Asked) -> int:
    from functools import partial

    from crumple.cli.night_store import night_store
    from crumple.cli.output import emit
    from crumple.cli.report_files import ReportFiles
    from crumple.cli.report_material import material_of
    from crumple.cli.stores import Project
    from crumple.config.finding import find
    from crumple.config.loading import load
    from crumple.nightly.baseline_file import read_baseline
    from crumple.notifying import check

    loaded = load(find(Path(asked.config) if asked.config is not None else None))
    if loaded.settings.system.batch is not None:
        raise CrumpleError(
            "a night asks for calls by what others have come to, and a batch is made before any answer is known",
            where=loaded.source.place(("system", "batch")),
            hint="Compare batches with `crumple run` and --json; or say how one document is called.",
        )
    location = asked.store or loaded.settings.run.store
    material = partial(material_of, config=loaded, project=Project(loaded.root, location, None))
    files = ReportFiles(asked.reports, asked.metrics, material, loaded.path)
    files.check()
    webhook = asked.webhook or loaded.settings.nightly.webhook
    if webhook:
        check(webhook, "--webhook" if asked.webhook else loaded.source.place(("nightly", "webhook")))
    baseline = read_baseline(loaded.path)
    mine = {"baseline": baseline.id if baseline else "", "config": loaded.path.name}
    with night_store(asked.store or loaded.settings.run.store, loaded.root, mine) as store:
        store.close_old(every=asked.fresh)
        code, companion = _night(asked, loaded, baseline, store, files)
        if companion.document is not None:
            _tell(companion.discretion.stored_document(companion.document), webhook, loaded)
        if store.trouble:
            emit(f"This night is not in the configured store. {store.trouble} It is in {store.store.where}.", err=True)
    return code


def _tell(document: dict[str, Any], webhook: str | None, config: Config) -> None:
    """Tell the webhook; that it cannot be told is said, and changes nothing."""
    from crumple.cli.output import emit
    from crumple.notifying import send

    settings = config.settings.nightly
    if webhook and (trouble := send(document, webhook, settings.webhook_form, settings.webhook_when)):
        emit(trouble, err=True)


def _night(
    asked: Asked, config: Config, baseline: Baseline | None, store: NightStore, files: ReportFiles
) -> tuple[int, NightCompanion]:
    """The night itself: its exit code, and what sat beside it."""
    from dataclasses import replace

    from crumple.cli.carry_out import Manner
    from crumple.cli.night_companion import NightCompanion
    from crumple.cli.output import emit
    from crumple.config.model import DEFAULT_CALLS
    from crumple.nightly.course import ROUND, Night, Share
    from crumple.nightly.night import NightTally

    settings = config.settings.nightly
    allowed = asked.calls or settings.calls
    if allowed is None and baseline is None:
        allowed = config.settings.run.calls or DEFAULT_CALLS
    prepared = _prepared(asked, allowed, config, baseline, store)
    assembly, cases = prepared.assembly, prepared.cases
    repeat = assembly.plan.repeat
    always = frozenset(each.case for each in prepared.known) | frozenset(cases)
    share = Share(calls=allowed, fresh=settings.fresh)
    calls = allowed or share.enough(len(baseline.calls) if baseline else 0, len(prepared.known), len(always), repeat)
    # Rounds become smaller towards the end: it takes no whole one for a night.
    size = min(ROUND, max(1, calls // _LEAST_ROUNDS))
    plan = replace(assembly.plan, calls=calls, round_size=size, always=always, again=False)
    course = Night(plan, assembly.registry, baseline, share, cases)
    companion = NightCompanion(course, NightTally(course, baseline), prepared)
    run = config.settings.run.model_copy(update={"void": settings.void_above, "store": store.location})
    config = replace(config, settings=config.settings.model_copy(update={"run": run}))
    manner = Manner(
        json_file=asked.json_file,
        fresh=asked.fresh,
        wait=False,
        named=asked.config or "",
        companion=companion,
        files=files,
    )
    if repeat > 1:
        emit(f"[run] repeat is {repeat}: of each call the first is compared with the baseline's", err=True)
    return _ended(replace(assembly, plan=plan, course=course), config, manner, companion), companion


def _prepared(
    asked: Asked, calls: int | None, config: Config, baseline: Baseline | None, store: NightStore
) -> Prepared:
    """What is read before the night begins.

    Raises:
        CrumpleError: the configuration is not sound, or nothing can be compared with the baseline.
    """
    from crumple.assembly import Wishes, assemble
    from crumple.cli.night_companion import Prepared
    from crumple.cli.output import emit
    from crumple.findings.keeping import Keeping
    from crumple.nightly.cases import digests_of

    wishes = Wishes(
        calls=calls,
        seconds=asked.seconds,
        cost=asked.cost,
        workers=asked.workers,
        concurrency=asked.concurrency,
        dask=asked.dask,
    )
    assembly = assemble(config, wishes)
    keeping = Keeping(
        config,
        assembly.plan.corpus,
        assembly.registry,
        assembly.spec.discretion,
        writes=not asked.no_write,
        say=lambda line: emit(line, err=True),
    )
    known = keeping.known()
    cases = digests_of(assembly.plan.corpus, baseline.cases) if baseline else {}
    if baseline is not None:
        _check_comparable(baseline, cases, config)
    return Prepared(
        config=config, assembly=assembly, baseline=baseline, cases=cases, store=store, keeping=keeping, known=known
    )


def _ended(assembly: Assembly, config: Config, manner: Manner, companion: NightCompanion) -> int:
    """The exit code, also where nothing more can be stored, or a file cannot be written: with what is known of it."""
    from crumple.assembly import run_info
    from crumple.cli.carry_out import carry_out
    from crumple.cli.group import Failure
    from crumple.cli.night_companion import WORSE
    from crumple.cli.output import emit
    from crumple.store import StoreError

    try:
        return carry_out(assembly, config, manner)
    except CrumpleError as error:
        known = companion.document
        if known is None and not isinstance(error, (StoreError, VoidRunError)):
            raise
        Failure(error).show()
        if known is None and isinstance(error, VoidRunError):
            nothing = companion.nothing(run_info(assembly, config.settings.run.void), str(error))
            if manner.files is not None:
                manner.files.write(companion.discretion.stored_document(nothing))
            return _VOID
        if known is not None and known["night"]["state"] == "worse" and known["run"]["ended"] != "interrupted":
            return WORSE  # whoever is to be told of it is told
        if not isinstance(error, StoreError):
            return error.exit_code
        emit("The night is void: what it measured until then is kept, and the same command goes on with it.", err=True)
        return _VOID


def _check_comparable(baseline: Baseline, cases: dict[str, str], config: Config) -> None:
    """See that anything can be compared, before a call is made.

    Raises:
        VoidRunError: no case of the baseline is what it was.
    """
    from crumple.nightly.baseline_file import path_of
    from crumple.nightly.changes import named

    if any(cases.get(name) == digest for name, digest in baseline.cases.items()):
        return
    gone = [name for name in baseline.cases if name not in cases]
    what = (
        f"none of its {len(baseline.cases)} cases is in the corpus"
        if len(gone) == len(baseline.cases)
        else (f"none of its {len(baseline.cases)} cases is what it was")
    )
    raise VoidRunError(
        f"nothing can be compared: {what} ({named(list(baseline.cases))})",
        where=path_of(config.path).name,
        hint="Where the corpus was exchanged on purpose, make a new baseline: `crumple run`, then "
        "`crumple baseline latest --reason TEXT`. Otherwise look at [corpus].",
    )
