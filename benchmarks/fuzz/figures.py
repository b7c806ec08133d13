"""The tables of the benchmark: systems, aims, and what was found that is not the planted bug."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.fuzz.planted import ROBUST, Planted
from benchmarks.fuzz.searching import Found, Searched
from benchmarks.output import Output

NEVER = float("inf")


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that so many of them do not pass; what was never found counts as infinite."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else NEVER


def report(output: Output, systems: Sequence[Planted], results: Sequence[Searched], calls: int) -> bool:
    """Print the tables; whether every aim is met."""
    by_name = {each.name: [one for one in results if one.system == each.name] for each in systems}
    planted = [each for each in systems if each.kind != ROBUST]
    seeds = len({each.seed for each in results})
    output.say(f"Searches of {calls} calls, {seeds} {'seed' if seeds == 1 else 'seeds'} a system:")
    output.table(
        [
            "system",
            "reads",
            "bug",
            "trigger",
            "met",
            "listed",
            "calls (median)",
            "worst",
            "category right",
            "findings",
            "shared",
            "false",
        ],
        [_row(each, by_name[each.name]) for each in systems],
    )
    met = _aims(output, planted, [one for each in planted for one in by_name[each.name]], results)
    _others(output, results)
    return met


def _others(output: Output, results: Sequence[Searched]) -> None:
    """What is not the planted bug, by what was seen of it."""
    others = [(each, one) for each in results for one in each.findings if not one.is_planted]
    if not others:
        return
    output.say("Findings on which the sound twin fails as well, by what was seen by eye:")
    rows = []
    for is_true, seen in dict.fromkeys((one.is_true, one.seen) for _, one in others):
        own = [(each, one) for each, one in others if one.seen == seen]
        systems = sorted({each.system for each, _ in own})
        example = min((one.recipe for _, one in own), key=len)
        rows.append([seen, "true" if is_true else "false", f"{len(own)}", ", ".join(systems), f"`{example}`"])
    output.table(["", "alarm", "findings", "systems", "such as"], sorted(rows))


def _row(system: Planted, searches: Sequence[Searched]) -> list[str]:
    after = [each.after or NEVER for each in searches]
    found = [one for each in searches for one in each.findings]
    bugs = [one for one in found if one.is_planted]
    right = sum(bool(set(one.categories) & set(system.categories)) for one in bugs)
    robust = system.kind == ROBUST
    return [
        f"{system.name}{' (unseen)' if system.unseen else ''}",
        system.format,
        system.kind,
        system.trigger,
        "" if robust else f"{sum(each.after is not None for each in searches)} of {len(searches)}",
        "" if robust else f"{sum(any(one.is_planted for one in each.findings) for each in searches)}",
        "" if robust else _number(statistics.median(after)),
        "" if robust else _number(max(after)),
        "" if robust else f"{right} of {len(bugs)}",
        f"{len(found)}",
        f"{sum(one.is_true and not one.is_planted for one in found)}",
        f"{sum(not one.is_true for one in found)}",
    ]


def _number(value: float) -> str:
    return "never" if value == NEVER else f"{value:g}"


def _aims(output: Output, planted: Sequence[Planted], searches: Sequence[Searched], all_of: Sequence[Searched]) -> bool:
    """Each aim beside what was measured."""
    rows: list[tuple[str, str, str, bool]] = []
    names = [each.name for each in planted]
    medians = {
        name: statistics.median([each.after or NEVER for each in searches if each.system == name]) for name in names
    }
    found = sum(median < NEVER for median in medians.values())
    met = [each for each in searches if each.after is not None]
    listed = sum(any(one.is_planted for one in each.findings) for each in met)
    rows.append(("systems whose bug is met, by the median seed", f"{len(names)}", f"{found}", found == len(names)))
    rows.append(("searches that list the bug that they met", "all", _share(listed, len(met)), listed == len(met)))
    for trigger in ("", "common", "one position"):
        own = [each.name for each in planted if trigger in ("", each.trigger)]
        after = [each.after or NEVER for each in searches if each.system in own]
        if after:
            middle, most = statistics.median(after), quantile(after, 0.9)
            aim = "10" if not trigger else ""
            what = f"calls until it is, median and 90th percentile{f', {trigger}' if trigger else ''}"
            rows.append((what, aim, f"{_number(middle)}, {_number(most)}", bool(trigger) or middle <= 10))
    findings = [one for each in all_of for one in each.findings]
    true = sum(one.is_true for one in findings)
    rows.append(("alarms that are true", "95 %", _share(true, len(findings)), true >= 0.95 * len(findings)))
    bugs = [(each.system, one) for each in searches for one in each.findings if one.is_planted]
    categories = {each.name: set(each.categories) for each in planted}
    right = sum(bool(set(one.categories) & categories[name]) for name, one in bugs)
    rows.append(("category right", "all", _share(right, len(bugs)), right == len(bugs)))
    rows += _minimised([one for _, one in bugs if one.state == "minimised"], len(bugs))
    output.table(["", "aim", "measured", ""], [[*row[:3], "" if row[3] else "missed"] for row in rows])
    return all(row[3] for row in rows)


def _minimised(bugs: Sequence[Found], among: int) -> list[tuple[str, str, str, bool]]:
    suffices = [one for one in bugs if one.steps == 1 or not one.needs_all]
    single = sum(one.steps == 1 for one in suffices)
    told = [one for one in bugs if one.within is not None]
    within = sum(one.within is True for one in told)
    spent = [one.calls for one in bugs]
    middle = statistics.median(spent) if spent else NEVER
    most = quantile(spent, 0.9)
    return [
        ("findings of the bug that are minimised", "", _share(len(bugs), among), True),
        ("one step, where one suffices", "90 %", _share(single, len(suffices)), single >= 0.9 * len(suffices)),
        ("level within 10 % of the threshold", "", _share(within, len(told)), True),
        ("calls of minimising, median and 90th percentile", "40", f"{_number(middle)}, {_number(most)}", middle <= 40),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.0%})" if whole else "")
