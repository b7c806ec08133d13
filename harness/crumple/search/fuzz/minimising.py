"""From a failure to its smallest cause: fewest steps, lowest level, fewest changes, simplest case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple.mutation.mutator import Mutator
from crumple.result import Result
from crumple.search.fuzz.asking import Ask, Asking

CAP = 60
"""How many calls a finding is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimised:
    """What minimising has come to.

    Attributes:
        state: "minimised", "not minimised", "flaky" or "not reproduced"; see `crumple.events.Discovery`.
        example: the simplest failure that keeps the fingerprint.
        tries: how often the example's recipe was called, the first time included.
        failed: how many of them failed so.
        others: failures of other fingerprints that were met on the way.
        why: see `state`.
    """

    state: str
    example: Result
    tries: int = 1
    failed: int = 1
    others: Sequence[Result] = ()
    why: str = ""


def minimising(
    failure: Result, mutators: Mapping[str, Mutator], cases: Sequence[str], cap: int = CAP
) -> Asking[Minimised]:
    """Make a failure smaller, call by call.

    Args:
        failure: the one that was met; its work has the recipe that was carried out.
        mutators: by their names.
        cases: ids of the other cases of that kind that pass clean, the simplest first.
        cap: how many calls may be asked for.
    """
    assert failure.verdict is not None
    again = yield Ask(failure.work.case, failure.work.recipe)
    if again.verdict is not None and again.verdict.fingerprint == failure.verdict.fingerprint:
        return Minimised(state="minimised", example=failure, tries=2, failed=2)
    return Minimised(state="not reproduced", example=failure, tries=2, failed=1)
