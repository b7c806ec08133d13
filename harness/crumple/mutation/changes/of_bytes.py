"""Changes in bytes of a file that is as long as it was: ranges that differ."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from crumple.mutation.changes.told import Changes
from crumple.places import Extent

_NEAR = 8
"""Bytes that are the same between two that differ are of one change when they are fewer."""


def of_bytes(before: bytes, after: bytes) -> Changes | None:
    """The ranges of bytes that differ; None where one is longer."""
    if len(before) != len(after):
        return None
    at = np.flatnonzero(np.frombuffer(before, np.uint8) != np.frombuffer(after, np.uint8))
    apart = np.flatnonzero(np.diff(at) > _NEAR)
    starts = at[np.append(0, apart + 1)].tolist() if len(at) else []
    ends = (at[np.append(apart, len(at) - 1)] + 1).tolist() if len(at) else []
    extents = [Extent(start, end) for start, end in zip(starts, ends, strict=True)]

    def made(kept: Collection[int]) -> bytes:
        made = bytearray(before)
        for number in kept:
            start, end = starts[number], ends[number]
            made[start:end] = after[start:end]
        return bytes(made)

    return Changes([(each,) for each in extents], made)
