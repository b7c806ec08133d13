"""Files that end at a boundary of their own structure, and pictures of which the upper rows are left."""

from __future__ import annotations

import email
import io
import json
import zipfile

import numpy as np
import pytest
from numpy.random import PCG64, Generator
from PIL import Image, ImageFile

from crumple import ALL, Case, Document, Edit, NotApplicable, Recipe, Region, Span, Table, Text
from crumple.mutation.apply import degrade
from crumple_mutators import corruption, truncation
from crumple_mutators.truncation.boundaries import boundaries
from damaged_files import applied, archive, image, pdf, rng
from oracles.corruption import members

RECORD = json.dumps({"number": "a, b", "lines": [{"a": 1}, {"a": 2}], "total": 3.5}, indent=1)
MAIL = (
    "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n"
    "Total 12\r\n-- \r\nZoë\r\n--x\r\nContent-Type: text/plain\r\n\r\nSecond\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("content", "media_type", "ends"),
    [
        ("One.\nTwo.\r\nThree\n", "text/plain", ("One.\n", "Two.\r\n")),
        (RECORD, "application/json", ('"a, b",', "}", "],", "},")),
        ("<a><b>1</b><c/><d>2</d></a>", "application/xml", ("</b>", "/>", "</d>")),
        (MAIL, "message/rfc822", ("\r\n\r\n", "Zoë\r\n", "Second\r\n")),
    ],
)
def test_a_text_ends_after_a_whole_piece_and_loses_what_follows(
    content: str, media_type: str, ends: tuple[str, ...]
) -> None:
    document = Document(content.encode(), media_type, "a")
    for level in (1, 2, 3, 4, 5):
        degraded = applied(truncation.at_boundary, document, level)
        kept = degraded.view.decode()
        assert content.startswith(kept)
        assert kept.endswith(ends)
        assert degraded.lost == [Span(len(kept), len(content))]


def test_a_mail_keeps_its_signature_and_loses_whole_parts() -> None:
    document = Document(MAIL.encode(), "message/rfc822", "a.eml")
    kept = applied(truncation.at_boundary, document, 3).view
    message = email.message_from_bytes(kept)
    assert [part.get_payload(decode=True).decode() for part in message.get_payload()] == ["Total 12\r\n-- \r\nZoë"]


@pytest.mark.parametrize("name", ["png", "jpeg", "tiff", "zip", "pdf"])
def test_the_pieces_of_a_binary_file_are_known(name: str) -> None:
    document = {"zip": archive(), "pdf": pdf()}.get(name) or image(f"image/{name}")
    ends = boundaries(document)
    assert ends == sorted(ends)
    assert all(0 < each <= len(document.data) for each in ends[1:])
    before = {each: document.data[max(0, each - 7) : each] for each in ends}
    follows = {each: document.data[each : each + 4] for each in ends}
    if name == "png":
        assert set(follows.values()) == {follows[each] for each in ends}
        assert follows[ends[-1]] == b""
    if name == "jpeg":
        assert {each[:1] for each in follows.values()} == {b"\xff"}
    if name == "zip":
        with zipfile.ZipFile(io.BytesIO(document.data)) as packed:
            assert ends == [*(each.header_offset for each in packed.infolist()), packed.start_dir]
    if name == "pdf":
        assert {each.rstrip()[-6:] for each in before.values()} == {b"endobj"}


def test_what_has_no_boundary_is_skipped() -> None:
    for document in (
        Document(b"one line", "text/plain", "a"),
        Document(bytes(range(40)), "image/gif", "a"),
    ):
        with pytest.raises(NotApplicable, match="boundary"):
            applied(truncation.at_boundary, document, 3)
    with pytest.raises(NotApplicable, match="last_rows_missing"):
        applied(truncation.at_boundary, Document(b"a\n1\n", "text/csv", "a"), 3)


@pytest.mark.parametrize("mutator", [truncation.cut, truncation.at_boundary, corruption.zero_tail])
@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg"])
def test_of_a_picture_that_is_cut_the_rows_above_are_there_and_no_others_are_lost(
    mutator, media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow is told to show what there is of a file that ends too early."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    clean = image(media_type)
    upright = np.asarray(Image.open(io.BytesIO(clean.data)).convert("L"))
    for level in (1, 2, 3, 4):
        degraded = applied(mutator, clean, level)
        if degraded.lost is ALL:
            assert mutator is truncation.at_boundary, "a file without restarts has no boundary inside its lines"
            continue
        top = degraded.lost[0].top if degraded.lost else 1.0
        assert degraded.lost in ((Region(0, top=top),), ())
        rows = round(top * len(upright))
        left = np.asarray(Image.open(io.BytesIO(degraded.view)).convert("L"))
        np.testing.assert_array_equal(left[:rows], upright[:rows])
        # What Pillow shows beyond are at most the blocks that its decoder had begun.
        assert (left[rows + 16 :] != upright[rows + 16 :]).any() or rows + 16 >= len(upright)


def test_a_picture_that_is_turned_by_a_tag_or_progressive_is_lost_where_its_rows_are_not_known() -> None:
    turned = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(io.BytesIO(image("image/jpeg").data)).save(turned, "JPEG", exif=exif.tobytes())
    assert applied(truncation.cut, Document(turned.getvalue(), "image/jpeg", "a.jpg"), 3).lost is ALL


def test_a_table_that_ends_after_a_row_is_that_table() -> None:
    table = Table.parsed(Text("item,price\n" + "".join(f"bolt {row},{row}.50\n" for row in range(1, 41))))
    sizes = []
    for level in (1, 2, 3, 4, 5):
        degraded = truncation.last_rows_missing.apply(table, truncation.last_rows_missing.step(level, 1))
        number = len(degraded.view.rows) - 1
        assert degraded.view.rows == table.rows[: number + 1]
        assert degraded.truth == Edit(rows=tuple(range(1, number + 1)))
        sizes.append(number)
    assert sizes == [39, 36, 30, 20, 4]
    with pytest.raises(NotApplicable):
        truncation.last_rows_missing(Table.parsed(Text("item\nbolt\n")), 0.5, Generator(PCG64(1)))


@pytest.mark.parametrize("name", ["truncation.cut", "truncation.at_boundary"])
def test_of_an_archive_the_members_that_are_not_whole_are_lost(name: str) -> None:
    """The others are unpacked header by header."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for number in range(4):
            padding = "".join(f"{number * 1000 + each} " for each in range(200))
            packed.writestr(zipfile.ZipInfo(f"{number}.txt"), f"Order AB-{number}{number}{number}{number}\n{padding}")
    truth = {str(number): f"AB-{number}{number}{number}{number}" for number in range(4)}
    case = Case("a", Document(buffer.getvalue(), "application/zip", "a.zip"), truth)
    mutator = {"truncation.cut": truncation.cut, "truncation.at_boundary": truncation.at_boundary}[name]
    for level, least in ((1, 4), (3, 3), (4, 1), (5, 0)):
        said = degrade(case, Recipe((mutator.step(level, 1),)), {name: mutator})
        whole = {
            member.removesuffix(".txt")
            for member, content in members(said.document.data)
            if len(content) == len(dict(members(case.document.data))[member])
        }
        assert said.expectation.lost == {f"/{number}" for number in truth if number not in whole}
        assert said.expectation.refusable
        assert len(whole) >= least


def test_a_long_line_that_loses_its_beginning_keeps_the_rest() -> None:
    content = "a" * 5000
    degraded = truncation.head_missing(Document(content.encode(), "text/plain", "a"), 0.5, rng())
    assert degraded.lost == [Span(0, 2500)]
