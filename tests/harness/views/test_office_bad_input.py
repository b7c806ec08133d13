"""Office files that are damaged, hostile or no office files: a reason, in bounded time and memory."""

from __future__ import annotations

import pytest

from bombs import zip_of_zeros
from crumple import OLE, Cell, Document, NotApplicable, Package, Table, Text, Unreadable, identify, read, write
from office_files import letter, members, repacked, workbook

SHEET, WORD = "xl/worksheets/sheet1.xml", "word/document.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def seen(document: Document) -> object:
    return read(document, Table if "spreadsheet" in document.media_type else Text)


def sheet(rows: str) -> Document:
    return repacked(
        workbook(), {SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()}
    )


def bomb() -> bytes:
    return zip_of_zeros({f"xl/media/{number}.bin": 64 for number in range(5)}, members(workbook().data))


ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (Document(b"P", workbook().media_type, "a.xlsx"), "cannot be opened"),
        (Document(workbook().data[:3000], workbook().media_type, "a.xlsx"), "cannot be opened"),
        (Document(b"PK\x03\x04" + bytes(5000), letter().media_type, "a.docx"), "cannot be opened"),
        (Document(OLE + bytes(5000), letter().media_type, "a.docx"), "encrypted, or of the binary format"),
        (repacked(workbook(), {"[Content_Types].xml": None}), "no office file"),
        (repacked(workbook(), {"_rels/.rels": None}), "which of its parts"),
        (repacked(workbook(), {"xl/workbook.xml": None}), "which of its parts"),
        (repacked(workbook(), {SHEET: None}), "no sheet of it holds a value"),
        (repacked(letter(), {WORD: b"<w:document"}), "damaged"),
        (repacked(letter(), {WORD: b"\xff\xfe<\0a\0/\0>\0"}), "UTF-8"),
        (repacked(letter(), {WORD: b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>'}), "ISO-8859-1"),
        (repacked(letter(), {WORD: f"{ENTITIES}<a>&b;</a>".encode()}), "document type"),
        (repacked(workbook(), {SHEET: f"{ENTITIES}<a>&b;</a>".encode()}), "document type"),
        (repacked(letter(), {WORD: b"<a>" * 100_000 + b"</a>" * 100_000}), "deep"),
        (repacked(workbook(), {"xl/styles.xml": b"<a>" * 100_000 + b"</a>" * 100_000}), "deep"),
        (
            sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "spans",
        ),
        (sheet('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'), "not in order"),
        (sheet(""), "no sheet of it holds a value"),
        (sheet(" " * (33 << 20)), "over 33,554,432"),
        (Document(bomb(), workbook().media_type, "a.xlsx"), "unpacks to"),
    ],
)
def test_what_cannot_be_read_says_why(document: Document, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        seen(document)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="s"><v>99999999999</v></c><c r="A1" s="77"><v>1</v></c></row>',
        '<row r="x"><c r="ZZZZ9"><v>nan</v></c><c><v>1e999</v></c><c><v></v></c><c t="b"><v>maybe</v></c></row>',
        f'<row r="{"9" * 5000}"><c s="{"9" * 5000}"><v>{"9" * 5000}</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>_xD800__x0000_</t></is></c></row>',
        '<row r="1"><c r="A1" s="1"><v>99999999</v></c><c r="B1" s="1"><v>-5</v></c></row>',
    ],
)
def test_strange_cells_are_read_somehow_and_can_be_written(rows: str) -> None:
    document = sheet(rows)
    table = read(document, Table)
    assert read(write(table.with_cells({Cell(0, 0): "new"}), document), Table).value(Cell(0, 0)) == "new"


def test_a_sheet_full_of_blank_cells_ends_where_its_values_end() -> None:
    blanks = "".join(f'<row r="{row}"><c r="B{row}" s="1"/></row>' for row in range(2, 20_000))
    document = sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{blanks}')
    assert [row.cells for row in read(document, Table).rows] == [("1",)]


@pytest.mark.parametrize("bad", ["a\0b", "a\x1bb", "a\udc80b", "\uffff"])
def test_a_character_that_xml_cannot_have_is_not_written(bad: str) -> None:
    document = workbook()
    with pytest.raises(NotApplicable, match="cannot hold U\\+"):
        write(read(document, Table).with_cells({Cell(1, 2): bad}), document)
    document = letter()
    text = read(document, Text)
    with pytest.raises(NotApplicable, match="cannot hold U\\+"):
        write(text.with_value(text.value.replace("Dear", bad)), document)


def test_a_cell_longer_than_a_cell_can_be_is_not_written() -> None:
    document = workbook()
    with pytest.raises(NotApplicable, match="32,767"):
        write(read(document, Table).with_cells({Cell(1, 2): "x" * 32_768}), document)


def test_a_paragraph_of_millions_of_characters_is_read_and_changed() -> None:
    long = "lorem ipsum " * 500_000
    xml = f'<w:document xmlns:w="{WORDS}"><w:body><w:p><w:r><w:t>{long}</w:t></w:r></w:p></w:body></w:document>'
    document = repacked(letter(), {WORD: xml.encode()})
    text = read(document, Text)
    changed = text.value.replace("ipsum", "1psum", 3)[:-40] + "end\n"
    assert read(write(text.with_value(changed), document), Text).value.startswith("lorem 1psum lorem 1psum")


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (workbook().data, "orders.bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (workbook().data, "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (letter().data, "x.xlsx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (OLE + bytes(600), "x.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (OLE + bytes(600), "x.xls", "application/octet-stream"),
        (b"a,b\n1,2\n", "x.xlsx", "text/plain"),
    ],
)
def test_office_files_are_told_by_what_is_in_them(data: bytes, name: str, media_type: str) -> None:
    assert identify(data, name) == media_type


def test_a_package_that_is_no_archive_has_no_parts() -> None:
    with pytest.raises(Unreadable):
        Package.opened(b"")
