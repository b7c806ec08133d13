"""What degrading and judging cost by the kind of document: every mutator that acts on it, each document met once."""

from __future__ import annotations

import gc
import json
import statistics
from dataclasses import dataclass
from pathlib import Path

from benchmarks.costs.samples import spec, works, written
from benchmarks.costs.timing import below, own
from crumple.execution.calls import Attempt, Calls
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.outcome import Ending, Reply
from crumple.result import Work
from crumple.truth import Json

WARM = 3
"""One in so many calls goes before those that are measured: until then modules are loaded."""


@dataclass(frozen=True)
class Kind:
    """What a call takes with documents of one kind.

    Attributes:
        kind: of the documents.
        size: bytes of the clean one, the mean.
        degraded: bytes of the degraded one, the mean.
        degrade: CPU milliseconds: it is read, opened, degraded, written, and what becomes of the truth is followed.
        judge: CPU milliseconds.
        whole: CPU milliseconds of all that is done for a call: by the process that hands it out, lane and worker.
        skipped: how many tries in a hundred came to nothing, because the mutator found nothing to act on.
        calls: how many were measured.
    """

    kind: str
    size: float
    degraded: float
    degrade: float
    judge: float
    whole: float
    skipped: float
    calls: int


def measured(root: Path, kind: str, count: int) -> Kind:
    """Once in this process, step by step, and once in a lane; what skipped tries take is in what calls take."""
    root.mkdir()
    corpus = written(root, kind, count + count // WARM)
    described, planned = spec(root, corpus, kind), works(corpus, kind)
    answers = json.loads((root / "answers.json").read_text("utf-8"))
    first, planned = planned[:-count], planned[-count:]
    degrading, judging, sizes = _in_steps(root, described, first, planned, answers)
    whole = _in_a_lane(described, first, planned)
    made = len(sizes)
    clean = statistics.fmean(len(corpus.load(each).document.data) for each in corpus.names)
    each = 1e3 / made
    return Kind(
        kind,
        clean,
        statistics.fmean(sizes),
        degrading * each,
        judging * each,
        whole * each,
        100 * (1 - made / len(planned)),
        made,
    )


def _in_steps(
    root: Path, described: LaneSpec, first: list[Work], planned: list[Work], answers: dict[str, Json]
) -> tuple[float, float, list[int]]:
    """CPU seconds of degrading and of judging, and the sizes of what was made."""
    import cv2

    cv2.setNumThreads(1)  # this and what follows as in a lane
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    calls = Calls(described, described.system.adapter(root))
    degrading = judging = 0.0
    sizes = []
    for work in first:
        calls.prepare(work)
    for work in planned:
        began = own()
        attempt = calls.prepare(work)
        degrading += own() - began
        if not isinstance(attempt, Attempt):
            continue
        sizes.append(len(attempt.degradation.document.data))
        began = own()
        calls.conclude(attempt, Reply(Ending.ANSWERED, answers[work.case]))
        judging += own() - began
    return degrading, judging, sizes


def _in_a_lane(described: LaneSpec, first: list[Work], planned: list[Work]) -> float:
    """CPU seconds of client, lane and worker together."""
    with LocalLanes(described, 1) as lanes:
        for works in (first, planned):
            began = own() + below()
            lanes.put(works)
            while lanes.pending:
                lanes.results()
        return own() + below() - began
