"""How words get into a document of each format, where everybody sees them and where only programs do."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from crumple import Degraded, Document, NotApplicable, Origin, Record, Row, Table, Text, read, write
from crumple_mutators.bytewise import TABLES

PDF: Final = "application/pdf"
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENCODED: Final = re.compile(
    rb"^Content-Type:\s*multipart|^Content-Transfer-Encoding:\s*(?:base64|quoted)", re.IGNORECASE | re.MULTILINE
)
_BODY_END: Final = re.compile(r"</body\s*>", re.IGNORECASE)
_HEAD_END: Final = re.compile(r"</head\s*>", re.IGNORECASE)
_STYLES: Final = {
    "small": "font-size:1px",
    "white": "color:#fff;background:#fff",
    "invisible": "display:none",
}


def in_the_open(document: Document, sentence: str) -> Degraded[Document]:
    """A document with a sentence in it that everybody sees.

    Raises:
        NotApplicable: there is no place for it.
    """
    if document.media_type == PDF:
        return _on_a_page(document, sentence)
    return Degraded(_OPEN.get(document.media_type, _after)(document, sentence))


def hidden(document: Document, sentence: str, place: str) -> Document:
    """A document with a sentence in it that people do not see.

    Args:
        document: HTML, PDF, Markdown, XML or mail.
        sentence: what is hidden.
        place: "metadata", "comment", "small", "white" or "invisible".

    Raises:
        NotApplicable: the document has no such place.
    """
    if document.media_type == PDF:
        return _in_pdf(document, sentence, place)
    text = read(document, Text)
    return write(text.with_value(_HIDDEN[document.media_type](text.value, sentence, place)), document)


def _after(document: Document, sentence: str) -> Document:
    text = read(document, Text)
    if not text.value.strip():
        raise NotApplicable("it holds no text")
    ending = "\r\n" if "\r\n" in text.value else "\n"
    body = text.value if text.value.endswith(("\n", "\r")) else text.value + ending
    return write(text.with_value(body + ending + sentence.replace("\n", ending) + ending), document)


def _in_mail(document: Document, sentence: str) -> Document:
    if _ENCODED.search(document.data):
        raise NotApplicable("its text does not stand at its end")
    return _after(document, sentence)


def _in_record(document: Document, sentence: str) -> Document:
    record = read(document, Record)
    if not isinstance(record.value, dict) or "remark" in record.value:
        raise NotApplicable("it has no place for a remark")
    at = record.source.rindex("}")
    body = record.source[:at].rstrip()
    comma = "" if body.endswith("{") else ","
    member = f'{comma} "remark": {json.dumps(sentence, ensure_ascii=False)}'
    new = Text(body + member + record.source[len(body) :], record.encoding, record.bom)
    return Document(new.encoded(), document.media_type, document.name)


def _in_lines(document: Document, sentence: str) -> Document:
    text = read(document, Text)
    first, ending, rest = text.value.partition("\n")
    head = first.rstrip()
    if not head.endswith("}") or head.endswith("{}"):
        raise NotApplicable("its first line is no record")
    new = f'{head[:-1]}, "remark": {json.dumps(sentence, ensure_ascii=False)}}}'
    return write(text.with_value(new + first[len(head) :] + ending + rest), document)


def _in_table(document: Document, sentence: str) -> Document:
    table = read(document, Table)
    width = len(table.header)
    if "remark" in table.header or any(len(row.cells) not in (0, width) for row in table.rows):
        raise NotApplicable("it has no place for another column")
    rows, told = [], sentence
    for at, row in enumerate(table.rows):
        if not row.cells:
            rows.append(row)
            continue
        cell = "remark" if at == 0 else told
        told = told if at == 0 else ""
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=table.dialect.delimiter, lineterminator="").writerow([cell, ""])
        written = buffer.getvalue().removesuffix(table.dialect.delimiter)
        raw = row.raw.rstrip("\r\n") + table.dialect.delimiter + written + row.ending
        rows.append(Row((*row.cells, cell), raw))
    return write(table.with_rows(rows), document)


def _in_html(document: Document, sentence: str) -> Document:
    text = read(document, Text)
    return write(text.with_value(_before_end(text.value, f"<p>{escape(sentence)}</p>\n")), document)


def _before_end(value: str, markup: str) -> str:
    ends = list(_BODY_END.finditer(value))
    at = ends[-1].start() if ends else len(value)
    return value[:at] + markup + value[at:]


def _in_xml(document: Document, sentence: str) -> Document:
    text = read(document, Text)
    at = text.value.rfind("</")
    if at < 0:
        raise NotApplicable("its root element holds nothing")
    element = f"<remark>{escape(sentence, quote=False)}</remark>\n"
    return write(text.with_value(text.value[:at] + element + text.value[at:]), document)


def _hidden_html(value: str, sentence: str, place: str) -> str:
    if place == "metadata":
        heads = _HEAD_END.search(value)
        if heads is None:
            raise NotApplicable("it has no head")
        meta = f'<meta name="description" content="{escape(sentence)}">'
        return value[: heads.start()] + meta + value[heads.start() :]
    if place == "comment":
        return _before_end(value, f"<!-- {sentence} -->\n")
    return _before_end(value, f'<div style="{_STYLES[place]}">{escape(sentence)}</div>\n')


def _hidden_markdown(value: str, sentence: str, place: str) -> str:
    told = sentence.replace("\n", " ")
    if place == "metadata":
        if value.startswith("---\n"):
            raise NotApplicable("it has metadata of its own")
        return f"---\ndescription: {json.dumps(told)}\n---\n\n{value}"
    if place == "comment":
        return f"{value}\n<!-- {told} -->\n"
    if place == "invisible":
        return f"{value}\n[//]: # ({told.translate({40: '[', 41: ']'})})\n"
    return f'{value}\n<span style="{_STYLES[place]}">{escape(told)}</span>\n'


def _hidden_xml(value: str, sentence: str, place: str) -> str:
    told = sentence.replace("\n", " ")
    at = value.rfind("</")
    if at < 0 or place not in ("metadata", "comment"):
        raise NotApplicable(f"XML has no text that is {place}")
    hidden = f"<?processing {told}?>\n" if place == "metadata" else f"<!-- {told} -->\n"
    return value[:at] + hidden + value[at:]


def _hidden_mail(value: str, sentence: str, place: str) -> str:
    if place not in ("metadata", "comment"):
        raise NotApplicable(f"a mail's text has nothing that is {place}")
    ending = "\r\n" if "\r\n" in value else "\n"
    name = "X-Processing-Note" if place == "metadata" else "Comments"
    end = value.find(ending * 2)
    if end < 0:
        raise NotApplicable("it has no end to its headers")
    return f"{value[:end]}{ending}{name}: {' '.join(sentence.split())}{value[end:]}"


def _in_pdf(document: Document, sentence: str, place: str) -> Document:
    import pypdf  # heavy, only for PDF
    from pypdf.annotations import FreeText
    from pypdf.constants import AnnotationFlag

    try:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(document.data))
        page = writer.pages[0]
        if place == "metadata":
            writer.add_metadata({"/Subject": sentence, "/Keywords": sentence})
        elif place == "comment":
            note = FreeText(text=sentence, rect=(0, 0, 1, 1))
            note.flags = AnnotationFlag.HIDDEN
            writer.add_annotation(page, note)
        else:
            # Under what is printed there: white on top would hide it.
            page.merge_page(_foot(page, sentence, place), over=False)
        buffer = io.BytesIO()
        writer.write(buffer)
    except Exception as error:  # noqa: BLE001 - pypdf trips over damage in many ways
        raise NotApplicable(f"nothing can be written into it: {error}") from None
    return Document(buffer.getvalue(), PDF, document.name)


def _on_a_page(document: Document, sentence: str) -> Degraded[Document]:
    """On a sheet of its own at the end."""
    import pypdf  # heavy, only for PDF

    try:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(document.data))
        count = len(writer.pages)
        writer.add_page(_foot(writer.pages[0], sentence, "open"))
        buffer = io.BytesIO()
        writer.write(buffer)
    except Exception as error:  # noqa: BLE001 - pypdf trips over damage in many ways
        raise NotApplicable(f"no page can be added to it: {error}") from None
    origins = [*(Origin(page) for page in range(count)), None]
    return Degraded(Document(buffer.getvalue(), PDF, document.name), origins=origins)


def _foot(page: Any, sentence: str, place: str) -> Any:
    """A page of the same size with nothing but the sentence at its foot."""
    import pypdf
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    width, height = float(page.mediabox.width), float(page.mediabox.height)
    size = {"open": 9.0, "small": 1.0, "white": 9.0, "invisible": 9.0}[place]
    buffer = io.BytesIO()
    canvas: Any = Canvas(buffer, pagesize=(width, height), invariant=1)
    canvas.translate(float(page.mediabox.left), float(page.mediabox.bottom))
    lines = [piece for line in sentence.split("\n") for piece in simpleSplit(line, "Helvetica", size, width * 0.84)]
    text = canvas.beginText(width * 0.08, 14 + size * 1.2 * len(lines))
    text.setFont("Helvetica", size)
    text.setFillGray({"white": 1.0, "small": 0.4}.get(place, 0.0))
    text.setTextRenderMode(3 if place == "invisible" else 0)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    return pypdf.PdfReader(io.BytesIO(buffer.getvalue())).pages[0]


_OPEN: Final[Mapping[str, Callable[[Document, str], Document]]] = {
    "application/json": _in_record,
    "application/x-ndjson": _in_lines,
    "application/xml": _in_xml,
    "text/html": _in_html,
    "message/rfc822": _in_mail,
    **dict.fromkeys((*TABLES, _WORKBOOK), _in_table),
}
_HIDDEN: Final[Mapping[str, Callable[[str, str, str], str]]] = {
    "text/html": _hidden_html,
    "text/markdown": _hidden_markdown,
    "application/xml": _hidden_xml,
    "message/rfc822": _hidden_mail,
}
