"""Addresses as other countries write them."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Text, Truth, mutator
from crumple_mutators.language.prose import Prose, in_order
from crumple_mutators.language.restating import either
from crumple_mutators.selection import chosen

_CODE: Final = (
    r"(?:\d{4} [A-Z]{2}(?![^\W\d_])|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}"
    r"|(?:[A-Z]{1,2}-)?(?!(?:19|20)\d\d(?!\d))\d{4,6})"
)
_TOWN: Final = r"[^\W\d_a-z][^\W\d_]{1,24}(?:[ '’-][^\W\d_]{1,24}){0,4}"
_LINE: Final = re.compile(
    r"(?m)(?:^|(?<=[:：] )|(?<=[>\t|\",;]))"
    rf"(?:(?P<first>{_CODE}) (?P<town>{_TOWN})|(?P<place>{_TOWN}),? (?P<last>{_CODE}))"
    r"(?=[ \t]*(?:$|[\r\t|,;\"]))"
)


@mutator(
    "language.address_order",
    truth="new",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such lines", zero=0),
    examples=[("address.txt", "Maria Jensen\nHauptstraße 5\n10115 Berlin\n\nTo: Wien 1010\n")],
)
def address_order(text: Text, share: float, rng: Generator, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put the postcode on the other side of the town ("Berlin 10115"), as foreign forms and carriers do.

    The line is right in either order, and so are its parts. Acts on lines, cells and values that hold nothing else.
    Ladder: a first guess, uncalibrated.
    """
    prose = Prose.of(text)
    found = prose.find(_LINE)
    if not found:
        raise NotApplicable("it holds no line of a postcode and a town")
    changes = {}
    for match in (found[each] for each in chosen(rng, len(found), share)):
        new = f"{match['town']} {match['first']}" if match["first"] else f"{match['last']} {match['place']}"
        changes[Span(match.start(), match.end())] = new
    return Degraded(prose.replaced(changes), either(text.value, changes, truth), touched=in_order(changes))
