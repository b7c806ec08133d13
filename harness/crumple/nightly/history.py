"""The nights before, and the runs of a history, read from the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from crumple.errors import CrumpleError
from crumple.nightly.baseline import Baseline
from crumple.nightly.changes import judged_by
from crumple.nightly.past import NIGHTS, PastNight
from crumple.nightly.timeline import point, timeline
from crumple.store import Line, Store
from crumple.store.nights import ended_nights, identities, outcomes, removed

_KINDS: Final = {"": ("", "night"), "run": ("",), "night": ("night",)}
"""What `kind` means, in the words of a run's own "kind"."""
_NAMED: Final = 8


def past_nights(
    store: Store, baseline: Baseline, most: int = NIGHTS, settings: Mapping[str, str] | None = None
) -> list[PastNight]:
    """The nights that were compared with a baseline, oldest first in the store's order; before them its own run.

    Nights that are going on, were interrupted or void are none. Of each, the calls of the baseline that came to
    something: the same recipes, and the clean ones.

    Args:
        store: theirs.
        baseline: what they were compared with.
        most: the newest so many.
        settings: tonight's, as `changes.settings_of` has them: nights whose answers were judged otherwise show no
            change of the system's, and are left out; None: none is.

    Raises:
        StoreError: the store cannot be read.
    """
    found = [
        each
        for each in _nights(store, baseline, most)
        if settings is None or judged_by(each[1].get("settings")) == judged_by(settings)
    ]
    asked = {each.key: each.recipe for each in (*baseline.clean, *baseline.calls)}
    came = outcomes(store.database, [number for number, _, _ in found], asked)
    return [
        _first(baseline),
        *(
            PastNight(
                run=str(info.get("id", "")),
                started=str(info.get("started", "")),
                system=str(info.get("system", "")),
                outcomes=came[number],
                worse=_worse(night, "categories", "drift"),
                drifting=_worse(night, "drift") - _worse(night, "categories"),
            )
            for number, info, night in reversed(found)
        ),
    ]


def kinds_met(store: Store, baseline: Baseline, most: int = NIGHTS) -> frozenset[str]:
    """The fingerprints of failures that new recipes of the nights before have shown.

    Args:
        store: theirs.
        baseline: what they were compared with.
        most: the newest so many.

    Raises:
        StoreError: the store cannot be read.
    """
    nights = islice(ended_nights(store.database, baseline.id), most)
    kinds = [_mapping(_mapping(document.get("night")).get("kinds")) for _, _, document in nights]
    return frozenset(str(each.get("fingerprint", "")) for own in kinds for each in _rows(own.get("tonight")))


def needed(store: Store, baseline: Baseline, most: int = NIGHTS) -> dict[int, str]:
    """The nights in which slow change since a baseline is looked for: number of the run -> its id.

    Raises:
        StoreError: the store cannot be read.
    """
    return {number: str(info.get("id", "")) for number, info, _ in _nights(store, baseline, most)}


def read_timeline(store: Store, *, kind: str = "", last: int, system: str = "") -> dict[str, Any]:
    """A history as one JSON document, as `timeline.timeline` makes it, of the newest runs and nights.

    Only what is shown is read whole, one document after the other.

    Args:
        store: theirs.
        kind: "run" or "night"; "": both.
        last: how many.
        system: how the system's version begins.

    Raises:
        CrumpleError: there is no run of such a system, or the store cannot be read.
    """
    lines = store.lines()
    told = [each for each in lines if each.info.get("kind", "") in _KINDS[kind]]
    of = [each for each in told if str(each.info.get("system", "")).startswith(system)]
    if told and not of:
        systems = dict.fromkeys(str(each.info.get("system", "")) for each in told)
        raise CrumpleError("no run is of such a system", where="--of", got=system, allowed=[*systems][:_NAMED])
    shown = list(reversed(of[:last]))
    made_of = identities(store.database, [each.number for each in shown])
    points = (point(each, made_of.get(each.number, {}), _document(store, each)) for each in shown)
    return timeline(
        points,
        where=store.where,
        stored=len(of),
        others=sum(each.info.get("kind", "") not in _KINDS[""] for each in lines),
        removed=removed(store.database),
    )


def _document(store: Store, line: Line) -> Mapping[str, Any] | None:
    """A run's document; an empty one where it is none that can be read."""
    try:
        return store.document(line)
    except ValueError:
        return {}


def _nights(store: Store, baseline: Baseline, most: int) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """The newest nights of a baseline that were not void, the newest first: number, info, what they came to."""
    nights = (
        (number, info, night)
        for number, info, document in ended_nights(store.database, baseline.id)
        if (night := _mapping(document.get("night"))).get("state") != "void"
    )
    return islice(nights, most)


def _first(baseline: Baseline) -> PastNight:
    return PastNight(
        run=baseline.run,
        started=baseline.started,
        system=baseline.system,
        outcomes={each.key: (each.digest, each.failure) for each in (*baseline.clean, *baseline.calls)},
    )


def _worse(night: Mapping[str, Any], *parts: str) -> frozenset[str]:
    """The categories that a night was said to be worse in: by its pairs, in "categories", or by a "drift"."""
    rows = [each for part in parts for each in _rows(night.get(part))]
    return frozenset(str(each.get("category")) for each in rows if each.get("state") == "worse")


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
