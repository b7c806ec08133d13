"""The category table: each mutator's effect on small tables, its statement, and its way back where it says same."""

import contextlib
import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crumple_mutators.table as family
from crumple import ALL, SAME, AnyOf, Cell, Degraded, Edit, NotApplicable, Table, Text

MUTATORS = [getattr(family, name) for name in family.__all__]
BY_SHARE = [each for each in MUTATORS if each.parameter == "share"]
PLAIN = "id,name,city,amount\n1,Ann Lee,Oslo,12.50\n2,Bo,Rome,-1234.75\n3,Cy,Bonn,7.25\n4,Di,Lyon,99.00\n"


def table(content: str = PLAIN) -> Table:
    return Table.parsed(Text(content))


def apply(mutator, content: str = PLAIN, *, seed: int = 0, **parameters) -> Degraded:
    result = mutator(table(content), **parameters, rng=np.random.default_rng(seed))
    return result if isinstance(result, Degraded) else Degraded(result)


def written(degraded: Degraded) -> str:
    return degraded.view.text.value


def read(content: str, **dialect) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline=""), **dialect))


def said(degraded: Degraded) -> set[str]:
    edits = degraded.truth.options if isinstance(degraded.truth, AnyOf) else (degraded.truth,)
    found = {"same" if each == SAME else "new" for each in edits}
    return (found - {"same"} if degraded.lost else found) | ({"lost"} if degraded.lost else set())


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda each: each.name)
def test_acts_on_its_example_at_every_level_and_says_only_what_it_declares(mutator):
    (_, content), *_ = mutator.examples
    for level in mutator.levels((1, 2, 3, 4, 5)) or (mutator.level,):
        for seed in range(8):
            degraded = mutator.apply(table(content), mutator.step(level, seed))
            assert written(degraded) != content
            assert said(degraded) <= set(mutator.truth)


@pytest.mark.parametrize("mutator", BY_SHARE, ids=lambda each: each.name)
def test_a_greater_share_touches_a_superset_and_does_the_same_there(mutator):
    content = "no,name,code,born,amount,ean,kind\n" + "".join(
        f"{1000 + i},Ann {i},0{i:03},2001-02-{1 + i % 28:02},{i}.5,{4006381333900 + i},{'ab'[i % 2]}\n"
        for i in range(60)
    )
    for seed in range(4):
        before: set[str] = set()
        for share in mutator.ladder.rungs:
            degraded = apply(mutator, content, seed=seed, share=share)
            edits = degraded.truth.options if isinstance(degraded.truth, AnyOf) else (degraded.truth,)
            places = {*degraded.lost, *degraded.touched, *(place for edit in edits for place in edit.values)}
            values = {f"{place} {written_at(degraded, place)}" for place in places}
            assert before <= values
            before = values


def written_at(degraded: Degraded, cell: Cell) -> str:
    same_rows = len(degraded.view.rows) == 61 and len(degraded.view.header) == 7
    return degraded.view.value(cell) if same_rows else ""


@pytest.mark.parametrize(
    ("delimiter", "dialect"),
    [
        (";", {"delimiter": ";"}),
        ("\t", {"delimiter": "\t"}),
        ("|", {"delimiter": "|"}),
        (", ", {"skipinitialspace": True}),
        ("\x1f", {"delimiter": "\x1f"}),
    ],
)
@given(
    rows=st.lists(
        st.lists(st.text(st.sampled_from("ab ,;|\t\"'\n\x1f1"), min_size=1, max_size=6), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_another_delimiter_is_undone_by_a_reader_that_knows_it(delimiter, dialect, rows):
    source = io.StringIO()
    csv.writer(source, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    clean = Table.parsed(Text(source.getvalue()), table().dialect)
    degraded = family.delimiter(clean, delimiter=delimiter, rng=np.random.default_rng(0))
    assert read(degraded.text.value, **dialect) == [["a", "b", "c"], *rows]


def test_quotes_that_stood_there_stay_with_another_delimiter():
    degraded = apply(family.delimiter, 'a,b\n"1",x;y\n', delimiter=";")
    assert written(degraded) == 'a;b\n"1";"x;y"\n'


def test_the_delimiter_that_it_has_does_not_apply():
    with pytest.raises(NotApplicable, match="already"):
        apply(family.delimiter, "a;b\n1;2\n", delimiter=";")


@pytest.mark.parametrize(("style", "quote"), [("all", '"'), ("apostrophe", "'"), ("none", '"')])
def test_known_quotes_are_read_back(style, quote):
    content = 'id,"name",note\n1,"O\'Neill, Ann","say ""hi"""\n'
    degraded = apply(family.quoting, content, style=style)
    assert read(written(degraded), quotechar=quote) == read(content)
    assert not degraded.lost


def test_smart_quotes_lose_a_cell_that_holds_the_delimiter_and_what_follows():
    degraded = apply(family.quoting, 'id,name,city\n1,"Lee, Ann",Oslo\n2,Bo,Rome\n', style="smart")
    assert written(degraded) == "“id”,“name”,“city”\n1,“Lee, Ann”,“Oslo”\n2,“Bo”,“Rome”\n"
    assert degraded.lost == [Cell(1, 1), Cell(1, 2)]


def test_quotes_that_are_not_needed_must_be_there_to_be_dropped():
    with pytest.raises(NotApplicable, match="like that already"):
        apply(family.quoting, style="none")


@pytest.mark.parametrize("mutator", [family.preamble, family.footer_total, family.header_repeated])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_lines_around_the_rows_leave_every_clean_line_as_it_was(mutator, level):
    degraded = mutator.apply(table(PLAIN.rstrip("\n")), mutator.step(level, 1))
    lines = written(degraded).splitlines()
    assert [line for line in lines if line in PLAIN.splitlines() and line != lines[0]][-4:] == PLAIN.splitlines()[1:]
    assert said(degraded) == {"same"}


@pytest.mark.parametrize("lines", [1, 3, 10, 20, 40])
def test_a_preamble_has_as_many_lines_as_asked_for_and_holds_delimiters_from_the_21st(lines):
    added = written(apply(family.preamble, lines=lines)).splitlines()[:-5]
    assert len(added) == lines
    assert [line.count(",") for line in added[:10]] == [0] * min(lines, 10)
    assert [line.count(",") for line in added[20:]] == [3] * max(0, lines - 20)


def test_the_separator_line_stands_first():
    assert written(apply(family.separator_line)) == "sep=,\n" + PLAIN


@given(st.sampled_from([0.01, 0.2, 0.5]), st.integers(0, 50))
def test_blank_lines_are_undone_by_skipping_rows_without_values(share, seed):
    degraded = apply(family.blank_lines, seed=seed, share=share)
    assert len(degraded.view.rows) == 5 + max(1, round(share * 4))
    assert [row for row in read(written(degraded)) if any(row)] == read(PLAIN)


def test_the_totals_row_holds_exact_sums_of_amounts_and_no_total_of_numbers_that_name():
    last = read(written(apply(family.footer_total, lines=1)))[-1]
    assert last[3] == "-1116.00"
    assert Decimal(last[3]) == sum(Decimal(row[3]) for row in read(PLAIN)[1:])
    assert not last[1]


def test_without_numbers_there_is_no_total():
    with pytest.raises(NotApplicable, match="no column holds numbers"):
        apply(family.footer_total, "a,b\nx,y\n", lines=1)


def test_a_short_row_loses_its_last_cells_and_a_long_one_what_is_shifted():
    kinds = {"short": 0, "long": 0, "trailing": 0}
    for seed in range(20):
        degraded = apply(family.ragged_row, seed=seed, share=0.5)
        clean, ragged = table(), degraded.view
        for place in degraded.touched:
            old, new = clean.rows[place.row].cells, ragged.rows[place.row].cells
            lost = [each.column for each in degraded.lost if each.row == place.row]
            kinds["short" if len(new) < 4 else "long" if lost else "trailing"] += 1
            kept = min([*lost, 4])
            assert len(new) != 4
            assert new[:kept] == old[:kept]
            assert lost == list(range(kept, 4))
    assert all(kinds.values())


def test_a_cell_that_holds_the_delimiter_is_the_one_that_is_not_quoted():
    found = {written(apply(family.ragged_row, 'a,b,c\n"x, y",z,1\n', seed=seed, share=1)) for seed in range(20)}
    assert "a,b,c\nx, y,z,1\n" in found


def test_a_dropped_row_is_named_with_the_header_as_row_0():
    degraded = apply(family.row_dropped, share=0.5)
    kept = degraded.truth.rows
    assert len(kept) == 3
    assert kept[0] == 0
    assert written(degraded) == "".join(table().rows[row].raw for row in kept)


def test_the_only_row_is_not_dropped():
    with pytest.raises(NotApplicable, match="one row"):
        apply(family.row_dropped, "a,b\n1,2\n", share=0.5)


def test_a_doubled_row_may_be_given_once_or_twice():
    degraded = apply(family.row_duplicated, "a,b\n1,2", share=1)
    assert written(degraded) == "a,b\n1,2\n1,2"
    assert degraded.truth == AnyOf(SAME, Edit(rows=(0, 1, 1)))


@given(st.floats(0.05, 1), st.integers(0, 100))
def test_reordered_columns_give_the_same_records_by_name(share, seed):
    degraded = apply(family.columns_reordered, seed=seed, share=share)
    assert written(degraded) != PLAIN
    back = csv.DictReader(io.StringIO(written(degraded)))
    assert list(back) == list(csv.DictReader(io.StringIO(PLAIN)))


@pytest.mark.parametrize(
    ("content", "reason"), [("a,a\n1,2\n", "the same"), ("a,b\n1\n", "as long"), ("a\n1\n", "single")]
)
def test_columns_that_are_told_by_their_place_are_not_reordered(content, reason):
    with pytest.raises(NotApplicable, match=reason):
        apply(family.columns_reordered, content, share=0.5)


def test_two_columns_of_one_name_are_both_lost_and_nothing_else():
    degraded = apply(family.header, style="duplicate")
    header = degraded.view.header
    (twice,) = {name for name in header if header.count(name) == 2}
    columns = [column for column, name in enumerate(header) if name == twice]
    assert sorted(degraded.lost) == [Cell(row, column) for row in range(5) for column in columns]


def test_a_blank_name_loses_its_column():
    degraded = apply(family.header, style="blank")
    column = degraded.view.header.index("")
    assert degraded.lost == [Cell(row, column) for row in range(5)]


def test_without_a_header_all_is_lost():
    degraded = apply(family.header, style="missing")
    assert written(degraded) == PLAIN.partition("\n")[2]
    assert degraded.lost is ALL


def test_case_and_spaces_of_a_header_are_undone_by_folding():
    degraded = apply(family.header, "net_amount,City\n1,Rome\n", style="case")
    assert [name.strip().lower().replace(" ", "_") for name in degraded.view.header] == ["net_amount", "city"]
    assert not degraded.lost


def test_a_header_in_two_rows_has_the_rest_of_each_name_below():
    degraded = apply(family.header, "net amount,city\n1,Rome\n", style="two rows")
    assert written(degraded) == "net,city\namount,(text)\n1,Rome\n"


def test_decimal_commas_are_undone_and_every_row_proves_them():
    degraded = apply(family.decimal_comma, "a;b\n1234.50;1.125\n7.25;x\n", share=1)
    assert written(degraded) == "a;b\n1234,50;1.125\n7,25;x\n"


def test_a_number_with_three_decimals_goes_along_where_another_cell_of_the_row_proves_it():
    content = "a;b\n12.50;1.125\n3.00;2.250\n"
    assert written(apply(family.decimal_comma, content, share=1)) == content.replace(".", ",")


def test_where_no_decimal_comma_could_be_proved_it_does_not_apply():
    with pytest.raises(NotApplicable, match="mark between thousands"):
        apply(family.decimal_comma, "a;b\n1.125;x\n", share=1)


def test_a_point_between_thousands_may_be_read_either_way():
    degraded = apply(family.ambiguous_thousands, "a,n\nx,4200\ny,17\n", share=1)
    assert written(degraded) == "a,n\nx,4.200\ny,17\n"
    assert degraded.truth == AnyOf(SAME, Edit(values={Cell(1, 1): 4.2}))


def test_a_million_would_prove_the_point_between_thousands():
    with pytest.raises(NotApplicable):
        apply(family.ambiguous_thousands, "a,n\nx,4200\ny,1000000\n", share=1)


@pytest.mark.parametrize("style", ["currency", "thousands", "accounting", "scientific", "arabic digits"])
def test_a_number_in_another_style_has_the_same_value(style):
    clean = table()
    for seed in range(3):
        degraded = apply(family.number_style, seed=seed, style=style)
        assert degraded.touched
        for cell in degraded.touched:
            shown = degraded.view.value(cell).replace(",", "").strip("EUR €")
            if shown.startswith("("):
                shown = f"-{shown[1:-1]}"
            elif shown.endswith("-"):
                shown = f"-{shown[:-1]}"
            value = Decimal(shown)
            assert value == Decimal(clean.value(cell))


def test_negative_amounts_stand_in_brackets_or_with_their_sign_behind():
    shown = {
        written(apply(family.number_style, "a,n\nx,-4.20\n", seed=seed, style="accounting")).split(",")[-1].strip()
        for seed in range(12)
    }
    assert shown == {"(4.20)", "4.20-"}


def test_brackets_need_a_negative_amount():
    with pytest.raises(NotApplicable, match="negative"):
        apply(family.number_style, "a,n\nx,4.20\n", style="accounting")


def test_codes_without_their_zeros_are_right_as_they_stand_and_as_they_were():
    degraded = apply(family.leading_zeros, "zip,n\n00123,0\n50667,0.5\n000,1\n", share=1)
    assert written(degraded) == "zip,n\n123,0\n50667,0.5\n0,1\n"
    assert degraded.truth == Edit(values={Cell(1, 0): AnyOf("123", "00123"), Cell(3, 0): AnyOf("0", "000")})


def test_a_missing_mark_is_the_answer_none_and_a_stand_in_may_be_taken_as_it_stands():
    stand_ins = 0
    for seed in range(40):
        degraded = apply(family.missing_marks, "d,n,t\n2001-02-03,4.5,x\n", seed=seed, share=1)
        assert set(degraded.truth.values) == {Cell(1, 0), Cell(1, 1), Cell(1, 2)}
        for cell, value in degraded.truth.values.items():
            mark = degraded.view.value(cell)
            stand_ins += mark in ("9999", "1900-01-01")
            assert value == (AnyOf(None, mark) if mark in ("9999", "1900-01-01") else None)
    assert stand_ins


DATES = "id,day\n1,2024-03-05\n2,2024-11-{}\n"


@pytest.mark.parametrize(
    ("style", "back"),
    [
        ("timestamp", lambda cell: date.fromisoformat(cell.partition("T")[0])),
        ("DMY", lambda cell: date(*map(int, reversed(cell.split("."))))),
        ("two-digit year", lambda cell: date(2000 + int(cell[6:]), int(cell[3:5]), int(cell[:2]))),
        ("serial", lambda cell: date(1899, 12, 30) + timedelta(days=int(cell))),
    ],
)
def test_a_date_in_another_format_is_the_same_day(style, back):
    degraded = apply(family.date_format, DATES.format("30"), style=style)
    assert [back(degraded.view.value(Cell(row, 1))) for row in (1, 2)] == [date(2024, 3, 5), date(2024, 11, 30)]
    assert said(degraded) == {"same"}


def test_days_and_months_that_could_be_swapped_are_either_unless_another_day_proves_the_order():
    ambiguous = apply(family.date_format, DATES.format("02"), style="ambiguous")
    swapped = Edit(values={Cell(1, 1): "2024-05-03", Cell(2, 1): "2024-02-11"})
    written = Edit(values={cell: ambiguous.view.value(cell) for cell in swapped.values})
    assert ambiguous.truth == AnyOf(SAME, swapped, written)
    assert apply(family.date_format, DATES.format("30"), style="ambiguous").truth == SAME


@pytest.mark.parametrize("mutator", [each for each in MUTATORS if each.ladder], ids=lambda each: each.name)
def test_a_table_of_a_header_alone_is_skipped_with_a_reason_or_changed(mutator):
    content = "name\n"
    with contextlib.suppress(NotApplicable):
        assert written(mutator.apply(table(content), mutator.step(3, 0))) != content
