"""What travels to a Dask worker and back: bytes, which Dask hands on as they are."""

from __future__ import annotations

import pickle
import zlib
from typing import Any, Final

_QUICKLY: Final = 1


def packed(content: Any) -> bytes:
    """Plain data as bytes; of calls and results, which repeat each other's words, about a fifth remains."""
    return zlib.compress(pickle.dumps(content, pickle.HIGHEST_PROTOCOL), _QUICKLY)


def unpacked(data: bytes) -> Any:
    """What `packed` was given."""
    return pickle.loads(zlib.decompress(data))  # noqa: S301 - from the other end of this very run
