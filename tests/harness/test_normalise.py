"""Values are told from their notation: the same one in any, and no other."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from crumple import CALENDARS, dates_in, in_calendar, normalise
from crumple.calendars import of_persian, persian

NARROW = "\u202f"
WAYS = [("", "."), ("", ","), (",", "."), (".", ","), ("'", "."), ("\u2019", ","), (" ", ","), (NARROW, ".")]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９"]


def grouped(whole: str, separator: str) -> str:
    """A whole number with a separator before every three digits from the right."""
    return f"{int(whole):,}".replace(",", separator)


@st.composite
def amounts(draw: st.DrawFn) -> tuple[Decimal, str]:
    """A number of cents, and one of the ways that people write it."""
    whole = str(draw(st.integers(0, 10**9)))
    cents = f"{draw(st.integers(0, 99)):02d}"
    group, point = draw(st.sampled_from(WAYS))
    written = f"{grouped(whole, group)}{point}{cents}"
    sign = draw(st.sampled_from(["", "-", "\u2212", "after", "("]))
    money = draw(st.sampled_from(["", "€", "USD", "zł", "R$"]))
    spot = draw(st.sampled_from(["before", "behind", "close"])) if money else "none"
    written = written.translate(str.maketrans(DIGITS[0], draw(st.sampled_from(DIGITS))))
    written = {"before": f"{money} {written}", "behind": f"{written} {money}", "close": money + written}.get(
        spot, written
    )
    written = {"after": written + "-", "(": f"({written})"}.get(sign, sign + written)
    value = Decimal(f"{whole}.{cents}")
    return (value.copy_negate() if sign else value), written


@given(amounts())
def test_an_amount_is_itself_in_any_notation(amount: tuple[Decimal, str]) -> None:
    value, written = amount
    assert normalise.number(written) == value
    assert normalise.numbers(written) == (value,)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_what_python_writes_is_among_the_readings_and_comes_first(value: float) -> None:
    assert normalise.number(value) == Decimal(repr(value))
    written = str(value)
    if len(written) <= 100 and ("e" not in written or "." in written or "e-" in written or "e+" in written):
        assert normalise.numbers(written)[0] == Decimal(written)


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("1.234", ["1.234", "1234"]),
        ("1,234", ["1234", "1.234"]),
        ("-12.500", ["-12.500", "-12500"]),
        ("€ 1.234", ["1.234", "1234"]),
        ("0.125", ["0.125"]),
        ("1234.567", ["1234.567"]),
        ("1,234,567", ["1234567"]),
        ("12,34,567.89", ["1234567.89"]),
        ("١٬٢٣٤٫٥", ["1234.5"]),
        ("12,-", ["12"]),
        (".5", ["0.5"]),
        ("1,5E+03", ["1500"]),
        ("19 %", ["19", "0.19"]),
    ],
)
def test_a_notation_with_two_readings_gives_both(written: str, readings: list[str]) -> None:
    found = normalise.numbers(written)
    assert found == tuple(map(Decimal, readings))


def test_a_number_that_may_be_two_is_none_and_a_percent_sign_is_a_unit() -> None:
    assert normalise.number("1.234") is None
    assert normalise.number("19 %") == 19


@pytest.mark.parametrize(
    "name",
    [
        "",
        "n/a",
        "007",
        "00.5",
        "1E5",
        "12e5",
        "5²",
        "①",
        "½",
        "1.2.3",
        "1,2,3",
        "5.",
        "--5",
        "-(5)",
        "(5",
        "5 pcs",
        "TOP 5",
        "$5 EUR",
        "2024-03-05",
        "10:30",
        "1 2",
        "12 34",
        "1.23.456",
        "+49 30 123456",
        "Infinity",
        "nan",
        "0x10",
        "1" * 500,
    ],
)
def test_what_only_looks_like_a_number_is_none(name: str) -> None:
    assert normalise.numbers(name) == ()
    assert normalise.number(name) is None


@pytest.mark.parametrize("value", [None, True, False, float("nan"), float("inf"), [1], {"a": 1}])
def test_only_numbers_and_text_are_numbers(value: object) -> None:
    assert normalise.number(value) is None  # type: ignore[arg-type]


@given(st.text())
def test_any_text_has_at_most_two_numbers_and_three_dates_and_raises_nothing(value: str) -> None:
    assert len(normalise.numbers(value)) <= 4
    assert len(normalise.dates(value)) <= 3


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONATE = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_a_date_is_itself_in_every_notation_without_doubt(day: date) -> None:
    month, german = MONTHS[day.month - 1], MONATE[day.month - 1]
    for written in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
        f"{day.isoformat()}T00:00:00Z",
        f"{day:%d.%m.%Y}",
        f"{day.day}. {day.month}. {day.year}",
        f"{day:%d.%m.%y}",
        f"{day.day} {month} {day.year}",
        f"{day.day:02d}-{month[:3].upper()}-{day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day}. {german} {day.year}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d.%m.%Y}".translate(str.maketrans(DIGITS[0], DIGITS[1])),
    ):
        assert normalise.dates(written) == (day,), written


LANGUAGES = (
    "ar bg bn ca cs da de de_AT el en en_US es et fa fi fr fr_CA he hi hu hy id it ja ka ko lt lv nb nl nn pl pt pt_PT "
    "ro ru sk sl sr sv ta th tr uk vi zh zh_TW"
)


@pytest.mark.parametrize("language", LANGUAGES.split())
def test_a_date_is_itself_in_every_languages_words(language: str) -> None:
    """As CLDR writes it, long, and where it stands in a sentence."""
    for month in range(1, 13):
        day = date(2024, month, 5 + month)
        written = format_date(day, "long", locale=language)
        assert normalise.dates(written) == (day,), written
        assert normalise.dates(written.replace("2024", "٢٠٢٤")) == (day,)
        assert [each for _, each in dates_in(f"Quantity: 12\nxx: {written}, 20 kg")] == [day], written


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1er mars 2025", date(2025, 3, 1)),
        ("1º marzo 2025", date(2025, 3, 1)),
        ("Tuesday, 5 March 2024", date(2024, 3, 5)),
        ("mardi 5 mars 2024", date(2024, 3, 5)),
        ("вторник, 5 марта 2024 г.", date(2024, 3, 5)),
        ("5. Jänner 2024", date(2024, 1, 5)),
        ("5-Mar-24", date(2024, 3, 5)),
        ("5 Mar '24", date(2024, 3, 5)),
        ("4 d’abril del 2024", date(2024, 4, 4)),
        ("ngày 5 tháng 3 năm 2024", date(2024, 3, 5)),
        ("2024. 03. 05.", date(2024, 3, 5)),
        ("2024年3月5日(火)", date(2024, 3, 5)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("中華民國113年3月5日", date(2024, 3, 5)),
        ("5 มีนาคม 2567", date(2024, 3, 5)),
        ("5 มีนาคม พ.ศ. 2567", date(2024, 3, 5)),
        ("۱۵ اسفند ۱۴۰۲", date(2024, 3, 5)),
    ],
)
def test_a_date_is_itself_with_days_ordinals_and_eras(written: str, day: date) -> None:
    assert normalise.dates(written) == (day,)


@pytest.mark.parametrize(
    "other",
    [
        "平成31年5月1日",
        "30 اسفند 1402",
        "March 5, 24",
        "5 March 4 2024",
        "5 mar mar 2024",
    ],
)
def test_a_day_that_no_calendar_has_is_none(other: str) -> None:
    assert normalise.dates(other) == ()


def test_dates_are_found_in_running_text_where_they_have_one_reading() -> None:
    text = (
        "Sent 2024-03-05, due 4 April 2024 or April 16, 2024; 12\nDate: 07.09.1984. 2024-13-05, v1.2.24, 31.02.2024, "
        "2024-03-05T10:00, 5/6/2024, 25/12/2024, 2024年3月5日まで, 1250\nDate: 2024-03-06"
    )
    assert [(text[span.start : span.end], day) for span, day in dates_in(text)] == [
        ("2024-03-05", date(2024, 3, 5)),
        ("4 April 2024", date(2024, 4, 4)),
        ("April 16, 2024", date(2024, 4, 16)),
        ("07.09.1984", date(1984, 9, 7)),
        ("25/12/2024", date(2024, 12, 25)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("2024-03-06", date(2024, 3, 6)),
    ]


@given(st.text(st.sampled_from("0123456789 .-/年月日,MarchmeiД\n"), max_size=60))
def test_dates_in_any_text_are_dates_and_stand_apart(value: str) -> None:
    last = 0
    for span, day in dates_in(value):
        assert normalise.dates(value[span.start : span.end]) == (day,)
        assert last <= span.start < span.end
        last = span.end


@given(st.dates(date(1927, 1, 1), date(2118, 12, 31)), st.sampled_from(CALENDARS))
def test_a_date_is_itself_in_every_calendar(day: date, calendar: str) -> None:
    assert normalise.dates(in_calendar(day, calendar)) == (day,)


@pytest.mark.parametrize(
    ("year", "new_year"),
    [
        (1357, date(1978, 3, 21)),
        (1375, date(1996, 3, 20)),
        (1399, date(2020, 3, 20)),
        (1402, date(2023, 3, 21)),
        (1403, date(2024, 3, 20)),
        (1408, date(2029, 3, 20)),
    ],
)
def test_the_iranian_year_begins_with_spring(year: int, new_year: date) -> None:
    assert persian(new_year) == (year, 1, 1)
    assert of_persian(year, 1, 1) == new_year


@pytest.mark.parametrize(
    ("calendar", "day"), [("japanese", date(1900, 1, 1)), ("republic", date(1911, 1, 1)), ("persian", date(1500, 1, 1))]
)
def test_a_day_before_a_calendar_began_is_an_error(calendar: str, day: date) -> None:
    with pytest.raises(ValueError, match=r"1911|1900|1500"):
        in_calendar(day, calendar)
    with pytest.raises(ValueError, match="japanese, republic"):
        in_calendar(day, "mayan")


@pytest.mark.parametrize(("one", "other"), [("Raum १२", "Raum 12"), ("০১০৬৭ Dresden", "01067 Dresden"), ("٣", "3")])
def test_digits_of_any_script_are_the_same_text(one: str, other: str) -> None:
    assert normalise.text(one) == normalise.text(other)


@given(st.dates(date(1000, 1, 1)))
def test_slashes_leave_two_readings_unless_one_is_no_date(day: date) -> None:
    found = normalise.dates(f"{day:%d/%m}/{day.year:04d}")
    assert found[0] == day
    assert len(found) == (1 if day.day > 12 or day.day == day.month else 2)
    assert day in normalise.dates(f"{day:%m/%d}/{day.year:04d}")


@pytest.mark.parametrize(
    "other",
    [
        "n/a",
        "1",
        "May",
        "2024",
        "12345678",
        "2024-02-30",
        "31.02.2024",
        "2024-03-05T10:30",
        "Due 5 March 2024",
        "1.2.24",
        "May 2024",
        "5 Marchetti 2024",
        "12.345.678",
        "",
        "10:30",
        "3 of 12",
        "March 5",
    ],
)
def test_what_only_looks_like_a_date_is_none(other: str) -> None:
    assert normalise.dates(other) == ()


def test_a_year_of_two_digits_does_not_depend_on_today() -> None:
    assert normalise.dates("05.03.68") == (date(2068, 3, 5),)
    assert normalise.dates("05.03.69") == (date(1969, 3, 5),)
    assert normalise.dates("05/03/24") == (date(2024, 3, 5), date(2024, 5, 3), date(2005, 3, 24))


@given(st.text(), st.booleans())
def test_normalised_text_stays_as_it_is(value: str, fold: bool) -> None:
    once = normalise.text(value, ignore_case=fold)
    assert normalise.text(once, ignore_case=fold) == once
    assert normalise.text(unicodedata.normalize("NFD", value), ignore_case=fold) == once


def test_text_is_freed_of_what_nobody_sees() -> None:
    shy, zero, bom, bidi = "\u00ad", "\u200b", "\ufeff", "\u202e"
    assert normalise.text(f"{bom}Rech{shy}nung\u00a0 Nr.{zero}\t7{bidi}\n") == "Rechnung Nr. 7"
    assert normalise.text("\uff21\uff22\uff23 \u201cM\u00fcller\u2019s\u201d \u2013 5") == 'ABC "M\u00fcller\'s" - 5'
    assert normalise.text("ab3") != normalise.text("AB3")
    assert normalise.text("Straße", ignore_case=True) == normalise.text("STRASSE", ignore_case=True)


@pytest.mark.parametrize(("value", "written"), [(None, ""), (True, "true"), (5, "5"), (1.5, "1.5")], ids=str)
def test_other_values_are_written_as_json_does(value: object, written: str) -> None:
    assert normalise.text(value) == written  # type: ignore[arg-type]


def test_a_number_too_long_for_python_to_print_is_still_text() -> None:
    assert normalise.text(10**5000) == "1" + "0" * 5000


def test_importing_it_pulls_in_nothing_heavy() -> None:
    heavy = "{'numpy', 'rapidfuzz', 'dateutil', 'babel'}"
    code = f"import sys, crumple.normalise, crumple.judges; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_blank_is_what_has_no_visible_character_however_long() -> None:
    for blank in ("", " \u200b" * 5000, None, float("nan"), b" \n"):
        assert normalise.is_blank(blank)
        assert not normalise.holds_values({"a": [blank, {"b": blank}], "c": []})
    for value in (" " * 5000 + "x", 0, False, b"x"):
        assert not normalise.is_blank(value)
        assert normalise.holds_values({"a": [None, {"b": value}]})
