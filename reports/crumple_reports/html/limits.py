"""The contract's limits: each with its figure, its bound and what must be, as a table and a bar. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import Material, excerpt
from crumple_reports.content import content_of
from crumple_reports.contract import about, came_from, newer
from crumple_reports.html.section import Section
from crumple_reports.parts import Limit

_MOST: Final = 200
_SENTENCES: Final = 40
_LONG: Final = 200
_SENTENCE: Final = 2_000
_WIDTH: Final = 120.0
_FLOORS: Final = ("accuracy", "valid")


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a limit's figure and its interval stand beside the limit, which stands in the middle.

    Attributes:
        figure, low, high: pixels from the left, which is where nothing fails.
    """

    figure: float
    low: float
    high: float

    @property
    def span(self) -> float:
        """How wide the interval is, in pixels; one that is a point is still to be seen."""
        return max(self.high - self.low, 1.0)


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where there is no contract."""
    limits = content_of(document).limits
    if not limits:
        return None
    rows = [each.row for each in limits]
    open_ = [each for each in limits if each.row["state"] != "met"]
    model = {
        "rows": [_row(each) for each in limits[:_MOST]],
        "more": len(limits) - _MOST,
        "items": any(each.item for each in limits),
        "groups": any(row.get("groups") for row in rows),
        "sentences": [_sentence(each) for each in open_[:_SENTENCES]],
        "more_sentences": len(open_) - _SENTENCES,
        "undecided": any(each.row["state"] == "undecided" for each in limits),
        "met": [_origin(each) for each in limits if each.row["state"] == "met"][:_SENTENCES],
        "notes": [excerpt(each, _SENTENCE) for each in (_note(rows), *newer(rows))],
    }
    return Section("limits", "Contract", model)


def _row(limit: Limit) -> dict[str, Any]:
    row = limit.row
    return {
        "item": excerpt(limit.item, _LONG),
        "name": excerpt(str(row["name"]), _LONG),
        "state": row["state"],
        "shown": row["shown"],
        "calls": f"{row['calls']:,}",
        "groups": f"{row['groups']:,}" if row.get("groups") else "",
        "bar": bar_of(row),
    }


def bar_of(row: Mapping[str, Any]) -> Bar | None:
    """Its bar; None where nothing is known, and where seconds are judged by how many calls take longer."""
    figure = row.get("figure")
    if figure is None or not row["calls"]:
        return None
    low, high, limit = row.get("low"), row.get("high"), row["limit"]
    if row["metric"] in _FLOORS:  # what is missing to 1 counts: less of it is better, as with failures
        figure, limit = 1.0 - figure, 1.0 - limit
        low, high = None if high is None else 1.0 - high, None if low is None else 1.0 - low
    left = 0.0 if low is None else _across(low, limit)
    right = _WIDTH if high is None else _across(high, limit)
    return Bar(round(_across(figure, limit), 1), round(left, 1), round(right, 1))


def _across(value: float, limit: float) -> float:
    """Pixels from the left: nothing at 0, the limit in the middle, twice the limit at three quarters, and so on."""
    value = max(value, 0.0)
    if value <= limit:
        return _WIDTH / 2 * (value / limit if limit > 0 else 1.0)
    return _WIDTH * (1.0 - limit / value / 2) if limit > 0 else _WIDTH / 2 * (1.0 + min(value, 1.0))


def _sentence(limit: Limit) -> dict[str, str]:
    return {
        "state": str(limit.row["state"]),
        "item": excerpt(limit.item, _LONG),
        "said": excerpt(str(limit.row["sentence"]), _SENTENCE),
        "origin": _came_from(limit.row),
    }


def _origin(limit: Limit) -> dict[str, str]:
    test = f"{limit.item}: " if limit.item else ""
    return {"name": excerpt(f"{test}{limit.row['name']}", _LONG), "origin": _came_from(limit.row)}


def _came_from(row: Mapping[str, Any]) -> str:
    """What its figures come from; nothing of a document that does not say."""
    known = {"design_effect", "groups", "about", "decided_after", "other"} <= set(row)
    return came_from(row) if known and row["calls"] else ""


def _note(rows: Sequence[Mapping[str, Any]]) -> str:
    return about([{"about": "", **each} for each in rows])
