"""From measurements to the document that is kept with the ladders: small, sorted and stable."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from benchmarks.calibration.measure import Measurement
from crumple.mutation.mutator import Mutator

NOISE = 0.02
"""By how much a level's mean may fall below the one before without counting as less damage."""

VISIBLE = 0.03
HARMLESS = 0.3

Json = dict[str, Any]


def of_engine(mutator: Mutator, measurements: Iterable[Measurement], clean: Mapping[str, float]) -> Json:
    """What one engine missed at each level of one mutator.

    `error` is the share of words not read, `left` that among the words not declared `lost`, `refused` how many
    sheets and seeds the mutator could not act on.

    Args:
        mutator: for its ladder.
        measurements: of this mutator by this engine.
        clean: sheet -> what the engine misses of it undegraded.
    """
    levels: dict[float, list[Measurement]] = {}
    for each in measurements:
        levels.setdefault(each.level, []).append(each)
    asked = sorted(levels)
    read = [[each for each in levels[level] if not each.refused] for level in asked]
    error = [_mean(each.error for each in level) for level in read]
    left = [_mean(each.left for each in level if each.left is not None) for level in read]
    base = fmean(clean[sheet] for sheet in sorted({each.sheet for level in levels.values() for each in level}))
    figure: Json = {
        "levels": [int(level) if level == int(level) else level for level in asked],
        "clean": round(base, 4),
        "error": error,
        "characters": [_mean(each.characters for each in level) for level in read],
        "monotone": _monotone(error),
        "breaks": _breaks(mutator, asked, left, base),
    }
    lost = [_mean(each.lost for each in level) for level in read]
    refused = [len(levels[level]) - len(kept) for level, kept in zip(asked, read, strict=True)]
    # What most mutators have no use for is left out.
    if any(lost):
        figure |= {"lost": lost, "left": left}
    if any(refused):
        figure["refused"] = refused
    return figure


def _mean(shares: Iterable[float]) -> float | None:
    known = list(shares)
    return round(fmean(known), 4) if known else None


def _monotone(error: Sequence[float | None]) -> bool:
    known = [each for each in error if each is not None]
    return all(after >= before - NOISE for before, after in itertools.pairwise(known))


def _breaks(mutator: Mutator, levels: Sequence[float], left: Sequence[float | None], base: float) -> Json | None:
    """Where the error among the words that are left is half way from the clean one to all."""
    half = (1 + base) / 2
    if mutator.ladder is None:
        return None
    before = (0.0, base)
    for level, error in zip(levels, left, strict=True):
        if error is None:
            continue
        if error >= half:
            at = before[0] + (level - before[0]) * (half - before[1]) / (error - before[1])
            # Of the ladder's own rounding, and never level 0, where there is no value.
            at = max(0.01, round(at, 2))
            return {"level": at, "value": mutator.ladder.at(at)}
        before = (level, error)
    return None


def of_mutator(mutator: Mutator, engines: Mapping[str, Json]) -> Json:
    """All there is to say of one mutator."""
    ladder = mutator.ladder
    return {
        "parameter": mutator.parameter,
        "unit": ladder.unit if ladder else "",
        "rungs": list(ladder.rungs) if ladder else [],
        "engines": dict(engines),
        "flags": flags(engines),
    }


def flags(engines: Mapping[str, Json]) -> list[str]:
    """What in a ladder is to be looked at."""
    found = []
    for name, engine in sorted(engines.items()):
        first = (engine.get("left") or engine["error"])[0] if engine["levels"][0] == 1 else None
        if first is not None and first - engine["clean"] > VISIBLE:
            found.append(f"level 1 visible to {name}")
    known = engines.get("tesseract")
    if known is not None:
        last = known["error"][-1] if known["levels"][-1] == 5 else None
        if last is not None and last < HARMLESS:
            found.append("level 5 harmless")
        if not known["monotone"]:
            found.append("not monotone")
    return found


def merged(document: Json, engines: Json, mutators: Mapping[str, Json], known: Iterable[str]) -> Json:
    """A document with what was measured now in place of what it said of the same; who is gone is left out."""
    entries = {name: entry for name, entry in document.get("mutators", {}).items() if name in set(known)}
    for name, entry in mutators.items():
        before: Json = entries.get(name) or {}
        # Another engine's figures stay as long as they are about the same rungs.
        others = before["engines"] if before.get("rungs") == entry["rungs"] else {}
        together = {**others, **entry["engines"]}
        entries[name] = {**entry, "engines": dict(sorted(together.items())), "flags": flags(together)}
    return {
        "engines": dict(sorted({**document.get("engines", {}), **engines}.items())),
        "mutators": dict(sorted(entries.items())),
    }


def written(document: Json) -> str:
    """The document as JSON, a line a mutator."""
    parts = []
    for part, entries in sorted(document.items()):
        lines = (f"  {json.dumps(name)}: {json.dumps(entry, sort_keys=True)}" for name, entry in entries.items())
        parts.append(f" {json.dumps(part)}: {{\n{f',{chr(10)}'.join(lines)}\n }}")
    return f"{{\n{f',{chr(10)}'.join(parts)}\n}}\n"
