"""A letter and a form as small PDF files, to try mutators on."""

from __future__ import annotations

import itertools
from typing import Final


def made(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    written = [b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, start=1)]
    header = b"%PDF-1.4\n"
    *starts, end = itertools.accumulate(map(len, written), initial=len(header))
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        header
        + b"".join(written)
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, end)
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A stream as an object of a PDF."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>"
_TREE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"

LETTER: Final = (
    "invoice.pdf",
    made(
        b"<</Type/Catalog/Pages 2 0 R>>",
        _TREE,
        _PAGE % b"",
        stream(b"BT /F 18 Tf 20 40 Td (Total 1,234.50) Tj ET"),
        _FONT,
    ),
)
FORM: Final = (
    "form.pdf",
    made(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DR<</Font<</F 5 0 R>>>>/DA(/F 12 Tf 0 g)>>>>",
        _TREE,
        _PAGE % b"/Annots[6 0 R]",
        stream(b"BT /F 12 Tf 20 40 Td (Total) Tj ET"),
        _FONT,
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(total)/V(1,234.50)/DA(/F 12 Tf 0 g)/Rect[80 36 180 54]/F 4"
        b"/P 3 0 R/AP<</N 7 0 R>>>>",
        stream(
            b"BT /F 12 Tf 2 4 Td (1,234.50) Tj ET",
            b"/Type/XObject/Subtype/Form/BBox[0 0 100 18]/Resources<</Font<</F 5 0 R>>>>",
        ),
    ),
)
