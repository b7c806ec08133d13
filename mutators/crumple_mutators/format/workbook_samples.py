"""A small workbook that the mutators of workbooks have as their example, put together part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROWS: Final[Sequence[Sequence[str | float]]] = (
    ("order", "date", "customer", "region", "quantity", "price", "amount"),
    ("A-1001", 45356, "Acme Ltd", "North", 3, 12.5, 37.5),
    ("A-1002", 45368, "Bolt GmbH", "North", 4, 1234.75, 4939),
    ("A-1003", 45383, "Carrot SARL", "South", 12, 7.25, 87),
)


def packed(parts: Mapping[str, str]) -> bytes:
    """XML parts as an archive: the same bytes at any time, on any machine."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name), DECLARATION + xml)
    return file.getvalue()


def related(*relations: tuple[str, str]) -> str:
    """The relations of a part: (kind, target)."""
    each = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


def content_types(parts: Mapping[str, str]) -> str:
    """What each part of a package is."""
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )


def _cell(row: int, column: int, value: str | float) -> str:
    place = f'r="{chr(65 + column)}{row}"'
    if isinstance(value, str):
        return f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>'
    style = " s='1'" if column == 1 else ""
    return f"<c {place}{style}><v>{value}</v></c>"


def _sheet() -> str:
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(number, column, value) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(_ROWS, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:G4"/><sheetData>{rows}</sheetData></worksheet>'


_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
ORDERS: Final = (
    "orders.xlsx",
    packed(
        {
            "[Content_Types].xml": content_types(
                {
                    "xl/workbook.xml": f"{_TYPES}.sheet.main+xml",
                    "xl/worksheets/sheet1.xml": f"{_TYPES}.worksheet+xml",
                    "xl/styles.xml": f"{_TYPES}.styles+xml",
                }
            ),
            "_rels/.rels": related(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
                '<sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": related(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
            "xl/worksheets/sheet1.xml": _sheet(),
            "xl/styles.xml": _STYLES,
        }
    ),
)
