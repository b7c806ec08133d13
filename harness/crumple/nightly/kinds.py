"""Kinds of failure that are new or gone on the same recipes, and those that only tonight's new recipes show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crumple.findings.status import Known, concealed
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair

_SHOWN = 20
_CONCEALED = re.compile(r" #[0-9a-f]{12}\Z")


def kinds(
    pairs: Iterable[Pair], every: Iterable[Call], fresh: Sequence[Call], known: Sequence[Known], met: Iterable[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """The kinds of failure by what is new about them, the most frequent first.

    Args:
        pairs: the calls that were compared.
        every: all calls of the baseline: a kind that it has elsewhere is not new.
        fresh: the calls of tonight's new recipes.
        known: findings.
        met: fingerprints that new recipes of earlier nights have shown.
    """
    own = [pair for pair in pairs if pair.before.mutator]
    before = _failing(pair.before for pair in own)
    now = _failing(pair.now for pair in own)
    had = set(_failing(every))
    seen = {*had, *now, *map(_mark, met)}
    new = {mark: calls for mark, calls in now.items() if mark not in had}
    gone = {mark: calls for mark, calls in before.items() if mark not in now}
    tonight = {
        mark: calls
        for mark, calls in _failing(fresh).items()
        if mark not in seen and not any(each.knows(calls[0].fingerprint) for each in known)
    }
    return {"new": _rows(new), "gone": _rows(gone), "tonight": _rows(tonight)}


def _failing(calls: Iterable[Call]) -> dict[str, list[Call]]:
    """By its fingerprint as a file under version control has it, so that what is told apart does not depend on that."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        if call.failure:
            found.setdefault(_mark(call.fingerprint), []).append(call)
    return found


def _mark(fingerprint: str) -> str:
    return fingerprint if _CONCEALED.search(fingerprint) else concealed(fingerprint)


def _rows(found: Mapping[str, Sequence[Call]]) -> list[dict[str, Any]]:
    rows = []
    # Of those that are as frequent the order in which answers came in is no order.
    for _, calls in sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))[:_SHOWN]:
        simplest = min(calls, key=lambda call: (call.level, call.case, str(call.recipe)))
        rows.append(
            {
                "fingerprint": simplest.fingerprint,
                "category": simplest.category,
                "count": len(calls),
                "replay": simplest.replay,
            }
        )
    return rows
