"""Two runs side by side: who fails less, on which documents they differ, and what could not be compared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import Material
from crumple_reports.comparison_content import title_of
from crumple_reports.comparison_tables import tables
from crumple_reports.comparison_words import names_of, replay_lines, steps
from crumple_reports.grid import Grid
from crumple_reports.html.exhibit import Pictures, exhibit_model
from crumple_reports.html.fields import answer_of
from crumple_reports.html.section import Section
from crumple_reports.problem import Problem

_FIRST: Final = ("by-category", "silent", "outcomes", "breaking-points")
_LEFT, _ACROSS, _TOP, _ROW = 6.0, 308.0, 24.0, 40.0
_FIGURES: Final = "figures"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a rate stands on its line: pixels from the left."""

    at: float
    low: float
    high: float

    @property
    def span(self) -> float:
        """How wide its interval is."""
        return max(self.high - self.low, 0.5)


@dataclass(frozen=True, slots=True)
class Track:
    """A category of the drawing.

    Attributes:
        y: how far down its line is.
        name: of the category.
        state: "worse", "better" or "".
        verdict: what is said of it; "" where nothing could be told.
        a, b: the two rates.
    """

    y: float
    name: str
    state: str
    verdict: str
    a: Mark
    b: Mark


def side_by_side(document: Mapping[str, Any], material: Material) -> Section | None:
    """By category, silent failures apart, and how the same documents ended."""
    a, b = names_of(document)
    tracks = _tracks(document["rows"], b)
    model = {
        "a": a,
        "b": b,
        "tracks": tracks,
        "height": _TOP + _ROW * len(tracks),
        "steps": steps(document),
        "grids": [_drawn(each) for each in tables(document) if each.id in _FIRST],
    }
    return Section("comparison", "Side by side", model)


def _tracks(rows: Sequence[Mapping[str, Any]], b: str) -> list[Track]:
    made: list[Track] = []
    for each in (row for row in rows if row["pairs"]):
        state = str(each["state"]) if each["state"] in {"worse", "better"} else ""
        y = _TOP + _ROW * len(made) + 26
        verdict = {"better": f": {b} fails less", "worse": f": {b} fails more"}.get(state, "")
        made.append(Track(y, str(each["category"]), state, verdict, _mark(each["a"]), _mark(each["b"])))
    return made


def _mark(figures: Mapping[str, Any]) -> Mark:
    at, low, high = (round(_LEFT + _ACROSS * figures[name], 1) for name in ("rate", "low", "high"))
    return Mark(at, low, high)


def _drawn(grid: Grid) -> dict[str, Any]:
    """A table's cells, each row with its state and category."""
    states = grid.states or [""] * len(grid.rows)
    categories = grid.categories or [""] * len(grid.rows)
    rows = [
        {"first": row[0], "cells": row[1:], "state": state, "category": category}
        for row, state, category in zip(grid.rows, states, categories, strict=True)
    ]
    return {
        "id": grid.id,
        "title": grid.title,
        "heads": grid.heads,
        "names": grid.names,
        "note": grid.note,
        "rows": rows,
    }


def documents(document: Mapping[str, Any], material: Material) -> Section | None:
    """The documents that the two deal with differently, as they look; None where there is none."""
    if not document["look_at"]:
        return None
    shown = document["look_at"]
    lines = [each["replay"] for each in shown]
    exhibits = material.exhibits(lines) if material.privacy != _FIGURES else {}
    pictures = Pictures([exhibits[line] for line in dict.fromkeys(lines) if line in exhibits])
    a, b = names_of(document)
    groups = []
    number = 0
    for side, worse, other in (("b", b, a), ("a", a, b)):
        made: list[dict[str, Any]] = []
        for each in (one for one in shown if one["worse"] == side):
            number += 1
            exhibit = exhibits.get(each["replay"])
            model = exhibit_model(exhibit, pictures) if exhibit is not None else None
            made.append(_document(document, each, material.privacy, number) | {"exhibit": model, "open": not made})
        if made:
            groups.append({"title": f"{worse} deals with these worse than {other}", "documents": made})
    model = {"groups": groups, "pictures": pictures.shared, "discreet": material.privacy == _FIGURES}
    return Section("documents", "Documents that tell them apart", model)


def _document(document: Mapping[str, Any], each: Mapping[str, Any], privacy: str, number: int) -> dict[str, Any]:
    a, b = names_of(document)
    outcomes = {each[side]["outcome"].partition(",")[0] for side in ("a", "b")}
    return {
        "number": number,
        "title": title_of(each),
        "said": f"{a}: {each['a']['outcome']}. {b}: {each['b']['outcome']}.",
        "category": each["category"],
        "level": f"{each['level']:g}",
        "outcomes": " ".join(sorted(outcomes)),
        "sides": [_side(name, each[side], privacy) for name, side in ((a, "a"), (b, "b"))],
        "replays": replay_lines(document, each["replay"]),
    }


def _side(name: str, ended: Mapping[str, Any], privacy: str) -> dict[str, Any]:
    """How one of the two ended, with what it answered as far as that may be shown."""
    problem = Problem(
        title="",
        outcome=ended["outcome"],
        silent=ended["outcome"] == "wrong",
        count=1,
        mutators={},
        categories=(),
        levels=(),
        fingerprint=ended["fingerprint"],
        example=ended["example"] or {"cause": ended["cause"]},
        command="",
    )
    answer = answer_of(problem, privacy) if ended["failure"] else None
    return {"name": name, "outcome": ended["outcome"], "bad": bool(ended["failure"]), "answer": answer}


def rest(document: Mapping[str, Any], material: Material) -> Section | None:
    """Contracts and forecasts of both, what fails in both, and what could not be compared."""
    grids = [_drawn(each) for each in tables(document) if each.id not in _FIRST]
    return Section("compared", "Both runs", {"grids": grids}) if grids else None
