"""The judge `table`: rows by position, columns by name, cells by value."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.errors import CrumpleError
from crumple.judges.table import table
from crumple.outcome import Judgement
from crumple.truth import AnyOf, Json

HEADER = ["id", "name", "amount", "date"]
ROWS: list[list[Any]] = [[f"{i:03d}", f"name {i}", i * 1.25 + 0.5, f"2024-03-{i + 1:02d}"] for i in range(12)]
LISTS: list[Json] = [HEADER, *ROWS]
OBJECTS: list[Json] = [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def written(lines: Any, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue()


CSV = written(LISTS)
SHAPES: list[Json] = [LISTS, OBJECTS, CSV]


def judged(answer: Json | bytes, truth: Json = LISTS, lost: tuple[str, ...] = (), **options: Any) -> Judgement:
    return table(**options).judge(answer, truth, frozenset(lost))


@pytest.mark.parametrize("truth", SHAPES, ids=["lists", "objects", "text"])
@pytest.mark.parametrize(
    "answer",
    [*SHAPES, CSV.encode(), written(LISTS, ";"), "\ufeff" + CSV],
    ids=["lists", "objects", "text", "bytes", ";", "bom"],
)
def test_the_same_table_is_right_in_every_shape(truth: Json, answer: Json | bytes) -> None:
    found = judged(answer, truth)
    assert (found.score, found.wrong, found.abstained) == (1, (), ())


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6) | st.integers(-999, 999)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6), st.data())
def test_the_score_is_a_share_and_the_table_itself_is_right(rows: list[list[Any]], data: st.DataObject) -> None:
    truth: list[Json] = [["a", "b", "c"], *rows]
    assert judged(truth, truth).score == 1
    assert judged(written(truth), truth).score == 1
    found = judged(data.draw(st.lists(st.lists(cells, max_size=4), max_size=6)), truth)
    assert 0 <= found.score <= 1
    assert (found.score == 1) == (not found.wrong and not found.abstained)


class TestDamage:
    """What has lost, moved or mixed data is clearly below 1."""

    def test_half_of_the_rows_lost(self) -> None:
        for left in (ROWS[:6], ROWS[6:], ROWS[::2]):
            found = judged([HEADER, *left])
            assert found.score == pytest.approx(0.5)
            assert found.wrong == ("",)

    def test_rows_shuffled(self) -> None:
        rows = ROWS[:]
        random.Random(1).shuffle(rows)
        found = judged([HEADER, *rows])
        assert found.score < 0.3
        assert "/1/name" in found.wrong or "/2/name" in found.wrong

    def test_names_shuffled_over_columns_that_stay(self) -> None:
        found = judged([["name", "id", "date", "amount"], *ROWS])
        assert found.score == 0
        assert len(found.wrong) == 48

    def test_columns_that_move_with_their_names_are_the_same_data(self) -> None:
        assert judged([row[::-1] for row in [HEADER, *ROWS]]).score == 1

    def test_rows_shifted_by_a_cell(self) -> None:
        assert judged([HEADER, *(["x", *row[:-1]] for row in ROWS)]).score == 0

    def test_a_constant_answer(self) -> None:
        assert judged([HEADER, *([["001", "name 1", 1.75, "2024-03-02"]] * 12)]).score == pytest.approx(1 / 12)

    def test_no_header(self) -> None:
        found = judged(ROWS)
        assert (found.score, found.wrong) == (0, ("",))

    def test_one_column_because_the_delimiter_was_not_seen(self) -> None:
        found = judged([[",".join(map(str, row))] for row in [HEADER, *ROWS]])
        assert (found.score, found.wrong) == (0, ("",))

    def test_a_row_doubled(self) -> None:
        found = judged([HEADER, ROWS[0], *ROWS])
        assert found.wrong == ("",)
        assert found.score == pytest.approx(48 / 52)

    def test_leading_zeros_lost_and_precision_lost(self) -> None:
        found = judged([HEADER, *([int(row[0]), *row[1:]] for row in ROWS)])
        assert found.wrong == tuple(f"/{row}/id" for row in range(1, 13))


def test_a_missing_column_is_abstained_and_a_further_one_does_not_count() -> None:
    found = judged([[*HEADER[:2], HEADER[3], "more"], *([*row[:2], row[3], "x"] for row in ROWS)])
    assert found.wrong == ()
    assert found.abstained == tuple(f"/{row}/amount" for row in range(1, 13))
    assert found.score == pytest.approx(0.75)


def test_empty_cells_are_abstained_and_made_up_ones_wrong() -> None:
    truth: list[Json] = [["a", "b"], ["1", None], ["2", "x"], ["3", ""]]
    found = judged([["a", "b"], ["1", float("nan")], [None], ["3", "0"]], truth)
    assert found.abstained == ("/2/a", "/2/b")
    assert found.wrong == ("/3/b",)


def test_names_of_columns_may_differ_in_case_and_space_and_may_be_doubled() -> None:
    assert judged([["ID ", "Name", "AMOUNT", " date"], *ROWS]).score == 1
    twice: list[Json] = [["a", "a"], [1, 2]]
    assert judged(twice, twice).score == 1
    assert judged([["a", "a"], [2, 1]], twice).score == 0


@pytest.mark.parametrize("nothing", [None, "", b"", [], [[]], [HEADER], ",".join(HEADER), [{}], [{"id": None}]])
def test_a_table_without_a_value_abstains(nothing: Json | bytes) -> None:
    for truth in SHAPES:
        found = judged(nothing, truth)
        assert (found.score, found.wrong) == (0, ())
        assert found.abstained


@pytest.mark.parametrize("other", ["no table here", 5, {"rows": LISTS}, [1, 2], [HEADER, {"id": 1}]])
def test_what_is_no_table_is_wrong(other: Json) -> None:
    found = judged(other)
    assert (found.score, found.wrong) == (0, ("",))


def test_a_table_without_rows_is_right_without_rows_only() -> None:
    for nothing in ([HEADER], [], None, ",".join(HEADER)):
        assert judged(nothing, [HEADER]).score == 1
    for some in (LISTS, [["other"]]):
        assert judged(some, [HEADER]).wrong == ("",)


class TestLost:
    """Lost cells pass with their old value or with none."""

    @pytest.mark.parametrize(
        ("truth", "cell"), [(LISTS, "/3/2"), (OBJECTS, "/2/amount"), (CSV, "/3/2"), (CSV, "/3/amount")]
    )
    def test_a_lost_cell_by_its_pointer_in_the_truth(self, truth: Json, cell: str) -> None:
        for value, score in ((3.0, 1), ("", 1), (None, 1), (4, 47 / 48)):
            answer = [HEADER, *ROWS[:2], [*ROWS[2][:2], value, ROWS[2][3]], *ROWS[3:]]
            assert judged(answer, truth, (cell,)).score == pytest.approx(score)

    def test_lost_rows_may_be_left_out(self) -> None:
        answer: Json = [HEADER, *ROWS[:4], *ROWS[6:]]
        assert judged(answer, LISTS, ("/5", "/6")).score == 1
        assert judged(answer, OBJECTS, ("/4", "/5")).score == 1
        assert judged(answer, LISTS, ("/5",)).wrong == ("",)

    def test_everything(self) -> None:
        assert judged([], LISTS, ("",)).score == judged(LISTS, LISTS, ("",)).score == 1
        assert judged([HEADER, [*ROWS[0][:3], "2020-01-01"]], LISTS, ("",)).score < 1


def test_any_of_several_tables_is_right() -> None:
    cut: Json = [HEADER, *ROWS[:-1]]
    for answer in (LISTS, cut):
        assert judged(answer, AnyOf(LISTS, cut)).score == 1


def test_a_cell_longer_than_the_csv_module_allows_is_read_and_the_limit_left_as_it_was() -> None:
    limit = csv.field_size_limit()
    long: list[Json] = [["a", "b"], ["x" * 200_000, "1"]]
    assert judged(written(long), long).score == 1
    assert csv.field_size_limit() == limit


def test_tolerance_is_for_all_numbers_or_by_column() -> None:
    answer = [HEADER, *([*row[:2], row[2] + 0.01, row[3]] for row in ROWS)]
    assert judged(answer).score == 0.75
    assert judged(answer, tolerance=0.011).score == judged(answer, tolerance={"/*/amount": 0.011}).score == 1
    assert judged(answer, tolerance={"/*/id": 1}).score == 0.75


def test_a_truth_that_is_no_table_is_said() -> None:
    with pytest.raises(CrumpleError, match="not a table"):
        judged(LISTS, {"total": 5})
