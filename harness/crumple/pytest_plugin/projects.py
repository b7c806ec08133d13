"""What a crumple.toml comes to in a session: read and assembled once, with lanes that all its items share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crumple.assembly import Assembly, Wishes, assemble, run_info
from crumple.config.finding import nearest, shown
from crumple.config.loading import Config, load
from crumple.errors import CrumpleError
from crumple.estimates import objection, rest_of
from crumple.plain_text import quoted
from crumple.pytest_plugin.lanes import SessionLanes

if TYPE_CHECKING:
    from crumple.events import CleanEnded
    from crumple.execution.spec import LaneSpec
    from crumple.plan import Plan

_WORKERS = "PYTEST_XDIST_WORKER_COUNT"


@dataclass(frozen=True, slots=True)
class Project:
    """A configuration in a session.

    Attributes:
        config: as it was loaded.
        assembly: what a run of it takes; with what the command line asks for.
        lanes: crumple's workers.
        calls: what --crumple-calls says; None: as configured.
        known: what is worked out once.
    """

    config: Config
    assembly: Assembly
    lanes: SessionLanes
    calls: int | None = None
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def groups(self) -> int:
        """How many groups of documents the corpus has."""
        from crumple.plan import corpus_size

        return corpus_size(self.assembly.plan)[1]

    def info(self, name: str) -> Mapping[str, Any]:
        """What a run's document says of it beforehand; its id is the item's."""
        if "info" not in self.known:
            self.known["info"] = run_info(self.assembly, self.config.settings.run.void)
        info = {**self.known["info"], "id": name}
        if nearest(Path.cwd()) != self.config.path:
            info["config"] = shown(self.config.path)
        return info

    def objection(self, plan: Plan, clean: CleanEnded) -> CrumpleError | None:
        """Why an item must not go on before somebody allows what it will take, as a run must not; None where it may."""
        allowed, system = self.config.settings.run, self.assembly.system
        rate = allowed.rate if system.concurrency else None
        rest = rest_of(plan, clean, at_a_time=system.concurrency or self.assembly.lanes, rate=rate)
        if objection(rest, plan, allowed.ask_above, default=False) is None:
            return None
        return CrumpleError(
            f"this may take {rest.sentence()}, which nobody has allowed",
            where="[run]",
            hint="Allow fewer calls with --crumple-calls, or all of them with [run] time and cost, which the limits "
            "share among them.",
        )

    def replay(self, line: str) -> str:
        """The command that makes one call again; without a line what the line is put behind."""
        command = f"pytest {quoted(shown(self.config.path))} --crumple-replay"
        return f"{command} {quoted(line)}" if line else command


_PROJECTS = pytest.StashKey[dict[Path, Project]]()


def project_of(config: pytest.Config, path: Path) -> Project:
    """The project of a configuration's file.

    Raises:
        CrumpleError: what is wrong with it.
    """
    if _PROJECTS not in config.stash:
        config.stash[_PROJECTS] = {}
    known = config.stash[_PROJECTS]
    if path not in known:
        known[path] = _made(config, path)
        config.add_cleanup(known[path].lanes.close)  # also after Ctrl-C, -x and a crash of pytest
    return known[path]


def _made(config: pytest.Config, path: Path) -> Project:
    loaded = load(path)
    if loaded.settings.system.batch is not None:
        raise CrumpleError(
            "all documents of a batch are made before any answer is known, and pytest cannot wait for that",
            where="[system] batch",
            hint="`crumple run` and `crumple judge` carry it out; or mark tests of your own.",
        )
    calls = config.getoption("--crumple-calls")
    assembly = assemble(loaded, Wishes(seed=config.getoption("--crumple-seed"), calls=calls))
    count, spec = shared(assembly, int(os.environ.get(_WORKERS, "1")))
    return Project(loaded, replace(assembly, lanes=count, spec=spec), SessionLanes(spec, count), calls)


def shared(assembly: Assembly, workers: int) -> tuple[int, LaneSpec]:
    """How many lanes one of so many xdist workers has, and what each is told: together they are what is configured."""
    if workers <= 1:
        return assembly.lanes, assembly.spec
    count = max(1, assembly.lanes // workers)
    return count, replace(assembly.spec, system=assembly.system.divided(count * workers))
