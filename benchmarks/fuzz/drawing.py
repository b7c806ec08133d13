"""PDFs of the planted systems: a few lines of text on every page, the same bytes each time."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas


def pdf(pages: list[list[str]]) -> bytes:
    """Pages of lines of text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A5, invariant=1)
    for lines in pages:
        text = canvas.beginText(45, A5[1] - 60)
        text.setFont("Helvetica", 11)
        text.setLeading(17)
        for line in lines:
            text.textLine(line)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
