"""The fields of a record that a mutator may act on, and a share of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from numpy.random import Generator

from crumple import AcroForm, AnyOf, Json, Ladder, NotApplicable, Pointer, Record
from crumple_mutators.selection import chosen

SHARE: Final = Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of fields", zero=0)
"""The catalogue's ladder for forms: one optional field, one required, 25 %, 50 %, all; at least one."""

APPLICATION: Final = (
    "application.json",
    """{
  "reference": "B-20418",
  "applicant": {"first_name": "Maria", "last_name": "Jensen", "born": "1984-03-05", "postcode": "50667"},
  "guarantor": {"first_name": "Peter", "last_name": "Jensen", "born": "12.11.1981", "postcode": "50667"},
  "email": "maria.jensen@example.org",
  "loan": {"amount": 12500.5, "months": 48, "approved": false},
  "employers": [{"name": "Northwind Services", "since": "2011-09-01"}, {"name": "Bolt Works", "since": null}],
  "notes": "Applicant asks for a decision by phone in the afternoon, because she works nights at the hospital."
}
""",
)
"""A filled form on which every mutator of records in this category can act."""

DATE: Final = re.compile(
    r"(?P<iso>[0-9]{4})-(?P<im>[0-9]{2})-(?P<id>[0-9]{2})"
    r"|(?P<first>[0-9]{2})(?P<mark>[./])(?P<second>[0-9]{2})(?P=mark)(?P<last>[0-9]{4})",
    re.ASCII,
)
"""A day as 1984-03-05, 05.03.1984 or 05/03/1984."""


def filled(record: Record, wanted: Callable[[Any], bool], lacking: str) -> dict[str, Any]:
    """The fields with a value of the wanted kind, by JSON pointer, in the record's order.

    Raises:
        NotApplicable: there are none; `lacking` is the reason.
    """
    found = {path: value for path, value in record.fields() if path and value not in (None, "") and wanted(value)}
    if not found:
        raise NotApplicable(lacking)
    return found


def fitting(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of new values by pointer, those that can be entered; the boxes of a PDF's form hold only so much."""
    if not isinstance(record, AcroForm):
        return dict(values)
    return {path: value for path, value in values.items() if record.takes(path, value)}


def entered(
    record: Record, rng: Generator, values: Mapping[str, Any], share: float, lacking: str = "no field would hold it"
) -> dict[str, Any]:
    """A share of the new values that can be entered, in the order drawn.

    Raises:
        NotApplicable: none can be; `lacking` is the reason.
    """
    held = fitting(record, values)
    if not held:
        raise NotApplicable(lacking)
    paths = list(held)
    return {paths[each]: held[paths[each]] for each in chosen(rng, len(paths), share)}


def pointers(paths: list[str]) -> list[Pointer]:
    """The places of fields, in order."""
    return [Pointer(path) for path in sorted(paths)]


def name_of(path: str) -> str:
    """A field's name as a form's label would show it: "/applicant/first_name" is "First name"."""
    named = [token for token in path.split("/")[1:] if not token.isdigit()]
    label = (named[-1] if named else "field").replace("~1", "/").replace("~0", "~").replace("_", " ")
    return label[:1].upper() + label[1:]


def is_text(value: object) -> bool:
    """Whether a field holds text."""
    return isinstance(value, str)


def is_number(value: object) -> bool:
    """Whether a field holds a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def day_of(written: str, *, month_first: bool = False) -> dt.date | None:
    """The day that a date like `DATE` says; None where there is no such day."""
    match = DATE.fullmatch(written)
    if match is None:
        return None
    day, month = (match["second"], match["first"]) if month_first else (match["first"], match["second"])
    parts = (match["iso"], match["im"], match["id"]) if match["iso"] else (match["last"], month, day)
    try:
        return dt.date(*map(int, parts))
    except ValueError:
        return None


def as_read(written: Json) -> Json:
    """What a reader may make of a value: of 03/04/2024, the day in March or in April."""
    if not isinstance(written, str) or "/" not in written or not DATE.fullmatch(written):
        return written
    days = [day_of(written), day_of(written, month_first=True)]
    found = dict.fromkeys(day.isoformat() for day in days if day is not None)
    return AnyOf(written, *found) if len(found) > 1 else written
