"""Bytes that are not what was written: zeros, flipped bits, blocks in the wrong place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import (
    ALL,
    SAME,
    AnyOf,
    Degraded,
    Document,
    Edit,
    Everything,
    Extent,
    Ladder,
    NotApplicable,
    Place,
    Text,
    mutator,
    read,
)
from crumple_mutators.bytewise import TABLES, lines_at, lines_with, lost_after, lost_with, solid, textual
from crumple_mutators.content import content
from crumple_mutators.positions import number_of

LETTER = "Dear Ms Brontë,\nyour invoice 4711 of 3 May comes to 1,234.50 EUR.\nDue on 17 May.\nKind regards\nZoë Núñez\n"
TABLE = "item,quantity,price\nBolts,100,12.50\nNuts,250,8.00\nWashers,40,2.25\nScrews,75,30.00\nHinges,4,19.90\n"
EXAMPLES = (("letter.txt", LETTER), ("items.csv", TABLE))
_TEN_FROM = 0.00003
_MOST_FLIPPED = 0.01
_NESTED = ("application/json", "application/xml", "text/html")
_SIGNS = np.frombuffer(b'<>&"\\{}[]', np.uint8)
_OF_LINES = (*TABLES, "text/plain", "text/markdown", "application/x-ndjson")


@mutator(
    "corruption.zero_tail",
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.01, 0.1, 0.25, 0.5, 0.9, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def zero_tail(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Fill the end of the file with zeros, as a power cut leaves one whose length was written before its content.

    Of text, what stood there is lost; of a JPEG or PNG, the rows below; of other documents, all. Refusing is
    acceptable. Ladder: `truncation.cut`'s.
    """
    data = document.data
    start, end = solid(data)
    at = max(min(len(data) - math.ceil(share * len(data)), end - 1), start + 1) if share > 0 else len(data)
    filled = data[:at] + bytes(len(data) - at)
    return Degraded(filled, lost=lost_after(document, at, filled))


@mutator(
    "corruption.padded",
    refusable_from=4,
    zeros=Ladder(1, 16, 512, 4096, 65536, unit="bytes"),
    examples=EXAMPLES,
)
def padded(data: bytes, zeros: int, rng: Generator) -> bytes:
    """Append zeros after the content, as tapes, block devices and transfers in whole blocks do.

    Nothing is lost: same. Ladder: one byte (a C string's), a cipher's block, a tape's, a disk's, a cluster's; the
    catalogue's 4 KB is among them. From there on refusing is acceptable.
    """
    if not data:
        raise NotApplicable("it is empty")
    return data + bytes(zeros)


@mutator(
    "corruption.bit_flips",
    truth="lost",
    refusable_from=4,
    share=Ladder(0.00001, 0.00003, 0.0001, 0.001, 0.01, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def bit_flips(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Flip one bit in some bytes, as failing memory, disks and lines without a checksum do.

    Of text, the lines that hold them are lost (a bit may make a delimiter), of a table without its header all, in JSON
    and markup what follows a bracket or tag that is hit; of other documents, all, so that refusing them passes at any
    level. Ladder: the catalogue's, 1 bit, 10 bits, 0.01, 0.1, 1 % of the bytes: one at least, and ten from 0.003 % on,
    or one in a hundred of a short document.
    """
    data = document.data
    solid(data, least=1)
    least = max(1, min(10, len(data) // 100)) if share >= _TEN_FROM else 1
    number = number_of(share, len(data), least=least)
    # Drawn for the top of the ladder at once, so that a higher share holds a lower one.
    most = max(number, number_of(_MOST_FLIPPED, len(data), least=min(10, len(data))))
    at = rng.choice(len(data), size=most, replace=False)
    bits = np.left_shift(np.uint8(1), rng.integers(8, size=most).astype(np.uint8))
    flipped = np.frombuffer(data, np.uint8).copy()
    flipped[at[:number]] ^= bits[:number]
    if not number or not textual(document):
        return Degraded(flipped.tobytes(), lost=ALL if number else ())
    hit = np.sort(at[:number])
    lost = _lost_lines(document, lines_at(data, hit))
    broken = hit[~_plain(document, flipped)[hit]] if document.media_type in _NESTED else hit[:0]
    return Degraded(flipped.tobytes(), lost=_and_the_rest(document, lost, int(broken[0])) if len(broken) else lost)


@mutator(
    "corruption.block_zeroed",
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def block_zeroed(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Fill a block somewhere in the file with zeros, as a lost disk block or a hole in a sparse copy reads.

    Of text, the lines that it touches are lost, of JSON and markup all, of a table without its header all;
    of a JPEG or PNG, the rows from there on; of other documents, all. Refusing is acceptable. Ladder: a first guess,
    uncalibrated.
    """
    data = document.data
    (block,) = _blocks(data, share, rng, 1)
    zeroed = data[: block.start] + bytes(block.end - block.start) + data[block.end :]
    if zeroed == data:
        raise NotApplicable("the block holds zeros already")
    return Degraded(zeroed, lost=_lost_from(document, [block], zeroed))


@mutator(
    "corruption.block_doubled",
    truth=("same", "new", "lost"),
    refusable_from=1,
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def block_doubled(document: Document, share: float, rng: Generator, truth: object = None) -> Degraded[bytes]:
    """Write a block of the file twice, as a transfer that sends a block again does.

    Of text, the lines that it touches are lost, of JSON and markup all, of a table without its header all;
    records that are there twice may be read once or twice. Of a JPEG or PNG, the rows from there on are lost; of
    other documents, all. Refusing is acceptable. Ladder: a first guess, uncalibrated.
    """
    data = document.data
    (block,) = _blocks(data, share, rng, 1)
    doubled = data[: block.end] + data[block.start :]
    once = None if isinstance(truth, str) else _whole_lines(document, block)
    said = AnyOf(SAME, Edit(repeated=tuple(once))) if once else SAME
    return Degraded(doubled, truth=said, lost=_lost_from(document, [block], doubled))


@mutator(
    "corruption.blocks_swapped",
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.005, 0.01, 0.02, 0.05, 0.1, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def blocks_swapped(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Exchange a block of the first half of the file with one of the second, as blocks put together in disorder are.

    Of text, the lines that they touch are lost, of JSON and XML what follows too, of a table without its header all;
    of a JPEG or PNG, the rows from there on; of other documents, all. Refusing is acceptable. Ladder: a first guess,
    uncalibrated.
    """
    data = document.data
    one, other = _blocks(data, share, rng, 2)
    first, second = data[one.start : one.end], data[other.start : other.end]
    if first == second:
        raise NotApplicable("the two blocks are equal")
    swapped = data[: one.start] + second + data[one.end : other.start] + first + data[other.end :]
    return Degraded(swapped, lost=_lost_from(document, [one, other], swapped))


def _whole_lines(document: Document, block: Extent) -> Sequence[Place]:
    """The lines that a block holds from their first byte to their end, where lines are records."""
    if document.media_type not in _OF_LINES:
        return ()
    first = document.data.find(b"\n", block.start, block.end) + 1
    last = document.data.rfind(b"\n", block.start, block.end)
    places = lost_with(document, [Extent(first, last)]) if first and first < last else ()
    return () if isinstance(places, Everything) else places


def _blocks(data: bytes, share: float, rng: Generator, number: int) -> list[Extent]:
    """One block of this share of the bytes in each of `number` equal parts of them; a larger one holds a smaller."""
    start, end = solid(data, least=2 * number)
    part = (end - start) // number
    length = min(part, number_of(share, end - start, least=4))
    firsts = [start + index * part + int(place * (part - length)) for index, place in enumerate(rng.random(number))]
    return [Extent(first, first + length) for first in firsts]


def _lost_lines(document: Document, lines: Sequence[Extent]) -> Sequence[Place] | Everything:
    # A table lives by its header: without it nobody knows what stands where.
    header = lines and document.media_type in TABLES and not document.data[: lines[0].start].strip()
    return ALL if header else lost_with(document, lines)


def _lost_from(document: Document, blocks: list[Extent], damaged: bytes) -> Sequence[Place] | Everything:
    if not textual(document):
        return lost_after(document, blocks[0].start, damaged)
    if document.media_type in _NESTED:
        return ALL  # with brackets and tags torn apart, nobody knows what belongs to what
    return _lost_lines(document, lines_with(document.data, blocks))


def _and_the_rest(document: Document, lost: Sequence[Place] | Everything, start: int) -> Sequence[Place] | Everything:
    """What is lost where brackets and tags are gone: nobody knows what belongs to what from there on."""
    rest = lost_with(document, [Extent(start, len(document.data))])
    return ALL if isinstance(lost, Everything) or isinstance(rest, Everything) else [*lost, *rest]


def _plain(document: Document, damaged: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """For every byte whether it was content of JSON or markup, and is no sign of its structure now."""
    text = read(document, Text)
    mask = content(text.value)
    if len(mask) != len(damaged):
        widths = np.ones(len(mask), np.intp)
        beyond = [at for at, each in enumerate(text.value) if not each.isascii()]
        widths[beyond] = [len(Text(text.value[at], text.encoding).encoded()) for at in beyond]
        mask = np.repeat(mask, widths)
    plain = np.zeros(len(damaged), np.bool_)
    plain[len(damaged) - len(mask) :] = mask
    return plain & ~np.isin(damaged, _SIGNS)
