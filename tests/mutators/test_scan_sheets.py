"""Whole sheets gone wrong, text layers, and the control: what each does, says, and where it does not apply."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from crumple import ALL, SAME, AnyOf, Degraded, Document, Edit, NotApplicable, Page, Pages, Region, read, write
from crumple.views.pdf import words
from crumple_mutators import scan

SHEETS = [scan.half_turn, scan.blank_page, scan.page_duplicated, scan.page_missing, scan.wrong_text_layer]


def applied(mutator, view, seed=0) -> Degraded:
    return mutator.apply(view, mutator.step(mutator.level, seed))


def damage(one: Page, other: Page) -> float:
    return float(np.abs(one.pixels.astype(int) - other.pixels).mean())


def pdf(*lines: str) -> Document:
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(300, 400), invariant=1)
    for line in lines:
        paper.drawString(40, 340, line)
        paper.showPage()
    paper.save()
    return Document(out.getvalue(), "application/pdf", "a.pdf")


def tiff(*pages: Page) -> Document:
    out = io.BytesIO()
    first, *rest = (Image.fromarray(page.pixels) for page in pages)
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=pages[0].dpi)
    return Document(out.getvalue(), "image/tiff", "a.tif")


def numbered(count: int) -> list[Page]:
    return [Page(np.full((40, 30), 40 * index + 30, np.uint8), (50.0, 50.0)) for index in range(count)]


def fingerprint() -> str:
    digest = hashlib.sha256()
    for mutator in SHEETS:
        digest.update(applied(mutator, pdf("one", "two")).view.data)
        if mutator is not scan.wrong_text_layer:
            digest.update(applied(mutator, tiff(*numbered(3))).view.data)
    return digest.hexdigest()


def test_the_same_seed_makes_the_same_bytes_in_another_process():
    program = "import sys; sys.path.insert(0, sys.argv[1]); import test_scan_sheets as t; print(t.fingerprint())"
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert run.stdout.strip() == fingerprint()


@pytest.mark.parametrize("mutator", SHEETS, ids=lambda mutator: mutator.name)
def test_the_clean_document_is_not_modified(mutator):
    clean = pdf("one", "two")
    before = clean.data
    assert applied(mutator, clean).view.data != before
    assert clean == pdf("one", "two")


# Whole sheets


def test_a_half_turn_of_a_pdf_turns_its_pages_and_keeps_its_text():
    clean = pdf("one", "two")
    turned = applied(scan.half_turn, clean).view
    assert [page.rotation for page in pypdf.PdfReader(io.BytesIO(turned.data)).pages] == [180, 180]
    assert [word for word, _ in words(turned)] == ["one", "two"]
    assert words(turned)[0][1].top > 0.8
    before, after = read(clean, Pages)[0].pixels, read(turned, Pages)[0].pixels
    assert np.abs(before[::-1, ::-1].astype(int) - after).mean() < 1


def test_a_half_turn_of_an_image_turns_its_pixels():
    pages = numbered(2)
    clean = tiff(*(Page(np.tri(40, 30, dtype=np.uint8) * 200, page.dpi) for page in pages))
    turned = read(applied(scan.half_turn, clean).view, Pages)
    assert all(np.array_equal(page.pixels, np.tri(40, 30, dtype=np.uint8)[::-1, ::-1] * 200) for page in turned)


def test_mirrored_pages_lose_everything_and_may_be_refused():
    pages = read(pdf("one", "two"), Pages)
    mirrored = applied(scan.mirrored, pages)
    assert mirrored.lost is ALL
    assert np.array_equal(mirrored.view[1].pixels, pages[1].pixels[:, ::-1])
    assert words(write(mirrored.view, pdf("one", "two"))) == [], "no text layer gives the page away"
    assert scan.mirrored.refusable_from == 1


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_blank_page_goes_in_anywhere_and_says_nothing_new(kind):
    places = set()
    for seed in range(12):
        clean = pdf("one", "two") if kind == "PDF" else tiff(*numbered(2))
        degraded = applied(scan.blank_page, clean, seed)
        assert (degraded.truth, tuple(degraded.lost)) == (SAME, ())
        pages = read(degraded.view, Pages)
        assert len(pages) == 3
        assert len({(page.width, page.height) for page in pages}) == 1
        if kind == "PDF":
            places.add(tuple(region.page for _, region in words(degraded.view)))
        else:
            places.add(tuple(index for index, page in enumerate(pages) if np.ptp(page.pixels) == 0))
    assert places == {(0, 1), (0, 2), (1, 2)}
    assert scan.blank_page.refusable_from is None


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_duplicated_page_follows_itself_and_may_count_once_or_twice(kind):
    clean = pdf("one", "two", "three") if kind == "PDF" else tiff(*numbered(3))
    degraded = applied(scan.page_duplicated, clean, 1)
    (twice,) = degraded.touched
    assert degraded.truth == AnyOf(SAME, Edit(repeated=(Region(page=twice.page),)))
    order = [0, 1, 2]
    order.insert(twice.page, twice.page)
    before, after = read(clean, Pages), read(degraded.view, Pages)
    assert [page.pixels.tobytes() for page in after] == [before[index].pixels.tobytes() for index in order]
    assert scan.page_duplicated.refusable_from == 1


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_missing_page_is_lost_and_the_others_stay(kind):
    clean = pdf("one", "two", "three") if kind == "PDF" else tiff(*numbered(3))
    degraded = applied(scan.page_missing, clean, 1)
    (gone,) = degraded.lost
    before, after = read(clean, Pages), read(degraded.view, Pages)
    left = [page.pixels.tobytes() for index, page in enumerate(before) if index != gone.page]
    assert [page.pixels.tobytes() for page in after] == left
    assert gone == Region(page=gone.page)
    assert scan.page_missing.refusable_from == 1


def test_a_document_of_one_page_has_none_to_miss():
    with pytest.raises(NotApplicable, match="only one page"):
        applied(scan.page_missing, pdf("one"))


@pytest.mark.parametrize("mutator", SHEETS, ids=lambda mutator: mutator.name)
def test_what_is_not_made_of_pages_is_not_applicable(mutator):
    with pytest.raises(NotApplicable, match="text/csv"):
        applied(mutator, Document(b"a,b\n1,2\n", "text/csv", "a.csv"))


@pytest.mark.parametrize("mutator", SHEETS, ids=lambda mutator: mutator.name)
def test_a_damaged_pdf_is_not_applicable_with_a_reason(mutator):
    with pytest.raises(NotApplicable, match="damaged"):
        applied(mutator, Document(b"%PDF-1.4\nnothing else", "application/pdf", "a.pdf"))


@pytest.mark.parametrize("mutator", [scan.blank_page, scan.page_duplicated, scan.page_missing])
def test_only_formats_that_hold_several_pages_get_another(mutator):
    assert [mutator.fits(each) for each in ("application/pdf", "image/tiff", "image/png")] == [True, True, False]


# Text layers and the control


def test_a_wrong_text_layer_stands_under_the_right_image():
    clean = pdf("Total 12.50", "page two")
    degraded = applied(scan.wrong_text_layer, clean)
    assert (degraded.truth, tuple(degraded.lost)) == (SAME, ())
    found = [word for word, _ in words(degraded.view)]
    assert "Invoice" in found
    assert "12.50" not in found
    assert {region.page for _, region in words(degraded.view)} == {0, 1}
    for before, after in zip(read(clean, Pages), read(degraded.view, Pages), strict=True):
        assert before.pixels.shape == after.pixels.shape
        assert damage(before, after) < 1, "the made-up text cannot be seen"
    other = applied(scan.wrong_text_layer, clean, 1)
    assert words(other.view) != words(degraded.view)


def test_the_control_makes_a_pdf_of_images_at_the_resolution_asked_for_and_nothing_else():
    clean = pdf("one")
    plain = applied(scan.rasterise, clean).view
    assert words(plain) == []
    assert damage(read(plain, Pages)[0], read(clean, Pages)[0]) < 1
    coarse = scan.rasterise(clean, rng=np.random.default_rng(0), dpi=72)
    assert (read(coarse, Pages)[0].width, read(coarse, Pages)[0].height) == (300, 400)
    assert scan.rasterise.control


def test_the_control_encodes_a_jpeg_again_and_does_not_apply_where_nothing_is_lost():
    out = io.BytesIO()
    lined = np.full((300, 200), 235, np.uint8)
    lined[20:280:12, 20:180] = 25
    Image.fromarray(lined).save(out, "JPEG", quality=60, optimize=True)
    clean = Document(out.getvalue(), "image/jpeg", "a.jpg")
    again = applied(scan.rasterise, clean).view
    assert again.data != clean.data
    assert damage(read(again, Pages)[0], read(clean, Pages)[0]) < 0.5
    with pytest.raises(NotApplicable, match="byte for byte"):
        applied(scan.rasterise, again)
    with pytest.raises(NotApplicable, match="loses nothing"):
        applied(scan.rasterise, tiff(*numbered(1)))


@pytest.mark.parametrize(
    ("name", "truth", "refusable_from"),
    [
        ("skew", ("same", "lost"), 5),
        ("blank_page", ("same",), None),
        ("half_turn", ("same",), None),
        ("wrong_text_layer", ("same",), None),
        ("page_duplicated", ("same", "new"), 1),
        ("page_missing", ("lost",), 1),
        ("mirrored", ("lost",), 1),
        ("stamp", ("lost",), None),
    ],
)
def test_each_states_what_becomes_of_the_answer_and_from_where_it_may_be_refused(name, truth, refusable_from):
    mutator = getattr(scan, name)
    assert (mutator.truth, mutator.refusable_from) == (truth, refusable_from)
