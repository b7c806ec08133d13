"""Whether an address is one of a Dask scheduler, and whether one answers there."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from crumple.errors import CrumpleError, in_words

CONNECT_SECONDS: Final = 10.0
LOCAL: Final = "local"
"""Instead of an address: a cluster on this machine, for this run alone."""
_FORM: Final = re.compile(r"(?:tcp|tls|ws|wss|ucx|ucxx)://(?:\[[^\s/@\[\]]+\]|[^\s/:@\[\]]+):(\d{1,5})")
_ENCRYPTED: Final = ("tls://", "wss://")
_MOST: Final = 65535


class UnreachableError(CrumpleError):
    """No scheduler answers."""


def check_form(address: str, where: str) -> None:
    """See that it is the address of a Dask scheduler, or "local", as far as can be seen from here.

    Args:
        address: as it was written.
        where: that was, for the message.

    Raises:
        CrumpleError: it is not.
    """
    if address == LOCAL:
        return
    found = _FORM.fullmatch(address)
    if found is None or not 0 < int(found[1]) <= _MOST:
        raise CrumpleError(
            f"{address!r} is no address of a Dask scheduler",
            where=where,
            hint="It names a protocol, a host and a port: tcp://scheduler:8786, as `dask scheduler` prints it. "
            "Or local, which starts a cluster here.",
        )


def check_answers(address: str) -> None:
    """Ask who is there; a client of Dask's own would wait for ever where somebody else is.

    Raises:
        UnreachableError: nobody answers, or nobody who knows Dask's ways.
        CrumpleError: what answers is something else of Dask's, or there are no certificates to show it.
    """
    shown = _shown(address)
    try:
        # In a thread of its own: whoever calls may be in a loop already, as in a notebook.
        with ThreadPoolExecutor(1) as aside:
            kind = aside.submit(_asked, address, shown).result()
    except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
        raise unreachable(address, error) from None
    if kind != "Scheduler":
        raise CrumpleError(
            f"that is a Dask {kind.lower()}, and no scheduler",
            where=f"Dask at {address}",
            hint="`dask scheduler` prints its address, and workers print whom they are registered with.",
        )


def unreachable(address: str, error: BaseException) -> UnreachableError:
    """The error that nobody answers is."""
    said = f" ({in_words(error)})" if str(error) else f" within {CONNECT_SECONDS:.0f} s"
    return UnreachableError(
        f"no Dask scheduler answers there{said}",
        where=f"Dask at {address}",
        hint="Is it running, does this machine reach it, and is it tcp:// or tls:// there? "
        "`dask scheduler` prints its address.",
    )


def _shown(address: str) -> dict[str, Any]:
    """How to connect by Dask's configuration, with the certificates that are to be shown.

    Raises:
        CrumpleError: there are none where some are needed, or they cannot be read.
    """
    from distributed import Security

    security = Security()
    try:
        shown: dict[str, Any] = security.get_connection_args("client")
    except (OSError, ValueError, TypeError) as error:
        named = (security.tls_ca_file, security.tls_client_cert, security.tls_client_key)
        gone = [each for each in named if each and "\n" not in each and not Path(each).is_file()]
        said = f"not there: {', '.join(gone)}" if gone else in_words(error)
        raise _uncertified(address, f"cannot use the certificates that it is to show ({said})") from None
    if address.startswith(_ENCRYPTED) and shown.get("ssl_context") is None:
        raise _uncertified(address, "has no certificates to show there")
    return shown


def _uncertified(address: str, what: str) -> CrumpleError:
    return CrumpleError(
        f"Dask {what}",
        where=f"Dask at {address}",
        hint="Name them in Dask's configuration, distributed.comm.tls; docs/scale.md has an example.",
    )


def _asked(address: str, shown: dict[str, Any]) -> str:
    return asyncio.run(asyncio.wait_for(_kind(address, shown), CONNECT_SECONDS + 1))


async def _kind(address: str, shown: dict[str, Any]) -> str:
    """What answers calls itself."""
    from distributed.core import connect

    comm = await connect(address, timeout=CONNECT_SECONDS, **shown)
    try:
        await comm.write({"op": "identity", "reply": True})
        answer = await comm.read()
        return str(answer["type"]) if isinstance(answer, dict) and "type" in answer else "process of some kind"
    finally:
        comm.abort()
