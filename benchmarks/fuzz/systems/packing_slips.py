"""Parcels and weight of a packing slip.

The bug: the text is taken for UTF-8, and whatever is not raises UnicodeDecodeError.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from benchmarks.fuzz.reading import decoded, labelled, number, only, tidy

KIND, FORMAT, TRIGGER = "crash", "text", "common"
CATEGORIES = ("encoding", "corruption", "truncation")
FIELDS = ("/parcels", "/weight")


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not a packing slip, or its figures do not agree."""


def _slip(number: int, name: str, town: str, weights: list[str]) -> tuple[bytes, dict[str, Any]]:
    total = sum(map(Decimal, weights))
    lines = [
        f"Lieferschein / Bon de livraison LS-{number}",
        f"Empfänger: {name}",
        f"Ort: {town}",
        "Versandart: Spédition Müller & Söhne, Zürich",
        "",
        *(f"Parcel {at}: {weight} kg" for at, weight in enumerate(weights, 1)),
        "",
        f"Parcels: {len(weights)}",
        f"Total weight: {total} kg",
        "Danke für Ihren Auftrag – à bientôt!",
    ]
    return ("\n".join(lines) + "\n").encode(), {"parcels": len(weights), "weight": float(total)}


DOCUMENTS = {
    "slip-1.txt": _slip(20417, "Café Löwen", "Köln", ["12.40", "8.15", "20.05"]),
    "slip-2.txt": _slip(20418, "Bäckerei Grün", "Münster", ["3.10", "4.75"]),
    "slip-3.txt": _slip(20423, "Crêperie Noël", "Besançon", ["17.25", "16.90", "18.35", "11.05"]),
    "slip-4.txt": _slip(20431, "Jürgen Groß KG", "Lübeck", ["7.70", "9.15", "6.35", "5.85", "2.65"]),
    "slip-5.txt": _slip(20440, "Señor Peña S.L.", "Logroño", ["31.15", "29.60", "14.10"]),
    "slip-6.txt": _slip(20452, "Škoda & Žák", "Plzeň", ["1.95", "2.85", "3.75", "4.65", "5.55", "6.45"]),
}
TRIGGERED_BY = {"slip-1.txt": DOCUMENTS["slip-1.txt"][0].decode().replace("–", "-").encode("cp1252")}


def _read(text: str) -> dict[str, Any]:
    text = tidy(text)
    parcels, total = only(labelled(text, "Parcels")), only(labelled(text, "Total weight"))
    found = re.findall(r"(?im)^[ \t]*Parcel[ \t]+(\d+)[ \t]*:[ \t]*([\d., ]+?)[ \t]*kg[ \t]*$", text)
    weights = [number(weight) for _, weight in found]
    weight = number(re.sub(r"(?i)[ \t]*kg$", "", total or ""))
    counted = [int(at) for at, _ in found] == list(range(1, len(found) + 1))
    if not parcels or not counted or None in weights or parcels != f"{len(found)}" or weight is None:
        raise Unreadable
    if sum(each for each in weights if each is not None) != weight:
        raise Unreadable
    return {"parcels": len(found), "weight": float(weight)}


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    return _read(data.decode("utf-8"))


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    return _read(decoded(data))
