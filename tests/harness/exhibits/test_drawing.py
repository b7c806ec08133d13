"""Documents beside the clean ones: by the view that shows what differs, small, and with a word where nothing can be."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from crumple.document import Document
from crumple.exhibit import Exhibit, PagePair, Picture
from crumple.exhibits.bounds import EXCERPTS, FULL
from crumple.exhibits.drawing import drawn
from crumple.exhibits.pages import picture
from crumple.exhibits.room import within
from crumple.places import Region
from crumple.views.pages import Page, Pages

CSV = b"id,name,amount\n1,a,10.5\n2,b,20.5\n3,c,30.5\n"


def csv(data: bytes) -> Document:
    return Document(data, "text/csv", "a.csv")


def png(pixels) -> Document:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Document(file.getvalue(), "image/png", "a.png")


def sheet(seed: int = 0, *, colour: bool = False):
    pixels = np.full((1_170, 827), 255, np.uint8)
    for row in range(100, 1_000, 30):
        pixels[row : row + 8, 80 : 80 + (row * 7 + seed * 31) % 600] = 20
    return np.dstack([pixels] * 3) if colour else pixels


def cells(row) -> list[str]:
    return [f"[{each.text}]" if each.changed else each.text for each in row]


def test_a_table_shows_its_header_and_the_rows_and_cells_that_differ() -> None:
    found = drawn("", csv(CSV), csv(CSV.replace(b"30.5", b'"30,5"')), FULL)
    assert found.kind == "rows"
    assert [each.degraded_number for each in found.rows] == [1, 3, 4]
    assert cells(found.rows[-1].clean) == ["3", "c", "[30.5]"]
    assert cells(found.rows[-1].degraded) == ["3", "c", "[30,5]"]


def test_a_row_with_a_cell_more_marks_that_cell_alone() -> None:
    found = drawn("", csv(CSV), csv(CSV.replace(b"2,b", b"2,x,b")), FULL)
    row = next(each for each in found.rows if each.clean_number == 3)
    assert cells(row.degraded) == ["2", "[x]", "b", "20.5"]


def test_another_delimiter_is_shown_as_lines_for_no_cell_differs() -> None:
    assert drawn("", csv(CSV), csv(CSV.replace(b",", b";")), FULL).kind == "lines"


def test_of_a_wide_table_the_columns_that_differ_are_shown() -> None:
    clean = "\n".join(",".join(f"{row}-{column}" for column in range(40)) for row in range(3)).encode()
    found = drawn("", csv(clean), csv(clean.replace(b"1-30,", b"other,")), FULL)
    row = next(each for each in found.rows if each.clean_number == 2)
    assert "[other]" in cells(row.degraded)
    assert len(row.degraded) <= FULL.cells + 3


def test_pages_are_small_pictures_of_those_that_differ() -> None:
    clean, degraded = sheet(), sheet()
    degraded[300:380, 300:500] = 0
    found = drawn("", png(clean), png(degraded), FULL, [Region(0, 0.3, 0.3, 0.5, 0.4)])
    assert found.kind == "pages"
    (pair,) = found.pages
    assert pair.clean is not None
    assert pair.degraded is not None
    assert pair.degraded.media_type == "image/webp"
    assert pair.degraded.height <= 900
    assert all(len(each.data) <= 30_000 for each in pair.pictures)
    assert pair.clean_detail is not None
    assert pair.degraded_detail is not None
    assert pair.clean_detail.data != pair.degraded_detail.data


def test_noise_in_colour_is_made_small_all_the_same() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (900, 640, 3), dtype=np.uint8)
    assert len(picture(Page(noise, (200.0, 200.0))).data) <= 30_000


def test_the_same_page_gives_the_same_picture() -> None:
    assert picture(Page(sheet(), (100.0, 100.0))) == picture(Page(sheet(colour=True), (100.0, 100.0)))


def test_an_image_that_cannot_be_opened_says_so_beside_the_clean_one() -> None:
    clean = png(sheet())
    broken = Document(b"\x89PNG\r\n\x1a\n" + b"?" * 20, "image/png", "a.png")
    found = drawn("", clean, broken, FULL)
    assert found.note.startswith("what it was made into cannot be opened as pages")
    assert [(each.clean is None, each.degraded is None) for each in found.pages] == [(False, True)]


def test_bytes_that_were_flipped_stand_beside_a_page_that_cannot_be_opened() -> None:
    clean = png(sheet())
    flipped = bytearray(clean.data)
    flipped[20] ^= 0xFF
    found = drawn("", clean, Document(bytes(flipped), "image/png", "a.png"), FULL)
    assert found.pages
    assert found.lines


def test_pages_that_look_the_same_say_what_differs() -> None:
    clean = png(sheet())
    found = drawn("", clean, replace(clean, data=clean.data + b"tail"), FULL)
    assert not found.pages
    assert "looks the same" in found.note
    assert f"{len(clean.data):,} bytes became {len(clean.data) + 4:,}" in found.note


def test_excerpts_hold_no_picture_of_a_page() -> None:
    degraded = sheet()
    degraded[300:380, 300:500] = 0
    for other in (png(degraded), Document(b"\x89PNG\r\n\x1a\n", "image/png", "a.png"), Document(b"", "image/png", "a")):
        found = drawn("", png(sheet()), other, EXCERPTS)
        assert not found.pages
        assert found.note


def test_an_archive_shows_the_part_that_differs() -> None:
    def archive(inner: bytes) -> Document:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as members:
            members.writestr(zipfile.ZipInfo("same.txt"), "same")
            members.writestr(zipfile.ZipInfo("rows.csv"), inner)
        return Document(file.getvalue(), "application/zip", "a.zip")

    found = drawn("", archive(CSV), archive(CSV.replace(b"20.5", b"99.9")), FULL)
    assert found.note == "in rows.csv"
    assert found.kind == "rows"


@pytest.mark.parametrize(
    ("clean", "degraded", "note"),
    [
        (CSV, CSV, "the document is the clean one"),
        (CSV, b"", "nothing is left of it"),
        (CSV, CSV + b"x" * (21 << 20), "the documents have more than 20 MiB"),
    ],
)
def test_what_cannot_be_shown_has_a_word(clean: bytes, degraded: bytes, note: str) -> None:
    assert drawn("", csv(clean), csv(degraded), FULL).note.startswith(note)


def test_a_document_that_was_only_named_otherwise_says_so() -> None:
    found = drawn("", csv(CSV), Document(CSV, "text/csv", "b.xml"), FULL)
    assert found.note == "its bytes are the clean document's; its name is 'b.xml', which was 'a.csv'"


def shown(name: str, *data: bytes) -> Exhibit:
    pages = tuple(PagePair(1, Picture(each, "image/webp", 1, 1), None) for each in data)
    return Exhibit(replay=name, kind="pages", pages=pages)


def test_the_worst_problems_have_room_first_and_the_same_picture_takes_it_once() -> None:
    found = list(
        within([shown("a", b"x" * 60), shown("b", b"x" * 60), shown("c", b"y" * 60), shown("d", b"z" * 40)], 100)
    )
    assert [bool(each.pages) for each in found] == [True, True, False, True]
    assert found[2].note == "there was no room for more pictures in this report"


def test_a_document_of_pages_shows_those_that_are_missing_or_new() -> None:
    from crumple.exhibits.pages import page_pairs

    one, two, three = (Page(sheet(seed), (100.0, 100.0)) for seed in range(3))
    (gone,), left_out = page_pairs(Pages((one, two, three)), Pages((one, three)), [], 2)
    assert (gone.number, gone.degraded, left_out) == (2, None, 0)
    (new,), _ = page_pairs(Pages((one, three)), Pages((one, two, three)), [], 2)
    assert (new.number, new.clean) == (2, None)
