"""The lane's side of the protocol with a worker: frames of plain data, told from whatever else is on the pipe.

A frame is a magic word, a nonce of its worker, the lengths of header and body, a header in JSON, and the body as it
is. `worker.py` has the same in the words of the system's own interpreter.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAGIC = b"CRMP"
NONCE_BYTES = 8
_PREFIX = struct.Struct(">4s8sIQ")
_LONGEST_HEADER = 1 << 20
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class FrameTooLarge(Exception):  # noqa: N818 - a fact about a frame, not an error of ours
    """A frame says that it is larger than the limit; `size` is what its body would have had."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a worker.

    Attributes:
        header: `kind` (ready, startup_error, json, text, bytes, not_plain, raised), `id` and what the kind has besides.
        body: the answer as JSON text, UTF-8 or bytes; empty for the other kinds.
    """

    header: dict[str, Any]
    body: bytes


def pack(nonce: bytes, header: Mapping[str, Any], body_length: int) -> bytes:
    """All of a frame but its body."""
    text = _encode(header).encode("ascii") if len(header) > 1 or "id" not in header else b'{"id":%d}' % header["id"]
    return _PREFIX.pack(MAGIC, nonce, len(text), body_length) + text


class FrameReader:
    """Frames out of the bytes that come through a pipe.

    A system can write on any descriptor, so bytes that are not part of a frame are passed over and counted.

    Attributes:
        junk: how many bytes were passed over since the last `forget`.
    """

    def __init__(self, nonce: bytes, largest: int) -> None:
        """Read frames with this nonce whose bodies have at most `largest` bytes."""
        self._start = MAGIC + nonce
        self._largest = largest
        self._buffer = bytearray()
        self._head: tuple[int, int] | None = None
        self._whole: Frame | None = None
        self.junk = 0

    def feed(self, data: bytes) -> None:
        """Take what was read from the pipe."""
        if not self._buffer and self._whole is None and len(data) >= _PREFIX.size and data.startswith(self._start):
            _, _, header, body = _PREFIX.unpack_from(data)
            at = _PREFIX.size + header
            if (
                len(data) == at + body
                and body <= self._largest
                and (words := _words(data[_PREFIX.size : at])) is not None
            ):
                # Exactly one frame, as nearly always: the buffer and its copies are spared.
                self._whole = Frame(words, data[at:])
                return
        self._buffer += data

    @property
    def missing(self) -> int:
        """How many bytes the frame that has begun still lacks; 0 where none has."""
        if self._head is None:
            return 0
        return max(0, _PREFIX.size + sum(self._head) - len(self._buffer))

    def next(self) -> Frame | None:
        """The next whole frame, or None until more was fed.

        Raises:
            FrameTooLarge: a frame is larger than allowed; there is no going on after it.
        """
        if self._whole is not None:
            whole, self._whole = self._whole, None
            return whole
        buffer = self._buffer
        while buffer:
            if self._head is None and not self._begin():
                return None
            assert self._head is not None
            header, body = self._head
            end = _PREFIX.size + header + body
            if len(buffer) < end:
                return None
            # A copy of the slice, not a view: the buffer shrinks right after.
            text, content = bytes(buffer[_PREFIX.size : end - body]), bytes(buffer[end - body : end])
            self._head = None
            if (words := _words(text)) is not None:
                del buffer[:end]
                return Frame(words, content)
            self._drop(1)
        return None

    def _begin(self) -> bool:
        """Find the beginning of a frame; whether one stands at the buffer's start, with all of its prefix."""
        at = self._buffer.find(self._start)
        if at < 0:
            # The last bytes may be the first ones of a frame's beginning.
            tail = len(self._start) - 1
            self._drop(max(0, len(self._buffer) - tail))
            return False
        self._drop(at)
        if len(self._buffer) < _PREFIX.size:
            return False
        _, _, header, body = _PREFIX.unpack_from(self._buffer)
        if header > _LONGEST_HEADER or body > self._largest:
            raise FrameTooLarge(body)
        self._head = (header, body)
        return True

    def _drop(self, count: int) -> None:
        if count:
            del self._buffer[:count]
            self.junk += count


def _words(text: bytes) -> dict[str, Any] | None:
    try:
        words = _decode(text.decode("utf-8", "surrogatepass"))
    except ValueError:
        return None
    return words if isinstance(words, dict) and isinstance(words.get("kind"), str) else None
