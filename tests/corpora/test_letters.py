"""Generated letters: languages, scripts, names of the country, dates as printed there."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import pytest

from crumple import CrumpleError, identify
from crumple_corpora.letters import LANGUAGES, Letters, printed_date
from crumple_corpora.people import _faker, locales, localised, party

CORPUS = Letters(3 * len(LANGUAGES), seed=1)
CASES = {entry.id: CORPUS.load(entry.id) for entry in CORPUS.entries()}
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
}
LOCALES = {"el_GR", "ru_RU", "uk_UA", "he_IL", "ar_SA", "hi_IN", "th_TH", "ja_JP", "zh_CN", "ko_KR"}


def scripts(text: str) -> set[str]:
    return {unicodedata.name(character).split()[0] for character in text if character.isalpha()}


def ascii_letters(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isalpha())


@pytest.mark.parametrize("name", CASES)
def test_every_value_of_the_truth_stands_in_the_letter(name: str) -> None:
    case = CASES[name]
    truth: Any = case.truth
    text = case.document.data.decode()
    for field in ("sender", "company", "recipient", "city", "reference", "subject"):
        assert truth[field] in text, field
    assert case.tags == {truth["language"]}
    assert identify(case.document.data, case.document.name) == "text/plain"


@pytest.mark.parametrize("name", CASES)
def test_a_letter_is_written_in_its_own_script(name: str) -> None:
    truth: Any = CASES[name].truth
    text = CASES[name].document.data.decode().replace(truth["reference"], "")
    expected = SCRIPTS.get(truth["language"], "LATIN")
    letters = [character for character in text if character.isalpha()]
    own = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"} if truth["language"] == "ja" else {expected}
    share = sum(not scripts(character).isdisjoint(own) for character in letters) / len(letters)
    assert share > 0.97, text
    for field in ("sender", "recipient", "city"):
        assert not scripts(truth[field]).isdisjoint(own), field


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_no_name_or_address_of_a_country_with_another_script_is_american(locale: str) -> None:
    for seed in range(60):
        one = party(locale, seed * 7919)
        assert ascii_letters(one.person + one.city + "".join(one.lines)) == ""
        # Companies do carry Latin letters now and then; none is Latin throughout.
        assert len(ascii_letters(one.company)) < len(one.company) / 2


def test_at_least_ten_languages_and_six_scripts() -> None:
    assert len({next(iter(case.tags)) for case in CASES.values()}) >= 10
    assert len(set(SCRIPTS.values()) | {"LATIN"}) >= 6


def test_letters_of_one_language_differ_beyond_their_names() -> None:
    many = Letters(20 * len(LANGUAGES), seed=0)
    for at, language in enumerate(LANGUAGES):
        bodies = set()
        for index in range(at + 1, many.count + 1, len(LANGUAGES)):
            truth: Any = many.load(f"letter-{index:04d}.txt").truth
            assert truth["language"] == language
            bodies.add(truth["subject"])
        assert len(bodies) == 3, language


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "1 March 2025"),
        ("de", "1. März 2025"),
        ("fr", "1er mars 2025"),
        ("es", "1 de marzo de 2025"),
        ("pl", "1 marca 2025 r."),
        ("cs", "1. března 2025"),
        ("tr", "1 Mart 2025"),
        ("el", "1 Μαρτίου 2025"),
        ("ru", "1 марта 2025 г."),
        ("uk", "1 березня 2025 р."),
        ("he", "1 במרץ 2025"),
        ("ar", "١ مارس ٢٠٢٥"),
        ("hi", "1 मार्च 2025"),
        ("th", "1 มีนาคม 2568"),
        ("ja", "2025年3月1日"),
        ("zh", "2025年3月1日"),
        ("ko", "2025년 3월 1일"),
    ],
)
def test_dates_are_printed_in_the_manner_of_the_country(language: str, expected: str) -> None:
    from crumple_corpora.letters import _style

    assert printed_date(dt.date(2025, 3, 1), _style(language)) == expected


@pytest.mark.parametrize("name", CASES)
def test_date_and_deadline_are_printed(name: str) -> None:
    from crumple_corpora.letters import _style

    truth: Any = CASES[name].truth
    text = CASES[name].document.data.decode()
    for field in ("date", "deadline"):
        assert printed_date(dt.date.fromisoformat(truth[field]), _style(truth["language"])) in text
    assert ".." not in text
    assert "{" not in text


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


@pytest.mark.parametrize("name", ["letter-0000.txt", "letter-0052.txt", "letter-00001.txt", "invoice-0001.pdf"])
def test_an_unknown_letter_is_an_error_that_says_what_there_is(name: str) -> None:
    with pytest.raises(CrumpleError, match=r"letters, seed 1: no case .*letter-0051"):
        CORPUS.load(name)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"seed": -1}])
def test_bad_arguments_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CrumpleError, match=f"letters: {next(iter(wrong))} is "):
        Letters(**({"count": 1} | wrong))  # type: ignore[arg-type]
