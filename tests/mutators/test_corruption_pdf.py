"""Damaged PDF files: what good readers rebuild is whole, and what is said to be lost is what they cannot find."""

from __future__ import annotations

import io
import re

import pypdf
import pypdfium2
import pytest

from crumple import Document, NotApplicable, Region, Step, words
from crumple_mutators import corruption
from damaged_files import applied, degraded, embedded_font_pdf, pdf, pypdf_texts, texts
from oracles.corruption import opened_pdf

LEVELS = (1, 2, 3, 4, 5)
STEP = Step("corruption.pdf_index", (), 0)


def rebuilt(document: Document) -> list[str]:
    return texts(opened_pdf(document, STEP).data)


@pytest.mark.parametrize(
    "mutator", [corruption.pdf_index, corruption.pdf_streams, corruption.pdf_version, corruption.pdf_print_job]
)
@pytest.mark.parametrize("packed", [True, False])
def test_a_reader_that_rebuilds_finds_every_word(mutator, packed: bool) -> None:
    clean = pdf(packed=packed)
    for level in LEVELS:
        for seed in range(3):
            damaged = degraded(mutator, clean, level, seed)
            assert damaged.data != clean.data
            assert rebuilt(damaged) == texts(clean.data)


def test_pdfium_rebuilds_all_but_a_missing_trailer_and_a_header_beyond_1024_bytes_by_itself() -> None:
    for mutator, most in ((corruption.pdf_index, 4), (corruption.pdf_streams, 5), (corruption.pdf_print_job, 4)):
        for level in range(1, most + 1):
            assert texts(degraded(mutator, pdf(), level).data) == texts(pdf().data)
    for mutator in (corruption.pdf_index, corruption.pdf_print_job):
        with pytest.raises(pypdfium2.PdfiumError):
            texts(degraded(mutator, pdf(), 5).data)
    assert pypdf_texts(degraded(corruption.pdf_print_job, pdf(), 5).data) == pypdf_texts(pdf().data)


def test_the_index_is_wrong_in_five_ways() -> None:
    data = [degraded(corruption.pdf_index, pdf(), level).data for level in LEVELS]
    off, shifted, garbled, missing, none = data
    end = int(re.search(rb"startxref\s+(\d+)", off)[1])
    assert off[end : end + 4] != b"xref"
    starts = re.findall(rb"(?m)^(\d{10}) \d{5} n", shifted)
    assert starts
    assert not any(re.match(rb"\d+ 0 obj", shifted[int(each) :]) for each in starts)
    assert not re.search(rb"(?m)^\d{10} \d{5} n", garbled)
    assert b"startxref" not in missing
    assert b"trailer" in missing
    assert b"trailer" not in none
    assert b"xref" not in none


def test_lengths_are_written_over_and_nothing_moves() -> None:
    clean = pdf().data
    for level in LEVELS:
        damaged = degraded(corruption.pdf_streams, pdf(), level).data
        assert len(damaged) == len(clean)
        assert damaged.count(b"endobj") == clean.count(b"endobj")
    assert b"endstream" not in damaged


def test_a_missing_page_is_lost_and_the_others_are_there() -> None:
    seen = set()
    for seed in range(8):
        said = applied(corruption.pdf_page_lost, pdf(), 5, seed)
        (region,) = said.lost
        seen.add(region.page)
        kept = [each for page, each in enumerate(pypdf_texts(pdf().data)) if page != region.page]
        left = pypdf.PdfReader(io.BytesIO(said.view.data)).pages
        assert [page.extract_text() for page in left] == kept
        gone = texts(pdf().data)[region.page].encode()
        assert gone not in said.view.data
    assert seen == {0, 1, 2}


@pytest.mark.parametrize("packed", [True, False])
def test_the_words_that_are_not_drawn_any_more_are_lost_and_no_others(packed: bool) -> None:
    clean = pdf(packed=packed)
    counts = []
    for level in LEVELS:
        said = applied(corruption.pdf_content_cut, clean, level)
        page = {region.page for region in said.lost}
        left, before = words(said.view), words(clean)
        assert {region for _, region in set(before) - set(left)} == set(said.lost)
        # Where a packed stream breaks off, a reader may see a word or two that nobody wrote.
        assert len(set(left) - set(before)) <= (8 if packed else 1)
        assert len(page) == 1
        counts.append(len(said.lost))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_of_a_page_without_words_all_is_lost() -> None:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (60, 80), 200).save(buffer, "PDF")
    scan = Document(buffer.getvalue(), "application/pdf", "scan.pdf")
    assert applied(corruption.pdf_content_cut, scan, 5).lost == [Region(0)]


def test_a_tree_of_pages_that_leads_back_to_itself_still_has_every_page() -> None:
    damaged = degraded(corruption.pdf_page_tree_loop, pdf(), 5)
    assert texts(damaged.data)[:3] == texts(pdf().data)
    with pytest.raises(pypdf.errors.PdfReadError, match="cyclic"):
        pypdf_texts(damaged.data)


def pixels(data: bytes):
    return pypdfium2.PdfDocument(data)[0].render(scale=2).to_numpy()


def test_without_the_map_of_characters_a_page_looks_the_same_and_its_text_is_nonsense() -> None:
    clean = embedded_font_pdf()
    damaged = degraded(corruption.pdf_text_map_missing, clean, 3)
    assert (pixels(damaged.data) == pixels(clean.data)).all()
    assert "1,234.50" in texts(clean.data)[0]
    assert b"/ToUnicode" not in damaged.data
    with pytest.raises(NotApplicable, match="another way"):
        applied(corruption.pdf_text_map_missing, pdf(), 3)


def test_without_its_fonts_a_page_says_the_same() -> None:
    name, example = corruption.pdf_fonts_missing.examples[0]
    clean = Document(example, "application/pdf", name)
    damaged = degraded(corruption.pdf_fonts_missing, clean, 3)
    assert b"/FontFile2" not in damaged.data
    assert "Total 12.50" in texts(damaged.data)[0]
    with pytest.raises(NotApplicable, match="no embedded fonts"):
        applied(corruption.pdf_fonts_missing, pdf(), 3)


@pytest.mark.parametrize("mutator", [corruption.pdf_index, corruption.pdf_streams, corruption.pdf_content_cut])
def test_what_nobody_could_rebuild_is_skipped(mutator) -> None:
    """Objects inside of streams, or encrypted ones, are not found without the table."""
    packed = pdf().data.replace(b"/Type /Catalog", b"/Type /Catalog /X /ObjStm")
    locked = degraded(corruption.owner_password, pdf(), 1)
    documents = (locked,) if mutator is corruption.pdf_content_cut else (Document(packed, "application/pdf", "a"),)
    for document in documents:
        with pytest.raises(NotApplicable):
            applied(mutator, document, 5)
    if mutator is not corruption.pdf_content_cut:
        with pytest.raises(NotApplicable, match="encrypted"):
            applied(mutator, locked, 5)
