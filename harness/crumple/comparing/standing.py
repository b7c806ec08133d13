"""Which of the two fails less, by category, so seldom wrong as was asked for; and what it would take to tell. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from crumple.comparing.ends import Ends, counts, outcomes
from crumple.nightly.baseline import ALL, CLEAN
from crumple.nightly.comparison import Compared, Counts, compared
from crumple.statistics.difference import paired_difference, pairs_to_tell
from crumple.statistics.multiple import holm
from crumple.statistics.paired import log_evidence_worse, mcnemar_worse
from crumple.statistics.rates import wilson

ALPHA: Final = 0.05
"""How often, where the two do not differ, any row may say so: of failures, and of silent ones by themselves; half of it
for each direction."""


def standings(ends: Mapping[str, Ends], *, adaptive: bool) -> list[dict[str, Any]]:
    """A row for every category, for clean calls, and for all of them together, which is the first.

    "worse" and "better" are said of the second. Which rows are is decided with all rows in mind.

    Args:
        ends: category -> how its pairs ended.
        adaptive: whether which calls there are depended on what earlier ones had shown. Then p-values are those of a
            test that holds whenever it is stopped.

    Source: exact McNemar tests with Holm's procedure (`nightly.comparison.compared`); where calls were chosen
    adaptively the evidence of `statistics.paired.log_evidence_worse`, of which 1 / evidence is a p-value at any time.
    """
    failures = _judged({name: counts(own, lambda end: end.failure) for name, own in ends.items()}, adaptive=adaptive)
    silent = _judged({name: counts(own, lambda end: end.silent) for name, own in ends.items()}, adaptive=adaptive)
    together = {**ends, ALL: sum(ends.values(), Counter())}
    order = sorted(failures, key=lambda name: (name != ALL, name != CLEAN, name))
    return [_row(failures[name], silent[name], together[name]) for name in order]


def _judged(found: Mapping[str, Counts], *, adaptive: bool) -> dict[str, Compared]:
    rows = compared(found, list(found), ALPHA / 2)
    if adaptive:
        rows = _at_any_time(rows)
    least = fewest_to_tell(adaptive=adaptive)
    return {each.category: _told(each, least) for each in rows}


def _told(row: Compared, least: int) -> Compared:
    """A row as it reads from either side: whether it could have been told has nothing to do with which is the first."""
    if row.state in {"worse", "better"}:
        return row
    pairs = row.counts.pairs
    if pairs >= least:
        return replace(row, state="same", why="")
    why = f"it takes {least} pairs at least to tell the two apart, and there are {pairs}"
    return replace(row, state="unknown", why=why if pairs else "there is no pair")


def fewest_to_tell(*, adaptive: bool) -> int:
    """How many pairs, all of which turn out for the same of the two, tell them apart in one row alone."""
    count = 1
    while (_anytime(count, 0) if adaptive else mcnemar_worse(count, 0)) > ALPHA / 2:
        count += 1
    return count


def _at_any_time(rows: Sequence[Compared]) -> list[Compared]:
    """The same rows by a test that calls which depend on earlier ones do not deceive."""
    found = [(each.counts.worse, each.counts.better) for each in rows]
    values = [(_anytime(worse, better), _anytime(better, worse)) for worse, better in found]
    worse = holm([p / (ALPHA / 2) for p, _ in values])
    better = holm([p / (ALPHA / 2) for _, p in values])
    made = []
    for each, (p_worse, p_better), is_worse, is_better in zip(rows, values, worse, better, strict=True):
        state = "worse" if is_worse else "better" if is_better else "same"
        made.append(replace(each, state=state, p=min(1.0, 2 * min(p_worse, p_better))))
    return made


def _anytime(more: int, less: int) -> float:
    return min(1.0, math.exp(-log_evidence_worse(more, less))) if more + less else 1.0


def _row(failures: Compared, silent: Compared, ends: Ends) -> dict[str, Any]:
    found = failures.counts
    return {
        "category": failures.category,
        "pairs": found.pairs,
        "both_right": found.pairs - found.before - found.worse,
        **_measured(failures),
        "silent": _measured(silent),
        "outcomes": outcomes(ends),
    }


def _measured(row: Compared) -> dict[str, Any]:
    found = row.counts
    only_b, only_a, pairs = found.worse, found.better, found.pairs
    low, high = paired_difference(only_b, only_a, pairs)
    return {
        "state": row.state,
        "both": found.before - only_a,
        "only_a": only_a,
        "only_b": only_b,
        "a": _rate(found.before, pairs),
        "b": _rate(found.now, pairs),
        "difference": {"value": (only_b - only_a) / pairs if pairs else None, "low": low, "high": high},
        "p": row.p,
        "why": row.why,
        "enough": pairs_to_tell(only_b, only_a, pairs) if row.state in {"same", "unknown"} else None,
    }


def _rate(failures: int, pairs: int) -> dict[str, Any]:
    rate = failures / pairs if pairs else None
    low, high = wilson(rate or 0.0, pairs)
    return {"failures": failures, "rate": rate, "low": low, "high": high}
