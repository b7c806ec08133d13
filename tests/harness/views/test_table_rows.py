"""Rows of a table: found by offsets, made on demand, changed without copying; whatever the bytes."""

import csv
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import Cell, Dialect, Document, NotApplicable, Row, Table, Text, Unreadable, read, write
from crumple.views import table_index
from crumple.views.table_dialect import row_pattern
from crumple.views.table_files import map_table, save_table

messy = st.text(st.sampled_from('ab",;\n\r \t'), max_size=60)


def written(table: Table) -> str:
    return "".join(row.raw for row in table.rows)


def one_by_one(value: str, dialect: Dialect) -> list[str]:
    """The careful reader alone: a row, then the next."""
    data, found, at = value.encode(), [], 0
    pattern = row_pattern(dialect.delimiter.encode(), dialect.quote.encode())
    while at < len(data):
        row = pattern.match(data, at)
        assert row
        found.append(row.group().decode())
        at = row.end()
    return found


@given(messy)
def test_rows_found_by_counting_quotes_are_those_read_one_by_one(value: str) -> None:
    dialect = Dialect()
    small, chunk = table_index._SMALL, table_index._CHUNK
    try:
        table_index._SMALL, table_index._CHUNK = 0, 7
        counted = [row.raw for row in Table.parsed(Text(value), dialect).rows]
    finally:
        table_index._SMALL, table_index._CHUNK = small, chunk
    assert counted == one_by_one(value, dialect)
    assert counted == [row.raw for row in Table.parsed(Text(value), dialect).rows]


@given(messy)
def test_a_row_looked_at_alone_is_the_row_met_on_the_way(value: str) -> None:
    rows = Table.parsed(Text(value)).rows
    assert [rows[index] for index in range(len(rows))] == list(rows)


@given(st.lists(st.lists(st.text('ab,"\n ', max_size=5), min_size=2, max_size=3), min_size=1, max_size=5), st.data())
def test_rows_taken_put_in_and_replaced_are_those_of_a_list(rows: list[list[str]], data: st.DataObject) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    table = Table.parsed(Text(buffer.getvalue()), Dialect())
    expected = list(table.rows)
    new = table.dialect.row(["x", "y"])
    for _ in range(4):
        at = data.draw(st.integers(0, len(expected) - 1))
        match data.draw(st.sampled_from(["take", "insert", "replace"])):
            case "take":
                order = data.draw(st.lists(st.integers(0, len(expected) - 1), min_size=1, max_size=6))
                table, expected = table.taken(order), [expected[each] for each in order]
            case "insert":
                table, expected = table.inserted({at: [new, new]}), [*expected[:at], new, new, *expected[at:]]
            case _:
                table, expected = table.replaced({at: new}), [*expected[:at], new, *expected[at + 1 :]]
    assert list(table.rows) == expected
    assert table.rows == expected
    assert table.text.value == "".join(row.raw for row in expected)


def test_a_last_row_without_an_ending_gets_one_where_others_follow() -> None:
    table = Table.parsed(Text("a,b\n1,2"))
    assert written(table.inserted({2: [Row(("3", "4"), "3,4\n")]})) == "a,b\n1,2\n3,4\n"
    assert written(table.taken([1, 0])) == "1,2\na,b\n"
    assert written(table.taken([0, 1, 1])) == "a,b\n1,2\n1,2"


def test_every_row_can_be_made_anew_and_changed_after_that() -> None:
    table = Table.parsed(Text("a,b\n1,2\n")).mapped(lambda n, row: Row((str(n), *row.cells), f"{n},{row.raw}"))
    assert written(table) == "0,a,b\n1,1,2\n"
    assert written(table.with_cells({Cell(1, 0): "x"})) == "0,a,b\nx,1,2\n"


def test_a_sheet_whose_rows_are_not_written_can_be_changed() -> None:
    table = Table((Row(("a", "b"), ""), Row(("1", "2"), "")))
    assert table.with_cells({Cell(1, 1): "x"}).rows[1].cells == ("1", "x")


@pytest.mark.parametrize(
    "data",
    [
        b",",
        b'"',
        b"\n",
        b"a,b\n1,\xff\xfe\n",
        b"a,b\r1,2\r",
        b'a,b\n1,"x',
        b'""""""\n""',
        "a,b\n1,é\n".encode("cp1252"),
        "a,b\n1,é\n".encode("utf-16"),
        "\ufeffa,b\n1,é\n".encode(),
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"PK\x03\x04" + bytes(range(256)) * 4,
    ],
)
def test_whatever_the_bytes_they_are_written_back_or_it_is_said_why_not(data: bytes) -> None:
    document = Document(data, "text/csv", "a.csv")
    try:
        table = read(document, Table)
    except Unreadable:
        return
    assert write(table, document).data == data
    list(table.spans())


@pytest.mark.parametrize("unit", [b"a", b",", b'"', b'""', b'",', b'a"'])
def test_one_endless_line_is_read_in_bounded_memory_or_refused(unit: bytes) -> None:
    document = Document(b"x,y\n" + unit * (8_000_000 // len(unit)), "text/csv", "a.csv")
    tracemalloc.start()
    try:
        table = read(document, Table)
        assert b"".join(table.encoded()) == document.data
        assert len(table.rows[1].cells) < 3
    except Unreadable as reason:
        assert b"," in unit, reason  # noqa: PT017 - which ones are refused
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()


def test_a_large_table_costs_little_more_than_its_bytes_until_it_is_looked_at() -> None:
    document = Document(b"a,b,c\n" + b"1234,5678,some words here\n" * 200_000, "text/csv", "a.csv")
    tracemalloc.start()
    table = read(document, Table)
    degraded = table.replaced({100_000: table.dialect.row(["x"])}).inserted({5: [table.dialect.row([])]})
    assert tracemalloc.get_traced_memory()[1] < 3 * len(document.data)
    tracemalloc.stop()
    assert len(degraded.rows) == 200_002
    assert degraded.rows[100_001].cells == ("x",)


def test_a_mapped_file_is_the_same_table_and_written_piece_by_piece(tmp_path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes('a;b\nMüller;"x\ny"\n'.encode() * 20_000)
    mapped, held = map_table(source), read(Document(source.read_bytes(), "text/csv", "a.csv"), Table)
    assert mapped.dialect == held.dialect
    assert len(mapped.rows) == len(held.rows) == 40_000
    assert save_table(mapped.inserted({0: [mapped.dialect.row(["title"])]}), target) == source.stat().st_size + 6
    assert target.read_bytes() == b"title\n" + source.read_bytes()


@pytest.mark.parametrize("name", ["there.csv", "/dev/null"])
def test_a_table_that_cannot_be_written_whole_costs_nothing_that_was_there(tmp_path, name: str) -> None:
    """Neither an older file nor, under root, a device."""
    source, target = tmp_path / "a.csv", tmp_path / name
    source.write_bytes("a,b\nMüller,2\n".encode("cp1252"))
    target.write_bytes(b"old")
    before = target.lstat().st_ino, target.read_bytes()
    table = map_table(source)
    with pytest.raises(NotApplicable):
        save_table(table.replaced({0: table.dialect.row(["\u4e2d"])}), target)
    assert (target.lstat().st_ino, target.read_bytes()) == before


@pytest.mark.parametrize("data", [b"", b"a,b\n\0\n", "a,b\n1,2\n".encode("utf-16"), b"%PDF-1.7\n"])
def test_what_cannot_be_mapped_as_a_table_says_why(tmp_path, data: bytes) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(data)
    with pytest.raises(Exception, match=r"\w") as caught:
        map_table(source)
    assert type(caught.value).__name__ in ("Unreadable", "CrumpleError")


def test_a_mapped_file_in_another_encoding_keeps_its_bytes(tmp_path) -> None:
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    data = "name;city\nMüller;Málaga\nSøn;Łódź\n".encode("cp1250", "replace") + b"\x81;x\n"
    source.write_bytes(data)
    save_table(map_table(source).replaced({}), target)
    assert target.read_bytes() == data


def test_blank_rows_are_told_without_reading_the_others() -> None:
    body = 'a,b\n\n,\n"",""\n1,2\n"x",\n,3\n' * 200
    rows = Table.parsed(Text(body), Dialect()).rows
    expected = [index for index, row in enumerate(rows) if not any(row.cells)]
    assert rows.blank_indices().tolist() == expected
    assert np.array_equal(rows.taken(range(7)).blank_indices(), [1, 2, 3])
