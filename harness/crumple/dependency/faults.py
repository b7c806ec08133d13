"""What can go wrong with a dependency, as plain descriptions, and which calls it hits. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Shape: TypeAlias = Literal["extra", "renamed", "null", "retyped"]

_FIRST = 0.75
_SECOND = 0.875


def drawn(*key: object) -> float:
    """A number in [0, 1) that depends on these words alone, on every machine."""
    digest = hashlib.blake2b(" ".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


@dataclass(frozen=True, slots=True)
class Hits:
    """Which of the calls that the system makes of its dependency, within one call of ours, are hit.

    They are known by their order, from 0, not by the time. One is hit for certain, or there would be nothing to see:
    mostly the first, at times the second or third, so that what comes after a good beginning is tried too. Each
    other one is hit with the probability of the share. A larger share hits a superset.

    Attributes:
        share: of the calls that are hit, in (0, 1].
        seed: what they are drawn from.
    """

    share: float = 1.0
    seed: int = 0

    @property
    def certain(self) -> int:
        """The call that is hit whatever the share."""
        at = drawn(self.seed, "certain")
        return 0 if at < _FIRST else 1 if at < _SECOND else 2

    def __contains__(self, number: int) -> bool:
        return self.share >= 1 or number == self.certain or drawn(self.seed, number) < self.share


EVERY = Hits()


@dataclass(frozen=True, slots=True)
class Late:
    """Every answer comes so many seconds late."""

    seconds: float
    hits: Hits = EVERY


@dataclass(frozen=True, slots=True)
class Dripped:
    """The body of an answer comes in small pieces over so many seconds."""

    seconds: float
    hits: Hits = EVERY


@dataclass(frozen=True, slots=True)
class Silent:
    """The connection stands, and no answer ever comes."""

    hits: Hits = EVERY


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection is reset before anything is answered."""

    hits: Hits = EVERY


@dataclass(frozen=True, slots=True)
class Answer:
    """What the proxy says in place of the dependency."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """The dependency is not asked; one of these answers is given instead, drawn for each call."""

    answers: tuple[Answer, ...]
    hits: Hits = EVERY

    def answer(self, number: int) -> Answer:
        """What is said to the call of this number."""
        return self.answers[int(drawn(self.hits.seed, number, "answer") * len(self.answers))]


@dataclass(frozen=True, slots=True)
class Redirected:
    """A call is sent to another address of the dependency, and on from there, before it is answered."""

    hops: int
    hits: Hits = EVERY


@dataclass(frozen=True, slots=True)
class Cut:
    """Only a share of an answer's body is sent, and then the connection is closed, or reset.

    Without a reset, a JSON value is ended as if that were all, with a length that agrees: it cannot be parsed. Any
    other body keeps the length that was announced, for it could not be told from a whole one.
    """

    left: float
    reset: bool = False
    hits: Hits = EVERY


@dataclass(frozen=True, slots=True)
class Reshaped:
    """An answer's JSON is valid, and not of the shape that was agreed.

    Attributes:
        how: what is done to its fields.
        amount: the share of the fields that it is done to; of "extra", how many are put into every object.
        hits: which calls.
    """

    how: Shape
    amount: float
    hits: Hits = EVERY


Ending: TypeAlias = Silent | Dropped | Answered
Fault: TypeAlias = Late | Dripped | Silent | Dropped | Answered | Redirected | Cut | Reshaped


def harm(fault: Fault) -> float:
    """How bad a fault is, among faults of its kind: seconds, hops, or a share; 0: it does nothing."""
    match fault:
        case Late(seconds) | Dripped(seconds):
            return seconds
        case Redirected(hops):
            return hops
        case Cut(left, reset=False):
            return 1 - left
        case Reshaped(_, amount):
            return amount
        case _:
            return fault.hits.share


def standing(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults without those that nobody could see behind another one, and those that do nothing.

    Where no call reaches the dependency, nothing can be done to its answers; and the first that ends a call is the
    one that is seen.
    """
    ending = next((at for at, each in enumerate(faults) if isinstance(each, Ending) and each.hits.share >= 1), None)
    return tuple(each for at, each in enumerate(faults) if harm(each) > 0 and not _hidden(each, at, faults, ending))


def _hidden(fault: Fault, at: int, faults: Sequence[Fault], ending: int | None) -> bool:
    if ending is None or isinstance(fault, Redirected):
        return False
    if isinstance(fault, Ending):
        return at > ending
    return not isinstance(fault, Late) or isinstance(faults[ending], Silent)


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to one call.

    Attributes:
        seconds: how long it waits for the beginning of its answer.
        hops: how often it is redirected.
        ending: what it meets instead of the dependency; None: it is forwarded.
        body: what is done to the answer's body, in order.
        drip: over how many seconds the body is sent; 0: at once.
    """

    seconds: float = 0.0
    hops: int = 0
    ending: Ending | None = None
    body: tuple[Cut | Reshaped, ...] = ()
    drip: float = 0.0

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Treatment()


def treatment(faults: Sequence[Fault], number: int) -> Treatment:
    """What these faults do to the call of this number."""
    hit = [each for each in faults if number in each.hits]
    if not hit:
        return NOTHING
    return Treatment(
        seconds=sum(each.seconds for each in hit if isinstance(each, Late)),
        hops=sum(each.hops for each in hit if isinstance(each, Redirected)),
        ending=next((each for each in hit if isinstance(each, Ending)), None),
        body=tuple(_of_body(hit)),
        drip=sum(each.seconds for each in hit if isinstance(each, Dripped)),
    )


def _of_body(hit: Sequence[Fault]) -> Iterator[Cut | Reshaped]:
    """First the shape, then the cut: what is cut cannot be parsed."""
    yield from (each for each in hit if isinstance(each, Reshaped))
    yield from sorted((each for each in hit if isinstance(each, Cut)), key=lambda each: each.left)[:1]


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of the dependency during one call of the system.

    Attributes:
        calls: how many calls of the dependency the system made.
        hit: how many of them were to meet a fault.
        touched: how many did; a body that is no JSON cannot be given another shape.
        failures: how the dependency itself failed: "502", "cannot be reached (Connection refused)"; one for each call.
    """

    calls: int = 0
    hit: int = 0
    touched: int = 0
    failures: tuple[str, ...] = ()

    @property
    def untouched(self) -> str:
        """Why a call that was to meet a fault is no test of it; "" where it met one."""
        if self.touched:
            return ""
        if not self.calls:
            return "the system did not call its dependency"
        if not self.hit:
            made = "the one call" if self.calls == 1 else f"none of the {self.calls} calls"
            return f"{made} of its dependency was {'not ' if self.calls == 1 else ''}hit; another seed may hit one"
        return "what the dependency answered cannot be damaged so"

    @property
    def failed(self) -> str:
        """How the dependency itself failed, in one line; "" where it did not."""
        if not self.failures:
            return ""
        different = dict.fromkeys(self.failures)
        said = ", ".join(list(different)[:3])
        times = f", {len(self.failures)} times" if len(self.failures) > len(different) else ""
        return f"the dependency itself failed: {said}{times}"
