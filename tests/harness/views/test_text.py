"""Text: characters with their encoding; what was not changed is written back byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import Document, NotApplicable, Text, Unreadable, identify
from crumple.views.format import read, write
from crumple.views.text import raw


def _document(data: bytes) -> Document:
    return Document(data, "text/plain", "a.txt")


@given(st.binary(min_size=1, max_size=300).filter(lambda data: b"\0" not in data))
def test_any_bytes_are_read_and_written_back_unchanged(data: bytes) -> None:
    document = _document(data)
    assert write(read(document, Text), document) == document


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding_and_stays(encoding: str) -> None:
    document = _document("Grüße, 世界\r\n".encode(encoding))
    text = read(document, Text)
    assert text.value == "Grüße, 世界\r\n"
    assert text.bom
    assert write(text, document) == document


def test_a_legacy_encoding_is_guessed_and_kept() -> None:
    words = "Größe, Straße, für schöne Bücher über Äpfel und Öl. " * 20
    document = _document(words.encode("cp1252"))
    text = read(document, Text)
    assert text.value == words
    assert write(text.with_value(words + "ü"), document).data == document.data + b"\xfc"


def test_a_byte_that_the_encoding_cannot_explain_is_kept_as_a_surrogate() -> None:
    text = Text("a" + raw(b"\xff") + "b")
    assert text.encoded() == b"a\xffb"
    assert not text.decodable
    assert Text("añb").decodable


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    with pytest.raises(NotApplicable, match=r"cp1252 cannot write 'Ł' \(U\+0141\)"):
        Text("Łódź", "cp1252").encoded()


def test_a_binary_file_is_not_text() -> None:
    with pytest.raises(Unreadable, match="NUL"):
        read(_document(b"ab\0c"), Text)


def test_an_empty_document_cannot_be_seen_as_text() -> None:
    with pytest.raises(Unreadable, match="empty"):
        read(_document(b""), Text)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"hello", "a.txt", "text/plain"),
        (b"# hello", "a.md", "text/markdown"),
        (b'{"a": 1}', "a.txt", "application/json"),
        (b"\xef\xbb\xbf[1, 2]", "", "application/json"),
        (b"a,b\n1,2\n", "a.csv", "text/csv"),
        (b"a;b;c\n1;2;3\n4;5;6\n7;8;9\n", "export", "text/csv"),
        (b"a\tb\n1\t2\n", "a.tsv", "text/tab-separated-values"),
        (b"<!DOCTYPE html><p>x", "a.txt", "text/html"),
        (b"<?xml version='1.0'?><a/>", "a.dat", "application/xml"),
        (b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nhi", "", "message/rfc822"),
        (b"Hello, world. One, two, three.\nFour.\nFive, six.\n", "", "text/plain"),
        (b"%PDF-1.7\n", "a.txt", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", "image/png"),
        (b"\x00\x01\x02", "a.txt", "application/octet-stream"),
        (b"", "a.csv", "application/octet-stream"),
    ],
)
def test_content_tells_the_media_type_and_the_name_is_a_hint(data: bytes, name: str, media_type: str) -> None:
    assert identify(data, name) == media_type


@pytest.mark.parametrize("data", [b"\xff\xfeh\0i\0x", b"\xfe\xff\0h\0ix", b"\xff\xfe\0\0h\0\0\0x"])
def test_a_file_cut_within_a_character_of_several_bytes_is_unreadable_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"byte order mark says utf-\d\d"):
        read(_document(data), Text)


def test_what_only_looks_like_a_byte_order_mark_is_kept_byte_for_byte() -> None:
    document = _document(b"\xff\xfea")
    assert write(read(document, Text), document) == document
