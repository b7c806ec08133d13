"""Which answers keep to the JSON schema: shown by category, worst first, and only where there is a schema."""

from __future__ import annotations

from typing import Any

from crumple import Material
from crumple_reports.html.validity import section
from crumple_reports.page import Page
from crumple_reports.validity import show_validity


def shown(**categories: float | None) -> str:
    def figures(valid: float | None) -> dict[str, Any]:
        return {"figures": {} if valid is None else {"valid": valid}}

    mutators = {
        "language.dates": figures(0.12) | {"category": "language"},
        "language.digits": figures(0.71) | {"category": "language"},
        "language.numbers": figures(1.0) | {"category": "language"},
    }
    clean = figures(categories.pop("clean", None))
    page = Page(80, color=False)
    named = {name: figures(valid) for name, valid in categories.items()}
    show_validity(page, {"clean": clean, "categories": named, "mutators": mutators})
    return str(page)


def test_the_worst_come_first_with_the_mutators_that_make_them() -> None:
    lines = [" ".join(line.split()) for line in shown(clean=1.0, form=0.87, language=0.53, table=1.0).splitlines()]
    assert lines[1:5] == [
        "Answers that keep to the JSON schema",
        "language 53 %: dates 12 %, digits 71 %",
        "form 87 %",
        "100 % clean, table",
    ]


def test_almost_all_is_never_said_to_be_all() -> None:
    assert ">99.9 %" in shown(form=0.9996)


def test_nothing_is_said_without_a_schema_or_of_a_document_from_before_there_was_one() -> None:
    assert shown(form=None).strip() == ""
    page = Page(80, color=False)
    show_validity(page, {"clean": {"cases": 1}, "categories": {"form": {"runs": 1}}, "mutators": {}})
    assert str(page).strip() == ""


def test_a_category_without_any_answer_is_left_out() -> None:
    assert "corruption" not in shown(form=1.0, corruption=None)


def test_the_page_has_no_section_of_clean_answers_alone() -> None:
    document = {"clean": {"figures": {"valid": 1.0}}, "categories": {}, "mutators": {}}
    assert section(document, Material()) is None
    document["clean"] = {"figures": {"valid": 0.9}}
    assert section(document, Material()) is not None
