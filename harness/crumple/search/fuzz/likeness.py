"""Whether a failure by less damage is still the same, while fields may be wrong in another manner than before."""

from __future__ import annotations

from crumple.judges.signs import Signs, read
from crumple.result import Result
from crumple.search.fuzz.causes import keeps


def in_all_fields(failure: Result, again: Result) -> bool:
    """Whether a failure by fewer steps has the same fields wrong; the same fingerprint where it names none."""
    marks = _marks(failure, again)
    if marks is None:
        return False
    was, now = marks
    if not was.fields or not now.fields:
        return keeps(failure, again)
    return was.outcome == now.outcome and was.more == now.more and was.fields.keys() == now.fields.keys()


def in_some_fields(failure: Result, again: Result) -> bool:
    """Whether a failure by less of what the same steps do has no other fields wrong, in whatever manner.

    A value that is garbled by a little damage is another one by more.
    """
    marks = _marks(failure, again)
    if marks is None:
        return False
    was, now = marks
    if not was.fields or not now.fields:
        return keeps(failure, again)
    return was.outcome == now.outcome and (was.more or now.fields.keys() <= was.fields.keys())


def _marks(failure: Result, again: Result) -> tuple[Signs, Signs] | None:
    """What the two show; None where the second is no failure."""
    if failure.verdict is None or again.verdict is None or not again.verdict.failure:
        return None
    return read(failure.verdict.fingerprint), read(again.verdict.fingerprint)
