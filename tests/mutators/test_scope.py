"""Scope: strangers lose everything, company and instructions nothing; questions are asked beside the document."""

from __future__ import annotations

import email
import email.policy
import io
from typing import Any

import docx
import numpy as np
import openpyxl
import pypdf
import pypdfium2
import pytest

from crumple import Case, Document, NotApplicable, Pages, Recipe, identify, read, words
from crumple.mutation.apply import degrade
from crumple.mutation.registry import discover
from crumple.truth import Expectation
from crumple_corpora.invoices import Invoices
from crumple_corpora.letters import Letters
from oracles.orders import case as order

MUTATORS = discover().mutators
INVOICES = Invoices(4)
TEXT = "Invoice A-17\nTotal 1,234.50 EUR\n"


def made(of: Case, name: str, level: float = 3, seed: int = 2) -> Any:
    return degrade(of, Recipe((MUTATORS[name].step(level, seed),)), MUTATORS)


def invoice(shape: str) -> Case:
    return INVOICES.load(f"invoice-0001.{shape}")


def plain(text: str, truth: Any) -> Case:
    return Case("a.txt", Document(text.encode(), "text/plain", "a.txt"), truth)


@pytest.mark.parametrize("shape", ["pdf", "png", "csv", "json"])
@pytest.mark.parametrize("name", ["scope.other_kind", "scope.one_word", "scope.blank"])
def test_a_stranger_stands_under_the_old_name_and_all_may_be_refused(shape: str, name: str) -> None:
    clean = invoice(shape)
    degraded = made(clean, name, 5)
    assert degraded.document.name == clean.document.name
    assert identify(degraded.document.data, clean.document.name) == clean.document.media_type
    assert degraded.expectation == Expectation(clean.truth, frozenset({""}), refusable=True)


MAIL = (
    b"Received: from a\n\tby b\nFrom: Anna <anna@example.com>\nTo: us@example.org\nSubject: Order 17\n"
    b"Date: Wed, 15 Apr 2026 09:30:00 +0200\nMessage-ID: <1@example.com>\nMIME-Version: 1.0\n"
    b'Content-Type: text/html; charset="utf-8"\n\n<p>Order 17: 12 pumps</p>\n'
)


@pytest.mark.parametrize("name", ["scope.other_kind", "scope.one_word", "scope.blank"])
@pytest.mark.parametrize("asked", [False, True])
def test_a_mail_says_something_else_in_its_old_envelope(name: str, asked: bool) -> None:
    """Who answers the sender of the mail that came is right, and so is who answers its subject."""
    truth = {"sender": "anna@example.com", "number": "17"} | ({"subject": "Order 17"} if asked else {})
    clean = Case("a.eml", Document(MAIL, "message/rfc822", "a.eml"), truth)
    degraded = made(clean, name, 1)
    before, after = (
        email.message_from_bytes(each, policy=email.policy.default) for each in (MAIL, degraded.document.data)
    )
    for header in ("Received", "From", "To", "Date", "Message-ID"):
        assert after[header] == before[header]
    assert after["Subject"] != before["Subject"] or (asked and name != "scope.blank")
    assert len(after.get_all("Subject", [])) == len(after.get_all("MIME-Version", [])) == 1
    assert "pumps" not in after.as_string()
    assert not after.defects
    assert degraded.expectation == Expectation(truth, frozenset({""}), refusable=True)


def test_a_mail_without_a_sender_is_replaced_altogether() -> None:
    clean = Case("a.eml", Document(MAIL.replace(b"From:", b"Frm:"), "message/rfc822", "a.eml"), {"number": "17"})
    assert made(clean, "scope.blank", 5).document.data.startswith(b"From: office@example.org\r\n")


@pytest.mark.parametrize("file", ["order.docx", "order.xlsx"])
@pytest.mark.parametrize("name", ["scope.other_kind", "scope.one_word", "scope.blank"])
def test_a_stranger_among_office_files_is_a_sound_office_file(file: str, name: str) -> None:
    clean = order(file)
    degraded = made(clean, name, 5)
    assert identify(degraded.document.data, file) == clean.document.media_type
    assert degraded.expectation == Expectation(clean.truth, frozenset({""}), refusable=True)
    if file.endswith("docx"):
        said = "\n".join(each.text for each in docx.Document(io.BytesIO(degraded.document.data)).paragraphs)
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(degraded.document.data)).worksheets[0]
        said = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    assert "RE-2024-0117" not in said
    assert bool(said) == (name != "scope.blank")


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_stranger_shows_nothing_of_the_document(level: float) -> None:
    truth = invoice("json").truth
    assert isinstance(truth, dict)
    said = made(invoice("json"), "scope.other_kind", level).document.data.decode()
    assert truth["number"] not in said
    assert truth["customer"] not in said


def test_a_letter_is_no_stranger_among_letters() -> None:
    letters = Letters(1)
    with pytest.raises(NotApplicable, match="may stand in a letter too"):
        made(letters.load(letters.entries()[0].id), "scope.other_kind", 3)
    with pytest.raises(NotApplicable):
        made(letters.load(letters.entries()[0].id), "scope.unserved_language")


def test_where_the_text_itself_is_asked_for_the_strangers_text_is_right() -> None:
    text = TEXT + "Thank you for your order, which we deliver on Tuesday.\n"
    degraded = made(plain(text, text), "scope.other_kind")
    assert degraded.expectation.truth == degraded.document.data.decode()
    with pytest.raises(NotApplicable, match="label"):
        made(plain(text, "invoice"), "scope.other_kind")


def test_a_letter_in_another_script_loses_everything() -> None:
    degraded = made(plain(TEXT, {"number": "A-17"}), "scope.unserved_language", 5)
    assert any("\u0e00" <= each <= "\u0e7f" for each in degraded.document.data.decode())
    assert "" in degraded.expectation.lost


@pytest.mark.parametrize("name", ["scope.two_documents", "scope.oversized"])
@pytest.mark.parametrize("shape", ["pdf", "txt"])
def test_company_leaves_the_document_as_it_was(name: str, shape: str) -> None:
    clean = invoice("pdf") if shape == "pdf" else order("order.txt")
    degraded = made(clean, name, 1)
    assert degraded.expectation.truth == clean.truth
    assert not degraded.expectation.lost
    if shape == "txt":
        assert clean.document.data in degraded.document.data
    else:
        own = pypdf.PdfReader(io.BytesIO(clean.document.data)).pages[0].extract_text()
        pages = pypdf.PdfReader(io.BytesIO(degraded.document.data)).pages
        assert [page.extract_text() for page in pages].count(own) == 1
        assert len(pages) >= (20 if name == "scope.oversized" else 2)


def test_a_document_grows_to_five_hundred_pages() -> None:
    degraded = made(invoice("pdf"), "scope.oversized", 5)
    assert len(pypdf.PdfReader(io.BytesIO(degraded.document.data)).pages) == 500
    assert degraded.expectation.refusable
    assert not made(invoice("pdf"), "scope.oversized", 1).expectation.refusable


def test_what_is_lost_with_a_page_is_known_though_foreign_pages_stand_before_it() -> None:
    clean, found = INVOICES.load("invoice-0002.pdf"), set()
    for seed in range(12):
        steps = MUTATORS["scope.two_documents"].step(1, seed), MUTATORS["scan.page_missing"].step(3, seed)
        expectation = degrade(clean, Recipe(steps), MUTATORS).expectation
        assert expectation.truth == clean.truth
        found.add(bool(expectation.lost))
    assert found == {True, False}, "the page that is missing is one of the invoice's, or the foreign one"


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_instructions_are_there_to_be_read_and_change_nothing(level: float) -> None:
    for shape in ("pdf", "csv", "json", "png"):
        name = "scope.printed_instructions" if shape == "png" else "scope.instructions"
        clean = invoice(shape)
        degraded = made(clean, name, level)
        assert degraded.expectation == Expectation(clean.truth)
        assert degraded.document.data != clean.document.data


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_hidden_instructions_in_a_pdf_are_not_seen_and_can_be_found(level: float) -> None:
    clean = invoice("pdf")
    degraded = made(clean, "scope.hidden_instructions", level)
    reader = pypdf.PdfReader(io.BytesIO(degraded.document.data))
    page = reader.pages[0]
    hidden = str(dict(reader.metadata or {})) + page.extract_text()
    hidden += str([each.get_object().get("/Contents") for each in page.get("/Annots", [])])
    assert any(word in hidden for word in ("Ignore", "Disregard", "SYSTEM", "OVERRIDE"))
    if level != 3:  # one point high, it is there to be seen with a lens
        assert drawn(degraded.document) == drawn(clean.document)


def drawn(document: Document) -> bytes:
    with pypdfium2.PdfDocument(document.data) as file:
        return file[0].render(scale=1, grayscale=True).to_numpy().tobytes()


def test_another_currency_is_the_new_right_answer() -> None:
    degraded = made(plain(TEXT, {"number": "A-17", "currency": "EUR"}), "scope.unserved_currency", 5)
    assert degraded.document.data == TEXT.replace("EUR", "KWD").encode()
    assert degraded.expectation == Expectation({"number": "A-17", "currency": "KWD"}, refusable=True)
    with pytest.raises(NotApplicable, match="ISO codes alone"):
        made(plain("Total 1,234.50 EUR (€)\n", {"currency": "EUR"}), "scope.unserved_currency")


ASKED = Case("a.txt", Document(TEXT.encode(), "text/plain", "a.txt"), "1,234.50", inputs={"question": "The total?"})
QUESTIONS = ("unanswerable_question", "about_the_system", "empty_question", "foreign_question")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_that_the_document_does_not_answer_replaces_the_one_that_it_does(name: str) -> None:
    degraded = made(ASKED, f"scope.{name}", 1 if name == "empty_question" else 3)
    assert degraded.document == ASKED.document
    assert degraded.inputs["question"] != "The total?"
    assert degraded.expectation == Expectation("1,234.50", frozenset({""}), refusable=True)


def test_without_a_question_there_is_none_to_replace() -> None:
    with pytest.raises(NotApplicable, match="beside the document"):
        made(plain(TEXT, "1,234.50"), "scope.unanswerable_question")
    with pytest.raises(NotApplicable, match="no question"):
        made(Case("a.txt", ASKED.document, "x", inputs={"pages": 3}), "scope.unanswerable_question")


@pytest.mark.parametrize("shape", ["pdf", "png"])
def test_a_photograph_shows_nothing_of_the_page_and_all_may_be_refused(shape: str) -> None:
    clean = invoice(shape)
    seen = []
    for seed in (1, 2):
        degraded = made(clean, "scope.photograph", seed=seed)
        assert degraded.document.name == clean.document.name
        assert identify(degraded.document.data, clean.document.name) == clean.document.media_type
        assert degraded.expectation == Expectation(clean.truth, frozenset({""}), refusable=True)
        pages = read(degraded.document, Pages)
        assert len(pages) == 1
        page = pages[0].pixels
        assert abs(page.shape[0] / page.shape[1] - 297 / 210) < 0.02
        assert len(np.unique(page)) > 100, "a photograph has all shades"
        assert not words(degraded.document) if shape == "pdf" else True
        seen.append(page)
    assert not np.array_equal(*seen)
