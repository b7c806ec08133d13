"""An incremental update of a PDF: the bytes there are stay, and what is new is written behind them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pypdf
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from crumple.errors import Unreadable
from crumple.views.acroform_fields import Box
from crumple.views.acroform_tree import Node

_DEEPEST = 40


class Update:
    """Objects of a document that are changed, and new ones; they are pypdf's, changed where they are."""

    def __init__(self, reader: Any, data: bytes) -> None:
        """Begin an update of the document that `reader` was opened on.

        Raises:
            Unreadable: the document's table of objects is not where it says, so that nothing can follow it.
        """
        self._reader, self._data = reader, data
        self._start = start_of_table(data)
        self._next = int(reader.trailer["/Size"])
        self._changed: dict[int, Any] = {}
        self._fonts: dict[str, IndirectObject] = {}
        self._wrapped: set[int] = set()

    def put(self, owner: int, dictionary: Any, key: str, name: str) -> None:
        """Set a name."""
        dictionary[NameObject(key)] = NameObject(name)
        self._touch(owner)

    def put_text(self, owner: int, dictionary: Any, text: str) -> None:
        """Set the value of a field to a text."""
        dictionary[NameObject("/V")] = TextStringObject(text)
        self._touch(owner)

    def put_texts(self, owner: int, dictionary: Any, texts: Sequence[str]) -> None:
        """Set the value of a field to several texts."""
        dictionary[NameObject("/V")] = ArrayObject([TextStringObject(each) for each in texts])
        self._touch(owner)

    def drop(self, owner: int, dictionary: Any, *keys: str) -> None:
        """Take out what a new value makes false."""
        for key in keys:
            if key in dictionary:
                del dictionary[key]
                self._touch(owner)

    def put_appearance(self, owner: int, dictionary: Any, content: bytes, box: Box, font: str) -> None:
        """Give a widget a new normal appearance, whose font is called "/F"."""
        form = _stream(content)
        size = (0, 0, box[2] - box[0], box[3] - box[1])
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject([FloatObject(round(each, 4)) for each in size]),
                NameObject("/Resources"): _dictionary("/Font", "/F", self._font(font)),
            }
        )
        dictionary[NameObject("/AP")] = DictionaryObject({NameObject("/N"): self._new(form)})
        self._touch(owner)

    def take_out(self, node: Node) -> None:
        """Take a field out of the form, and its widgets from their pages."""
        listed, owner = node.listed
        _remove(listed, node.owner)
        self._touch(owner)
        for shown in node.widgets:
            page = self._reader.pages[shown.page]
            raw = page.raw_get("/Annots")
            _remove(raw.get_object(), shown.owner)
            if hasattr(raw, "idnum"):
                self._touch(raw.idnum)
            else:
                self._changed[page.indirect_reference.idnum] = page

    def draw(self, page: int, content: bytes) -> None:
        """Add to the content of a page."""
        sheet = self._reader.pages[page]
        number = sheet.indirect_reference.idnum
        raw = sheet.raw_get("/Contents") if "/Contents" in sheet else None
        there = raw.get_object() if raw is not None else None
        parts = list(there) if isinstance(there, ArrayObject) else [raw] if raw is not None else []
        if page not in self._wrapped:
            # What the page has drawn may have left its coordinates turned or scaled.
            parts = [self._new(_stream(b"q")), *parts, self._new(_stream(b"Q"))]
            self._wrapped.add(page)
        sheet[NameObject("/Contents")] = ArrayObject([*parts, self._new(_stream(content))])
        self._changed[number] = sheet  # pypdf's page is a copy of what the file has

    def lay_over(self, page: int, overlay: bytes) -> None:
        """Lay the first page of another PDF, of the same size, over a page."""
        other = pypdf.PdfReader(io.BytesIO(overlay)).pages[0]
        contents = other.get_contents()
        form = _stream(contents.get_data() if contents is not None else b"")
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject([FloatObject(float(each)) for each in other.mediabox]),
                NameObject("/Resources"): self._copied(other["/Resources"], {}, 0),
            }
        )
        self._show(page, self._new(form), "")

    def flatten(self, page: int, dictionary: Any, box: Box, state: str) -> bool:
        """Draw one state of a widget's appearance in the page's content; whether there is such a one."""
        looks = dictionary.get("/AP", {}).get("/N", {})
        raw = looks.raw_get(state) if state in looks else None
        form = raw.get_object() if raw is not None else None
        if not isinstance(raw, IndirectObject) or not isinstance(form, StreamObject) or "/Matrix" in form:
            return False
        left, bottom, right, top = (float(each) for each in form.get("/BBox", (0, 0, 1, 1)))
        across, down = (box[2] - box[0]) / max(1e-6, right - left), (box[3] - box[1]) / max(1e-6, top - bottom)
        moved = f"{across:.5f} 0 0 {down:.5f} {box[0] - left * across:.3f} {box[1] - bottom * down:.3f} cm "
        form[NameObject("/Subtype")] = NameObject("/Form")
        self._show(page, raw, moved)
        return True

    def _show(self, page: int, form: IndirectObject, moved: str) -> None:
        sheet = self._reader.pages[page]
        resources = _own(sheet, "/Resources")
        objects = _own(resources, "/XObject")
        name = f"/Overlay{self._next}"
        objects[NameObject(name)] = form
        resources[NameObject("/XObject")] = objects
        sheet[NameObject("/Resources")] = resources
        self.draw(page, f"q {moved}{name} Do Q".encode())

    def written(self) -> bytes:
        """The document with the update behind it."""
        out = io.BytesIO()
        out.write(self._data)
        if not self._data.endswith(b"\n"):
            out.write(b"\n")
        places: dict[int, int] = {}
        for number in sorted(self._changed):
            places[number] = out.tell()
            out.write(b"%d 0 obj\n" % number)
            self._changed[number].write_to_stream(out)
            out.write(b"\nendobj\n")
        at = out.tell()
        if self._data.startswith(b"xref", self._start):
            self._write_table(out, places)
        else:
            self._write_stream(out, places)
        out.write(b"startxref\n%d\n%%%%EOF\n" % at)
        return out.getvalue()

    def _trailer(self, size: int) -> DictionaryObject:
        old = self._reader.trailer
        kept = {NameObject(key): old.raw_get(key) for key in ("/Root", "/Info", "/ID") if key in old}
        new = {NameObject("/Size"): NumberObject(size), NameObject("/Prev"): NumberObject(self._start)}
        return DictionaryObject(kept | new)

    def _write_table(self, out: io.BytesIO, places: dict[int, int]) -> None:
        out.write(b"xref\n")
        out.writelines(b"%d 1\n%010d 00000 n \n" % row for row in places.items())
        out.write(b"trailer\n")
        self._trailer(self._next).write_to_stream(out)
        out.write(b"\n")

    def _write_stream(self, out: io.BytesIO, places: dict[int, int]) -> None:
        at, number = out.tell(), self._next
        rows = {**places, number: at}
        table = _stream(b"".join(b"\1" + place.to_bytes(5, "big") + b"\0" for place in rows.values()))
        table.update(self._trailer(number + 1))
        index = [NumberObject(each) for row in rows for each in (row, 1)]
        table.update(
            {
                NameObject("/Type"): NameObject("/XRef"),
                NameObject("/W"): ArrayObject(map(NumberObject, (1, 5, 1))),
                NameObject("/Index"): ArrayObject(index),
            }
        )
        out.write(b"%d 0 obj\n" % number)
        table.write_to_stream(out)
        out.write(b"\nendobj\n")

    def _font(self, name: str) -> IndirectObject:
        if name not in self._fonts:
            said = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": f"/{name}", "/Encoding": "/WinAnsiEncoding"}
            self._fonts[name] = self._new(DictionaryObject({NameObject(k): NameObject(v) for k, v in said.items()}))
        return self._fonts[name]

    def _new(self, made: Any) -> IndirectObject:
        number, self._next = self._next, self._next + 1
        self._changed[number] = made
        return IndirectObject(number, 0, self._reader)

    def _touch(self, owner: int) -> None:
        self._changed.setdefault(owner, IndirectObject(owner, 0, self._reader).get_object())

    def _copied(self, value: Any, known: dict[int, IndirectObject], depth: int) -> Any:
        """An object of another document as one of this."""
        if depth > _DEEPEST:
            raise Unreadable("what is laid over the form is nested too deep")
        if isinstance(value, IndirectObject):
            if value.idnum not in known:
                known[value.idnum] = self._new(None)
                self._changed[known[value.idnum].idnum] = self._copied(value.get_object(), known, depth + 1)
            return known[value.idnum]
        if isinstance(value, StreamObject):
            copy = _stream(value.get_data())
            keys = [key for key in value if key not in ("/Filter", "/DecodeParms", "/Length")]
            copy.update({NameObject(key): self._copied(value.raw_get(key), known, depth + 1) for key in keys})
            return copy
        if isinstance(value, DictionaryObject):
            return DictionaryObject(
                {NameObject(key): self._copied(value.raw_get(key), known, depth + 1) for key in value}
            )
        if isinstance(value, ArrayObject):
            return ArrayObject([self._copied(each, known, depth + 1) for each in list.__iter__(value)])
        return value


def start_of_table(data: bytes) -> int:
    """Where a PDF's last table of objects begins.

    Raises:
        Unreadable: it is not where the end of the file says, so that nothing can follow it.
    """
    tail = data[-2048:]
    said = tail.rpartition(b"startxref")[2].split(maxsplit=1)
    if b"startxref" not in tail or not said or not said[0].isdigit() or len(said[0]) > 12:
        raise Unreadable("the PDF has no end, so that nothing can be added to it")
    start = int(said[0])
    if not data.startswith(b"xref", start) and b" obj" not in data[start : start + 24]:
        raise Unreadable("the PDF's table of objects is not where it says")
    return start


def _stream(content: bytes) -> StreamObject:
    made = StreamObject()
    made.set_data(content)
    return made.flate_encode()


def _own(holder: Any, key: str) -> DictionaryObject:
    """A copy of the dictionary that stands at a key, which others may share; empty where there is none."""
    there: Any = holder.get(key, {})
    return DictionaryObject({name: there.raw_get(name) for name in there})


def _dictionary(*keys_and_value: Any) -> DictionaryObject:
    *keys, value = keys_and_value
    for key in reversed(keys):
        value = DictionaryObject({NameObject(key): value})
    assert isinstance(value, DictionaryObject)
    return value


def _remove(listed: Any, number: int) -> None:
    kept = [each for each in list.__iter__(listed) if getattr(each, "idnum", None) != number]
    listed[:] = kept
