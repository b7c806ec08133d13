"""Hosts with Dask on them, a host of a user's, and what a run comes to that nothing disturbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dask_hosts import Dask
from distant_project import Project, Scene
from hosts import Network


@pytest.fixture(scope="module")
def network(make_network: Callable[..., Network]) -> Network:
    """Where the user sits, where the scheduler is, and two workers' hosts."""
    return make_network("desk", "head", "left", "right")


@pytest.fixture(scope="module")
def dask(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A cluster; `mend` before use."""
    made = Dask(network, "head", ("left", "right"), tmp_path_factory.mktemp("dask"))
    yield made
    made.end(*made.running)


@pytest.fixture(scope="module")
def undisturbed(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project after a run that Dask has no part in."""
    project = Project.made(tmp_path_factory.mktemp("undisturbed") / "project")
    run = project.start(network["desk"])
    assert run.ended() == 0, run.said
    return project


@pytest.fixture
def patience() -> float:
    """For how many seconds Dask is waited for; a test may have another."""
    return 60


@pytest.fixture
def scene(dask: Dask, undisturbed: Project, patience: float, tmp_path: Path) -> Scene:
    """Everything in its place, and nothing begun."""
    dask.mend()
    project = Project.made(tmp_path / "project", patience=patience)
    return Scene(dask, project, undisturbed.results, undisturbed.called())
