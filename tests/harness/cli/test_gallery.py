"""`crumple mutate --gallery`: every mutator at five levels in one picture."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from reportlab.pdfgen import canvas

from crumple import Page, Pages, Region
from crumple.cli import contact_sheet, text_tiles
from crumple.cli import crumple as command_line
from crumple.cli.contact_sheet import TILE, Row, Tile, contact_sheets
from crumple.cli.page_tiles import page_tile, pages_tile, place_to_look_at, same_sheets, seen
from crumple.cli.text_tiles import bytes_tile, text_tile
from crumple.mutation.registry import Registry, discover
from page_samples import sheet

MINE = '''
from numpy.random import Generator
from crumple import Ladder, NotApplicable, Page, Text, mutator


@mutator("mine.dot", mm=Ladder(1, 2, 3, 4, 5, unit="mm"))
def dot(page: Page, mm: float, rng: Generator) -> Page:
    """Make a dot in a corner, as a pen that was put down does."""
    side = max(1, round(page.px(mm)[0]))
    pixels = page.pixels.copy()
    pixels[:side, :side] = 0
    return page.with_pixels(pixels)


@mutator("mine.choosy", mm=Ladder(1, 2, 3, 4, 5, unit="mm"))
def choosy(page: Page, mm: float, rng: Generator) -> Page:
    """Never act."""
    raise NotApplicable("it does not like this page")


@mutator("mine.raising", mm=Ladder(1, 2, 3, 4, 5, unit="mm"))
def raising(page: Page, mm: float, rng: Generator) -> Page:
    """Fail by itself."""
    raise KeyError("a slip")


@mutator("other.shout", marks=Ladder(1, 2, 3, 4, 5, unit="marks"))
def shout(text: Text, marks: int, rng: Generator) -> bytes:
    """Put exclamation marks at the end, as somebody who is cross does."""
    return text.value.encode() + b"!" * marks
'''
YELLOW, RED = (255, 226, 120), (214, 54, 54)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a page, a text and mutators of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "gallery_mutators", raising=False)
    (tmp_path / "gallery_mutators.py").write_text(MINE)
    (tmp_path / "crumple.toml").write_text('[mutate]\nmodules = ["gallery_mutators"]\n')
    (tmp_path / "note.txt").write_text("Dear Sir,\nthe total is 12.50 EUR.\n")
    Image.fromarray(sheet().pixels).save(tmp_path / "page.png", dpi=(100, 100))
    return tmp_path


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, ["mutate", *words], prog_name="crumple")
    return done.exit_code, done.stdout, done.stderr


def picture(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def has(pixels: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((pixels == colour).all(axis=2).any())


def test_a_gallery_has_a_row_for_each_mutator_and_names_those_that_do_not_apply(folder: Path) -> None:
    code, out, err = call("page.png", "--gallery", "out.png", "--with", "mine")
    assert (code, err) == (0, "")
    assert "out.png: " in out
    assert "1 mutators, seed 1" in out
    assert "mine.choosy: it does not like this page" in out
    assert "mine.raising: it raises KeyError: 'a slip'" in out
    assert picture(folder / "out.png").shape[1] > 5 * TILE


def test_the_same_seed_makes_the_same_picture(folder: Path) -> None:
    for name in ("a.png", "b.png"):
        assert call("page.png", "--gallery", name, "--with", "scan.sensor_noise", "--seed", "7")[0] == 0
    assert call("page.png", "--gallery", "c.png", "--with", "scan.sensor_noise", "--seed", "8")[0] == 0
    first, second, third = ((folder / name).read_bytes() for name in ("a.png", "b.png", "c.png"))
    assert first == second != third


def test_words_may_be_repeated_or_have_commas_between_them(folder: Path) -> None:
    code, out, _ = call("note.txt", "--gallery", "out.png", "--with", "other,encoding.bom", "--with", "mine.dot")
    assert code == 0
    assert "2 mutators" in out
    assert "mine.dot: it acts on what can be seen as Page, not on txt" in out


def test_without_a_selection_mutators_of_other_formats_are_counted_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(*where: Any) -> Registry:
        known = discover(*where)
        return known.select(("mine", "truncation", "text.typos", "encoding.bom", "scan.skew", "table"))

    monkeypatch.setattr("crumple.cli.known.discover", some)
    code, out, _ = call("note.txt", "--gallery", "out.png")
    assert code == 0
    assert "more act on other formats than text/plain" in out
    assert "mine.dot" not in out


def test_a_placeholder_makes_a_picture_of_each_category(folder: Path) -> None:
    code, out, _ = call("page.png", "--gallery", "{category}-of-page.png", "--with", "mine,truncation.cut")
    assert code == 0
    assert {path.name for path in folder.glob("*-of-page.png")} == {"mine-of-page.png", "truncation-of-page.png"}
    assert out.count("1 mutators") == 2


def test_what_does_not_fit_goes_on_in_another_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_sheet, "TALLEST", 1300)
    code, out, _ = call("page.png", "--gallery", "out.png", "--with", "mine.dot,scan.skew,scan.defocus")
    assert code == 0
    assert [path.name for path in sorted(folder.glob("out*.png"))] == ["out-2.png", "out-3.png", "out.png"]
    assert all(len(picture(folder / name)) <= 1300 for name in ("out.png", "out-2.png", "out-3.png"))
    assert "out-3.png: " in out
    assert call("page.png", "--gallery", "new.png", "--with", "mine.dot")[0] == 0


@pytest.mark.parametrize("media_type", ["pdf", "tiff"])
def test_a_document_of_many_pages_is_shown_by_its_first_pages(folder: Path, media_type: str) -> None:
    if media_type == "pdf":
        out = io.BytesIO()
        pages = canvas.Canvas(out, pagesize=(200, 280))
        for number in range(7):
            pages.drawString(20, 200, f"page {number}")
            pages.showPage()
        pages.save()
        (folder / "many.pdf").write_bytes(out.getvalue())
    else:
        shades = [Image.new("L", (200, 280), 200 + number) for number in range(7)]
        shades[0].save(folder / "many.tiff", save_all=True, append_images=shades[1:])
    code, _, err = call(f"many.{media_type}", "--gallery", "out.png", "--with", "scan.page_missing,mine.dot")
    assert (code, err) == (0, "")
    assert (folder / "out.png").exists()


def test_a_file_that_no_view_shows_is_shown_as_bytes(folder: Path) -> None:
    (folder / "thing.bin").write_bytes(bytes(range(256)) * 4)
    code, out, _ = call("thing.bin", "--gallery", "out.png", "--with", "truncation.cut,corruption.bit_flips")
    assert code == 0
    assert "2 mutators" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["page.png", "--with", "mine.dot"], "exactly one of -o OUT and --gallery"),
        (
            ["page.png", "--with", "mine.dot", "-o", "x.png", "--gallery", "y.png"],
            "exactly one of -o OUT and --gallery",
        ),
        (["page.png", "-o", "x.png"], "--with: needs one recipe"),
        (["page.png", "-o", "x.png", "--with", "mine.dot", "--with", "mine.dot"], "joined by '>'"),
        (["page.png", "--gallery", "x.png", "--level", "3"], "--level: a gallery shows every level"),
        (["page.png", "--gallery", "x.jpg"], "a gallery is a PNG"),
        (["page.png", "--gallery", "x.png", "--with", "mien"], "Did you mean 'mine'?"),
        (["page.png", "--gallery", "x.png", "--with", "mine.dot(mm=3)"], "neither a category nor a mutator"),
        (["page.png", "--gallery", "page.png", "--force", "--with", "mine"], "there is a file already"),
        (["none.png", "--gallery", "x.png", "--with", "mine"], "none.png: it cannot be read"),
        (["page.png", "--gallery", "no/x.png", "--with", "mine"], "it cannot be written"),
        (["broken.png", "--gallery", "x.png", "--with", "mine"], "it cannot be shown: the image is cut short"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(folder: Path, words: list[str], message: str) -> None:
    (folder / "broken.png").write_bytes((folder / "page.png").read_bytes()[:400])
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    code, _, err = call(*words)
    assert code == 2
    assert message in err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_the_limit_on_pixels_of_the_configuration_holds_here_too(folder: Path) -> None:
    (folder / "crumple.toml").write_text("[mutate]\npixels = 1000\n")
    code, _, err = call("page.png", "--gallery", "out.png", "--with", "scan.skew")
    assert code == 2
    assert "a quarter of [mutate] pixels" in err
    (folder / "crumple.toml").write_text('[mutate]\npixels = "many"\n')
    code, _, err = call("page.png", "--with", "scan.skew", "--level", "1", "-o", "x.png")
    assert code == 2
    assert "crumple.toml, line 2, [mutate]: pixels must be a number of pixels" in err


def test_a_cut_out_is_the_page_pixel_for_pixel() -> None:
    page = Page(np.random.default_rng(0).integers(0, 256, (1000, 800), dtype=np.uint8), (100.0, 100.0))
    place = Region(0, 0.25, 0.5, 0.25 + TILE / 800, 0.5 + 128 / 1000)
    tile = page_tile(seen(page), place, (1000, 800))
    assert np.array_equal(tile[-127:-1, 1:-1, 0], page.pixels[501:627, 201 : 200 + TILE - 1])


def test_the_place_to_look_at_has_text_and_the_damage() -> None:
    clean = sheet(200)
    assert _inked(clean, place_to_look_at(seen(clean), ()))
    pixels = clean.pixels.copy()
    pixels[-60:, -60:] = 0
    corner = place_to_look_at(seen(clean), [seen(clean.with_pixels(pixels))])
    assert corner.right > 1 - 60 / clean.width
    assert corner.bottom > 1 - 60 / clean.height


def _inked(page: Page, place: Region) -> bool:
    rows = slice(round(place.top * page.height), round(place.bottom * page.height))
    columns = slice(round(place.left * page.width), round(place.right * page.width))
    return bool((page.pixels[rows, columns] < 100).mean() > 0.1)


def test_sheets_in_another_order_are_seen_to_be_so_and_damage_on_them_is_not() -> None:
    upright = sheet()
    upside_down = upright.with_pixels(upright.pixels[::-1, ::-1].copy())
    other = sheet(margin_mm=40)
    dark = Pages(tuple(page.with_pixels(page.pixels // 2 + 20) for page in (upright, other)))
    clean = Pages((upright, other))
    assert same_sheets(clean, dark)
    assert not same_sheets(clean, Pages((other, upright)))
    assert not same_sheets(clean, Pages((upright,)))
    assert same_sheets(Pages((upright,)), Pages((upside_down,)))


def test_line_ends_that_a_document_has_anyway_are_not_shown() -> None:
    assert np.array_equal(text_tile("a\r\nb", "a\r\nb"), text_tile("a\nb", "a\nb"))
    assert has(text_tile("a\r\nb", "a\nb"), YELLOW)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (40, 40)])
def test_pages_of_any_size_have_a_tile(size: tuple[int, int]) -> None:
    page = Page(np.full(size, 200, np.uint8), (200.0, 98.0))
    each = seen(page)
    assert page_tile(each, place_to_look_at(each, [each]), size).shape[1] == TILE
    assert pages_tile(Pages((page,) * 12)).shape[1] == TILE


def test_what_is_new_in_a_text_is_yellow_and_what_is_gone_a_red_line() -> None:
    clean = "first line\nsecond line\nthird line\n" * 3
    same = text_tile(clean, clean)
    assert not has(same, YELLOW)
    assert not has(same, RED)
    assert has(text_tile(clean.replace("second", "secOnd", 1), clean), YELLOW)
    gone = text_tile(clean.replace("second ", "", 1), clean)
    assert has(gone, RED)
    assert not has(gone, YELLOW)


def test_a_difference_far_into_a_long_line_is_in_the_picture() -> None:
    clean = "x" * 5000
    assert has(text_tile(clean[:4000] + "y" + clean[4001:], clean), YELLOW)


def test_texts_that_have_nothing_in_common_are_marked_as_a_whole() -> None:
    marked = text_tiles._compared("<html>404</html>", "Dear Sir or Madam, thank you")
    assert all(marked.changed)
    assert not marked.gaps


def test_bytes_that_differ_are_marked() -> None:
    assert not has(bytes_tile(b"abc" * 50, b"abc" * 50), YELLOW)
    assert has(bytes_tile(b"abc" * 50 + b"\0", b"abc" * 50), YELLOW)


def test_a_tile_without_a_picture_says_why() -> None:
    def inked(note: str) -> int:
        row = Row("title", "about", (Tile("level 1", note=note),))
        (data,) = contact_sheets(Row("head", "", ()), [row])
        with Image.open(io.BytesIO(data)) as image:
            return int((np.asarray(image.convert("L")) < 150).sum())

    assert inked("the image is cut short") > inked("") + 100
