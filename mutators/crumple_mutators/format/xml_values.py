"""XML elements that stand twice, with two values."""

from __future__ import annotations

import html
import re
from typing import Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, Place, Span, Text, mutator
from crumple_mutators.format.edits import shares
from crumple_mutators.format.markup import XML, XML_ORDER, elements
from crumple_mutators.format.xml_structure import alone
from crumple_mutators.positions import some, spliced
from crumple_mutators.selection import chosen

_DIGITS: Final = re.compile(r"\d+")


@mutator(
    "format.xml_conflicting",
    truth="new",
    refusable_from=1,
    only=XML,
    share=shares("elements with text"),
    examples=[XML_ORDER],
)
def conflicting(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write elements twice with two values, as merged versions of a record and defaults that were left in do.

    Which is meant cannot be told: readers take the first, the last or both. Either is right, and refusing is
    acceptable. Only elements that are the single ones of their name change. Ladder: the shares of `form`.
    """
    value = text.value
    found = sorted(
        (child.whole, child.inner) for each in elements(value) if not each.mixed for child in alone(each, value)
    )
    some(found, "no element with text is the only one of its name")
    draws, first = rng.integers(1, 9, size=len(found)).tolist(), rng.integers(2, size=len(found)).tolist()
    spans, new, values = list[Span](), list[str](), dict[Place, Json]()
    for at in sorted(chosen(rng, len(found), share)):
        whole, inner = found[at]
        old = value[inner.start : inner.end]
        other = _other(old, draws[at])
        pair = (value[whole.start : whole.end], value[whole.start : inner.start] + other + value[inner.end : whole.end])
        spans.append(whole)
        new.append("".join(pair[::-1] if first[at] else pair))
        values[inner] = AnyOf(html.unescape(old), html.unescape(other))
    return Degraded(text.with_value(spliced(value, spans, new)), truth=Edit(values=values), touched=spans)


def _other(value: str, draw: int) -> str:
    """Another value that could stand there: other digits at its end, or a word more."""
    found = [each for each in _DIGITS.finditer(value) if not value[: each.start()].endswith("&#")]
    if not found:
        return f"{value.rstrip()} {draw}"
    last = found[-1]
    return f"{value[: last.end() - 1]}{(int(last[0][-1]) + draw) % 10}{value[last.end() :]}"
