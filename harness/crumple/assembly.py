"""From a configuration to what a run needs: its plan, and what a lane is told. The one place where they meet."""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from crumple import corpora, judges
from crumple.adapters import System, fronted
from crumple.case import Corpus
from crumple.config.loading import Config
from crumple.config.model import Settings
from crumple.configured_corpus import corpus_of
from crumple.contract.limits import LIKE_THESE, Contract
from crumple.contracts import contract_of
from crumple.course import Course
from crumple.deciding.course import Deciding, largest_round
from crumple.dependency.front import Front
from crumple.discretion import Discretion
from crumple.errors import CrumpleError
from crumple.execution.cluster.shares import check_shared, lanes_of
from crumple.execution.cores import cores
from crumple.execution.executor import Executor
from crumple.execution.ingredients import libraries
from crumple.execution.spec import LaneSpec
from crumple.mix import Mix
from crumple.mixes import mix_of
from crumple.mutation.registry import Registry, discover
from crumple.nightly.changes import settings_of
from crumple.plan import Plan, corpus_size, population
from crumple.systems import placed, system_of

_HERE = "none"
"""On the command line instead of an address: this machine's own lanes, whatever crumple.toml says."""
_TRIED = 3
"""So many documents are tried by each lane of a cluster, until one can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asks for besides the configuration; None: as configured.

    Attributes:
        use: categories or mutators.
        levels: what is drawn from.
        seed: of the plan.
        calls: the budget in calls.
        seconds: the budget in seconds.
        workers: how many lanes.
        cost: the budget in money.
        concurrency: how many calls to a service may be out at a time.
        dask: where calls are made instead of here, see `Assembly.dask`; "none": here, whatever is configured.
        decide: draw calls for the limits of the contract that are open, and end when none is.
    """

    use: tuple[str, ...] | None = None
    levels: tuple[float, ...] | None = None
    seed: int | None = None
    calls: int | None = None
    seconds: float | None = None
    workers: int | None = None
    cost: float | None = None
    concurrency: int | None = None
    dask: str | None = None
    decide: bool = False


@dataclass(frozen=True, slots=True)
class Assembly:
    """A run that is ready to begin.

    Attributes:
        plan: what it will do.
        spec: what every lane is told.
        lanes: how many there are to be.
        registry: every mutator that is known, refusals overruled; what a recipe may name.
        system: the whole system, of which each lane has its share.
        contract: what the system is to keep; without limits where nothing is configured.
        mix: what production sends; None: it is not known.
        course: which rounds there are; None: every mutator has a turn in each.
        dask: the address of the Dask scheduler that calls are carried out by, or "local"; "": by lanes of this machine.
        patience: for how many seconds a scheduler or workers that are gone are waited for.
    """

    plan: Plan
    spec: LaneSpec
    lanes: int
    registry: Registry
    system: System
    contract: Contract
    mix: Mix | None = None
    course: Course | None = None
    dask: str = ""
    patience: float = 60.0

    def check_executor(self) -> None:
        """See that whatever carries its calls out is there, before a run is begun.

        Raises:
            CrumpleError: it is not; the message says what is missing.
        """
        if self.dask:
            from crumple.execution.cluster.connection import check  # few need it

            check(self.dask, self.patience)

    def executor(self, say: Callable[[str], None] = lambda line: None) -> AbstractContextManager[Executor]:
        """What carries its calls out, not started yet.

        Args:
            say: is told, a line each, of what goes wrong on the way and is mended.
        """
        if self.dask:
            from crumple.execution.cluster.lanes import ClusterLanes  # few need it

            trial = tuple(each.id for each in population(self.plan)[:_TRIED])
            whole = replace(self.spec, system=self.system, trial=trial)
            return ClusterLanes(whole, self.dask, self.lanes, patience=self.patience, say=say)
        from crumple.execution.local import LocalLanes  # named when it is needed: tests put another one in its place

        return LocalLanes(self.spec, self.lanes)


def assemble(config: Config, wishes: Wishes | None = None) -> Assembly:
    """Make a configuration ready to run; nothing of the system is loaded or called yet.

    Args:
        config: as it was loaded.
        wishes: what overrides it.

    Raises:
        CrumpleError: something that is named does not exist, or does not fit.
    """
    wishes = wishes or Wishes()
    if wishes.concurrency is not None:
        config = _with_concurrency(config, wishes.concurrency)
    settings = config.settings
    corpus = corpus_of(config)
    schema = _schema(config)
    with placed(config, "judge"):
        judges.load(settings.judge.kind, config.root, _judge_options(settings, schema))
    known = discover(settings.mutate.modules, config.root)
    registry = known.overruled(settings.mutate.refusable, where=config.source.place(("mutate", "refusable")))
    chosen, controls = _chosen(config, registry, wishes.use)
    system = system_of(config)
    front = _front(config, system)
    lanes = 1 if front is not None and front.listen else _lanes(settings, wishes, system)
    plan = Plan(
        corpus=corpus,
        registry=chosen,
        controls=controls,
        levels=wishes.levels or settings.mutate.levels,
        seed=settings.mutate.seed if wishes.seed is None else wishes.seed,
        calls=_calls(settings, wishes),
        seconds=wishes.seconds or settings.run.time,
        cost=_cost(settings, wishes),
        repeat=settings.run.repeat,
        pass_mark=settings.judge.pass_mark,
        slack=settings.judge.slack,
        sees=system.sees,
        dependency=front is not None,
    )
    overruled = {each.name: each.refusable_from for each in registry if each is not known.get(each.name)}
    spec = replace(
        _spec(config, corpus, system.divided(lanes), registry, schema), refusable=overruled, dependency=front
    )
    contract, mix = contract_of(config, registry, plan), mix_of(config, registry, plan)
    course = None
    if wishes.decide:
        plan = _deciding(plan, contract)
        course = Deciding(plan, contract, mix)
    dask = _dask(config, wishes, front)
    return Assembly(plan, spec, lanes, registry, system, contract, mix, course, dask, settings.run.dask_patience)


def _dask(config: Config, wishes: Wishes, front: Front | None) -> str:
    """Where calls are made instead of here; "": here.

    Raises:
        CrumpleError: they can be made on one machine alone, or that is no address.
    """
    dask = config.settings.run.dask if wishes.dask is None else wishes.dask
    if dask is None or wishes.dask == _HERE:
        return ""
    from crumple.execution.cluster.address import check_form  # few need it

    where = config.source.place(("run", "dask")) if wishes.dask is None else "--dask"
    check_form(dask, where)
    batch = config.settings.system.batch is not None
    check_shared(where, batch=batch, listen=front.listen if front is not None else "")
    return dask


def _deciding(plan: Plan, contract: Contract) -> Plan:
    """The plan of a run that decides a contract.

    Raises:
        CrumpleError: there is nothing to decide.
    """
    if not contract.limits:
        raise CrumpleError(
            "there is nothing to decide: the configuration has no contract",
            where="--decide",
            hint='Write a limit: [[contract.limit]] of = "scan", failures = "5%"; see docs/contract.md.',
        )
    by_group = any(each.about == LIKE_THESE for each in contract.limits)
    return replace(plan, round_size=largest_round(plan, contract), by_group=by_group)


def _spec(config: Config, corpus: Corpus, system: System, registry: Registry, schema: str) -> LaneSpec:
    """What a lane is told, but for refusals that are overruled, and what the system itself calls."""
    settings = config.settings
    return LaneSpec(
        root=config.root,
        corpus=corpus,
        system=system,
        judge=settings.judge.kind,
        judge_options=_judge_options(settings, schema),
        mutators={each.name: each.module for each in registry},
        json_schema=schema,
        abstain=settings.judge.abstain,
        pixels=settings.mutate.pixels,
        cost=settings.system.cost,
        discretion=Discretion(secrets=config.secrets, redact=settings.privacy.redact, store=settings.privacy.store),
    )


def _schema(config: Config) -> str:
    """The text of the schema that answers are to keep to, read here once; "" where there is none."""
    name = config.settings.judge.json_schema
    if name is None:
        return ""
    from crumple.judges.schema_file import read_schema  # few need it

    return read_schema(config.root / name, config.source.place(("judge", "schema")))


def _judge_options(settings: Settings, schema: str) -> dict[str, Any]:
    """What the judge is made with; the one that is called `schema` judges by it."""
    return settings.judge.options | ({"schema": schema} if schema and settings.judge.kind == "schema" else {})


def _cost(settings: Settings, wishes: Wishes) -> float | None:
    """The budget in money, which must be one that can be reached."""
    cost = settings.run.cost if wishes.cost is None else wishes.cost
    if cost is not None and settings.system.cost is None and settings.system.prices is None:
        raise CrumpleError(
            "it can never be reached, for nothing says what a call costs",
            where="[run] cost",
            hint="Say it with [system] cost, or with prices of a chat model.",
        )
    return cost


def _front(config: Config, system: System) -> Front | None:
    """What the system itself calls, as configured."""
    settings = config.settings.dependency
    if settings is None:
        return None
    with placed(config, "dependency"):
        front = Front(url=settings.url, env=settings.env or "", listen=settings.listen or "")
        fronted.check(front, system, config.settings.system.kind)
    return front


def _with_concurrency(config: Config, concurrency: int) -> Config:
    run = config.settings.run.model_copy(update={"concurrency": concurrency})
    return replace(config, settings=config.settings.model_copy(update={"run": run}))


def _lanes(settings: Settings, wishes: Wishes, system: System) -> int:
    """How many lanes: one a core, but for a service not so many that each has hardly a call out.

    Of calls that are out of several lanes nobody can say which one has ended the service for the others.
    """
    return lanes_of(system.concurrency, wishes.workers or settings.run.workers or cores())


def _calls(settings: Settings, wishes: Wishes) -> int | None:
    """The budget in calls; a time asked for on the command line replaces the default, not what is configured."""
    if wishes.calls is not None:
        return wishes.calls
    return settings.run.calls if wishes.seconds is not None else settings.run.budget


def _chosen(config: Config, registry: Registry, use: tuple[str, ...] | None) -> tuple[Registry, Registry]:
    """The mutators to visit, and the controls, which are always there."""
    words = use or config.settings.mutate.use
    where = "--use" if use else config.source.place(("mutate", "use"))
    chosen = registry.select(words, where=where) if words else registry
    visited = Registry({each.name: each for each in chosen if not each.control})
    if not visited.mutators:
        raise CrumpleError("names only controls, which are in no rate", where=where, hint="Name a mutator beside them.")
    return visited, Registry({each.name: each for each in registry if each.control})


def run_info(assembly: Assembly, void_share: float) -> dict[str, Any]:
    """What a run's document says of it beforehand: what it is about, what it is made with, and when it started.

    Args:
        assembly: the run.
        void_share: from which share of void calls on it is void.
    """
    plan = assembly.plan
    cases, _ = corpus_size(plan)
    started = time.time()
    return {
        "id": f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(started))}-{secrets.token_hex(2)}",
        "project": assembly.spec.root.resolve().name,
        "seed": plan.seed,
        "levels": list(plan.levels),
        "corpus": plan.corpus.name,
        "corpus_cases": cases,
        "corpus_version": corpora.version(plan.corpus),
        "machine": {"platform": platform.platform(terse=True), "cores": cores()},
        "repeat": plan.repeat,
        "void_share": void_share,
        "settings": settings_of(plan, assembly.spec, cases),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "versions": dict(libraries()) | {"python": platform.python_version()},
    }
