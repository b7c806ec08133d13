"""Word documents: their text as people see it, a line a paragraph or a row of a table, and the bytes of each piece."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crumple.views.markup import Element, tree
from crumple.views.package import Package

# Deleted, moved away, an older program's version of the same, or no text at all.
_UNSEEN: Final = frozenset(
    {"del", "moveFrom", "Fallback", "pPr", "rPr", "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid"}
)
_MARKS: Final = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\N{SOFT HYPHEN}"}
_PICTURES: Final = frozenset({"drawing", "pict", "object"})
_AROUND: Final = (("header", True), ("footnotes", False), ("endnotes", False), ("footer", False))
_FALSE: Final = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters and the element that they are written in.

    Attributes:
        text: what is seen; a tab or a line break where the element is one.
        element: the element.
    """

    text: str
    element: Element


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands of one paragraph on one line of the text.

    Attributes:
        paragraph: the paragraph.
        pieces: in order, without the line break after them.
        broken: the line break after it; None at the end of the paragraph.
        alone: whether it is all of its paragraph.
    """

    paragraph: Element
    pieces: tuple[Piece, ...]
    broken: Piece | None
    alone: bool

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text.

    Attributes:
        part: the part that it is written in.
        stretches: one; of a row of a table one a cell.
        row: that row.
        holder: the name of the element that its paragraph stands in; "" of a row.
    """

    part: str
    stretches: tuple[Stretch, ...]
    row: Element | None = None
    holder: str = ""

    @property
    def text(self) -> str:
        """Its characters, cells separated by tabs."""
        return "\t".join(each.text for each in self.stretches)


def lines(package: Package) -> tuple[Line, ...]:
    """The lines of a document in the order in which they are read.

    Raises:
        Unreadable: it cannot be read.
    """
    return _of(package.data) if not package.changed else tuple(_lines(package))


@functools.lru_cache(maxsize=2)
def _of(data: bytes) -> tuple[Line, ...]:
    return tuple(_lines(Package.opened(data)))


def _lines(package: Package) -> Iterator[Line]:
    main = package.main()
    known = package.names
    around = [(each.kind, each.target) for each in package.relations(main) if each.target in known]
    before = [part for kind, part in around if (kind, True) in _AROUND]
    after = [part for wanted, first in _AROUND if not first for kind, part in around if kind == wanted]
    for part in dict.fromkeys((*before, main, *after)):
        yield from _blocks(part, tree(package.part(part)))


def _blocks(part: str, holder: Element) -> Iterator[Line]:
    """The lines of everything that stands in an element."""
    if holder.name in ("footnote", "endnote") and holder.attributes.get("type", "normal") != "normal":
        return  # the lines between text and notes
    for child in holder.children:
        if child.name == "p":
            yield from _paragraph(part, child, holder.name)
        elif child.name == "tr":
            yield from _row(part, child)
        elif child.name not in _UNSEEN:
            yield from _blocks(part, child)


def _row(part: str, row: Element) -> Iterator[Line]:
    cells = list(_cells(row))
    stretches = list[Stretch]()
    for cell in cells:
        blocks = [each for each in cell.children if each.name != "tcPr"]
        if len(blocks) != 1 or blocks[0].name != "p":
            break
        found = list(_paragraph(part, blocks[0], "tc"))
        if len(found) != 1 or "\t" in found[0].text:
            break
        stretches += found[0].stretches
    if stretches and len(stretches) == len(cells):
        yield Line(part, tuple(stretches), row)
        return
    for cell in cells:
        yield from _blocks(part, cell)


def _cells(row: Element) -> Iterator[Element]:
    for child in row.children:
        if child.name == "tc":
            yield child
        elif child.name in ("sdt", "sdtContent", "customXml"):
            yield from _cells(child)


def _paragraph(part: str, paragraph: Element, holder: str) -> Iterator[Line]:
    """The lines of a paragraph, and of the text boxes that hang on it."""
    boxes: list[Element] = []
    pieces = list(_pieces(paragraph, boxes))
    breaks = [at for at, piece in enumerate(pieces) if piece.text == "\n"]
    start = 0
    for end in (*breaks, len(pieces)):
        broken = pieces[end] if end < len(pieces) else None
        yield Line(part, (Stretch(paragraph, tuple(pieces[start:end]), broken, not breaks),), None, holder)
        start = end + 1
    for box in boxes:
        yield from _blocks(part, box)


def _pieces(element: Element, boxes: list[Element]) -> Iterator[Piece]:
    for child in element.children:
        if child.name == "t":
            if text := child.text:
                yield Piece(text.replace("\n", " ").replace("\t", " "), child)
        elif child.name in _MARKS:
            yield Piece(_MARKS[child.name], child)
        elif child.name == "br":
            if child.attributes.get("type", "textWrapping") == "textWrapping":
                yield Piece("\n", child)
        elif child.name in _PICTURES:
            boxes.extend(_boxes(child))
        elif child.name not in _UNSEEN and not (child.name == "r" and hidden(child)):
            yield from _pieces(child, boxes)


def _boxes(element: Element) -> Iterator[Element]:
    for child in element.children:
        if child.name == "txbxContent":
            yield child
        elif child.name not in _UNSEEN:
            yield from _boxes(child)


def hidden(run: Element) -> bool:
    """Whether a run is formatted as hidden text."""
    looks = run.first("rPr")
    vanish = looks.first("vanish") if looks else None
    return vanish is not None and vanish.attributes.get("val", "1") not in _FALSE


def texts(found: Sequence[Line]) -> list[str]:
    """The characters of each line."""
    return [line.text for line in found]
