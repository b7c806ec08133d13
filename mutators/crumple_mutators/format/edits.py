"""A share of the places of a text, each written anew: what most mutators of formats do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, Span, Text
from crumple_mutators.positions import drawn, some, spliced

SHARES: Final = (0.02, 0.1, 0.25, 0.5, 1.0)
"""The catalogue's ladder for forms, taken over for formats: one place, a tenth, a quarter, half, all."""


def shares(what: str) -> Ladder:
    """That ladder, for a share of `what`."""
    return Ladder(*SHARES, unit=f"share of {what}", zero=0)


def rewritten(
    text: Text, spans: Sequence[Span], share: float, rng: Generator, written: Callable[[int], str], lacking: str
) -> Degraded[Text]:
    """The text with a share of some rising places written anew; the answer stays the same.

    Args:
        text: it is not modified.
        spans: the places that could be written anew.
        share: of them, at least one.
        rng: one order of the places is drawn, whatever the share.
        written: what a place, by its index, is written as.
        lacking: why nothing can be done where there are no places.

    Raises:
        NotApplicable: there are no places.
    """
    some(spans, lacking)
    hit = drawn(rng, len(spans), share).tolist()
    places = [spans[each] for each in hit]
    return Degraded(text.with_value(spliced(text.value, places, map(written, hit))), touched=places)
