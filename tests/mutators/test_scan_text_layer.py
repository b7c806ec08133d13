"""Text layers under page images: what is in them, where it stands, and that the image does not change."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pypdf
import pytest
from rapidfuzz.distance import Levenshtein
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen import canvas

from crumple import (
    SAME,
    Case,
    CrumpleError,
    Degraded,
    Document,
    NotApplicable,
    Pages,
    Recipe,
    Region,
    read,
    words,
    write,
)
from crumple.mutation.apply import degrade
from crumple.mutation.registry import discover
from crumple_mutators import scan

LAYERS = [scan.scanned, scan.text_layer_noise, scan.text_layer_missing, scan.wrong_text_layer]
TEXT = """Invoice number 4711 of 12 March 2024, Harbour Trading Ltd, 15 Station Road
Please find below the items delivered to your warehouse last week in November.
Delivery of twelve folding chairs, black, and a desk lamp with a cable of 3 m
Net amount 1,234.50 EUR, VAT 19 % 234.56 EUR, total 1,469.06 EUR to be paid
by bank transfer within fourteen days; the invoice number has to be quoted."""


def pdf(*pages: str) -> Document:
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A5, invariant=1)
    for page in pages:
        for row, line in enumerate(page.splitlines()):
            paper.setFont("Helvetica", 9)
            paper.drawString(40, 540 - 16 * row, line)
        paper.showPage()
    paper.save()
    return Document(out.getvalue(), "application/pdf", "a.pdf")


def form() -> Document:
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A5, invariant=1)
    paper.drawString(40, 540, "Name")
    paper.acroForm.textfield(name="name", value="Ada Brown", x=100, y=500, width=200, height=24, borderWidth=0)
    paper.acroForm.checkbox(name="yes", checked=True, x=100, y=400, size=40, borderWidth=0, fillColor=None)
    paper.acroForm.checkbox(name="no", checked=False, x=200, y=400, size=40, borderWidth=0, fillColor=None)
    paper.save()
    return Document(out.getvalue(), "application/pdf", "form.pdf")


def applied(mutator, document, seed=0, level=None) -> Degraded:
    """What a mutator makes of a PDF, written."""
    said = mutator.apply(read(document, Pages), mutator.step(level or mutator.level, seed))
    return replace(said, view=write(said.view, document))


def text(document: Document) -> str:
    return " ".join(word for word, _ in words(document))


def images_of(document: Document) -> Document:
    return write(Pages(tuple(page.with_pixels(page.pixels) for page in read(document, Pages))), document)


def with_words(document: Document, layer) -> Document:
    pages = read(document, Pages)
    under = [[(word, place) for word, place in layer if place.page == index] for index in range(len(pages))]
    return write(Pages(tuple(page.with_text_layer(each) for page, each in zip(pages, under, strict=True))), document)


def overlap(one: Region, other: Region) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, across) * max(0.0, down) / max(1e-9, (one.right - one.left) * (one.bottom - one.top))


@pytest.mark.parametrize("mutator", LAYERS, ids=lambda mutator: mutator.name)
def test_the_page_image_is_right_whatever_is_under_it(mutator):
    clean = pdf(TEXT, "page two")
    degraded = applied(mutator, clean)
    assert (degraded.truth, tuple(degraded.lost)) == (SAME, ())
    for before, after in zip(read(clean, Pages), read(degraded.view, Pages), strict=True):
        assert before.pixels.shape == after.pixels.shape
        assert np.abs(before.pixels.astype(int) - after.pixels).mean() < 14
        ink = [page.pixels < 128 for page in (before, after)]
        assert (ink[0] & ink[1]).sum() > 0.75 * ink[0].sum()


@pytest.mark.parametrize("mutator", LAYERS, ids=lambda mutator: mutator.name)
def test_the_same_seed_makes_the_same_bytes_and_the_clean_document_stays(mutator):
    clean = pdf(TEXT)
    data = clean.data
    assert applied(mutator, clean, 3).view.data == applied(mutator, clean, 3).view.data
    assert clean.data == data


@pytest.mark.parametrize("mutator", [scan.text_layer_noise, scan.text_layer_missing])
def test_a_pdf_without_text_has_no_text_layer_to_spoil(mutator):
    with pytest.raises(NotApplicable, match="no text"):
        applied(mutator, images_of(pdf(TEXT)))


def test_a_wrong_text_layer_is_another_pages_and_another_seeds_is_another():
    clean = pdf("Total 12.50", "page two")
    degraded = applied(scan.wrong_text_layer, clean).view
    found = [word for word, _ in words(degraded)]
    assert "Invoice" in found
    assert "12.50" not in found
    assert {place.page for _, place in words(degraded)} == {0, 1}
    assert words(applied(scan.wrong_text_layer, clean, 1).view) != words(degraded)


# Invisible text


def test_words_of_any_script_come_back_from_their_places_with_two_readers():
    placed = [
        (
            word,
            Region(page, 0.1 + 0.2 * column, 0.2 + 0.1 * row, 0.1 + 0.2 * column + 0.02 * len(word), 0.22 + 0.1 * row),
        )
        for page in (0, 1)
        for row, line in enumerate(("café łódź Żuk", "Жук Ελλάδα", "漢字 東京都 한국", "ไทย हिन्दी", "a𝒳b ½", "(a\\b)"))
        for column, word in enumerate(line.split())
    ]
    layered = with_words(images_of(pdf("one", "two")), placed)
    found = words(layered)
    assert [word for word, _ in found] == [word for word, _ in placed]
    for (_, asked), (_, got) in zip(placed, found, strict=True):
        assert got.page == asked.page
        assert got.left == pytest.approx(asked.left, abs=0.001)
        assert got.right == pytest.approx(asked.right, abs=0.001)
        assert asked.top - 0.002 <= got.top < got.bottom <= asked.bottom + 0.002
    pages = pypdf.PdfReader(io.BytesIO(layered.data)).pages
    for index, page in enumerate(pages):
        assert page.extract_text().split() == [word for word, place in placed if place.page == index]


def test_hebrew_and_arabic_come_back_in_the_order_in_which_they_are_read():
    placed = [("שלום", Region(0, 0.6, 0.2, 0.7, 0.22)), ("مرحبا", Region(0, 0.6, 0.4, 0.7, 0.42))]
    assert [word for word, _ in words(with_words(images_of(pdf("one")), placed))] == ["שלום", "مرحبا"]


def test_invisible_text_is_not_seen_and_pages_are_still_read_as_scans():
    images = images_of(pdf(TEXT))
    layered = with_words(images, [("hidden", Region(0, 0.1, 0.1, 0.9, 0.4))])
    (before,), (after,) = read(images, Pages), read(layered, Pages)
    assert before.dpi == after.dpi
    assert np.abs(before.pixels.astype(int) - after.pixels).mean() < 0.5, "no more than one more JPEG costs"


# Recognition errors


@pytest.mark.parametrize(("level", "rate"), [(1, 0.01), (2, 0.03), (3, 0.08), (4, 0.15), (5, 0.30)])
def test_the_text_layer_has_the_character_error_rate_asked_for(level, rate):
    clean = pdf(*[TEXT] * 3)
    right = text(clean)
    for seed in range(2):
        got = text(applied(scan.text_layer_noise, clean, seed, level).view)
        assert Levenshtein.distance(right, got) / len(right) == pytest.approx(rate, rel=0.1, abs=0.002)


def test_a_higher_rate_keeps_the_errors_of_a_lower_one():
    clean = pdf(TEXT)
    right = text(clean)
    for seed in range(4):
        few, many = (
            Levenshtein.editops(right, text(applied(scan.text_layer_noise, clean, seed, at).view)) for at in (2, 4)
        )
        wrong = [{each.src_pos for each in edits} for edits in (few, many)]
        assert len(wrong[0] - wrong[1]) <= 1, "an edit may be told at the next of two equal letters"


def test_letters_are_taken_for_what_they_look_like_and_spaces_are_lost_and_found():
    clean = pdf(*[TEXT] * 3)
    right = text(clean)
    got = " ".join(text(applied(scan.text_layer_noise, clean, seed, 5).view) for seed in range(3))
    assert len(got.split()) != 3 * len(right.split())
    replaced = {
        (right[edit.src_pos], noisy[edit.dest_pos])
        for noisy in [text(applied(scan.text_layer_noise, clean, 1, 3).view)]
        for edit in Levenshtein.editops(right, noisy)
        if edit.tag == "replace"
    }
    assert replaced & {("e", "c"), ("o", "0"), ("l", "1"), ("n", "u"), ("s", "5"), ("1", "l"), ("0", "O"), ("5", "S")}


def test_misread_words_stand_where_the_right_ones_did():
    clean = pdf(TEXT)
    noisy = words(applied(scan.text_layer_noise, clean, 0, 3).view)
    for word, place in words(clean):
        beside = [other for other, where in noisy if overlap(place, where) > 0.4]
        assert beside, word


def test_a_missing_text_layer_leaves_nothing_to_extract():
    assert words(applied(scan.text_layer_missing, pdf(TEXT)).view) == []


# Printed and scanned


def test_a_scan_is_soft_not_pure_and_has_200_dpi():
    clean = pdf(TEXT)
    (page,) = read(applied(scan.scanned, clean).view, Pages)
    (before,) = read(clean, Pages)
    assert page.dpi == pytest.approx((200, 200), rel=0.01)
    assert page.pixels.min() > 10
    assert 235 < np.median(page.pixels) < 250
    steps = [np.abs(np.diff(each.pixels.astype(int), axis=1)).max() for each in (before, page)]
    assert steps[1] < 0.8 * steps[0]
    assert not scan.scanned.control


def test_a_scan_has_no_text_unless_it_is_asked_to_keep_it():
    clean = pdf(TEXT, "page two")

    def scanned(choice: str) -> Document:
        (step,) = Recipe.parse(f'scan.scanned(text_layer="{choice}",seed=1)').steps
        return write(scan.scanned.apply(read(clean, Pages), step).view, clean)

    assert words(scanned("none")) == []
    kept = words(scanned("kept"))
    assert [word for word, _ in kept] == [word for word, _ in words(clean)]
    assert all(overlap(before, after) > 0.5 for (_, before), (_, after) in zip(words(clean), kept, strict=True))
    wrong = text(scanned("wrong"))
    assert Levenshtein.distance(wrong, text(clean)) / len(text(clean)) == pytest.approx(0.08, abs=0.02)


def test_a_text_layer_goes_with_the_page_through_the_steps_that_follow():
    clean = pdf(TEXT)
    recipe = Recipe.parse(
        'scan.scanned(text_layer="kept",seed=1) > scan.skew(angle=5,seed=1) > scan.jpeg(quality=40,seed=1)'
    )
    case = Case("a.pdf", clean, {})
    after = degrade(case, recipe, discover().mutators).document
    assert [word for word, _ in words(after)] == [word for word, _ in words(clean)]
    moved = {
        word: place.left - before.left for (word, place), (_, before) in zip(words(after), words(clean), strict=True)
    }
    assert max(map(abs, moved.values())) > 0.01, "turned with the page"
    (page,) = read(after, Pages)
    dark = cv2.blur((page.pixels < 128).astype(np.float32), (9, 9)) > 0
    middles = [((place.left + place.right) / 2, (place.top + place.bottom) / 2) for _, place in words(after)]
    hit = [dark[int(y * page.height), int(x * page.width)] for x, y in middles]
    assert np.mean(hit) > 0.9, "words stand where they are seen"


def test_another_choice_is_an_error_that_names_those_there_are():
    with pytest.raises(CrumpleError, match="none, kept, wrong"):
        scan.scanned(read(pdf(TEXT), Pages), rng=np.random.default_rng(0), text_layer="keep")


def test_form_fields_are_drawn_into_the_scan_and_are_no_fields_any_more():
    clean = form()
    assert pypdf.PdfReader(io.BytesIO(clean.data)).get_fields()
    after = applied(scan.scanned, clean).view
    assert not pypdf.PdfReader(io.BytesIO(after.data)).get_fields()
    (page,) = read(after, Pages)

    def dark(x: float, y: float, wide: float, high: float) -> float:
        across, down = (each * 200 / 72 for each in (x, A5[1] - y - high))
        part = page.pixels[int(down) : int(down + high * 200 / 72), int(across) : int(across + wide * 200 / 72)]
        return float((part.min(axis=2) if part.ndim == 3 else part).astype(float).__lt__(120).mean())

    assert dark(100, 500, 80, 24) > 0.01, "what was filled in"
    assert dark(104, 404, 32, 32) > 3 * dark(204, 404, 32, 32) + 0.01, "the box that was ticked"
