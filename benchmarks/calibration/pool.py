"""The processes that measure, each with the sheets, the mutators and an engine of its own."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path

import cv2

from benchmarks.calibration.engines import EngineName
from benchmarks.calibration.measure import Measurement, measure
from benchmarks.calibration.readings import Readings
from benchmarks.calibration.sheets import Sheet, sheets
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: the first so many sheets, so many seeds a sheet, and which levels."""

    sheets: int
    seeds: int
    levels: tuple[float, ...]


class _Bench:
    """What one process needs to measure; there is one a process."""

    def __init__(self, engine: EngineName, kept: Path, count: int) -> None:
        # The parent ends the run; a reading that has begun is worth finishing.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cv2.setNumThreads(1)
        self.engine, self.readings = engine, Readings(kept)
        self.mutators = discover().mutators
        self.sheets: Sequence[Sheet] = sheets(count)

    def measure(self, name: str, level: float, sheet: int, seeds: int) -> list[Measurement]:
        """Every seed of one sheet at one level; no two sheets share a seed, and fewer seeds are the first of more."""
        mutator = self.mutators[name] if name else None
        first = 1 + sheet * _MOST_SEEDS
        engine = self.engine.start()
        return [
            measure(mutator, level, self.sheets[sheet], seed, engine, self.readings)
            for seed in range(first, first + (seeds if name else 1))
        ]


_MOST_SEEDS = 1000
_bench: _Bench | None = None


def _prepare(engine: EngineName, kept: Path, count: int) -> None:
    global _bench  # noqa: PLW0603 - a pool's processes have no other place for it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bench = _Bench(engine, kept, count)


def _end_with_parent() -> None:
    """A parent that is killed cannot end its pool, and the pool would wait for work for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _measure(name: str, level: float, sheet: int, seeds: int) -> list[Measurement]:
    assert _bench is not None
    return _bench.measure(name, level, sheet, seeds)


def gathered(
    mutators: Sequence[Mutator], extent: Extent, engine: EngineName, jobs: int, kept: Path
) -> Iterator[tuple[Mutator | None, list[Measurement] | Exception]]:
    """The clean sheets' measurements, then one mutator's after the other, or what came of it instead."""
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_prepare, initargs=(engine, kept, extent.sheets)
    )
    try:
        waiting: list[tuple[Mutator | None, list[Future[list[Measurement]]]]] = []
        for mutator in (None, *mutators):
            name, levels = (mutator.name, _levels(mutator, extent)) if mutator else ("", (0.0,))
            tasks = itertools.product(range(extent.sheets), levels)
            futures = [pool.submit(_measure, name, level, sheet, extent.seeds) for sheet, level in tasks]
            waiting.append((mutator, futures))
        for mutator, futures in waiting:
            try:
                yield mutator, [each for future in futures for each in future.result()]
            except BrokenExecutor:
                raise
            except Exception as error:  # noqa: BLE001 - a mutator that is broken must not end an hour of measuring
                yield mutator, error
    finally:
        pool.shutdown(cancel_futures=True)


def _levels(mutator: Mutator, extent: Extent) -> tuple[float, ...]:
    return extent.levels if mutator.ladder else (mutator.level,)
