"""Bytes that are not what was written: zeros, flipped bits, blocks in the wrong place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Document, Everything, Extent, Ladder, NotApplicable, Place, mutator
from crumple_mutators.bytewise import lines_with, lost_after, lost_with, solid, textual
from crumple_mutators.positions import number_of

LETTER = "Dear Ms Brontë,\nyour invoice 4711 of 3 May comes to 1,234.50 EUR.\nDue on 17 May.\nKind regards\nZoë Núñez\n"
TABLE = "item,quantity,price\nBolts,100,12.50\nNuts,250,8.00\nWashers,40,2.25\nScrews,75,30.00\nHinges,4,19.90\n"
EXAMPLES = (("letter.txt", LETTER), ("items.csv", TABLE))
_TEN_FROM = 0.00003
_MOST_FLIPPED = 0.01


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

    Of text, the lines that hold them are lost (a bit may make a delimiter); of other documents, all, so that refusing
    them passes at any level. Ladder: the catalogue's, 1 bit, 10 bits, 0.01, 0.1, 1 % of the bytes: one at least, and
    ten from 0.003 % on, or one in a hundred of a short document.
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
    extents = [Extent(each, each + 1) for each in sorted(at[:number].tolist())]
    return Degraded(flipped.tobytes(), lost=_lost(document, extents))


@mutator(
    "corruption.block_zeroed",
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def block_zeroed(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Fill a block somewhere in the file with zeros, as a lost disk block or a hole in a sparse copy reads.

    Of text, the lines that it touches are lost; of a JPEG or PNG, the rows from there on; of other documents, all.
    Refusing is acceptable. Ladder: a first guess, uncalibrated.
    """
    data = document.data
    (block,) = _blocks(data, share, rng, 1)
    zeroed = data[: block.start] + bytes(block.end - block.start) + data[block.end :]
    if zeroed == data:
        raise NotApplicable("the block holds zeros already")
    return Degraded(zeroed, lost=_lost_from(document, [block], zeroed))


@mutator(
    "corruption.block_doubled",
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def block_doubled(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Write a block of the file twice, as a transfer that sends a block again does.

    Of text, the lines that it touches are lost; of a JPEG or PNG, the rows from there on; of other documents, all.
    Refusing is acceptable. Ladder: a first guess, uncalibrated.
    """
    data = document.data
    (block,) = _blocks(data, share, rng, 1)
    doubled = data[: block.end] + data[block.start :]
    return Degraded(doubled, lost=_lost_from(document, [block], doubled))


@mutator(
    "corruption.blocks_swapped",
    truth=("same", "lost"),
    refusable_from=1,
    share=Ladder(0.005, 0.01, 0.02, 0.05, 0.1, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def blocks_swapped(document: Document, share: float, rng: Generator) -> Degraded[bytes]:
    """Exchange a block of the first half of the file with one of the second, as blocks put together in disorder are.

    Of text, the lines that they touch are lost; of a JPEG or PNG, the rows from there on; of other documents, all.
    Refusing is acceptable. Ladder: a first guess, uncalibrated.
    """
    data = document.data
    one, other = _blocks(data, share, rng, 2)
    first, second = data[one.start : one.end], data[other.start : other.end]
    if first == second:
        raise NotApplicable("the two blocks are equal")
    swapped = data[: one.start] + second + data[one.end : other.start] + first + data[other.end :]
    return Degraded(swapped, lost=_lost_from(document, [one, other], swapped))


def _blocks(data: bytes, share: float, rng: Generator, number: int) -> list[Extent]:
    """One block of this share of the bytes in each of `number` equal parts of them; a larger one holds a smaller."""
    start, end = solid(data, least=2 * number)
    part = (end - start) // number
    length = min(part, number_of(share, end - start, least=4))
    firsts = [start + index * part + int(place * (part - length)) for index, place in enumerate(rng.random(number))]
    return [Extent(first, first + length) for first in firsts]


def _lost(document: Document, extents: list[Extent]) -> Sequence[Place] | Everything:
    return lost_with(document, lines_with(document.data, extents) if textual(document) else extents)


def _lost_from(document: Document, blocks: list[Extent], damaged: bytes) -> Sequence[Place] | Everything:
    return _lost(document, blocks) if textual(document) else lost_after(document, blocks[0].start, damaged)
