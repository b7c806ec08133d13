"""Office files: workbooks as tables and as text, documents as text, both as the parts that they are made of."""

from __future__ import annotations

import re
from collections.abc import Callable

from crumple.document import Document
from crumple.views.format import Format
from crumple.views.package import OLE, Package, PackageCodec
from crumple.views.table import Dialect, Table
from crumple.views.text import Text
from crumple.views.word import lines
from crumple.views.word_writing import with_text
from crumple.views.workbook import Sheet
from crumple.views.workbook_writing import with_rows

_MEMBER = re.compile(rb"PK\x03\x04.{26}(xl|word)/", re.DOTALL)
_WRITTEN = Dialect("\t")


class WordText:
    """The text of a Word document: headers, body with tables and text boxes, notes, footers.

    Hidden and deleted text and the instructions of fields are left out; what was inserted is there, tracked or not.
    """

    exact = True

    def read(self, document: Document) -> Text:
        """The lines, each ended by a line feed."""
        return Text("".join(f"{line.text}\n" for line in lines(Package.opened(document.data))))

    def write(self, view: Text, document: Document) -> bytes:
        """The document with the paragraphs that have changed."""
        package = Package.opened(document.data)
        parts = with_text(package, lines(package), view.value)
        return package.with_parts(parts).written() if parts else document.data


class SheetTable:
    """The first visible sheet of a workbook that holds a table.

    The table's characters are its cells as they are seen, tabs between; what is written are its cells.
    """

    exact = True

    def read(self, document: Document) -> Table:
        """The rows from the first to the last that holds a value, each as wide as the widest."""
        rows = Sheet.of(Package.opened(document.data)).grid()
        written = "".join(_WRITTEN.row(cells).raw for cells in rows)
        return Table.parsed(Text(written), _WRITTEN)

    def write(self, view: Table, document: Document) -> bytes:
        """The workbook with the cells that have changed; where rows have moved, with the sheet's rows anew."""
        package = Package.opened(document.data)
        sheet = Sheet.of(package)
        xml = with_rows(sheet, [row.cells for row in view.rows])
        return package.with_parts({sheet.part: xml}).written() if xml != sheet.xml else document.data


class SheetText:
    """The characters of a workbook's table, a line a row, tabs between cells: those of the `Table` itself."""

    exact = True

    def read(self, document: Document) -> Text:
        """The characters."""
        return SheetTable().read(document).text

    def write(self, view: Text, document: Document) -> bytes:
        """The workbook with the cells that have changed."""
        return SheetTable().write(Table.parsed(Text(view.value), _WRITTEN), document)


def _sniff(folder: bytes, extensions: tuple[str, ...]) -> Callable[[bytes, str], int]:
    def sniff(head: bytes, extension: str) -> int:
        if head.startswith(OLE):
            return 2 * int(extension in extensions)  # encrypted: an archive inside a file of the old format
        if not head.startswith(b"PK\x03\x04"):
            return 0
        member = _MEMBER.search(head)
        return 3 * int(member[1] == folder if member else extension in extensions)

    return sniff


_XLSX, _DOCX = (".xlsx", ".xlsm"), (".docx", ".docm")

WORKBOOK = Format(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    _XLSX,
    _sniff(b"xl", _XLSX),
    {Table: SheetTable(), Text: SheetText(), Package: PackageCodec()},
)
WORD = Format(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    _DOCX,
    _sniff(b"word", _DOCX),
    {Text: WordText(), Package: PackageCodec()},
)
