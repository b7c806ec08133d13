"""Whether a failure on the way to the smallest one is still the same failure."""

from __future__ import annotations

from collections.abc import Iterable

from crumple.judges.options import general
from crumple.outcome import Outcome
from crumple.result import Result

_MORE = "..."


def alike(result: Result, failure: Result) -> bool:
    """Whether two failures have one fingerprint, or are wrong in the same fields, in whatever manner."""
    one, other = result.verdict, failure.verdict
    if one is None or other is None or not one.failure:
        return False
    if one.fingerprint == other.fingerprint:
        return True
    fields = named(one.fingerprint)
    return fields is not None and _MORE not in fields and fields == named(other.fingerprint)


def within(result: Result, failure: Result) -> bool:
    """Whether a failure by fewer changes of the same steps is the same one, or less of it: some of its fields."""
    one, other = result.verdict, failure.verdict
    if one is None or other is None or not one.failure or one.outcome is not other.outcome:
        return False
    if alike(result, failure):
        return True
    if named(one.fingerprint) is None or named(other.fingerprint) is None:
        return False
    return fields_of(result) <= fields_of(failure)


def accounted_for(failure: Result, parts: Iterable[Result]) -> bool:
    """Whether failures by some of a recipe's steps account for all that the whole of it shows.

    They do where every field that the whole has wrong, or leaves out, some of them has wrong or leaves out too.
    """
    if failure.verdict is None or named(failure.verdict.fingerprint) is None:
        return False
    failed = [each for each in parts if each.verdict is not None and each.verdict.failure]
    shown: set[str] = set()
    for each in failed:
        assert each.verdict is not None
        if named(each.verdict.fingerprint) is not None:
            shown |= fields_of(each)
    return bool(failed) and fields_of(failure) <= shown


def named(fingerprint: str) -> frozenset[str] | None:
    """The fields that a fingerprint of a wrong answer or of one with fields left out names; None: it is another's.

    An answer without fields is the field "".
    """
    outcome, _, rest = fingerprint.partition(" ")
    if outcome == Outcome.REFUSED and rest.startswith("no "):
        return frozenset(rest.removeprefix("no ").split(", "))
    if outcome != Outcome.WRONG:
        return None
    fields = rest[: rest.rfind("(")].rstrip() if rest.endswith(")") else rest
    names = fields.split(", ")
    if names == [""] or all(each.startswith("/") or each == _MORE for each in names):
        return frozenset(names)
    return None


def fields_of(result: Result) -> frozenset[str]:
    """The fields that are wrong or left out, without their indices."""
    verdict = result.verdict
    assert verdict is not None
    own = frozenset(general(path) for path in (*verdict.wrong, *verdict.abstained))
    fields = named(verdict.fingerprint) or frozenset()
    if verdict.outcome is Outcome.REFUSED:
        return own
    return own | (fields - {_MORE})
