"""The category language: each mutator's effect on short texts, its statement, and its way back where it says same."""

import contextlib
import json
import re
import unicodedata
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crumple_mutators.language as family
from crumple import SAME, AnyOf, Degraded, Edit, NotApplicable, Span, Text
from crumple_mutators.language import words
from crumple_mutators.language.prose import Prose
from crumple_mutators.language.scripts import transliterated

MUTATORS = [getattr(family, name) for name in family.__all__]
BY_SHARE = [each for each in MUTATORS if each.parameter == "share"]
LETTER = family.digits.examples[0][1]


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
    (_, content), *_ = mutator.examples
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


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
@pytest.mark.parametrize("content", ["", " \n", "so be it.\n", "From: a@b.c\nTo: b@c.d\nSubject: x\nDate: y\n\nhi\n"])
def test_a_text_without_what_it_acts_on_is_skipped_with_a_reason_or_changed(mutator, content):
    with contextlib.suppress(NotApplicable):
        assert now(mutator.apply(Text(content), mutator.step(mutator.level, 0))) != content


@pytest.mark.parametrize("table", [words.labels(), words.values(), words.small_words()])
def test_every_row_of_words_has_a_word_in_every_language(table):
    assert all(len(row) == len(words.LANGUAGES) and all(row) for row in table)


def test_every_language_has_twelve_months_and_a_language_tells_them_apart():
    assert len(words.months()) >= 8
    assert all(len(set(names)) == 12 for names in words.months().values())


def test_labels_are_in_another_language_and_values_as_they_were():
    degraded = apply(family.labels_translated, share=1.0)
    old, new = LETTER.splitlines(), now(degraded).splitlines()
    assert [line.partition(": ")[2] for line in new] == [line.partition(": ")[2] for line in old]
    source = {row[0]: row for row in words.labels()}
    translated = [(a.partition(":")[0], b.partition(":")[0]) for a, b in zip(old, new, strict=True) if a != b]
    assert translated
    assert all(b in source[a] for a, b in translated)


def test_a_text_is_translated_from_the_language_that_it_is_in():
    degraded = apply(family.labels_translated, "Rechnungsnummer: 7\nFälligkeitsdatum: 2024-03-05\n", share=1.0)
    first = now(degraded).partition(":")[0]
    assert first in next(row for row in words.labels() if row[1] == "Rechnungsnummer")
    assert first != "Rechnungsnummer"


def test_a_word_in_a_sentence_is_no_label():
    with pytest.raises(NotApplicable, match="no word known"):
        apply(family.labels_translated, "The total of it was on the date that the customer named.\n", share=1.0)


def test_labels_in_capitals_stay_in_capitals():
    label, _, _ = now(apply(family.labels_translated, "DUE DATE: 2024-03-05\n", share=1.0)).partition(":")
    assert label.isupper()
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


def test_switched_words_are_lost_and_names_and_numbers_stay():
    degraded = apply(family.words_switched, "Please write to Ann and Bo for 20 pieces.\n", share=0.6)
    assert {"Ann", "Bo", "20", "pieces", "write"} <= set(re.findall(r"\w+", now(degraded)))
    assert degraded.lost == [Span(0, 6), Span(13, 15), Span(20, 23), Span(27, 30)]


@pytest.mark.parametrize("lines", [1, 2, 3, 5, 8])
def test_courtesies_stand_around_a_text_that_stays_as_it_was(lines):
    for content in (LETTER, LETTER.rstrip("\n")):
        degraded = apply(family.greeting, content, lines=lines)
        assert content in now(degraded)
        assert len(now(degraded).replace(content, "").split("\n\n" if lines == 1 else "\n")) > lines - 1


def test_courtesies_are_in_a_language_that_the_encoding_can_write():
    for seed in range(12):
        text = family.greeting(Text(LETTER, "cp1252"), lines=8, rng=np.random.default_rng(seed))
        assert text.encoded().decode("cp1252") == text.value


def test_digits_of_another_script_are_undone_by_their_value():
    for seed in range(12):
        degraded = apply(family.digits, seed=seed, share=1.0)
        back = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in now(degraded))
        assert back == LETTER
        assert not re.search("[0-9]", now(degraded))


def test_digits_within_codes_and_addresses_stay():
    content = "INV-2024-001 a1 x@3.org v2/3 #5 but 7\n"
    assert re.fullmatch(re.escape(content[:-2]) + r"[^0-9]\n", now(apply(family.digits, content, share=1.0)))


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(st.text(max_size=8) | st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=6),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_a_record_stays_json_with_the_same_keys_and_numbers(value, ascii_only):
    value |= {"n": "17", "17": 17}
    content = json.dumps(value, ensure_ascii=ascii_only)
    degraded = json.loads(now(apply(family.digits, content, share=1.0)))
    assert list(degraded) == list(value)
    assert degraded["17"] == 17
    assert unicodedata.digit(degraded["n"][0]) == 1


DATED = "Sent 2024-03-05, due 4 April 2024 or April 16, 2024, born 07.09.1984.\n"
DAYS = [date(2024, 3, 5), date(2024, 4, 4), date(2024, 4, 16), date(1984, 9, 7)]


def test_written_out_dates_are_the_same_days():
    numbers = {name: number for names in words.months().values() for number, name in enumerate(names, 1)}
    tongues = set()
    for seed in range(40):
        text = now(apply(family.dates, DATED, seed=seed, share=1.0))
        by_length = sorted(numbers, key=len, reverse=True)
        found = re.findall(rf"(\d+)\.? (?:de )?({'|'.join(by_length)}) (?:de )?(\d+)|(\d+)年(\d+月)(\d+)日", text)
        days = [date(int(y or jy), numbers[m or jm], int(d or jd)) for d, m, y, jy, jm, jd in found]
        assert days in (DAYS, [DAYS[0], DAYS[1], DAYS[2], DAYS[3]])
        tongues.add(next(iter(m or jm for _, m, _, _, jm, _ in found)))
    assert len(tongues) >= 8


def test_dates_that_are_no_days_stay():
    with pytest.raises(NotApplicable, match="no date"):
        apply(family.dates, "Version 2024-13-05, part 31.02.2024, 2024-03-05T10:00, 5/6/2024\n", share=1.0)


def test_ambiguous_dates_are_all_read_one_way_or_all_the_other():
    degraded = apply(family.ambiguous_dates, DATED, share=1.0)
    swapped = Edit(values={Span(5, 15): "2024-05-03", Span(58, 68): "1984-07-09"})
    assert degraded.truth == AnyOf(SAME, swapped)
    assert now(degraded)[5:15] in ("05/03/2024", "03/05/2024")
    assert "April 16, 2024" in now(degraded)


def test_a_date_with_slashes_could_prove_the_order():
    with pytest.raises(NotApplicable, match="prove"):
        apply(family.ambiguous_dates, "2024-03-05 and 25/12/2024\n", share=1.0)


def value_of(number: str) -> float:
    """A number by its last mark, which a reader may take for the decimal one."""
    whole, _, decimals = re.fullmatch(r"(.*)([.,])(\d+)", number).groups()
    return float(re.sub(r"\D", "", whole) + "." + decimals)


def test_numbers_in_another_notation_have_the_same_value():
    numbers = ["1,234.50", "0.125", "12.5", "1234.75", "1234567.125"]
    forms = set()
    for seed in range(20):
        text = now(apply(family.numbers, "\t".join(numbers), seed=seed, share=1.0))
        assert [value_of(each) for each in text.split("\t")] == [value_of(each) for each in numbers]
        forms.add(text.split("\t")[0])
    assert forms == {"1.234,50", "1\u00a0234,50", "1\u202f234,50", "1'234.50", "1,234.50"} - {"1,234.50"} or (
        "1,234.50" in forms
    )
    assert len(forms) >= 4


@pytest.mark.parametrize("content", ["1.234", "1.2 Scope\n", "v1.25", "192.168.1.10", "2.03.2024", "a.5", "05.03"])
def test_numbers_that_do_not_prove_their_notation_stay(content):
    with pytest.raises(NotApplicable):
        apply(family.numbers, content, share=1.0)


def test_no_number_becomes_one_that_could_be_read_otherwise():
    for seed in range(10):
        text = now(apply(family.numbers, "Sum: 0.125\nNet: 1234.567\nTax: 3.5\n", seed=seed, share=1.0))
        assert not re.search(r"(?<![\d.,'\u00a0\u202f])[1-9]\d{0,2}[.,]\d{3}(?![\d.,])", text)


def test_a_point_between_thousands_is_either_and_refusing_is_right():
    degraded = apply(family.ambiguous_numbers, "Quantity: 1250\nYear 2024 passed\n", share=1.0)
    assert now(degraded) == "Quantity: 1.250\nYear 2024 passed\n"
    assert degraded.truth == AnyOf(SAME, Edit(values={Span(10, 14): 1.25}))
    assert family.ambiguous_numbers.refusable_from == 1


def test_a_decimal_comma_proves_what_a_point_is():
    with pytest.raises(NotApplicable, match="decimal comma"):
        apply(family.ambiguous_numbers, "Quantity: 1250\nPrice: 2,50\n", share=1.0)


def test_right_to_left_is_undone_by_taking_marks_and_glosses_off():
    scripts = set()
    for seed in range(6):
        text = now(apply(family.right_to_left, seed=seed, share=1.0))
        scripts |= {unicodedata.bidirectional(each) for each in text} & {"R", "AL"}
        bare = re.sub("[\u200f\u2066\u2067\u2069]", "", text)
        assert re.sub(r"(?m) / [^:\n]*[\u0590-\u06ff][^:\n]*:", ":", bare) == LETTER
        assert text.count("\u2069") == text.count("\u2066") + text.count("\u2067")
    assert scripts == {"R", "AL"}


def test_a_name_in_another_script_is_lost_and_labels_and_single_words_stay():
    content = "Unit Price: 5\nDear Ann Müller, Berlin greets Jan van Dyck.\n"
    degraded = apply(family.names_transliterated, content, share=1.0)
    assert degraded.lost == [Span(14, 29), Span(45, 57)]
    assert now(degraded).startswith("Unit Price: 5\n")
    assert "Berlin greets" in now(degraded)
    assert "Dyck" not in now(degraded)


def test_letters_go_over_in_groups():
    script = {"sch": "ш", "s": "с", "c": "к", "h": "х", "u": "у", "l": "л", "z": "з"}
    assert transliterated("Schulz", script) == "Шулз"


def test_a_legacy_encoding_without_another_script_is_skipped():
    with pytest.raises(NotApplicable, match="cp1252"):
        family.names_transliterated(Text(LETTER, "cp1252"), share=1.0, rng=np.random.default_rng(0))


def test_only_the_declared_language_changes():
    content = '<html lang="en-GB"><p xml:lang="en">lang="en"</p></html>'
    codes = re.fullmatch(
        r'<html lang="(\w+)"><p xml:lang="(\w+)">lang="en"</p></html>', now(apply(family.declared_language, content))
    )
    assert codes
    assert "en" not in codes.groups()


@pytest.mark.parametrize(
    ("content", "kind", "runs"),
    [
        ("a <b\n", "plain", ["a <b\n"]),
        ("<!doctype html><p>a &amp; b<script>c</script>d</p>", "markup", ["a ", " b", "d"]),
        ('{"k": "a\\nb", "l": ["c", 1]}', "record", ["a", "b", "c"]),
        ('a,b\n"1,5",2\n', "table", ['"1,5",2\n']),
        ("a,b,c\n1,2,3\n4,5,6\n7,8,9\n", "table", ["1,2,3\n4,5,6\n7,8,9\n"]),
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
