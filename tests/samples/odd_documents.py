"""Documents that arrive at two in the morning: empty, binary, nested without end, or made to hurt their reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bombs import zip_of_zeros
from crumple import Document, identify

_DEEP = 100_000
_NESTED = 300


@cache
def odd_documents() -> Mapping[str, Document]:
    """By what is odd about them; the media type is what crumple takes them for, or what their name claims."""
    text = b"Dear Zo\xc3\xab, invoice 4711 of 3 May comes to 1,234.50 EUR.\n"
    bomb = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY e0 "ha">' + "".join(
        f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};&e{n - 1};&e{n - 1};&e{n - 1};">' for n in range(1, 30)
    )
    packed = zip_of_zeros({"zeros.csv": 300})  # which says so, too
    made: dict[str, tuple[bytes, str]] = {
        "empty text": (b"", "a.txt"),
        "empty table": (b"", "a.csv"),
        "empty record": (b"", "a.json"),
        "empty PDF": (b"", "a.pdf"),
        "one byte": (b"a", "a.txt"),
        "one byte that is no text": (b"\xff", "a.csv"),
        "one line end": (b"\n", "a.txt"),
        "only spaces": (b"  \t \n \n", "a.csv"),
        "a long line": (b"lorem ipsum 12.50, " * 5_000, "a.txt"),
        "a table on one line": (b"a,b,1.50," * 6_000, "a.csv"),
        "NUL bytes": (text + bytes(40) + text, "a.txt"),
        "only NUL bytes": (bytes(4096), "a.csv"),
        "lone surrogates": (text + b"\xed\xa0\x80\xed\xbf\xbf" + text, "a.txt"),
        "lone surrogates in JSON": (b'{"a": "\\ud800", "b": "x"}', "a.json"),
        "stray bytes": (text + b"\x80\xfe\xff\xc3" + text, "a.csv"),
        "binary called a table": (bytes(range(256)) * 40, "a.csv"),
        "a picture called a table": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.csv"),
        "quotes that never close": (b'a,b\n"1,2\n3,4\n' * 200, "a.csv"),
        "only quotes": (b'"' * 5001, "a.csv"),
        "only delimiters": (b"," * 5000 + b"\n", "a.csv"),
        "three thousand columns": (b",".join([b"a"] * 3_000) + b"\n" + b",".join([b"1"] * 3_000) + b"\n", "a.csv"),
        "JSON without end": (b"[" * _DEEP, "a.json"),
        "JSON 100,000 deep": (b"[" * _DEEP + b"]" * _DEEP, "a.json"),
        "objects 5,000 deep": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "a.json"),
        "a JSON scalar": (b"12", "a.json"),
        "a JSON string": (b'"abc"', "a.json"),
        "an empty record": (b"{}", "a.json"),
        "JSON with NaN and 1e400": (b'{"a": NaN, "b": 1e400, "c": 123456789012345678901234567890}', "a.json"),
        "a blank JSON line": (b"\n\n", "a.jsonl"),
        "one bad JSON line": (b'{"a": 1}\n{"a": \n{"a": 3}\n', "a.jsonl"),
        "XML entity expansion": (bomb.encode() + b"]>\n<a>&e29;</a>\n", "a.xml"),
        "XML 5,000 deep": (b"<a>" * 5_000 + b"</a>" * 5_000, "a.xml"),
        "XML without end": (b"<a <a <a <!-- " * 2000, "a.xml"),
        "HTML tag soup": (b"<html><p <b <i>&&& <!-- <script> </" * 2000, "a.html"),
        "a mail 300 deep": (_nested_mail(), "a.eml"),
        "a mail without a body": (b"From: a@b.c\r\nTo: d@e.f\r\nSubject: x\r\n", "a.eml"),
        "a mail whose boundary never comes": (
            b'From: a@b.c\r\nTo: d@e.f\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\nhello\r\n',
            "a.eml",
        ),
        "a ZIP bomb": (packed, "a.zip"),
        "an empty archive": (b"PK\x05\x06" + bytes(18), "a.zip"),
        "half an archive": (packed[:300], "a.zip"),
        "half a workbook": (packed[:300], "a.xlsx"),
        "a bomb called a workbook": (packed, "a.xlsx"),
        "half a gzip file": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "a.gz"),
        "a PDF's first line": (b"%PDF-1.7\n", "a.pdf"),
        "a PDF of nothing": (b"%PDF-1.7\ntrailer<</Root 1 0 R>>\n%%EOF\n", "a.pdf"),
        "a PDF that refers to itself": (
            (
                b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
                b"trailer<</Root 1 0 R>>\n%%EOF\n"
            ),
            "a.pdf",
        ),
        "a JPEG's first bytes": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a.jpg"),
        "a TIFF that points beyond its end": (b"II*\x00\xff\xff\xff\x7f", "a.tiff"),
    }
    claimed = {
        "a.csv": "text/csv",
        "a.json": "application/json",
        "a.jsonl": "application/x-ndjson",
        "a.xml": "application/xml",
        "a.html": "text/html",
        "a.eml": "message/rfc822",
        "a.txt": "text/plain",
        "a.pdf": "application/pdf",
        "a.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    found: dict[str, Document] = {}
    for what, (data, name) in made.items():
        found[what] = Document(data, identify(data, name), name)
        if name in claimed and claimed[name] != found[what].media_type:
            found[f"{what}, by its name"] = Document(data, claimed[name], name)
    return found


def _nested_mail() -> bytes:
    inner = b"From: a@b.c\r\nTo: d@e.f\r\nSubject: 0\r\n\r\nhello 4711\r\n"
    for depth in range(_NESTED):
        inner = b"From: a@b.c\r\nTo: d@e.f\r\nSubject: %d\r\nContent-Type: message/rfc822\r\n\r\n%s" % (depth, inner)
    return inner
