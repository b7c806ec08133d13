"""To a Dask scheduler and back: what is there, and whether it can carry this run out; else what is lacking."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final

from crumple.errors import CrumpleError, in_words
from crumple.execution.cluster.silence import SILENT, silent

if TYPE_CHECKING:
    from distributed import Client

LOCAL: Final = "local"
"""Instead of an address: a cluster on this machine, for this run alone."""
CONNECT_SECONDS: Final = 10.0
FORGET_SECONDS: Final = 5.0
WORKERS_SECONDS: Final = 60.0
_EXTRA: Final = 'pip install "crumple[dask]"'
_SCHEMES: Final = ("tcp://", "tls://", "ws://", "wss://", "ucx://")
_LOCAL_SETTINGS: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
"""Its processes do nothing but pass calls on: looking at them a hundred times a second takes cores from the lanes."""
_SAME: Final = ("python", "distributed", "crumple")
"""Of what the versions must be the same everywhere: pickles pass between them."""


class Connection:
    """A client of a Dask cluster.

    Attributes:
        client: Dask's.
        address: of the scheduler, or "local".
    """

    def __init__(self, address: str, *, workers: int) -> None:
        """Connect, and wait for a worker.

        Args:
            address: of the scheduler; "local": one is started here.
            workers: how many Dask workers that has then.

        Raises:
            CrumpleError: Dask is not installed, nothing answers, there are no workers, or versions differ.
        """
        try:
            import distributed  # noqa: F401
        except ImportError:
            raise CrumpleError("Dask is not installed", where="--dask", hint=f"Install it: {_EXTRA}.") from None
        self.address = address
        self._closing = ExitStack()
        self._closing.enter_context(silent())
        try:
            self.client = self._local(workers) if address == LOCAL else self._remote()
            self._await_workers()
            self._check_versions()
        except BaseException:
            self.close()
            raise

    @property
    def lost(self) -> bool:
        """Whether the scheduler cannot be reached any more."""
        return str(self.client.status) != "running"

    def threads(self) -> Mapping[str, int]:
        """Of each worker that there is now, by address, how many tasks it takes at once."""
        return {str(address): int(count) for address, count in self.client.nthreads().items()}

    def forget(self, run: str) -> None:
        """Have the workers end a run's lanes, as far as they can be reached."""
        from crumple.execution.cluster.tasks import forget

        with suppress(Exception):
            self.client.run(forget, run, on_error="ignore", callback_timeout=FORGET_SECONDS)

    def close(self) -> None:
        """Let go of the cluster; one that was started here ends."""
        self._closing.close()

    def _local(self, workers: int) -> Client:
        import dask
        from distributed import Client, LocalCluster

        self._closing.enter_context(dask.config.set(_LOCAL_SETTINGS))
        try:
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=None,
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # of its health alone; any port that is free
                silence_logs=SILENT,
                preload=["crumple.execution.cluster.apart"],
            )
        except (OSError, RuntimeError, TimeoutError) as error:
            raise CrumpleError(
                f"no Dask cluster can be started on this machine ({in_words(error)})",
                where="--dask local",
                hint="Without --dask the calls are made by this machine's own lanes.",
            ) from None
        self._closing.enter_context(cluster)
        return self._closing.enter_context(Client(cluster, set_as_default=False))

    def _remote(self) -> Client:
        from distributed import Client

        if not self.address.startswith(_SCHEMES):
            raise CrumpleError(
                f"{self.address!r} is no address of a Dask scheduler",
                where="--dask",
                hint=f"Such as tcp://scheduler:8786; or {LOCAL}, which starts a cluster here.",
            )
        try:
            client = Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise CrumpleError(
                f"no Dask scheduler answers there within {CONNECT_SECONDS:.0f} s ({in_words(error)})",
                where=f"--dask {self.address}",
                hint="Is it running, and does this machine reach it? `dask scheduler` prints its address.",
            ) from None
        return self._closing.enter_context(client)

    def _await_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            raise CrumpleError(
                f"the Dask scheduler has had no worker for {WORKERS_SECONDS:.0f} s",
                where=f"--dask {self.address}",
                hint="Start some: dask worker ADDRESS.",
            ) from None

    def _check_versions(self) -> None:
        """What must be the same here and there.

        Raises:
            CrumpleError: something is not, or is missing; the message names it and where.
        """
        found = self.client.get_versions(packages=["crumple", "distributed"])
        ours = _versions(found["client"])
        for address, each in found["workers"].items():
            theirs = _versions(each)
            for name in _SAME:
                if theirs.get(name) != ours[name]:
                    has = f"{name} {theirs[name]}" if theirs.get(name) else f"no {name}"
                    raise CrumpleError(
                        f"the Dask worker has {has}, and here it is {ours[name]}",
                        where=f"--dask {self.address}, {address}",
                        hint="Install the same on every worker: pickles pass between them.",
                    )


def _versions(found: Mapping[str, Any]) -> dict[str, str | None]:
    """The versions of `_SAME`, of Python without the last number."""
    host = {str(name): str(value) for name, value in found["host"].items()}
    packages = {str(name): value for name, value in found["packages"].items()}
    return {**packages, "python": ".".join(host["python"].split(".")[:2])}


def back_within(seconds: float, connect: Callable[[], None]) -> bool:
    """Whether a connection could be had in that time; it is tried for again and again."""
    until = time.monotonic() + seconds
    while True:
        with suppress(CrumpleError):
            connect()
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(1.0)
