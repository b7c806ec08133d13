"""The same case and the same recipe in both runs; and why the other calls have no partner. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple.comparing.sides import Side
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair


@dataclass(frozen=True, slots=True)
class Paired:
    """What can be compared, and what cannot.

    Attributes:
        pairs: category -> its pairs, the first's call as "before", the second's as "now"; "clean" is one.
        alone: why -> how many calls of the first, and of the second, have no partner.
    """

    pairs: Mapping[str, Sequence[Pair]]
    alone: Mapping[str, tuple[int, int]]

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return sum(map(len, self.pairs.values()))

    @property
    def degraded(self) -> int:
        """How many of them are of degraded documents."""
        return sum(len(own) for name, own in self.pairs.items() if name != "clean")


def pair_up(first: Side, second: Side) -> Paired:
    """Put the calls of one run beside those of the other.

    Where both know the digest of the degraded document it must be the same: only the same bytes are a pair.
    """
    pairs: dict[str, list[Pair]] = {}
    alone: dict[str, list[int]] = {}
    other_bytes = "its recipe makes other bytes in the other run (another corpus, mutators or libraries)"
    for key, call in first.calls.items():
        partner = second.calls.get(key)
        if partner is None:
            alone.setdefault(_why(call, first, second), [0, 0])[0] += 1
        elif call.digest and partner.digest and call.digest != partner.digest:
            for at in (0, 1):
                alone.setdefault(other_bytes, [0, 0])[at] += 1
        else:
            pairs.setdefault(call.category, []).append(Pair(call, partner))
    for key, call in second.calls.items():
        if key not in first.calls:
            alone.setdefault(_why(call, second, first), [0, 0])[1] += 1
    ranked = sorted(alone.items(), key=lambda each: -sum(each[1]))
    return Paired(pairs, {why: (mine, theirs) for why, (mine, theirs) in ranked})


def _why(call: Call, own: Side, other: Side) -> str:
    """Why the other run has not made this call."""
    key = call.key
    if key in other.void:
        return "it came to nothing in the other run, through no fault of the system"
    if key in other.skipped:
        return "it does not apply in the other run"
    clean = other.clean(call.case)
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
