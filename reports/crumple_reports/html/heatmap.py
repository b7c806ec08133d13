"""Which category and which mutator fails at which level: a table, shaded by rate, that says it all in figures too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from crumple import Material
from crumple_reports.figures import count, interval, percent
from crumple_reports.html.charts import without_unit
from crumple_reports.html.section import Section
from crumple_reports.problems import by_mutator, problems_of

_STEPS: Final = (0.05, 0.2, 0.5, 0.8)
"""Where the shades part; below the first and from the last on are two more, and one for 0."""
_MOST_LEVELS: Final = 10
_Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What failed at one level.

    Attributes:
        shade: 0 where nothing failed, to 5; None where nobody tried.
        rate: in words.
        sure: its 95 % interval about these documents, in per cent; "" where there were no calls.
        like_these: the same about documents like these; "" where that is not known.
        calls: in words.
        sent: how much of production is this, in words; "" where the mix does not name it.
    """

    shade: int | None
    rate: str
    sure: str
    like_these: str
    calls: str
    sent: str


@dataclass(frozen=True, slots=True)
class Row:
    """A category or a mutator.

    Attributes:
        name: its name.
        problem: the number of its worst problem; 0 of none.
        outcomes, levels: how its calls ended, and at which levels there were any.
        cells: level by level, and last of all levels together.
        parts: the name in pieces that a line may end after.
        unit: what the levels mean, of a mutator: "0.5, 2, 10 deg".
        anchor: where its mutators stand, of a category that has some.
    """

    name: str
    problem: int
    outcomes: Sequence[str]
    levels: Sequence[str]
    cells: Sequence[Cell]
    parts: Sequence[str]
    unit: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """A category's mutators.

    Attributes:
        failing: those that failed, the worst first.
        never: those that never did: their number and calls in words, and each with its calls and interval.
        untried: those of which no call came to an outcome.
    """

    anchor: str
    category: str
    said: str
    outcomes: Sequence[str]
    levels: Sequence[str]
    failing: Sequence[Row]
    never_said: str
    never: Sequence[tuple[str, str]]
    untried: Sequence[str]


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where no rate by category was measured."""
    categories = {name: each for name, each in (document.get("categories") or {}).items() if each["runs"]}
    if not categories:
        return None
    levels = _levels(categories.values())
    sent = _sent(document)
    problems = by_mutator(problems_of(document))
    rows = [_row(name, each, levels, sent, {}) for name, each in sorted(categories.items(), key=_worst_first)]
    of: dict[str, list[tuple[str, _Figures]]] = {row.name: [] for row in rows}
    for name, each in (document.get("mutators") or {}).items():
        of.get(each.get("category"), []).append((name, each))
    folds = [
        _fold(row, f"heatmap-{at}", of[row.name], lambda name, each: _row(name, each, levels, sent, problems))
        for at, row in enumerate(rows, 1)
        if of[row.name]
    ]
    anchors = {each.category: each.anchor for each in folds}
    model = {
        "levels": levels,
        "rows": [replace(row, anchor=anchors.get(row.name, "")) for row in rows],
        "folds": folds,
        "like_these": any(row.cells[-1].like_these for row in rows),
        "sent": bool(sent) and document.get("kind") != "pytest",
        "sequential": any(row.get("method") == "sequential" for row in document.get("contract", ())),
    }
    return Section("heatmap", "What fails, and how badly", model)


def _levels(figures: Iterable[_Figures]) -> list[str]:
    """The levels that were run; none where they are so many that each has next to no calls."""
    found = sorted({level for each in figures for level in each.get("levels") or {}}, key=float)
    return found if len(found) <= _MOST_LEVELS else []


def _worst_first(item: tuple[str, _Figures]) -> tuple[float, int, str]:
    name, each = item
    return -(each["rate"] or 0.0), -each["failures"], name


def _sent(document: _Figures) -> dict[str, dict[str, float]]:
    """Mutator or category -> level -> its share of production; "" is all levels."""
    found: dict[str, dict[str, float]] = {}
    for name, levels in ((document.get("mix") or {}).get("damaged") or {}).items():
        for level, share in levels.items():
            for of in (name, name.partition(".")[0]):
                own = found.setdefault(of, {})
                for at in (level, ""):
                    own[at] = own.get(at, 0.0) + share
    return found


def _row(
    name: str,
    figures: _Figures,
    levels: Sequence[str],
    sent: Mapping[str, Mapping[str, float]],
    problems: Mapping[str, int],
) -> Row:
    own = figures.get("levels") or {}
    shares = sent.get(name, {})
    cells = [_cell(own.get(level), shares.get(level)) for level in levels]
    rungs = figures.get("rungs") or ()
    return Row(
        name=name,
        problem=problems.get(name, 0),
        outcomes=sorted(set(figures.get("outcomes") or ()) - {"void"}),
        levels=[level for level in levels if (own.get(level) or {}).get("runs")],
        cells=[*cells, _cell(figures, shares.get(""))],
        parts=tuple(_BREAKS.split(name)),
        unit=_unit([rungs[int(level) - 1] for level in levels if level in _RUNGS] if rungs else []),
    )


_BREAKS: Final = re.compile(r"(?<=[._])")
_RUNGS: Final = ("1", "2", "3", "4", "5")


def _unit(rungs: Sequence[str]) -> str:
    values, unit = without_unit(rungs)
    before = f"{unit} " if rungs and rungs[0].startswith(f"{unit} ") else ""
    return f"{before}{', '.join(values)}{'' if before else ' ' + unit}".strip()


def _cell(figures: _Figures | None, share: float | None) -> Cell:
    sent = f"{percent(share)} sent" if share else ""
    if not figures or not figures["runs"] or figures["rate"] is None:
        return Cell(None, "", "", "", "", sent)
    like = figures.get("like_these")
    return Cell(
        shade=_shade(figures["rate"]),
        rate=percent(figures["rate"]),
        sure=interval(figures["low"], figures["high"]),
        like_these=interval(like["low"], like["high"]) if like else "",
        calls=count(figures["runs"], "call"),
        sent=sent,
    )


def _shade(rate: float) -> int:
    return 0 if rate <= 0 else 1 + sum(rate >= step for step in _STEPS)


def _fold(row: Row, anchor: str, own: Sequence[tuple[str, _Figures]], row_of: Callable[[str, _Figures], Row]) -> Fold:
    tried = {name: each for name, each in own if each["runs"]}
    failing = sorted(((name, each) for name, each in tried.items() if each["failures"]), key=_worst_first)
    never = sorted((name, each) for name, each in tried.items() if not each["failures"])
    calls = sum(each["runs"] for _, each in never)
    worst = f"; the worst is {failing[0][0]}, {percent(failing[0][1]['rate'])}" if len(failing) > 1 else ""
    return Fold(
        anchor=anchor,
        category=row.name,
        said=f"{len(failing):,} of {count(len(tried), 'mutator')} failed{worst}",
        outcomes=row.outcomes,
        levels=row.levels,
        failing=[row_of(name, each) for name, each in failing],
        never_said=f"{count(len(never), 'mutator')} never failed, in {count(calls, 'call')}" if never else "",
        never=[
            (name, f"0 of {count(each['runs'], 'call')}, {interval(each['low'], each['high'])} %")
            for name, each in never
        ],
        untried=sorted(name for name, _ in own if name not in tried),
    )
