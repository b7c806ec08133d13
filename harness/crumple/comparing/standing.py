"""Which of the two fails less, by category, so seldom wrong as was asked for; and what it would take to tell. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from crumple.nightly.baseline import ALL, CLEAN, Call
from crumple.nightly.comparison import Compared, compared
from crumple.nightly.pairs import Pair
from crumple.outcome import Outcome
from crumple.statistics.difference import paired_difference, pairs_to_tell
from crumple.statistics.multiple import holm
from crumple.statistics.paired import log_evidence_worse, mcnemar_worse
from crumple.statistics.rates import wilson

ALPHA: Final = 0.05
"""How often, where the two do not differ, any row may say so: of failures, and of silent ones by themselves; half of it
for each direction."""


def standings(pairs: Mapping[str, Sequence[Pair]], *, adaptive: bool) -> list[dict[str, Any]]:
    """A row for every category, for clean calls, and for all of them together, which is the first.

    "worse" and "better" are said of the second. Which rows are is decided with all rows in mind.

    Args:
        pairs: category -> its pairs.
        adaptive: whether which calls there are depended on what earlier ones had shown. Then p-values are those of a
            test that holds whenever it is stopped.

    Source: exact McNemar tests with Holm's procedure (`nightly.comparison.compared`); where calls were chosen
    adaptively the evidence of `statistics.paired.log_evidence_worse`, of which 1 / evidence is a p-value at any time.
    """
    failures, silent = _judged(pairs, adaptive=adaptive), _judged(_silently(pairs), adaptive=adaptive)
    together = {**pairs, ALL: [pair for own in pairs.values() for pair in own]}
    order = sorted(failures, key=lambda name: (name != ALL, name != CLEAN, name))
    return [_row(failures[name], silent[name], together[name]) for name in order]


def _judged(pairs: Mapping[str, Sequence[Pair]], *, adaptive: bool) -> dict[str, Compared]:
    rows = compared(pairs, list(pairs), ALPHA / 2)
    if adaptive:
        rows = _at_any_time(rows)
    least = fewest_to_tell(adaptive=adaptive)
    return {each.category: _told(each, least) for each in rows}


def _told(row: Compared, least: int) -> Compared:
    """A row as it reads from either side: whether it could have been told has nothing to do with which is the first."""
    if row.state in {"worse", "better"}:
        return row
    if row.pairs >= least:
        return replace(row, state="same", why="")
    why = f"it takes {least} pairs at least to tell the two apart, and there are {row.pairs}"
    return replace(row, state="unknown", why=why if row.pairs else "there is no pair")


def fewest_to_tell(*, adaptive: bool) -> int:
    """How many pairs, all of which turn out for the same of the two, tell them apart in one row alone."""
    count = 1
    while (_anytime(count, 0) if adaptive else mcnemar_worse(count, 0)) > ALPHA / 2:
        count += 1
    return count


def _at_any_time(rows: Sequence[Compared]) -> list[Compared]:
    """The same rows by a test that calls which depend on earlier ones do not deceive."""
    values = [
        (_anytime(len(each.worse), len(each.better)), _anytime(len(each.better), len(each.worse))) for each in rows
    ]
    worse = holm([p / (ALPHA / 2) for p, _ in values])
    better = holm([p / (ALPHA / 2) for _, p in values])
    made = []
    for each, (p_worse, p_better), is_worse, is_better in zip(rows, values, worse, better, strict=True):
        state = "worse" if is_worse else "better" if is_better else "same"
        made.append(replace(each, state=state, p=min(1.0, 2 * min(p_worse, p_better))))
    return made


def _anytime(more: int, less: int) -> float:
    return min(1.0, math.exp(-log_evidence_worse(more, less))) if more + less else 1.0


def _silently(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, list[Pair]]:
    """The same pairs, where only a silent failure is one."""
    return {name: [Pair(_silent(each.before), _silent(each.now)) for each in own] for name, own in pairs.items()}


def _silent(call: Call) -> Call:
    silent = is_silent(call)
    return call if call.failure == silent else replace(call, failure=silent)


def is_silent(call: Call) -> bool:
    """Whether a call failed so that nobody would notice: an answer, no complaint, and wrong."""
    return call.failure and call.outcome is Outcome.WRONG


def _row(failures: Compared, silent: Compared, pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "category": failures.category,
        "pairs": failures.pairs,
        "both_right": failures.pairs - failures.before - len(failures.worse),
        **_measured(failures),
        "silent": _measured(silent),
        "outcomes": outcomes(pairs),
    }


def _measured(row: Compared) -> dict[str, Any]:
    only_b, only_a = len(row.worse), len(row.better)
    low, high = paired_difference(only_b, only_a, row.pairs)
    return {
        "state": row.state,
        "both": row.before - only_a,
        "only_a": only_a,
        "only_b": only_b,
        "a": _rate(row.before, row.pairs),
        "b": _rate(row.now, row.pairs),
        "difference": {"value": (only_b - only_a) / row.pairs if row.pairs else None, "low": low, "high": high},
        "p": row.p,
        "why": row.why,
        "enough": pairs_to_tell(only_b, only_a, row.pairs) if row.state in {"same", "unknown"} else None,
    }


def _rate(failures: int, pairs: int) -> dict[str, Any]:
    rate = failures / pairs if pairs else None
    low, high = wilson(rate or 0.0, pairs)
    return {"failures": failures, "rate": rate, "low": low, "high": high}


def outcomes(pairs: Iterable[Pair]) -> dict[str, dict[str, int]]:
    """How the first ended -> how the second ended -> how many pairs. A refusal that is no failure is named apart."""
    table: dict[str, dict[str, int]] = {}
    for each in pairs:
        row = table.setdefault(said_outcome(each.before), {})
        name = said_outcome(each.now)
        row[name] = row.get(name, 0) + 1
    return table


def said_outcome(call: Call) -> str:
    """How a call ended, in a word or two."""
    if call.outcome is Outcome.REFUSED and not call.failure:
        return "refused, as it may"
    return str(call.outcome)
