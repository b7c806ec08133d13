"""Contract number and party from a PDF.

The bug: whatever is encrypted is refused, also where no password is asked for to open it.
"""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from pypdf import PdfReader, PdfWriter

from benchmarks.fuzz.drawing import pdf
from benchmarks.fuzz.reading import tidy

KIND, FORMAT, TRIGGER = "wrong refusal", "pdf", "common"
CATEGORIES = ("corruption",)
FIELDS = ("/contract", "/party")
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not a contract, or not one that can be read."""


def _contract(contract: str, party: str, months: int) -> tuple[bytes, dict[str, Any]]:
    lines = ["SERVICE CONTRACT", "", f"Contract: {contract}", f"Party: {party}", f"Term: {months} months"]
    clauses = ["", "1. The party pays at the end of each month.", "2. Either side may end it in writing."]
    return pdf([[*lines, *clauses], ["Signatures", "", "Place and date", "____________"]]), {
        "contract": contract,
        "party": party,
    }


DOCUMENTS = {
    "contract-1.pdf": _contract("SC-2026-017", "Hamilton Printing Ltd", 12),
    "contract-2.pdf": _contract("SC-2026-023", "Swansea Fish Market", 24),
    "contract-3.pdf": _contract("SC-2026-038", "Walker Joinery", 6),
    "contract-4.pdf": _contract("SC-2026-041", "Abbey Bakery", 36),
    "contract-5.pdf": _contract("SC-2026-056", "Northern Freight Lines", 18),
    "contract-6.pdf": _contract("SC-2026-062", "Castle Hill Brewing Company", 48),
}


def _locked(data: bytes) -> bytes:
    writer, buffer = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(buffer)
    return buffer.getvalue()


TRIGGERED_BY = {"contract-1.pdf": _locked(DOCUMENTS["contract-1.pdf"][0])}


def _read(data: bytes, *, opens: bool) -> dict[str, Any]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not (opens and reader.decrypt("")):
            raise Unreadable
        text = tidy("\n".join(page.extract_text() for page in reader.pages))
    except Exception as error:
        raise Unreadable from error
    contract = set(re.findall(r"Contract:\s*(SC-\d{4}-\d{3})\b", text))
    party = set(re.findall(r"(?m)^\s*Party:\s*(\S.*?)\s*$", text))
    if len(contract) != 1 or len(party) != 1:
        raise Unreadable
    return {"contract": contract.pop(), "party": party.pop()}


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    return _read(data, opens=False)


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    return _read(data, opens=True)
