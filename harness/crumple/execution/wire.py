"""What travels between a lane and its parent: plain tuples, pickled, with their length before them, over a socket.

Pickling the dataclasses themselves takes longer than a fast system's call.
"""

from __future__ import annotations

import contextlib
import pickle
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 20

Wire: TypeAlias = tuple[Any, ...]


def work_to_wire(work: Work) -> Wire:
    """A call to make, as plain data."""
    return (
        work.id,
        work.case,
        _steps(work.recipe),
        work.key,
        work.round,
        work.level,
        work.mutator,
        work.pass_mark,
        work.known_wrong or None,
        work.stand_in,
        work.unstable,
        work.fitting,
        work.counts,
    )


def _steps(recipe: Recipe) -> tuple[Wire, ...]:
    return tuple((step.mutator, step.parameters, step.seed, step.part, step.only) for step in recipe.steps)


def _recipe(steps: Sequence[Wire]) -> Recipe:
    return Recipe(tuple(Step(*step) for step in steps))


def work_from_wire(wire: Wire) -> Work:
    """The call that `work_to_wire` was given."""
    number, case, steps, key, round_, level, mutator, pass_mark, known_wrong, stand_in, unstable, fitting, counts = wire
    return Work(
        id=number,
        case=case,
        recipe=_recipe(steps),
        key=key,
        round=round_,
        level=level,
        mutator=mutator,
        pass_mark=pass_mark,
        known_wrong=known_wrong or frozenset(),
        stand_in=stand_in,
        unstable=unstable,
        fitting=fitting,
        counts=counts,
    )


def result_to_wire(result: Result) -> Wire:
    """A result as plain data; its work only by number, the parent has it, and where it was fitted by its recipe."""
    verdict = result.verdict
    return (
        result.work.id,
        None
        if verdict is None
        else (
            str(verdict.outcome),
            verdict.failure,
            verdict.score,
            verdict.wrong,
            verdict.abstained,
            verdict.fingerprint,
            dict(verdict.figures),
            verdict.labels,
        ),
        result.skipped,
        result.cause,
        result.detail,
        result.expected,
        result.answer,
        result.seconds,
        result.digest,
        result.value,
        result.cost,
        result.attempts,
        result.changes,
        _steps(result.work.recipe) if result.work.fitting else None,
    )


def result_from_wire(wire: Wire, works: Mapping[int, Work]) -> Result:
    """The result that `result_to_wire` was given."""
    number, verdict, skipped, *rest, steps = wire
    judged = None if verdict is None else Verdict(_OUTCOMES[verdict[0]], *verdict[1:])
    work = works[number]
    if steps is not None:
        work = replace(work, recipe=_recipe(steps))
    return Result(work, judged, skipped, *rest)


_OUTCOMES = {str(each): each for each in Outcome}


class Channel:
    """One end of a socket that messages go through, never waiting.

    Attributes:
        ended: the other end has hung up.
    """

    def __init__(self, end: socket.socket) -> None:
        """Take over the socket."""
        self._socket = end
        self._socket.setblocking(False)
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self.ended = False

    def fileno(self) -> int:
        """The socket's descriptor, to wait on."""
        return self._socket.fileno()

    @property
    def unsent(self) -> bool:
        """Whether something waits to be written."""
        return bool(self._outgoing)

    def put(self, message: object) -> None:
        """Send a message, now or by later calls of `flush`."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._outgoing += _LENGTH.pack(len(data)) + data
        self.flush()

    def flush(self) -> None:
        """Write what the socket takes."""
        try:
            while self._outgoing and not self.ended:
                sent = self._socket.send(memoryview(self._outgoing)[:_CHUNK])
                del self._outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True

    def take(self) -> list[Any]:
        """The messages that have arrived whole."""
        try:
            while data := self._socket.recv(_CHUNK):
                self._incoming += data
            self.ended = True
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True
        messages = []
        while len(self._incoming) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._incoming)[0]
            if len(self._incoming) < end:
                break
            # The other end is a process that this one has started, or was started by.
            messages.append(pickle.loads(bytes(self._incoming[_LENGTH.size : end])))  # noqa: S301
            del self._incoming[:end]
        return messages

    def hang_up(self) -> None:
        """Close both directions, whoever else holds the descriptor."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.ended = True
