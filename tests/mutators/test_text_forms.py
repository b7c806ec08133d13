"""Case, spacing, lines, order, disguises and attacks: what they do, and what is right then."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from crumple import AnyOf, Case, CrumpleError, Degraded, Document, NotApplicable, Recipe, Step, Text, identify
from crumple.judges.fields import fields
from crumple.mutation.apply import degrade
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.truth import Expectation
from crumple_mutators import text as noise

MUTATORS = discover().mutators
PROSE = (
    "Hannah Meyer\nKiel\n\nInvoice number: RE-2024-0117\nTotal: 1234.50 EUR\n\n"
    "Thank you for your order of last week. The goods were delivered yesterday afternoon. Please pay within thirty "
    "days, and mention the number above.\n\nOur warehouse remains closed on Fridays. Questions are answered by "
    "telephone. Everything else follows separately.\n"
)
ATTACKS = (
    noise.quotes, noise.markup, noise.templates, noise.formulas, noise.format_directives, noise.sql, noise.paths,
    noise.instructions,
)  # fmt: skip
WRAPPED = (noise.hard_wraps, noise.hyphenated, noise.folded_lines)


def act(mutator: Mutator, value: str = PROSE, level: float = 5, seed: int = 1, truth: Any = None) -> Degraded[Text]:
    degraded: Degraded[Text] = mutator.apply(Text(value), mutator.step(level, seed), truth or {})
    return degraded


def carried(mutator: Mutator, name: str, value: str, truth: Any, seed: int = 1) -> tuple[str, Expectation]:
    data = value.encode()
    case = Case(name, Document(data, identify(data, name), name), truth)
    done = degrade(case, Recipe((mutator.step(5, seed),)), MUTATORS)
    return done.document.data.decode(), done.expectation


def right(answer: Any, expectation: Expectation) -> bool:
    return fields().judge(answer, expectation.truth, expectation.lost).score == 1


# ---------------------------------------------------------------------------------------------- case

CASED = {
    "sentence": "Total for anna berg.\nThank you. It is paid",
    "upper": "TOTAL FOR ANNA BERG.\nTHANK YOU. IT IS PAID",
    "title": "Total For Anna Berg.\nThank You. It Is Paid",
    "inverted": "tOTAL FOR aNNA bERG.\ntHANK yOU. iT IS PAID",
}


@pytest.mark.parametrize(("style", "expected"), CASED.items())
def test_case(style: str, expected: str) -> None:
    step = Step("text.case", (("style", style),), 1)
    assert noise.case.apply(Text("Total for Anna Berg.\nThank You. It is paid"), step).view.value == expected


def test_random_case_changes_letters_only_in_case() -> None:
    now = act(noise.case).view.value
    assert now.lower() == PROSE.lower()
    assert now not in (PROSE, PROSE.lower(), PROSE.upper())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["json", "xml", "csv", "txt"])
def test_a_text_may_be_given_as_it_was_or_as_it_stands_now(kind: str, seed: int) -> None:
    """However the format escapes it; what somebody makes up is wrong all the same."""
    truth = {"name": 'Anna "Ann" Berg & Co', "city": "Kiel", "total": 12.5}
    written = {
        "json": json.dumps(truth),
        "xml": '<a><name>Anna "Ann" Berg &amp; Co</name><city>Kiel</city><total>12.5</total></a>',
        "csv": 'name,city,total\n"Anna ""Ann"" Berg & Co",Kiel,12.5\nBo,Rome,3.5\n',
        "txt": 'Name: Anna "Ann" Berg & Co\nCity: Kiel\nTotal: 12.5\n',
    }[kind]
    now, expectation = carried(noise.case, f"a.{kind}", written, truth, seed)
    seen: Any
    if kind == "json":
        seen = json.loads(now)
    elif kind == "xml":
        seen = {each.tag: each.text for each in ET.fromstring(now)}
    elif kind == "csv":
        seen = next(csv.DictReader(io.StringIO(now)))
    else:
        seen = dict(zip(truth, (line.split(": ")[1] for line in now.splitlines()), strict=True))
    assert seen["name"] != truth["name"]
    assert right(seen, expectation)
    assert right(truth, expectation)
    assert right({**truth, "city": seen["city"]}, expectation)
    assert not right({**truth, "city": "Rom"}, expectation)


# ------------------------------------------------------------------------------------------- spacing


@pytest.mark.parametrize("mutator", [noise.double_spaces, noise.tabs], ids=lambda each: each.name)
def test_folded_white_space_reads_the_same(mutator: Mutator) -> None:
    degraded = act(mutator)
    assert degraded.view.value != PROSE
    assert degraded.view.value.split() == PROSE.split()
    assert degraded.view.value.count("\n") == PROSE.count("\n")
    assert not degraded.lost


def test_lines_end_in_white_space_and_empty_ones_hold_nothing_else() -> None:
    value = "Total: 12\n\nThank you\r\nlast"
    degraded = act(noise.trailing_spaces, value)
    lines = degraded.view.value.split("\n")
    assert [line.rstrip() for line in lines] == ["Total: 12", "", "Thank you", "last"]
    assert all(line.rstrip("\r")[-1] in " \t" for line in lines)
    assert lines[2].endswith("\r")
    with pytest.raises(NotApplicable, match="in which this cannot be done"):
        act(noise.trailing_spaces, "a,b\n1,x\n2,y\n")


def test_tabs_are_no_noise_where_they_are_structure() -> None:
    for value in ("a\tb\nOak table\tx\n", '{"a": "Oak table"}'):
        with pytest.raises(NotApplicable, match="in which this cannot be done"):
            act(noise.tabs, value)


def test_joined_words_lose_what_ran_together_and_not_what_a_colon_parts() -> None:
    value = "Total: 1234.50 EUR paid\n" * 40
    degraded = act(noise.joined_words, value)
    lost = list(degraded.lost)
    for span in lost:
        there = value[span.start : span.end]
        assert there in (" ", "0 E", "R p")
        assert (there == " ") == (value[span.start - 1] == ":")
    assert len(degraded.view.value) == len(value) - len(lost)


def test_split_and_spaced_words_are_lost_and_no_others() -> None:
    for mutator in (noise.split_words, noise.spaced_letters):
        degraded = act(mutator)
        hit = {PROSE[each.start : each.end] for each in degraded.lost}
        assert degraded.view.value.replace(" ", "") == PROSE.replace(" ", "")
        assert all(len(each) == 2 if mutator is noise.split_words else len(each) > 2 for each in hit)
        assert all(each.isalnum() for each in hit)


# --------------------------------------------------------------------------------------------- lines


@pytest.mark.parametrize("level", [1, 3, 5])
def test_hard_wraps_only_turn_spaces_into_line_ends_and_keep_the_width(level: float) -> None:
    degraded = act(noise.hard_wraps, level=level)
    width = noise.hard_wraps.ladder.at(level) if noise.hard_wraps.ladder else 0
    now = degraded.view.value
    assert now.split() == PROSE.split()
    assert len(now) == len(PROSE)
    assert max(map(len, now.splitlines())) <= width


@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_small_letter_a_hyphen_a_line_end_and_a_small_letter_are_one_word(level: float) -> None:
    now = act(noise.hyphenated, level=level).view.value
    assert "-\n" in now
    assert re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", now).split() == PROSE.split()


def test_folded_lines_join_again_but_for_lines_that_ended_there() -> None:
    value = f"{'x' * 20}\nfollows here\nName: {'y' * 14}\nTotal: 1\n{'abc ' * 12}\n"
    degraded = act(noise.folded_lines, value)
    assert list(degraded.lost) == [degraded.lost[0]]
    assert value[degraded.lost[0].start : degraded.lost[0].end] == "x\nf"
    assert re.sub(r"(?<=^.{20})\n", "", degraded.view.value, flags=re.MULTILINE).startswith("x" * 20 + "follows")
    assert max(map(len, degraded.view.value.splitlines())) == 20


@pytest.mark.parametrize(
    "mutator", [noise.hard_wraps, noise.hyphenated, noise.folded_lines], ids=lambda each: each.name
)
def test_a_width_that_nothing_fits_is_rejected(mutator: Mutator) -> None:
    with pytest.raises(CrumpleError, match="8 characters or more"):
        mutator.apply(Text(PROSE), Step(mutator.name, (("width", 0),), 1))


def test_page_furniture_only_adds_lines_of_its_own() -> None:
    for seed in range(20):
        now = act(noise.page_furniture, PROSE * 4, seed=seed).view.value
        kept = re.sub(r"^(?:- \d+ -|Page \d+(?: of \d+)?|\d+ / \d+|\[\d+\]|\d+)\n\n.+\n", "", now, flags=re.MULTILINE)
        assert kept == PROSE * 4
        added = re.findall(r"^(?:Page |- |\[)?(\d+)(?: of \d+| / \d+| -|\])?\n\n", now, flags=re.MULTILINE)
        assert [int(each) for each in added] == list(range(int(added[0]), int(added[0]) + len(added)))


# --------------------------------------------------------------------------------------------- order


def test_sentences_are_all_still_there_and_lost_only_across_their_ends() -> None:
    degraded = act(noise.sentences_shuffled)
    now = degraded.view.value
    assert now != PROSE
    assert sorted(re.findall(r"[A-Z][^.\n]*\.", now)) == sorted(re.findall(r"[A-Z][^.\n]*\.", PROSE))
    assert all(each.end - each.start <= 3 for each in degraded.lost)
    assert "Total: 1234.50 EUR" in now


def test_a_name_with_an_abbreviation_is_lost_where_it_was_torn() -> None:
    value = "We met the famous Dr. Smith came along with us. Everybody liked the new garden. The weather was fine."
    now, expectation = carried(noise.sentences_shuffled, "a.txt", value, {"name": "Dr. Smith"})
    assert "Dr. Smith" in now or expectation.lost == {"/name"}


def test_paragraphs_that_moved_are_lost_but_for_lines_with_a_label() -> None:
    for seed in range(10):
        now, expectation = carried(
            noise.paragraphs_shuffled, "a.txt", PROSE, {"sender": "Hannah Meyer", "total": 1234.5}, seed
        )
        assert sorted(now.split()) == sorted(PROSE.split())
        moved = not now.startswith("Hannah Meyer\n")
        assert expectation.lost == ({"/sender"} if moved else set())


def test_pages_are_what_form_feeds_part() -> None:
    value = "page one\nTotal: 5\n\fpage two\n\fpage three\n\f"
    degraded = act(noise.pages_shuffled, value)
    assert sorted(degraded.view.value.split("\f")) == sorted(value.split("\f"))
    with pytest.raises(NotApplicable, match="form feed"):
        act(noise.pages_shuffled)


# ----------------------------------------------------------------------------------------- disguises


def test_homoglyphs_look_the_same_and_go_back() -> None:
    degraded = act(noise.homoglyphs)
    assert degraded.view.value != PROSE
    back = str.maketrans("асеорхуіјѕАВСЕНІЈКМОРЅТХ", "aceopxyijsABCEHIJKMOPSTX")
    assert degraded.view.value.translate(back) == PROSE
    assert not degraded.lost


def test_beside_words_of_the_other_script_a_word_that_went_over_altogether_is_lost() -> None:
    value = "copy Москва table order cops are here" * 5
    degraded = act(noise.homoglyphs, value)
    assert {value[each.start : each.end] for each in degraded.lost} >= {"copy", "cops"}
    assert not any("table" in value[each.start : each.end] for each in degraded.lost)


def test_cyrillic_text_gets_latin_letters() -> None:
    now = act(noise.homoglyphs, "Поставка задержана на складе").view.value
    assert re.search("[a-zA-Z]", now)


def test_leet_loses_what_a_digit_stands_for() -> None:
    degraded = act(noise.leet)
    for span in degraded.lost:
        assert PROSE[span.start] in "aeiostAEIOST"
        assert degraded.view.value[span.start].isdigit()


def test_emoji_and_accents_come_off_again() -> None:
    value = PROSE + "Crème brûlée, naïve café, Łódź\n"
    pictured = act(noise.emoji, value).view.value
    assert re.sub("[ ]?[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]", "", pictured) == value
    assert pictured != value
    for seed in range(5):
        stacked = act(noise.stacked_accents, value, seed=seed).view.value
        composed = unicodedata.normalize("NFC", stacked)
        assert re.sub("[\u0300-\u036f]", "", composed) == value
        assert stacked != value


@pytest.mark.parametrize("mutator", [noise.homoglyphs, noise.emoji, noise.stacked_accents], ids=lambda each: each.name)
def test_an_old_codepage_has_no_disguises(mutator: Mutator) -> None:
    with pytest.raises(NotApplicable, match="cp1252 cannot write"):
        mutator.apply(Text(PROSE, "cp1252"), mutator.step(5, 1))


# ------------------------------------------------------------------------------------------- attacks

ORDER = {"number": "RE-7", "customer": "Anna Berg", "goods": "Oak table", "amount": 12.5}
FILES = {
    "a.json": json.dumps(ORDER, indent=1),
    "a.csv": "number,customer,goods,amount\nRE-7,Anna Berg,Oak table,12.5\nRE-8,Bo Meyer,Desk lamp,3.5\n",
    "a.tsv": "number\tcustomer\tgoods\tamount\nRE-7\tAnna Berg\tOak table\t12.5\nRE-8\tBo Meyer\tDesk lamp\t3.5\n",
    "a.xml": (
        "<order><number>RE-7</number><customer>Anna Berg</customer><goods>Oak table</goods>"
        "<amount>12.5</amount></order>"
    ),
    "a.txt": "number: RE-7\ncustomer: Anna Berg\ngoods: Oak table\namount: 12.5\n",
}


def read_order(name: str, value: str) -> Any:
    if name == "a.json":
        return json.loads(value)
    if name == "a.xml":
        return {each.tag: each.text for each in ET.fromstring(value)}
    if name == "a.txt":
        return dict(line.split(": ", 1) for line in value.splitlines() if not line.startswith("Remark: "))
    return {"lines": list(csv.DictReader(io.StringIO(value), delimiter="\t" if name == "a.tsv" else ","))}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mutator", ATTACKS, ids=lambda each: each.name)
def test_an_attack_is_data_and_the_file_stays_valid(mutator: Mutator, name: str) -> None:
    for seed in range(6):
        truth = read_order(name, FILES[name])
        now, expectation = carried(mutator, name, FILES[name], truth, seed)
        seen = read_order(name, now)
        assert right(seen, expectation), (seen, expectation)
        if name == "a.txt":
            assert "Remark: " in now
            assert expectation.truth == truth
        else:
            assert seen.get("lines", [seen])[0]["goods"] != "Oak table"
            assert not right(truth, expectation)
        assert not expectation.lost
        assert not expectation.refusable


@pytest.mark.parametrize("mutator", ATTACKS, ids=lambda each: each.name)
def test_a_transcription_may_be_given_with_the_remarks(mutator: Mutator) -> None:
    """Whoever writes down a text as it stands now is right, and so is who leaves the attack out."""
    page = "Order 4711 of 3 May\nOak table for the meeting room\nKind regards\nAnn Lee\n"
    now, expectation = carried(mutator, "a.txt", page, page)
    assert expectation.truth == AnyOf(page, now)


def test_a_formula_stands_at_the_beginning() -> None:
    now = act(noise.formulas, FILES["a.csv"]).view.value
    row = next(csv.DictReader(io.StringIO(now)))
    assert row["goods"][0] in "=+-@"
    assert row["goods"].endswith("Oak table")


def test_markup_without_a_truth_has_no_field_to_attack() -> None:
    with pytest.raises(NotApplicable, match="there is no truth"):
        noise.quotes.apply(Text(FILES["a.xml"]), noise.quotes.step(5, 1))


def test_a_choice_of_answers_stays_one() -> None:
    _, expectation = carried(noise.case, "a.json", FILES["a.json"], {**ORDER, "goods": AnyOf("Oak table", "Table")})
    assert right({**ORDER, "goods": "Table"}, expectation)
