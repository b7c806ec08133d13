"""Which failures have one cause."""

from __future__ import annotations

from collections.abc import Sequence

from crumple.events import Discovery
from crumple.result import Result


def same_cause(result: Result, discoveries: Sequence[Discovery]) -> Discovery | None:
    """The discovery that a failure is another example of; None: it is of a new kind."""
    assert result.verdict is not None
    mark = result.verdict.fingerprint
    return next((each for each in discoveries if mark in each.fingerprints), None)
