"""The documents on which two systems differ most usefully, and what fails in both. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from crumple.buckets import example
from crumple.comparing.sides import Side
from crumple.comparing.standing import is_silent, said_outcome
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair
from crumple.result import Result

SHOWN: Final = 12
"""At most so many documents of which only one of the two fails, for each."""
_COMMON: Final = 12
_EACH: Final = 4
"""So many of one kind before others have their turn."""


def to_look_at(pairs: Iterable[Pair]) -> list[Pair]:
    """The documents that the second deals with worse than the first, then those that the first does.

    Silent failures where the other is right come first, some where the other complains, and some other failures; of
    each mutator in turn, at the lowest level.
    """
    pairs = list(pairs)
    return [
        *_in_turn([each for each in pairs if dealt_worse(each.now, each.before)], lambda pair: (pair.now, pair.before)),
        *_in_turn([each for each in pairs if dealt_worse(each.before, each.now)], lambda pair: (pair.before, pair.now)),
    ]


def dealt_worse(call: Call, other: Call) -> bool:
    """Whether one failed and the other did not, or one failed silently and the other with a complaint."""
    return call.failure and (not other.failure or (is_silent(call) and not is_silent(other)))


def _in_turn(pairs: Sequence[Pair], sides: Callable[[Pair], tuple[Call, Call]]) -> list[Pair]:
    """Some of each kind, of each kind those that the mutators have in turn."""

    def kind(pair: Pair) -> int:
        failing, other = sides(pair)
        return (not is_silent(failing)) * 2 + (other.failure or str(other.outcome) != "right")

    def order(pair: Pair) -> tuple[float, str, str]:
        failing, _ = sides(pair)
        return failing.level, *failing.key

    times: dict[tuple[int, str], int] = {}
    kinds: dict[int, list[tuple[int, Pair]]] = {}
    for each in sorted(pairs, key=order):
        own = kind(each), each.now.mutator
        times[own] = times.get(own, 0) + 1
        kinds.setdefault(own[0], []).append((times[own], each))
    ranked = [
        (place // _EACH, of, place, each)
        for of, found in kinds.items()
        for place, (_, each) in enumerate(sorted(found, key=lambda row: row[0]))
    ]
    return [each for *_, each in sorted(ranked, key=lambda row: row[:3])[:SHOWN]]


def told(
    pair: Pair, first: Mapping[tuple[str, str], Result], second: Mapping[tuple[str, str], Result]
) -> dict[str, Any]:
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


def _ended(call: Call, results: Mapping[tuple[str, str], Result]) -> dict[str, Any]:
    found = results.get(call.key)
    return {
        "outcome": said_outcome(call),
        "failure": call.failure,
        "seconds": call.seconds,
        "cause": call.cause,
        "fingerprint": call.fingerprint,
        "example": example(found) if found is not None and call.failure else None,
    }


def in_common(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """The mutators under which both fail, the commonest first: neither of the two helps there."""
    found: dict[str, list[Pair]] = {}
    tried: dict[str, int] = {}
    for each in pairs:
        name = each.now.mutator
        tried[name] = tried.get(name, 0) + 1
        if each.before.failure and each.now.failure:
            found.setdefault(name, []).append(each)
    ranked = sorted(found.items(), key=lambda named: (-len(named[1]), named[0]))
    return [
        {
            "mutator": name,
            "category": own[0].now.category,
            "both": len(own),
            "pairs": tried[name],
            "replay": min(own, key=lambda pair: (pair.now.level, *pair.now.key)).now.replay,
        }
        for name, own in ranked[:_COMMON]
    ]


def by_mutator(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """Of each mutator how many pairs there are, and which of the two failed; where they differ most comes first."""
    counts: dict[str, list[int]] = {}
    for each in pairs:
        if each.now.mutator:
            own = counts.setdefault(each.now.mutator, [0, 0, 0, 0])
            own[2 * each.before.failure + each.now.failure] += 1
    rows = [
        {"mutator": name, "pairs": sum(own), "both_right": own[0], "only_b": own[1], "only_a": own[2], "both": own[3]}
        for name, own in counts.items()
    ]
    return sorted(rows, key=lambda row: (-abs(row["only_a"] - row["only_b"]), row["mutator"]))


def flaky(side: Side) -> int | None:
    """How many documents failed in some of their repetitions and not in others; None where nothing was repeated."""
    if int(side.about.get("repeat") or 1) < 2:
        return None
    return sum(int(each.get("flaky") or 0) for each in side.document["categories"].values())


def wanted(pairs: Iterable[Pair]) -> frozenset[tuple[str, str]]:
    """The keys of the calls whose results are shown."""
    return frozenset(each.now.key for each in pairs)
