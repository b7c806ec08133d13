"""What comes with a file that is not of it: the file itself is whole, or what is cut of it is lost."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib

import pytest

from crumple import SAME, Case, Document, NotApplicable, Recipe, Span
from crumple.mutation.apply import degrade
from crumple_mutators import corruption
from damaged_files import applied, degraded, pdf, texts

TEXT = "".join(f"Line {number} of the läter letter, {number * 7}.50 EUR\n" for number in range(200))
LETTER = Document(TEXT.encode(), "text/plain", "letter.txt")
RECORD = Document(b'{"total": 12.5}', "application/json", "order.json")


def test_archives_around_a_file_hold_nothing_but_the_next() -> None:
    for level, times in ((1, 1), (2, 2), (3, 3), (4, 5), (5, 10)):
        said = applied(corruption.zipped, LETTER, level)
        data, depth = said.view, 0
        while data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert archive.namelist() == ["letter.txt"]
                data = archive.read("letter.txt")
            depth += 1
        assert (data, depth) == (LETTER.data, times)
        assert (said.truth, said.lost) == (SAME, ())


def test_what_still_unpacks_of_a_cut_gzip_is_not_lost_and_the_rest_is() -> None:
    starts = []
    for level in (1, 2, 3, 4, 5):
        said = applied(corruption.gzip_cut, LETTER, level)
        with pytest.raises(EOFError):
            gzip.decompress(said.view)
        left = zlib.decompressobj(31).decompress(said.view).decode("utf-8", "ignore")
        assert TEXT.startswith(left)
        (span,) = said.lost
        assert span == Span(len(left), len(TEXT))
        starts.append(span.start)
    assert starts == sorted(starts, reverse=True)
    with pytest.raises(NotApplicable, match="shorter"):
        applied(corruption.gzip_cut, Document(b"short", "text/plain", "a"), 3)


def test_headers_end_with_an_empty_line_behind_which_the_file_stands() -> None:
    for document in (RECORD, pdf()):
        damaged = degraded(corruption.http_headers, document, 3).data
        head, _, body = damaged.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert body == document.data
    assert texts(degraded(corruption.http_headers, pdf(), 3).data) == texts(pdf().data)


def test_a_scripts_output_stands_before_or_behind() -> None:
    for level in (1, 2, 3, 4, 5):
        damaged = degraded(corruption.script_output, RECORD, level).data
        at = damaged.index(RECORD.data)
        assert (at > 0) == (level in (1, 2, 5))
        assert (len(damaged) > at + len(RECORD.data)) == (level in (3, 4))
    assert json.loads(degraded(corruption.script_output, RECORD, 1).data) == {"total": 12.5}
    for level in (3, 4, 5):
        with pytest.raises(ValueError, match=r"Expecting value|Extra data"):
            json.loads(degraded(corruption.script_output, RECORD, level).data)
        assert texts(degraded(corruption.script_output, pdf(), level).data) == texts(pdf().data)


@pytest.mark.parametrize("mutator", [corruption.http_headers, corruption.script_output])
def test_free_text_and_tables_have_no_outside(mutator) -> None:
    for media_type in ("text/plain", "text/csv", "message/rfc822"):
        with pytest.raises(NotApplicable):
            applied(mutator, Document(b"a,b\n", media_type, "a"), 3)


def test_another_name_leaves_every_byte_and_reaches_the_system() -> None:
    case = Case("a", pdf(), {"total": 1})
    names = []
    for level in (1, 2, 3, 4, 5):
        step = corruption.wrong_name.step(level, 1)
        document = degrade(case, Recipe((step,)), {"corruption.wrong_name": corruption.wrong_name}).document
        assert (document.data, document.media_type) == (pdf().data, "application/pdf")
        names.append(document.name)
    assert names == ["INVOICE.PDF", "invoice", "invoice.pdf.txt", "invoice.docx", "blob"]


def test_another_media_type_is_declared_and_every_byte_is_left() -> None:
    case = Case("a", LETTER, {"total": 1})
    declared = []
    for level in (1, 2, 3, 5):
        step = corruption.wrong_media_type.step(level, 1)
        document = degrade(case, Recipe((step,)), {"corruption.wrong_media_type": corruption.wrong_media_type}).document
        assert (document.data, document.name) == (LETTER.data, LETTER.name)
        declared.append(document.media_type)
    assert declared == [
        "application/octet-stream",
        "binary/octet-stream",
        "application/force-download",
        "image/jpeg",
    ]
    with pytest.raises(NotApplicable, match="already"):
        applied(corruption.wrong_media_type, LETTER, 4)
