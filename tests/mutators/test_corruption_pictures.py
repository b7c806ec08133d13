"""Damaged images: which rows are as they were, and that what is said to be lost cannot be seen."""

from __future__ import annotations

import io
import itertools
import zlib

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from crumple import ALL, Document, NotApplicable, Pages, read
from crumple_mutators import corruption
from crumple_mutators.picture_rows import png_chunks
from damaged_files import applied, degraded, image, shades


def test_checksums_are_wrong_and_pixels_are_not() -> None:
    clean = image("image/png")
    damaged = degraded(corruption.png_checksums, clean, 3).data
    chunks = list(png_chunks(damaged))
    assert [each[0] for each in chunks] == [each[0] for each in png_chunks(clean.data)]
    for (_, start, end), (_, before, behind) in zip(chunks, png_chunks(clean.data), strict=True):
        assert damaged[start : end - 4] == clean.data[before : behind - 4]
        assert damaged[end - 4 : end] != clean.data[behind - 4 : behind]
    with pytest.raises(UnidentifiedImageError):
        Image.open(io.BytesIO(damaged)).load()
    # What a reader sees that does not look at them.
    mended = bytearray(damaged)
    for _, start, end in chunks:
        mended[end - 4 : end] = zlib.crc32(damaged[start + 4 : end - 4]).to_bytes(4)
    np.testing.assert_array_equal(shades(bytes(mended)), shades(clean.data))


@pytest.mark.parametrize("kind", ["grey", "RGB"])
def test_the_rows_above_the_first_damage_are_as_they_were(kind: str) -> None:
    clean = image("image/jpeg", kind=kind)
    before = shades(clean.data)
    tops = []
    for level in (1, 2, 3, 4, 5):
        said = applied(corruption.jpeg_scan, clean, level)
        assert said.view != clean.data
        assert len(said.view) == len(clean.data)
        after = shades(said.view)
        top = 0.0 if said.lost is ALL else said.lost[0].top if said.lost else 1.0
        rows = round(top * len(before))
        np.testing.assert_array_equal(after[:rows], before[:rows])
        assert rows == len(before) or (after[rows] != before[rows]).any()
        tops.append(top)
    assert tops == sorted(tops, reverse=True)


def test_the_headers_of_a_jpeg_stay_whole() -> None:
    clean = image("image/jpeg").data
    start = clean.index(b"\xff\xda")
    for seed in range(5):
        damaged = applied(corruption.jpeg_scan, image("image/jpeg"), 5, seed).view
        assert damaged[:start] == clean[:start]
        marks = [at for at, byte in enumerate(clean) if byte == 0xFF]
        assert [at for at, byte in enumerate(damaged) if byte == 0xFF] == marks


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "group4"])
def test_strips_that_are_missing_are_lost_and_the_others_are_there(compression: str | None) -> None:
    mode = "1" if compression == "group4" else "L"
    page = Image.fromarray(read(image("image/png"), Pages)[0].pixels).convert(mode)
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", compression=compression, tiffinfo={278: 40})
    clean = Document(buffer.getvalue(), "image/tiff", "a.tiff")
    before = np.asarray(page.convert("L"))
    shares = []
    for level in (1, 2, 3, 4, 5):
        said = applied(corruption.tiff_strips, clean, level)
        lost = np.zeros(len(before), bool)
        for region in said.lost:
            lost[round(region.top * len(before)) : round(region.bottom * len(before))] = True
        shares.append(lost.mean())
        if compression is None:
            after = shades(said.view)
            np.testing.assert_array_equal(after[~lost], before[~lost])
            assert not after[lost].any()
    assert shares[-1] == 1.0
    assert all(less < more for less, more in itertools.pairwise(shares))


def test_pictures_that_are_none_are_skipped() -> None:
    for mutator, media_type in (
        (corruption.png_checksums, "image/png"),
        (corruption.jpeg_scan, "image/jpeg"),
        (corruption.tiff_strips, "image/tiff"),
    ):
        with pytest.raises(NotApplicable):
            applied(mutator, Document(b"GIF89a", media_type, "a"), 3)
