"""Invisible text under the page images of a PDF, as scanning software puts it there: any Unicode, at its places."""

from __future__ import annotations

import itertools
import statistics
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from crumple.places import Region
from crumple.views import blank_font

Word: TypeAlias = tuple[str, Region]

_SAME_LINE = 0.7  # of the lower word's height has to be shared
_BLOCK = 100  # entries of a character map may stand in one block


class TextLayer:
    """The invisible text of one PDF: a font that stands for the characters of all its pages."""

    def __init__(self, writer: Any, words: Iterable[Word]) -> None:
        """Add the font to a pypdf writer.

        Args:
            writer: whose pages get text.
            words: of all pages; they may hold any characters, spaces too.
        """
        self._writer = writer
        characters = {*" ", *(each for word, _ in words for each in word)}
        self._codes = {each: code for code, each in enumerate(sorted(characters), 1)}
        self._font = _font(writer, self._codes)

    def put_under(self, sheet: Any, words: Iterable[Word]) -> None:
        """Add words, in their order, to a page that shows an image and has no text yet."""
        from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject  # heavy, only for PDF

        text = StreamObject()
        shown = _shown(_lines((word, place) for word, place in words if word), sheet, self._codes)
        text.set_data("\n".join(shown).encode("ascii"))
        sheet["/Resources"][NameObject("/Font")] = DictionaryObject({NameObject("/Words"): self._font})
        sheet[NameObject("/Contents")] = ArrayObject([self._writer._add_object(text), sheet.raw_get("/Contents")])


def _lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words that follow one another side by side, so that they stand on one line."""
    line: list[Word] = []
    for word, place in words:
        if line:
            # The first word's height counts: on a page that is askew, each word is a little lower than the last.
            (_, first), (_, last) = line[0], line[-1]
            shared = min(place.bottom, first.bottom) - max(place.top, first.top)
            if place.left < last.left or shared < _SAME_LINE * min(place.bottom - place.top, first.bottom - first.top):
                yield line
                line = []
        line.append((word, place))
    if line:
        yield line


def _shown(lines: Iterable[list[Word]], sheet: Any, codes: Mapping[str, int]) -> Iterator[str]:
    """The operators that show each word, stretched to its width."""
    box = sheet.mediabox
    across, down = float(box.width), float(box.height)
    yield "BT 3 Tr"
    for line in lines:
        top = statistics.median(place.top for _, place in line)
        bottom = max(place.bottom for _, place in line)
        size = max(0.5, (bottom - top) * down)
        y = float(box.bottom) + down * (1 - bottom) + blank_font.DESCENT / 1000 * size
        yield f"/Words {size:.3f} Tf"
        for word, place in line:
            wide = max(0.05, (place.right - place.left) * across)
            stretch = 100 * wide / (len(word) * size * blank_font.WIDTH / 1000)
            # The space belongs to the word: readers that go by distances alone would join narrow gaps.
            text = "".join(f"{codes[each]:04X}" for each in _seen(word) + " ")
            yield f"{stretch:.3f} Tz 1 0 0 1 {float(box.left) + place.left * across:.3f} {y:.3f} Tm <{text}> Tj"
    yield "ET"


def _seen(word: str) -> str:
    """The word from left to right, as a PDF shows it; readers turn Hebrew and Arabic round again."""
    if not any(unicodedata.bidirectional(each) in ("R", "AL") for each in word):
        return word
    runs = itertools.groupby(reversed(word), key=lambda each: unicodedata.bidirectional(each) in ("L", "EN", "AN"))
    return "".join("".join(reversed([*run]) if forwards else run) for forwards, run in runs)


class _Objects:
    """The objects of a PDF that is being written."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def dictionary(self, entries: Mapping[str, Any]) -> Any:
        """Add a dictionary."""
        from pypdf.generic import DictionaryObject, NameObject  # heavy, only for PDF

        named = {NameObject(key): _native(value) for key, value in entries.items()}
        return self._writer._add_object(DictionaryObject(named))

    def stream(self, data: bytes) -> Any:
        """Add a stream, packed."""
        from pypdf.generic import NameObject, NumberObject, StreamObject  # see above

        held = StreamObject()
        held.set_data(data)
        held[NameObject("/Length1")] = NumberObject(len(data))
        return self._writer._add_object(held.flate_encode())


def _native(value: Any) -> Any:
    """A Python value as a PDF has it: texts are names."""
    from pypdf.generic import ArrayObject, NameObject, NumberObject, PdfObject  # heavy, only for PDF

    match value:
        case PdfObject():
            return value
        case str():
            return NameObject(value)
        case int():
            return NumberObject(value)
        case list():
            return ArrayObject([_native(each) for each in value])
    return value


def _font(writer: Any, codes: Mapping[str, int]) -> Any:
    """A font of blank boxes, which knows what characters its codes stand for."""
    objects = _Objects(writer)
    return objects.dictionary(
        {
            "/Type": "/Font",
            "/Subtype": "/Type0",
            "/BaseFont": "/Invisible",
            "/Encoding": "/Identity-H",
            "/DescendantFonts": [_boxes(objects, len(codes))],
            "/ToUnicode": objects.stream(_character_map(codes).encode("ascii")),
        }
    )


def _boxes(objects: _Objects, count: int) -> Any:
    """The font's glyphs: the same box for every code."""
    from pypdf.generic import TextStringObject  # heavy, only for PDF

    registry, ordering = TextStringObject("Adobe"), TextStringObject("Identity")
    ascent, descent = blank_font.ASCENT, -blank_font.DESCENT
    descriptor = objects.dictionary(
        {
            "/Type": "/FontDescriptor",
            "/FontName": "/Invisible",
            "/Flags": 5,  # symbolic, of one width
            "/FontBBox": [0, descent, blank_font.WIDTH, ascent],
            "/ItalicAngle": 0,
            "/Ascent": ascent,
            "/Descent": descent,
            "/CapHeight": ascent,
            "/StemV": 80,
            "/FontFile2": objects.stream(blank_font.TRUETYPE),
        }
    )
    return objects.dictionary(
        {
            "/Type": "/Font",
            "/Subtype": "/CIDFontType2",
            "/BaseFont": "/Invisible",
            "/CIDSystemInfo": objects.dictionary({"/Registry": registry, "/Ordering": ordering, "/Supplement": 0}),
            "/CIDToGIDMap": objects.stream(b"\0\0" + b"\0\1" * count),
            "/DW": blank_font.WIDTH,
            "/FontDescriptor": descriptor,
        }
    )


def _character_map(codes: Mapping[str, int]) -> str:
    """A ToUnicode map (PDF 32000-1, 9.10.3): what each code stands for, in UTF-16."""
    entries = [f"<{code:04X}> <{each.encode('utf-16-be').hex().upper()}>" for each, code in codes.items()]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
