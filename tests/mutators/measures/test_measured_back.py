"""Measures of what is no page: what a mutator did is measured back, and clean documents are clean."""

from functools import cache

import pytest

from crumple import Document, Page, corpora, read, views_of, write
from crumple.measuring import Measure
from crumple.mutation.action import act
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover as mutators
from crumple.profile.measures import discover as measures
from crumple.profile.one_file import kind_of, measured
from crumple.profile.severity import level_of
from crumple.recipe import Value

PROSE = (
    "Sehr geehrte Frau Müller,\n\nwir danken Ihnen für Ihr Schreiben vom Montag. Die Lieferung der Büromöbel verzögert "
    "sich leider um eine Woche. Wir bitten dafür um Entschuldigung – es war unser Fehler.\n\nDas Büro in Köln ist "
    "geöffnet, “täglich” außer sonntags. Bitte rufen Sie uns an. Herr Groß hilft Ihnen gern weiter.\n\nMit "
    "freundlichen Grüßen\nJürgen Schäfer\n"
)
TABLE = "order_no,customer,city,net amount\n" + "".join(
    f"{1000 + n},Zoë Brontë {n},{('Málaga', 'Köln', 'Paris')[n % 3]},{n * 37 % 900 + 0.25:.2f}\n" for n in range(40)
)
JSON = '{"order": 4711, "customer": {"name": "Müller & Söhne"}, "lines": [{"item": "Stühle", "count": 12}]}\n'
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<order><customer>Müller</customer><total>12.50</total></order>\n'
HTML = '<!doctype html>\n<html><head><meta charset="utf-8"><title>Köln</title></head><p>Grüße</p></html>\n'
DOCUMENTS = {
    name: Document(text.encode(), kind, name)
    for name, kind, text in [
        ("letter.txt", "text/plain", PROSE),
        ("orders.csv", "text/csv", TABLE),
        ("order.json", "application/json", JSON),
        ("order.xml", "application/xml", XML),
        ("page.html", "text/html", HTML),
    ]
}
NO_PAGES = tuple(each for each in measures() if each.view is not Page)


@cache
def known() -> dict[str, Mutator]:
    return {each.name: each for each in mutators()}


def found(document: Document) -> dict[str, tuple[Value, float]]:
    """What is the matter with a document: measure -> value and level."""
    ladders = {name: each.ladder for name, each in known().items() if each.ladder is not None}
    said = measured(document, document.name, NO_PAGES, ladders)
    assert not said.failed
    levels = {each.of: (each.value, level_of(known().get(each.of), each.value, each.of)) for each in said.findings}
    return {of: (value, level) for of, (value, level) in levels.items() if value is not None and level is not None}


def degraded(name: str, of: str, level: float) -> Document:
    document, mutator = DOCUMENTS[name], known()[of]
    assert mutator.view in views_of(document.media_type)
    made = write(act(mutator, read(document, mutator.view), mutator.step(level, 3)).view, document)
    return Document(made.data, kind_of(made.data, made.name), made.name)


def test_clean_documents_are_clean() -> None:
    letters = corpora.generated("letters", {"count": 14})
    documents = [letters.load(entry.id).document for entry in letters.entries()]
    texts = [each for each in documents if each.media_type == "text/plain"]
    assert len(texts) > 10
    for each in [*texts, *DOCUMENTS.values()]:
        assert found(each) == {}, each.name


@pytest.mark.parametrize(
    ("name", "of", "level"),
    [
        ("letter.txt", "encoding.codepage", 1),
        ("letter.txt", "encoding.codepage", 3),
        ("letter.txt", "encoding.codepage", 4),
        ("letter.txt", "encoding.codepage", 5),
        ("letter.txt", "encoding.utf16", 1),
        ("letter.txt", "encoding.utf16", 2),
        ("letter.txt", "encoding.utf16", 3),
        ("letter.txt", "encoding.utf32", 2),
        ("letter.txt", "encoding.mojibake", 3),
        ("letter.txt", "encoding.mojibake", 4),
        ("letter.txt", "encoding.mojibake", 5),
        ("letter.txt", "encoding.line_endings", 3),
        ("letter.txt", "encoding.line_endings", 4),
        ("letter.txt", "encoding.replaced", 5),
        ("letter.txt", "encoding.misread_marks", 5),
        ("letter.txt", "encoding.nfd", 5),
        ("letter.txt", "encoding.soft_hyphens", 4),
        ("letter.txt", "encoding.control_characters", 4),
        ("letter.txt", "encoding.zero_width", 4),
        ("letter.txt", "encoding.bidi_controls", 4),
        ("letter.txt", "encoding.html_entities", 3),
        ("letter.txt", "encoding.bom", 1),
        ("orders.csv", "encoding.mixed", 3),
        ("orders.csv", "encoding.bad_bytes", 4),
        ("orders.csv", "encoding.unicode_text", 3),
        ("order.json", "encoding.not_utf8", 1),
        ("order.json", "encoding.json_bom", 1),
        ("order.json", "format.json_unclosed", 1),
        ("order.xml", "encoding.charset_lie", 1),
        ("page.html", "encoding.declared_codepage", 1),
        ("orders.csv", "table.delimiter", 1),
        ("orders.csv", "table.delimiter", 4),
        ("orders.csv", "table.decimal_comma", 5),
        ("orders.csv", "table.ragged_row", 4),
        ("orders.csv", "table.preamble", 1),
        ("orders.csv", "table.footer_total", 1),
        ("orders.csv", "table.blank_lines", 3),
        ("orders.csv", "table.blank_end", 3),
        ("orders.csv", "table.header_repeated", 2),
        ("orders.csv", "table.header", 5),
        ("orders.csv", "table.comments", 2),
        ("orders.csv", "table.row_duplicated", 3),
        ("orders.csv", "table.quoting", 2),
        ("orders.csv", "truncation.header_only", 3),
        ("orders.csv", "truncation.empty", 5),
        ("orders.csv", "corruption.gzipped", 3),
        ("letter.txt", "corruption.zipped", 2),
        ("order.json", "corruption.html_error_page", 5),
        ("letter.txt", "corruption.padded", 3),
        ("letter.txt", "corruption.zero_tail", 3),
    ],
)
def test_a_level_is_measured_back(name: str, of: str, level: float) -> None:
    said = found(degraded(name, of, level))
    assert of in said
    value, told = said[of]
    assert told == pytest.approx(level, abs=0.5), value
    other = {each for each in said if each.split(".")[0] == of.split(".", maxsplit=1)[0]} - {of}
    assert not other, "and nothing else of its kind"


@pytest.mark.parametrize(
    "text",
    [
        "RELATÓRIO: «AMANHÃ», “NÃO” E “AMANHÃ”, disse – É…",  # quotes behind capitals are no mojibake
        "Straße „Fuß“ – Größe: 10 °C ± 2, £5, ½ Pfund, CAFÉ» «ÉTÉ»",
        "Москва, Січень, Ґанок: «Київ» – №5, ціна 10 грн…",
        "Prix : 1 234,50 € ; « oui » !",
        "نص عربي مع أرقام ١٢٣ و\u200cنص",
        "क्\u200dष ज्ञ १२३",
        "👩\u200d👩\u200d👧 ok",
        "a?b, what? yes & no; AT&T &c. x < y",
        "L’ÉTÉ… À… É — Ü’s Ä» Ö” (Å™)",
        "¿Qué? ¡Sí! Ångström, Übergröße, naïve, façade",
    ],
)
def test_unusual_text_that_is_right_is_clean(text: str) -> None:
    assert found(Document(f"{text}\n".encode() * 3, "text/plain", "a.txt")) == {}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        # A packed file of a kind that is not known may end with a zero by rights.
        (bytes(range(1, 78)) + b"\0", "application/octet-stream"),
        # Beside decimal points, "5,4" is a pair of numbers.
        (b"id,net,place\n" + b"".join(b'%d,%d.25,"%d,4"\n' % (n, n, n) for n in range(1, 9)), "text/csv"),
        # One cell longer than what is looked at: what follows is there all the same.
        (b"name,net\n" + b"word " * 220_000 + b",2\nc,4\nd,6\ne,8\n", "text/csv"),
    ],
)
def test_unusual_data_that_are_right_are_clean(data: bytes, kind: str) -> None:
    assert found(Document(data, kind, "a.csv" if kind == "text/csv" else "a.bin")) == {}


def test_what_has_no_spaces_takes_no_longer_than_its_length() -> None:
    """Looked through from each of its characters, this would take minutes."""
    assert found(Document(b"id" + b",10022" * 60_000 + b"\n", "text/plain", "a.txt")) == {}
    misread = "\u00c3\u00a9" * 20_000
    assert found(Document(misread.encode(), "text/plain", "a.txt"))["encoding.mojibake"][0] == "whole"


@pytest.mark.parametrize(
    ("data", "kind", "of"),
    [
        (b'{"a": [1, 2, {"b": "x', "application/json", "truncation.cut"),
        (b'<?xml version="1.0"?>\n<a><b>one</b><c>tw', "application/xml", "truncation.cut"),
        ("Grüße aus Köl".encode() + "ß".encode()[:1], "text/plain", "truncation.cut"),
        (b"%PDF-1.4\n1 0 obj<</Type/Catalog>> endobj\n2 0 obj<</Len", "application/pdf", "truncation.cut"),
        (b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n4,5", "text/csv", "truncation.cut_table"),
    ],
)
def test_what_was_cut_is_found_without_a_level(data: bytes, kind: str, of: str) -> None:
    assert found(Document(data, kind, "a." + kind.rpartition("/")[2])).get(of, (None,))[0] is True


def test_a_large_json_is_not_taken_for_a_cut_one() -> None:
    data = ("[" + ",\n".join(['{"a": "ü"}'] * 120_000) + "]").encode()
    assert len(data) > 1 << 20
    assert found(Document(data, "application/json", "a.json")) == {}


def test_every_measure_names_a_mutator_or_says_that_none_does_it() -> None:
    for each in measures():
        assert isinstance(each, Measure)
        assert each.doc, each.of
        assert each.of in known() or "No mutator" in each.doc, each.of
        assert all(name in known() for name in each.stands_for), each.of
