"""PDF files as other programs write them: what they say is the same, wherever in the file it stands."""

from __future__ import annotations

import io

import pypdf
import pypdfium2
import pytest

from crumple import SAME, Document, NotApplicable
from crumple_mutators.format import pdf as mutators
from damaged_files import applied, degraded, pdf, pypdf_texts, texts
from oracles.format_pdf import UNDO
from oracles.orders import ORDER, case, read_plainly


def test_the_last_revision_is_what_is_read_and_the_first_has_other_figures() -> None:
    for clean in (pdf(), pdf(packed=False)):
        said = applied(mutators.pdf_old_revision, clean, 3)
        assert (said.truth, said.lost) == (SAME, ())
        data = said.view.data
        assert data.count(b"%%EOF") == 2
        assert texts(data) == texts(clean.data)
        assert pypdf_texts(data) == pypdf_texts(clean.data)
        earlier = data[: data.index(b"%%EOF") + 6]
        assert all("37.50 EUR" in page for page in texts(data))
        assert not any("37.50 EUR" in page for page in texts(earlier))
        assert [len(page) for page in texts(earlier)] == [len(page) for page in texts(data)]


def test_an_attachment_is_no_part_of_the_pages() -> None:
    damaged = degraded(mutators.pdf_attachment, pdf(), 1).data
    assert list(pypdf.PdfReader(io.BytesIO(damaged)).attachments) == ["terms.txt"]
    assert texts(damaged) == texts(pdf().data)


def test_a_portfolio_shows_a_cover_and_holds_the_document_byte_for_byte() -> None:
    said = applied(mutators.pdf_portfolio, pdf(), 5)
    data = said.view.data
    assert ["portfolio" in page for page in texts(data)] == [True]
    assert said.origins == (None,)
    assert pypdf.PdfReader(io.BytesIO(data)).attachments == {"invoice.pdf": [pdf().data]}
    # Nothing of the pages is left beside it.
    assert len(data) < len(pdf().data) + 4000


def shown(data: bytes):
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    return document[0].render(scale=2, may_draw_forms=True).to_numpy().astype(int)


def test_a_flattened_form_looks_as_it_did_and_has_no_fields() -> None:
    clean = case("order.pdf").document
    flattened = degraded(mutators.pdf_flattened, clean, 3)
    assert not pypdf.PdfReader(io.BytesIO(flattened.data)).get_fields()
    assert ORDER["customer"] in texts(flattened.data)[0]
    assert ORDER["customer"] not in texts(clean.data)[0]
    # But for the highlight that pdfium lays over fields.
    inked = shown(clean.data).min(axis=2) < 100
    assert ((shown(flattened.data).min(axis=2) < 130) == inked).mean() > 0.995
    with pytest.raises(NotApplicable, match="no form fields"):
        applied(mutators.pdf_flattened, pdf(), 3)


def test_a_dynamic_form_says_please_wait_and_holds_every_value() -> None:
    clean = case("order.pdf").document
    said = applied(mutators.pdf_xfa, clean, 5)
    (page,) = texts(said.view.data)
    assert page.startswith("Please wait")
    assert ORDER["customer"] not in page
    step = mutators.pdf_xfa.step(5, 3)
    answer = read_plainly(UNDO["format.pdf_xfa"](said.view, step))
    assert answer["customer"] == ORDER["customer"]
    assert len(answer["lines"]) == len(ORDER["lines"])
    with pytest.raises(NotApplicable, match="text fields"):
        applied(mutators.pdf_xfa, pdf(), 5)


def test_sheets_grow_with_all_that_is_on_them() -> None:
    sizes = []
    for level in (1, 2, 3, 4, 5):
        data = degraded(mutators.pdf_sheet_size, pdf(), level).data
        assert [page.split() for page in texts(data)] == [page.split() for page in texts(pdf().data)]
        sizes.append(round(pypdfium2.PdfDocument(data)[0].get_width()))
    assert sizes == [556, 833, 1667, 3333, 6667]
    large = pypdf.PdfWriter()
    large.add_blank_page(3000, 3000)
    buffer = io.BytesIO()
    large.write(buffer)
    with pytest.raises(NotApplicable, match="points"):
        applied(mutators.pdf_sheet_size, Document(buffer.getvalue(), "application/pdf", "a.pdf"), 5)
