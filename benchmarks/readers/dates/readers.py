"""Readers of dates."""

from __future__ import annotations

from typing import Any

import dummies


def dateparser_date(document: bytes) -> dict[str, Any]:
    """dateparser.parse."""
    import dateparser

    found = dateparser.parse(document.decode().strip())
    return {"date": found.date().isoformat() if found else None}


def dateutil_date(document: bytes) -> dict[str, Any]:
    """dateutil.parser.parse."""
    from dateutil import parser

    return {"date": parser.parse(document.decode().strip()).date().isoformat()}


READERS = ("dateparser_date", "dateutil_date")
constant = dummies.constant({"date": "2024-01-01"})
echo, refuses = dummies.echo, dummies.refuses
loses_half, shuffles = dummies.loses_half(dateparser_date), dummies.shuffles(dateparser_date)
