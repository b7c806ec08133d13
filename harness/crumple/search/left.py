"""How much a search has left to find, in a sentence that needs no statistics to be read. Pure."""

from __future__ import annotations

import math

from crumple.events import Explored

EARLY = 0.5
"""An upper bound above this is none."""
_FEW = 5
"""From 1 in so many calls on the bound is said so; above that as a share."""


def sentence(explored: Explored) -> str:
    """What is to be expected of further calls like those of the search: an upper bound, and what it rests on.

    Args:
        explored: how far the search has come; `high` is the upper end of a two-sided 95 % interval, so that less is
            said here than it bears.
    """
    if not explored.calls:
        return "No call has explored yet: nothing can be said of how much is left."
    if not explored.kinds:
        calls = "The one call" if explored.calls == 1 else f"None of {explored.calls:,} calls"
        shown = "has shown no failure" if explored.calls == 1 else "has shown a failure"
        return f"{calls} {shown}. With 95 % confidence, {bound(explored)} further calls of this search would show one."
    if explored.high > EARLY:
        return f"It is too early to say how much is left: {_once(explored)}."
    return (
        f"With 95 % confidence, {bound(explored)} further calls of this search would show a kind of failure that is "
        f"not listed here; {_once(explored)}."
    )


def _once(explored: Explored) -> str:
    """How many kinds rest on a single call."""
    if explored.kinds == 1:
        return f"the one kind that such calls have met was met {'once' if explored.once else 'more than once'}"
    were = "was" if explored.once <= 1 else "were"
    return f"{explored.once or 'none'} of the {explored.kinds} kinds that such calls have met {were} met once only"


def bound(explored: Explored) -> str:
    """The upper bound in words: "fewer than 1 in 130"; "up to 37 % of" where that is little comfort."""
    if explored.high * _FEW >= 1:
        return f"up to {math.ceil(round(explored.high * 100, 6))} % of"
    return f"fewer than 1 in {_two_digits(math.floor(1 / explored.high)):,}" if explored.high else "hardly any"


def _two_digits(number: int) -> int:
    """Rounded down to two digits that say something, for it is a bound."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return number // unit * unit
