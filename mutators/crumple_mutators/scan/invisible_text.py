"""Invisible text under the page images of a PDF, as scanning software puts it there: any Unicode, at its places."""

from __future__ import annotations

import itertools
import statistics
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from crumple import Document, Region
from crumple_mutators.scan import blank_font, pdf_sheets

Word: TypeAlias = tuple[str, Region]

_SAME_LINE = 0.5  # of the lower word's height has to be shared
_BLOCK = 100  # entries of a character map may stand in one block


def with_words(document: Document, words: Sequence[Word]) -> Document:
    """A PDF of page images with these words under them, in this order.

    Args:
        document: a PDF whose pages have an upright image each.
        words: with their places; a word may hold any characters, spaces too.

    Raises:
        NotApplicable: the PDF is damaged.
    """
    codes = {each: code for code, each in enumerate(sorted({*" ", *(each for word, _ in words for each in word)}), 1)}

    def edit(writer: Any) -> None:
        font = _font(writer, codes)
        for index, sheet in enumerate(writer.pages):
            if here := [(word, place) for word, place in words if place.page == index and word]:
                _put_under(writer, sheet, font, "\n".join(_shown(_lines(here), sheet, codes)))

    return pdf_sheets.edited(document, edit)


def _lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words that follow one another side by side, so that they stand on one line."""
    line: list[Word] = []
    for word, place in words:
        if line:
            _, last = line[-1]
            shared = min(place.bottom, last.bottom) - max(place.top, last.top)
            if place.left < last.left or shared < _SAME_LINE * min(place.bottom - place.top, last.bottom - last.top):
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


def _put_under(writer: Any, sheet: Any, font: Any, drawing: str) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject  # heavy, only for PDF

    text = StreamObject()
    text.set_data(drawing.encode("ascii"))
    sheet["/Resources"][NameObject("/Font")] = DictionaryObject({NameObject("/Words"): font})
    sheet[NameObject("/Contents")] = ArrayObject([writer._add_object(text), sheet.raw_get("/Contents")])


def _font(writer: Any, codes: Mapping[str, int]) -> Any:
    """A font of blank boxes, which knows what characters its codes stand for."""
    from pypdf.generic import (  # heavy, only for PDF
        ArrayObject,
        DictionaryObject,
        NameObject,
        NumberObject,
        StreamObject,
        TextStringObject,
    )

    def made(entries: Mapping[str, Any]) -> Any:
        named = {
            NameObject(key): NameObject(value) if isinstance(value, str) else value for key, value in entries.items()
        }
        return writer._add_object(DictionaryObject(named))

    def stream(data: bytes) -> Any:
        held = StreamObject()
        held.set_data(data)
        held[NameObject("/Length1")] = NumberObject(len(data))
        return writer._add_object(held.flate_encode())

    ascent, descent = NumberObject(blank_font.ASCENT), NumberObject(-blank_font.DESCENT)
    descriptor = made(
        {
            "/Type": "/FontDescriptor",
            "/FontName": "/Invisible",
            "/Flags": NumberObject(5),  # symbolic, of one width
            "/FontBBox": ArrayObject([NumberObject(0), descent, NumberObject(blank_font.WIDTH), ascent]),
            "/ItalicAngle": NumberObject(0),
            "/Ascent": ascent,
            "/Descent": descent,
            "/CapHeight": ascent,
            "/StemV": NumberObject(80),
            "/FontFile2": stream(blank_font.TRUETYPE),
        }
    )
    system = DictionaryObject(
        {
            NameObject("/Registry"): TextStringObject("Adobe"),
            NameObject("/Ordering"): TextStringObject("Identity"),
            NameObject("/Supplement"): NumberObject(0),
        }
    )
    descendant = made(
        {
            "/Type": "/Font",
            "/Subtype": "/CIDFontType2",
            "/BaseFont": "/Invisible",
            "/CIDSystemInfo": system,
            "/CIDToGIDMap": stream(b"\0\0" + b"\0\1" * len(codes)),
            "/DW": NumberObject(blank_font.WIDTH),
            "/FontDescriptor": descriptor,
        }
    )
    return made(
        {
            "/Type": "/Font",
            "/Subtype": "/Type0",
            "/BaseFont": "/Invisible",
            "/Encoding": "/Identity-H",
            "/DescendantFonts": ArrayObject([descendant]),
            "/ToUnicode": stream(_character_map(codes).encode("ascii")),
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
