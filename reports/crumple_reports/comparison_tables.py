"""The tables of a comparison, the same in every form of report. Figures only. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple_reports.comparison_sides import alone, calls, contracts, differs, forecasts, points, sides
from crumple_reports.comparison_words import (
    ALL,
    SURE,
    category_name,
    chance,
    difference,
    names_of,
    rate,
    state_words,
)
from crumple_reports.grid import Grid

_ORDER: Final = ("right", "refused, as it may", "refused", "wrong", "crashed", "hung", "exhausted")
_MUTATORS: Final = 20


def tables(document: Mapping[str, Any], names: tuple[str, str] | None = None) -> list[Grid]:
    """All that have something to show, in order.

    Args:
        document: of a comparison.
        names: what the two are called, where that is not what the document says.
    """
    if names is not None:
        document = {
            **document,
            **{side: document[side] | {"name": name} for side, name in zip("ab", names, strict=True)},
        }
    made = (
        _categories(document),
        _silent(document),
        _outcomes(document),
        contracts(document),
        forecasts(document),
        points(document),
        _mutators(document),
        _common(document),
        calls(document),
        alone(document),
        sides(document),
        differs(document),
    )
    return [each for each in made if each.rows]


def _categories(document: Mapping[str, Any]) -> Grid:
    a, b = names_of(document)
    rows = document["rows"]
    return Grid(
        id="by-category",
        title="By category",
        heads=(
            "category",
            "state",
            "pairs",
            "both right",
            f"only {a} fails",
            f"only {b} fails",
            "both fail",
            f"{a} %",
            f"{b} %",
            "difference",
            "p",
        ),
        rows=[
            (
                category_name(each),
                state_words(each),
                f"{each['pairs']:,}",
                f"{each['both_right']:,}",
                f"{each['only_a']:,}",
                f"{each['only_b']:,}",
                f"{each['both']:,}",
                rate(each["a"], each["pairs"]),
                rate(each["b"], each["pairs"]),
                difference(each),
                _p(each),
            )
            for each in rows
        ],
        names=2,
        note=f"Failures of the same documents, in per cent with 95 % intervals; the difference in points is {b} less "
        f"{a}. {SURE}",
        states=[_state(each) for each in rows],
        categories=[str(each["category"]) if each["category"] != ALL else "" for each in rows],
        main=True,
    )


def _p(row: Mapping[str, Any]) -> str:
    return chance(row).removeprefix("p ").removeprefix("= ").replace("< ", "<")


def _state(row: Mapping[str, Any]) -> str:
    return str(row["state"]) if row["state"] in {"worse", "better"} else ""


def _silent(document: Mapping[str, Any]) -> Grid:
    a, b = names_of(document)
    rows = [(each, each["silent"]) for each in document["rows"]]
    rows = [(each, own) for each, own in rows if own["a"]["failures"] or own["b"]["failures"]]
    return Grid(
        id="silent",
        title="Silent failures: an answer, no complaint, and wrong",
        heads=("category", "state", "pairs", f"only {a}", f"only {b}", "both", f"{a} %", f"{b} %", "difference", "p"),
        rows=[
            (
                category_name(each),
                state_words(own),
                f"{each['pairs']:,}",
                f"{own['only_a']:,}",
                f"{own['only_b']:,}",
                f"{own['both']:,}",
                rate(own["a"], each["pairs"]),
                rate(own["b"], each["pairs"]),
                difference(own),
                _p(own),
            )
            for each, own in rows
        ],
        names=2,
        note="A refusal or a crash is better than these: somebody notices it. Better and worse as above, by itself.",
        states=[_state(own) for _, own in rows],
        categories=[str(each["category"]) if each["category"] != ALL else "" for each, _ in rows],
        main=True,
    )


def _outcomes(document: Mapping[str, Any]) -> Grid:
    a, b = names_of(document)
    table = document["rows"][0]["outcomes"] if document["rows"] else {}
    columns = _ordered({name for row in table.values() for name in row})
    return Grid(
        id="outcomes",
        title="How the same documents ended",
        heads=(f"{a} \\ {b}", *columns),
        rows=[(name, *(f"{table[name].get(other, 0):,}" for other in columns)) for name in _ordered(table)],
        note=f"A row is how {a} ended, a column how {b} did.",
    )


def _ordered(names: Sequence[str] | set[str] | Mapping[str, Any]) -> list[str]:
    return sorted(names, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))


def _mutators(document: Mapping[str, Any]) -> Grid:
    a, b = names_of(document)
    rows = [each for each in document["mutators"] if each["only_a"] or each["only_b"]]
    return Grid(
        id="by-mutator",
        title="By mutator, where only one of the two fails",
        heads=("mutator", "pairs", "both right", f"only {a} fails", f"only {b} fails", "both fail"),
        rows=[
            (each["mutator"], *(f"{each[name]:,}" for name in ("pairs", "both_right", "only_a", "only_b", "both")))
            for each in rows[:_MUTATORS]
        ],
        note="Counts to look at, not verdicts: a mutator has few calls."
        + (f" And {len(rows) - _MUTATORS:,} more mutators." if len(rows) > _MUTATORS else ""),
        categories=[str(each["mutator"]).partition(".")[0] for each in rows[:_MUTATORS]],
    )


def _common(document: Mapping[str, Any]) -> Grid:
    return Grid(
        id="common",
        title="What fails in both: neither of the two helps there",
        heads=("mutator", "both fail", "pairs"),
        rows=[(each["mutator"], f"{each['both']:,}", f"{each['pairs']:,}") for each in document["common"]],
        categories=[str(each["category"]) for each in document["common"]],
    )
