"""Whole sheets gone wrong, text layers, and the control: what each does, says, and where it does not apply."""

import io

import numpy as np
import pypdf
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from crumple import ABSENT, ALL, SAME, AnyOf, Degraded, Document, Edit, NotApplicable, Page, Pages, Region, read, write
from crumple.views.pdf import words
from crumple_mutators import scan

SHEETS = [
    scan.half_turn,
    scan.quarter_turn,
    scan.upside_down_page,
    scan.blank_page,
    scan.interleaved_blanks,
    scan.foreign_page,
    scan.page_duplicated,
    scan.page_missing,
    scan.pages_reordered,
]
OF_SEVERAL = [scan.upside_down_page, scan.page_missing, scan.pages_reordered, scan.stuck_sheets, scan.mixed_resolution]


def applied(mutator, view, seed=0, truth=ABSENT) -> Degraded:
    return mutator.apply(view, mutator.step(mutator.level, seed), truth)


def source_pages(degraded: Degraded) -> list[int | None]:
    return [origin and origin.page for origin in degraded.origins]


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


def corners(count: int) -> list[Page]:
    return [Page(np.tri(40, 30, -index, dtype=np.uint8) * 200 + 50, (50.0, 50.0)) for index in range(count)]


def lined(value: int) -> Page:
    pixels = np.full((827, 583), 240, np.uint8)
    for row in range(60, 767, 20):
        pixels[row : row + 8, 60:520] = value
    return Page(pixels, (100.0, 100.0))


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


@pytest.mark.parametrize("mutator", [scan.blank_page, scan.interleaved_blanks])
def test_a_blank_page_lies_as_its_neighbours_do(mutator):
    sideways = applied(scan.quarter_turn, pdf("one", "two")).view
    for seed in range(3):
        pages = read(applied(mutator, sideways, seed).view, Pages)
        assert {(page.width, page.height) for page in pages} == {(1111, 833)}


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


@pytest.mark.parametrize("mutator", OF_SEVERAL, ids=lambda mutator: mutator.name)
def test_a_document_of_one_page_has_none_to_miss_to_swap_or_to_lie_over_another(mutator):
    one = pdf("one")
    with pytest.raises(NotApplicable, match="only one page"):
        applied(mutator, one if mutator.view is Document else read(one, Pages))


def test_a_quarter_turn_of_a_pdf_goes_either_way_for_all_pages_alike_and_keeps_its_text():
    turns = set()
    for seed in range(8):
        turned = applied(scan.quarter_turn, pdf("one", "two"), seed).view
        rotations = [page.rotation for page in pypdf.PdfReader(io.BytesIO(turned.data)).pages]
        assert len(set(rotations)) == 1
        turns.add(rotations[0])
        assert [word for word, _ in words(turned)] == ["one", "two"]
        pages = read(turned, Pages)
        assert pages[0].width > pages[0].height
    assert turns == {90, 270}


def test_a_quarter_turn_of_an_image_turns_its_pixels_and_swaps_its_resolution():
    fax = Page(np.tri(40, 30, dtype=np.uint8) * 200, (100.0, 50.0))
    for seed in range(6):
        degraded = applied(scan.quarter_turn, tiff(fax), seed)
        (turned,) = read(degraded.view, Pages)
        assert turned.dpi == pytest.approx((50.0, 100.0))
        assert any(np.array_equal(turned.pixels, np.rot90(fax.pixels, times)) for times in (1, 3))
        corner = degraded.origins[0].bend.destination(Region(0, 0, 0, 0.1, 0.1))
        assert {round(corner.left + corner.right), round(corner.top + corner.bottom)} == {0, 2}


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_one_page_upside_down_leaves_the_others_as_they_were(kind):
    clean = pdf("one", "two", "three") if kind == "PDF" else tiff(*corners(3))
    which = set()
    for seed in range(10):
        degraded = applied(scan.upside_down_page, clean, seed)
        (at,) = degraded.touched
        which.add(at.page)
        for index, (before, after) in enumerate(zip(read(clean, Pages), read(degraded.view, Pages), strict=True)):
            expected = before.pixels[::-1, ::-1] if index == at.page else before.pixels
            assert np.abs(expected.astype(int) - after.pixels).mean() < 1
        assert source_pages(degraded) == [0, 1, 2]
    assert which == {0, 1, 2}


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_every_page_is_followed_by_a_blank_one(kind):
    clean = pdf("one", "two") if kind == "PDF" else tiff(*corners(2))
    degraded = applied(scan.interleaved_blanks, clean)
    assert (degraded.truth, tuple(degraded.lost)) == (SAME, ())
    pages = read(degraded.view, Pages)
    assert [bool(np.ptp(page.pixels[::1]) > 30) for page in pages] == [True, False, True, False]
    assert len({(page.width, page.height) for page in pages}) == 1
    assert source_pages(degraded) == [0, None, 1, None]


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_reordered_pages_are_all_there_in_another_order_and_say_where_they_came_from(kind):
    clean = pdf("one", "two", "three", "four") if kind == "PDF" else tiff(*numbered(4))
    before = [page.pixels.tobytes() for page in read(clean, Pages)]
    orders = set()
    for seed in range(20):
        degraded = applied(scan.pages_reordered, clean, seed)
        order = source_pages(degraded)
        assert sorted(order) == [0, 1, 2, 3]
        assert order != [0, 1, 2, 3]
        assert [page.pixels.tobytes() for page in read(degraded.view, Pages)] == [before[index] for index in order]
        assert {region.page for region in degraded.touched} == {page for at, page in enumerate(order) if page != at}
        assert (degraded.truth, tuple(degraded.lost)) == (SAME, ())
        orders.add(tuple(order))
    assert (3, 2, 1, 0) in orders
    assert len(orders) > 4


def test_bookmarks_lead_to_their_pages_after_these_have_been_reordered():
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf("one", "two", "three").data)))
    for index in range(3):
        writer.add_outline_item(title=f"page {index}", page_number=index)
    out = io.BytesIO()
    writer.write(out)
    degraded = applied(scan.pages_reordered, Document(out.getvalue(), "application/pdf", "a.pdf"), 1)
    reader = pypdf.PdfReader(io.BytesIO(degraded.view.data))
    leads = [reader.get_destination_page_number(item) for item in reader.outline]
    assert [source_pages(degraded)[page] for page in leads] == [0, 1, 2]


def test_pages_that_inherit_their_size_keep_it_when_they_are_reordered():
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf("one", "two").data)))
    root = writer.root_object["/Pages"]
    for page in writer.pages:
        root[pypdf.generic.NameObject("/MediaBox")] = page["/MediaBox"]
        del page["/MediaBox"]
    out = io.BytesIO()
    writer.write(out)
    clean = Document(out.getvalue(), "application/pdf", "a.pdf")
    after = read(applied(scan.pages_reordered, clean).view, Pages)
    assert {(page.width, page.height) for page in after} == {
        (read(clean, Pages)[0].width, read(clean, Pages)[0].height)
    }


@pytest.mark.parametrize("mutator", [scan.pages_reordered, scan.foreign_page])
def test_a_transcription_is_left_alone_whose_order_or_text_would_be_another(mutator):
    with pytest.raises(NotApplicable, match="transcription"):
        applied(mutator, pdf("one", "two"), truth="page one says a lot of things\nand so does page two")
    assert applied(mutator, pdf("one", "two"), truth="letter").truth == SAME


@pytest.mark.parametrize("kind", ["PDF", "TIFF", "black and white TIFF"])
def test_a_foreign_page_comes_after_the_first_and_reads_like_somebody_elses(kind):
    pages = [Page(np.full((584, 413), 250, np.uint8), (50.0, 50.0)) for _ in range(2)]
    if kind.startswith("black"):
        pages = [page.with_pixels(np.where(np.eye(584, 413) > 0, 0, 255).astype(np.uint8)) for page in pages]
    clean = pdf("one", "two") if kind == "PDF" else tiff(*pages)
    places = set()
    for seed in range(8):
        degraded = applied(scan.foreign_page, clean, seed)
        at = source_pages(degraded).index(None)
        places.add(at)
        after = read(degraded.view, Pages)
        assert len(after) == 3
        assert (after[at].width, after[at].height) == (after[0].width, after[0].height)
        assert 0.005 < (after[at].pixels < 150).mean() < 0.2
        if kind == "PDF":
            assert "Dear" in [word for word, place in words(degraded.view) if place.page == at]
        if kind.startswith("black"):
            assert set(np.unique(after[at].pixels)) == {0, 255}
    assert places == {1, 2}
    assert scan.foreign_page.refusable_from == 1


def test_two_sheets_stuck_together_are_one_scan_as_long_as_both_less_their_overlap():
    pages = Pages(tuple(lined(value) for value in (30, 60, 90)))
    for seed in range(6):
        degraded = scan.stuck_sheets(pages, overlap=80.0, rng=np.random.default_rng(seed))
        assert len(degraded.view) == 2
        (scan_of_both,) = [page for page in degraded.view if page.height != pages[0].height]
        assert scan_of_both.size_mm[1] == pytest.approx(2 * 210 - 80, abs=6)
        assert {region.page for region in degraded.touched} in ({0, 1}, {1, 2})


def test_what_the_upper_sheet_covers_of_the_lower_one_is_lost_and_no_more():
    pages = Pages((lined(30), lined(90)))
    below = set()
    for seed in range(8):
        degraded = scan.stuck_sheets(pages, overlap=80.0, rng=np.random.default_rng(seed))
        (lower,) = {region.page for region in degraded.lost}
        below.add(lower)
        share = 80 / 210
        if lower == 0:
            assert min(region.top for region in degraded.lost) == pytest.approx(1 - share, abs=0.05)
            assert max(region.bottom for region in degraded.lost) > 0.85
        else:
            assert max(region.bottom for region in degraded.lost) == pytest.approx(share, abs=0.05)
            assert min(region.top for region in degraded.lost) < 0.15
        both = degraded.view[0].pixels
        assert abs(int((both == 30).sum()) - int((both == 90).sum())) > 1000, "one of them lost lines"
    assert below == {0, 1}


def test_more_overlap_loses_more_and_an_overlap_of_margins_nothing():
    pages = Pages((lined(30), lined(90)))
    gone = [
        scan.stuck_sheets(pages, overlap=overlap, rng=np.random.default_rng(3)).lost for overlap in (5, 40, 120, 200)
    ]
    assert not gone[0]
    areas = [sum((each.right - each.left) * (each.bottom - each.top) for each in lost) for lost in gone]
    assert areas == sorted(areas)


def test_some_pages_get_fewer_pixels_on_the_same_sheet_and_some_do_not():
    clean = pdf("one", "two", "three")
    pages = read(clean, Pages)
    for seed in range(4):
        mixed = scan.mixed_resolution(pages, dpi=75.0, rng=np.random.default_rng(seed))
        written = read(write(mixed, clean), Pages)
        dpi = [round(page.dpi[0]) for page in written]
        assert set(dpi) == {75, 200}
        assert [page.size_mm for page in written] == [pytest.approx(page.size_mm, rel=0.01) for page in pages]
        kept = [word for word, _ in words(write(mixed, clean))]
        assert kept == [word for word, each in zip(("one", "two", "three"), dpi, strict=True) if each == 200]


def test_pages_as_coarse_already_are_not_mixed():
    with pytest.raises(NotApplicable, match="no more than 100 dpi"):
        scan.mixed_resolution(Pages(tuple(numbered(3))), dpi=100.0, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("mutator", "order"),
    [(scan.page_missing, [0, 2]), (scan.page_duplicated, [0, 1, 1, 2]), (scan.blank_page, [0, None, 1, 2])],
)
def test_where_each_page_came_from_is_said(mutator, order):
    found = [source_pages(applied(mutator, pdf("one", "two", "three"), seed)) for seed in range(12)]
    assert order in found


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
        ("quarter_turn", ("same",), None),
        ("upside_down_page", ("same",), None),
        ("interleaved_blanks", ("same",), None),
        ("pages_reordered", ("same",), None),
        ("foreign_page", ("same",), 1),
        ("stuck_sheets", ("same", "lost"), 1),
        ("mixed_resolution", ("same",), 5),
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
