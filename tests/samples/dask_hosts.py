"""A Dask cluster on hosts of a test's own, by Dask's own commands."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from hosts import Host, Network

PORT: Final = 8786
SPAWNED: Final = "multiprocessing.spawn"
"""In the command line of a process that a nanny has started."""
LANE: Final = "crumple"
"""In the command line of lanes and of workers that hold a system."""
SECONDS: Final = 90.0
"""How long anything is waited for before a test is broken."""
QUICK: Final = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "11s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Dask takes half a minute otherwise to notice that a network is gone; 11 s is the least that it allows."""


def until(true: Callable[[], Any], what: str) -> None:
    """Wait until something is true."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, f"not within {SECONDS:.0f} s: {what}"
        time.sleep(0.02)


@dataclass
class Dask:
    """A scheduler on one host, and workers on some.

    Attributes:
        network: the hosts.
        at: the name of the scheduler's host.
        workers: the names of the workers' hosts.
        folder: where what they say is written.
        running: what was started, by the host's name or "scheduler".
    """

    network: Network
    at: str
    workers: tuple[str, ...]
    folder: Path
    running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return f"tcp://{self.network[self.at].address}:{PORT}"

    def schedule(self) -> None:
        """Start the scheduler, or start it again; it is there when this returns."""
        host = self.network[self.at]
        self._start("scheduler", host, "scheduler", "--host", host.address, "--port", str(PORT), "--no-dashboard")
        until(lambda: "Scheduler at" in self.said("scheduler"), "a scheduler")

    def work(self, host: str, *options: str, before: Sequence[str] = ()) -> None:
        """Start a worker, by another command where that is to be; it joins in its own time."""
        kept = ("--no-dashboard", "--local-directory", str(self.folder))
        words = ("worker", self.address, "--nthreads", "1", *kept, *options)
        self._start(host, self.network[host], *words, before=before)

    def said(self, name: str) -> str:
        """What the last one by that name has said."""
        return (self.folder / f"{name}.log").read_text()

    def kill(self, name: str) -> None:
        """Kill -9 the scheduler, or the process on a host that makes calls; a nanny starts another one."""
        host, word = (self.at, "dask scheduler") if name == "scheduler" else (name, "dask worker")
        spawned = self.network[host].processes(SPAWNED)
        found = spawned or self.network[host].processes(word)
        assert found, f"no {name} is running"
        for each in found:
            each.kill()
        psutil.wait_procs(found)
        if not spawned:
            self.ends(name)

    def end(self, *names: str) -> None:
        """End the scheduler or workers, with their nannies."""
        for name in names:
            for each in self.network[self.at if name == "scheduler" else name].processes():
                with suppress(psutil.Error):
                    each.kill()
            self.running.pop(name).wait()

    def ends(self, *names: str) -> None:
        """Wait until they have ended by themselves, as workers do that have lost their scheduler."""
        for name in names:
            if name in self.running:
                self.running[name].wait(SECONDS)

    def joins(self, *hosts: str) -> None:
        """Wait until the workers that were last started there have told the scheduler of themselves."""
        for host in hosts:
            until(lambda host=host: "Registered to" in self.said(host), f"the worker on {host}")

    def mend(self) -> None:
        """Put every cable in, and start what has ended; everything is there when this returns."""
        for host in self.network.hosts:
            self.network.plug(host)
        if not self._runs("scheduler"):
            self.ends(*self.workers)
            self.schedule()
        for host in self.workers:
            if not self._runs(host):
                self.work(host, "--no-nanny")
        self.joins(*self.workers)

    def lanes(self) -> dict[str, int]:
        """On which workers' hosts there are processes of crumple's beside those of Dask's, and how many."""
        found = {name: len(self.network[name].processes(LANE)) for name in self.workers}
        return {name: count for name, count in found.items() if count}

    def _runs(self, name: str) -> bool:
        return name in self.running and self.running[name].poll() is None

    def _start(self, name: str, host: Host, *words: str, before: Sequence[str] = ()) -> None:
        with (self.folder / f"{name}.log").open("w") as log:
            command = (*before, sys.executable, "-m", "dask", *words)
            self.running[name] = host.start(*command, env=QUICK, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
