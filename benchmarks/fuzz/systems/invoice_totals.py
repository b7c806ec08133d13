"""Total of an invoice in words and figures.

The bug: commas are taken out of the total, so that "1.234,50" is read as 1.2345.
"""

from __future__ import annotations

import re
from typing import Any

from benchmarks.fuzz.reading import decoded, labelled, number, only, tidy

KIND, FORMAT, TRIGGER = "silent wrong", "text", "one position"
CATEGORIES = ("language", "text", "combination")
FIELDS = ("/invoice", "/total")


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not an invoice, or its figures do not agree."""


def _invoice(invoice: int, goods: list[tuple[str, int, str]], total: str) -> tuple[bytes, dict[str, Any]]:
    code = f"{invoice}/{invoice % 97:02}"
    digits = re.sub(r"\D", "", total)
    lines = [
        f"Invoice: {code}",
        "Terms: payable within 30 days",
        "",
        *(f"{count} x {name} at {price} EUR" for name, count, price in goods),
        "",
        "Delivery and packing: 12.95 EUR",
        f"Total due: {total} EUR",
        "",
        f"Slip: {code} {digits}",
        "Thank you for your order.",
    ]
    return ("\n".join(lines) + "\n").encode(), {"invoice": code, "total": float(total.replace(",", ""))}


DOCUMENTS = {
    "invoice-1.txt": _invoice(40213, [("office chair", 4, "1,180.00"), ("desk lamp", 9, "38.40")], "5,078.55"),
    "invoice-2.txt": _invoice(40227, [("filing cabinet", 2, "1,310.75")], "2,634.45"),
    "invoice-3.txt": _invoice(40288, [("projector", 3, "2,099.00"), ("screen", 3, "1,260.10")], "10,090.25"),
    "invoice-4.txt": _invoice(40301, [("whiteboard", 7, "219.90"), ("marker set", 12, "8.25")], "1,651.25"),
    "invoice-5.txt": _invoice(40345, [("standing desk", 6, "1,449.00")], "8,706.95"),
    "invoice-6.txt": _invoice(40399, [("server rack", 1, "3,980.00"), ("cable kit", 5, "1,023.30")], "9,109.45"),
}
TRIGGERED_BY = {"invoice-2.txt": DOCUMENTS["invoice-2.txt"][0].replace(b"due: 2,634.45", b"due: 2.634,45")}


def _parts(text: str) -> tuple[str, str]:
    """The invoice's number and what stands for the total; its digits agree with the payment slip's."""
    text = tidy(text)
    invoice, total, slip = (only(labelled(text, name)) for name in ("Invoice", "Total due", "Slip"))
    amount = re.fullmatch(r"(?i)([\d., '\u2019]+?)\s*EUR", total or "")
    if not invoice or not amount or not slip or slip.split() != [invoice, re.sub(r"\D", "", amount[1])]:
        raise Unreadable
    return invoice, amount[1]


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    invoice, total = _parts(decoded(data))
    try:
        return {"invoice": invoice, "total": float(re.sub(r"[ '\u2019]", "", total).replace(",", ""))}
    except ValueError:
        raise Unreadable from None


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    invoice, total = _parts(decoded(data))
    amount = number(total)
    if amount is None or round(amount, 2) != amount or "." not in total.replace(",", "."):
        raise Unreadable
    return {"invoice": invoice, "total": float(amount)}
