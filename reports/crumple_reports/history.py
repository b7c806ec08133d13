"""Runs and nights one after the other, on a terminal: what became of each, and how the rates of each category went."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from crumple import excerpt, visible
from crumple_reports.figures import count, cut_digests, interval, points
from crumple_reports.page import BAD, PLAIN, Page

_BLOCKS: Final = ("▁▂▃▄▅▆▇█", "·")
_DIGITS: Final = ("0123456789", ".")
_TOPS: Final = (0.05, 0.1, 0.2, 0.5, 1.0)
"""What a scale may end at."""
_ALARMING: Final = frozenset({"worse", "void"})
_BEGINNING: Final = 8
_VERSION: Final = 12
_NAME: Final = 20
_LEAST_TREND: Final = 8
_WIDEST_BAR: Final = 40
_CHANGES: Final = {
    "configuration": "config",
    "the cases drawn": "cases",
    "the judge": "judge",
    "crumple and its libraries": "crumple",
    "the system's version": "system",
}
"""What has changed since the run before, in a word."""


def render(
    document: Mapping[str, Any], *, width: int = 100, color: bool = False, unicode: bool = True, category: str = ""
) -> str:
    """The whole of it as text.

    Args:
        document: what `crumple history --json` writes; a run may have "began", when that was as it is to be shown.
        width: cells across.
        color: whether the text may hold colours.
        unicode: whether it may hold blocks and dots; without, a trend is written in digits.
        category: the one to show run by run; "": all of them, in a line each.
    """
    page = Page(width, color)
    page.line(_headline(document))
    page.line()
    if category:
        _one_category(page, document, category, unicode=unicode)
    else:
        _runs(page, document)
        for plan in document["plans"]:
            _plan(page, document, plan, unicode=unicode)
    page.line()
    for text in _remarks(document, category):
        page.line(text)
    return str(page)


def _headline(document: Mapping[str, Any]) -> str:
    shown, stored = len(document["runs"]), document.get("stored") or 0
    kinds = {each["kind"] for each in document["runs"]}
    what = "run" if kinds == {"run"} else "night" if kinds == {"night"} else "run and night"
    plural = "runs and nights" if what == "run and night" else ""
    of = f"The newest {shown:,} of {count(stored, what, plural)}" if stored > shown else count(stored, what, plural)
    return f"{of} in {visible(document['store'])}, the oldest first."


def _remarks(document: Mapping[str, Any], category: str) -> list[str]:
    """What the figures are about, and what is not among them."""
    baselines = {bool(each["baseline"]) for each in document["plans"]}
    said = ["failed %: of all degraded calls of that run."] if not category else []
    if not category and True in baselines:
        said.append(
            "A trend beside a baseline is about the baseline's documents, the same every night, and begins with the "
            "baseline itself: what it was."
        )
    if False in baselines:
        said.append("A rate is that of the run's own report, on the documents that it drew.")
    if len(document["plans"]) > 1:
        said.append("Hold only runs of one plan against each other: others have other documents, mutators or levels.")
    started = [each["started"] for each in document["runs"] if each["started"]]
    if started != sorted(started):
        said.append("A clock was set back between some of them; they are in the order in which they were stored.")
    without = sum(not each["categories"].get(category) for each in document["runs"]) if category else 0
    if without:
        said.append(f"{without:,} of them {'has' if without == 1 else 'have'} no figure of {visible(category)}.")
    if unread := sum(bool(each.get("unread")) for each in document["runs"]):
        said.append(f"{count(unread, 'run')} of another crumple's making cannot be read, and has no figures here.")
    if removed := document.get("removed"):
        said.append(f"{count(removed, 'run')} that the store had {'is' if removed == 1 else 'are'} gone: pruned.")
    if others := document.get("others"):
        are = f"{count(others, 'search', 'searches')} {'is' if others == 1 else 'are'}"
        said.append(f"{are} not shown, for a search has no rates; crumple runs lists them.")
    return [" ".join(said)] if said else []


def _runs(page: Page, document: Mapping[str, Any]) -> None:
    """A line for each; where that is too wide, columns are left out from the last one on."""
    rows = document["runs"]
    several = len(document["plans"]) > 1
    columns: dict[str, list[str]] = {"began": [_began(each) for each in rows]}
    if several:
        columns["plan"] = [each["plan"] for each in rows]
    columns["kind"] = [each["kind"] for each in rows]
    columns["state"] = [visible(each["state"]) for each in rows]
    left_out = ["id", "changed", "system", "contract"]
    columns["contract"] = [visible(each["contract"]) or "-" for each in rows]
    columns["system"] = [_version(each["system"]) for each in rows]
    if any(each["changed"] for each in rows):
        columns["changed"] = [", ".join(_CHANGES.get(name, visible(name)) for name in each["changed"]) for each in rows]
    columns["id"] = [visible(each["id"]) for each in rows]
    figures = {"calls": [f"{each['calls']:,}" for each in rows]}
    figures["failed %"] = [points(_all(each)) for each in rows]
    while left_out and not _fits(page, columns | figures):
        columns.pop(left_out.pop(0), None)
    # Words stand left and figures right, and the id is there to be copied.
    ordered = {**columns, **figures}
    cells = list(zip(*ordered.values(), strict=True))
    page.table(list(ordered), cells, styles=[_style(each["state"]) for each in rows], names=len(columns))


def _fits(page: Page, columns: Mapping[str, Sequence[str]]) -> bool:
    return page.fits(list(columns), list(zip(*columns.values(), strict=True)))


def _plan(page: Page, document: Mapping[str, Any], plan: Mapping[str, Any], *, unicode: bool) -> None:
    """How each category went, run by run of a plan; nothing of a single run, which `crumple show` shows better."""
    rows = [each for each in document["runs"] if each["plan"] == plan["plan"]]
    if len(rows) < 2 and not plan["baseline"]:
        return
    named = [name for name in plan["categories"] if any(_figure(each, name) is not None for each in rows)]
    if not named:
        return
    heads, cells = _trends(page.width, rows, named, plan, unicode=unicode)
    page.heading(_title(document, plan))
    page.table(heads, cells, styles=[_style(str(row[-1])) for row in cells], names=2)


def _trends(
    width: int, rows: Sequence[Mapping[str, Any]], named: Sequence[str], plan: Mapping[str, Any], *, unicode: bool
) -> tuple[list[str], list[list[str]]]:
    beside = bool(plan["baseline"])
    heads = ["category", "trend", "was %", "now %", "scale %"]
    heads += ["state"] if beside else []
    cells = []
    for name in named:
        shares = [_figure(each, name) for each in rows]
        first = _before(rows, name) if beside else next(each for each in shares if each is not None)
        drawn = [first, *shares] if beside else shares
        top = _top(drawn)
        row = [excerpt(name, _NAME), _sparkline(drawn, top, unicode=unicode), points(first), points(shares[-1])]
        cells.append([*row, f"0-{top * 100:g}", *([_said(rows[-1], name)] if beside else [])])
    others = sum(max(len(row[at]) for row in [heads, *cells]) for at in range(len(heads)) if at != 1)
    room = max(_LEAST_TREND, width - others - 2 * (len(heads) - 1))
    if len(cells[0][1]) > room:
        heads[1] = f"newest {room}"
    return heads, [[row[0], row[1][-room:], *row[2:]] for row in cells]


def _title(document: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    letter = f"Plan {plan['plan']}: " if len(document["plans"]) > 1 else ""
    if plan["baseline"]:
        run = f", run {visible(plan['baseline_run'])}" if plan["baseline_run"] else ""
        what = f"{count(plan['runs'], 'night')} beside the baseline{run}"
    else:
        what = f"{count(plan['runs'], plan['kind'])} on {excerpt(plan['corpus'], _NAME * 2) or 'one corpus'}"
    return f"{letter}{what}: failures by category"


def _one_category(page: Page, document: Mapping[str, Any], category: str, *, unicode: bool) -> None:
    """One category, a line for each run, with its interval drawn."""
    rows = [each for each in document["runs"] if category in each["categories"]]
    several = len(document["plans"]) > 1
    found = [each["categories"][category] for each in rows]
    top = _top([each["high"] if each["low"] is not None else each["rate"] for each in found])
    columns = {"began": [_began(each) for each in rows]}
    if several:
        columns["plan"] = [each["plan"] for each in rows]
    columns["state"] = [_said(each, category) or visible(each["state"]) for each in rows]
    figures = {
        "failed": [f"{each['failures']:,} of {each['runs']:,}" if each["runs"] else "-" for each in found],
        "rate %": [points(each["rate"]) for each in found],
        "95 %": [_interval(each) for each in found],
    }
    if any(each["paired"] for each in found):
        figures["same documents"] = [_paired(each["paired"]) for each in found]
    while len(figures) > 2 and not _fits(page, columns | figures):
        figures.popitem()
    head = f"0-{top * 100:g} %"
    widths = [max(map(len, [name, *cells])) for name, cells in (columns | figures).items()]
    room = min(_WIDEST_BAR, page.width - sum(widths) - 2 * (len(widths) + 1))
    if room >= len(head):
        columns[head] = [_bar(each, top, room, unicode=unicode) for each in found]
    ordered = {**columns, **figures}
    page.table(
        list(ordered),
        list(zip(*ordered.values(), strict=True)),
        styles=[_style(columns["state"][at]) for at in range(len(rows))],
        names=len(columns),
    )


def _paired(paired: Mapping[str, Any] | None) -> str:
    """The baseline's documents: how many failed then, and how many now."""
    return f"{paired['before']:,} -> {paired['now']:,} of {paired['pairs']:,}" if paired and paired["pairs"] else "-"


def _interval(figures: Mapping[str, Any]) -> str:
    low, high = figures["low"], figures["high"]
    return "-" if low is None or high is None or figures["rate"] is None else interval(low, high)


def _bar(figures: Mapping[str, Any], top: float, room: int, *, unicode: bool) -> str:
    """A rate in its interval, on a scale from 0."""
    rate, low, high = figures["rate"], figures["low"], figures["high"]
    if rate is None:
        return ""
    low, high = (rate, rate) if low is None or high is None else (low, high)
    line, mark = ("─", "●") if unicode else ("-", "o")
    first, at, last = (min(room - 1, int(each / top * (room - 1) + 0.5)) for each in (low, rate, high))
    return " " * first + line * (at - first) + mark + line * (last - at)


def _sparkline(shares: Sequence[float | None], top: float, *, unicode: bool) -> str:
    """A sign for each share; what is not 0 is never drawn as 0."""
    signs, none = _BLOCKS if unicode else _DIGITS
    highest = len(signs) - 1
    return "".join(
        none
        if each is None
        else signs[0]
        if each == 0
        else signs[max(1, min(highest, math.ceil(each / top * highest)))]
        for each in shares
    )


def _top(shares: Sequence[float | None]) -> float:
    """Where a scale ends that all of them are on."""
    highest = max((each for each in shares if each is not None), default=0.0)
    return next((top for top in _TOPS if highest <= top), _TOPS[-1])


def _figure(row: Mapping[str, Any], name: str) -> float | None:
    """What a trend is made of: of a night the share of the baseline's documents, of a run its rate."""
    found = row["categories"].get(name)
    if found is None:
        return None
    if not row["baseline"]:
        rate: float | None = found["rate"]
        return rate
    paired = found["paired"]
    return paired["now"] / paired["pairs"] if paired and paired["pairs"] else None


def _before(rows: Sequence[Mapping[str, Any]], name: str) -> float | None:
    """The share of documents that failed in the baseline, as the newest night that was compared has it."""
    for row in reversed(rows):
        paired = row["categories"].get(name, {}).get("paired")
        if paired and paired["pairs"]:
            return float(paired["before"] / paired["pairs"])
    return None


def _said(row: Mapping[str, Any], name: str) -> str:
    """What a night was said to be in a category."""
    if name in row["drift"]:
        return "worse"
    paired = row["categories"].get(name, {}).get("paired")
    return visible(paired["state"]) if paired else ""


def _all(row: Mapping[str, Any]) -> float | None:
    """The share of degraded calls that failed."""
    found = row["categories"].get("all")
    rate: float | None = found["rate"] if found else None
    return rate


def _began(row: Mapping[str, Any]) -> str:
    return visible(str(row.get("began") or row["started"][:16].replace("T", " ")))


def _version(system: str) -> str:
    """A version in a few characters; of a digest how it begins."""
    return excerpt(cut_digests(system, _BEGINNING), _VERSION) or "-"


def _style(state: str) -> str:
    return BAD if state in _ALARMING else PLAIN
