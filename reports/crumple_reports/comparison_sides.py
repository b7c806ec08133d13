"""The tables of a comparison that are about each of the two runs by itself, and about what has no pair. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crumple import excerpt
from crumple_reports.comparison_words import category_name, names_of, rate
from crumple_reports.figures import cut_digests, money
from crumple_reports.grid import Grid

_REASON: Final = 160
_VALUE: Final = 60


def contracts(document: Mapping[str, Any]) -> Grid:
    """Every limit of either contract, with what came of it in each."""
    a, b = names_of(document)
    one, two = ({_limit(row): row for row in document[side]["contract"]} for side in ("a", "b"))
    rows = []
    for key in dict.fromkeys((*one, *two)):
        cells = [_shown(side.get(key)) for side in (one, two)]
        rows.append((key[0], key[1], *cells))
    return Grid(
        id="contracts",
        title="Their contracts",
        heads=("limit", "must be", a, b),
        rows=rows,
        names=4,
        note="Each by all calls of its own run, not only by the pairs.",
    )


def _limit(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["name"]), str(row["shown"]["limit"])


def _shown(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not in its contract"
    shown = row["shown"]
    return f"{row['state']}: {shown['figure']}, {shown['bound']}" if row["calls"] else str(row["state"])


def forecasts(document: Mapping[str, Any]) -> Grid:
    """What production has to expect of each, where a mix says what it sends."""
    known = [(side["name"], side["forecast"]) for side in (document["a"], document["b"]) if side.get("forecast")]
    rows = []
    for name, found in known:
        if found.get("rate") is None:
            continue
        per_day = found.get("failing_per_day") or {}
        rows.append(
            (
                excerpt(str(name), _VALUE),
                rate(found, 1),
                rate(found["silent"], 1) if found.get("silent") else "-",
                f"{per_day['failures']:,.0f} of {per_day['documents']:,.0f}" if per_day else "-",
            )
        )
    return Grid(
        id="forecasts",
        title="What production would see",
        heads=("system", "fails %", "silently %", "failing a day"),
        rows=rows,
        note="By the mix of each configuration, and all calls of its own run.",
    )


def points(document: Mapping[str, Any]) -> Grid:
    """From where on each of them fails."""
    a, b = names_of(document)
    one, two = (
        {(row["mutator"], row["kind"]): row for row in document[side]["breaking_points"]} for side in ("a", "b")
    )
    return Grid(
        id="breaking-points",
        title="Breaking points",
        heads=("mutator", "cases", a, b),
        rows=[(*key, *(_point(side.get(key)) for side in (one, two))) for key in dict.fromkeys((*one, *two))],
        names=4,
        main=True,
    )


def _point(row: Mapping[str, Any] | None) -> str:
    return "not looked for" if row is None else excerpt(str(row["sentence"]), _REASON)


def calls(document: Mapping[str, Any]) -> Grid:
    """How many calls of each category could be paired."""
    a, b = names_of(document)
    one, two = document["calls"]["a"], document["calls"]["b"]
    pairs = {each["category"]: each["pairs"] for each in document["rows"]}
    names = [name for name in dict.fromkeys((*one, *two)) if one.get(name) or two.get(name)]
    return Grid(
        id="calls",
        title="How many calls could be paired",
        heads=("category", f"calls of {a}", f"calls of {b}", "pairs"),
        rows=[
            (
                category_name({"category": name}),
                f"{one.get(name, 0):,}",
                f"{two.get(name, 0):,}",
                f"{pairs.get(name, 0):,}",
            )
            for name in names
        ],
    )


def alone(document: Mapping[str, Any]) -> Grid:
    """Why calls have no pair."""
    a, b = names_of(document)
    return Grid(
        id="alone",
        title="Why the other calls have no partner",
        heads=("why", f"calls of {a}", f"calls of {b}"),
        rows=[(excerpt(each["why"], _REASON), f"{each['a']:,}", f"{each['b']:,}") for each in document["alone"]],
    )


def sides(document: Mapping[str, Any]) -> Grid:
    """What each run was."""
    sides = [document["a"], document["b"]]
    wanted = (
        ("run", lambda side: str(side["run"])),
        ("of", lambda side: excerpt(str(side.get("project") or "-"), _VALUE)),
        ("system", lambda side: excerpt(cut_digests(str(side.get("system") or "not known")), _VALUE)),
        ("begun", lambda side: str(side.get("started") or "-")),
        ("seed", lambda side: str(side.get("seed", "-"))),
        ("calls", lambda side: f"{side.get('calls', 0):,}"),
        ("right when clean", lambda side: f"{side['clean']['right']:,} of {side['clean']['cases']:,}"),
        ("void calls", lambda side: f"{side.get('void', 0):,}"),
        ("money", lambda side: money(side["cost"]) if side.get("cost") else "-"),
    )
    rows = [(name, *map(said, sides)) for name, said in wanted]
    return Grid(
        id="sides",
        title="The two runs",
        heads=("", *names_of(document)),
        rows=[row for row in rows if set(row[1:]) not in ({"-"}, {"0"})],
        names=3,
    )


def differs(document: Mapping[str, Any]) -> Grid:
    """What else the runs do not have in common."""
    rows = [each for each in document["differs"] if each["what"] != "system"]
    return Grid(
        id="differs",
        title="What else is not the same",
        heads=("what", *names_of(document)),
        rows=[tuple(excerpt(cut_digests(each[name]), _VALUE) for name in ("what", "a", "b")) for each in rows],
        names=3,
    )
