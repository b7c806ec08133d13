"""Corruption: which bytes are damaged, and what that costs in text, in tables and in binary files."""

from __future__ import annotations

import gzip
import io
import itertools

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from crumple import ALL, SAME, AnyOf, Degraded, Document, Edit, NotApplicable, Replaced, Span, Table, Text
from crumple.mutation.mutator import Mutator
from crumple_mutators import corruption

LETTER = "Dear Ms Brontë,\nyour invoice 4711 comes to 1,234.50 EUR.\nDue on 17 May.\nKind regards\nZoë Núñez\n"
LONG = "".join(f"line {n} of the längest letter, number {n * 7}\n" for n in range(1000))
BINARY = bytes(range(256)) * 40
PDF = corruption.owner_password.examples[0][1]
LEVELS = (0.5, 1, 2, 3, 4, 5)


def rng(seed: int = 3) -> Generator:
    return Generator(PCG64(seed))


def document(content: str | bytes, media_type: str = "text/plain") -> Document:
    return Document(content.encode() if isinstance(content, str) else content, media_type, "a")


def damaged(mutator: Mutator, content: str | bytes, media_type: str, seed: int = 3) -> list[Degraded[bytes]]:
    return [mutator.apply(document(content, media_type), mutator.step(level, seed)) for level in LEVELS]


def differing(one: bytes, other: bytes) -> set[int]:
    assert len(one) == len(other)
    return set(np.flatnonzero(np.frombuffer(one, np.uint8) != np.frombuffer(other, np.uint8)).tolist())


IN_PLACE = [corruption.bit_flips, corruption.block_zeroed, corruption.zero_tail]
ALL_BYTES = [*IN_PLACE, corruption.block_doubled, corruption.blocks_swapped]


@pytest.mark.parametrize("mutator", IN_PLACE, ids=lambda each: each.name)
def test_a_higher_level_damages_the_same_bytes_and_more(mutator: Mutator) -> None:
    for seed in range(3):
        clean = LONG.encode()
        hit = [differing(each.view, clean) for each in damaged(mutator, LONG, "text/plain", seed)]
        assert all(less <= more for less, more in itertools.pairwise(hit))
        assert 0 < len(hit[0]) < len(hit[-1])


@pytest.mark.parametrize("mutator", ALL_BYTES, ids=lambda each: each.name)
def test_binary_documents_are_lost_whatever_the_level(mutator: Mutator) -> None:
    for degraded in damaged(mutator, BINARY, "image/png"):
        assert degraded.lost is ALL
        assert degraded.view != BINARY


@pytest.mark.parametrize("mutator", ALL_BYTES, ids=lambda each: each.name)
@pytest.mark.parametrize("content", [LETTER, LONG, LETTER.replace("\n", "\r\n")])
def test_characters_that_are_not_lost_are_still_there(mutator: Mutator, content: str) -> None:
    for seed in range(5):
        for degraded in damaged(mutator, content, "text/plain", seed):
            kept, at = [], 0
            for span in degraded.lost:
                kept.append(content[at : span.start])
                at = span.end
            kept.append(content[at:])
            for piece in kept:
                assert piece.strip("\r\n").encode() in degraded.view


@pytest.mark.parametrize("content", [LETTER, LONG, BINARY])
def test_one_bit_of_a_byte_is_flipped(content: str | bytes) -> None:
    clean = document(content).data
    for degraded in damaged(corruption.bit_flips, content, "text/plain" if isinstance(content, str) else "image/png"):
        for at in differing(degraded.view, clean):
            assert (degraded.view[at] ^ clean[at]).bit_count() == 1


def test_bits_flip_once_then_ten_times_then_by_share() -> None:
    clean = LONG.encode()
    counts = [len(differing(each.view, clean)) for each in damaged(corruption.bit_flips, LONG, "text/plain")]
    assert counts == [1, 1, 10, 10, round(len(clean) / 1000), round(len(clean) / 100)]


def test_a_flipped_bit_costs_its_line_and_a_flipped_line_end_both() -> None:
    lines = LETTER.splitlines(keepends=True)
    for seed in range(60):
        degraded = corruption.bit_flips(document(LETTER), 0.00001, rng(seed))
        (at,) = differing(degraded.view, LETTER.encode())
        (span,) = degraded.lost
        touched = [line for line in lines if line.rstrip("\n") in LETTER[span.start : span.end]]
        assert len(touched) == (2 if LETTER.encode()[at : at + 1] == b"\n" and at < len(LETTER.encode()) - 1 else 1)


def test_the_tail_is_zeros() -> None:
    degraded = corruption.zero_tail(document(LETTER), 0.25, rng())
    data = LETTER.encode()
    zeros = -(-len(data) // 4)
    assert degraded.view == data[:-zeros] + bytes(zeros)
    assert degraded.lost == [Span(len(data[:-zeros].decode("utf-8", "ignore")), len(LETTER))]
    with pytest.raises(NotApplicable):
        corruption.zero_tail(document(bytes(50), "image/png"), 0.5, rng())


def test_padding_follows_the_content_and_changes_no_answer() -> None:
    for level, zeros in ((0.5, 1), (1, 1), (3, 512), (5, 65536)):
        degraded = corruption.padded.apply(b"abc", corruption.padded.step(level, 1))
        assert degraded.view == b"abc" + bytes(zeros)
        assert (degraded.truth, degraded.lost) == (SAME, ())


def test_swapped_blocks_hold_the_same_bytes_in_another_order() -> None:
    for degraded in damaged(corruption.blocks_swapped, LETTER, "text/plain"):
        assert sorted(degraded.view) == sorted(LETTER.encode())
    with pytest.raises(NotApplicable, match="equal"):
        corruption.blocks_swapped(document("a" * 100), 0.1, rng())


def test_a_doubled_block_follows_itself() -> None:
    degraded = corruption.block_doubled(document(LONG), 0.1, rng())
    added = len(degraded.view) - len(LONG.encode())
    assert added == -(-(len(LONG.encode()) - 1) // 10)
    assert any(
        degraded.view[:at] + degraded.view[at + added :] == LONG.encode()
        and degraded.view[at - added : at] == degraded.view[at : at + added]
        for at in range(added, len(degraded.view) - added + 1)
    )


# Whole files


def test_a_joined_file_says_the_same_twice() -> None:
    degraded = corruption.joined(document('{"a": 1}', "application/json"), rng())
    assert (degraded.view, degraded.truth) == (b'{"a": 1}{"a": 1}', SAME)
    assert corruption.joined(document(LETTER), rng(), truth="letter").truth == SAME
    assert corruption.joined(document(LETTER), rng(), truth=LETTER).truth == Replaced(
        AnyOf(LETTER, f"{LETTER}\n{LETTER}")
    )
    with pytest.raises(NotApplicable, match="joined_table"):
        corruption.joined(document("a,b\n", "text/csv"), rng())


@pytest.mark.parametrize("value", ["a,b\n1,2\n", "a,b\n1,2"])
def test_a_joined_table_has_its_rows_once_or_twice(value: str) -> None:
    degraded = corruption.joined_table(Table.parsed(Text(value)), rng())
    assert degraded.view.text.value == "a,b\n1,2\n" + value
    assert degraded.truth == AnyOf(Edit(), Edit(rows=(1, 1)))


def test_an_error_page_is_html_and_nothing_of_the_document() -> None:
    pages = {corruption.html_error_page(b"abc", rng(seed)).view for seed in range(30)}
    assert len(pages) == 6
    assert all(page.startswith(b"<!DOCTYPE html>") and b"abc" not in page for page in pages)
    assert corruption.html_error_page(b"abc", rng()).lost is ALL


def test_a_gzipped_file_unpacks_to_itself_and_bears_no_time() -> None:
    packed = corruption.gzipped(LETTER.encode(), rng())
    assert gzip.decompress(packed) == LETTER.encode()
    assert packed[4:8] == bytes(4)


def test_text_mode_damages_binary_files_only() -> None:
    degraded = corruption.text_mode(document(b"\x89PNG\r\n\x1a\n\x00", "image/png"), rng())
    assert (degraded.view, degraded.lost) == (b"\x89PNG\r\n\x1a\r\n\x00", ALL)
    for content, media_type in ((LETTER, "text/plain"), (b"\x00\x01", "image/png")):
        with pytest.raises(NotApplicable):
            corruption.text_mode(document(content, media_type), rng())


def test_seven_bits_lose_what_is_beyond_ascii() -> None:
    degraded = corruption.seven_bits(document("Zoë, Núñez"), rng())
    assert degraded.view == "Zoë, Núñez".encode().translate(bytes(byte & 0x7F for byte in range(256)))
    assert degraded.lost == [Span(2, 3), Span(6, 8)]
    assert corruption.seven_bits(document(BINARY, "image/png"), rng()).lost is ALL
    with pytest.raises(NotApplicable):
        corruption.seven_bits(document("plain"), rng())


# Locked PDFs


def test_a_pdf_with_an_owners_password_opens_and_reads_the_same() -> None:
    from pypdf import PdfReader

    locked = corruption.owner_password(document(PDF, "application/pdf"), rng())
    reader = PdfReader(io.BytesIO(locked))
    assert reader.is_encrypted
    assert reader.pages[0].extract_text() == PdfReader(io.BytesIO(PDF)).pages[0].extract_text() == "Total 1,234.50"


def test_a_pdf_with_a_users_password_does_not_open_without_it() -> None:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    degraded = corruption.user_password(document(PDF, "application/pdf"), rng())
    assert degraded.lost is ALL
    with pytest.raises(FileNotDecryptedError):
        PdfReader(io.BytesIO(degraded.view)).pages[0].extract_text()


@pytest.mark.parametrize("mutator", [corruption.owner_password, corruption.user_password])
def test_locking_is_deterministic_and_drawn_from_the_seed(mutator: Mutator) -> None:
    def locked(seed: int) -> bytes:
        view = mutator.apply(document(PDF, "application/pdf"), mutator.step(mutator.level, seed)).view
        assert isinstance(view, bytes)
        return view

    assert locked(1) == locked(1)
    assert locked(1) != locked(2)


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing that holds together", b"%PDF-"])
def test_what_cannot_be_locked_is_skipped_with_its_reason(content: bytes) -> None:
    assert not corruption.owner_password.fits("text/plain")
    with pytest.raises(NotApplicable, match="cannot be rewritten"):
        corruption.owner_password(document(content, "application/pdf"), rng())
    locked = corruption.user_password(document(PDF, "application/pdf"), rng()).view
    with pytest.raises(NotApplicable, match="already"):
        corruption.user_password(document(locked, "application/pdf"), rng())
