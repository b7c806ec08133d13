"""Drawings of plain SVG shapes, which `templates/charts.html` writes: where everything stands is worked out here. Pure.

A drawing is 320 units wide, so that it is read at its own size on a phone; colours are classes of `style/charts.css`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

WIDTH: Final = 320.0
Anchor: TypeAlias = Literal["start", "middle", "end"]
Scale: TypeAlias = Callable[[float], float]
"""From a value to where it stands."""

_TOPS: Final = (0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc."""

    x: float
    y: float
    radius: float
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word or figure; `y` is its base line."""

    x: float
    y: float
    text: str
    anchor: Anchor = "middle"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, and the sentence that says the same.

    Attributes:
        label: for those who do not see it.
        height: in units; it is as wide as `width`.
    """

    label: str
    height: float
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()
    width: float = WIDTH


def between(low: float, high: float, start: float, end: float) -> Scale:
    """A scale on which `low` stands at `start` and `high` at `end`; what lies outside stands at its end."""
    span = high - low or 1.0

    def at(value: float) -> float:
        share = min(1.0, max(0.0, (value - low) / span))
        return round(start + share * (end - start), 1)

    return at


def decades(low: float, high: float, start: float, end: float) -> Scale:
    """The same by orders of magnitude, of values above 0."""
    line = between(math.log10(low), math.log10(high), start, end)
    return lambda value: line(math.log10(value)) if value > 0 else round(start, 1)


def top_of(shares: Iterable[float]) -> float:
    """Where a scale from 0 ends that all of some shares are on."""
    highest = max(shares, default=0.0)
    return next((top for top in _TOPS if highest <= top), 1.0)


def whisker(low: float, high: float, across: float, kind: str, *, upright: bool = False) -> tuple[Line, ...]:
    """An interval as a line with an end piece at each side.

    Args:
        low: where it begins.
        high: where it ends.
        across: where it stands on the other axis.
        kind: its class.
        upright: whether it runs up and down.
    """
    ends = [(low, across - 3, low, across + 3), (high, across - 3, high, across + 3), (low, across, high, across)]
    if upright:
        ends = [(y1, x1, y2, x2) for x1, y1, x2, y2 in ends]
    return tuple(Line(*each, kind) for each in ends)


def without_unit(values: Sequence[str]) -> tuple[list[str], str]:
    """Values such as "0.5 deg" without the unit that they have in common, and that; "" where they have none."""
    parts = [each.partition(" ") for each in values]
    if len({rest for *_, rest in parts}) == 1:
        return [value for value, *_ in parts], parts[0][2]
    if len({first for first, *_ in parts}) == 1:
        return [rest for *_, rest in parts], parts[0][0]
    return list(values), ""
