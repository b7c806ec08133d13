"""Account and closing balance of a statement in PDF: the last page has it.

The bug: the last page that is there is taken for the last, so that where the last is lost or elsewhere, the amount
carried forward by another passes for the closing balance.
"""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from pypdf import PdfReader

from benchmarks.fuzz.drawing import pdf
from benchmarks.fuzz.reading import tidy

KIND, FORMAT, TRIGGER = "silent wrong", "pdf", "one position"
CATEGORIES = ("scan", "corruption", "format")
FIELDS = ("/account", "/balance")
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """It is not a statement, or not all of one."""


def _statement(account: str, start: int, pages: int) -> tuple[bytes, dict[str, Any]]:
    made, balance = [], start
    for at in range(1, pages + 1):
        lines = [f"Statement of account {account}", f"Page {at} of {pages}", ""]
        for n in range(4):
            amount = (start * (at + n) * 7) % 9000 + 120
            balance += amount
            lines.append(f"{n + at:02}.03.2026   payment received   {amount / 100:.2f}")
        made.append([*lines, "", f"Balance: {balance / 100:.2f} EUR"])
    return pdf(made), {"account": account, "balance": balance / 100}


DOCUMENTS = {
    "statement-1.pdf": _statement("448 201", 102_437, 2),
    "statement-2.pdf": _statement("449 377", 55_120, 3),
    "statement-3.pdf": _statement("451 006", 310_899, 4),
    "statement-4.pdf": _statement("452 918", 77_701, 3),
    "statement-5.pdf": _statement("455 230", 248_353, 5),
    "statement-6.pdf": _statement("459 114", 91_268, 2),
}


def _without_last(data: bytes) -> bytes:
    from pypdf import PdfWriter

    reader, writer, buffer = PdfReader(io.BytesIO(data)), PdfWriter(), io.BytesIO()
    for page in reader.pages[:-1]:
        writer.add_page(page)
    writer.write(buffer)
    return buffer.getvalue()


TRIGGERED_BY = {"statement-2.pdf": _without_last(DOCUMENTS["statement-2.pdf"][0])}


def _pages(data: bytes) -> list[tuple[str, int, int, float]]:
    """Account, page, pages and balance of every page that is not empty."""
    try:
        reader = PdfReader(io.BytesIO(data))
        texts = [tidy(page.extract_text()) for page in reader.pages]
    except Exception as error:
        raise Unreadable from error
    pages = []
    for text in filter(str.strip, texts):
        account = re.search(r"account\s+(\d{3} \d{3})\b", text)
        page = re.search(r"Page\s+(\d+)\s+of\s+(\d+)", text)
        balance = re.findall(r"Balance:\s+(\d+\.\d\d) EUR", text)
        if not account or not page or len(balance) != 1:
            raise Unreadable
        pages.append((account[1], int(page[1]), int(page[2]), float(balance[0])))
    if not pages or len({(account, count) for account, _, count, _ in pages}) > 1:
        raise Unreadable
    return pages


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    pages = _pages(data)
    return {"account": pages[-1][0], "balance": pages[-1][3]}


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    last = {(account, balance) for account, page, count, balance in _pages(data) if page == count}
    if len(last) != 1:
        raise Unreadable
    account, balance = last.pop()
    return {"account": account, "balance": balance}
