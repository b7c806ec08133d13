"""Money that nobody reckoned with."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Edit, Json, Ladder, NotApplicable, Place, Span, Text, mutator
from crumple_mutators.positions import spliced
from crumple_mutators.scope.strangers import INVOICE

_CODES: Final = re.compile(r"(?<![A-Za-z])(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD)(?![A-Za-z])")
_SIGNS: Final = re.compile(r"[€£¥$₹₽₺₩₴]")


@mutator(
    "scope.unserved_currency",
    truth="new",
    refusable_from=1,
    currency=Ladder("HUF", "ISK", "GEL", "XAF", "KWD", unit="ISO 4217"),
    examples=[INVOICE, ("order.json", '{"total": 1234.5, "currency": "EUR"}\n')],
)
def unserved_currency(text: Text, currency: str, rng: Generator) -> Degraded[Text]:
    """Write another currency wherever the document names its own, as a new branch abroad does.

    The amounts stay, the currency is the new one; refusing is acceptable. Ladder: ISO 4217, from everyday in Europe to
    currencies with three decimals and of several countries; a first guess.
    """
    found = [Span(*each.span()) for each in _CODES.finditer(text.value)]
    if not found or _SIGNS.search(text.value):
        raise NotApplicable("it does not name its currency by ISO codes alone")
    values: dict[Place, Json] = dict.fromkeys(found, currency)
    return Degraded(text.with_value(spliced(text.value, found, [currency] * len(found))), Edit(values=values))
