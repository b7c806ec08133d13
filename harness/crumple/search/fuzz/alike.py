"""Whether a failure on the way to the smallest one is still the same failure."""

from __future__ import annotations

from collections.abc import Iterable

from crumple.judges.options import general
from crumple.outcome import Outcome, Verdict
from crumple.result import Result

_MORE = "..."
_WHOLE = "answer"


def alike(result: Result, failure: Result) -> bool:
    """Whether two failures have one fingerprint, or are wrong in the same fields, in whatever manner."""
    one, other = result.verdict, failure.verdict
    if one is None or other is None or not one.failure:
        return False
    if one.fingerprint == other.fingerprint:
        return True
    fields = named(one.fingerprint)
    same = one.outcome is other.outcome and fields is not None and fields == named(other.fingerprint)
    return same and _fields(one) == _fields(other)


def within(result: Result, failure: Result) -> bool:
    """Whether a failure by less of the same damage is the same one, or less of it: some of its fields."""
    one, other = result.verdict, failure.verdict
    if one is None or other is None or not one.failure:
        return False
    if one.fingerprint == other.fingerprint:
        return True
    comparable = named(one.fingerprint) is not None and named(other.fingerprint) is not None
    return comparable and one.outcome is other.outcome and _fields(one) <= _fields(other)


def accounted_for(failure: Result, parts: Iterable[Result]) -> bool:
    """Whether failures by some of a recipe's steps account for all that the whole of it shows.

    They do where every field that the whole has wrong, or leaves out, one of them has wrong or leaves out too.
    """
    whole = failure.verdict
    if whole is None or named(whole.fingerprint) is None:
        return False
    failed = [each.verdict for each in parts if each.verdict is not None and each.verdict.failure]
    comparable = [each for each in failed if named(each.fingerprint) is not None]
    shown = {general(path) for each in comparable for path in (*each.wrong, *each.abstained)}
    return bool(comparable) and _fields(whole) <= shown


def named(fingerprint: str) -> frozenset[str] | None:
    """The fields that the fingerprint of an answer that is wrong or leaves fields out names; None: it is another's.

    The field of an answer without fields is "".
    """
    outcome, _, rest = fingerprint.partition(" ")
    if outcome == Outcome.REFUSED and rest.startswith("no "):
        names = ["" if each == _WHOLE else each for each in rest.removeprefix("no ").split(", ")]
    elif outcome == Outcome.WRONG:
        names = (rest[: rest.rfind("(")].rstrip() if rest.endswith(")") else rest).split(", ")
    else:
        return None
    whole = names == [""]
    return frozenset(names) if whole or all(each.startswith("/") or each == _MORE for each in names) else None


def _fields(verdict: Verdict) -> frozenset[str]:
    """The fields that are wrong, or where none is those that are left out, without indices."""
    return frozenset(general(path) for path in verdict.wrong or verdict.abstained)
