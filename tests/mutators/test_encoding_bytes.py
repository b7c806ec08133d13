"""Encoding, the bytes: legacy codepages by script, mixtures, declarations, mail; and documents that are none."""

from __future__ import annotations

import codecs
import email
import email.policy
import io
import json
import xml.etree.ElementTree as ET
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from crumple import Degraded, Document, NotApplicable, Span, Table, Text, Unreadable
from crumple.mutation.mutator import Mutator
from crumple.views.format import read, views_of, write
from crumple_mutators import encoding
from crumple_mutators.content import content

GERMAN = "Rechnung 4711\nKunde: Müller & Söhne, Köln\nBetrag: 1.234,50 für Büromöbel\nGrüße aus Düsseldorf\n"
TEXTS = {
    "russian": "Счёт 4711\nЗаказчик: Анна Петрова, Москва\nСумма: 1 234,50\n",
    "greek": "Τιμολόγιο 4711\nΠελάτης: Ελένη Παπαδοπούλου\nΣύνολο: 1.234,50\n",
    "polish": "Faktura 4711\nKlient: Łukasz Żółć, Łódź\nRazem: 1 234,50\n",
    "japanese": "請求書 4711\nお客様: 山田太郎\n合計: 1,234\n",
    "chinese": "发票 4711\n客户: 王小明\n合计: 1,234\n",
    "traditional": "發票 4711\n客戶：王小明，臺北\n",
    "korean": "송장 4711\n고객: 김민수\n합계: 1,234\n",
    "hebrew": "חשבונית 4711\nלקוח: דוד כהן\n",
    "thai": "ใบแจ้งหนี้ 4711\nลูกค้า: สมชาย\n",
}
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<order city="Köln"><customer>Müller &amp; Łukasz</customer></order>\n'
HTML = '<!doctype html>\n<html><head><meta charset="utf-8"></head><body><p>Müller, Łódź</p></body></html>\n'
MAIL = (
    "From: Zoë Müller <a@example.org>\r\nTo: b@example.org\r\nSubject: Bestellung für Köln\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset="utf-8"\r\n'
    "Content-Transfer-Encoding: 8bit\r\n\r\nKunde: Müller\r\n--b1\r\nContent-Type: application/pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b1--\r\n"
)


def rng(seed: int = 3) -> Generator:
    return Generator(PCG64(seed))


def at_level(mutator: Mutator, value: str | Text, level: float, seed: int = 3) -> Degraded[Text]:
    return mutator.apply(Text(value) if isinstance(value, str) else value, mutator.step(level, seed))


def lost_text(degraded: Degraded[Text], value: str) -> list[str]:
    return [value[span.start : span.end] for span in degraded.lost if isinstance(span, Span)]


# Codepages


@pytest.mark.parametrize(
    ("name", "codecs_by_level"),
    [
        ("russian", ["cp1251", "koi8-r", "cp866", "mac_cyrillic", None]),
        ("greek", ["cp1253", "iso8859-7", "cp737", "mac_greek", "cp875"]),
        ("polish", ["cp1250", "iso8859-2", "cp852", "mac_latin2", None]),
        ("japanese", ["cp932", "euc_jp", "shift_jis", "iso2022_jp", None]),
        ("chinese", ["gbk", "gb2312", "gbk", "hz", None]),
        ("traditional", ["cp950", "big5", "big5hkscs", "big5", None]),
        ("korean", ["cp949", "euc_kr", "johab", "iso2022_kr", None]),
        ("hebrew", ["cp1255", "iso8859-8", "cp862", None, None]),
        ("thai", ["cp874", "tis-620", None, None, None]),
    ],
)
def test_each_script_has_codepages_of_its_own(name: str, codecs_by_level: list[str | None]) -> None:
    for level, codec in enumerate(codecs_by_level, start=1):
        if codec is None:
            with pytest.raises(NotApplicable, match="has its script"):
                at_level(encoding.codepage, TEXTS[name], level)
            continue
        degraded = at_level(encoding.codepage, TEXTS[name], level)
        assert degraded.view.encoded().decode(codec) == TEXTS[name]
        assert not degraded.lost


@pytest.mark.parametrize(
    ("value", "codec"),
    [(GERMAN, "cp273"), ("Reçu de Hélène, à régler", "cp500"), ("José Núñez, Málaga", "cp037"), ("12 €", "cp1140")],
)
def test_hosts_have_the_codepage_of_their_country(value: str, codec: str) -> None:
    degraded = at_level(encoding.codepage, value, 5)
    assert (degraded.view.encoding, degraded.view.encoded().decode(codec)) == (codec, value)


def test_what_a_codepage_lacks_is_a_reference_where_the_format_has_them() -> None:
    degraded = at_level(encoding.codepage, HTML.replace("Łódź", "Łódź, Þór"), 1)
    assert "&#" in degraded.view.value
    assert not degraded.lost
    record = encoding.not_utf8(Text('{"name": "Müller, Łódź, Málaga, Þór"}'), "windows", rng())
    assert json.loads(record.encoded().decode(record.encoding)) == {"name": "Müller, Łódź, Málaga, Þór"}


@pytest.mark.parametrize(
    ("form", "codec"),
    [("windows", "cp1252"), ("utf16_bom", "utf-16"), ("utf16_le", "utf-16-le"), ("utf32_be", "utf-32-be")],
)
def test_json_is_written_in_what_its_older_standards_knew(form: str, codec: str) -> None:
    value = '{"customer": "Müller", "total": 12.5}'
    assert encoding.not_utf8(Text(value), form, rng()).encoded().decode(codec) == value
    assert encoding.not_utf8.refusable_from == 1


def test_utf7_reads_back() -> None:
    assert encoding.utf7(Text(GERMAN), rng()).encoded().decode("utf-7") == GERMAN
    with pytest.raises(NotApplicable, match="same in utf-7"):
        encoding.utf7(Text("plain"), rng())


def test_a_spreadsheets_unicode_text_is_utf16_with_tabs() -> None:
    table = Table.parsed(Text('name,note\n"Müller, Köln",a\nZoë,b\n'))
    data = encoding.unicode_text(table, rng()).text.encoded()
    assert data.startswith(codecs.BOM_UTF16_LE)
    assert [line.split("\t")[1] for line in data.decode("utf-16").split("\r\n")[:-1]] == ["note", "a", "b"]


def test_stray_marks_begin_lines_and_the_file() -> None:
    value = at_level(encoding.stray_boms, GERMAN, 1).view.value
    assert value.startswith("\ufeff")
    assert value.count("\ufeff") in (1, 2)
    assert at_level(encoding.stray_boms, GERMAN, 5).view.value == "".join(
        f"\ufeff{line}\n" for line in GERMAN.split("\n")[:-1]
    )
    marked = at_level(encoding.stray_boms, Text(GERMAN, bom=True), 1).view.encoded()
    assert marked.startswith(codecs.BOM_UTF8 * 2)


# Mixtures


def test_every_line_of_a_mixture_is_whole_in_one_of_two_encodings() -> None:
    for level in (1, 3, 5):
        data = at_level(encoding.mixed, GERMAN * 30, level).view.encoded()
        legacy = 0
        for line, clean in zip(data.split(b"\n"), (GERMAN * 30).split("\n"), strict=True):
            try:
                assert line.decode() == clean
            except UnicodeDecodeError:
                assert line.decode("cp1252") == clean
                legacy += 1
        assert legacy


def test_in_mid_line_a_line_is_utf8_first_and_then_in_the_codepage() -> None:
    value = "Müller und Söhne aus Köln\n" * 10
    lines = at_level(encoding.mixed_mid_line, value, 5).view.encoded().split(b"\n")
    changed = [line for line in lines[:-1] if line != "Müller und Söhne aus Köln".encode()]
    assert len(changed) == 9
    assert set(changed) == {"Müller und Söhne aus K".encode() + "öln".encode("cp1252")}


def test_bytes_that_could_be_read_as_utf8_are_no_mixture() -> None:
    with pytest.raises(NotApplicable, match="could hold so"):
        at_level(encoding.mixed, "Ã¼ber\n", 5)  # in cp1252 these two characters are the UTF-8 of one


def test_a_stray_byte_in_json_may_be_refused_and_in_text_may_not() -> None:
    assert encoding.bad_bytes_in_data.refusable_from == 1
    assert not encoding.bad_bytes.fits("application/json")
    value = '{"customer": "Müller & Söhne", "city": "Köln"}'
    degraded = at_level(encoding.bad_bytes_in_data, value, 1)
    (span,) = degraded.lost
    assert degraded.view.encoded().decode("utf-8", "replace") == value[: span.start] + "\ufffd" + value[span.end :]


def test_surrogates_as_utf8_are_the_characters_that_they_were() -> None:
    value = "a \N{GRINNING FACE} b \N{PARTY POPPER}\n"
    data = at_level(encoding.cesu8, value, 5).view.encoded()
    assert b"\xed\xa0\xbd" in data
    assert data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16") == value
    with pytest.raises(NotApplicable, match="U\\+FFFF"):
        at_level(encoding.cesu8, GERMAN, 5)


def test_overlong_forms_are_two_bytes_for_one_ascii_character() -> None:
    data = at_level(encoding.overlong, "abc", 5).view.encoded()
    assert len(data) > 3
    pairs = {bytes([0xC1, 0x80 | ord(each) & 0x3F]): each.encode() for each in "abc"}
    for pair, each in pairs.items():
        data = data.replace(pair, each)
    assert data == b"abc"


# Declarations


@pytest.mark.parametrize("value", [XML, HTML, MAIL])
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_lie_changes_the_declaration_and_nothing_else(value: str, level: float) -> None:
    degraded = at_level(encoding.charset_lie, value, level)
    declared = encoding.charset_lie.ladder.rungs[int(level) - 1] if encoding.charset_lie.ladder else ""
    (span,) = degraded.touched
    assert isinstance(span, Span)
    assert value[span.start : span.end].lower() == "utf-8"
    assert degraded.view.encoded() == (value[: span.start] + str(declared) + value[span.end :]).encode()


def test_no_lie_where_nothing_is_declared_or_nothing_would_be_misread() -> None:
    with pytest.raises(NotApplicable, match="no charset"):
        at_level(encoding.charset_lie, "<order>Müller</order>", 3)
    with pytest.raises(NotApplicable, match="ASCII"):
        at_level(encoding.charset_lie, XML.encode("ascii", "ignore").decode(), 1)
    assert at_level(encoding.charset_lie, XML.encode("ascii", "ignore").decode(), 5).view.value != XML


def test_a_declared_codepage_is_read_by_whoever_heeds_it() -> None:
    root = ET.fromstring(encoding.declared_codepage(Text(XML), rng()).view.encoded())
    assert (root.get("city"), root.findtext("customer")) == ("Köln", "Müller & Łukasz")
    message = email.message_from_bytes(
        encoding.declared_codepage(Text(MAIL.replace("Zoë ", "").replace("für Köln", "")), rng()).view.encoded(),
        policy=email.policy.default,
    )
    part = message.get_body(("plain",))  # type: ignore[attr-defined]
    assert part.get_content_charset() == "windows-1252"
    assert part.get_content().strip() == "Kunde: Müller"
    html = encoding.declared_codepage(Text(HTML), rng()).view
    assert b'charset="windows-12' in html.encoded()


def test_declared_utf16_is_read_by_an_xml_parser() -> None:
    root = ET.parse(io.BytesIO(encoding.declared_utf16(Text(XML), rng()).view.encoded())).getroot()
    assert root.findtext("customer") == "Müller & Łukasz"


# Mail


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_mails_text_is_the_same_in_every_transfer_encoding(level: float) -> None:
    degraded = at_level(encoding.mail_transfer, MAIL, level)
    message = email.message_from_bytes(degraded.view.encoded(), policy=email.policy.default)
    part = message.get_body(("plain",))  # type: ignore[attr-defined]
    assert part.get_content().strip() == "Kunde: Müller"
    assert "Müller\r\n--b1" not in degraded.view.value
    assert degraded.view.value.endswith(MAIL[MAIL.index("--b1\r\nContent-Type: application") :])


@pytest.mark.parametrize("form", ["q", "b", "codepage", "split"])
def test_encoded_words_are_decoded_to_what_they_were(form: str) -> None:
    value = encoding.header_words(Text(MAIL), form, rng()).view.value
    headers = email.message_from_string(value)
    assert str(make_header(decode_header(headers["Subject"]))) == "Bestellung für Köln"
    assert str(make_header(decode_header(headers["From"]))) == "Zoë Müller <a@example.org>"
    assert value[: value.index("MIME-Version")].isascii()
    assert value.endswith(MAIL[MAIL.index("MIME-Version") :])


def test_encoded_words_may_end_within_a_character_and_headers_may_be_raw() -> None:
    split = encoding.header_words(Text(MAIL), "split", rng()).view.value
    assert any(
        isinstance(data, bytes) and charset and not _whole(data)
        for line in split.splitlines()
        for data, charset in decode_header(line.strip().removeprefix("Subject: ").removeprefix("From: "))
    )
    assert b"Subject: Bestellung f\xfcr K\xf6ln" in encoding.header_words(Text(MAIL), "raw", rng()).view.encoded()


def _whole(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_content_of_a_mail_leaves_attachments_alone_and_a_letter_is_no_mail() -> None:
    shown = content(MAIL)
    assert "".join(each for each, is_content in zip(MAIL, shown, strict=True) if is_content).strip() == "Kunde: Müller"
    assert content("Number: 4711\nDate: 3 May\nTotal: 12.50\n\nDear Zoë\n").all()


# What nobody expects


ALL = [each for each in vars(encoding).values() if isinstance(each, Mutator)]
ODD = {
    "a.txt": b"",
    "b.txt": b"a",
    "c.txt": b"\xc3",
    "d.txt": b"\0\0\0",
    "e.txt": b"abc\xff\xfe M\xfcller \xed\xa0\x80\n" * 5,
    "f.csv": bytes(range(256)) * 4,
    "g.html": b"<" * 3000 + "é".encode(),
    "h.html": b"<!--" * 3000 + "é".encode(),
    "i.json": b"[" * 100_000 + b"]" * 100_000,
    "j.json": b'{"a": "' + b"\\" * 999,
    "k.eml": b"From: a\nTo: b\nSubject: c\n" + b"Content-A: b\n" * 3000 + "é".encode(),
    "l.xml": b'<?xml version="1.0" encoding="' + b"a" * 9000,
    "m.txt": "é".encode() * 30_000,
    "n.txt": b"\r" * 3000 + b"\n",
    "o.txt": b"\xff\xfea\0b",
    "p.csv": b'"' * 3001,
}
MEDIA = {
    "txt": "text/plain",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "eml": "message/rfc822",
    "xml": "application/xml",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_documents_are_degraded_or_refused_with_a_reason(name: str) -> None:
    document = Document(ODD[name], MEDIA[name.rpartition(".")[2]], name)
    reasons = list[str]()
    for mutator in ALL:
        if mutator.fits(document.media_type) and mutator.view in views_of(document.media_type):
            for level in (1, 5) if mutator.ladder else (mutator.level,):
                try:
                    said = mutator.apply(read(document, mutator.view), mutator.step(level, 1))
                    write(said.view, document)
                except (NotApplicable, Unreadable) as reason:
                    reasons.append(str(reason))
    assert all(reasons)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(ALL), st.sampled_from([1, 3, 5]))
def test_any_text_is_degraded_or_refused_with_a_reason(value: str, mutator: Mutator, level: float) -> None:
    if mutator.view is not Text:
        return
    try:
        said = at_level(mutator, value, level)
        if isinstance(said.view, Text):
            said.view.encoded()
        for span in said.lost if not isinstance(said.lost, str) else ():
            assert isinstance(span, Span)
            assert 0 <= span.start < span.end <= len(value)
    except NotApplicable:
        return
