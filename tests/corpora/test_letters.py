"""Generated letters: languages, scripts, names of the country, dates as printed there."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from crumple import Case, CrumpleError, identify, normalise
from crumple.mutation.locate import locate
from crumple_corpora.letters import LOCALES, Letters, customs
from crumple_corpora.people import _faker, locales, localised, party

CORPUS = Letters(2 * len(LOCALES), seed=1)
NAMES = [entry.id for entry in CORPUS.entries()]
SCRIPTS = {
    "el": "GREEK",
    "ru": "CYRILLIC",
    "uk": "CYRILLIC",
    "he": "HEBREW",
    "ar": "ARABIC",
    "hi": "DEVANAGARI",
    "th": "THAI",
    "ja": "CJK",
    "zh": "CJK",
    "ko": "HANGUL",
    "bg": "CYRILLIC",
    "fa": "ARABIC",
    "bn": "BENGALI",
    "ka": "GEORGIAN",
    "hy": "ARMENIAN",
}
NOT_LATIN = sorted(locale for locale in LOCALES if locale[:2] in SCRIPTS)


@cache
def letter(name: str) -> Case:
    return CORPUS.load(name)


def scripts(text: str) -> set[str]:
    return {unicodedata.name(character).split()[0] for character in text if character.isalpha()}


def ascii_letters(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isalpha())


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_the_truth_stands_in_the_letter(name: str) -> None:
    case = letter(name)
    truth: Any = case.truth
    text = case.document.data.decode()
    for field in ("sender", "company", "recipient", "city", "reference", "subject"):
        assert truth[field] in text, field
    assert truth["language"] in case.tags
    assert len(case.tags & set(LOCALES)) == 1
    assert identify(case.document.data, case.document.name) == "text/plain"


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_written_in_its_own_script(name: str) -> None:
    truth: Any = letter(name).truth
    text = letter(name).document.data.decode().replace(truth["reference"], "")
    expected = SCRIPTS.get(truth["language"], "LATIN")
    letters = [character for character in text if character.isalpha()]
    own = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"} if truth["language"] == "ja" else {expected}
    share = sum(not scripts(character).isdisjoint(own) for character in letters) / len(letters)
    assert share > 0.97, text
    for field in ("sender", "recipient", "city"):
        assert not scripts(truth[field]).isdisjoint(own), field


@pytest.mark.parametrize("locale", NOT_LATIN)
def test_no_name_or_address_of_a_country_with_another_script_is_american(locale: str) -> None:
    for seed in range(60):
        one = party(locale, seed * 7919)
        assert ascii_letters(one.person + one.city + "".join(one.lines)) == ""
        # Companies do carry Latin letters now and then; none is Latin throughout.
        assert len(ascii_letters(one.company)) < len(one.company) / 2


def test_forty_locales_of_thirty_languages_in_thirteen_scripts() -> None:
    tags = set[str]().union(*(letter(name).tags for name in NAMES))
    assert len(tags & set(LOCALES)) >= 40
    assert len({tag for tag in tags if len(tag) == 2}) >= 30
    assert len(set(SCRIPTS.values()) | {"LATIN", "HIRAGANA"}) >= 13


def test_letters_of_one_locale_differ_beyond_their_names() -> None:
    many = Letters(20 * len(LOCALES), seed=0)
    for at, locale in enumerate(LOCALES):
        subjects, amounts = set(), set()
        for index in range(at + 1, many.count + 1, len(LOCALES)):
            truth: Any = many.load(f"letter-{index:04d}.txt").truth
            assert truth["language"] == locale[:2]
            subjects.add(truth["subject"])
            amounts.add(truth["amount"])
        assert len(subjects) == 3, locale
        assert len(amounts) > 15, locale


def test_a_larger_corpus_begins_with_the_smaller_one() -> None:
    larger = Letters(200, seed=1)
    assert [larger.load(name) for name in NAMES] == [letter(name) for name in NAMES]


@pytest.mark.parametrize(
    ("locale", "date", "amount"),
    [
        ("en_GB", "1 March 2025", "£1,234.50"),
        ("en_US", "March 1, 2025", "$1,234.50"),
        ("de_DE", "1. März 2025", "1.234,50\xa0€"),
        ("de_CH", "1. März 2025", "CHF\xa01’234.50"),
        ("fr_FR", "1er mars 2025", "1\u202f234,50\xa0€"),
        ("es_ES", "1 de marzo de 2025", "1.234,50\xa0€"),
        ("pl_PL", "1 marca 2025 r.", "1\xa0234,50\xa0zł"),
        ("cs_CZ", "1. března 2025", "1\xa0234,50\xa0Kč"),
        ("tr_TR", "1 Mart 2025", "₺1.234,50"),
        ("el_GR", "1 Μαρτίου 2025", "1.234,50\xa0€"),
        ("ru_RU", "1 марта 2025\u202fг.", "1\xa0234,50\xa0₽"),
        ("uk_UA", "1 березня 2025\u202fр.", "1\xa0234,50\xa0₴"),
        ("he_IL", "1 במרץ 2025", "\u200f1,234.50\xa0\u200f₪"),
        ("ar_SA", "١ مارس ٢٠٢٥", "١٬٢٣٤٫٥٠ ريال"),
        ("fa_IR", "۱۱ اسفند ۱۴۰۳", "۱٬۲۳۴ ریال"),
        ("hi_IN", "1 मार्च 2025", "₹1,234.50"),
        ("bn_BD", "১ মার্চ, ২০২৫", "১,২৩৪.৫০ টাকা"),
        ("th_TH", "1 มีนาคม 2568", "1,234.50 บาท"),
        ("ja_JP", "2025年3月1日", "￥1,234"),
        ("zh_CN", "2025年3月1日", "¥1,234.50"),
        ("zh_TW", "民國114年3月1日", "新臺幣1,234元"),
        ("ko_KR", "2025년 3월 1일", "₩1,234"),
        ("hu_HU", "2025. március 1.", "1\xa0234\xa0Ft"),
        ("ka_GE", "1 მარტი, 2025", "1\xa0234,50\xa0₾"),
        ("hy_AM", "01 մարտի, 2025 թ.", "1\xa0234\xa0֏"),
        ("no_NO", "1. mars 2025", "1\xa0234,50\xa0kr"),
    ],
)
def test_dates_and_amounts_are_printed_in_the_manner_of_the_country(locale: str, date: str, amount: str) -> None:
    printing = customs(locale)
    assert printing.date_of(dt.date(2025, 3, 1)) == date
    assert printing.amount_of(Decimal(1234) if printing.whole else Decimal("1234.5")) == amount


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_in_the_letters_own_notation_is_the_truth(name: str) -> None:
    """Dates in the country's calendar and amounts in its marks compare equal to ISO dates and plain numbers."""
    truth: Any = letter(name).truth
    (locale,) = letter(name).tags & set(LOCALES)
    printing, text = customs(locale), letter(name).document.data.decode()
    for field in ("date", "deadline"):
        day = dt.date.fromisoformat(truth[field])
        assert printing.date_of(day) in text
        assert normalise.dates(printing.date_of(day)) == (day,)
    amount = printing.amount_of(Decimal(str(truth["amount"])))
    assert amount in text
    assert Decimal(str(truth["amount"])) in normalise.numbers(amount)


@pytest.mark.parametrize("name", NAMES)
def test_the_engine_finds_every_value_in_every_letter(name: str) -> None:
    case = letter(name)
    assert set(locate(case.truth, case.document, case).nowhere) <= {"/language"}


@pytest.mark.parametrize("name", NAMES)
def test_no_pattern_is_left_unfilled(name: str) -> None:
    text = letter(name).document.data.decode()
    assert ".." not in text
    assert not set("{}<>") & set(text)


def test_what_faker_lacks_is_ours_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faker has no Turkish addresses and no British companies, and would make up American ones."""
    assert "address" not in localised("tr_TR")
    assert "company" not in localised("en_GB")
    import crumple_corpora.people as people

    styles = {"tr_TR": {"lines": ["{{street_name}} <number>"]}}
    monkeypatch.setattr(people, "_styles", lambda: styles)
    with pytest.raises(LookupError, match="no address names for tr_TR"):
        party("tr_TR", 1)


def test_every_locale_draws_the_same_party_twice_whatever_was_drawn_between() -> None:
    for locale in locales():
        first = party(locale, 11)
        _faker(locale).name()
        party(locale, 12)
        assert party(locale, 11) == first
        assert party(locale, 13) != first
        assert first.city in "".join(first.lines)


@pytest.mark.parametrize("name", ["letter-0000.txt", "letter-0087.txt", "letter-00001.txt", "invoice-0001.pdf"])
def test_an_unknown_letter_is_an_error_that_says_what_there_is(name: str) -> None:
    with pytest.raises(CrumpleError, match=r"letters, seed 1: no case .*letter-0086"):
        CORPUS.load(name)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"seed": -1}])
def test_bad_arguments_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CrumpleError, match=f"letters: {next(iter(wrong))} is "):
        Letters(**({"count": 1} | wrong))  # type: ignore[arg-type]
