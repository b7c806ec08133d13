"""A profile from beginning to end: the folder's files, each measured in a process, and what they come to."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crumple.measuring import Measure
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.profile import folder as folders
from crumple.profile.findings import Measured
from crumple.profile.measures import discover
from crumple.profile.one_file import measure_file
from crumple.profile.pool import Limits, measure_all
from crumple.profile.tally import profile_of
from crumple.views.limits import limit_pixels


@dataclass(frozen=True, slots=True)
class Job:
    """What a process that measures is told.

    Attributes:
        folder: absolute.
        ladders: of the mutators that are measured.
        pixels: how many of one document are unpacked at most.
    """

    folder: Path
    ladders: Mapping[str, Ladder]
    pixels: int


def measuring(job: Job) -> Callable[[str], Measured]:
    """What measures one path, made in the process that does it."""
    import logging

    logging.disable(logging.CRITICAL)  # readers' complaints of damage are no news here
    limit_pixels(job.pixels)
    measures = discover()
    if opencv := sys.modules.get("cv2"):
        opencv.setNumThreads(1)  # there are as many processes as cores
    return functools.partial(measure_file, job.folder, measures=measures, ladders=job.ladders)


def profile(
    folder: Path,
    registry: Registry,
    *,
    pixels: int,
    sample: int | None = None,
    seed: int = 0,
    workers: int = 1,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] = lambda done, planned: None,
) -> dict[str, Any]:
    """Measure a folder's files and add up what they show.

    Args:
        folder: of real files.
        registry: the mutators that there are.
        pixels: how many pixels of one document are unpacked at most.
        sample: how many files to draw; None: all.
        seed: of the draw.
        workers: how many processes.
        limits: what one file may take.
        progress: called with how many files are done, and of how many.

    Raises:
        CrumpleError: there is no such folder, or a plugin's measures are not sound.
    """
    measures = discover()
    mutators = {each.name: each for each in registry if not each.control}
    listing = folders.listed(folder)
    chosen = folders.sampled(listing.files, sample, seed)
    job = Job(folder.absolute(), _ladders(measures, mutators), pixels)
    found: list[Measured] = list(listing.closed)
    progress(0, len(chosen))
    for each in measure_all(chosen, measuring, job, workers=workers, limits=limits):
        found.append(each)
        progress(len(found) - len(listing.closed), len(chosen))
    about = {
        "folder": folder.name or str(folder),
        "there": len(listing.files),
        "drawn": len(chosen),
        "hidden": listing.hidden,
        "seed": seed,
    }
    return profile_of(found, measures, mutators, about)


def _ladders(measures: tuple[Measure, ...], mutators: Mapping[str, Mutator]) -> dict[str, Ladder]:
    named = (mutators.get(each.of) for each in measures)
    return {each.name: each.ladder for each in named if each is not None and each.ladder is not None}
