"""The body of an answer as it comes: decoded, and not beyond what it may have. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from crumple.adapters.service.exchange import Fate, Heard
from crumple.workers.limits import in_bytes


class Body:
    """Takes in an answer piece by piece; says when it is no use to read on."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._chunks: list[bytes] = []
        self._size = 0
        self._decoder: Any = None
        self._fault: Heard | None = None

    def __len__(self) -> int:
        return self._size

    def begun(self, headers: Mapping[str, str]) -> bool:
        """Look at the headers; whether it is worth while to read."""
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"gzip", "x-gzip", "deflate"}:
            self._decoder = zlib.decompressobj(47)
        elif encoding not in {"", "identity"}:
            what = f"the answer is encoded as {encoding[:40]!r}, which was not asked for"
            return self._ends(Heard(Fate.NONSENSE, cause=what, kind="unknown encoding"))
        declared = headers.get("content-length", "")
        if declared.isdigit() and len(declared) < 19 and int(declared) > self._largest and self._decoder is None:
            return self._ends(_too_large(int(declared), self._largest))
        return True

    def add(self, chunk: bytes) -> bool:
        """Take in what has come; whether to read on."""
        if self._decoder is not None:
            try:
                # One byte more than there may be, so that a small bomb is not unpacked whole.
                chunk = self._decoder.decompress(chunk, self._largest - self._size + 1)
            except zlib.error:
                what = "the answer says that it is compressed, and cannot be decompressed"
                return self._ends(Heard(Fate.NONSENSE, cause=what, kind="unreadable compression"))
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > self._largest:
            return self._ends(_too_large(0, self._largest))
        return True

    def heard(self) -> Heard:
        """What has come, after the last of it."""
        if self._fault is None and self._decoder is not None and self._size and not self._decoder.eof:
            self._fault = cut_short(self._size)
        if self._fault is not None:
            return self._fault
        return Heard(Fate.ANSWERED, body=b"".join(self._chunks))

    def _ends(self, fault: Heard) -> bool:
        self._fault = fault
        return False


def cut_short(size: int) -> Heard:
    """An answer of which so many bytes came, and no end."""
    return Heard(Fate.CUT, cause=f"answer cut short after {in_bytes(size)}", kind="answer cut short")


def _too_large(declared: int, largest: int) -> Heard:
    what = f"an answer of {in_bytes(declared)}, " if declared else "an answer "
    return Heard(Fate.TOO_LARGE, cause=f"{what}over {in_bytes(largest)}", kind="output limit")
