"""Plain office files written anew: a Word document of paragraphs, a workbook of one sheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from crumple.views.sheet_rows import column_name

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_SCHEMAS: Final = "http://schemas.openxmlformats.org"
_HEADER: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]{1,6})?")


def word_of(paragraphs: Iterable[str]) -> bytes:
    """A Word document of these paragraphs; the same bytes at any time.

    Args:
        paragraphs: their text, without characters that XML cannot hold.
    """
    space = f"{_SCHEMAS}/wordprocessingml/2006/main"
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in paragraphs)
    main = f'{_HEADER}<w:document xmlns:w="{space}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    return _package("word/document.xml", "wordprocessingml.document.main", {"word/document.xml": main})


def workbook_of(rows: Iterable[Sequence[str]], *, sheet: str = "Lines") -> bytes:
    """A workbook of one sheet; the same bytes at any time.

    Args:
        rows: the cells as they are written; what reads as a number and begins with no zero is stored as one.
        sheet: its name.
    """
    main, part = f"{_SCHEMAS}/spreadsheetml/2006/main", "xl/worksheets/sheet1.xml"
    office, package = f"{_SCHEMAS}/officeDocument/2006/relationships", f"{_SCHEMAS}/package/2006/relationships"
    body = "".join(
        f'<row r="{r}">' + "".join(_cell(f"{column_name(c)}{r}", value) for c, value in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, 1)
    )
    return _package(
        "xl/workbook.xml",
        "spreadsheetml.sheet.main",
        {
            "xl/workbook.xml": f'{_HEADER}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{_HEADER}<Relationships xmlns="{package}"><Relationship Id="rId1" '
            f'Target="worksheets/sheet1.xml" Type="{office}/worksheet"/></Relationships>',
            part: f'{_HEADER}<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
        },
    )


def _package(main: str, kind: str, parts: Mapping[str, str]) -> bytes:
    """An office file: its content types, the relation to its main part, and the parts."""
    kinds = {main: kind, "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet"}
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_OFFICE}.{content}+xml"/>'
        for name, content in kinds.items()
        if name in parts
    )
    members = {
        "[Content_Types].xml": f'{_HEADER}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'{_HEADER}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships"><Relationship Id="rId1" '
        f'Target="{main}" Type="{_SCHEMAS}/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        **parts,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _cell(place: str, value: str) -> str:
    if _NUMBER.fullmatch(value):
        return f'<c r="{place}"><v>{float(value):.15g}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
