"""Customer and town from a record; the number checks itself, and the town goes with the postal code.

The bug: a town that is null, or no text, raises AttributeError.
"""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks.fuzz.reading import decoded

KIND, FORMAT, TRIGGER = "crash", "record", "one position"
CATEGORIES = ("form", "format")
FIELDS = ("/customer", "/town")


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not such a record."""


def _record(customer: str, name: str, street: str, code: str, town: str, sector: str) -> tuple[bytes, dict[str, Any]]:
    record = {
        "id": customer,
        "kind": "customer",
        "person": {"name": name, "language": "en", "title": "Dr"},
        "address": {"street": street, "code": code, "town": town, "country": "United Kingdom"},
        "contact": {"mail": f"office@{sector}.example", "phone": "+44 20 7946 0958", "fax": "+44 20 7946 0959"},
        "account": {"since": "2019-04-01", "terms": "30 days", "discount": "2.5 %", "sector": sector},
        "note": "prefers deliveries in the morning",
    }
    return (json.dumps(record, indent=2) + "\n").encode(), {"customer": customer, "town": town}


DOCUMENTS = {
    "customer-1.json": _record("C-1043-64", "Ruth Hamilton", "4 Mill Lane", "LS1 4AP", "Leeds", "printing"),
    "customer-2.json": _record("C-1077-09", "Owen Price", "18 Harbour Road", "SA1 2NA", "Swansea", "fishing"),
    "customer-3.json": _record("C-1102-34", "Grace Walker", "93 Station Street", "NR1 3QE", "Norwich", "joinery"),
    "customer-4.json": _record("C-1120-52", "Adam Fletcher", "1 Abbey Close", "YO1 7HU", "York", "bakery"),
    "customer-5.json": _record("C-1188-31", "Nora Sinclair", "27 Bridge Street", "AB11 6JN", "Aberdeen", "shipping"),
    "customer-6.json": _record("C-1204-47", "Peter Holloway", "60 Castle Hill", "PL1 2PB", "Plymouth", "brewing"),
}
TRIGGERED_BY = {"customer-1.json": DOCUMENTS["customer-1.json"][0].replace(b'"Leeds"', b"null")}
_TOWNS = {"LS": "Leeds", "SA": "Swansea", "NR": "Norwich", "YO": "York", "AB": "Aberdeen", "PL": "Plymouth"}


def _loaded(data: bytes) -> dict[str, Any]:
    try:
        record = json.loads(decoded(data))
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(record, dict) or record.get("kind") != "customer":
        raise Unreadable
    return record


def _customer(record: dict[str, Any]) -> str | None:
    """The customer's number, if its last two digits are what the others say."""
    value = record.get("id")
    found = re.fullmatch(r"C-(\d{4})-(\d\d)", value.strip(), re.ASCII) if isinstance(value, str) else None
    return found.group() if found and int(found[1]) % 89 == int(found[2]) else None


def _known(town: str, code: object) -> str | None:
    """The town, if it is the one that the postal code is of."""
    area = re.match(r"\s*([A-Z]+)", code) if isinstance(code, str) else None
    return town if area and _TOWNS.get(area[1]) == town else None


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    record = _loaded(data)
    address = record.get("address")
    if not isinstance(address, dict):
        return {"customer": _customer(record), "town": None}
    return {"customer": _customer(record), "town": _known(address.get("town", "").strip(), address.get("code"))}


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    record = _loaded(data)
    address = record.get("address")
    town = address.get("town") if isinstance(address, dict) else None
    if not isinstance(address, dict) or not isinstance(town, str):
        return {"customer": _customer(record), "town": None}
    return {"customer": _customer(record), "town": _known(town.strip(), address.get("code"))}
