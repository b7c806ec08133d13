"""PDF files that somebody locked."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Final

from numpy.random import Generator

from crumple import ALL, Degraded, Document, NotApplicable, mutator

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

_PDF: Final = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 43>>stream
BT /F 18 Tf 20 40 Td (Total 1,234.50) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
xref
0 6
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000052 00000 n\x20
0000000101 00000 n\x20
0000000210 00000 n\x20
0000000299 00000 n\x20
trailer<</Size 6/Root 1 0 R>>
startxref
360
%%EOF
"""
EXAMPLE: Final = ("invoice.pdf", _PDF)
_DIGITS = 8


@mutator("corruption.owner_password", only=["application/pdf"], level=1, examples=[EXAMPLE])
def owner_password(document: Document, rng: Generator) -> bytes:
    """Encrypt a PDF with an owner's password only, as those that banks send against changes are.

    Anyone can open and read it: same. RC4 with 128 bits, which every reader of PDF knows.
    """
    return _encrypted(document, user="", owner=_password(rng))


@mutator(
    "corruption.user_password",
    only=["application/pdf"],
    truth="lost",
    refusable_from=1,
    level=5,
    examples=[EXAMPLE],
)
def user_password(document: Document, rng: Generator) -> Degraded[bytes]:
    """Encrypt a PDF so that it opens with a password only, as payslips and statements sent by mail are.

    All is lost. Refusing is acceptable. RC4 with 128 bits.
    """
    password = _password(rng)
    return Degraded(_encrypted(document, user=password, owner=password), lost=ALL)


def _password(rng: Generator) -> str:
    return "".join(str(digit) for digit in rng.integers(10, size=_DIGITS))


def _encrypted(document: Document, *, user: str, owner: str) -> bytes:
    from pypdf import PdfReader  # heavy, and only for PDF
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(document.data))
        if reader.is_encrypted:
            raise NotApplicable("it is encrypted already")
        writer = _writer(reader, document)
        writer.encrypt(user, owner, algorithm="RC4-128")
        written = io.BytesIO()
        writer.write(written)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotApplicable(f"it cannot be rewritten: {error}") from error
    return written.getvalue()


def _writer(source: PdfReader, document: Document) -> PdfWriter:
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject

    class Named(PdfWriter):
        """A writer whose file identifier, a part of the key, comes from the document and not from chance."""

        def generate_file_identifiers(self) -> None:
            name = ByteStringObject(hashlib.md5(document.data, usedforsecurity=False).digest())
            self._ID = ArrayObject((name, name))

    return Named(clone_from=source)
