"""The creditor reference of a payment slip, as text: it checks itself (ISO 11649), and one that does not is refused."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.fuzz.reading import decoded, tidy

KIND, FORMAT = "robust", "text"
FIELDS = ("/reference",)


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """There is no reference that holds, or there are several."""


def _is_sound(reference: str) -> bool:
    """Whether a reference's check digits are those of the rest."""
    moved = reference[4:] + reference[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def _slip(number: str, name: str, what: str) -> tuple[bytes, dict[str, Any]]:
    check = next(f"{at:02}" for at in range(2, 99) if _is_sound(f"RF{at:02}{number}"))
    lines = ["PAYMENT SLIP", "", f"Paid by: {name}", f"For: {what}", f"Reference: RF{check}{number}", "", "Thank you."]
    return ("\n".join(lines) + "\n").encode(), {"reference": f"RF{check}{number}"}


DOCUMENTS = {
    "slip-1.txt": _slip("539007547034", "Ruth Hamilton", "rent, March"),
    "slip-2.txt": _slip("204418001173", "Owen Price", "membership 2026"),
    "slip-3.txt": _slip("880042316654", "Grace Walker", "plumbing"),
    "slip-4.txt": _slip("615530097218", "Adam Fletcher", "school fees"),
    "slip-5.txt": _slip("447719003386", "Nora Sinclair", "boat mooring"),
    "slip-6.txt": _slip("332087741905", "Peter Holloway", "garden waste"),
}


def sound(data: bytes) -> dict[str, Any]:
    """The reference, where there is but one that holds."""
    found = set(re.findall(r"(?<![0-9A-Z])RF\d{14}(?![0-9A-Z])", tidy(decoded(data)), re.ASCII))
    if len(found) != 1 or not all(map(_is_sound, found)):
        raise Unreadable
    return {"reference": found.pop()}
