"""How often what fails, as every item that fails says it: by category, or by mutator where there is but one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple.contract.amounts import percent

_HEADS: Final = ("documents", "failed", "silent", "rate", "95 % interval")
_COUNTS: Final = ("runs", "failures", "silent")
_ROWS: Final = 12


def failure_table(document: Mapping[str, Any]) -> list[str]:
    """The lines of the table, worst first; [] where no round of degraded documents became whole.

    Args:
        document: of a run.
    """
    what = "category"
    found = {name: each for name, each in document["categories"].items() if each["runs"]}
    if len(found) == 1:
        what, found = "mutator", {name: each for name, each in document["mutators"].items() if each["runs"]}
    if not found:
        return []
    ranked = sorted(found.items(), key=lambda named: (-(named[1]["rate"] or 0.0), -named[1]["failures"], named[0]))
    # Mutators are many, and those that nothing fails on are named elsewhere.
    shown = [each for each in ranked if what == "category" or each[1]["failures"]][:_ROWS]
    rows = [(what, *_HEADS), *((name, *_counts([each]), *_rate(each)) for name, each in shown)]
    if rest := [each for _, each in ranked[len(shown) :]]:
        rows.append((f"{len(rest)} {'more' if shown else 'mutators'}", *_counts(rest), "", ""))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]


def _counts(each: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{sum(figures[name] for figures in each):,}" for name in _COUNTS]


def _rate(each: Mapping[str, Any]) -> tuple[str, str]:
    if each["rate"] is None:
        return "-", "-"
    return percent(each["rate"]), f"{100 * each['low']:.1f}-{100 * each['high']:.1f} %"
