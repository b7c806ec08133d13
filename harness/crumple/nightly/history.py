"""The nights before, read from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple.nightly.baseline import Baseline
from crumple.nightly.past import PastNight
from crumple.store import Store
from crumple.store.nights import ended_nights, outcomes

NIGHTS: Final = 30
"""How many nights back is looked for slow change."""


def past_nights(store: Store, baseline: Baseline, most: int = NIGHTS) -> list[PastNight]:
    """The nights that were compared with a baseline, oldest first in the store's order; before them its own run.

    Nights that are going on, were interrupted or void are none. Of each, the calls of the baseline that came to
    something: the same recipes, and the clean ones.

    Args:
        store: theirs.
        baseline: what they were compared with.
        most: the newest so many.

    Raises:
        StoreError: the store cannot be read.
    """
    found: list[tuple[int, Mapping[str, Any], frozenset[str]]] = []
    for number, info, document in ended_nights(store.database, baseline.id):
        if len(found) == most:
            break
        night = _mapping(document.get("night"))
        if night.get("state") != "void":
            found.append((number, info, _worse(night)))
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
                worse=worse,
            )
            for number, info, worse in reversed(found)
        ),
    ]


def since(past: Sequence[PastNight], category: str) -> dict[str, Any] | None:
    """Since when a category that is worse tonight has been said to be; None where tonight is the first time.

    Args:
        past: as `past_nights` gives it.
        category: its name.

    Returns:
        "run" and "started" of the first of the unbroken row of nights; "nights", how many it has, tonight included;
        "at_least", whether it may have begun earlier than the nights that were read.
    """
    row: list[PastNight] = []
    for each in reversed(past[1:]):
        if category not in each.worse:
            break
        row.append(each)
    if not row:
        return None
    return {
        "run": row[-1].run,
        "started": row[-1].started,
        "nights": len(row) + 1,
        "at_least": len(row) == len(past) - 1 >= NIGHTS,
    }


def _first(baseline: Baseline) -> PastNight:
    return PastNight(
        run=baseline.run,
        started=baseline.started,
        system=baseline.system,
        outcomes={each.key: (each.digest, each.failure) for each in (*baseline.clean, *baseline.calls)},
    )


def _worse(night: Mapping[str, Any]) -> frozenset[str]:
    """The categories that a night was said to be worse in, by its pairs or by a drift."""
    rows = [*_rows(night.get("categories")), *_rows(night.get("drift"))]
    return frozenset(str(each.get("category")) for each in rows if each.get("state") == "worse")


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
