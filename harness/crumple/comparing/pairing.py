"""The same case and the same recipe in both runs; and why the other calls have no partner. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final

from crumple.comparing.sides import Called, Side
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair

_OTHER_BYTES: Final = "its recipe makes other bytes in the other run (another corpus, mutators or libraries)"


@dataclass(frozen=True, slots=True)
class Paired:
    """What can be compared of a case, and what cannot.

    Attributes:
        first: what the first has called.
        second: what the second has.
        pairs: the first's call as "before", the second's as "now".
        alone: why -> how many calls of the first, and of the second, have no partner.
    """

    first: Called
    second: Called
    pairs: list[Pair] = field(default_factory=list)
    alone: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))


def case_by_case(first: Side, second: Side) -> Iterator[Paired]:
    """The calls of one run beside those of the other, of every case that either has tried."""
    mine = ((name, 0, called) for name, called in first.cases())
    theirs = ((name, 1, called) for name, called in second.cases())
    for _, found in groupby(merge(mine, theirs, key=itemgetter(0)), key=itemgetter(0)):
        own = {at: called for _, at, called in found}
        yield pair_up(own.get(0) or Called(), own.get(1) or Called(), first, second)


def pair_up(mine: Called, theirs: Called, first: Side, second: Side) -> Paired:
    """Put what one run made of a case beside what the other did.

    Where both know the digest of the degraded document it must be the same: only the same bytes are a pair.
    """
    found = Paired(mine, theirs)
    of_first, of_second = found.alone
    for key, call in mine.calls.items():
        partner = theirs.calls.get(key)
        if partner is None:
            of_first[_why(call, theirs, first, second)] += 1
        elif call.digest and partner.digest and call.digest != partner.digest:
            of_first[_OTHER_BYTES] += 1
            of_second[_OTHER_BYTES] += 1
        else:
            found.pairs.append(Pair(call, partner))
    for key, call in theirs.calls.items():
        if key not in mine.calls:
            of_second[_why(call, mine, second, first)] += 1
    return found


def _why(call: Call, called: Called, own: Side, other: Side) -> str:
    """Why the other run, which has called this of its case, has not made this call."""
    key = call.key
    if key in called.void:
        return "it came to nothing in the other run, through no fault of the system"
    if key in called.skipped:
        return "it does not apply in the other run"
    clean = called.clean(call.case)
    if clean is None:
        return "its case was not tried in the other run"
    if not call.mutator:
        return "it was not called in the other run"
    if clean.failure:
        return "its case fails clean in the other run"
    if call.mutator not in other.document["mutators"]:
        return "its mutator was not called in the other run"
    levels = other.about.get("levels") or ()
    if levels and call.level not in levels:
        return "its level was not asked for in the other run"
    if own.about.get("seed") != other.about.get("seed"):
        return "the other run has another seed, and so other calls"
    return "the other run ended before it, or chose another document in its place"
