"""Image files with damage inside: checksums, the packed lines of a JPEG, strips of a TIFF."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Document, Ladder, NotApplicable, Region, mutator
from crumple_mutators.picture_rows import PNG_SIGNATURE, lost_below, opened, png_chunks
from crumple_mutators.positions import number_of, some

_MARK, _START_OF_SCAN, _FIXED = 0xFF, 0xDA, 2
_MOST_HIT = 0.01
_ORIENTATION, _ROWS, _OFFSETS, _COUNTS = 0x0112, 278, 273, 279


@mutator("corruption.png_checksums", only=["image/png"], refusable_from=1, level=3)
def png_checksums(document: Document, rng: Generator) -> bytes:
    """Let the checksums of all chunks of a PNG be wrong, as programs that change a header in place leave them.

    The pixels are as they were, and readers that do not look at checksums show them: same. Refusing is acceptable.
    """
    chunks = list(png_chunks(document.data)) if document.data.startswith(PNG_SIGNATURE) else []
    some(chunks, "it is no PNG")
    wrong = bytearray(document.data)
    by = rng.integers(1, 256, 4).astype(np.uint8).tobytes()
    for _, start, end in chunks:
        if end - start >= 12:
            wrong[end - 4 : end] = bytes(one ^ other for one, other in zip(wrong[end - 4 : end], by, strict=True))
    return bytes(wrong)


@mutator(
    "corruption.jpeg_scan",
    only=["image/jpeg"],
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.00003, 0.0001, 0.0003, 0.001, 0.01, unit="share of bytes", zero=0),
)
def jpeg_scan(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Damage bytes of what a JPEG's lines are packed in, as a card or a line that fails does; its headers stay whole.

    Readers go on without a word, with lines that are shifted, grey or of another colour: what is from the first such
    line on is lost. Refusing is acceptable. Ladder: a first guess, uncalibrated: one byte at least.
    """
    start = _scan(document.data)
    room = len(document.data) - _FIXED - start
    if room < 1:
        raise NotApplicable("it has no lines that could be damaged")
    number = number_of(share, room)
    most = max(number, number_of(_MOST_HIT, room))
    at = start + rng.choice(room, size=most, replace=False)
    by = rng.integers(1, 256, most).astype(np.uint8)
    damaged = np.frombuffer(document.data, np.uint8).copy()
    hit, by = at[:number], by[:number]
    # Marks stay marks, and none is made: what is damaged is the picture and not the file.
    whole = (damaged[hit] != _MARK) & (damaged[hit - 1] != _MARK) & ((damaged[hit] ^ by) != _MARK)
    damaged[hit[whole]] ^= by[whole]
    left = damaged.tobytes()
    if number and left == document.data:
        raise NotApplicable("what was drawn to be damaged are marks of its structure")
    return Degraded(left, lost=lost_below(document, left) if number else ())


def _scan(data: bytes) -> int:
    """Where the packed lines of the first scan of a JPEG begin."""
    at = 2
    while data.startswith(b"\xff\xd8") and at + 4 <= len(data) and data[at] == _MARK:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] == _START_OF_SCAN:
            return end
        at = end
    raise NotApplicable("it is no JPEG with lines in it")


@mutator(
    "corruption.tiff_strips",
    only=["image/tiff"],
    truth="lost",
    refusable_from=1,
    missing=Ladder(0.05, 0.1, 0.25, 0.5, 1.0, unit="share of a page's strips", zero=0),
)
def tiff_strips(document: Document, missing: float, rng: Generator) -> Degraded[bytes]:
    """Leave zeros where strips of one page of a TIFF should stand, as a copy with holes and a scan that broke off have.

    Those strips are lost; refusing is acceptable. Which page and which strips is drawn, one at least. Ladder: the
    shares of the catalogue's damage to shares of a file.
    """
    page, height, rows, places = _strips(document, rng)
    order = rng.permutation(len(places)).tolist()
    if missing <= 0:
        return Degraded(document.data)
    hit = sorted(order[: max(1, math.floor(missing * len(places) + 0.5))])
    data = bytearray(document.data)
    for each in hit:
        start, end = places[each]
        data[start:end] = bytes(len(data[start:end]))
    if data == document.data:
        raise NotApplicable("there are zeros already")
    return Degraded(
        bytes(data),
        lost=[Region(page, top=each * rows / height, bottom=min(1, (each + 1) * rows / height)) for each in hit],
    )


def _strips(document: Document, rng: Generator) -> tuple[int, int, int, list[tuple[int, int]]]:
    """A page that is drawn, its height, the rows of a strip, and where the strips stand in the file."""
    try:
        with opened(document.data, "TIFF") as image:
            page = int(rng.integers(getattr(image, "n_frames", 1)))
            image.seek(page)
            tags = dict(getattr(image, "tag_v2", {}))
            height = image.height
    except Exception as error:
        raise NotApplicable(f"it is no TIFF that can be opened ({type(error).__name__})") from error
    offsets, counts = tags.get(_OFFSETS, ()), tags.get(_COUNTS, ())
    if not offsets or len(offsets) != len(counts):
        raise NotApplicable("it is not in strips")
    if tags.get(_ORIENTATION, 1) != 1 or tags.get(284, 1) != 1:
        raise NotApplicable("its strips do not lie on the page one below the other")
    places = [(int(start), int(start) + int(count)) for start, count in zip(offsets, counts, strict=True)]
    return page, height, min(height, int(tags.get(_ROWS, height))), places
