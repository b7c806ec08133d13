"""The pairs of a comparison as flat rows, for people's own analysis. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crumple.comparing.pairing import Paired
from crumple.comparing.standing import is_silent
from crumple.findings.status import concealed


def rows(paired: Paired, *, quotes: bool) -> Iterator[dict[str, Any]]:
    """Each pair: what was called, and what became of it in both; seconds and money are those of single calls.

    Args:
        paired: the calls.
        quotes: whether fingerprints may quote what stands in documents and answers.
    """
    for category, own in paired.pairs.items():
        for pair in own:
            call = pair.now
            row: dict[str, Any] = {
                "kind": "degraded" if call.mutator else "clean",
                "case": call.case,
                "category": category if call.mutator else None,
                "mutator": call.mutator or None,
                "level": call.level if call.mutator else None,
                "recipe": str(call.recipe) if call.mutator else None,
                "digest": call.digest or None,
            }
            for side, made in (("a", pair.before), ("b", pair.now)):
                row |= {
                    f"{side}_outcome": str(made.outcome),
                    f"{side}_failure": made.failure,
                    f"{side}_silent": is_silent(made),
                    f"{side}_fingerprint": (made.fingerprint if quotes else concealed(made.fingerprint)) or None,
                    f"{side}_seconds": made.seconds,
                    f"{side}_cost": made.cost,
                }
            yield row
