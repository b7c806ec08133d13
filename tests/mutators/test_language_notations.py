"""The category language: digits, numbers, currencies and dates; each told again by its value."""

import datetime as dt
import json
import re
import unicodedata
from decimal import Decimal

import numpy as np
import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

import crumple_mutators.language as family
from crumple import (
    CALENDARS,
    SAME,
    AnyOf,
    Case,
    Degraded,
    Document,
    Edit,
    NotApplicable,
    Recipe,
    Replaced,
    Span,
    Text,
    in_calendar,
    normalise,
)
from crumple.judges.fields import fields
from crumple.mutation.apply import degrade
from crumple_mutators.language.samples import LETTER as EXAMPLE

LETTER = EXAMPLE[1]
MUTATORS = {getattr(family, name).name: getattr(family, name) for name in family.__all__}


def apply(mutator, content: str = LETTER, *, seed: int = 0, **parameters) -> Degraded:
    return mutator(Text(content), **parameters, rng=np.random.default_rng(seed))


def now(degraded: Degraded) -> str:
    return degraded.view.value


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


def value_of(number: str) -> float:
    """A number by its last mark, which a reader may take for the decimal one."""
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in number)
    whole, _, decimals = re.fullmatch(r"(.*)([.,\u066b])(\d+)", plain).groups()
    return float(re.sub(r"\D", "", whole) + "." + decimals)


def test_numbers_in_another_notation_have_the_same_value_and_are_written_as_the_country_does():
    numbers = ["1,234.50", "0.125", "12.5", "1234.75", "1234567.125"]
    forms = set()
    for seed in range(60):
        text = now(apply(family.numbers, "\t".join(numbers), seed=seed, share=1.0))
        assert [value_of(each) for each in text.split("\t")] == [value_of(each) for each in numbers]
        assert [normalise.number(each) for each in text.split("\t")] == [
            Decimal(each.replace(",", "")) for each in numbers
        ]
        forms.add(text.split("\t")[-1])
    cldr = {
        format_decimal(Decimal("1234567.125"), "#,##0.000" if place != "en_IN" else "#,##,##0.000", locale=place)
        for place in ("de_DE", "pl_PL", "fr_FR", "de_CH", "en_GB", "en_IN")
    }
    assert cldr <= forms
    assert "١٬٢٣٤٬٥٦٧٫١٢٥" in forms


@pytest.mark.parametrize("content", ["1.234", "1.2 Scope\n", "v1.25", "192.168.1.10", "2.03.2024", "a.5", "05.03"])
def test_numbers_that_do_not_prove_their_notation_stay(content):
    with pytest.raises(NotApplicable):
        apply(family.numbers, content, share=1.0)


def test_no_number_becomes_one_that_could_be_read_otherwise():
    for seed in range(20):
        text = now(apply(family.numbers, "Sum: 0.125\nNet: 1234.567\nTax: 3.5\n", seed=seed, share=1.0))
        for line in text.splitlines():
            assert len(normalise.numbers(line.partition(": ")[2])) == 1


def test_text_of_the_answer_that_holds_a_number_is_right_both_ways():
    truth = {"item": "Rice, 2.50 kg", "weight": 2.5}
    degraded = apply(family.numbers, "Item: Rice, 2.50 kg\n", share=1.0, truth=truth)
    as_it_stands = now(degraded).strip().partition(": ")[2]
    assert degraded.truth == Replaced({"item": AnyOf("Rice, 2.50 kg", as_it_stands), "weight": 2.5})


def test_a_point_between_thousands_is_either_and_refusing_is_right():
    degraded = apply(family.ambiguous_numbers, "Quantity: 1250\nYear 2024 passed\n", share=1.0)
    assert now(degraded) == "Quantity: 1.250\nYear 2024 passed\n"
    assert degraded.truth == AnyOf(SAME, Edit(values={Span(10, 14): 1.25}))
    assert family.ambiguous_numbers.refusable_from == 1


def test_a_decimal_comma_proves_what_a_point_is():
    with pytest.raises(NotApplicable, match="decimal comma"):
        apply(family.ambiguous_numbers, "Quantity: 1250\nPrice: 2,50\n", share=1.0)


@pytest.mark.parametrize("mutator", [family.ambiguous_numbers, family.ambiguous_dates])
def test_what_is_ambiguous_within_a_longer_text_of_the_answer_is_skipped(mutator):
    text = "Limit: 1250\nDate: 2024-03-05\n"
    mutator(Text(text), 1.0, np.random.default_rng(0), {"limit": 1250, "date": "2024-03-05"})
    with pytest.raises(NotApplicable, match="longer text"):
        mutator(Text(text), 1.0, np.random.default_rng(0), {"note": text})


BILL = "Net: 1,034.00 EUR\nVAT: EUR 200.50\nTotal: €1,234.50\nFee: 5.00 $\n"


def test_a_currency_is_written_otherwise_and_the_numbers_stay():
    seen = set()
    for seed in range(30):
        text = now(apply(family.currency, BILL, seed=seed, share=1.0))
        assert re.findall(r"[\d,.]+", text) == re.findall(r"[\d,.]+", BILL)
        assert text.endswith("Fee: 5.00 $\n")
        net, vat, total, _ = (line.partition(": ")[2] for line in text.splitlines())
        assert (normalise.number(net), normalise.number(vat), normalise.number(total)) == (
            1034,
            Decimal("200.5"),
            Decimal("1234.5"),
        )
        assert all(normalise.quantity(each).unit == {"EUR"} for each in (net, vat, total))
        seen |= {net, vat, total}
    assert {"1,034.00 €", "1,034.00 euros", "€ 200.50", "EUR 1,234.50"} <= seen


def test_a_currency_of_the_answer_is_right_both_ways():
    degraded = apply(family.currency, "Total: 5.00 GBP\n", share=1.0, truth={"currency": "GBP", "total": 5})
    assert degraded.truth == Replaced({"currency": AnyOf("GBP", "£"), "total": 5})


DATED = "Sent 2024-03-05, due 4 April 2024 or April 16, 2024, born 07.09.1984.\n"
DAYS = [dt.date(2024, 3, 5), dt.date(2024, 4, 4), dt.date(2024, 4, 16), dt.date(1984, 9, 7)]
BETWEEN = re.compile(r"Sent (.*), due (.*) or (.*), born (.*)\.\n")


def test_written_out_dates_are_the_same_days_in_thirty_notations():
    notations = set()
    for seed in range(150):
        written = BETWEEN.fullmatch(now(apply(family.dates, DATED, seed=seed, share=1.0))).groups()
        assert [normalise.dates(each) for each in written] == [(day,) for day in DAYS]
        notations.add(written[0])
    assert len(notations) >= 30
    assert {"5 марта 2024\u202fг.", "2024年3月5日", "5 maart 2024"} & notations


def test_dates_of_eras_are_the_same_days():
    seen = set()
    for seed in range(40):
        written = BETWEEN.fullmatch(now(apply(family.era_dates, DATED, seed=seed, share=1.0))).groups()
        assert [normalise.dates(each) for each in written] == [(day,) for day in DAYS]
        seen.add(written[0])
    assert seen == {in_calendar(DAYS[0], calendar) for calendar in CALENDARS}
    assert seen == {"令和6年3月5日", "民國113年3月5日", "5 มีนาคม พ.ศ. 2567", "۱۵ اسفند ۱۴۰۲"}


@pytest.mark.parametrize("mutator", [family.dates, family.era_dates])
def test_dates_that_are_no_days_or_have_two_readings_stay(mutator):
    with pytest.raises(NotApplicable, match="no date"):
        apply(mutator, "Version 2024-13-05, part 31.02.2024, 2024-03-05T10:00, 5/6/2024\n", share=1.0)


def test_an_answer_in_either_notation_is_right_and_another_day_is_not():
    case = Case("a.txt", Document(DATED.encode(), "text/plain", "a.txt"), {"sent": "2024-03-05", "note": DATED.strip()})
    step = MUTATORS["language.dates"].step(5, 7)
    degraded = degrade(case, Recipe((step,)), MUTATORS)
    written = degraded.document.data.decode().strip()
    sent = BETWEEN.fullmatch(written + "\n")[1]
    for answer, score in (
        ({"sent": sent, "note": written}, 1),
        ({"sent": "2024-03-05", "note": DATED}, 1),
        ({"sent": "2024-03-06", "note": written}, 0.5),
    ):
        judged = fields().judge(answer, degraded.expectation.truth, degraded.expectation.lost)
        assert judged.score == score


def test_ambiguous_dates_are_all_read_one_way_or_all_the_other():
    degraded = apply(family.ambiguous_dates, DATED, share=1.0)
    swapped = Edit(values={Span(5, 15): "2024-05-03", Span(58, 68): "1984-07-09"})
    written = Edit(values={span: now(degraded)[span.start : span.end] for span in swapped.values})
    assert degraded.truth == AnyOf(SAME, swapped, written)
    assert now(degraded)[5:15] in ("05/03/2024", "03/05/2024")
    assert "April 16, 2024" in now(degraded)


def test_a_date_with_slashes_could_prove_the_order():
    with pytest.raises(NotApplicable, match="prove"):
        apply(family.ambiguous_dates, "2024-03-05 and 25/12/2024\n", share=1.0)


def test_a_legacy_encoding_gets_dates_that_it_can_write():
    for seed in range(10):
        degraded = family.dates(Text(DATED, "cp1252"), share=1.0, rng=np.random.default_rng(seed))
        assert degraded.view.encoded()
    with pytest.raises(NotApplicable, match="encoding"):
        family.era_dates(Text(DATED, "cp1252"), share=1.0, rng=np.random.default_rng(0))
