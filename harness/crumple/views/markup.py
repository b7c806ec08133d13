"""XML as elements that know which bytes they are written in, so that one can be changed and every other byte kept."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pyexpat import ExpatError
from typing import TYPE_CHECKING
from xml.parsers import expat

from crumple.errors import NotApplicable, Unreadable

if TYPE_CHECKING:
    from pyexpat import XMLParserType

MOST_BYTES = 32 << 20
"""A larger part is not parsed: a sheet of a million cells, or a book of ten thousand pages."""
_DEEPEST = 300
_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ROOT = re.compile(rb"<([^\s/>?!]+)")
_NAME = re.compile(rb"</?([^\s/>]+)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a piece of XML.

    Attributes:
        name: without its prefix.
        attributes: by name without prefix; where two have one name, the one with a prefix loses.
        start, end: the bytes of the whole element.
        opened, closed: the bytes of its content; equal, and equal to `end`, where it is written `<name/>`.
        children: in order.
        texts: the character data before, between and after the children, one more than those.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    opened: int
    closed: int
    children: tuple[Element, ...]
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The character data that stands in it directly."""
        return "".join(self.texts)

    def walk(self) -> Iterator[Element]:
        """It and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, name: str) -> Iterator[Element]:
        """Those of this name among it and all below it."""
        return (each for each in self.walk() if each.name == name)

    def first(self, name: str) -> Element | None:
        """The first child of this name."""
        return next((each for each in self.children if each.name == name), None)


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    start: int
    opened: int
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=lambda: [""])


def tree(data: bytes) -> Element:
    """The root of a piece of XML.

    Raises:
        Unreadable: it is not well-formed, or as `parser` says.
    """
    reader = parser()
    above: list[_Open] = []
    roots: list[Element] = []

    def starts(name: str, attributes: dict[str, str]) -> None:
        if len(above) >= _DEEPEST:
            raise Unreadable(f"its XML is nested more than {_DEEPEST} deep")
        at = reader.CurrentByteIndex
        above.append(_Open(local(name), plain(attributes), at, tag_end(data, at)))

    def ends(_: str) -> None:
        each, at = above.pop(), reader.CurrentByteIndex
        closed, end = closing(data, each.opened, at)
        done = Element(
            each.name, each.attributes, each.start, end, each.opened, closed, tuple(each.children), tuple(each.texts)
        )
        if above:
            above[-1].children.append(done)
            above[-1].texts.append("")
        else:
            roots.append(done)

    def says(text: str) -> None:
        above[-1].texts[-1] += text

    reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = starts, ends, says
    parsed(reader, data)
    return roots[0]


def parser() -> XMLParserType:
    """A parser whose byte positions are those of the data, and which refuses what office files never hold.

    Raises while parsing:
        Unreadable: a document type (entities may be declared there), or an encoding other than UTF-8.
    """
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text, made.buffer_size = True, 1 << 20  # few pieces, where a text is very long

    def declares(version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII"):
            raise Unreadable(f"its XML is written in {encoding}, not in UTF-8")

    def types(*_: object) -> None:
        raise Unreadable("its XML has a document type, which office files never have")

    made.XmlDeclHandler, made.StartDoctypeDeclHandler = declares, types
    return made


def parsed(reader: XMLParserType, data: bytes) -> None:
    """Run a parser over a piece of XML.

    Raises:
        Unreadable: it is too large, not UTF-8, or not well-formed.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"a part of it has {len(data):,} bytes of XML, over {MOST_BYTES:,}")
    if b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("its XML is not written in UTF-8")
    try:
        reader.Parse(data, True)
    except ExpatError as error:
        raise Unreadable(f"its XML is damaged: {error}") from None


def tag_end(data: bytes, at: int) -> int:
    """Where the tag that begins at a byte ends."""
    tag = _TAG.match(data, at)
    return tag.end() if tag else at


def closing(data: bytes, opened: int, at: int) -> tuple[int, int]:
    """Where an element's content and the element end, which ends at a byte as the parser says.

    Args:
        data: the XML.
        opened: where its first tag ends; of `<name/>` that is the whole element.
        at: the parser's position.
    """
    return (opened, opened) if data[opened - 2 : opened] == b"/>" else (at, tag_end(data, at))


def local(name: str) -> str:
    """An element's or attribute's name without its namespace."""
    return name.rpartition(" ")[2]


def plain(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by their names without namespace; one that has none comes before one that has."""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        if " " in name:
            found.setdefault(local(name), value)
        else:
            found[name] = value
    return found


def prefix(data: bytes, element: Element) -> str:
    """The prefix that an element is written with, its colon included: "w:"; "" where it has none."""
    name = _NAME.match(data, element.start)
    before, colon, _ = name[1].decode().rpartition(":") if name else ("", "", "")
    return before + colon


def root_prefix(data: bytes) -> str:
    """The prefix that the root of a piece of XML is written with."""
    name = _ROOT.search(data)
    before, colon, _ = name[1].decode("utf-8", "replace").rpartition(":") if name else ("", "", "")
    return before + colon


def spliced(data: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Bytes with other ones in some places that do not overlap: (start, end, new); at one place in the order given."""
    pieces, at = list[bytes](), 0
    for start, end, new in sorted(changes, key=lambda change: change[:2]):
        pieces += (data[at:start], new)
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


def appending(data: bytes, element: Element, new: str) -> tuple[int, int, bytes]:
    """The change that puts something more at the end of an element."""
    if element.opened < element.end:
        return element.closed, element.closed, new.encode()
    opening = data[element.start : element.end].rstrip(b">").rstrip(b"/")
    name = _NAME.match(opening)
    end = b"</" + (name[1] if name else b"") + b">"
    return element.start, element.end, opening + b">" + new.encode() + end


def as_xml(text: str) -> str:
    """Text as it is written in XML, in an attribute's quotes too.

    Raises:
        NotApplicable: it holds a character that XML cannot have; the message names it.
    """
    if (bad := unwritable(text)) is not None:
        raise NotApplicable(f"an office file cannot hold U+{ord(bad):04X}")
    return html.escape(text).replace("&#x27;", "'").replace("\r", "&#13;")


def unwritable(text: str) -> str | None:
    """The first character that XML cannot have: a control character, half of a surrogate pair."""
    found = None if text.isascii() and text.isprintable() else _UNWRITABLE.search(text)
    return found.group() if found else None
