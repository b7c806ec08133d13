"""Generators: one a step and page, from its seed alone."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray


class _Hashed(ISeedSequence):
    """Initial states by hashing: a third of the cost of numpy's own SeedSequence, which small documents notice."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint32) -> NDArray[np.uint32 | np.uint64]:
        """As many words of state as a bit generator asks for; at most 64 bytes."""
        kind = np.dtype(dtype)
        state = hashlib.blake2b(self._key, digest_size=n_words * kind.itemsize).digest()
        return np.frombuffer(state, dtype=kind)


def generator(seed: int, page: int = 0) -> np.random.Generator:
    """The generator that a mutator draws from: the same for the same seed and page, on every machine."""
    seeds = _Hashed(b"%d %d" % (seed, page))
    return np.random.Generator(np.random.PCG64(seeds))  # type: ignore[arg-type]  # documented, but not in its stubs
