"""PDF files as other programs write them: revised, with files attached, flattened, wrapped, on sheets of any size."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from numpy.random import Generator

from crumple import Degraded, Document, Ladder, NotApplicable, mutator
from crumple_mutators.pdf_example import FORM, LETTER
from crumple_mutators.scan import pdf_sheets

PDF: Final = [pdf_sheets.MEDIA_TYPE]
_STRING = re.compile(rb"\((?:[^()\\]|\\[^0-9])*\)")
_DIGITS = b"0123456789"
_SCANNED: Final = (100, 150, 300, 600, 1200)
_LARGEST = 14_400  # points: what PDF 1.7, appendix C, gives as the most that readers take
_COVER = (
    "For the best experience, open this PDF portfolio in",
    "Acrobat X or Adobe Reader X, or later.",
)
_WAIT = (
    "Please wait...",
    "",
    "If this message is not eventually replaced by the proper contents of the document,",
    "your PDF viewer may not be able to display this type of document.",
)
_OTHER = (("terms.txt", b"General terms of business. Payment within 30 days of the date of invoice.\n"),)


@mutator("format.pdf_old_revision", only=PDF, level=3, hides=True, examples=[LETTER])
def pdf_old_revision(document: Document, rng: Generator) -> Document:
    """Keep an earlier revision with other figures in a PDF, as editors that save by appending leave it.

    The last revision is what the file says, and what every reader shows: same. Who takes the first object of a number,
    or looks for text in the bytes, finds the old figures.
    """
    by = int(rng.integers(1, 10))
    other = bytes.maketrans(_DIGITS, _DIGITS[by:] + _DIGITS[:by])
    clean: list[bytes] = []

    def earlier(writer: Any) -> None:
        for page in writer.pages:
            contents = page.get_contents()
            drawn = b"" if contents is None else contents.get_data()
            clean.append(drawn)
            _draw(writer, page, _STRING.sub(lambda each: each[0].translate(other), drawn))
        if [page.get_contents().get_data() for page in writer.pages] == clean:
            raise NotApplicable("no figures in its text can be told from its other bytes")

    old = pdf_sheets.edited(document, earlier)
    return _appended(old, clean)


def _appended(old: Document, contents: Sequence[bytes]) -> Document:
    """A PDF with a further revision in which pages are drawn with these contents."""
    import pypdf  # heavy, only for PDF

    with pdf_sheets.reading(old):
        writer = pypdf.PdfWriter(io.BytesIO(old.data), incremental=True)
        for page, drawn in zip(writer.pages, contents, strict=True):
            _draw(writer, page, drawn)
        out = io.BytesIO()
        writer.write(out)
    return Document(out.getvalue(), old.media_type, old.name)


def _draw(writer: Any, page: Any, drawn: bytes) -> None:
    """Draw a page with other contents."""
    from pypdf.generic import NameObject, StreamObject  # heavy, only for PDF

    stream = StreamObject()
    stream.set_data(drawn)
    page[NameObject("/Contents")] = writer._add_object(stream)


@mutator("format.pdf_attachment", only=PDF, level=1, examples=[LETTER])
def pdf_attachment(document: Document, rng: Generator) -> Document:
    """Attach another file inside a PDF, as programs do that send terms of business along: same."""
    name, content = _OTHER[0]
    return pdf_sheets.edited(document, lambda writer: writer.add_attachment(name, content))


@mutator("format.pdf_portfolio", only=PDF, refusable_from=1, level=5, examples=[LETTER])
def pdf_portfolio(document: Document, rng: Generator) -> Degraded[Document]:
    """Put the PDF into a portfolio, whose one page says that a newer reader is needed, as mail archives export them.

    The document is inside, whole, as an embedded file: same. Refusing is acceptable.
    """
    from pypdf.generic import DictionaryObject, NameObject  # heavy, only for PDF

    def edit(writer: Any) -> None:
        pdf_sheets.insert_text(writer, 0, _COVER)
        for _ in range(len(writer.pages) - 1):
            writer.remove_page(1)
        for key in ("/AcroForm", "/Outlines", "/StructTreeRoot", "/Names", "/Dests"):
            writer.root_object.pop(key, None)
        writer.add_attachment(document.name.encode("utf-8", "replace").decode(), document.data)
        writer.root_object[NameObject("/Collection")] = DictionaryObject({NameObject("/View"): NameObject("/T")})
        writer.compress_identical_objects(remove_unreferenced=True)

    return Degraded(pdf_sheets.edited(document, edit), origins=(None,))


@mutator("format.pdf_flattened", only=PDF, level=3, examples=[FORM])
def pdf_flattened(document: Document, rng: Generator) -> Document:
    """Flatten a PDF's form: what its fields show becomes a part of the page, and the fields go.

    As print drivers and portals do when a form is handed in. What is filled in stands there as before: same.
    """
    flattened = 0

    def edit(writer: Any) -> None:
        nonlocal flattened
        for page in writer.pages:
            shown = list(_appearances(page))
            flattened += len(shown)
            if shown:
                _stamp(writer, page, shown)
        writer.remove_annotations("/Widget")
        writer.root_object.pop("/AcroForm", None)

    changed = pdf_sheets.edited(document, edit)
    if not flattened:
        raise NotApplicable("it has no form fields that show anything")
    return changed


def _appearances(page: Any) -> Iterator[tuple[Any, tuple[float, float, float, float]]]:
    """What each form field of a page shows, and where."""
    for reference in page.get("/Annots", ()):
        widget = reference.get_object()
        if widget.get("/Subtype") != "/Widget" or "/AP" not in widget or "/Rect" not in widget:
            continue
        normal = widget["/AP"].get_object().get("/N")
        normal = normal.get_object() if normal is not None else None
        state = widget.get("/AS")
        if normal is not None and not hasattr(normal, "get_data"):
            normal = normal.get(state) if state is not None else None
            normal = normal.get_object() if normal is not None else None
        if normal is not None and normal.indirect_reference is not None:
            left, bottom, right, top = (float(each) for each in widget["/Rect"])
            yield normal, (min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _stamp(writer: Any, page: Any, shown: Sequence[tuple[Any, tuple[float, float, float, float]]]) -> None:
    """Draw forms onto a page, each into its rectangle."""
    from pypdf.generic import DictionaryObject, NameObject  # heavy, only for PDF

    resources = DictionaryObject(dict(page.get("/Resources", DictionaryObject()).get_object()))
    forms = DictionaryObject(dict(resources.get("/XObject", DictionaryObject()).get_object()))
    contents = page.get_contents()
    drawn = [b"q", b"" if contents is None else contents.get_data(), b"Q"]
    for number, (form, (left, bottom, right, top)) in enumerate(shown):
        x0, y0, x1, y1 = (float(each) for each in form.get("/BBox", (0, 0, right - left, top - bottom)))
        across, down = (right - left) / ((x1 - x0) or 1), (top - bottom) / ((y1 - y0) or 1)
        name = f"/Field{number}"
        forms[NameObject(name)] = form.indirect_reference
        form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
        place = f"{across:.5f} 0 0 {down:.5f} {left - x0 * across:.3f} {bottom - y0 * down:.3f}"
        drawn.append(f"q {place} cm {name} Do Q".encode())
    resources[NameObject("/XObject")] = forms
    page[NameObject("/Resources")] = resources
    _draw(writer, page, b"\n".join(drawn))


@mutator("format.pdf_xfa", only=PDF, refusable_from=1, level=5, examples=[FORM])
def pdf_xfa(document: Document, rng: Generator) -> Degraded[Document]:
    """Make a PDF form a dynamic XFA form, as authorities hand out: its one page says "Please wait".

    What is filled in stands in the XML inside, and nowhere on a page: same. Refusing is acceptable. Only of forms
    of text fields.
    """
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject  # see above

    with pdf_sheets.reading(document) as reader:
        fields = reader.get_form_text_fields(full_qualified_name=True)
        others = [each for each in (reader.get_fields() or {}).values() if each.get("/FT") not in ("/Tx", None)]
    if not fields or others:
        raise NotApplicable("it is no form of text fields")
    rows = "".join(f'<field name="{escape(name)}">{escape(str(value or ""))}</field>' for name, value in fields.items())
    data = (
        f'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data>{rows}</xfa:data></xfa:datasets>'
    )

    def edit(writer: Any) -> None:
        pdf_sheets.insert_text(writer, 0, _WAIT)
        for _ in range(len(writer.pages) - 1):
            writer.remove_page(1)
        stream = StreamObject()
        stream.set_data(data.encode("utf-8", "replace"))
        packets = ArrayObject([TextStringObject("datasets"), writer._add_object(stream)])
        form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): packets})
        writer.root_object[NameObject("/AcroForm")] = form
        writer.compress_identical_objects(remove_unreferenced=True)

    return Degraded(pdf_sheets.edited(document, edit), origins=(None,))


@mutator(
    "format.pdf_sheet_size",
    only=PDF,
    refusable_from=5,
    scanned=Ladder(*(f"{dpi} dpi" for dpi in _SCANNED)),
    examples=[LETTER],
)
def pdf_sheet_size(document: Document, scanned: str, rng: Generator) -> Document:
    """Make the sheets of a PDF and all on them larger, as scanning apps do that take a pixel for a point.

    A page of A4 then measures metres, and who draws it at a fixed resolution runs out of memory; what it says is the
    same. Ladder: the resolutions that scanners have; a pixel is 1/72 inch instead. At the last of them refusing is
    acceptable.
    """
    times = int(scanned.split(maxsplit=1)[0]) / 72

    def edit(writer: Any) -> None:
        for page in writer.pages:
            if times * max(float(page.mediabox.width), float(page.mediabox.height)) > _LARGEST:
                raise NotApplicable(f"a sheet of it would be larger than {_LARGEST} points, the most that readers take")
            page.scale_by(times)

    return pdf_sheets.edited(document, edit)
