"""Columns, rows and values that surprise: what the right answer is then, worked out a second time."""

import csv
import io
import statistics
from decimal import Decimal

import numpy as np
import pytest

import crumple_mutators.table as family
from crumple import SAME, AnyOf, Case, Cell, Degraded, Document, Edit, NotApplicable, Recipe, Table, Text
from crumple.mutation.apply import degrade

ROWS = "id,site,reading,note\n" + "".join(f"{n},{'ab'[n % 2]},{20 + n % 7}.{n % 10},n {n}\n" for n in range(1, 31))


def apply(mutator, content: str = ROWS, *, seed: int = 0, **parameters) -> Degraded:
    result = mutator(Table.parsed(Text(content)), **parameters, rng=np.random.default_rng(seed))
    return result if isinstance(result, Degraded) else Degraded(result)


def records(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def differing(degraded: Degraded, content: str = ROWS) -> dict[Cell, str]:
    clean = Table.parsed(Text(content))
    cells = (Cell(row, column) for row in range(len(clean.rows)) for column in range(len(clean.header)))
    return {cell: degraded.view.value(cell) for cell in cells if degraded.view.value(cell) != clean.value(cell)}


@pytest.mark.parametrize("sigma", [3, 10, 1_000_000])
def test_an_outlier_is_as_far_out_as_it_says_and_is_the_right_answer(sigma):
    degraded = apply(family.outlier, sigma=sigma)
    ((cell, value),) = differing(degraded).items()
    numbers = [float(record["reading"]) for record in records(ROWS)]
    expected = statistics.fmean(numbers) + sigma * statistics.pstdev(numbers)
    assert float(value) == pytest.approx(expected, abs=0.06)
    assert degraded.truth == Edit(values={cell: value})


def test_numbers_that_do_not_differ_have_no_outliers():
    with pytest.raises(NotApplicable, match="differ"):
        apply(family.outlier, "a,n\nx,1.5\ny,1.5\nz,1.5\n", sigma=3)


@pytest.mark.parametrize("factor", [10, 1000])
def test_a_unit_that_slipped_is_right_as_it_stands_and_as_it_was_meant(factor):
    degraded, clean = apply(family.unit_slip, factor=factor), Table.parsed(Text(ROWS))
    changed = differing(degraded)
    assert len(changed) == 3
    for cell, value in changed.items():
        assert Decimal(value) == Decimal(clean.value(cell)) * factor
        assert degraded.truth.values[cell] == AnyOf(value, clean.value(cell))


def test_a_new_word_stands_where_few_words_repeat_and_is_the_right_answer():
    degraded = apply(family.unseen_category, share=0.1)
    changed = differing(degraded)
    assert {cell.column for cell in changed} == {1}
    assert len(changed) == 3
    assert degraded.truth == Edit(values=changed)


def test_the_type_changes_behind_the_row_that_is_named_or_in_the_last_one():
    late = "n\n" + "1.5\n" * 12_000
    for row, expected in ((100, 101), (10_000, 10_001), (100_000, 12_000)):
        degraded = apply(family.type_change, late, row=row)
        ((cell, word),) = differing(degraded, late).items()
        assert cell == Cell(expected, 0)
        assert degraded.truth == Edit(values={cell: AnyOf(None, word)})


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_values_are_missing_in_one_group_before_they_are_in_the_next(share):
    clean = Table.parsed(Text(ROWS))
    for seed in range(6):
        degraded = apply(family.missing_by_group, seed=seed, share=share)
        assert set(degraded.truth.values.values()) == {None}
        assert set(differing(degraded)) == set(degraded.truth.values)
        assert len({cell.column for cell in degraded.truth.values}) == 1
        hit = {clean.value(Cell(cell.row, 1)) for cell in degraded.truth.values}
        assert len(hit) == 1 or {cell.column for cell in degraded.truth.values} == {1}


def test_swapped_columns_are_of_one_kind_and_right_either_way():
    content = "first,last,age\nAnn,Lee,31\nBo,Berg,47\n"
    degraded = apply(family.columns_swapped, content, share=0.5)
    assert sorted(degraded.view.rows[degraded.touched[0].row].cells[:2]) in (["Ann", "Lee"], ["Berg", "Bo"])
    for cell, truth in degraded.truth.values.items():
        assert truth == AnyOf(degraded.view.value(cell), Table.parsed(Text(content)).value(cell))


def test_columns_put_in_leave_every_record_as_it_was():
    for number in (1, 10):
        degraded = apply(family.columns_added, number=number)
        assert len(degraded.view.header) == 4 + number
        now = [{name: row[name] for name in ("id", "site", "reading", "note")} for row in records(text(degraded))]
        assert now == records(ROWS)


def test_columns_left_out_or_without_a_name_are_lost_and_no_others():
    for mutator in (family.columns_dropped, family.columns_renamed):
        degraded = apply(mutator, share=0.5)
        gone = {cell.column for cell in degraded.lost}
        names = [name for column, name in enumerate(("id", "site", "reading", "note")) if column not in gone]
        assert len(gone) == 2
        assert [{name: row[name] for name in names} for row in records(text(degraded))] == [
            {name: row[name] for name in names} for row in records(ROWS)
        ]
        assert len(degraded.lost) == 2 * 31


@pytest.mark.parametrize("size", [1024, 131_073])
def test_a_long_cell_has_its_size_and_stands_in_a_column_of_its_own(size):
    degraded = apply(family.long_cell, size=size)
    lengths = sorted(len(row.cells[4]) for row in degraded.view.rows)
    assert lengths[-1] == size
    assert [row.cells[:4] for row in degraded.view.rows] == [row.cells for row in Table.parsed(Text(ROWS)).rows]


def test_a_first_row_with_delimiters_at_its_end_holds_what_it_held():
    degraded = apply(family.first_row_long, cells=3)
    assert text(degraded).splitlines()[1] == ROWS.splitlines()[1] + ",,,"
    assert degraded.truth == SAME
    assert not degraded.lost


@pytest.mark.parametrize(("place", "rows"), [("first row", {1}), ("middle", {16}), ("last row", {30})])
def test_a_fault_is_where_it_is_said_to_be(place, rows):
    for seed in range(6):
        degraded = apply(family.fault_at, seed=seed, place=place)
        assert {cell.row for cell in degraded.lost} == rows
        lines = zip(ROWS.splitlines(), text(degraded).splitlines(), strict=True)
        assert {number for number, (one, other) in enumerate(lines) if one != other} == rows


def test_a_broken_header_loses_whole_columns():
    degraded = apply(family.fault_at, place="header")
    assert len(degraded.lost) % 31 == 0
    assert len(degraded.lost) > 0


def test_a_record_keyed_in_again_says_the_same_and_may_count_once_or_twice():
    degraded = apply(family.row_near_duplicated, "a,n\nx y,1.5\n", share=1)
    first, second = (row.cells for row in degraded.view.rows[1:])
    assert first != second
    assert second[0].split() == first[0].split()
    assert Decimal(second[1]) == Decimal(first[1])
    assert degraded.truth == AnyOf(SAME, Edit(rows=(0, 1, 1)))


def test_one_row_is_left_and_the_answer_is_its():
    degraded = apply(family.one_row)
    assert degraded.truth.rows == (0, int(degraded.view.rows[1].cells[0]))


def test_digits_that_a_spreadsheet_has_eaten_are_right_as_shown_and_as_they_were():
    degraded = apply(family.long_numbers, "ean,n\n4006381333931,1\n", share=1)
    assert degraded.truth == Edit(values={Cell(1, 0): AnyOf("4.00638E+12", "4006381333931")})


def test_a_formula_holds_the_value_in_full():
    degraded = apply(family.formula_text, "zip,n\n01234,5\n", share=1)
    assert [row.cells for row in degraded.view.rows[1:]] == [('="01234"', '="5"')]


def test_a_field_that_stands_in_many_rows_and_nowhere_any_more_is_missing():
    content = "city,n\n" + "Oslo,1.5\n" * 2
    truth = {"city": "Oslo", "lines": [{"n": 1.5}, {"n": 1.5}]}
    case = Case("a.csv", Document(content.encode(), "text/csv", "a.csv"), truth)
    mutators = {family.missing_marks.name: family.missing_marks}
    seen = set()
    for seed in range(60):
        recipe = Recipe((family.missing_marks.step(5, seed),))
        degraded = degrade(case, recipe, mutators)
        cities = [line.split(",")[0] for line in degraded.document.data.decode().splitlines()[1:]]
        if "Oslo" not in cities:
            seen.add(str(degraded.expectation.truth["city"]))
    assert seen == {"None"}


def text(degraded: Degraded) -> str:
    return degraded.view.text.value
