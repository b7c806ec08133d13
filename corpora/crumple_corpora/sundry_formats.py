"""Sundries written down in the formats that documents come in. The same content gives the same bytes."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from crumple import CrumpleError, word_of, workbook_of
from crumple_corpora.sundry_content import Rows, Sundry

_POINTS_AN_INCH, _DPI = 72, 150
_LEFT, _WIDTH, _TOP, _BOTTOM = 64.0, 460.0, 72.0, 770.0
_LEADING, _GUTTER = 15.0, 24.0
_FONT = ("Times-Roman", 11)


def written(sundry: Sundry, media_type: str) -> bytes:
    """A document's bytes in a format.

    Raises:
        CrumpleError: sundries are not written in this format.
    """
    if media_type not in WRITERS:
        raise CrumpleError(f"sundries are not written as {media_type}", got=media_type, allowed=WRITERS)
    return WRITERS[media_type](sundry)


def _text(sundry: Sundry) -> str:
    blocks = [sundry.title, *(each if isinstance(each, str) else _columns(each) for each in sundry.blocks)]
    return "\n\n".join(block for block in blocks if block)


def _columns(rows: Rows) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows[1:])


def _markdown(sundry: Sundry) -> str:
    blocks = [f"# {sundry.title}"] * bool(sundry.title)
    for block in sundry.blocks:
        if isinstance(block, str):
            blocks.append(block.replace("\n", "  \n"))
        else:
            rule = "| " + " | ".join("---" for _ in block[0]) + " |"
            lines = [f"| {' | '.join(row)} |" for row in block]
            blocks.append("\n".join([lines[0], rule, *lines[1:]]))
    return "\n\n".join(blocks)


def _html(sundry: Sundry) -> str:
    def shown(block: str | Rows) -> str:
        if isinstance(block, str):
            return f"<p>{escape(block).replace(chr(10), '<br>')}</p>"
        rows = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block)
        return f"<table>\n{rows}\n</table>"

    body = "\n".join(map(shown, sundry.blocks))
    title = escape(sundry.title)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{f'<h1>{title}</h1>' * bool(title)}\n{body}\n</body>\n</html>"
    )


def _xml(sundry: Sundry) -> str:
    def shown(block: str | Rows) -> str:
        if isinstance(block, str):
            return f"  <text>{escape(block)}</text>"
        header = block[0]
        return "\n".join(
            "  <row>" + "".join(f"<{name}>{escape(cell)}</{name}>" for name, cell in _named(header, row)) + "</row>"
            for row in block[1:]
        )

    body = "\n".join(map(shown, sundry.blocks))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{sundry.kind}>\n  <title>{escape(sundry.title)}</title>\n'
        f"{body}\n</{sundry.kind}>"
    )


def _named(header: tuple[str, ...], row: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name.replace(" ", "_"), cell) for name, cell in zip(header, row, strict=True)]


def _record(sundry: Sundry) -> dict[str, Any]:
    rows = [dict(_named(block[0], row)) for block in sundry.blocks if not isinstance(block, str) for row in block[1:]]
    texts = [block for block in sundry.blocks if isinstance(block, str)]
    return {"type": sundry.kind, "title": sundry.title, "text": texts, "rows": rows}


def _json(sundry: Sundry) -> str:
    return json.dumps(_record(sundry), ensure_ascii=False, indent=2)


def _json_lines(sundry: Sundry) -> str:
    rows = _record(sundry)["rows"] or [{"text": block} for block in sundry.blocks]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _delimited(delimiter: str) -> Callable[[Sundry], str]:
    def write(sundry: Sundry) -> str:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(_rows(sundry))
        return buffer.getvalue().rstrip("\n")

    return write


def _rows(sundry: Sundry) -> list[tuple[str, ...]]:
    """All of its tables as one; of what has none its blocks, numbered."""
    tables = [block for block in sundry.blocks if not isinstance(block, str)]
    rows = [row for at, table in enumerate(tables) for row in (table if at == 0 else table[1:])]
    return rows or [("clause", "text"), *((str(at), str(block)) for at, block in enumerate(sundry.blocks, start=1))]


def _mail(sundry: Sundry) -> bytes:
    body = (_text(sundry) + "\n").replace("\n", "\r\n")
    return (
        "From: Office <office@example.org>\r\nTo: accounts@example.com\r\nDate: Mon, 3 Mar 2025 09:14:00 +0100\r\n"
        f"Subject: {sundry.title or 'Your letter'}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{body}"
    ).encode()


def _pdf(sundry: Sundry) -> bytes:
    from reportlab.pdfgen.canvas import Canvas  # loading reportlab takes a while

    buffer = io.BytesIO()
    canvas: Any = Canvas(buffer, pageCompression=1, invariant=1)
    canvas.setTitle(sundry.title)
    height, y = canvas._pagesize[1], _TOP
    if sundry.title:
        canvas.setFont("Helvetica-Bold", 17)
        canvas.drawString(_LEFT, height - y, _latin(sundry.title))
        y += 2 * _LEADING
    for block in sundry.blocks:
        for pieces in _set(block):
            if y > _BOTTOM:
                canvas.showPage()
                y = _TOP
            canvas.setFont(*_FONT)
            for x, piece in pieces:
                canvas.drawString(_LEFT + x, height - y, piece)
            y += _LEADING
        y += _LEADING * 0.7
    canvas.save()
    return buffer.getvalue()


def _set(block: str | Rows) -> list[list[tuple[float, str]]]:
    """The lines of a block, each as pieces with their distance from the left margin in points."""
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if isinstance(block, str):
        lines = [piece for line in block.split("\n") for piece in simpleSplit(_latin(line), *_FONT, _WIDTH) or [""]]
        return [[(0.0, line)] for line in lines]
    rows = [[_latin(cell) for cell in row] for row in block[1:]]
    widths = [max(stringWidth(row[column], *_FONT) for row in rows) + _GUTTER for column in range(len(rows[0]))]
    places = [0.0, *itertools.accumulate(widths)]
    return [list(zip(places, row, strict=False)) for row in rows]


def _latin(value: str) -> str:
    """What the standard fonts of PDF can show."""
    return value.encode("cp1252", "replace").decode("cp1252")


def _image(kind: str) -> Callable[[Sundry], bytes]:
    def write(sundry: Sundry) -> bytes:
        import pypdfium2  # not needed for the other formats

        with pypdfium2.PdfDocument(_pdf(sundry)) as document:
            pages = [page.render(scale=_DPI / _POINTS_AN_INCH, grayscale=True).to_pil() for page in document]
        buffer = io.BytesIO()
        several = {"save_all": True, "append_images": pages[1:]} if kind == "TIFF" else {}
        pages[0].save(buffer, kind, dpi=(_DPI, _DPI), **several)
        return buffer.getvalue()

    return write


def _encoded(write: Callable[[Sundry], str]) -> Callable[[Sundry], bytes]:
    return lambda sundry: (write(sundry) + "\n").encode()


WRITERS: Mapping[str, Callable[[Sundry], bytes]] = {
    "text/plain": _encoded(_text),
    "text/markdown": _encoded(_markdown),
    "text/html": _encoded(_html),
    "application/xml": _encoded(_xml),
    "application/json": _encoded(_json),
    "application/x-ndjson": _encoded(_json_lines),
    "text/csv": _encoded(_delimited(",")),
    "text/tab-separated-values": _encoded(_delimited("\t")),
    "message/rfc822": _mail,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": lambda sundry: word_of(
        _text(sundry).split("\n")
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lambda sundry: workbook_of(_rows(sundry)),
    "application/pdf": _pdf,
    "image/png": _image("PNG"),
    "image/jpeg": _image("JPEG"),
    "image/tiff": _image("TIFF"),
    "image/bmp": _image("BMP"),
    "image/webp": _image("WEBP"),
    "image/gif": _image("GIF"),
}
