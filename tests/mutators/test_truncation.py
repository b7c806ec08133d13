"""Truncation: what is left is a piece of the clean document, and what is said to be lost is what is missing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from crumple import ALL, AnyOf, Case, Cell, Degraded, Dialect, Document, Edit, NotApplicable, Recipe, Span, Table, Text
from crumple.mutation.apply import degrade as applied
from crumple.mutation.mutator import Mutator
from crumple_mutators import truncation

LETTER = "Dear Ms Brontë,\nyour invoice 4711 comes to 1,234.50 EUR.\nKind regards\nZoë Núñez\n"
ROWS = 'item,note,price\nBolts,"5 mm, ""A""",12.50\nNuts,,8.00\nScrews,"two\nlines",30.00\n'
PEOPLE = "".join(f"{n},Zoë Núñez {n},Málaga\n" for n in range(100))


def rng(seed: int = 3) -> Generator:
    return Generator(PCG64(seed))


def document(content: str | bytes, media_type: str = "text/plain", name: str = "a.txt") -> Document:
    return Document(content.encode() if isinstance(content, str) else content, media_type, name)


def table(value: str = ROWS) -> Table:
    return Table.parsed(Text(value), Dialect())


def at_levels(mutator: Mutator, view: object, seed: int = 3) -> list[Degraded[bytes]]:
    return [mutator.apply(view, mutator.step(level, seed)) for level in (0.5, 1, 2, 3, 4, 5)]


# Cut


@pytest.mark.parametrize("media_type", ["text/plain", "text/html", "application/json", "message/rfc822"])
def test_a_cut_text_loses_the_characters_that_do_not_follow(media_type: str) -> None:
    lengths = []
    for degraded in at_levels(truncation.cut, document(LETTER, media_type)):
        (span,) = degraded.lost
        assert LETTER.encode().startswith(degraded.view)
        assert span == Span(len(degraded.view.decode("utf-8", "ignore")), len(LETTER))
        lengths.append(len(degraded.view))
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[1:4] == [len(LETTER.encode()) - 2, int(len(LETTER.encode()) * 0.9), int(len(LETTER.encode()) * 0.75)]


def test_a_cut_in_mid_character_loses_that_character() -> None:
    data = "abcdö".encode()
    degraded = truncation.cut(document(data), 0.9, rng())
    assert degraded.view == data[:5]
    assert degraded.lost == [Span(4, 5)]


def test_a_cut_after_a_byte_order_mark_counts_characters_without_it() -> None:
    degraded = truncation.cut(document(b"\xef\xbb\xbf" + "öabc".encode()), 0.75, rng())
    assert degraded.view == b"\xef\xbb\xbf" + "ö".encode() + b"a"
    assert degraded.lost == [Span(2, 4)]


def test_a_binary_document_that_is_cut_is_lost() -> None:
    degraded = truncation.cut(document(b"\x89PNG" + bytes(range(200)), "image/png"), 0.5, rng())
    assert len(degraded.view) == 102
    assert degraded.lost is ALL


def test_a_cut_always_takes_something_that_can_be_seen() -> None:
    assert truncation.cut(document("ab\n\n\n\n\n"), 0.99, rng()).view == b"a"
    with pytest.raises(NotApplicable, match="fewer than 2"):
        truncation.cut(document("a\n"), 0.5, rng())
    with pytest.raises(NotApplicable, match="cut_table"):
        truncation.cut(document(ROWS, "text/csv"), 0.5, rng())


# Cut table


def test_a_table_cut_in_mid_row_has_three_right_answers() -> None:
    text = ROWS[: ROWS.index("8.0") + 3]
    degraded = truncation.cut_table(table(), len(text) / len(ROWS) + 1e-6, rng())
    assert degraded.view.text.value == text
    assert degraded.truth == AnyOf(
        Edit(rows=(0, 1)),
        Edit(rows=(0, 1, 2), values={Cell(2, 2): "8.0"}),
        Edit(rows=(0, 1, 2), values={Cell(2, 2): None}),
    )


@pytest.mark.parametrize(
    ("end", "cells"),
    [
        ("Bo", ["Bo"]),
        ("Bolts", ["Bolts"]),
        ("Bolts,", ["Bolts", ""]),
        ('Bolts,"', ["Bolts", ""]),
        ('Bolts,"5 mm, ""A', ["Bolts", '5 mm, "A']),
        ('Bolts,"5 mm, ""A"""', ["Bolts", '5 mm, "A"']),
        ('Bolts,"5 mm, ""A""",12.5', ["Bolts", '5 mm, "A"', "12.5"]),
    ],
)
def test_the_row_that_was_cut_has_the_cells_that_are_left(end: str, cells: list[str]) -> None:
    kept = ROWS[: ROWS.index("Bolts")] + end
    degraded = truncation.cut_table(table(), len(kept) / len(ROWS) + 1e-6, rng())
    assert degraded.view.text.value == kept
    assert list(degraded.view.rows[-1].cells) == cells
    partial = degraded.truth.options[1]
    assert partial.rows == (0, 1)
    clean = table().rows[1].cells
    expected = {Cell(1, column): None for column in range(len(cells), 3)}
    if cells[-1] != clean[len(cells) - 1]:
        expected[Cell(1, len(cells) - 1)] = cells[-1] or None
    assert partial.values == expected


def test_a_cut_table_keeps_its_header_and_never_ends_with_a_row() -> None:
    for value in (ROWS, "a,b\n1,2\n", "a\r\n10\r\n\r\n20"):
        lengths = [len(each.view.text.value) for each in at_levels(truncation.cut_table, table(value))]
        assert lengths == sorted(lengths, reverse=True)
        assert lengths[-1] > len(table(value).rows[0].raw)
        for degraded in at_levels(truncation.cut_table, table(value)):
            assert value.startswith(degraded.view.text.value)
            assert value[len(degraded.view.text.value)] not in "\r\n"
    with pytest.raises(NotApplicable, match="no rows"):
        truncation.cut_table(table("a,b\n"), 0.5, rng())


def test_the_engine_carries_a_cut_table_over_to_the_rows_of_a_truth() -> None:
    csv = "item,price\nBolts,12.50\nNuts,8.00\n"
    truth = {"rows": [{"item": "Bolts", "price": 12.5}, {"item": "Nuts", "price": 8}]}
    step = truncation.cut_table.step(2, 1)
    done = applied(
        Case("a", document(csv, "text/csv", "a.csv"), truth), Recipe((step,)), {step.mutator: truncation.cut_table}
    )
    bolts = {"item": "Bolts", "price": 12.5}
    assert done.document.data == b"item,price\nBolts,12.50\nNuts,8"
    assert done.expectation.refusable
    assert done.expectation.truth.options[0] == {"rows": [bolts]}
    assert done.expectation.truth.options[2] == {"rows": [bolts, {"item": "Nuts", "price": None}]}


@given(
    st.lists(st.lists(st.text('ab,"\n é', max_size=4), min_size=3, max_size=3), min_size=2, max_size=5),
    st.floats(0.05, 0.99),
)
def test_any_table_cut_anywhere_reads_as_whole_rows_and_a_piece_of_one(rows: list[list[str]], kept: float) -> None:
    clean = Table(tuple(Dialect().row(cells) for cells in [["x", "y", "z"], *rows]), Dialect())
    degraded = truncation.cut_table(clean, kept, rng())
    *whole, cut = degraded.view.rows
    assert tuple(whole) == clean.rows[: len(whole)]
    row = clean.rows[len(whole)]
    assert row.raw.startswith(cut.raw)
    assert cut.cells[:-1] == row.cells[: len(cut.cells) - 1]
    assert row.cells[len(cut.cells) - 1].startswith(cut.cells[-1])


# The other ends


def test_what_the_head_held_is_lost() -> None:
    for degraded in at_levels(truncation.head_missing, document(LETTER)):
        assert LETTER.encode().endswith(degraded.view)
        (span,) = degraded.lost
        assert span.start == 0
        left = degraded.view.decode("utf-8", "ignore")
        # With the rest of the line that begins in the middle: nobody knows what it was about.
        whole = LETTER.endswith("\n" + left)
        assert LETTER[span.end :] == (left if whole else "\n" + left.partition("\n")[2])
    assert truncation.head_missing(document(ROWS, "text/csv"), 0.1, rng()).lost is ALL
    assert truncation.head_missing(document("\n\nab"), 0.01, rng()).view == b"b"


def test_an_empty_file_is_lost_and_an_empty_one_cannot_be_emptied() -> None:
    degraded = truncation.empty(b"abc", rng())
    assert (degraded.view, degraded.lost) == (b"", ALL)
    with pytest.raises(NotApplicable):
        truncation.empty(b"", rng())


def test_only_the_header_is_left_and_the_answer_has_no_rows() -> None:
    degraded = truncation.header_only(table(), rng())
    assert degraded.view.text.value == "item,note,price\n"
    assert degraded.truth == Edit(rows=())
    with pytest.raises(NotApplicable):
        truncation.header_only(table("a,b\n"), rng())


# In mid-character


def test_a_value_cut_in_mid_character_ends_with_half_of_one() -> None:
    degraded = truncation.mid_character(Text("name,city\nZoë Núñez,Ulm\n"), 1, rng())
    assert degraded.view.encoded() == "name,city\nZoë Nú".encode() + b"\xc3,Ulm\n"
    assert degraded.lost == [Span(17, 20)] or degraded.lost == [Span(16, 19)]
    japanese = truncation.mid_character(Text("name\n東京都\n", "shift_jis"), 1, rng())
    assert japanese.view.encoded() == "name\n東京".encode("shift_jis") + "都".encode("shift_jis")[:1] + b"\n"


def test_the_last_record_is_cut_first_then_more_and_more() -> None:
    hit = [set(each.lost) for each in at_levels(truncation.mid_character, Text(PEOPLE))]
    assert [len(each) for each in hit] == [1, 1, 2, 10, 50, 100]
    assert all(less <= more for less, more in itertools.pairwise(hit))
    (last,) = hit[0]
    assert PEOPLE[last.start :] == "álaga\n"


def test_only_characters_of_several_bytes_are_cut() -> None:
    for text in (Text("plain\n"), Text("Zoë\n", "cp1252")):
        with pytest.raises(NotApplicable, match="several bytes"):
            truncation.mid_character(text, 1, rng())
    with pytest.raises(NotApplicable, match="utf-16"):
        truncation.mid_character(Text("Zoë\n", "utf-16-le"), 1, rng())
