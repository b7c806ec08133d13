"""The specification's table of examples: what each degradation does to the right answer, and when refusing is fine.

On the generated invoices, whose truth says nothing of cells, pages or spans: the engine finds out what was touched.
"""

from typing import Any

import pytest

from crumple import AnyOf, Case, Document, NotApplicable, Recipe
from crumple.mutation.apply import degrade
from crumple.mutation.registry import discover
from crumple.truth import Expectation
from crumple_corpora.invoices import Invoices

MUTATORS = discover().mutators
CORPUS = Invoices(4)
ONE_PAGE, TWO_PAGES = "invoice-0001", "invoice-0002"


def case(name: str) -> Case:
    return CORPUS.load(name)


def expected(of: Case, recipe: str) -> Expectation:
    return degrade(of, Recipe.parse(recipe), MUTATORS).expectation


def at_level(name: str, level: float, seed: int = 3) -> str:
    return str(MUTATORS[name].step(level, seed))


def truth(of: Case) -> dict[str, Any]:
    assert isinstance(of.truth, dict)
    return of.truth


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("scan.blank_page", f"{TWO_PAGES}.pdf"),
        ("scan.blank_page", f"{TWO_PAGES}.tiff"),
        ("scan.half_turn", f"{ONE_PAGE}.pdf"),
        ("scan.half_turn", f"{ONE_PAGE}.png"),
        ("table.footer_total", f"{ONE_PAGE}.csv"),
        ("encoding.bom", f"{ONE_PAGE}.csv"),
        ("corruption.owner_password", f"{ONE_PAGE}.pdf"),
        ("scan.wrong_text_layer", f"{ONE_PAGE}.pdf"),
    ],
)
def test_what_any_reader_can_still_read_stays_right_and_must_not_be_refused(name: str, of: str) -> None:
    clean = case(of)
    assert expected(clean, at_level(name, 5)) == Expectation(clean.truth, frozenset(), refusable=False)


@pytest.mark.parametrize(
    ("data", "name"), [(b"Total 12", "a.txt"), (b"<?xml version='1.0'?><total>12</total>", "a.xml")]
)
def test_a_byte_order_mark_in_text_and_xml_must_not_be_refused(data: bytes, name: str) -> None:
    from crumple import identify

    clean = Case(name, Document(data, identify(data, name), name), {"total": 12})
    assert expected(clean, "encoding.bom()") == Expectation({"total": 12})


def test_a_byte_order_mark_in_json_may_be_refused() -> None:
    clean = case(f"{ONE_PAGE}.json")
    assert expected(clean, "encoding.json_bom()") == Expectation(clean.truth, refusable=True)
    with pytest.raises(NotApplicable):
        expected(clean, "encoding.bom()")


def test_the_items_of_a_doubled_page_may_be_read_once_or_twice() -> None:
    clean = case(f"{TWO_PAGES}.pdf")
    now = expected(clean, at_level("scan.page_duplicated", 3))
    assert now.refusable
    assert isinstance(now.truth, AnyOf)
    same, doubled = now.truth.options
    assert same == clean.truth
    assert isinstance(doubled, dict)
    lines, twice = truth(clean)["lines"], doubled["lines"]
    assert len(lines) < len(twice) < 2 * len(lines)
    assert all(line in lines for line in twice)
    assert {**doubled, "lines": lines} == clean.truth


def test_of_a_missing_page_only_what_stood_there_alone_is_lost() -> None:
    clean = case(f"{TWO_PAGES}.pdf")
    seen = set()
    for seed in range(8):
        now = expected(clean, at_level("scan.page_missing", 3, seed))
        assert now.truth == clean.truth
        assert now.refusable
        assert now.lost
        assert "/number" not in now.lost, "the number is printed on every page"
        seen.add("/total" in now.lost)
    assert seen == {True, False}, "the total stands on the last page alone"


def test_a_header_without_rows_has_no_lines_and_may_be_refused() -> None:
    clean = case(f"{ONE_PAGE}.csv")
    now = expected(clean, "truncation.header_only()")
    assert isinstance(now.truth, dict)
    assert now.truth["lines"] == []
    assert {"/number", "/date", "/currency"} <= now.lost
    assert now.refusable


def test_a_dropped_row_is_a_shorter_table_and_no_reason_to_refuse() -> None:
    clean = case(f"{ONE_PAGE}.csv")
    now = expected(clean, at_level("table.row_dropped", 5))
    assert isinstance(now.truth, dict)
    left, lines = now.truth["lines"], truth(clean)["lines"]
    assert 0 < len(left) < len(lines)
    assert [line for line in lines if line in left] == left
    assert not now.refusable
    assert not now.lost


def test_a_table_cut_in_mid_row_may_be_read_with_or_without_the_partial_row() -> None:
    clean = case(f"{ONE_PAGE}.csv")
    now = expected(clean, at_level("truncation.cut_table", 4))
    assert now.refusable
    assert isinstance(now.truth, AnyOf)
    whole, partial, without = now.truth.options
    assert isinstance(whole, dict)
    assert isinstance(partial, dict)
    assert isinstance(without, dict)
    assert None in without["lines"][-1].values(), "the value that was cut may also be left out"
    lines = truth(clean)["lines"]
    assert whole["lines"] == lines[: len(whole["lines"])]
    assert len(partial["lines"]) == len(whole["lines"]) + 1
    assert partial["lines"][:-1] == whole["lines"]
    assert partial["lines"][-1] != lines[len(whole["lines"])]


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("truncation.empty", f"{ONE_PAGE}.csv"),
        ("truncation.empty", f"{ONE_PAGE}.pdf"),
        ("corruption.user_password", f"{ONE_PAGE}.pdf"),
        ("scan.mirrored", f"{ONE_PAGE}.png"),
    ],
)
def test_where_nothing_can_be_read_refusing_is_fine(name: str, of: str) -> None:
    clean = case(of)
    assert expected(clean, at_level(name, 5)) == Expectation(clean.truth, frozenset({""}), refusable=True)


def test_a_stamp_takes_the_fields_that_it_covers_and_no_others() -> None:
    clean = case(f"{ONE_PAGE}.png")
    hit = [expected(clean, at_level("scan.stamp", 3, seed)) for seed in range(12)]
    assert any(now.lost for now in hit)
    for now in hit:
        assert now.truth == clean.truth
        assert not now.refusable
        assert len(now.lost) < 20
        assert "" not in now.lost


def _prices(*rows: str) -> Case:
    data = "\n".join(["item;price", *rows, ""]).encode()
    values = [{"item": row.split(";")[0], "price": float(row.split(";")[1])} for row in rows]
    return Case("p.csv", Document(data, "text/csv", "p.csv"), {"rows": values})


def test_a_decimal_comma_that_another_cell_proves_must_be_read_right() -> None:
    clean = _prices("Ink;1234.50", "Paper;1.25", "Pens;12.75")
    assert expected(clean, at_level("table.decimal_comma", 5)) == Expectation(clean.truth)


def test_a_mark_that_nothing_proves_has_two_right_answers_and_may_be_refused() -> None:
    clean = _prices("Ink;1234", "Paper;2500", "Pens;3175")
    now = expected(clean, at_level("table.ambiguous_thousands", 5))
    assert now.refusable
    assert now.truth != clean.truth


def test_the_team_overrules_what_a_mutator_says_of_refusing() -> None:
    clean = case(f"{ONE_PAGE}.png")
    overruled = discover().overruled({"scan.*": None, "scan.skew": 3})
    skew, mirrored = overruled.get("scan.skew"), overruled.get("scan.mirrored")
    for level, refusable in ((2, False), (3, True)):
        recipe = Recipe((skew.step(level, 1),))
        assert degrade(clean, recipe, overruled.mutators).expectation.refusable is refusable
    assert not degrade(clean, Recipe((mirrored.step(5, 1),)), overruled.mutators).expectation.refusable
