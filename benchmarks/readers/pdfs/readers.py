"""Readers of PDF text; what they read is looked through with the regular expressions of crumple's example reader."""

from __future__ import annotations

import io
import subprocess
from typing import Any

import dummies

from crumple.examples.invoices.reader import from_text


def pypdf_text(document: bytes) -> dict[str, Any]:
    """pypdf, layout mode."""
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return from_text("\n".join(page.extract_text(extraction_mode="layout") for page in pages))


def pdfminer_text(document: bytes) -> dict[str, Any]:
    """pdfminer.six's extract_text, lines put together by their height."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextLine

    lines: list[tuple[int, float, float, str]] = []

    def walk(item: Any, page: int) -> None:
        if isinstance(item, LTTextLine):
            lines.append((page, -round(item.y0), item.x0, item.get_text().strip()))
        elif hasattr(item, "__iter__"):
            for each in item:
                walk(each, page)

    for number, page in enumerate(extract_pages(io.BytesIO(document))):
        walk(page, number)
    rows: dict[tuple[int, float], list[str]] = {}
    for number, height, _, text in sorted(lines):
        rows.setdefault((number, height), []).append(text)
    return from_text("\n".join("  ".join(row) for row in rows.values()))


def pypdfium2_text(document: bytes) -> dict[str, Any]:
    """pypdfium2's get_text_bounded."""
    import pypdfium2

    with pypdfium2.PdfDocument(document) as file:
        return from_text("\n".join(page.get_textpage().get_text_bounded() for page in file))


def pdftotext(document: bytes) -> dict[str, Any]:
    """Poppler's pdftotext -layout."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True)
    return from_text(done.stdout.decode())


READERS = ("pypdf_text", "pdfminer_text", "pypdfium2_text", "pdftotext")
NEEDS = {"pdftotext": "pdftotext"}
constant = dummies.constant({"number": "INV-1", "date": "2024-01-01", "currency": "EUR", "total": 100.0})
echo, refuses = dummies.echo, dummies.refuses
loses_half, shuffles = dummies.loses_half(pypdfium2_text), dummies.shuffles(pypdfium2_text)
