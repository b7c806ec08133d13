"""Encoding: what is undone with the right codec was the same; what is not was declared lost, place by place."""

from __future__ import annotations

import html
import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from crumple import CrumpleError, Degraded, NotApplicable, Span, Text
from crumple.mutation.mutator import Mutator
from crumple_mutators import encoding
from crumple_mutators.content import content

GERMAN = "Rechnung 4711\nKunde: Müller & Söhne, Köln\nBetrag: 1.234,50 für Büromöbel\nGrüße aus Düsseldorf\n"
LONG = "".join(f"Zeile {n}: Müller, Straße {n}, 1.{n:03},50 für Büromöbel aus Köln\n" for n in range(200))
JSON = '{"name": "Müller fi", "note": "a \\u00e9 \\n b", "list": [1, true]}\n'


def rng(seed: int = 3) -> Generator:
    return Generator(PCG64(seed))


def degrade(mutator: Mutator, level: float, value: str | Text = GERMAN, seed: int = 3) -> Degraded[Text]:
    text = Text(value) if isinstance(value, str) else value
    return mutator.apply(text, mutator.step(level, seed))


def lost_text(degraded: Degraded[Text], value: str) -> list[str]:
    return [value[span.start : span.end] for span in degraded.lost if isinstance(span, Span)]


def rebuilt(mutator: Mutator, level: float) -> str:
    return degrade(mutator, level).view.value


# Codepages


@pytest.mark.parametrize(
    ("level", "codec"), [(1, "cp1252"), (2, "latin-1"), (3, "cp850"), (4, "mac_roman"), (5, "cp273")]
)
def test_codepage_writes_what_the_right_codec_reads_back(level: int, codec: str) -> None:
    degraded = degrade(encoding.codepage, level)
    assert degraded.view.encoding == codec
    assert degraded.view.encoded().decode(codec) == GERMAN
    assert not degraded.lost


@pytest.mark.parametrize(
    ("value", "codec"),
    [("Привет, мир", "cp1251"), ("Καλημέρα", "cp1253"), ("こんにちは", "cp932"), ("žluťoučký kůň", "cp1250")],
)
def test_codepage_is_that_of_the_texts_own_script(value: str, codec: str) -> None:
    assert degrade(encoding.codepage, 1, value).view.encoded().decode(codec) == value


def test_codepage_loses_exactly_what_it_cannot_hold() -> None:
    value = "Müller & Söhne, Größe, Київ, Köln"
    degraded = degrade(encoding.codepage, 1, value)
    assert degraded.view.encoded() == "Müller & Söhne, Größe, ????, Köln".encode("cp1252")
    assert lost_text(degraded, value) == ["Київ"]


def test_codepage_does_not_apply_where_the_bytes_stay_equal() -> None:
    with pytest.raises(NotApplicable, match="same in cp1252"):
        degrade(encoding.codepage, 1, "plain ASCII\n")
    assert degrade(encoding.codepage, 5, "plain ASCII\n").view.encoded().decode("cp037") == "plain ASCII\n"


def test_mixed_lines_are_windows_bytes_among_utf8() -> None:
    degraded = degrade(encoding.mixed, 3, LONG)
    lines = degraded.view.encoded().splitlines()
    legacy = [line for line in lines if b"M\xfcller" in line]
    assert len(legacy) == 40
    assert all(line.decode("cp1252") in LONG for line in legacy)
    assert all(b"M\xc3\xbcller" in line for line in lines if line not in legacy)
    assert not degraded.lost


def test_mixed_needs_utf8_and_characters_beyond_ascii() -> None:
    with pytest.raises(NotApplicable, match="not in UTF-8"):
        degrade(encoding.mixed, 3, Text(GERMAN, "cp1252"))
    with pytest.raises(NotApplicable, match="beyond ASCII"):
        degrade(encoding.mixed, 3, "plain\n")


@pytest.mark.parametrize(("form", "codec"), [("bom", "utf-16"), ("le", "utf-16-le"), ("be", "utf-16-be")])
def test_utf16_reads_back(form: str, codec: str) -> None:
    written = encoding.utf16(Text(GERMAN), form, rng()).view
    assert written.encoded().decode(codec) == GERMAN


@pytest.mark.parametrize(("mutator", "codec", "unit"), [(encoding.utf16, "utf-16", 2), (encoding.utf32, "utf-32", 4)])
def test_a_missing_byte_loses_the_one_character_that_it_was_of(mutator: Mutator, codec: str, unit: int) -> None:
    for seed in range(20):
        degraded = mutator(Text(GERMAN), "cut", rng(seed))
        (span,) = degraded.lost
        assert span.end == span.start + 1
        assert GERMAN[span.start].isalnum()
        before = GERMAN[: span.start].encode(f"{codec}-le")
        assert degraded.view.startswith(before)
        # The rest of its unit stands there still; what follows it is whole.
        assert degraded.view[len(before) + unit - 1 :].decode(f"{codec}-le") == GERMAN[span.end :]


def test_where_bytes_do_not_show_units_a_missing_one_loses_all_that_follows() -> None:
    value = "請求書番号4711合計金額\n御中株式会社" * 5
    (span,) = encoding.utf16(Text(value.replace("4711", "")), "cut", rng()).lost
    assert span.end == len(value.replace("4711", ""))


def test_in_both_byte_orders_every_line_is_whole_in_one_of_them() -> None:
    data = encoding.utf16(Text(GERMAN), "mixed", rng()).view
    ends = [at for at in range(2, len(data), 2) if data[at - 2 : at] == b"\n\0"]
    assert [data[: ends[-1]].decode("utf-16-le") + data[ends[-1] :].decode("utf-16-be")] == [GERMAN]
    with pytest.raises(NotApplicable, match="single line"):
        encoding.utf16(Text("one line"), "mixed", rng())


def test_undecodable_bytes_cannot_be_written_in_utf16() -> None:
    with pytest.raises(NotApplicable, match="cannot explain"):
        encoding.utf16(Text("a\udcffb"), "le", rng())


def test_bom_goes_before_everything_but_json() -> None:
    assert encoding.bom(Text(GERMAN), rng()).encoded() == b"\xef\xbb\xbf" + GERMAN.encode()
    assert encoding.bom(Text("[Draft]\nhello"), rng()).bom
    for value, reason in ((Text(JSON), "json_bom"), (Text("a", bom=True), "already"), (Text("ä", "cp1252"), "no byte")):
        with pytest.raises(NotApplicable, match=reason):
            encoding.bom(value, rng())


def test_json_bom_may_be_refused_and_bom_may_not() -> None:
    from crumple import Record

    assert encoding.json_bom(Record.parsed(Text(JSON)), rng()).text.encoded() == b"\xef\xbb\xbf" + JSON.encode()
    assert (encoding.json_bom.refusable_from, encoding.bom.refusable_from) == (1, None)


# Misreading


def unread(value: str, via: str) -> str:
    """Undo one round of mojibake: characters that stand for bytes become them, runs of those are read as UTF-8."""
    table = {bytes([byte]).decode(via, "ignore") or chr(byte): byte for byte in range(128, 256)}
    pattern = "[" + "".join(map(re.escape, table)) + "]+"
    return re.sub(pattern, lambda run: bytes(table[each] for each in run.group()).decode(), value)


@pytest.mark.parametrize("via", ["cp1252", "cp437", "cp1251", "mac_roman"])
@pytest.mark.parametrize("value", [GERMAN, "Ñandú Åíàò ÍÐÝ «Привет» 日本語 \N{GRINNING FACE}\n"])
def test_mojibake_once_can_be_undone_byte_for_byte(via: str, value: str) -> None:
    degraded = encoding.mojibake(Text(value), "whole", rng(), via=via)
    assert unread(degraded.view.value, via) == value
    assert not degraded.lost


def test_mojibake_reaches_one_word_then_lines_then_all() -> None:
    word, lines, whole = (degrade(encoding.mojibake, level, LONG) for level in (1, 2, 3))
    assert degrade(encoding.mojibake, 3).view.value.startswith("Rechnung 4711\nKunde: MÃ¼ller & SÃ¶hne, KÃ¶ln\n")
    changed = [
        sum(a != b for a, b in zip(each.view.value.splitlines(), LONG.splitlines(), strict=True))
        for each in (word, lines, whole)
    ]
    assert changed == [1, 20, 200]
    assert not word.lost
    assert not lines.lost
    assert set(word.touched) < set(lines.touched) < set(whole.touched)


@pytest.mark.parametrize(("level", "rounds"), [(4, 2), (5, 3)])
def test_mojibake_several_times_over_is_undone_as_often(level: float, rounds: int) -> None:
    degraded = degrade(encoding.mojibake, level)
    assert not degraded.lost
    value = degraded.view.value
    for _ in range(rounds):
        assert value != GERMAN
        value = unread(value, "cp1252")
    assert value == GERMAN


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_mojibake_is_undone_by_ftfy(level: float) -> None:
    import ftfy

    assert ftfy.fix_text(degrade(encoding.mojibake, level, LONG).view.value, unescape_html=False) == LONG


def test_mojibake_rejects_an_unknown_codepage() -> None:
    with pytest.raises(CrumpleError, match="Did you mean 'cp1252'"):
        encoding.mojibake(Text(GERMAN), "whole", rng(), via="cp1253x")


def test_bad_bytes_are_unreadable_in_utf8_one_for_each_lost_character() -> None:
    degraded = degrade(encoding.bad_bytes, 4, LONG)
    data = degraded.view.encoded()
    assert len(data.decode("utf-8", "replace").split("\N{REPLACEMENT CHARACTER}")) - 1 == sum(
        len(text) for text in lost_text(degraded, LONG)
    )
    assert abs(len(re.findall("[\udc80-\udcff]", degraded.view.value)) - len(LONG.encode()) * 0.01) < 1
    assert all(text.isalnum() for text in lost_text(degraded, LONG))


@pytest.mark.parametrize(("level", "count"), [(1, 1), (2, 3), (3, 14)])
def test_bad_bytes_are_one_then_three_then_a_share(level: int, count: int) -> None:
    degraded = degrade(encoding.bad_bytes, level, LONG)
    assert len(re.findall("[\udc80-\udcff]", degraded.view.value)) == count


def test_bad_bytes_spare_the_structure_of_json() -> None:
    value = degrade(encoding.bad_bytes, 5, JSON * 30).view.value
    assert value.count('"name": "') == 30
    assert value.count("[1, true]") == 30
    assert "\\u00e9" in value


def test_replaced_is_the_replacement_character_or_a_question_mark() -> None:
    assert degrade(encoding.replaced, 5, "Köln, Größe").view.value == "K\ufffdln, Gr\ufffd\ufffde"
    degraded = degrade(encoding.replaced, 5, Text("Köln", "cp1252"))
    assert degraded.view.encoded() == b"K?ln"
    assert lost_text(degraded, "Köln") == ["ö"]
    with pytest.raises(NotApplicable, match="beyond ASCII"):
        degrade(encoding.replaced, 5, "plain")


# The same characters in other forms


def test_decomposed_text_composes_to_what_it_was() -> None:
    value = degrade(encoding.nfd, 5).view.value
    assert value == unicodedata.normalize("NFD", GERMAN) != GERMAN
    assert unicodedata.normalize("NFC", degrade(encoding.nfd, 3, LONG).view.value) == LONG


@pytest.mark.parametrize("mutator", [encoding.full_width, encoding.ligatures])
def test_compatibility_forms_normalise_to_what_they_were(mutator: Mutator) -> None:
    value = "The first office file 4711... offers a flat refill"
    degraded = degrade(mutator, 5, value).view.value
    assert degraded != value
    assert unicodedata.normalize("NFKC", degraded) == value


def test_stripped_marks_are_lost() -> None:
    value = "Müller, Łódź, Đà Nẵng, Ёлка, straße, 東京, ก็"
    degraded = degrade(encoding.diacritics, 5, value)
    assert degraded.view.value == "Muller, Lodz, Da Nang, Елка, strasse, 東京, ก็"
    assert lost_text(degraded, value) == ["ü", "Łó", "ź", "Đà", "ẵ", "Ё", "ß"]


@pytest.mark.parametrize(("layers", "rounds"), [(0.1, 1), (0.5, 1), (1, 1), (1.5, 2), (2, 2), (3, 3)])
def test_entities_unescape_to_what_they_were(layers: float, rounds: int) -> None:
    value = encoding.html_entities(Text(GERMAN), layers, rng()).view.value
    assert value != GERMAN
    for _ in range(rounds):
        assert value != GERMAN
        value = html.unescape(value)
    assert value == GERMAN


def test_entities_are_numbers_in_xml_and_do_not_enter_cells_that_end_at_semicolons() -> None:
    value = "<?xml version='1.0'?><a b='ä'>ö &amp; ü</a>"
    assert encoding.html_entities(Text(value), 1, rng()).view.value == value.replace("ö", "&#246;").replace(
        "ü", "&#252;"
    )
    with pytest.raises(NotApplicable, match="';'"):
        encoding.html_entities(Text("name;city\nZoë;Köln\n"), 1, rng())


# What nobody sees


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("value", ["a\n\n\nb\nc\nd\n\n", GERMAN])
def test_line_endings_change_and_lines_do_not(level: int, value: str) -> None:
    for seed in range(20):
        degraded = degrade(encoding.line_endings, level, value, seed).view.value
        assert degraded != value
        assert re.split("\r?\r\n|\r|\n|\u2028", degraded) == value.split("\n")


def test_line_endings_of_windows_become_those_of_unix() -> None:
    assert degrade(encoding.line_endings, 1, "a\r\nb\r\n").view.value == "a\nb\n"
    with pytest.raises(NotApplicable, match="end so already"):
        degrade(encoding.line_endings, 3, "a\rb\r")
    with pytest.raises(NotApplicable, match="single line"):
        degrade(encoding.line_endings, 1, "a")


def test_the_last_line_end_goes() -> None:
    assert encoding.no_final_newline(Text("a\nb\r\n"), rng()).value == "a\nb"
    with pytest.raises(NotApplicable, match="no line end"):
        encoding.no_final_newline(Text("a"), rng())


@pytest.mark.parametrize(
    ("mutator", "seen"),
    [
        (encoding.no_break_spaces, {"\u00a0": " ", "\u202f": " ", "\u2007": " "}),
        (encoding.zero_width, dict.fromkeys("\u200b\ufeff\u2060\u200c", "")),
        (encoding.soft_hyphens, {"\u00ad": ""}),
        (encoding.bidi_controls, dict.fromkeys("\u200e\u200f\u061c", "")),
    ],
)
@pytest.mark.parametrize("value", [GERMAN, JSON])
def test_what_is_invisible_reads_the_same_without_it(mutator: Mutator, seen: dict[str, str], value: str) -> None:
    degraded = degrade(mutator, 5, value).view.value
    assert degraded != value
    assert degraded.translate(str.maketrans(seen)) == value
    if value is JSON:
        assert degraded.count('", "note": "') == 1
        assert degraded.endswith(' "list": [1, true]}\n')


# All of the family

SHARED = [
    encoding.bad_bytes,
    encoding.bidi_controls,
    encoding.diacritics,
    encoding.full_width,
    encoding.html_entities,
    encoding.dotless_i,
    encoding.dropped,
    encoding.question_marks,
    encoding.misread_marks,
    encoding.transliterated,
    encoding.unicode_escapes,
    encoding.percent,
    encoding.quoted_printable,
    encoding.nbsp_litter,
    encoding.nul,
    encoding.control_characters,
    encoding.overlong,
    encoding.stray_boms,
    encoding.worn_mojibake,
    encoding.mixed,
    encoding.mixed_mid_line,
    encoding.mojibake,
    encoding.nfd,
    encoding.no_break_spaces,
    encoding.replaced,
    encoding.soft_hyphens,
    encoding.zero_width,
]


def characters(degraded: Degraded[Text]) -> set[int]:
    return {
        position
        for span in (*degraded.lost, *degraded.touched)
        if isinstance(span, Span)
        for position in range(span.start, span.end)
    }


@pytest.mark.parametrize("mutator", SHARED, ids=lambda each: each.name)
def test_a_higher_level_damages_the_same_places_and_more(mutator: Mutator) -> None:
    for seed in (0, 1):
        hit = [characters(degrade(mutator, level, LONG, seed)) for level in (0.5, 1, 2, 2.5, 3, 4, 5)]
        assert hit[0]
        assert all(less <= more for less, more in itertools.pairwise(hit))
        assert len(hit[0]) < len(hit[-1])


@pytest.mark.parametrize("mutator", SHARED, ids=lambda each: each.name)
def test_different_seeds_hit_different_places(mutator: Mutator) -> None:
    assert len({degrade(mutator, 2, LONG, seed).view.value for seed in range(5)}) > 1


@given(st.text(st.characters(blacklist_categories=("Cs",))))
def test_content_of_any_text_has_its_length(value: str) -> None:
    assert len(content(value)) == len(value)


def test_content_leaves_out_tags_keys_escapes_and_headers() -> None:
    def shown(value: str) -> str:
        return "".join(each for each, is_content in zip(value, content(value), strict=True) if is_content)

    assert shown('{"k": "a\\n\\u00e9b", "n": 12}') == "ab"
    assert shown("<p class='x'>a &amp; b<script>if (1<2) c</script></p>") == "a  b"
    mail = "From: a@b.c\nTo: d@e.f\nSubject: =?utf-8?q?x?=\n\n--b1\nContent-Type: text/plain\n\nHello=20you\n"
    assert shown(mail).split() == ["Hello", "you"] or shown(mail).strip() == "Helloyou"
    assert shown("plain, all of it") == "plain, all of it"
