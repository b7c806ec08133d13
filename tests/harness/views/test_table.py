"""Table: cells can be replaced one by one, and every other character stays."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import Cell, Document, Table, Text, Unreadable
from crumple.views.format import read, write
from crumple.views.table import Dialect

cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=6)


def _csv(rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL, delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=quoting, delimiter=delimiter).writerows(rows)  # type: ignore[arg-type]  # a literal
    return buffer.getvalue()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200))
def test_any_text_is_written_back_unchanged(value: str) -> None:
    assert Table.parsed(Text(value)).text.value == value


@given(tables, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_cells_are_read_as_the_standard_library_reads_them(rows: list[list[str]], quoting: int) -> None:
    text = _csv(rows, quoting)
    parsed = Table.parsed(Text(text), Dialect(terminator="\r\n"))
    assert [list(row.cells) for row in parsed.rows] == list(csv.reader(io.StringIO(text, newline="")))


@given(tables, cells, st.data())
def test_replacing_a_cell_changes_that_cell_alone(rows: list[list[str]], value: str, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    table = Table.parsed(Text(_csv(rows)), Dialect(terminator="\r\n"))
    changed = table.with_cells({Cell(row, column): value})
    expected = [list(each) for each in rows]
    expected[row][column] = value
    assert [list(each) for each in csv.reader(io.StringIO(changed.text.value, newline=""))] == expected
    assert [each.raw for n, each in enumerate(changed.rows) if n != row] == [
        each.raw for n, each in enumerate(table.rows) if n != row
    ]


@given(tables)
def test_every_cell_stands_where_it_is_said_to(rows: list[list[str]]) -> None:
    table = Table.parsed(Text(_csv(rows)), Dialect(terminator="\r\n"))
    for cell, span in table.spans():
        written = table.text.value[span.start : span.end]
        assert written in (table.value(cell), table.dialect.cell(table.value(cell), quoted=True))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_rows(delimiter: str) -> None:
    text = _csv([["name", "amount"], ["Ink; black", "1,5"], ["Paper", "2,5"]], delimiter=delimiter)
    assert Table.parsed(Text(text)).dialect.delimiter == delimiter


def test_another_dialect_keeps_the_cells_and_a_missing_last_line_ending() -> None:
    table = Table.parsed(Text('a,b\n"x;y",2'))
    assert table.rewritten(Dialect(";")).text.value == 'a;b\n"x;y";2'


def test_an_unbalanced_quote_does_not_swallow_the_rest() -> None:
    table = Table.parsed(Text('a,b\n1,"x\n2,y\n'))
    assert len(table.rows) == 3


def test_line_breaks_inside_quotes_belong_to_the_cell() -> None:
    document = Document(b'a,b\r\n1,"x\r\ny"\r\n', "text/csv", "a.csv")
    table = read(document, Table)
    assert table.rows[1].cells == ("1", "x\r\ny")
    assert write(table.with_cells({Cell(1, 0): "2"}), document).data == b'a,b\r\n2,"x\r\ny"\r\n'


def test_a_file_of_blank_lines_is_no_table() -> None:
    with pytest.raises(Unreadable, match="no rows"):
        read(Document(b"\n\n", "text/csv", "a.csv"), Table)


def test_a_cell_that_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="row 0 has 2 cells"):
        Table.parsed(Text("a,b\n")).with_cells({Cell(0, 2): "x"})
