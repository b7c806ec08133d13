"""Any adapter, with a proxy in front of what its system calls: faults are set before a call, and taken away after it.

Calls then go one at a time: what the dependency is asked meanwhile belongs to the one that is out.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from crumple.adapters import Adapter, OpenAdapter, Prepared, Request, System
from crumple.dependency.faults import Fault, Observed
from crumple.dependency.front import CALLS, Front
from crumple.errors import CrumpleError
from crumple.outcome import Reply

if TYPE_CHECKING:
    from crumple.dependency.proxy import Proxy


@runtime_checkable
class Settling(Protocol):
    """An adapter whose system is loaded before it is called, and may call its dependency while it is."""

    def settle(self) -> None:
        """Have the system loaded for the next call, so that nothing of that falls into the call.

        Raises:
            CrumpleError: it cannot be.
        """


def check(front: Front, system: System, kind: str) -> None:
    """Reject a dependency that the system cannot be told about.

    Args:
        front: the dependency.
        system: what calls it.
        kind: the key that names the system: "call", "url".

    Raises:
        CrumpleError: with what to do.
    """
    if kind == "batch":
        raise CrumpleError(
            "a batch goes through the system as a whole, and no call can have faults of its own",
            where="[dependency]",
            hint="Leave it out, or have the system called one document at a time.",
        )
    if front.env and not _has_environment(system):
        raise CrumpleError(
            f"{kind} names a system that runs already, and has no environment to set {front.env} in",
            where="[dependency] env",
            hint='Configure the system to call the proxy, and say where it listens: listen = "127.0.0.1:8089".',
        )


def _has_environment(system: System) -> bool:
    return dataclasses.is_dataclass(system) and any(each.name == "env" for each in dataclasses.fields(system))


def adapter_behind(front: Front | None, system: System, scratch: Path) -> Adapter | OpenAdapter:
    """The adapter of a system for one lane, with a proxy of its own where there is a dependency.

    Raises:
        CrumpleError: the proxy cannot listen.
    """
    if front is None:
        return system.adapter(scratch)
    from crumple.dependency.proxy import Proxy  # heavy, and not needed by most

    proxy = Proxy(front)
    proxy.start()
    inner = _led(system, front, proxy).adapter(scratch)
    return FrontedOpenAdapter(inner, proxy) if isinstance(inner, OpenAdapter) else FrontedAdapter(inner, proxy)


def _led(system: Any, front: Front, proxy: Proxy) -> System:
    """The system with the proxy's URL in its environment, and without a spare that would load during a call."""
    changed: dict[str, Any] = {}
    if front.env:
        changed["env"] = {**system.env, **front.environment(proxy.port, {**os.environ, **system.env})}
    if hasattr(system, "limits"):
        changed["limits"] = replace(system.limits, spare=0)
    found: System = replace(system, **changed)
    return found


def _prepared(prepared: Prepared, request: Request) -> Prepared:
    return Prepared((prepared, request.faults), prepared.form)


def _with(reply: Reply, faults: tuple[Fault, ...], seen: Observed) -> Reply:
    """A reply with what was seen of the dependency meanwhile."""
    return replace(
        reply,
        figures={**reply.figures, CALLS: float(seen.calls)},
        no_test=seen.untouched if faults else "",
        excuse=seen.failed,
    )


class _Fronted:
    """What both kinds of adapter behind a proxy have in common."""

    def __init__(self, inner: Any, proxy: Proxy) -> None:
        """Take over an adapter, and a proxy that listens."""
        self._inner = inner
        self._proxy = proxy

    def start(self) -> None:
        """Make the system ready.

        Raises:
            CrumpleError: it cannot be.
        """
        self._inner.start()

    def prepare(self, request: Request) -> Prepared:
        """Put a request into the system's form, and its faults beside it.

        Raises:
            NotApplicable: the document cannot be given so.
        """
        return _prepared(self._inner.prepare(request), request)

    def _begin(self, prepared: Prepared) -> None:
        inner, faults = prepared.message
        if isinstance(self._inner, Settling):
            with contextlib.suppress(CrumpleError):  # the call itself says so
                self._inner.settle()
        self._proxy.begin(faults)
        self._inner.send(inner)

    def close(self) -> None:
        """End the system, and then the proxy."""
        self._inner.close()
        self._proxy.close()


class FrontedAdapter(_Fronted):
    """An adapter that makes one call at a time; what is sent ahead waits."""

    def __init__(self, inner: Adapter, proxy: Proxy) -> None:
        """Take over an adapter, and a proxy that listens."""
        super().__init__(inner, proxy)
        self._waiting: deque[Prepared] = deque()

    def send(self, prepared: Prepared) -> None:
        """Begin a call, or put it behind the one that is out."""
        self._waiting.append(prepared)
        if len(self._waiting) == 1:
            self._begin(prepared)

    def receive(self) -> Reply:
        """Wait for the reply to the call that is out, and begin the one behind it."""
        reply: Reply = self._inner.receive()
        seen = self._proxy.end()
        _, faults = self._waiting.popleft().message
        if self._waiting:
            self._begin(self._waiting[0])
        return _with(reply, faults, seen)


class FrontedOpenAdapter(_Fronted):
    """An adapter of a service, of which one call is out at a time."""

    def __init__(self, inner: OpenAdapter, proxy: Proxy) -> None:
        """Take over an adapter, and a proxy that listens."""
        super().__init__(inner, proxy)
        self._out: Prepared | None = None

    @property
    def room(self) -> int:
        """One, where nothing is out and the service bears a call."""
        return 0 if self._out is not None else min(1, self._inner.room)

    def send(self, prepared: Prepared) -> None:
        """Begin a call."""
        self._out = prepared
        self._begin(prepared)

    def arrived(self, timeout: float) -> list[tuple[Prepared, Reply]]:
        """The reply to the call that is out, once it is there.

        Args:
            timeout: seconds to wait for it at the most.
        """
        found = self._inner.arrived(timeout)
        sent, self._out = (self._out, None) if found else (None, self._out)
        if sent is None:
            return []
        seen = self._proxy.end()
        _, faults = sent.message
        return [(sent, _with(found[0][1], faults, seen))]
