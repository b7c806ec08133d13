"""A classification's report names the confusions, and what answering the commonest label would score."""

from crumple_reports.labels import show_labels
from crumple_reports.page import Page


def test_confusions_come_first_beside_what_a_constant_answer_scores() -> None:
    table = {"invoice": {"invoice": 7, "letter": 2}, "letter": {"letter": 1}}
    page = Page(100, color=False)
    show_labels(page, {"labels": {"degraded": {"table": table, "calls": 10, "accuracy": 0.8, "constant": 0.9}}})
    lines = str(page).splitlines()
    assert "Labels on degraded documents" in lines
    assert "80 % of 10 answers right; always answering the commonest label would be right in 90 %." in lines
    assert [line.split() for line in lines[-3:]] == [
        ["invoice", "letter", "2"],
        ["invoice", "invoice", "7"],
        ["letter", "letter", "1"],
    ]


def test_an_answer_without_a_label_is_shown_as_none() -> None:
    page = Page(100, color=False)
    confusion = {"table": {"invoice": {"": 1}}, "calls": 1, "accuracy": 0.0, "constant": 1.0}
    show_labels(page, {"labels": {"clean": confusion}})
    assert "(none)" in str(page)


def test_a_run_without_labels_has_no_such_part() -> None:
    page = Page(100, color=False)
    show_labels(page, {})
    assert str(page).strip() == ""
