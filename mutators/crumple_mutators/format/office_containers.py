"""Office files whose text stands in other parts than it usually does, or that open with a password only."""

from __future__ import annotations

import base64
import html
import struct
from itertools import count
from typing import Final

from numpy.random import Generator

from crumple import ALL, OLE, Degraded, Document, Element, Ladder, NotApplicable, Package, mutator
from crumple_mutators.format.word_runs import body, paragraphs, written
from crumple_mutators.format.word_samples import DOCX, LETTER, RELATIONS, TYPES
from crumple_mutators.format.workbook_samples import DECLARATION, ORDERS, XLSX

_SECTOR: Final = 512
_FREE, _CHAIN_END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_LEAST_STREAM: Final = 4096


@mutator(
    "format.letterhead",
    only=[DOCX],
    lines=Ladder(1, 2, 3, 5, 8, unit="paragraphs", zero=0),
    examples=[LETTER],
)
def letterhead(package: Package, lines: int, rng: Generator) -> Package:
    """Move the first paragraphs into the header of the page, as letterheads are made.

    What is seen is the same; who reads the body alone misses them. One paragraph at least stays. Ladder: a first
    guess, uncalibrated.
    """
    main = package.main()
    root = body(package)
    if package.prefix(main) != "w:":
        raise NotApplicable("its names are not written with the prefix w:")
    if any(each.name == "headerReference" for each in root.walk()):
        raise NotApplicable("it has a header already")
    plain = {each.start for each in paragraphs(package)}
    first = list[Element]()
    for each in root.children:
        simple = each.start in plain and "id" not in _names(each)
        if not simple or len(first) >= int(lines) or len(first) >= len(plain) - 1:
            break
        first.append(each)
    if not first:
        raise NotApplicable("it does not begin with paragraphs of plain text, or has a single one")
    opening = package.part(main)[package.tree(main).start : package.tree(main).opened].decode()
    spaces = opening[len("<w:document") :]
    content = f"{DECLARATION}<w:hdr{spaces}{''.join(written(package, each) for each in first)}</w:hdr>"
    name = next(f"word/header{n}.xml" for n in count(1) if f"word/header{n}.xml" not in package.names)
    package, id_of = package.with_related(main, "header", name, content.encode(), f"{TYPES}.header+xml")
    reference = f'<w:headerReference xmlns:cr="{RELATIONS}" w:type="default" cr:id="{id_of}"/>'
    section = next((each for each in root.children if each.name == "sectPr"), None)
    changes = [(each.start, each.end, "") for each in first]
    if section is None:
        changes.append((root.closed, root.closed, f"<w:sectPr>{reference}</w:sectPr>"))
    elif section.opened == section.end:
        changes.append((section.start, section.end, f"<w:sectPr>{reference}</w:sectPr>"))
    else:
        changes.append((section.opened, section.opened, reference))
    return package.with_changes(main, changes)


def _names(element: Element) -> set[str]:
    """The attributes of an element and all below it."""
    return {name for each in element.walk() for name in each.attributes}


@mutator("format.embedded_html", only=[DOCX], refusable_from=5, level=5, examples=[LETTER])
def embedded_html(package: Package, rng: Generator) -> Package:
    """Hold the text as an HTML page inside the document, as programs write it that turn web pages into Word files.

    Word shows it as its own (altChunk): the same. Few readers know it, so refusing is acceptable.
    """
    main = package.main()
    root = body(package)
    known = [each for each in root.children if each.name in ("p", "tbl")]
    if not paragraphs(package) or any(each.name in ("drawing", "pict", "object") for each in root.walk()):
        raise NotApplicable("it holds no paragraphs of plain text, or drawings")
    if package.prefix(main) != "w:":
        raise NotApplicable("its names are not written with the prefix w:")
    page = "\n".join(_html(each) for each in known)
    content = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{page}\n</body></html>\n'
    name = next(f"word/chunk{n}.html" for n in count(1) if f"word/chunk{n}.html" not in package.names)
    package, id_of = package.with_related(main, "aFChunk", name, content.encode(), "text/html")
    chunk = f'<w:altChunk xmlns:cr="{RELATIONS}" cr:id="{id_of}"/>'
    start, end = known[0].start, known[-1].end
    return package.with_changes(main, [(start, end, chunk)])


def _html(block: Element) -> str:
    if block.name == "p":
        return f"<p>{_inline(block)}</p>"
    rows = "".join(
        f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row.all('tc'))}</tr>"
        for row in block.children
        if row.name == "tr"
    )
    return f"<table>{rows}</table>"


def _inline(element: Element) -> str:
    """What an element says, as HTML."""
    found = list[str]()
    for each in element.children:
        if each.name == "t":
            found.append(html.escape(each.text, quote=False))
        elif each.name in ("br", "cr"):
            found.append("<br>")
        elif each.name == "tab":
            found.append("&#9;")
        elif each.name == "noBreakHyphen":
            found.append("-")
        elif each.name == "p" and element.name == "tc" and found:
            found += ["<br>", _inline(each)]
        elif each.name not in ("del", "moveFrom", "pPr", "rPr", "tcPr") and not _hidden(each):
            found.append(_inline(each))
    return "".join(found)


def _hidden(element: Element) -> bool:
    looks = element.first("rPr")
    return looks is not None and looks.first("vanish") is not None


@mutator(
    "format.office_password",
    only=[XLSX, DOCX],
    truth="lost",
    refusable_from=1,
    level=5,
    examples=[ORDERS, LETTER],
)
def office_password(document: Document, rng: Generator) -> Degraded[bytes]:
    """Encrypt an office file so that it opens with a password only, as payrolls and offers are sent by mail.

    All is lost; refusing is acceptable. What is written has the form that Office writes (agile encryption in a
    compound file, MS-OFFCRYPTO); the key is nobody's, since the password is not known either.
    """
    if document.data.startswith(OLE):
        raise NotApplicable("it is encrypted already")
    size = len(document.data)
    secret = struct.pack("<Q", size) + rng.bytes(-(-max(size, _LEAST_STREAM) // 16) * 16)
    return Degraded(_compound({"EncryptionInfo": _agile(rng), "EncryptedPackage": secret}), lost=ALL)


def _agile(rng: Generator) -> bytes:
    def drawn(count: int) -> str:
        return base64.b64encode(rng.bytes(count)).decode()

    how = (
        'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"'
    )
    space = "http://schemas.microsoft.com/office/2006"
    xml = (
        f'{DECLARATION}<encryption xmlns="{space}/encryption" xmlns:p="{space}/keyEncryptor/password">'
        f'<keyData {how} saltValue="{drawn(16)}"/><dataIntegrity encryptedHmacKey="{drawn(64)}" '
        f'encryptedHmacValue="{drawn(64)}"/><keyEncryptors><keyEncryptor uri="{space}/keyEncryptor/password">'
        f'<p:encryptedKey spinCount="100000" {how} saltValue="{drawn(16)}" encryptedVerifierHashInput="{drawn(16)}" '
        f'encryptedVerifierHashValue="{drawn(64)}" encryptedKeyValue="{drawn(32)}"/></keyEncryptor></keyEncryptors>'
        "</encryption>"
    )
    # In the main streams of a compound file even what is shorter; blanks behind XML change nothing.
    return (struct.pack("<HHL", 4, 4, 0x40) + xml.encode()).ljust(_LEAST_STREAM, b" ")


def _compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 (MS-CFB) with these streams, each of 4,096 bytes or more, in its root."""
    chains, content = list[tuple[int, int]](), b""
    for stream in streams.values():
        padded = stream.ljust(-(-len(stream) // _SECTOR) * _SECTOR, b"\0")
        chains.append((len(content) // _SECTOR, len(padded) // _SECTOR))
        content += padded
    directory = _entry("Root Entry", 5, child=1, start=_CHAIN_END)
    for number, ((start, _), (name, stream)) in enumerate(zip(chains, streams.items(), strict=True), 1):
        right = number + 1 if number < len(streams) else _NONE
        directory += _entry(name, 2, right=right, start=start, size=len(stream))
    directory = directory.ljust(_SECTOR, b"\0")
    used = len(content) // _SECTOR + 1
    tables = 1
    while tables * _SECTOR // 4 < used + tables:
        tables += 1
    if tables > 109:
        raise NotApplicable("it is too large to be written as one compound file")
    links = list[int]()
    for start, length in chains:
        links += [*range(start + 1, start + length), _CHAIN_END]
    links += [_CHAIN_END, *[_FAT] * tables]
    links += [_FREE] * (tables * _SECTOR // 4 - len(links))
    fat = struct.pack(f"<{len(links)}L", *links)
    places = [*range(used, used + tables), *[_FREE] * (109 - tables)]
    header = OLE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9L", 0, tables, used - 1, 0, _LEAST_STREAM, _CHAIN_END, 0, _CHAIN_END, 0)
    return header + struct.pack("<109L", *places) + content + directory + fat


def _entry(name: str, kind: int, *, start: int, size: int = 0, child: int = _NONE, right: int = _NONE) -> bytes:
    """An entry of a compound file's directory: 5 is the root, 2 a stream."""
    encoded = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBLLL", len(encoded), kind, 1, _NONE, right, child)
    return encoded.ljust(64, b"\0") + links + bytes(36) + struct.pack("<LQ", start, size)
