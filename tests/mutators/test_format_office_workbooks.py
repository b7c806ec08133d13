"""What the mutators of workbooks make, read by openpyxl, and whether what they say of the right answer is true."""

from __future__ import annotations

import io
import itertools
import re
import struct
from typing import Any

import openpyxl
import pytest

from crumple import (
    ALL,
    OLE,
    Cell,
    Degraded,
    Document,
    NotApplicable,
    Package,
    Sheet,
    Step,
    Table,
    Unreadable,
    normalise,
    read,
    write,
)
from crumple.mutation.registry import discover
from office_files import SEEN, members, repacked, workbook
from oracles.office import UNDO, with_dates, without_errors
from oracles.office import workbook as undone

MUTATORS = discover().mutators
CLEAN = workbook()
MINE = [name for name, each in MUTATORS.items() if each.category == "format" and CLEAN.media_type in each.only]
SHARED = [
    "format.numbers_as_text",
    "format.dates_as_text",
    "format.error_values",
    "format.formulas_without_values",
    "format.merged_cells",
    "format.hidden_rows",
    "format.hidden_columns",
]


def made(name: str, level: float, *, seed: int = 1, document: Document = CLEAN) -> tuple[Document, Degraded[Any]]:
    mutator = MUTATORS[name]
    said = mutator.apply(read(document, mutator.view), mutator.step(level, seed))
    return write(said.view, document), said


def book(document: Document, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(document.data), data_only=values)


def first(document: Document, *, values: bool = False) -> Any:
    return book(document, values=values).worksheets[0]


def rows(document: Document) -> list[list[str]]:
    return [list(row.cells) for row in read(document, Table).rows]


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_higher_level_damages_a_superset(name: str, seed: int) -> None:
    touched: list[set[object]] = []
    for level in (1, 2, 3, 4, 5):
        _, said = made(name, level, seed=seed)
        assert said.lost is not ALL
        touched.append({*said.touched, *said.lost})
    assert all(low <= high for low, high in itertools.pairwise(touched))
    assert len(touched[0]) < len(touched[-1])


@pytest.mark.parametrize("name", ["format.dates_as_text", "format.date_system_1904"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dates_are_the_days_that_they_were(name: str, seed: int) -> None:
    level = 5 if MUTATORS[name].ladder else MUTATORS[name].level
    document, _ = made(name, level, seed=seed)
    found = rows(undone(document, Step(name, (), 0)))
    for clean, degraded in zip(SEEN[1:], found[1:], strict=True):
        assert normalise.dates(degraded[1]) == normalise.dates(clean[1])
    assert members(document.data) != members(CLEAN.data)


def test_counting_from_1904_changes_what_is_stored_and_says_so() -> None:
    document, _ = made("format.date_system_1904", 3)
    assert book(document).epoch.year == 1904
    assert rows(document) == SEEN
    assert b"<v>45356</v>" in members(CLEAN.data)["xl/worksheets/sheet1.xml"]
    assert b"<v>43894</v>" in members(document.data)["xl/worksheets/sheet1.xml"]
    with pytest.raises(NotApplicable, match="already"):
        made("format.date_system_1904", 3, document=document)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_numbers_stored_as_text_say_what_they_said(seed: int) -> None:
    document, said = made("format.numbers_as_text", 5, seed=seed)
    sheet = first(document)
    for cell in said.touched:
        assert isinstance(cell, Cell)
        stored = sheet.cell(cell.row + 1, cell.column + 1)
        assert stored.data_type in ("s", "inlineStr")
        assert normalise.number(stored.value) == normalise.number(SEEN[cell.row][cell.column])
    assert {cell.column for cell in said.touched if isinstance(cell, Cell)} == {4, 5}


@pytest.mark.parametrize("level", [1, 3, 5])
def test_exactly_what_is_lost_has_become_an_error(level: float) -> None:
    document, said = made("format.error_values", level)
    errors = {
        Cell(cell.row - 1, cell.column - 1)
        for row in first(document).iter_rows()
        for cell in row
        if cell.data_type == "e"
    }
    assert errors == set(said.lost)
    assert errors
    for row, (clean, degraded) in enumerate(zip(SEEN, rows(document), strict=True)):
        for column, (was, now) in enumerate(zip(clean, degraded, strict=True)):
            assert (was == now) is (Cell(row, column) not in errors)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("level", [1, 5])
def test_what_is_lost_are_formulas_that_come_to_the_number_that_stood_there(level: float, seed: int) -> None:
    items = (
        ("no", "item", "quantity", "price", "amount", "weight"),
        (1, "Bolts", 3, 12.5, 37.5, 2.25),
        (2, "Nuts", 1, 0.1, 0.1, 7.5),
        (3, "Screws", 2.75, 79.22, 217.86, 0.4),
    )
    clean = workbook(items)
    document, said = made("format.formulas_without_values", level, seed=seed, document=clean)
    assert said.lost is not ALL
    sheet, calculated = first(document), first(document, values=True)

    def value(reference: str) -> float:
        found = sheet[reference].value
        assert isinstance(found, (int, float)), "a formula names a formula"
        return found

    for cell in said.lost:
        assert isinstance(cell, Cell)
        assert calculated.cell(cell.row + 1, cell.column + 1).value is None
        formula = sheet.cell(cell.row + 1, cell.column + 1).value
        assert cell.column == 4  # what is worked out; nobody works out a price from an amount
        factors = re.fullmatch(r"=ROUND\((\w+)\*(\w+),2\)", formula)
        assert factors
        product = value(factors[1]) * value(factors[2])
        assert round(product + 1e-9, 2) == items[cell.row][cell.column]
    kept = sum(calculated.cell(row, column).value is not None for row in range(1, 5) for column in range(1, 7))
    assert kept == 24 - len(said.lost)


def test_where_nothing_is_a_product_amounts_are_typed_in_as_sums() -> None:
    clean = workbook((("item", "amount"), ("Bolts", 37.5), ("Nuts", -2.25), ("Screws", 7)))
    document, said = made("format.formulas_without_values", 5, document=clean)
    assert [first(document)[f"B{row}"].value for row in (2, 3, 4)] == ["=37+0.5", "=-2-0.25", "=7+0"]
    assert said.lost == [Cell(1, 1), Cell(2, 1), Cell(3, 1)]


def test_formulas_that_are_there_lose_their_values() -> None:
    xml = members(CLEAN.data)["xl/worksheets/sheet1.xml"].replace(b"<v>1234.75</v>", b"<f>E3*2</f><v>1234.75</v>")
    clean = repacked(CLEAN, {"xl/worksheets/sheet1.xml": xml})
    document, said = made("format.formulas_without_values", 5, document=clean)
    assert first(document)["F3"].value == "=E3*2"
    assert first(document, values=True)["F3"].value is None
    assert said.lost == [Cell(2, 5)]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_number_format_changes_what_is_seen_and_not_what_is_stored(level: float) -> None:
    document, said = made("format.number_format", level)
    before, after = first(CLEAN), first(document)
    assert rows(document) == SEEN
    for cell in said.touched:
        assert isinstance(cell, Cell)
        one, other = (sheet.cell(cell.row + 1, cell.column + 1) for sheet in (before, after))
        assert one.value == other.value
        assert other.number_format == ("#,##0.00", '0.00" kg"', "0", "0.0E+00", "#,##0,")[int(level) - 1]
    assert after["A1"].font.bold


def test_merged_cells_filled_from_their_first_are_the_table() -> None:
    document, said = made("format.merged_cells", 5)
    assert said.touched
    assert {str(each) for each in first(document).merged_cells.ranges} == {"D2:D4", "D5:D6"}
    assert rows(undone(document, Step("format.merged_cells", (), 0))) == SEEN
    with pytest.raises(NotApplicable, match="already"):
        made("format.merged_cells", 5, document=document)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_the_rows_that_are_seen_are_the_other_right_answer(level: float) -> None:
    document, said = made("format.hidden_rows", level)
    sheet = first(document)
    seen = [row for row in range(6) if not sheet.row_dimensions[row + 1].hidden]
    options = getattr(said.truth, "options", ())
    assert [option.rows for option in options] == [None, tuple(seen)]
    assert 2 <= len(seen) < 6
    assert sheet.auto_filter.ref == "A1:G6"
    assert rows(document) == SEEN


@pytest.mark.parametrize("level", [1, 3, 5])
def test_what_may_be_left_out_are_the_columns_that_are_hidden(level: float) -> None:
    def wide(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.column_dimensions.group("B", "F", hidden=False)
        sheet.column_dimensions["G"].width = 30

    clean = workbook(more=wide)
    document, said = made("format.hidden_columns", level, document=clean)
    assert said.lost is not ALL
    package = read(document, Package)
    columns = package.tree(Sheet.of(package).part).first("cols")
    assert columns is not None
    ranges = [(int(each.attributes["min"]), int(each.attributes["max"]), each.attributes) for each in columns.children]
    assert all(one[1] < other[0] for one, other in itertools.pairwise(ranges))
    hidden = {at - 1 for start, end, names in ranges for at in range(start, end + 1) if names.get("hidden") == "1"}
    assert {cell.column for cell in said.lost if isinstance(cell, Cell)} == hidden
    assert {cell.row for cell in said.lost if isinstance(cell, Cell)} == set(range(6))


@pytest.mark.parametrize(("level", "corner"), [(1, "A2"), (3, "C5"), (5, "F20")])
def test_a_table_begins_further_down(level: float, corner: str) -> None:
    document, _ = made("format.leading_blanks", level)
    sheet = first(document)
    assert sheet[corner].value == "order"
    assert sheet["A1"].value is None
    assert rows(document) == SEEN
    assert sheet[corner].font.bold


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_table_stands_on_its_own_sheet_beside_another(level: float) -> None:
    document, _ = made("format.other_sheet", level)
    found = book(document)
    assert len(found.sheetnames) == 2
    assert "Orders" in found.sheetnames
    assert found.sheetnames.index("Orders") == int(level >= 3)
    assert [[cell.value for cell in row] for row in found["Orders"].iter_rows()] == [
        [cell.value for cell in row] for row in first(CLEAN).iter_rows()
    ]
    assert rows(undone(document, Step("format.other_sheet", (), 0))) == SEEN
    twice, _ = made("format.other_sheet", level, document=document)
    assert len(set(book(twice).sheetnames)) == 3


def test_names_of_ranges_follow_their_sheet() -> None:
    def named(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.print_title_rows = "1:1"

    document, _ = made("format.other_sheet", 5, document=workbook(more=named))
    assert book(document)["Orders"].print_title_rows == "$1:$1"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hidden_sheet_holds_other_numbers_and_is_not_the_one_that_is_open(seed: int) -> None:
    document, _ = made("format.hidden_sheet", 3, seed=seed)
    found = book(document)
    old, new = found.worksheets
    assert old.sheet_state in ("hidden", "veryHidden")
    assert new.sheet_state == "visible"
    assert found.active is new
    assert [old["F2"].value, new["F2"].value] == [11.25, 12.5]
    assert old["A2"].value == new["A2"].value
    assert rows(document) == SEEN


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_however_it_is_written_it_holds_the_same(level: float) -> None:
    clean = repacked(CLEAN, {})
    document, _ = made("format.workbook_writer", level, document=clean)
    assert document.data != clean.data
    assert rows(document) == SEEN
    assert rows(undone(document, Step("format.workbook_writer", (), 0))) == SEEN
    before, after = members(clean.data), members(document.data)
    told = {1: b'<dimension ref="A1"/>', 2: b"<b/>", 3: b"<x:c ", 4: b"<c s=", 5: b"purl.oclc.org"}[int(level)]
    sheet = "xl/worksheets/sheet1.xml"
    assert told in after[sheet]
    assert told not in before[sheet]


def test_an_encrypted_file_is_a_compound_file_with_two_streams() -> None:
    document, said = made("format.office_password", 5)
    assert said.lost is ALL
    assert document.data.startswith(OLE)
    with pytest.raises(Unreadable, match="encrypted"):
        read(document, Table)
    found = streams(document.data)
    assert found["EncryptionInfo"][:8] == struct.pack("<HHL", 4, 4, 0x40)
    assert struct.unpack("<Q", found["EncryptedPackage"][:8]) == (len(CLEAN.data),)
    with pytest.raises(NotApplicable, match="already"):
        made("format.office_password", 5, document=document)


def streams(data: bytes) -> dict[str, bytes]:
    """The streams of a compound file, by following the chains of its sectors."""
    table, first_directory = struct.unpack_from("<L", data, 44)[0], struct.unpack_from("<L", data, 48)[0]
    sectors = struct.unpack_from("<109L", data, 76)[:table]
    links = [link for sector in sectors for link in struct.unpack_from("<128L", data, 512 * (sector + 1))]

    def chain(at: int) -> bytes:
        found = b""
        while at != 0xFFFFFFFE:
            found += data[512 * (at + 1) : 512 * (at + 2)]
            at = links[at]
        return found

    entries = chain(first_directory)
    found = {}
    for start in range(0, len(entries), 128):
        length, kind = struct.unpack_from("<HB", entries, start + 64)
        if kind == 2:
            first_sector, size = struct.unpack_from("<LQ", entries, start + 116)
            found[entries[start : start + length - 2].decode("utf-16-le")] = chain(first_sector)[:size]
    return found


@pytest.mark.parametrize("name", MINE)
@pytest.mark.parametrize(
    "clean",
    [
        workbook((("only a header",),)),
        workbook((("a", "b"), (1, 2))),
        workbook((("a", None), (None, "b"))),
        repacked(CLEAN, {"xl/styles.xml": None}),
        repacked(CLEAN, {"xl/worksheets/sheet1.xml": None}),
        repacked(CLEAN, {"xl/worksheets/sheet1.xml": b"<worksheet/>"}),
        Document(b"PK", CLEAN.media_type, "a.xlsx"),
    ],
)
def test_on_strange_workbooks_there_is_a_result_or_a_reason(name: str, clean: Document) -> None:
    level = 5 if MUTATORS[name].ladder else MUTATORS[name].level
    try:
        document, _ = made(name, level, document=clean)
    except NotApplicable:
        return
    assert document.data != clean.data


def test_every_mutator_of_workbooks_has_a_reader_or_loses_all() -> None:
    readers = (undone, with_dates, without_errors)
    assert set(MINE) - {"format.office_password"} == {name for name in UNDO if UNDO[name] in readers}


@pytest.mark.parametrize("level", [1, 3, 5])
def test_notes_say_something_else_than_their_cells_which_are_as_they_were(level: float) -> None:
    document, said = made("format.cell_comments", level)
    assert rows(document) == rows(CLEAN)
    noted = {cell.coordinate: cell for row in first(document).iter_rows() for cell in row if cell.comment}
    assert len(noted) == len(said.touched)
    assert all(str(cell.value) not in cell.comment.text for cell in noted.values())
    again = made("format.cell_comments", level, document=CLEAN)[0]
    with pytest.raises(NotApplicable, match="notes already"):
        made("format.cell_comments", level, document=again)


def test_a_protected_sheet_is_read_as_it_was() -> None:
    document, _ = made("format.sheet_protected", 1)
    assert first(document).protection.sheet
    assert rows(document) == rows(CLEAN)
    with pytest.raises(NotApplicable, match="protected already"):
        made("format.sheet_protected", 1, document=document)
