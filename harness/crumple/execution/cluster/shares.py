"""What lanes of a cluster share, and what they cannot. Pure.

A system of which each lane has its own is not shared, and every slot of the cluster has a lane. A service bears so many
calls at a time from all lanes together: no more batches are out than there are shares, so that it never has more,
whoever joins or leaves; and a lane has at least a handful of calls, as on one machine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from crumple.errors import CrumpleError
from crumple.execution.cluster.batches import Sizes

CALLS_A_LANE: Final = 4


def check_shared(where: str, *, batch: bool, listen: str) -> None:
    """See that a system's calls can be made on many machines.

    Args:
        where: what asks for that, for the message.
        batch: whether it processes a folder of documents at once.
        listen: the address at which a proxy in front of what it calls is to listen; "": none, or one for each lane.

    Raises:
        CrumpleError: they cannot.
    """
    if batch:
        raise CrumpleError(
            "a batch is one call over a folder of this machine, which no cluster can share",
            where=where,
            hint="Leave it out, or name as [system] command what processes one document.",
        )
    if listen:
        raise CrumpleError(
            f"what the system calls is listened for at {listen}, by one lane of this machine",
            where=where,
            hint="Leave it out; or have the system told by [dependency] env where its lane listens.",
        )


def lanes_of(concurrency: int, slots: int) -> int:
    """How many lanes make calls at once.

    Args:
        concurrency: how many calls may be out at a time over all of them; 0: each has a system of its own.
        slots: how many the cluster could have.
    """
    return max(1, min(slots, -(-concurrency // CALLS_A_LANE)) if concurrency else slots)


def sizes_of(concurrency: int, slots: int, known: Sizes) -> Sizes:
    """The sizes of batches, from what has been learnt and the number of slots that there are now."""
    lanes = lanes_of(concurrency, slots)
    if not concurrency:
        return replace(known, slots=lanes)
    return replace(known, slots=lanes, at_a_time=max(1, concurrency // lanes), ahead=1)
