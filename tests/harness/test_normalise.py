"""Values are told from their notation: the same one in any, and no other."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import normalise

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
    heavy = "{'numpy', 'rapidfuzz', 'dateutil'}"
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
