"""A small filled form in a PDF, for the mutators that write on sheets to be tried on."""

from __future__ import annotations

from typing import Final

_PAGE: Final = (420, 300)
_FONT: Final = "/Helv 10 Tf 0 g"
# Name, left, bottom, width, height, value, and what else the field says.
_TEXTS: Final = (
    ("applicant", 20, 250, 150, 16, "Maria Jensen", ""),
    ("city", 200, 250, 90, 16, "Oldenburg", ""),
    ("postcode", 310, 250, 80, 16, "26121", "/Ff 16777216 /MaxLen 5"),
    ("since", 20, 215, 80, 16, "05.03.2011", ""),
    ("first_item", 20, 130, 200, 16, "Washing machine", ""),
    ("second_item", 20, 112, 200, 16, "Carpet, blue", ""),
    ("notes", 20, 40, 300, 50, "Please call in the afternoon.", "/Ff 4096"),
)
_TICKS: Final = (("insured", 20, 180, "Yes", True), ("newsletter", 120, 180, "Yes", False))
_RADIO: Final = (("cause", 220, 180, "fire", True), ("cause", 290, 180, "water", False))
_TICK: Final = 11


def _pdf() -> bytes:
    objects: list[str] = ["", "", "", ""]  # catalogue, pages, page, contents
    looks = {state: len(objects) + at + 1 for at, state in enumerate(("on", "off"))}
    box = f"/Type /XObject /Subtype /Form /BBox [0 0 {_TICK} {_TICK}]"
    objects += [_stream(box, "1 1 m 10 10 l 1 10 m 10 1 l S"), _stream(box, "")]
    fields, widgets, labels = list[int](), list[int](), list[str]()
    for name, left, bottom, width, height, value, more in _TEXTS:
        labels.append(
            f"{left} {bottom} {width} {height} re S BT /Helv 6 Tf {left} {bottom + height + 3} Td ({name}) Tj ET"
        )
        content = f"/Tx BMC BT {_FONT} 2 4 Td ({value}) Tj ET EMC"
        shown = f"/BBox [0 0 {width} {height}] /Resources << /Font << /Helv {len(objects) + 3} 0 R >> >>"
        place = f"/Rect [{left} {bottom} {left + width} {bottom + height}]"
        said = f"/FT /Tx /T ({name}) /V ({value}) /DA ({_FONT}) {more} /AP << /N {len(objects) + 1} 0 R >>"
        objects += [_stream(f"/Type /XObject /Subtype /Form {shown}", content), f"<< {_WIDGET} {place} {said} >>"]
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
        fields.append(len(objects) - 1)
        widgets.append(len(objects) - 1)
    font = len(objects)
    group = len(objects) + 1
    objects.append("")
    for name, left, bottom, state, ticked in (*_TICKS, *_RADIO):
        labels.append(
            f"{left} {bottom} {_TICK} {_TICK} re S BT /Helv 7 Tf {left + 15} {bottom + 3} Td ({name} {state}) Tj ET"
        )
        place = f"/Rect [{left} {bottom} {left + _TICK} {bottom + _TICK}] /AS /{state if ticked else 'Off'}"
        normal = f"/AP << /N << /{state} {looks['on']} 0 R /Off {looks['off']} 0 R >> >>"
        alone = name != "cause"
        own = f"/FT /Btn /T ({name}) /V /{state if ticked else 'Off'}" if alone else f"/Parent {group} 0 R"
        objects.append(f"<< {_WIDGET} {place} {normal} {own} >>")
        widgets.append(len(objects))
        fields += [len(objects)] if alone else []
    objects[group - 1] = f"<< /FT /Btn /Ff 49152 /T (cause) /V /fire /Kids [{_references(widgets[-2:])}] >>"
    fields.append(group)
    resources = f"/Font << /Helv {font} 0 R >>"
    form = f"/AcroForm << /Fields [{_references(fields)}] /DA ({_FONT}) /DR << {resources} >> >>"
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {form} >>"
    objects[1] = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = f"/MediaBox [0 0 {_PAGE[0]} {_PAGE[1]}] /Resources << {resources} >> /Contents 4 0 R"
    objects[2] = f"<< /Type /Page /Parent 2 0 R {page} /Annots [{_references(widgets)}] >>"
    objects[3] = _stream("", "\n".join(labels))
    return _file(objects)


_WIDGET: Final = "/Type /Annot /Subtype /Widget /F 4"


def _stream(said: str, content: str) -> str:
    return f"<< {said} /Length {len(content)} >>\nstream\n{content}\nendstream"


def _references(numbers: list[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _file(objects: list[str]) -> bytes:
    data, places = b"%PDF-1.7\n", list[int]()
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{each}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


FORM: Final = ("application.pdf", _pdf())
"""Seven fields of text, a comb and several lines among them, two ticks and a choice of two."""
