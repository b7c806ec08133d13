"""From what was measured of every file to the document of a profile: counts, shares, intervals, the strangest. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crumple.measuring import Measure
from crumple.mutation.mutator import Mutator
from crumple.profile.findings import Measured
from crumple.profile.severity import UNKNOWN, badness, level_of, rung
from crumple.profile.shares import Damages, mix_of
from crumple.recipe import Value
from crumple.statistics.rates import wilson

SCHEMA: Final = 1
DUPLICATES: Final = "folder.duplicate"
"""What is measured of the folder and not of a file: the same bytes under another name."""
_STRANGEST = 3
_NAMED = 20


@dataclass(slots=True)
class _Row:
    """One kind of damage while it is counted."""

    told: int = 0
    untold: int = 0
    levels: list[float] = field(default_factory=list)
    found: list[tuple[float, str, Value]] = field(default_factory=list)


def profile_of(
    files: Sequence[Measured],
    measures: Sequence[Measure],
    mutators: Mapping[str, Mutator],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """The document of a profile, "schema" 1; the same files in any order make the same one.

    Args:
        files: what was measured; those that could not be opened are among them.
        measures: what it was measured with.
        mutators: those that there are, by name.
        about: what else the document says of itself: the folder, the seed, how many files there are.

    Raises:
        CrumpleError: a measure returned what its mutator's parameter cannot be.
    """
    files = sorted(files, key=lambda each: each.path)
    rows: dict[str, _Row] = {name: _Row() for name in sorted({each.of for each in measures})}
    damages: list[Damages] = []
    closed: list[Measured] = []
    for each in files:
        damage = _counted(each, rows, mutators)
        if each.closed and not damage:
            closed.append(each)
        else:
            damages.append({name: level for name, level in damage.items() if name in mutators})
    copies = _copies(files)
    opened = len(damages)
    alike = {each.of: each.stands_for for each in measures}
    clean = sum(not damage for damage in damages)
    table = [_row(name, row, opened, mutators.get(name), alike.get(name, ())) for name, row in rows.items()]
    return {
        "schema": SCHEMA,
        **about,
        "files": len(files),
        "opened": opened,
        "kinds": [
            {"media_type": kind, "files": count}
            for kind, count in sorted(
                Counter(each.media_type for each in files if each.media_type).items(),
                key=lambda pair: (-pair[1], pair[0]),
            )
        ],
        "clean": {"files": clean, "share": _share(clean, opened), **_interval(clean, opened)},
        "damages": sorted((each for each in table if each["files"]), key=lambda row: (-row["files"], row["name"])),
        "duplicates": copies | _interval(copies["files"], len(files)) | {"share": _share(copies["files"], len(files))},
        "looked_for": [each["name"] for each in table if not each["files"] and each["told"]],
        "never_told": [each["name"] for each in table if not each["told"] and each["untold"]],
        "not_opened": [
            {"path": each.path, "media_type": each.media_type, "why": each.closed or "nobody knows"} for each in closed
        ],
        "failed": _failed(files),
        "mix": mix_of(damages, {name: _existing(name, alike, mutators) for name in alike}) if opened else {},
    }


def _existing(name: str, alike: Mapping[str, Sequence[str]], mutators: Mapping[str, Mutator]) -> tuple[str, ...]:
    return tuple(each for each in (name, *alike[name]) if each in mutators)


def _counted(each: Measured, rows: Mapping[str, _Row], mutators: Mapping[str, Mutator]) -> dict[str, float]:
    """The damage of one file, name -> level; counted in the rows."""
    damage: dict[str, float] = {}
    for finding in each.findings:
        row, mutator = rows[finding.of], mutators.get(finding.of)
        if finding.value is None:
            row.untold += 1
            continue
        row.told += 1
        level = level_of(mutator, finding.value, finding.of)
        if level is not None:
            damage[finding.of] = level
            row.levels.append(level)
            row.found.append((badness(mutator.ladder if mutator else None, finding.value), each.path, finding.value))
    return damage


def _row(name: str, row: _Row, opened: int, mutator: Mutator | None, alike: Iterable[str]) -> dict[str, Any]:
    known = [rung(level) for level in row.levels if level != UNKNOWN]
    strangest = sorted(row.found, key=lambda each: (-each[0], each[1]))[:_STRANGEST]
    return {
        "name": name,
        "mutator": mutator is not None,
        "stands_for": list(alike),
        "files": len(row.levels),
        "told": row.told,
        "untold": row.untold,
        "share": _share(len(row.levels), opened),
        **_interval(len(row.levels), opened),
        "levels": [_share(known.count(each), len(known)) for each in range(1, 6)] if known else None,
        "unknown_level": len(row.levels) - len(known),
        "unit": mutator.ladder.unit if mutator is not None and mutator.ladder is not None else "",
        "strangest": [{"path": path, "value": value} for _, path, value in strangest],
    }


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0


def _interval(count: int, of: int) -> dict[str, float]:
    low, high = wilson(_share(count, of), of)
    return {"low": low, "high": high}


def _copies(files: Sequence[Measured]) -> dict[str, Any]:
    """Files whose bytes another one has too, the first of each aside; empty files are not each other's copies."""
    groups: dict[str, list[str]] = defaultdict(list)
    for each in files:
        if each.digest and each.size:
            groups[each.digest].append(each.path)
    several = sorted((paths for paths in groups.values() if len(paths) > 1), key=lambda paths: (-len(paths), paths))
    return {
        "files": sum(len(paths) - 1 for paths in several),
        "largest": [{"path": paths[0], "copies": len(paths) - 1} for paths in several[:_STRANGEST]],
    }


def _failed(files: Sequence[Measured]) -> list[dict[str, Any]]:
    """Measures that raised: each with how often, and the first file."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in files:
        for name, why in each.failed:
            found[name, why].append(each.path)
    return [
        {"measure": name, "why": why, "files": len(paths), "path": paths[0]}
        for (name, why), paths in sorted(found.items())[:_NAMED]
    ]
