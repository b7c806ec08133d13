"""Plain office files: the libraries that most are read with read them."""

from __future__ import annotations

import io

import docx
import openpyxl

from crumple import Document, Table, Text, identify, read, word_of, workbook_of


def test_a_document_holds_its_paragraphs() -> None:
    said = ["Bolt & Søn <Ltd>", "", "  12  pieces"]
    data = word_of(said)
    assert [each.text for each in docx.Document(io.BytesIO(data)).paragraphs] == said
    media_type = identify(data, "a.docx")
    assert read(Document(data, media_type, "a.docx"), Text).value.split("\n")[:3] == said


def test_a_workbook_holds_its_cells_and_what_reads_as_a_number_is_one() -> None:
    data = workbook_of([["code", "price", "note"], ["0017", "-1234567.25", "nan & <co>"]])
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert rows == [("code", "price", "note"), ("0017", -1234567.25, "nan & <co>")]
    table = read(Document(data, identify(data, "a.xlsx"), "a.xlsx"), Table)
    assert [list(row.cells) for row in table.rows][1] == ["0017", "-1234567.25", "nan & <co>"]


def test_columns_beyond_z_have_two_letters() -> None:
    data = workbook_of([[str(number) for number in range(30)]])
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["AD1"].value == 29


def test_an_empty_workbook_is_sound_and_the_same_at_any_time() -> None:
    assert workbook_of([]) == workbook_of([])
    assert openpyxl.load_workbook(io.BytesIO(workbook_of([]))).sheetnames == ["Lines"]
