"""Lanes on systems that misbehave."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import psutil
import pytest

from crumple.adapters.callable import CallableSystem
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.recipe import Recipe
from crumple.result import Result, Work
from crumple.workers.limits import MIB, Limits

SYSTEMS = Path(__file__).parents[1] / "systems"
Lanes: TypeAlias = LocalLanes | ClusterLanes
MUTATORS = ("mark", "raw", "broken", "deadly", "endless", "leaving", "choosy", "trailing")


@pytest.fixture(scope="session")
def make_spec() -> Callable[..., LaneSpec]:
    """A lane spec on the hostile system."""

    def make(*, judge: str = "exact", limits: Limits | None = None, **system: Any) -> LaneSpec:
        sys.path.insert(0, str(SYSTEMS))
        try:
            from fault_corpus import Words
        finally:
            sys.path.remove(str(SYSTEMS))
        limits = limits or Limits(timeout=20, memory=150 * MIB, answer=2 * MIB)
        system = {"call": "hostile:act"} | system
        return LaneSpec(
            root=SYSTEMS,
            corpus=Words(),
            system=CallableSystem(**({"root": SYSTEMS, "limits": limits} | system)),
            judge=judge,
            mutators={f"faults.{name}": "fault_corpus" for name in MUTATORS},
        )

    return make


class Asking:
    """Puts single calls to lanes."""

    def __call__(self, lanes: Lanes, case: str, recipe: str = "") -> Result:
        lanes.put([Work(0, case, Recipe.parse(recipe))])
        (result,) = self.all(lanes)
        return result

    def all(self, lanes: Lanes) -> list[Result]:
        """Every result that is pending."""
        found: list[Result] = []
        while lanes.pending:
            found += lanes.results()
        return found


class Processes:
    """What runs below this process."""

    def all(self) -> set[int]:
        """Every process, the dead aside, and what tests of other rooms keep, which start processes when they like."""
        kept = [each for each in psutil.Process().children() if _command(each.pid).startswith(_OTHERS)]
        others = {below.pid for each in kept for below in (each, *_below(each))}
        return {each.pid for each in _below(psutil.Process()) if each.pid not in others and _runs(each.pid)}

    def beyond(self, before: set[int], patience: float = 5.0) -> list[str]:
        """The command lines of those that are new, where there are more than before, given a little time to end."""
        until = time.monotonic() + patience
        while len(now := self.all()) > len(before) and time.monotonic() < until:
            time.sleep(0.01)
        return [_command(each) for each in now - before] if len(now) > len(before) else []

    def first_to_end(self, pids: set[int], patience: float = 5.0) -> bool:
        """Wait until one of these has ended; False where none does."""
        until = time.monotonic() + patience
        while all(map(_runs, pids)) and time.monotonic() < until:
            time.sleep(0.01)
        return not all(map(_runs, pids))

    def left(self, pids: set[int], patience: float = 5.0) -> set[int]:
        """Which of these are still there, given a little time to end."""
        until = time.monotonic() + patience
        while left := {pid for pid in pids if _runs(pid)}:
            if time.monotonic() > until:
                return left
            time.sleep(0.01)
        return set()


_OTHERS = ("node", "weed", "chromium")


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _command(pid: int) -> str:
    """The command line of a process, its program without the folder."""
    try:
        program, *words = psutil.Process(pid).cmdline() or ["?"]
    except psutil.Error:
        return "?"
    return " ".join([program.rpartition("/")[2], *words])


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


@pytest.fixture(scope="session")
def ask() -> Asking:
    """Makes a call and waits for its result."""
    return Asking()


@pytest.fixture(scope="session")
def processes() -> Processes:
    """Looks for processes that were left behind."""
    return Processes()


@pytest.fixture(scope="session", params=["here", "cluster"])
def lanes_of(request: pytest.FixtureRequest) -> Callable[[LaneSpec, int], Lanes]:
    """Lanes of this machine, or of a Dask cluster: whatever a system does, they do the same."""
    if request.param == "here":
        return LocalLanes
    address = request.getfixturevalue("dask_address")
    return lambda spec, lanes: ClusterLanes(spec, address, lanes)


def _single(spec: LaneSpec, where: str) -> Lanes:
    """One lane; on a cluster of its own, so that every call goes to it."""
    return LocalLanes(spec, 1) if where == "here" else ClusterLanes(spec, "local", 1)


@pytest.fixture(scope="module", params=["here", "cluster"])
def patient(request: pytest.FixtureRequest, make_spec: Callable[..., LaneSpec]) -> Iterator[Lanes]:
    """One lane whose calls may take long."""
    with _single(make_spec(), request.param) as lanes:
        _have_spare(lanes)
        yield lanes


def _have_spare(lanes: Lanes) -> None:
    """Lose a worker, so that there is a spare from now on and the number of processes stays."""
    for case in ("exit_0", "fine"):
        Asking()(lanes, case)


@pytest.fixture(scope="module", params=["here", "cluster"])
def hasty(request: pytest.FixtureRequest, make_spec: Callable[..., LaneSpec]) -> Iterator[Lanes]:
    """One lane whose calls may take a second."""
    with _single(make_spec(limits=Limits(timeout=1)), request.param) as lanes:
        _have_spare(lanes)
        yield lanes
