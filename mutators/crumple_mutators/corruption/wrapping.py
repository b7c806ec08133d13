"""What comes with a file that is not of it: archives around it, headers before it, a script's output, another name."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Document, Ladder, NotApplicable, mutator
from crumple_mutators.bytewise import TABLES, lost_after
from crumple_mutators.corruption.damage import EXAMPLES
from crumple_mutators.positions import some

_RECORDS: Final = (
    ("order.json", '{"order": 4711, "total": 1234.5}\n'),
    ("order.xml", "<order><total>1234.5</total></order>\n"),
)
_LONG: Final = tuple((name, content * 9) for name, content in EXAMPLES)
_WHEN: Final = (2024, 3, 5, 9, 30, 0)
_DEEPEST = 32 << 20  # bytes: larger files are wrapped, but not again and again
_FREE_TEXT = ("text/plain", "text/markdown")
_TOO_FREE = "what stands around a text is text of it as well"
_WARNING: Final = (
    b"<br />\n<b>Warning</b>:  Undefined variable $id in <b>/var/www/html/export.php</b> on line <b>42</b><br />\n"
)
_PAGE: Final = (
    b"\n<!DOCTYPE html>\n<html><head><title>Export</title></head>\n"
    b"<body><p>Your download has started.</p></body></html>\n"
)
_OUTPUT: Final[Mapping[str, tuple[bytes, bytes]]] = {
    "line before": (b"\n", b""),
    "lines before": (b"\r\n\r\n\r\n", b""),
    "warning behind": (b"", b"\n" + _WARNING),
    "page behind": (b"", _PAGE),
    "warning before": (_WARNING, b""),
}
_DECLARED = (
    "application/octet-stream",
    "binary/octet-stream",
    "application/force-download",
    "text/plain",
    "image/jpeg",
)


@mutator(
    "corruption.zipped",
    refusable_from=1,
    times=Ladder(1, 2, 3, 5, 10, unit="archives around it", zero=0),
    examples=EXAMPLES,
)
def zipped(document: Document, times: int, rng: Generator) -> bytes:
    """Put the file into a ZIP archive, and that into another, under the name and type of the file itself.

    As portals do that hand out "the invoice" as an archive of one file, and mail gateways that pack what is packed
    already. Everything is still there, stored and not pressed: same. Refusing is acceptable. Ladder: a first guess,
    uncalibrated.
    """
    data = document.data
    some(data, "it is empty")
    if times > 1 and len(data) > _DEEPEST:
        raise NotApplicable("it is too large to be packed again and again")
    for _ in range(times):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            name = (PurePosixPath(document.name).name or "document").encode("utf-8", "replace").decode()
            archive.writestr(zipfile.ZipInfo(name, _WHEN), data)
        data = buffer.getvalue()
    return data


@mutator(
    "corruption.gzip_cut",
    truth=("same", "lost"),
    refusable_from=1,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of packed bytes", zero=1),
    examples=_LONG,
)
def gzip_cut(document: Document, kept: float, rng: Generator) -> Degraded[bytes]:
    """Compress the file, keep its name, and cut it short, as a broken download from a server that compresses does.

    What unpacks is there, what does not is lost: the end of a text, all of most other documents. Refusing is
    acceptable. Ladder: that of `truncation.cut`.
    """
    some(document.data, "it is empty")
    if kept >= 1:
        return Degraded(document.data)
    packed = gzip.compress(document.data, mtime=0)
    if len(packed) >= len(document.data):
        raise NotApplicable("it does not get shorter by packing, and servers send it as it is")
    # Without its last eight bytes, checksum and length, nothing is missing.
    cut = packed[: max(18, int(kept * len(packed)))]
    left = zlib.decompressobj(31).decompress(cut)
    return Degraded(cut, lost=lost_after(document, len(left), left) if len(left) < len(document.data) else ())


@mutator("corruption.http_headers", refusable_from=1, level=3, examples=_RECORDS)
def http_headers(document: Document, rng: Generator) -> bytes:
    """Save a server's headers with the file, as `curl -i` and careless proxies do.

    They end with an empty line, behind which everything stands: same. Refusing is acceptable.
    """
    some(document.data, "it is empty")
    if document.media_type in (*_FREE_TEXT, *TABLES, "message/rfc822"):
        raise NotApplicable(_TOO_FREE)
    session, size = rng.bytes(8).hex(), len(document.data)
    return (
        f"HTTP/1.1 200 OK\r\nDate: Tue, 05 Mar 2024 09:30:00 GMT\r\nServer: nginx\r\n"
        f"Content-Type: {document.media_type}\r\nContent-Length: {size}\r\n"
        f"Set-Cookie: session={session}; path=/\r\n\r\n"
    ).encode() + document.data


@mutator(
    "corruption.script_output",
    refusable_from=1,
    output=Ladder(*_OUTPUT),
    examples=_RECORDS,
)
def script_output(document: Document, output: str, rng: Generator) -> bytes:
    """Let the script that hands a file out print something of its own before or behind it: lines, a warning, a page.

    As PHP does with a blank line outside its marks, with warnings that are shown, and without an `exit` after the
    download. The file itself is whole: same. Refusing is acceptable. Not of free text, of which everything is content.
    Ladder: a first guess, uncalibrated.
    """
    some(document.data.strip(), "it is empty")
    if document.media_type in (*_FREE_TEXT, *TABLES, "text/html", "message/rfc822", "application/x-ndjson"):
        raise NotApplicable(_TOO_FREE)
    before, behind = _OUTPUT[output]
    return before + document.data + behind


@mutator(
    "corruption.wrong_name",
    refusable_from=4,
    called=Ladder("upper case", "no ending", "two endings", "another ending", "no name"),
    examples=EXAMPLES,
)
def wrong_name(document: Document, called: str, rng: Generator) -> Document:
    """Give the file a name that says something else than its content, as uploads, downloads and people do.

    No byte of it changes: same. Where it is named like quite another kind of file, refusing is acceptable. Ladder:
    "INVOICE.PDF", "invoice", "invoice.pdf.txt", "invoice.docx" (an image's for what is an office file), "blob".
    """
    path = PurePosixPath(document.name)
    stem, ending = path.stem or "document", path.suffix
    other = ".jpg" if ending.lower() in (".docx", ".xlsx", ".zip") else ".docx"
    new = {
        "upper case": f"{stem}{ending}".upper(),
        "no ending": stem,
        "two endings": f"{stem}{ending}.txt" if ending != ".txt" else f"{stem}{ending}.pdf",
        "another ending": f"{stem}{other}",
        "no name": "blob",
    }[called]
    if new == document.name:
        raise NotApplicable("it has this name already")
    return Document(document.data, document.media_type, new)


@mutator(
    "corruption.wrong_media_type",
    refusable_from=4,
    declared=Ladder(*_DECLARED),
    examples=EXAMPLES,
)
def wrong_media_type(document: Document, declared: str, rng: Generator) -> Document:
    """Declare the file to be of another media type, as mail programs and browsers do that do not know it.

    No byte of it changes: same. Where it is declared to be what it is not, refusing is acceptable. Ladder: from what
    says nothing to what is false.
    """
    if declared == document.media_type:
        raise NotApplicable("it is declared so already")
    return Document(document.data, declared, document.name)
