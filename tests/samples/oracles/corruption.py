"""What undoes corruption: wrappings are taken off, bookkeeping is rebuilt, and what stands beside damage is read."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

import openpyxl
import pypdfium2

from crumple import Document, Step, identify
from oracles.damaged_orders import salvaged, says_enough
from oracles.orders import NAMES

Undo = Callable[[Document, Step], Document]
_BLOCK = b"PK\x03\x04"


def of_bytes(undone: Callable[[bytes], bytes]) -> Undo:
    """A repair of the bytes alone."""
    return lambda document, step: Document(undone(document.data), document.media_type, document.name)


def _as_it_is(document: Document, step: Step) -> Document:
    return document


def _salvaged(document: Document, step: Step) -> Document:
    return salvaged(document)


def _in_order(document: Document, step: Step) -> Document:
    """An order without items that say nothing which another one does not."""
    order = json.loads(salvaged(document).data)
    items = order["lines"]
    once = [item for at, item in enumerate(items) if item not in items[:at]]
    order["lines"] = [item for item in once if says_enough(item) and not _repeats(item, once)]
    return Document(json.dumps(order).encode(), "application/json", document.name)


def _repeats(item: Mapping[str, object], items: list[Mapping[str, object]]) -> bool:
    """Whether another item says all that this one does."""
    return any(all(value in (None, other[name]) for name, value in item.items()) for other in items if other != item)


def _once(data: bytes) -> bytes:
    """The half of a file that is there twice; of what came apart in the middle, the first."""
    return data[: len(data) // 2]


def _unpadded(data: bytes) -> bytes:
    """Without the zeros behind the content; an archive's directory has zeros of its own at the end."""
    end = data.rfind(b"PK\x05\x06")
    return data.rstrip(b"\0") if end < 0 else data[: end + 22]


def _first_rows(document: Document, step: Step) -> Document:
    """The first half of a table's rows."""
    if document.media_type in ("text/csv", "text/tab-separated-values"):
        return Document(_once(document.data), document.media_type, document.name)
    book = openpyxl.load_workbook(io.BytesIO(document.data))
    sheet = book.worksheets[0]
    sheet.delete_rows(sheet.max_row // 2 + 1, sheet.max_row)
    written = io.BytesIO()
    book.save(written)
    return Document(written.getvalue(), document.media_type, document.name)


def _unzipped(document: Document, step: Step) -> Document:
    data = document.data
    for _ in range(int(dict(step.parameters)["times"])):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (member,) = archive.infolist()
            data = archive.read(member)
    return Document(data, document.media_type, document.name)


def _gunzipped(document: Document, step: Step) -> Document:
    left = zlib.decompressobj(31).decompress(document.data)
    return salvaged(Document(left, document.media_type, document.name))


def _without_output(data: bytes) -> bytes:
    before = re.sub(rb"\A\s*(?:<br />\s*<b>Warning</b>.*?<br />)?\s*", b"", data, flags=re.DOTALL)
    return re.sub(
        rb"\n(?:<br />\s*<b>Warning</b>|<!DOCTYPE html>\s*<html><head><title>Export).*\Z", b"", before, flags=re.DOTALL
    )


def _by_content(document: Document, step: Step) -> Document:
    """The media type told by content, with the usual names of orders as hints."""
    suffix = PurePosixPath(document.name).suffix.lower()
    hints = [suffix, *(PurePosixPath(name).suffix for name in NAMES)]
    found = identify(document.data, f"order{hints[0]}")
    return Document(document.data, found, document.name)


def opened_pdf(document: Document, step: Step) -> Document:
    """Read by pdfium, which rebuilds what is damaged, and written anew."""
    data = document.data
    if b"trailer" not in data and (
        catalog := re.search(rb"(\d+) (\d+) obj\s*<<(?:(?!endobj).)*?/Catalog", data, re.DOTALL)
    ):
        data += b"trailer\n<</Root %s %s R>>\nstartxref\n0\n%%%%EOF\n" % catalog.groups()
    data = data[max(0, data.find(b"%PDF-")) :]
    pdf = pypdfium2.PdfDocument(data)
    written = io.BytesIO()
    pdf.save(written)
    return Document(written.getvalue(), document.media_type, document.name)


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What can be unpacked of an archive, header by header: without its directory, its checksums or odd names."""
    at = data.find(_BLOCK)
    while at >= 0:
        method, length = (
            int.from_bytes(data[at + 8 : at + 10], "little"),
            int.from_bytes(data[at + 18 : at + 22], "little"),
        )
        named, extra = (int.from_bytes(data[at + place : at + place + 2], "little") for place in (26, 28))
        start = at + 30 + named + extra
        packed = data[start : start + length]
        name = data[at + 30 : at + 30 + named].decode("utf-8", "replace")
        yield name, zlib.decompressobj(-15).decompress(packed) if method else packed
        at = data.find(_BLOCK, start + length)


def repacked(document: Document, step: Step) -> Document:
    """An archive of what can be unpacked, once each, under its proper names, with what any office file has."""
    found = {
        re.sub(r"^(?:\.{0,2}/)+", "", name.replace("\\", "/")): content for name, content in members(document.data)
    }
    for name, content in _standard(set(found)):
        found.setdefault(name, content)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return Document(buffer.getvalue(), document.media_type, document.name)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument."


def _standard(names: set[str]) -> Iterator[tuple[str, bytes]]:
    """What every office file has, whatever it says."""
    word = "word/document.xml" in names
    main = "word/document.xml" if word else "xl/workbook.xml"
    kinds = {
        "word/document.xml": "wordprocessingml.document.main",
        "word/styles.xml": "wordprocessingml.styles",
        "word/settings.xml": "wordprocessingml.settings",
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/styles.xml": "spreadsheetml.styles",
        "xl/sharedStrings.xml": "spreadsheetml.sharedStrings",
    }
    stated = "".join(
        f'<Override PartName="/{name}" ContentType="{_MAIN}{kind}+xml"/>'
        for name, kind in kinds.items()
        if name in names
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
        f'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        f'Extension="jpeg" ContentType="image/jpeg"/>{stated}</Types>'.encode(),
    )
    yield (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        f'Target="{main}"/></Relationships>'.encode(),
    )
    theme = "word/theme/theme1.xml" if word else "xl/theme/theme1.xml"
    yield theme, b'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="x"/>'
    yield (
        "docProps/core.xml",
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"/>'.encode(),
    )
    yield (
        "docProps/app.xml",
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    )
    yield "docProps/thumbnail.jpeg", b""


UNDO: Mapping[str, Undo] = {
    "corruption.archive_checksum": repacked,
    "corruption.archive_directory_missing": repacked,
    "corruption.archive_form": _as_it_is,
    "corruption.archive_member_missing": repacked,
    "corruption.archive_names": repacked,
    "corruption.bit_flips": _salvaged,
    "corruption.block_doubled": _in_order,
    "corruption.block_zeroed": _in_order,
    "corruption.blocks_swapped": _in_order,
    "corruption.gzip_cut": _gunzipped,
    "corruption.gzipped": of_bytes(gzip.decompress),
    "corruption.http_headers": of_bytes(lambda data: data.partition(b"\r\n\r\n")[2]),
    "corruption.joined": of_bytes(_once),
    "corruption.joined_table": _first_rows,
    "corruption.owner_password": _as_it_is,
    "corruption.padded": of_bytes(_unpadded),
    "corruption.pdf_index": opened_pdf,
    "corruption.pdf_page_tree_loop": opened_pdf,
    "corruption.pdf_print_job": opened_pdf,
    "corruption.pdf_streams": opened_pdf,
    "corruption.pdf_version": opened_pdf,
    "corruption.pdf_content_cut": _as_it_is,
    "corruption.pdf_page_lost": _as_it_is,
    "corruption.script_output": of_bytes(_without_output),
    "corruption.seven_bits": _salvaged,
    "corruption.wrong_media_type": _by_content,
    "corruption.wrong_name": _as_it_is,
    "corruption.zero_tail": _salvaged,
    "corruption.zipped": _unzipped,
}
