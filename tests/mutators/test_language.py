"""The category language: what all keep, labels, values, small words, sentences, declarations."""

import json
import re

import numpy as np
import pytest

import crumple_mutators.language as family
from crumple import SAME, AnyOf, Degraded, Edit, NotApplicable, Replaced, Span, Text
from crumple_mutators.language import words
from crumple_mutators.language.courtesies import REMARKS
from crumple_mutators.language.prose import Prose
from crumple_mutators.language.samples import LETTER as EXAMPLE
from crumple_mutators.language.tongues import spoken
from naming import degraded_or_refused

MUTATORS = [getattr(family, name) for name in family.__all__]
BY_SHARE = [each for each in MUTATORS if each.parameter == "share"]
LETTER = EXAMPLE[1]


def apply(mutator, content: str = LETTER, *, seed: int = 0, **parameters) -> Degraded:
    result = mutator(Text(content), **parameters, rng=np.random.default_rng(seed))
    return result if isinstance(result, Degraded) else Degraded(result)


def now(degraded: Degraded) -> str:
    return degraded.view.value


def places(degraded: Degraded) -> set[Span]:
    edits = degraded.truth.options if isinstance(degraded.truth, AnyOf) else (degraded.truth,)
    return {*degraded.lost, *degraded.touched, *(place for edit in edits for place in edit.values)}


def said(degraded: Degraded) -> set[str]:
    edits = degraded.truth.options if isinstance(degraded.truth, AnyOf) else (degraded.truth,)
    found = {"same" if each == SAME else "new" for each in edits}
    return (found - {"same"} if degraded.lost else found) | ({"lost"} if degraded.lost else set())


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_acts_on_its_example_at_every_level_and_says_only_what_it_declares(mutator):
    for _, content in mutator.examples:
        for level in mutator.levels((1, 2, 3, 4, 5)) or (mutator.level,):
            for seed in range(8):
                degraded = mutator.apply(Text(content), mutator.step(level, seed))
                assert now(degraded) != content
                assert said(degraded) <= set(mutator.truth)


@pytest.mark.parametrize("mutator", BY_SHARE, ids=lambda each: each.name)
def test_a_greater_share_touches_a_superset_and_leaves_all_else_as_it_was(mutator):
    # The points between thousands and the decimals of the letter would prove each other.
    content = mutator.examples[0][1] * 12
    for seed in range(3):
        before: set[Span] = set()
        for share in mutator.ladder.rungs:
            degraded = apply(mutator, content, seed=seed, share=share)
            touched = sorted(places(degraded))
            assert before <= set(touched)
            before = set(touched)
            bounds = [0, *(at for span in touched for at in (span.start, span.end)), len(content)]
            at = 0
            for start, end in zip(bounds[::2], bounds[1::2], strict=True):
                at = now(degraded).find(content[start:end], at) + end - start
                assert at >= end - start
            assert now(degraded).endswith(content[bounds[-2] :])


HOSTILE = {
    "nothing": "",
    "blank": " \n",
    "one character": "a",
    "no occasion": "so be it.\n",
    "bare mail": "From: a@b.c\nTo: b@c.d\nSubject: x\nDate: y\n\nhi\n",
    "NUL": "Total\0: 5\0\n" * 50,
    "undecodable bytes": "\udc80\udcff Maria Jensen 2024-03-05 \udce4: Müller €5.50\n" * 50,
    "open tags": "<html><p " * 20_000,
    "open comments": "<html>" + "<!-- " * 20_000,
    "open scripts": "<html>" + "<script>" * 20_000,
    "open entities": "<html>" + "&a" * 20_000,
    "open strings": '{"a": "' + '\\"' * 20_000,
    "deep JSON": "[" * 100_000,
    "spaces": " " * 100_000 + "x",
    "one word": "Ä" * 100_000,
    "digits": "1" * 100_000,
    "points": "1." * 50_000,
    "colons": "a:" * 20_000,
    "capitals": "Maria " * 5_000,
    "nested mail": "".join(
        f"From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(300)
    ),
    "right to left": "א" * 100_000,
    "too long": "Total: 5\n" * 500_000,
}


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_bad_input_is_skipped_with_a_reason_or_changed(mutator):
    """Nothing else is raised; a pattern that looked at each character many times would not come to an end here."""
    truth = {"name": "Maria Jensen", "date": "2024-03-05", "text": "a longer text of more than eight words, it is"}
    for kind, content in HOSTILE.items():
        with degraded_or_refused(kind):
            mutator.apply(Text(content), mutator.step(5 if mutator.ladder else mutator.level, 0), truth)


@pytest.mark.parametrize("table", [words.labels(), words.values(), words.small_words()])
def test_every_row_of_words_has_a_word_in_every_language(table):
    widths = {len(row) for row in table}
    assert len(widths) == 1
    assert widths <= {9, len(words.LANGUAGES)}
    assert all(all(row) for row in table)


def test_labels_are_known_in_eight_scripts():
    import unicodedata

    scripts = {
        unicodedata.name(sign).split()[0] for row in words.labels() for word in row for sign in word if sign.isalpha()
    }
    assert {"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "DEVANAGARI", "CJK", "HANGUL"} <= scripts


def test_labels_are_in_another_language_and_values_as_they_were():
    degraded = apply(family.labels_translated, share=1.0)
    old, new = LETTER.splitlines(), now(degraded).splitlines()
    assert [line.partition(": ")[2] for line in new] == [line.partition(": ")[2] for line in old]
    source = {row[0]: row for row in words.labels()}
    translated = [(a.partition(":")[0], b.partition(":")[0]) for a, b in zip(old, new, strict=True) if a != b]
    assert translated
    assert all(b in source[a] for a, b in translated)


@pytest.mark.parametrize("label", ["Fälligkeitsdatum", "Срок оплаты", "支払期限", "تاريخ الاستحقاق"])
def test_a_text_is_translated_from_the_language_that_it_is_in(label):
    degraded = apply(family.labels_translated, f"{label}: 2024-03-05\n", share=1.0)
    new = now(degraded).partition(":")[0]
    assert new in next(row for row in words.labels() if label in row)
    assert new != label


def test_a_label_that_stands_often_is_translated_everywhere_or_nowhere():
    content = "Item: a\nDate: b\nItem: c\nTotal: 5\n" * 3
    for seed in range(6):
        text = now(apply(family.labels_translated, content, seed=seed, share=0.02))
        assert [line for line in text.splitlines() if line not in content.splitlines()]
        assert text.count("Item") in (0, 6)


def test_a_word_in_a_sentence_is_no_label():
    with pytest.raises(NotApplicable, match="no word known"):
        apply(family.labels_translated, "The total of it was on the date that the customer named.\n", share=1.0)


def test_labels_in_capitals_stay_in_capitals():
    label, _, _ = now(apply(family.labels_translated, "DUE DATE: 2024-03-05\n", share=1.0)).partition(":")
    assert label == label.upper()
    assert label != "DUE DATE"


def test_bilingual_labels_are_undone_by_taking_the_second_off():
    degraded = apply(family.labels_bilingual, share=1.0)
    assert re.sub(r"(?m)^([^:/\n]+) / [^:\n]+:", r"\1:", now(degraded)) == LETTER


def test_labels_between_tags_are_translated_and_attributes_are_not():
    content = '<html><td title="Total">Total</td><td>5</td></html>'
    assert re.fullmatch(
        r'<html><td title="Total">(?!Total<)[^<>]+</td><td>5</td></html>',
        now(apply(family.labels_translated, content, share=1.0)),
    )


def test_a_translated_value_may_be_given_in_either_language():
    degraded = apply(family.values_translated, "Country: Germany\n", share=1.0)
    _, _, value = now(degraded).strip().partition(": ")
    assert value != "Germany"
    assert degraded.truth == Edit(values={Span(9, 16): AnyOf("Germany", value)})
    told = apply(family.values_translated, "Country: Germany\n", share=1.0, truth={"country": "Germany", "n": 1})
    assert told.truth == Replaced({"country": AnyOf("Germany", value), "n": 1})


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ('{"country": "Germany", "Germany": 1}', lambda text: json.loads(text)["country"]),
        ("id,country,to\n1,Germany,x\n2,Utopia,x\n", lambda text: text.split(",")[3]),
    ],
)
def test_values_in_records_and_tables_are_translated_and_keys_are_not(content, read):
    degraded = apply(family.values_translated, content, share=1.0)
    assert read(now(degraded)) in next(row for row in words.values() if row[0] == "Germany")
    assert read(now(degraded)) != "Germany"
    assert now(degraded).replace(read(now(degraded)), "Germany") == content


def test_switched_words_leave_names_and_numbers_and_a_text_is_right_both_ways():
    content = "Please write to Ann and Bo for 20 pieces, thank you.\n"
    degraded = apply(family.words_switched, content, share=0.6, truth={"note": content.strip(), "to": "Ann"})
    assert {"Ann", "Bo", "20", "pieces", "write"} <= set(re.findall(r"\w+", now(degraded)))
    assert [content[span.start : span.end] for span in degraded.touched] == ["Please", "to", "and", "for", "thank you"]
    assert degraded.truth == Replaced({"note": AnyOf(content.strip(), now(degraded).strip()), "to": "Ann"})


@pytest.mark.parametrize("lines", [1, 2, 3, 5, 8])
def test_courtesies_stand_around_a_text_that_stays_as_it_was(lines):
    for content in (LETTER, LETTER.rstrip("\n")):
        degraded = apply(family.greeting, content, lines=lines, truth={"total": 1234.5, "text": content})
        assert content in now(degraded)
        assert len(now(degraded).replace(content, "").split("\n\n" if lines == 1 else "\n")) > lines - 1
        assert degraded.truth == Replaced({"total": 1234.5, "text": AnyOf(content, now(degraded))})


@pytest.mark.parametrize("lines", [1, 3, 5])
def test_a_transcription_without_the_last_line_end_has_the_closing_as_well(lines):
    """As .truth.txt gives it: the closing is put in behind a line end that the truth does not have."""
    degraded = apply(family.greeting, LETTER, lines=lines, truth=LETTER.rstrip("\n"))
    assert degraded.truth == Replaced(AnyOf(LETTER.rstrip("\n"), now(degraded).rstrip("\n")))


def test_courtesies_are_in_a_language_that_the_encoding_can_write():
    for seed in range(12):
        text = family.greeting(Text(LETTER, "cp1252"), lines=8, rng=np.random.default_rng(seed)).view
        assert text.encoded().decode("cp1252") == text.value


SENTENCES = "Wir liefern bis zum 5. Oktober 2025. Bitte prüfen Sie die Ware und rufen Sie uns an.\nTotal: 5\n"


def test_added_sentences_are_foreign_and_undone_by_taking_them_off():
    for seed in range(8):
        degraded = apply(family.sentences_added, SENTENCES, seed=seed, share=1.0, truth={"note": SENTENCES})
        remarks = [remark for own in REMARKS.values() for remark in own]
        put_in = [remark for remark in remarks if f" {remark}" in now(degraded)]
        assert put_in
        assert not set(put_in) & set(REMARKS["de"])
        assert re.sub("|".join(f" {re.escape(remark)}" for remark in put_in), "", now(degraded)) == SENTENCES
        assert now(degraded).startswith("Wir liefern bis zum 5. Oktober 2025. ")
        assert now(degraded).endswith("\nTotal: 5\n")
        assert degraded.truth == Replaced({"note": AnyOf(SENTENCES, now(degraded))})
        assert [SENTENCES[span.start - 1] for span in degraded.touched] == [".", "."]


def test_only_sentences_without_numbers_give_way_to_foreign_ones():
    degraded = apply(family.sentences_replaced, SENTENCES, share=1.0, truth={"total": 5})
    assert now(degraded).startswith("Wir liefern bis zum 5. Oktober 2025. ")
    assert now(degraded).endswith("\nTotal: 5\n")
    assert "prüfen" not in now(degraded)
    assert degraded.truth == SAME
    assert family.sentences_replaced.refusable_from == 4


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("Thank you for the goods and your letter", "en"),
        ("Vielen Dank für die Ware und Ihren Brief", "de"),
        ("Merci pour votre lettre et les pièces dans le dossier", "fr"),
        ("Благодарим вас за письмо, которое мы получили", "ru"),
        ("お電話でお話しした内容を、簡単にまとめてお送りいたします。", "ja"),
        ("1234", ""),
    ],
)
def test_the_language_of_a_text_is_told_from_its_small_words_or_script(value, language):
    assert spoken(value) == language


def test_only_the_declared_language_changes():
    content = '<html lang="en-GB"><p xml:lang="en">lang="en"</p></html>'
    codes = re.fullmatch(
        r'<html lang="([\w-]+)"><p xml:lang="([\w-]+)">lang="en"</p></html>',
        now(apply(family.declared_language, content)),
    )
    assert codes
    assert "en" not in codes.groups()


def test_a_page_without_a_declared_language_gets_a_wrong_one():
    content = '<!doctype html><html class="a"><p>x</p></html>'
    text = now(apply(family.declared_language, content))
    assert re.sub(r' lang="[\w-]+"', "", text) == content != text


@pytest.mark.parametrize("before", ["", "Content-Language: en\r\n"])
def test_a_mail_declares_a_wrong_language_in_its_headers_only(before):
    content = f"From: a@b.c\r\n{before}Subject: x\r\n\r\nContent-Language: en\r\n"
    text = now(apply(family.declared_language, content))
    headers, _, body = text.partition("\r\n\r\n")
    assert body == "Content-Language: en\r\n"
    assert re.search(r"(?m)^Content-Language: (?!en)[\w-]+\r?$", headers)
    assert headers.count("Content-Language") == 1


MAIL = "\r\n".join(
    (
        "From: a@b.c",
        "To: b@c.d",
        "Subject: Date: 2024-03-05",
        "Content-Type: multipart/mixed; boundary=xx",
        "",
        "--xx",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Date: 2024-03-05",
        "--xx",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        "RGF0ZTogMjAyNC0wMy0wNQ==",
        "--xx--",
        "",
    )
)


@pytest.mark.parametrize(
    ("content", "kind", "runs"),
    [
        ("a <b\n", "plain", ["a <b\n"]),
        ("<!doctype html><p>a &amp; b<script>c</script>d</p>", "markup", ["a ", " b", "d"]),
        ("<html>a<!-- b > c -->d<STYLE>e</style>f", "markup", ["a", "d", "f"]),
        ("<?xml version='1.0'?><a><![CDATA[b]]></a>", "markup", ["b]]>"]),
        ('{"k": "a\\nb", "l": ["c", 1]}', "record", ["a", "b", "c"]),
        ('{"k": "a"}\n{"k": "b"}\n', "record", ["a", "b"]),
        ('a,b\n"1,5",2\n', "table", ['"1,5",2\n']),
        ("a,b,c\n1,2,3\n4,5,6\n7,8,9\n", "table", ["1,2,3\n4,5,6\n7,8,9\n"]),
        (MAIL, "mail", ["Date: 2024-03-05\r\n"]),
    ],
)
def test_prose_is_what_people_wrote(content, kind, runs):
    prose = Prose.of(Text(content))
    assert prose.kind == kind
    assert [content[run.start : run.end] for run in prose.runs] == runs


def test_prose_admits_nothing_that_breaks_the_format():
    assert not Prose.of(Text('{"a": "b"}')).admits("b", 'c"')
    assert not Prose.of(Text("a,b,c\n1,2,3\n4,5,6\n7,8,9\n")).admits("1", "1,5")
    assert Prose.of(Text("plain")).admits("1", "1,5")
