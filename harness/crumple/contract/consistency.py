"""Limits that contradict each other, or of which one can never bind; found before anything is called. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crumple.contract.limits import Limit, Metric


@dataclass(frozen=True, slots=True)
class Clash:
    """One limit that cannot stand beside another.

    Attributes:
        limit: its number in the contract, from 0: the one that is to be changed.
        other: the number of the one that it cannot stand beside.
        why: in a clause, without the other's number.
        hint: what to do.
    """

    limit: int
    other: int
    why: str
    hint: str


def clashes(limits: Sequence[Limit]) -> Iterator[Clash]:
    """Every pair of limits that cannot both be meant, the later one complained of unless the earlier is the void one.

    Limits of one subject and one kind of documents are held against each other. Damage up to a higher level never does
    less, and a silent failure is a failure; that is all that is presumed.
    """
    for (one, first), (two, second) in itertools.combinations(enumerate(limits), 2):
        if (first.of, first.about) != (second.of, second.about):
            continue
        if first.metric is second.metric:
            yield from _alike(one, first, two, second)
        else:
            yield from _silent(one, first, two, second)


def _alike(one: int, first: Limit, two: int, second: Limit) -> Iterator[Clash]:
    """Two limits on the same metric of the same subject."""
    if first.up_to_level == second.up_to_level:
        if first.bound != second.bound:
            yield Clash(two, one, "it contradicts", "There can be but one bound: remove one of the two.")
        elif first.confidence != second.confidence:
            yield Clash(
                two,
                one,
                "but for the confidence it is the same as",
                "The higher confidence includes the other.",
            )
        else:
            yield Clash(two, one, "it is the same as", "Remove one of the two.")
        return
    (narrow, inner), (wide, outer) = sorted(((one, first), (two, second)), key=lambda pair: pair[1].up_to_level)
    if not _looser(outer, inner) and outer.confidence >= inner.confidence:
        yield Clash(
            narrow,
            wide,
            "it can never be broken before",
            f"That one asks for as much or more, up to level {outer.up_to_level:g}: be stricter here, or remove it.",
        )


def _looser(limit: Limit, than: Limit) -> bool:
    return limit.bound < than.bound if limit.metric.at_least else limit.bound > than.bound


def _silent(one: int, first: Limit, two: int, second: Limit) -> Iterator[Clash]:
    """A silent failure is a failure: a limit on silent ones must be below the one on all of them."""
    of = {limit.metric: (number, limit) for number, limit in ((one, first), (two, second))}
    if set(of) != {Metric.FAILURES, Metric.SILENT}:
        return
    (all_, failures), (number, silent) = of[Metric.FAILURES], of[Metric.SILENT]
    narrower = silent.up_to_level <= failures.up_to_level and silent.confidence <= failures.confidence
    if narrower and silent.bound >= failures.bound:
        yield Clash(
            number,
            all_,
            "it can never be broken before",
            "Every silent failure is a failure, and no more of those are allowed: allow fewer, or remove it.",
        )
