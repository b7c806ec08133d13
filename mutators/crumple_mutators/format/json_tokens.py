"""The tokens of a JSON text, and a document on which every mutator of JSON can act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crumple import Span

JSON: Final = ("application/json",)
LINES: Final = ("application/x-ndjson",)
JSONS: Final = (*JSON, *LINES)

ORDER: Final = (
    "order.json",
    """{
  "number": "A-2024/117",
  "date": "2024-03-05",
  "customer": {"name": "Zoë Müller", "city": "Málaga", "phone": null},
  "id": 20417,
  "express": true,
  "lines": [
    {"description": "Oak table, 27\\" wide", "quantity": 12, "unit_price": 4.5, "amount": 54.0},
    {"description": "Chair", "quantity": 4, "unit_price": 99.95, "amount": 399.8}
  ],
  "note": "Deliver in the morning.\\nRing twice, please.",
  "total": 453.8
}
""",
)
"""An order on which every mutator of JSON can act."""

# A string that is never closed runs to the end, so that it is looked through once.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)'
_TOKEN = re.compile(
    rf'(?P<key>{_STRING}(?=\s*:))|(?P<string>{_STRING})|(?P<mark>[{{}}\[\],:])|(?P<word>[^\s{{}}\[\],:"]+)', re.DOTALL
)


def tokens(value: str) -> Iterator[re.Match[str]]:
    """Every token of a JSON text; `lastgroup` says what it is: "key", "string", "mark" or "word"."""
    return _TOKEN.finditer(value)


def places(value: str, *kinds: str) -> list[Span]:
    """Where the tokens of some kinds stand."""
    return [Span(*token.span()) for token in tokens(value) if token.lastgroup in kinds]
