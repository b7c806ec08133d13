"""Whether a Dask scheduler answers at an address."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from crumple.errors import CrumpleError, in_words

CONNECT_SECONDS: Final = 10.0
_SCHEMES: Final = ("tcp://", "tls://", "ws://", "wss://", "ucx://")


class UnreachableError(CrumpleError):
    """No scheduler answers."""


def check_answers(address: str) -> None:
    """Ask who is there; a client of Dask's own would wait for ever where somebody else is.

    Raises:
        UnreachableError: nobody answers, or nobody who knows Dask's ways.
        CrumpleError: it is no address, or that of something else of Dask's.
    """
    if not address.startswith(_SCHEMES):
        raise CrumpleError(
            f"{address!r} is no address of a Dask scheduler",
            where="--dask",
            hint="Such as tcp://scheduler:8786; or local, which starts a cluster here.",
        )
    try:
        # In a thread of its own: whoever calls may be in a loop already, as in a notebook.
        with ThreadPoolExecutor(1) as aside:
            kind = aside.submit(_asked, address).result()
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise unreachable(address, error) from None
    except TypeError as error:  # there is nothing to encrypt with
        raise CrumpleError(
            f"Dask has no certificates to show there ({in_words(error)})",
            where=f"--dask {address}",
            hint="Name them in Dask's configuration, distributed.comm.tls; docs/scale.md has an example.",
        ) from None
    if kind != "Scheduler":
        raise CrumpleError(
            f"that is a Dask {kind.lower()}, and no scheduler",
            where=f"--dask {address}",
            hint="`dask scheduler` prints its address, and workers print whom they are registered with.",
        )


def unreachable(address: str, error: BaseException) -> UnreachableError:
    """The error that nobody answers is."""
    said = f" ({in_words(error)})" if str(error) else ""
    return UnreachableError(
        f"no Dask scheduler answers there within {CONNECT_SECONDS:.0f} s{said}",
        where=f"--dask {address}",
        hint="Is it running, and does this machine reach it? `dask scheduler` prints its address.",
    )


def _asked(address: str) -> str:
    return asyncio.run(asyncio.wait_for(_kind(address), CONNECT_SECONDS + 1))


async def _kind(address: str) -> str:
    """What answers calls itself."""
    from distributed import Security
    from distributed.core import connect

    arguments: dict[str, Any] = Security().get_connection_args("client")
    comm = await connect(address, timeout=CONNECT_SECONDS, **arguments)
    try:
        await comm.write({"op": "identity", "reply": True})
        answer = await comm.read()
        return str(answer["type"]) if isinstance(answer, dict) and "type" in answer else "process of some kind"
    finally:
        comm.abort()
