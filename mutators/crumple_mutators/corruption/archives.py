"""ZIP archives and the office files that are such: directories, checksums, members and names that are wrong or gone."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from numpy.random import Generator

from crumple import ALL, Degraded, Document, Everything, Extent, Ladder, NotApplicable, Place, mutator
from crumple_mutators.positions import some

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ZIP: Final = "application/zip"
OFFICE: Final = (
    f"{_OPEN_XML}wordprocessingml.document",
    f"{_OPEN_XML}spreadsheetml.sheet",
    f"{_OPEN_XML}presentationml.presentation",
    f"{_OPEN_DOCUMENT}text",
    f"{_OPEN_DOCUMENT}spreadsheet",
)
ARCHIVES: Final = (ZIP, *OFFICE)
_CONTENT = re.compile(
    r"word/(?:document|header|footer|footnotes)\d*\.xml|xl/(?:worksheets/.*|sharedStrings)\.xml|ppt/slides/.*\.xml"
    r"|content\.xml"
)
_KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    "properties": re.compile(r"docProps/.*|meta\.xml"),
    "theme": re.compile(r"(?:word|xl|ppt)/theme/.*|Thumbnails/.*"),
    "content types": re.compile(r"\[Content_Types\]\.xml|META-INF/manifest\.xml|mimetype"),
    "relationships": re.compile(r"_rels/\.rels"),
    "content": _CONTENT,
}
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_MOST = 10_000  # members; archives of more are left alone
_ENCRYPTED, _LENGTH_BEHIND, _UTF8 = 1, 8, 0x0800
_ENCRYPTION_HEADER = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive as it is packed.

    Attributes:
        info: what the directory says of it.
        packed: its bytes as they stand in the archive.
        start: where those begin.
    """

    info: zipfile.ZipInfo
    packed: bytes
    start: int

    @property
    def name(self) -> str:
        """Its name, folders included."""
        return self.info.filename


def members(document: Document) -> list[Member]:
    """The members of an archive, still packed.

    Raises:
        NotApplicable: it is no archive, a damaged one, one with locked or too many members, or without any.
    """
    data = document.data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error) as error:
        raise NotApplicable(f"it is no archive that can be opened: {error}") from error
    if len(infos) > _MOST:
        raise NotApplicable(f"it has more than {_MOST} members")
    found = []
    for info in infos:
        at = info.header_offset
        if data[at : at + 4] != _LOCAL or info.flag_bits & _ENCRYPTED:
            raise NotApplicable("a member of it is damaged or locked")
        start = at + 30 + int.from_bytes(data[at + 26 : at + 28], "little")
        start += int.from_bytes(data[at + 28 : at + 30], "little")
        found.append(Member(info, data[start : start + info.compress_size], start))
    some(found, "it has no members")
    return found


def archive(packed: Sequence[Member], *, named: Callable[[str], str] = str, locked: bool = False) -> bytes:
    """An archive of members as they are packed already, under other names if asked for."""
    written, directory = bytearray(), bytearray()
    for each in packed:
        info, name = each.info, named(each.name).encode()
        flags = (info.flag_bits & ~_LENGTH_BEHIND) | _UTF8 | (_ENCRYPTED if locked else 0)
        year, month, day, hour, minute, second = info.date_time
        time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
        common = struct.pack(
            "<HHHHIIIHH",
            flags,
            info.compress_type,
            time,
            date,
            info.CRC,
            len(each.packed),
            info.file_size,
            len(name),
            0,
        )
        directory += _CENTRAL + struct.pack("<HH", 20, 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, info.external_attr, len(written)) + name
        written += _LOCAL + struct.pack("<H", 20) + common + name + each.packed
    end = struct.pack("<HHHHIIH", 0, 0, len(packed), len(packed), len(directory), len(written), 0)
    return bytes(written + directory + _END + end)


def _example() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
            "docProps/core.xml": "<coreProperties/>",
            "word/theme/theme1.xml": "<theme/>",
            "word/document.xml": "<document><body><p>Invoice 4711, total 1,234.50 EUR</p></body></document>" * 20,
        }.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 5, 12, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


ZIP_EXAMPLE: Final = ("files.zip", _example())
DOCX_EXAMPLE: Final = ("letter.docx", _example())


@mutator(
    "corruption.archive_directory_missing",
    only=ARCHIVES,
    refusable_from=1,
    level=3,
    examples=[ZIP_EXAMPLE, DOCX_EXAMPLE],
)
def archive_directory_missing(document: Document, rng: Generator) -> bytes:
    """Lose the directory at the end of an archive or office file, as an upload that broke off shortly before it does.

    Every member still stands behind a header of its own, and programs that repair archives find them there: same.
    Refusing is acceptable.
    """
    found, data = members(document), document.data
    at = data.find(_CENTRAL, max(each.start + len(each.packed) for each in found))
    if at < 0 or any(each.info.flag_bits & _LENGTH_BEHIND for each in found):
        raise NotApplicable("its members' headers do not say how long they are")
    return data[:at]


@mutator("corruption.archive_checksum", only=ARCHIVES, refusable_from=1, level=3, examples=[ZIP_EXAMPLE, DOCX_EXAMPLE])
def archive_checksum(document: Document, rng: Generator) -> bytes:
    """Let the checksums of all members of an archive or office file be wrong, as careless writers of archives do.

    What is packed is as it was, and tolerant readers pass over the checksum: same. Refusing is acceptable.
    """
    wrong = int(rng.integers(1, 1 << 32))
    found = members(document)
    for each in found:
        each.info.CRC ^= wrong
    return archive(found)


@mutator(
    "corruption.archive_member_missing",
    only=ARCHIVES,
    truth=("same", "lost"),
    refusable_from=1,
    member=Ladder("properties", "theme", "content types", "relationships", "content"),
    examples=[DOCX_EXAMPLE],
)
def archive_member_missing(document: Document, member: str, rng: Generator) -> Degraded[bytes]:
    """Leave members of an office file out, as content filters and home-made writers do.

    Without its properties, its theme, its list of content types or its relationships it says the same, though many
    programs refuse it, which is acceptable. Without its content all is lost. Ladder: from what nobody misses to what
    the file is about.
    """
    found = members(document)
    kept = [each for each in found if not _KINDS[member].fullmatch(each.name)]
    if len(kept) == len(found):
        raise NotApplicable(f"it has no {member}")
    return Degraded(archive(kept), lost=ALL if member == "content" else ())


@mutator(
    "corruption.archive_member_cut",
    only=ARCHIVES,
    truth="lost",
    refusable_from=1,
    kept=Ladder(0.95, 0.75, 0.5, 0.1, 0.0, unit="share of its packed bytes", zero=1),
    examples=[ZIP_EXAMPLE, DOCX_EXAMPLE],
)
def archive_member_cut(document: Document, kept: float, rng: Generator) -> Degraded[bytes]:
    """Leave zeros at the end of a member of an archive, or of the content of an office file, as a damaged copy has.

    That member is lost, and with it all of an office file. Refusing is acceptable. Of an archive which one is drawn.
    Ladder: a first guess, uncalibrated.
    """
    found = [each for each in members(document) if each.packed.strip(b"\0")]
    drawn = rng.permutation(len(found)).tolist()
    content = [at for at in drawn if _CONTENT.fullmatch(found[at].name)]
    some(found, "all its members are empty")
    hit = found[(content or drawn)[0]]
    if kept >= 1:
        return Degraded(document.data)
    least = len(hit.packed.rstrip(b"\0")) - 1
    at = hit.start + min(int(kept * len(hit.packed)), least)
    end = hit.start + len(hit.packed)
    cut = document.data[:at] + bytes(end - at) + document.data[end:]
    lost: Sequence[Place] | Everything = [Extent(hit.start, end)] if document.media_type == ZIP else ALL
    return Degraded(cut, lost=lost)


@mutator(
    "corruption.archive_names",
    only=ARCHIVES,
    refusable_from=1,
    names=Ladder("backslashes", "current folder", "absolute", "parent folders", "doubled"),
    examples=[ZIP_EXAMPLE, DOCX_EXAMPLE],
)
def archive_names(document: Document, names: str, rng: Generator) -> bytes:
    r"""Give the members of an archive or office file names that they must not have, by carelessness or to do harm.

    Whoever goes by the end of the names finds every member: same. Refusing is acceptable. Ladder: "word\\x.xml" (as
    .NET wrote before 4.6.1), "./word/x.xml", "/word/x.xml", "../../word/x.xml" (which lands outside the folder that
    it is unpacked to), every member twice under one name.
    """
    found = members(document)
    if names == "backslashes" and not any("/" in each.name for each in found):
        raise NotApplicable("its members are in no folders")
    return archive([*found, *found] if names == "doubled" else found, named=_RENAMED[names])


_RENAMED: Final[Mapping[str, Callable[[str], str]]] = {
    "backslashes": lambda name: name.replace("/", "\\"),
    "current folder": lambda name: f"./{name}",
    "absolute": lambda name: f"/{name}",
    "parent folders": lambda name: f"../../{name}",
    "doubled": str,
}


@mutator("corruption.archive_locked", only=[ZIP], truth="lost", refusable_from=1, level=5, examples=[ZIP_EXAMPLE])
def archive_locked(document: Document, rng: Generator) -> Degraded[bytes]:
    """Encrypt every member of an archive with a password that is not known, as payslips sent by mail are.

    The names can be read, and no more: all is lost. Refusing is acceptable. What is encrypted looks like chance, and
    is.
    """
    found = [replace(each, packed=rng.bytes(len(each.packed) + _ENCRYPTION_HEADER)) for each in members(document)]
    return Degraded(archive(found, locked=True), lost=ALL)
