"""The demo's contract comes to the same verdict and the same tables wherever its calls are made.

On this machine, on a Dask cluster that is started for the run, and on one of three hosts. What took how long is another
matter. `make test-all` takes the demo as it is, and everything else a third of its documents, in a coarser print.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crumple.cli.demo import example_folder
from dask_hosts import QUICK, Dask
from distant_project import MAIN
from hosts import Host, Network
from volume import WHOLE

SMALLER = {"count    = 6": "count    = 2\ndpi      = 100", "calls = 300": "calls = 110"}
BROKEN = 1
_TIMES = re.compile(r"([\d.,]+ (h|min|s|ms|µs)\b\s*)+")


@dataclass
class Ended:
    """What a run has come to: its document, and what was printed; but for times."""

    document: Any
    printed: str


@pytest.fixture(scope="module")
def dask(make_network: Callable[..., Network], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Three hosts that make calls, on one of which the scheduler is, too; and the user's desk."""
    hosts = ("head", "left", "right")
    made = Dask(make_network("desk", *hosts), "head", hosts, tmp_path_factory.mktemp("dask"))
    made.mend()
    yield made
    made.end(*made.running)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's project, in a folder that every host sees."""
    folder = tmp_path_factory.mktemp("same") / "demo"
    words = [*MAIN, "demo", "--copy", str(folder)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    assert (folder / "crumple.toml").read_text() == (example_folder() / "crumple.toml").read_text()
    if not WHOLE:
        text = (folder / "crumple.toml").read_text()
        for before, after in SMALLER.items():
            assert before in text
            text = text.replace(before, after)
        (folder / "crumple.toml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def here(dask: Dask, demo: Path) -> Ended:
    """What the run has come to on one machine."""
    return ended(dask.network["desk"], demo)


def test_the_demos_contract_is_decided_and_some_of_it_is_broken(here: Ended) -> None:
    """Otherwise there would be little that can be the same."""
    states = [each["state"] for each in here.document["contract"]]
    assert {"met", "broken"} <= set(states)
    assert here.document["run"]["calls"] > 90


@pytest.mark.parametrize("where", ["local", "three hosts"])
def test_a_cluster_comes_to_the_same(here: Ended, dask: Dask, demo: Path, where: str) -> None:
    there = ended(dask.network["desk"], demo, "--dask", "local" if where == "local" else dask.address)
    assert there.document["contract"] == here.document["contract"]
    assert there.document["categories"] == here.document["categories"]
    assert there.document == here.document
    assert there.printed == here.printed
    assert not dask.lanes()


def ended(desk: Host, demo: Path, *options: str) -> Ended:
    """A run from beginning to end."""
    words = (*MAIN, "run", "--decide", "--fresh", "--json", "document.json", *options)
    run = desk.start(*words, env=QUICK, cwd=demo, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    printed, said = run.communicate()
    assert run.returncode == BROKEN, said
    document = json.loads((demo / "document.json").read_text())
    return Ended(untimed(document), " ".join(_TIMES.sub("TIME ", printed).split()))  # lines end where times let them


def untimed(value: Any) -> Any:
    """A document without what is another one each time: when, how long, and by what name."""
    if isinstance(value, list):
        return [untimed(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "latency" in str(value.get("metric")):
        return {"of": value["of"], "state": value["state"]}
    timed = {"id", "started", "wall_seconds", "seconds", "longest"}
    return {name: untimed(each) for name, each in value.items() if name not in timed}
