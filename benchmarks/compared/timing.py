"""CPU time on one thread: each mutator at level 3 beside its plain counterpart and beside other libraries."""

from __future__ import annotations

import contextlib
import signal
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from benchmarks.compared import peers
from benchmarks.compared.plain import DPI, Pixels, lost_ink
from benchmarks.compared.plain_chains import PLAIN
from crumple import NotApplicable, Page
from crumple.mutation.mutator import Mutator

WIDTH, HEIGHT = 1654, 2339
LEVEL = 3.0
LONGEST = 20
"""Seconds that a peer's call may take."""

Call = Callable[[], object]


def page(*, grey: bool) -> Page:
    """A sheet full of text."""
    pixels = np.full((HEIGHT, WIDTH, 3), (250, 249, 246), np.uint8)
    for row in range(200, HEIGHT - 200, 42):
        text = f"{row} units of something at 12.50 each, delivered on 12 March"
        cv2.putText(pixels, text, (150, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 40), 2, cv2.LINE_AA)
    return Page(np.ascontiguousarray(pixels[..., 0]) if grey else pixels, (DPI, DPI))


@dataclass(slots=True)
class Row:
    """One mutator's CPU milliseconds.

    Attributes:
        name: the mutator's.
        times: (grey or RGB, plain or crumple) -> median.
        peers: library -> (what it calls the operation, milliseconds or why there are none).
    """

    name: str
    times: dict[tuple[str, str], float] = field(default_factory=dict)
    peers: dict[str, tuple[str, float | str]] = field(default_factory=dict)

    def ratio(self, colour: str) -> float | None:
        """How many times the plain operation crumple takes."""
        plain, ours = (self.times.get((colour, who)) for who in ("plain", "crumple"))
        return ours / plain if plain and ours else None


def seconds(call: Call) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def medians(calls: Sequence[Call], rounds: int) -> list[float]:
    """CPU milliseconds of calls that take turns; the first round warms up caches and allocators."""
    times = [[seconds(call) for call in calls] for _ in range(rounds + 1)]
    return [statistics.median(column) * 1000 for column in list(zip(*times[1:], strict=True))]


def degraded(mutator: Mutator, pixels: Pixels) -> Pixels:
    """A mutator on a fresh page: what is put off until somebody looks is part of the price."""
    made: Page = mutator.apply(Page(pixels, (DPI, DPI)), mutator.step(LEVEL, 1)).view
    return made.pixels


def beside_plain(mutator: Mutator, rounds: int) -> Row:
    """A mutator and its plain counterpart."""
    row = Row(mutator.name)
    plain = PLAIN.get(mutator.name)
    value = mutator.ladder.at(LEVEL) if mutator.ladder else None
    for colour in ("grey", "RGB"):
        pixels = page(grey=colour == "grey").pixels
        calls: list[Call] = [lambda pixels=pixels: degraded(mutator, pixels)]
        try:
            calls[0]()
        except NotApplicable:
            continue
        if plain is not None and "lost" in mutator.truth:
            calls.append(lambda pixels=pixels: lost_ink(pixels, plain(pixels, value)))
        elif plain is not None:
            calls.append(lambda pixels=pixels: plain(pixels, value))
        for who, taken in zip(("crumple", "plain"), medians(calls, rounds), strict=False):
            row.times[colour, who] = taken
    return row


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Peers run in a folder that is thrown away, for some write to it, and not for ever."""

    def late(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST} s")

    before = signal.signal(signal.SIGALRM, late)
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def beside_peers(row: Row, there: Sequence[str]) -> None:
    """The same operation in other libraries, on the RGB page."""
    pixels = np.array(page(grey=False).pixels)
    for library in there:
        name = peers.named(library, row.name)
        if not name:
            continue
        with limited():
            try:
                signal.alarm(3 * LONGEST)
                call = peers.peer(library, row.name)
                call(pixels)  # compiles and loads
                times = []
                for _ in range(3):
                    signal.alarm(LONGEST)
                    times.append(seconds(lambda call=call: call(pixels)))
                row.peers[library] = name, statistics.median(times) * 1000
            except Exception as error:  # noqa: BLE001 - whatever a peer raises is its entry in the table
                row.peers[library] = name, f"fails: {type(error).__name__}"
