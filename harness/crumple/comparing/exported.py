"""The pairs of a comparison as flat rows, for people's own analysis. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crumple.comparing.ends import end_of
from crumple.comparing.pairing import case_by_case
from crumple.comparing.sides import Side
from crumple.findings.status import concealed
from crumple.nightly.pairs import Pair


def rows(first: Side, second: Side, *, quotes: bool) -> Iterator[dict[str, Any]]:
    """Each pair: what was called, and what became of it in both; seconds and money are those of single calls.

    Args:
        first: one run, read case by case.
        second: the other.
        quotes: whether fingerprints may quote what stands in documents and answers.
    """
    for paired in case_by_case(first, second):
        yield from (_row(each, quotes=quotes) for each in paired.pairs)


def _row(pair: Pair, *, quotes: bool) -> dict[str, Any]:
    call = pair.now
    row: dict[str, Any] = {
        "kind": "degraded" if call.mutator else "clean",
        "case": call.case,
        "category": call.category if call.mutator else None,
        "mutator": call.mutator or None,
        "level": call.level if call.mutator else None,
        "recipe": str(call.recipe) if call.mutator else None,
        "digest": call.digest or None,
    }
    for side, made in (("a", pair.before), ("b", pair.now)):
        row |= {
            f"{side}_outcome": str(made.outcome),
            f"{side}_failure": made.failure,
            f"{side}_silent": end_of(made).silent,
            f"{side}_fingerprint": (made.fingerprint if quotes else concealed(made.fingerprint)) or None,
            f"{side}_seconds": made.seconds,
            f"{side}_cost": made.cost,
        }
    return row
