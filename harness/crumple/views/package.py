"""Packages: office files as the XML parts that they are made of (ISO/IEC 29500, Open Packaging Conventions)."""

from __future__ import annotations

import functools
import posixpath
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.views.archive import Archive
from crumple.views.markup import Element, appending, as_xml, root_prefix, spliced, tree

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "[Content_Types].xml"
_END_SIZE, _LOCAL_SIZE = 22, 30
_MIDNIGHT_1980 = 0x0021  # the first day that a ZIP file can name
_ADDED_LIKE = "<HHHHHLLLHH"


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part of a package says of another.

    Attributes:
        id: by which the part refers to it.
        kind: the last word of its type: "worksheet", "header", "styles".
        target: the other part's name; an address where it is outside.
    """

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Package:
    """An office file: a ZIP archive of XML parts that refer to each other.

    Attributes:
        data: the archive as it was read.
        changed: the parts that are other than in `data`, or not there.
    """

    data: bytes
    changed: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def opened(cls, data: bytes) -> Package:
        """Look at an office file.

        Raises:
            Unreadable: it is encrypted, damaged, not one, or unpacks to too much; as `Archive.opened` says.
        """
        if data.startswith(OLE):
            raise Unreadable("it is encrypted, or of the binary format from before 2007")
        if _TYPES not in _archive(data)[1]:
            raise Unreadable("it has no [Content_Types].xml, it is no office file")
        return cls(data)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' names."""
        known = _archive(self.data)[1]
        return (*known, *(name for name in self.changed if name not in known))

    def part(self, name: str) -> bytes:
        """The content of a part.

        Raises:
            Unreadable: there is none of this name, or it is damaged.
        """
        return self.changed[name] if name in self.changed else _part(self.data, name)

    def tree(self, name: str) -> Element:
        """The root of a part; its places are those of the part's bytes.

        Raises:
            Unreadable: there is no such part, or it is no XML that can be read.
        """
        return tree(self.part(name))

    def prefix(self, name: str) -> str:
        """What the names in a part begin with, its root's prefix: "w:"; "" where the root has none."""
        return root_prefix(self.part(name))

    def with_changes(self, name: str, changes: Sequence[tuple[int, int, str]]) -> Package:
        """The same package with other characters in some places of a part, (start, end, new), that do not overlap."""
        encoded = [(start, end, new.encode()) for start, end, new in changes]
        return self.with_parts({name: spliced(self.part(name), encoded)})

    def with_parts(self, parts: Mapping[str, bytes]) -> Package:
        """The same package with other contents in some parts, and with those that it did not have."""
        return replace(self, changed={**self.changed, **parts})

    def main(self) -> str:
        """The name of the part that everything begins with: the workbook, the document.

        Raises:
            Unreadable: there is none.
        """
        for each in self.relations(""):
            if each.kind == "officeDocument" and each.target in self.names:
                return each.target
        raise Unreadable("it does not say which of its parts is the document")

    def relations(self, name: str) -> tuple[Relation, ...]:
        """What a part refers to, in the order of the file; of the package itself for ""."""
        where = _relations_of(name)
        if where not in self.names:
            return ()
        folder = posixpath.dirname(name)
        return tuple(
            Relation(each.attributes.get("Id", ""), each.attributes.get("Type", "").rpartition("/")[2], target)
            for each in tree(self.part(where)).children
            for target in [_absolute(folder, each.attributes.get("Target", ""))]
        )

    def related(self, name: str, kind: str) -> str | None:
        """The first part of a kind that a part refers to, and that there is."""
        known = self.names
        return next((each.target for each in self.relations(name) if each.kind == kind and each.target in known), None)

    def with_related(self, name: str, kind: str, added: str, content: bytes, content_type: str) -> tuple[Package, str]:
        """The package with a new part that an old one refers to, and the id by which it does.

        Args:
            name: the part that refers to the new one.
            kind: of the relation: "header".
            added: the new part's name; there must be none of this name.
            content: of the new part.
            content_type: of the new part.
        """
        where = _relations_of(name)
        relations = self.part(where) if where in self.names else (_DECLARATION + _RELATIONSHIPS).encode()
        taken = {each.id for each in self.relations(name)}
        new_id = next(each for number in range(len(taken) + 1) if (each := f"rIdC{number + 1}") not in taken)
        target = posixpath.relpath(added, posixpath.dirname(name) or ".")
        types = _appended(
            self.part(_TYPES), f'<Override PartName="/{as_xml(added)}" ContentType="{as_xml(content_type)}"/>'
        )
        relation = f'<Relationship Id="{new_id}" Type="{_RELATIONS}/{kind}" Target="{as_xml(target)}"/>'
        return self.with_parts({where: _appended(relations, relation), _TYPES: types, added: content}), new_id

    def written(self) -> bytes:
        """The file: parts that did not change keep their bytes and their order, new ones come last."""
        archive, known = _archive(self.data)
        changed = {
            name: content
            for name, content in self.changed.items()
            if name in known and content != _part(self.data, name)
        }
        data = archive.replaced(changed) if changed else self.data
        added = {name: content for name, content in self.changed.items() if name not in known}
        return _with_members(data, added) if added else data


class PackageCodec:
    """An office file as its parts."""

    exact = True

    def read(self, document: Document) -> Package:
        """The package; no part of it is unpacked yet."""
        return Package.opened(document.data)

    def write(self, view: Package, document: Document) -> bytes:
        """The file with the parts that have changed."""
        return view.written()


@functools.lru_cache(maxsize=2)
def _archive(data: bytes) -> tuple[Archive, tuple[str, ...]]:
    archive = Archive.opened(data)
    return archive, tuple(each.name for each in archive.members)


@functools.lru_cache(maxsize=8)
def _part(data: bytes, name: str) -> bytes:
    return _archive(data)[0].read(name)


def _relations_of(name: str) -> str:
    folder, last = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{last}.rels")


def _absolute(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(folder, target)) if target else ""


def _appended(data: bytes, element: str) -> bytes:
    """A piece of XML with one element more at the end of its root, in the root's own namespace."""
    return spliced(data, [appending(data, tree(data), element)])


def _with_members(data: bytes, added: Mapping[str, bytes]) -> bytes:
    """An archive with further members, stored, before its central directory."""
    end = data.rfind(b"PK\x05\x06")
    number, _, size, start = struct.unpack_from("<HHLL", data, end + 8)
    body, directory = bytearray(data[:start]), bytearray(data[start : start + size])
    for name, content in added.items():
        written, length = name.encode(), len(content)
        like = struct.pack(
            _ADDED_LIKE, 20, 0x800, 0, 0, _MIDNIGHT_1980, zlib.crc32(content), length, length, len(written), 0
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + like
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, len(body)) + written
        body += b"PK\x03\x04" + like + written + content
    record = bytearray(data[end:])
    total = number + len(added)
    struct.pack_into("<HHLL", record, 8, total, total, len(directory), len(body))
    return bytes(body + directory + record)
