"""To a Dask scheduler and back: what is there, and whether it can carry this run out; else what is lacking."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final

from crumple.errors import CrumpleError, in_words
from crumple.execution.cluster.address import CONNECT_SECONDS, LOCAL, UnreachableError, check_answers, unreachable
from crumple.execution.cluster.apart import shielded
from crumple.execution.cluster.silence import SILENT, silence, silent
from crumple.undisturbed import undisturbed

if TYPE_CHECKING:
    from distributed import Client

FORGET_SECONDS: Final = 5.0
PATIENCE: Final = 60.0
"""How long a scheduler that is gone is waited for, or a worker where there is none."""
_EXTRA: Final = 'pip install "crumple[dask]"'
_SETTINGS: Final = {"distributed.admin.low-level-log-length": 10}
"""Dask keeps the last thousand messages of each connection, with the batches in them, for whoever debugs Dask."""
_LOCAL_SETTINGS: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
"""Its processes do nothing but pass calls on: looking at them a hundred times a second takes cores from the lanes."""
_PACKAGES: Final = ("distributed", "crumple")
_SAME: Final = ("python", *_PACKAGES)
"""Of what the versions must be the same everywhere: pickles pass between them."""


class Connection:
    """A client of a Dask cluster.

    Attributes:
        client: Dask's.
        address: of the scheduler, or "local".
    """

    def __init__(self, address: str, *, workers: int, patience: float = PATIENCE) -> None:
        """Connect, and wait for a worker.

        Args:
            address: of the scheduler; "local": one is started here.
            workers: how many Dask workers that has then.
            patience: for how many seconds a worker is waited for.

        Raises:
            UnreachableError: nothing answers.
            CrumpleError: Dask is not installed, or there are no workers.
        """
        _check_installed()
        import dask

        self.address, self._patience = address, patience
        self._broken = False
        self._closing = ExitStack()
        self._closing.enter_context(silent())
        self._closing.enter_context(dask.config.set(_SETTINGS))
        try:
            self.client = self._local(workers) if address == LOCAL else self._remote()
            self._await_workers()
        except BaseException:
            self._let_go()
            raise

    @property
    def lost(self) -> bool:
        """Whether the scheduler cannot be reached any more."""
        return self._broken or str(self.client.status) != "running"

    def threads(self) -> Mapping[str, int]:
        """Of each worker that there is now, by address, how many tasks it takes at once; none where it is `lost`."""
        found = self._asked("ncores", workers=None) or {}
        return {str(address): int(count) for address, count in found.items()}

    def fetched(self, keys: Iterable[str]) -> Mapping[str, Any]:
        """What finished tasks have come to, by key; without what went with its worker, and nothing where it is `lost`.

        Dask's own gather would wait until that has been made again, however long there is nobody who could.
        """
        wanted = set(keys)
        while wanted and (found := self._asked("gather", keys=sorted(wanted))):
            if found["status"] == "OK":
                data: Mapping[str, Any] = found["data"]
                return data
            wanted -= set(found["keys"])
        return {}

    def misfits(self, workers: Iterable[str]) -> Mapping[str, str]:
        """Of each of these that has another version than here of what must be the same, by address: which."""
        from distributed.versions import get_versions

        asked = {"op": "versions", "packages": _PACKAGES}
        found = self._asked("broadcast", msg=asked, workers=sorted(workers), on_error="ignore") or {}
        ours = _versions(get_versions(_PACKAGES))
        every = {str(address): _other(_versions(each), ours) for address, each in found.items()}
        return {address: other for address, other in every.items() if other}

    def forget(self, run: str) -> None:
        """Have the workers end a run's lanes, as far as they can be reached."""
        from crumple.execution.cluster.tasks import forget

        with suppress(Exception):
            self.client.run(forget, run, on_error="ignore", callback_timeout=FORGET_SECONDS)

    def close(self) -> None:
        """Let go of the cluster; one that was started here ends."""
        if self.lost:
            self._let_go()
            silence()  # Dask still looks for it in the background
        else:
            self._closing.close()

    def _let_go(self) -> None:
        with suppress(Exception):  # whatever Dask has to say of what is not there any more
            self._closing.close()

    def _asked(self, what: str, **more: Any) -> Any:
        """What the scheduler answers; None: it does not, and the cluster is `lost`."""
        if self.lost:
            return None
        try:
            return self.client.sync(getattr(self.client.scheduler, what), **more)
        except (OSError, RuntimeError):  # no answer, or the client has ended for want of one
            self._broken = True
            return None

    def _local(self, workers: int) -> Client:
        import dask
        from distributed import Client, LocalCluster
        from distributed.gc import disable_gc_diagnosis

        self._closing.enter_context(dask.config.set(_LOCAL_SETTINGS))
        try:
            with undisturbed(), shielded():  # one that is half there cannot be ended
                cluster = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=None,
                    dashboard_address=None,
                    scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # of its health alone; any that is free
                    silence_logs=SILENT,
                    preload=["crumple.execution.cluster.apart"],
                )
                self._closing.enter_context(cluster)
                # It is called within this process' garbage collections, and Ctrl-C that comes then would be lost.
                disable_gc_diagnosis(force=True)
        except (OSError, RuntimeError, TimeoutError) as error:
            raise CrumpleError(
                f"no Dask cluster can be started on this machine ({in_words(error)})",
                where="Dask on this machine",
                hint="Without --dask the calls are made by this machine's own lanes.",
            ) from None
        return self._closing.enter_context(Client(cluster, set_as_default=False))

    def _remote(self) -> Client:
        from distributed import Client

        check_answers(self.address)
        try:
            client = Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise unreachable(self.address, error) from None
        return self._closing.enter_context(client)

    def _await_workers(self) -> None:
        from distributed.exceptions import WorkerStartTimeoutError

        try:
            self.client.wait_for_workers(1, timeout=self._patience)
        except WorkerStartTimeoutError:
            raise CrumpleError(
                f"the Dask scheduler has had no worker for {self._patience:.0f} s",
                where=f"Dask at {self.address}",
                hint="Start some: dask worker ADDRESS.",
            ) from None
        except (OSError, RuntimeError) as error:
            raise unreachable(self.address, error) from None


def check(address: str, patience: float) -> None:
    """See that a cluster can carry calls out, and let go of it again; of one that would be started here, that it can.

    Raises:
        CrumpleError: as of `Connection`, or versions differ.
    """
    if address == LOCAL:
        _check_installed()
        return
    connection = Connection(address, workers=0, patience=patience)
    misfits = connection.misfits(connection.threads())
    connection.close()
    for worker, other in misfits.items():
        raise CrumpleError(f"Dask worker {worker}: {other}", where=f"Dask at {address}")


def _check_installed() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise CrumpleError("Dask is not installed", where="--dask", hint=f"Install it: {_EXTRA}.") from None
    except ValueError as error:  # it reads its configuration with that
        raise CrumpleError(
            f"Dask cannot read its configuration ({in_words(error)})",
            where="--dask",
            hint="Mend the file, or have DASK_CONFIG name another one.",
        ) from None


def _versions(found: Mapping[str, Any]) -> dict[str, str | None]:
    """The versions of `_SAME`, of Python without the last number."""
    host = {str(name): str(value) for name, value in found["host"].items()}
    packages = {str(name): value for name, value in found["packages"].items()}
    return {**packages, "python": ".".join(host["python"].split(".")[:2])}


def _other(theirs: Mapping[str, str | None], ours: Mapping[str, str | None]) -> str:
    """What of `_SAME` is another version there, in words; "": nothing."""
    for name in _SAME:
        if theirs.get(name) != ours[name]:
            has = f"{name} {theirs[name]}" if theirs.get(name) else f"no {name}"
            return f"it has {has}, and here it is {ours[name]}: install the same, for pickles pass between them"
    return ""


def back_within(seconds: float, connect: Callable[[], None]) -> bool:
    """Whether a scheduler answers in that time; it is tried for again and again.

    Raises:
        CrumpleError: one answers, and the run cannot go on with it.
    """
    until = time.monotonic() + seconds
    while True:
        with suppress(UnreachableError):
            connect()
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(1.0)
