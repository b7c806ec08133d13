"""Readers of amounts."""

from __future__ import annotations

import re
from typing import Any

import dummies


def price_parser_amount(document: bytes) -> dict[str, Any]:
    """price-parser."""
    from price_parser import Price

    amount = Price.fromstring(document.decode()).amount
    return {"amount": None if amount is None else float(amount)}


def python_float(document: bytes) -> dict[str, Any]:
    """What a first version does: digits and points, commas thrown away."""
    digits = re.sub(r"[^0-9.]", "", document.decode())
    return {"amount": float(digits)}


READERS = ("price_parser_amount", "python_float")
constant = dummies.constant({"amount": 100.0})
echo, refuses = dummies.echo, dummies.refuses
loses_half, shuffles = dummies.loses_half(price_parser_amount), dummies.shuffles(price_parser_amount)
