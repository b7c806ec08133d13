"""The category language: names, directions of writing, and what an answer says of text that was written anew."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crumple_mutators.language as family
from crumple import ABSENT, SAME, AnyOf, Case, Degraded, Document, NotApplicable, Recipe, Replaced, Span, Text
from crumple.judges.fields import fields
from crumple.mutation.apply import degrade
from crumple_corpora.letters import LOCALES, Letters
from crumple_mutators.language.direction import turned
from crumple_mutators.language.names import transliterated
from crumple_mutators.language.restating import either, in_longer_text, restated
from crumple_mutators.language.samples import LETTER as EXAMPLE

LETTER = EXAMPLE[1]
MUTATORS = {getattr(family, name).name: getattr(family, name) for name in family.__all__}


def apply(mutator, content: str = LETTER, *, seed: int = 0, **parameters) -> Degraded:
    return mutator(Text(content), **parameters, rng=np.random.default_rng(seed))


def now(degraded: Degraded) -> str:
    return degraded.view.value


NAMED = "Unit Price: 5\nDear Anna Müller, Berlin greets Jan van Dyck. Anna Müller GmbH\n"


def test_a_name_in_another_script_is_right_as_it_stands_and_as_it_was():
    scripts = set()
    for seed in range(9):
        degraded = apply(family.names_transliterated, NAMED, seed=seed, share=1.0, truth={"to": "Anna Müller", "n": 5})
        assert now(degraded).startswith("Unit Price: 5\nDear ")
        assert ", Berlin greets " in now(degraded)
        assert now(degraded).endswith(". Anna Müller GmbH\n")
        written = re.search("Dear (.*), Berlin", now(degraded))[1]
        assert degraded.truth == Replaced({"to": AnyOf("Anna Müller", written), "n": 5})
        scripts |= {unicodedata.name(sign).split()[0] for sign in written if sign.isalpha()}
    assert scripts == {"CYRILLIC", "GREEK", "ARABIC"}
    assert family.names_transliterated.refusable_from == 1


@pytest.mark.parametrize(
    ("name", "latin"), [("Наталья Щукина", "Natalia Shchukina"), ("Γιώργος Παππάς", "Giorgos Pappas")]
)
def test_cyrillic_and_greek_names_go_over_into_latin_letters(name, latin):
    from crumple_mutators.language.names import _roman

    assert " ".join(transliterated(word, _roman()) for word in name.split()) == latin


def test_letters_go_over_in_groups():
    script = {"sch": "ш", "s": "с", "c": "к", "h": "х", "u": "у", "l": "л", "z": "з"}
    assert transliterated("Schulz", script) == "Шулз"


def test_a_legacy_encoding_without_another_script_is_skipped():
    with pytest.raises(NotApplicable, match="cp1252"):
        family.names_transliterated(Text(LETTER, "cp1252"), share=1.0, rng=np.random.default_rng(0))


def test_a_family_name_comes_first_in_one_of_three_forms():
    forms = {now(apply(family.name_order, "To: Jan van Dyck\n", seed=seed, share=1.0)) for seed in range(12)}
    assert forms == {"To: van Dyck, Jan\n", "To: VAN DYCK Jan\n", "To: van Dyck Jan\n"}


def test_no_comma_is_put_into_a_table():
    table = "id,to,n\n1,Jan Klaassen,5\n2,Anna Smit,6\n"
    for seed in range(6):
        assert now(apply(family.name_order, table, seed=seed, share=1.0)).count(",") == table.count(",")


def test_titles_go_with_names_and_are_undone_by_taking_them_off():
    for seed in range(20):
        text = now(apply(family.honorifics, NAMED, seed=seed, share=1.0, truth={"to": "Anna Müller"}))
        assert re.search(r"Dear (\S+ )?Anna Müller(様|-san)?, Berlin", text)
        assert not re.search(r"Dear (Mr|Herr|M\.|Sr\.|Sig\.|Pan) ", text)


def test_letters_are_spelled_out_as_passports_do():
    content = "Jörg Weiß, Århus, Łódź, Saint-Étienne\n"
    degraded = apply(family.spelled_out, content, share=1.0, truth={"city": "Århus"})
    assert now(degraded) == "Joerg Weiss, Aarhus, Lódź, Saint-Étienne\n"
    assert degraded.truth == Replaced({"city": AnyOf("Århus", "Aarhus")})


def test_a_postcode_goes_to_the_other_side_of_its_town():
    content = (
        "Street 5\n10115 Berlin\nTo: Wien 1010\n1010 GX Den Haag\n2024 Report\n500 Widgets of 12345 Parts here too\n"
    )
    truth = {"line": "10115 Berlin", "code": "10115", "city": "Berlin"}
    degraded = apply(family.address_order, content, share=1.0, truth=truth)
    assert now(degraded) == content.replace("10115 Berlin", "Berlin 10115").replace("Wien 1010", "1010 Wien").replace(
        "1010 GX Den Haag", "Den Haag 1010 GX"
    )
    assert degraded.truth == Replaced({**truth, "line": AnyOf("10115 Berlin", "Berlin 10115")})


def test_right_to_left_is_undone_by_taking_marks_and_glosses_off():
    scripts = set()
    for seed in range(6):
        text = now(apply(family.right_to_left, seed=seed, share=1.0))
        scripts |= {unicodedata.bidirectional(each) for each in text} & {"R", "AL"}
        bare = re.sub("[\u200e\u200f\u2066\u2067\u2069]", "", text)
        assert re.sub(r"(?m) / [^:\n]*[\u0590-\u06ff][^:\n]*:", ":", bare) == LETTER
        assert text.count("\u2069") == text.count("\u2066") + text.count("\u2067")
    assert scripts == {"R", "AL"}


HEBREW = family.visual_order.examples[0][1]


def test_a_text_that_runs_from_right_to_left_gets_labels_that_run_the_other_way():
    for seed in range(6):
        text = now(apply(family.right_to_left, HEBREW, seed=seed, share=1.0))
        bare = re.sub("[\u200e\u200f\u2066\u2067\u2069]", "", text)
        assert "מספר חשבונית / Invoice number: 20418" in bare
        assert re.sub(r"(?m) / [A-Za-z ]+:", ":", bare) == HEBREW


def test_lines_in_visual_order_keep_numbers_and_mirror_brackets():
    text = now(apply(family.visual_order, "סה״כ (ILS): 1,234.50 ביום 5.3.2024\nTotal: 5\n", share=1.0))
    assert text == "5.3.2024 םויב 1,234.50 :(ILS) כ״הס\nTotal: 5\n"


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("אבגדم لا٠١٢ 12.,:()abשּ"), max_size=40))
def test_turning_a_line_twice_gives_it_back(line):
    assert turned(turned(line)) == line


def test_a_line_in_visual_order_may_be_given_as_it_stands_and_as_it_was():
    letters = Letters(len(LOCALES))
    case = letters.load(f"letter-{LOCALES.index('he_IL') + 1:04d}.txt")
    degraded = degrade(case, Recipe((MUTATORS["language.visual_order"].step(5, 1),)), MUTATORS)
    assert degraded.expectation.refusable
    assert not degraded.expectation.lost
    seen = degraded.document.data.decode()
    restored = "".join(turned(line) if re.search("[א-ת]", line) else line for line in re.split(r"(\n)", seen))
    assert restored.splitlines()[0] == case.truth["sender"]
    assert seen.splitlines()[0] != case.truth["sender"]
    for answer in (case.truth, case.truth | {"sender": seen.splitlines()[0]}):
        assert fields().judge(answer, degraded.expectation.truth, frozenset()).score == 1


@pytest.mark.parametrize("name", [name for name in MUTATORS if "declared" not in name])
def test_the_old_answer_stays_right_for_letters_of_every_locale(name):
    """Whatever a mutator says, a reader who undoes it all is right; where both are read, so is a swapped date."""
    letters, mutator, acted = Letters(len(LOCALES)), MUTATORS[name], 0
    for entry in letters.entries():
        case = letters.load(entry.id)
        try:
            degraded = degrade(case, Recipe((mutator.step(5, 3),)), MUTATORS)
        except NotApplicable:
            continue
        acted += 1
        assert not degraded.expectation.lost
        assert fields().judge(case.truth, degraded.expectation.truth, frozenset()).score == 1
    assert acted or name in ("language.values_translated", "language.ambiguous_numbers")


VALUE = "To: Anna Müller, Berlin\nOpen since 5 March.\n"
CHANGES = {Span(4, 15): "Анна", Span(24, 28): "Offen"}


def test_texts_that_hold_a_change_may_be_either_and_others_are_as_they_were():
    truth = {"to": "Anna Müller", "all": ["Anna Müller, Berlin", "Open"], "city": "Berlin", "n": 5, "x": None}
    assert restated(VALUE, CHANGES, truth) == Replaced(
        {
            "to": AnyOf("Anna Müller", "Анна"),
            "all": [AnyOf("Anna Müller, Berlin", "Анна, Berlin"), AnyOf("Open", "Offen")],
            "city": "Berlin",
            "n": 5,
            "x": None,
        }
    )


@pytest.mark.parametrize("part", ["Anna", "Müller", "nna Müller"])
def test_a_part_of_what_changed_is_as_it_was(part):
    assert restated(VALUE, CHANGES, {"part": part}) == SAME


def test_a_transcription_has_all_changes_or_none_however_its_lines_are_broken():
    truth = "To: Anna Müller, Berlin Open since 5 March."
    assert restated(VALUE, CHANGES, truth) == Replaced(AnyOf(truth, "To: Анна, Berlin\nOffen since 5 March."))
    other = "Somebody wrote this down: To: Anna Müller, Berlin - and so on. Open since March"
    assert restated(VALUE, CHANGES, other) == Replaced(
        AnyOf(other, "Somebody wrote this down: To: Анна, Berlin - and so on. Offen since March")
    )


def test_values_in_the_formats_own_writing_are_found():
    assert restated("<b>Müller &amp; Søn</b>", {Span(3, 9): "Mueller"}, ["Müller & Søn"]) == Replaced(
        [AnyOf("Müller & Søn", "Mueller & Søn")]
    )
    assert restated('{"a": "27\\" wide"}', {Span(7, 9): "२७"}, ['27" wide']) == Replaced(
        [AnyOf('27" wide', '२७" wide')]
    )


def test_without_a_truth_values_need_one_and_notations_do_not():
    assert restated(VALUE, CHANGES, ABSENT) == SAME
    assert either(VALUE, CHANGES, ABSENT).values == {
        Span(4, 15): AnyOf("Anna Müller", "Анна"),
        Span(24, 28): AnyOf("Open", "Offen"),
    }
    case = Case("a.txt", Document(VALUE.encode(), "text/plain", "a.txt"))
    with pytest.raises(NotApplicable, match="there is no truth"):
        degrade(case, Recipe((MUTATORS["language.name_order"].step(5, 1),)), MUTATORS)
    degrade(case, Recipe((MUTATORS["language.digits"].step(5, 1),)), MUTATORS)


def test_what_stands_within_a_longer_text_is_told_from_a_value_of_its_own():
    assert in_longer_text(VALUE, [Span(35, 42)], {"note": "since 5 March"})
    assert not in_longer_text(VALUE, [Span(35, 42)], {"day": "5 March", "to": "Anna Müller"})
