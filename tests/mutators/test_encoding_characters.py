"""Encoding, the characters: misread, marked, dropped, spelled out, escaped; what reads the same, and what is lost."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

import pytest
from numpy.random import PCG64, Generator

from crumple import Degraded, NotApplicable, Span, Text
from crumple.mutation.mutator import Mutator
from crumple_mutators import encoding

GERMAN = "Rechnung 4711\nKunde: Müller & Söhne, Köln\nBetrag: 1.234,50 für Büromöbel\nGrüße aus Düsseldorf\n"
NAMES = "José Núñez, Málaga, René Lefèvre, Zoë, Ãngela, voilà, Írisz, Ágota, ¡sí!\n"


def rng(seed: int = 3) -> Generator:
    return Generator(PCG64(seed))


def at_level(mutator: Mutator, value: str, level: float = 5, seed: int = 3) -> Degraded[Text]:
    return mutator.apply(Text(value), mutator.step(level, seed))


def lost_text(degraded: Degraded[Text], value: str) -> list[str]:
    return [value[span.start : span.end] for span in degraded.lost if isinstance(span, Span)]


# Misread


def test_worn_mojibake_loses_what_a_byte_is_gone_from_and_only_that() -> None:
    degraded = at_level(encoding.worn_mojibake, NAMES)
    assert degraded.view.value.startswith("JosÃ© NÃºÃ±ez, MÃ¡laga, RenÃ© LefÃ¨vre")
    assert set(lost_text(degraded, NAMES)) == {"à", "Í", "Á", "í"}
    # What is lost cannot be told: these four differ by a byte that is not there any more.
    alone = [at_level(encoding.worn_mojibake, each).view.value for each in "ÁÍÏÐÝí"]
    assert set(alone) == {"Ã"}


def test_worn_mojibake_loses_a_character_exactly_where_its_bytes_do_not_give_it_back() -> None:
    for each in map(chr, [*range(0xA0, 0x250), *range(0x391, 0x3CA), *range(0x410, 0x450), 0x20AC, 0x2019, 0x1F600]):
        degraded = at_level(encoding.worn_mojibake, each)
        seen = degraded.view.value
        data = b"".join(b.encode("cp1252") if ord(b) > 0xFF or ord(b) < 0x80 else b.encode("latin-1") for b in seen)
        assert (data.decode("utf-8", "replace") != each) == bool(degraded.lost), (each, seen)


@pytest.mark.parametrize(
    ("read_as", "seen"),
    [
        ("latin-1", "N\u00fa\u00f1ez\u0092s B\u00fcro \u0096 12 \u0080"),
        ("windows", "Nú\u0144ez’s Büro – 12 €"),
        ("mac_roman", "N˙Òezís B¸ro ñ 12 Ä"),
        ("cp437", "N·±ezÆs Bⁿro û 12 Ç"),
        ("cp1251", "Nъсez’s Bьro – 12 Ђ"),
    ],
)
def test_one_codepage_read_as_another(read_as: str, seen: str) -> None:
    value = "Núñez’s Büro – 12 €"
    degraded = encoding.misread(Text(value), read_as, rng())
    assert degraded.view.value == seen
    lost = set(lost_text(degraded, value))
    assert lost == {"windows": {"ñ"}, "mac_roman": {"’", "–", "€"}, "cp437": {"’", "–", "€"}}.get(read_as, set())


def test_whole_words_of_another_script_can_be_told_and_undone() -> None:
    degraded = encoding.misread(Text("Привет, мир"), "windows", rng())
    assert degraded.view.value == "Ïðèâåò, ìèð"
    assert not degraded.lost
    assert degraded.view.value.encode("cp1252").decode("cp1251") == "Привет, мир"
    japanese = encoding.misread(Text("請求書"), "windows", rng())
    assert japanese.view.value.encode("cp1252", "ignore") in "請求書".encode("cp932") or not japanese.lost


def test_typographic_signs_become_controls_that_cp1252_explains() -> None:
    value = "It's the firm’s “best” offer – 12 €, net - and more"
    degraded = at_level(encoding.c1_controls, value).view.value
    assert degraded.encode("latin-1").decode("cp1252") == "It’s the firm’s “best” offer – 12 €, net – and more"
    assert not set("’“”–€").intersection(degraded)


# Gone


@pytest.mark.parametrize(
    ("mutator", "seen"),
    [
        (encoding.question_marks, "K?ln, Gr??e, ?"),
        (encoding.misread_marks, "Kï¿½ln, Grï¿½ï¿½e, ï¿½"),
        (encoding.dropped, "Kln, Gre, "),
        (encoding.replaced, "K\ufffdln, Gr\ufffd\ufffde, \ufffd"),
    ],
)
def test_what_stood_beyond_ascii_is_lost(mutator: Mutator, seen: str) -> None:
    value = "Köln, Größe, €"
    degraded = at_level(mutator, value)
    assert degraded.view.value == seen
    assert lost_text(degraded, value) == ["ö", "öß", "€"]


def test_letters_that_are_spelled_out_are_lost_and_signs_are_not() -> None:
    value = "Müller, Ørsted, Straße, José – 12 € “net”\u00a0…"
    degraded = at_level(encoding.transliterated, value)
    assert degraded.view.value == 'Mueller, Oersted, Strasse, Jose - 12 EUR "net" ...'
    assert lost_text(degraded, value) == ["ü", "Ø", "ß", "é"]
    assert at_level(encoding.transliterated, '{"name": "“Zoë”"}').view.value == '{"name": "“Zoe”"}'


# The same in other forms


@pytest.mark.parametrize(
    ("mutator", "value", "seen"),
    [
        (encoding.long_s, "dies ist das Haus, sagst s3 us", "dieſ".replace("ſ", "s") + " iſt das Haus, ſagſt s3 us"),
        (encoding.dotless_i, "Invoice in", "İnvoıce ın"),
        (encoding.typography, "firm's 2024-0117 is -12.50 - ok", "firm’s 2024‑0117 is −12.50 – ok"),
        (encoding.nfkc, "m² № ﬁ ½ é", "m2 No fi 1⁄2 é"),
    ],
)
def test_other_forms_of_the_same(mutator: Mutator, value: str, seen: str) -> None:
    assert at_level(mutator, value).view.value == seen


def test_a_superscript_that_joins_other_digits_is_lost() -> None:
    value = "5² m and № 3"
    assert lost_text(at_level(encoding.nfkc, value), value) == ["²"]


def test_turkish_keeps_its_dots() -> None:
    with pytest.raises(NotApplicable, match="Turkish"):
        at_level(encoding.dotless_i, "İstanbul ışık")


# Escapes


def undo_unicode(value: str) -> str:
    units = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), value)
    return units.encode("utf-16", "surrogatepass").decode("utf-16")


def undo_quoted_printable(value: str) -> str:
    return re.sub("(?:=[0-9A-F]{2})+", lambda run: bytes.fromhex(run.group().replace("=", "")).decode(), value)


@pytest.mark.parametrize(
    ("mutator", "undo", "once", "twice"),
    [
        (encoding.unicode_escapes, undo_unicode, r"M\u00fc", r"M\\u00fc"),
        (encoding.percent, unquote, "M%C3%BC", "M%25C3%25BC"),
        (encoding.quoted_printable, undo_quoted_printable, "M=C3=BC", "M=3DC3=3DBC"),
        (encoding.html_entities, html.unescape, "M&uuml;", "M&amp;uuml;"),
    ],
)
@pytest.mark.parametrize("layers", [0.1, 0.5, 1, 1.5, 2, 3])
def test_escapes_are_undone_as_often_as_they_were_made(
    mutator: Mutator, undo: type[str], once: str, twice: str, layers: float
) -> None:
    clean = "Müller & 5 % = \N{GRINNING FACE}, Köln\n" * 5
    value = mutator(Text(clean), layers, rng()).view.value
    assert value != clean
    assert (once in value) == (layers < 2)
    assert (twice in value) == (1 < layers < 3)
    for _ in range(1 if mutator is encoding.unicode_escapes else -int(-layers // 1)):
        value = undo(value)
    assert value == clean


@pytest.mark.parametrize(
    ("mutator", "value"),
    [
        (encoding.percent, "5%20 für"),
        (encoding.quoted_printable, "a=3D für"),
        (encoding.unicode_escapes, "\\u00fc für"),
        (encoding.html_entities, "A &amp; B für"),
    ],
)
def test_what_is_escaped_already_is_left_alone(mutator: Mutator, value: str) -> None:
    with pytest.raises(NotApplicable, match="already"):
        at_level(mutator, value)


def test_unicode_escapes_are_what_json_reads() -> None:
    import json

    value = '{"name": "Müller \N{GRINNING FACE}"}'
    assert json.loads(at_level(encoding.unicode_escapes, value, 3).view.value) == json.loads(value)
    twice = json.loads(at_level(encoding.unicode_escapes, value, 4).view.value)
    assert json.loads(f'"{twice["name"]}"') == json.loads(value)["name"]


def test_litter_is_a_reference_that_the_format_knows() -> None:
    assert at_level(encoding.nbsp_litter, "a b c").view.value == "a&nbsp;b&nbsp;c"
    assert at_level(encoding.nbsp_litter, "<order>a b</order>").view.value == "<order>a&#160;b</order>"
    assert at_level(encoding.nbsp_litter, "<!doctype html><p class='x y'>a b</p>").view.value.endswith("a&nbsp;b</p>")
    with pytest.raises(NotApplicable, match="';'"):
        at_level(encoding.nbsp_litter, "a;b\nc d;e\n")


# Controls


@pytest.mark.parametrize("mutator", [encoding.nul, encoding.control_characters])
@pytest.mark.parametrize("value", [GERMAN, "name,city\nZoë Brontë,Köln\nx,y\n"])
def test_without_control_characters_it_reads_the_same(mutator: Mutator, value: str) -> None:
    for level in (1, 3, 5):
        degraded = at_level(mutator, value, level).view.value
        assert degraded != value
        assert "".join(each for each in degraded if each == "\n" or unicodedata.category(each) != "Cc") == value


def test_zeros_fill_values_and_ctrl_z_ends_the_file() -> None:
    assert re.fullmatch("a\0+,b\0+\nc d\0+", at_level(encoding.nul, "a,b\nc d").view.value)
    assert encoding.ctrl_z(Text("a\n"), rng()).value == "a\n\x1a"
    with pytest.raises(NotApplicable, match="already"):
        encoding.ctrl_z(Text("a\n\x1a\n"), rng())


def test_spaces_beside_others_stay() -> None:
    assert at_level(encoding.nbsp_litter, " a  b\tc d ").view.value == " a  b\tc&nbsp;d "


@pytest.mark.parametrize("mutator", [encoding.dropped, encoding.misread_marks, encoding.nfd, encoding.zero_width])
def test_many_places_at_once_are_written_as_one_after_the_other(mutator: Mutator) -> None:
    line = "Köln é ab\n"
    together = at_level(mutator, line * 400).view.value
    without = together.translate(dict.fromkeys(map(ord, "\u200b\ufeff\u2060\u200c")))
    alone = at_level(mutator, line).view.value.translate(dict.fromkeys(map(ord, "\u200b\ufeff\u2060\u200c")))
    assert without == alone * 400
    assert together != line * 400
