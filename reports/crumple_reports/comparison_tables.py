"""The tables of a comparison, the same in every form of report. Figures only. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import excerpt
from crumple_reports.comparison_words import ALL, SURE, category_name, chance, difference, names_of, state_words
from crumple_reports.figures import cut_digests, interval, money, percent
from crumple_reports.grid import Grid

_ORDER: Final = ("right", "refused, as it may", "refused", "wrong", "crashed", "hung", "exhausted")
_MUTATORS: Final = 20
_REASON: Final = 160
_VALUE: Final = 60


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
        _contracts(document),
        _forecasts(document),
        _points(document),
        _mutators(document),
        _common(document),
        _calls(document),
        _alone(document),
        _sides(document),
        _differs(document),
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


def rate(figures: Mapping[str, Any], pairs: int) -> str:
    """A share in per cent with its interval: "31 (24-38)"; "-" of nothing."""
    if not pairs:
        return "-"
    return f"{percent(figures['rate']).removesuffix(' %')} ({interval(figures['low'], figures['high'])})"


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


def _contracts(document: Mapping[str, Any]) -> Grid:
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


def _forecasts(document: Mapping[str, Any]) -> Grid:
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


def _points(document: Mapping[str, Any]) -> Grid:
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


def _calls(document: Mapping[str, Any]) -> Grid:
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


def _alone(document: Mapping[str, Any]) -> Grid:
    a, b = names_of(document)
    return Grid(
        id="alone",
        title="Why the other calls have no partner",
        heads=("why", f"calls of {a}", f"calls of {b}"),
        rows=[(excerpt(each["why"], _REASON), f"{each['a']:,}", f"{each['b']:,}") for each in document["alone"]],
    )


def _sides(document: Mapping[str, Any]) -> Grid:
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


def _differs(document: Mapping[str, Any]) -> Grid:
    rows = [each for each in document["differs"] if each["what"] != "system"]
    return Grid(
        id="differs",
        title="What else is not the same",
        heads=("what", *names_of(document)),
        rows=[tuple(excerpt(each[name], _VALUE) for name in ("what", "a", "b")) for each in rows],
        names=3,
    )
