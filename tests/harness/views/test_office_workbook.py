"""Workbooks as tables and as text: what a reader sees, written back into the cells that it was read from."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import Cell, Document, NotApplicable, Package, Sheet, Table, Text, read, write
from crumple.views.number_formats import as_date, as_number, as_serial, is_date
from crumple.views.sheet_rows import column_name, place
from office_files import ORDERS, SEEN, members, repacked, saved, workbook

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook()


def rows(document: Document) -> list[list[str]]:
    return [list(row.cells) for row in read(document, Table).rows]


def opened(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(document.data))


def values(document: Document) -> list[list[object]]:
    sheet = opened(document).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_cells_are_read_as_people_see_them() -> None:
    assert rows(workbook()) == SEEN


def test_the_text_of_a_workbook_is_that_of_its_table() -> None:
    assert read(workbook(), Text) == read(workbook(), Table).text


@pytest.mark.parametrize("view", [Table, Text, Package])
def test_what_was_not_changed_is_written_byte_for_byte(view: type) -> None:
    document = workbook()
    assert write(read(document, view), document).data == document.data


def test_only_the_changed_cells_of_the_sheet_are_other_bytes() -> None:
    document = workbook()
    changed = write(read(document, Table).with_cells({Cell(2, 2): "Acme & Sons"}), document)
    before, after = members(document.data), members(changed.data)
    assert [name for name in before if before[name] != after[name]] == [SHEET]
    assert list(before) == list(after)
    cell = re.compile(rb'<c r="C3".*?</c>')
    assert cell.sub(b"", before[SHEET], count=1) == cell.sub(b"", after[SHEET], count=1)


def test_a_changed_cell_keeps_its_kind_where_the_value_is_of_it() -> None:
    document = workbook()
    new = {Cell(1, 5): "13.75", Cell(2, 1): "2024-12-31", Cell(3, 4): "3 pcs", Cell(4, 0): "0099", Cell(5, 5): "7,00"}
    found = values(write(read(document, Table).with_cells(new), document))
    assert found[1][5] == 13.75
    assert found[2][1] == dt.datetime(2024, 12, 31)
    assert [found[3][4], found[4][0], found[5][5]] == ["3 pcs", "0099", "7,00"]


@given(
    st.dictionaries(
        st.builds(Cell, st.integers(1, 5), st.integers(0, 6)),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12) | st.just("two\nlines"),
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_values_are_read_again_as_they_were_written(new: dict[Cell, str]) -> None:
    document = PLAIN
    table = read(document, Table).with_cells(new)
    assert rows(write(table, document)) == [list(row.cells) for row in table.rows]


def test_rows_are_dropped_doubled_and_put_in_between_with_their_kinds() -> None:
    document = workbook()
    table = read(document, Table)
    first, second, *_ = [table.rows[index] for index in (1, 2)]
    title = table.dialect.row(["Report"])
    changed = write(table.with_rows([title, table.rows[0], second, first, first]), document)
    assert rows(changed) == [["Report", *[""] * 6], SEEN[0], SEEN[2], SEEN[1], SEEN[1]]
    found = values(changed)
    assert [row[1] for row in found[2:]] == [dt.datetime(2024, 3, 17), *[dt.datetime(2024, 3, 5)] * 2]
    assert [row[6] for row in found[2:]] == [False, True, True]
    assert found[2][5] == 1234.75


def test_columns_change_places_with_their_kinds() -> None:
    document = workbook()
    table = read(document, Table)
    order = [5, 0, 1, 2, 3, 4, 6]
    changed = write(table.with_rows([table.dialect.row(row.cells[at] for at in order) for row in table.rows]), document)
    assert [row[0] for row in values(changed)] == ["price", 12.5, 1234.75, 0.05, 99.99, 7]
    assert rows(changed) == [[row[at] for at in order] for row in SEEN]


def test_a_table_that_begins_elsewhere_is_read_from_where_it_begins_and_written_there() -> None:
    def shift(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.insert_rows(1, 6)
        sheet.insert_cols(1, 2)

    document = workbook(more=shift)
    assert rows(document) == SEEN
    changed = write(read(document, Table).with_cells({Cell(1, 2): "Jane"}), document)
    sheet = opened(changed).active
    assert sheet is not None
    assert sheet["E8"].value == "Jane"


def test_formulas_are_their_values_and_merged_ranges_follow_their_rows() -> None:
    def more(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.merge_cells("D2:D4")
        sheet.merge_cells("A8:B8")
        sheet["A8"] = "merged"

    document = workbook(more=more)
    xml = members(document.data)[SHEET].replace(b"<v>1234.75</v>", b"<f>E3*2</f><v>1234.75</v>")
    document = repacked(document, {SHEET: xml})
    table = read(document, Table)
    assert table.value(Cell(2, 5)) == "1234.75"
    assert [table.value(Cell(row, 3)) for row in (1, 2, 3)] == ["North", "", ""]
    changed = write(table.with_rows([*table.rows[:4], table.rows[6], table.rows[7]]), document)
    sheet = opened(changed).active
    assert sheet is not None
    assert {str(each) for each in sheet.merged_cells.ranges} == {"D2:D4", "A6:B6"}
    assert sheet["F3"].value == "=E3*2"  # where it was
    moved = write(table.with_rows([table.rows[0], *table.rows[2:]]), document)
    sheet = opened(moved).active
    assert sheet is not None
    assert sheet["F2"].value == 1234.75  # elsewhere it would name other cells
    assert {str(each) for each in sheet.merged_cells.ranges} == {"A7:B7"}


def test_rows_that_something_else_points_at_are_not_moved() -> None:
    def more(book: openpyxl.Workbook) -> None:
        from openpyxl.worksheet.table import Table as Area

        sheet = book.active
        assert sheet is not None
        sheet.add_table(Area(displayName="Orders", ref="A1:G6"))

    document = workbook(more=more)
    table = read(document, Table)
    with pytest.raises(NotApplicable, match="tableParts"):
        write(table.with_rows(table.rows[1:]), document)
    assert values(write(table.with_cells({Cell(1, 5): "3"}), document))[1][5] == 3


def test_the_first_visible_sheet_with_a_table_is_read() -> None:
    book = openpyxl.Workbook()
    cover, empty = book.active, book.create_sheet("empty")
    assert cover is not None
    cover["A1"] = "Report"
    hidden = book.create_sheet("old")
    for row in ORDERS:
        hidden.append(row)
    hidden.sheet_state = "veryHidden"
    data = book.create_sheet("data")
    data.append(["a", "b"])
    data.append([1, 2])
    assert empty.max_row == 1
    assert rows(saved(book)) == [["a", "b"], ["1", "2"]]


def test_strings_in_runs_and_with_phonetic_readings_are_read_whole() -> None:
    document = workbook((("name", "n"), ("x", 1)))
    strings = b"<is><r><t>to</t></r><r><rPr><b/></rPr><t>kyo</t></r><rPh sb='0' eb='1'><t>no</t></rPh></is>"
    xml = re.sub(
        rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="inlineStr">' + strings + b"</c>", members(document.data)[SHEET]
    )
    assert rows(repacked(document, {SHEET: xml})) == [["name", "n"], ["tokyo", "1"]]


@pytest.mark.parametrize(
    ("code", "date"),
    [
        ("General", False),
        ("yyyy-mm-dd", True),
        ("[$-407]d. mmmm yyyy", True),
        ("[h]:mm", True),
        ('0.00" kg d"', False),
        ("#,##0.00_);[Red](#,##0.00)", False),
        ("0.0E+00", False),
        ("@", False),
    ],
)
def test_a_date_is_told_by_its_number_format(code: str, date: bool) -> None:
    assert is_date(code) is date


@given(st.dates(dt.date(1904, 3, 1), dt.date(9999, 12, 31)), st.booleans())
def test_dates_and_their_serial_numbers_agree_with_openpyxl(day: dt.date, since_1904: bool) -> None:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, to_excel

    serial = as_serial(day.isoformat(), since_1904=since_1904)
    if serial is not None:
        assert serial == to_excel(day, MAC_EPOCH if since_1904 else WINDOWS_EPOCH)
        assert as_date(serial, since_1904=since_1904) == day.isoformat()


@pytest.mark.parametrize(
    ("value", "plain"), [(3.0, "3"), (0.1 + 0.2, "0.3"), (4006381333931.0, "4006381333931"), (1.5e-7, "0.00000015")]
)
def test_numbers_are_plain(value: float, plain: str) -> None:
    assert as_number(value) == plain


@given(st.integers(0, 16_383), st.integers(0, 1_048_575))
def test_columns_are_counted_in_letters(column: int, row: int) -> None:
    assert place(f"{column_name(column)}{row + 1}") == (row, column)


def test_sheets_are_public_with_their_places() -> None:
    sheet = Sheet.of(read(workbook(), Package))
    assert (sheet.top, sheet.left, sheet.height, sheet.width) == (0, 0, 6, 7)
    assert sheet.cells()[1, 5].value == "12.5"


def test_new_parts_come_last_and_are_found_by_the_part_that_names_them() -> None:
    document = workbook()
    package = read(document, Package)
    more, id_of = package.with_related(package.main(), "worksheet", "xl/worksheets/new.xml", b"<worksheet/>", "x/y")
    data = more.written()
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    assert list(members(data))[-1] == "xl/worksheets/new.xml"
    again = Package.opened(data)
    assert [each.target for each in again.relations(again.main()) if each.id == id_of] == ["xl/worksheets/new.xml"]
