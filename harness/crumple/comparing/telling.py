"""The documents on which two systems differ most usefully, and what fails in both. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Final, TypeAlias

from crumple.buckets import example
from crumple.comparing.ends import End, Ends, counts, end_of
from crumple.comparing.sides import Key, Side
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair
from crumple.outcome import Outcome
from crumple.result import Result

SHOWN: Final = 12
"""At most so many documents of which only one of the two fails, for each."""
_COMMON: Final = 12
_EACH: Final = 4
"""So many of one kind before others have their turn."""
_HELD: Final = 16 * SHOWN

_Worse: TypeAlias = dict[int, list[Pair]]
"""Kind of difference -> pairs, of which one side is worse."""


class ToLookAt:
    """The documents of which only one of the two fails, or fails worse: as many as may be shown, out of however many.

    Silent failures where the other is right come first, some where the other complains, and some other failures; of
    each mutator in turn, at the lowest level.
    """

    def __init__(self) -> None:
        """None yet."""
        self._found: tuple[_Worse, _Worse] = ({}, {})

    def add(self, pair: Pair) -> None:
        """Take in a pair of which one fails, or both do."""
        for found, sides in zip(self._found, (_second, _first), strict=True):
            failing, other = sides(pair)
            if not dealt_worse(failing, other):
                continue
            own = found.setdefault(_kind(failing, other), [])
            own.append(pair)
            if len(own) == _HELD:
                own[:] = _in_turn(own)  # whatever is still to come: there will never be fewer before the others

    def shown(self) -> list[Pair]:
        """Those that the second deals with worse than the first, then those that the first does."""
        return [each for found in self._found for each in _mixed(found)]


def _second(pair: Pair) -> tuple[Call, Call]:
    return pair.now, pair.before


def _first(pair: Pair) -> tuple[Call, Call]:
    return pair.before, pair.now


def dealt_worse(call: Call, other: Call) -> bool:
    """Whether one failed and the other did not, or one failed silently and the other with a complaint."""
    return call.failure and (not other.failure or (end_of(call).silent and not end_of(other).silent))


def _kind(failing: Call, other: Call) -> int:
    return (not end_of(failing).silent) * 2 + (other.failure or other.outcome is not Outcome.RIGHT)


def _order(pair: Pair) -> tuple[float, str, str]:
    """The simplest come first."""
    return pair.now.level, *pair.now.key


def simpler(pair: Pair, other: Pair) -> Pair:
    """The one of two that is easier to understand."""
    return min(pair, other, key=_order)


def _in_turn(pairs: Iterable[Pair]) -> list[Pair]:
    """Of one kind those that the mutators have in turn, the simplest first; no more than are shown."""
    times: Counter[str] = Counter()
    ranked = []
    for each in sorted(pairs, key=_order):
        ranked.append((times[each.now.mutator], each))
        times[each.now.mutator] += 1
    return [each for _, each in sorted(ranked, key=itemgetter(0))[:SHOWN]]


def _mixed(found: _Worse) -> list[Pair]:
    """Some of each kind."""
    ranked = [
        (place // _EACH, kind, place, each)
        for kind, pairs in found.items()
        for place, each in enumerate(_in_turn(pairs))
    ]
    return [each for *_, each in sorted(ranked, key=itemgetter(0, 1, 2))[:SHOWN]]


def told(pair: Pair, first: Mapping[Key, Result], second: Mapping[Key, Result]) -> dict[str, Any]:
    """A document and what became of it in both.

    Args:
        pair: the two calls.
        first: the results of the first run that are shown, by case and recipe.
        second: those of the second.
    """
    call = pair.now
    return {
        "case": call.case,
        "recipe": str(call.recipe),
        "replay": call.replay,
        "mutator": call.mutator,
        "category": call.category,
        "level": call.level,
        "worse": "b" if dealt_worse(call, pair.before) else "a",
        "digest": call.digest,
        "a": _ended(pair.before, first),
        "b": _ended(pair.now, second),
    }


def _ended(call: Call, results: Mapping[Key, Result]) -> dict[str, Any]:
    found = results.get(call.key)
    return {
        "outcome": end_of(call).said,
        "failure": call.failure,
        "seconds": call.seconds,
        "cause": call.cause,
        "fingerprint": call.fingerprint,
        "example": example(found) if found is not None and call.failure else None,
    }


def in_common(ends: Mapping[str, Ends], simplest: Mapping[str, Pair]) -> list[dict[str, Any]]:
    """The mutators under which both fail, the commonest first: neither of the two helps there.

    Args:
        ends: mutator -> how its pairs ended.
        simplest: mutator -> a document on which both fail.
    """
    found = {name: counts(ends[name], _failed) for name in simplest}
    ranked = sorted(found.items(), key=lambda named: (-named[1].both, named[0]))
    return [
        {
            "mutator": name,
            "category": simplest[name].now.category,
            "both": own.both,
            "pairs": own.pairs,
            "replay": simplest[name].now.replay,
        }
        for name, own in ranked[:_COMMON]
    ]


def by_mutator(ends: Mapping[str, Ends]) -> list[dict[str, Any]]:
    """Of each mutator how many pairs there are, and which of the two failed; where they differ most comes first."""
    found = {name: counts(own, _failed) for name, own in ends.items() if name}
    rows = [
        {
            "mutator": name,
            "pairs": own.pairs,
            "both_right": own.pairs - own.both - own.worse - own.better,
            "only_b": own.worse,
            "only_a": own.better,
            "both": own.both,
        }
        for name, own in found.items()
    ]
    return sorted(rows, key=lambda row: (-abs(row["only_a"] - row["only_b"]), row["mutator"]))


def _failed(end: End) -> bool:
    return end.failure


def flaky(side: Side) -> int | None:
    """How many documents failed in some of their repetitions and not in others; None where nothing was repeated."""
    if int(side.about.get("repeat") or 1) < 2:
        return None
    return sum(int(each.get("flaky") or 0) for each in side.document["categories"].values())
