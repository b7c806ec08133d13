"""Judges are found by kind or by "module:function", and what is not as it must be is said."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crumple.errors import CrumpleError
from crumple.judges import Judge, load
from crumple.judges.fields import Fields
from crumple.judges.function import Function
from crumple.outcome import Judgement
from crumple.truth import Json

NONE_LOST: frozenset[str] = frozenset()

OWN = """
import neighbour

def share(answer, truth):
    return len(answer) / len(truth)

def within(answer, truth, *, slack=0):
    return abs(answer - truth) <= slack

def with_lost(answer, truth, lost):
    return 1.0 if lost else neighbour.NONE

def one_argument(answer):
    return 1.0

LIMIT = 3
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "own_judges.py").write_text(OWN)
    (tmp_path / "neighbour.py").write_text("NONE = 0.0\n")
    (tmp_path / "broken_judges.py").write_text("import a_module_that_nobody_has\n")
    return tmp_path


@pytest.mark.parametrize("kind", ["exact", "fields", "label", "table", "text"])
def test_every_built_in_kind_is_found_and_judges_nothing_as_nothing(kind: str, tmp_path: Path) -> None:
    judge: Judge = load(kind, tmp_path, {})
    truth = [["a"], ["x"]] if kind == "table" else "x"
    assert judge.judge(truth, truth, NONE_LOST).score == 1
    found = judge.judge(None, truth, NONE_LOST)
    assert (found.score, found.wrong, bool(found.abstained)) == (0, (), True)


def test_options_reach_the_judge(tmp_path: Path) -> None:
    judge = load("fields", tmp_path, {"fields": ["/total"], "tolerance": 0.5})
    assert isinstance(judge, Fields)
    assert judge.judge({"total": 5.5}, {"total": 5, "name": "x"}, NONE_LOST).score == 1


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("feilds", {}, "Did you mean 'fields'"),
        ("nothing like it", {}, "Allowed: exact, facts, fields, label, schema, table, text"),
        ("fields", {"tolerence": 1}, "Did you mean 'tolerance'"),
        ("exact", {"tolerance": 1}, "It has none"),
        ("own_judges:shares", {}, "Did you mean 'share'"),
        ("own_judges:LIMIT", {}, "no function 'LIMIT'"),
        ("own_judges:one_argument", {}, "cannot be called with"),
        ("own_judges:within", {"slak": 1}, "Did you mean 'slack'"),
        ("no_such_module:judge", {}, "no_such_module"),
        ("broken_judges:judge", {}, "a_module_that_nobody_has"),
        ("own_judges:", {}, "module:function"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(root: Path, kind: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(CrumpleError, match=message):
        load(kind, root, options)


def test_a_function_beside_the_configuration_is_a_judge(root: Path) -> None:
    assert load("own_judges:share", root, {}).judge("ab", "abcd", NONE_LOST).score == 0.5
    assert load("own_judges:within", root, {"slack": 2}).judge(5, 7, NONE_LOST).score == 1
    judge = load("own_judges:with_lost", root, {})
    assert [judge.judge("x", "y", lost).score for lost in (NONE_LOST, frozenset({"/a"}))] == [0, 1]


def test_folders_with_modules_of_one_name_are_told_apart(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "own_judges.py").write_text("def share(answer, truth):\n    return 0.25\n")
    assert load("own_judges:share", root, {}).judge("ab", "ab", NONE_LOST).score == 1
    assert load("own_judges:share", other, {}).judge("ab", "ab", NONE_LOST).score == 0.25


def judged(given: object, lost: frozenset[str] = NONE_LOST) -> Judgement:
    return Function("mine:judge", lambda answer, truth: given).judge("answer", "truth", lost)


@pytest.mark.parametrize(
    ("given", "judgement"),
    [
        (1, Judgement(1.0)),
        (0.5, Judgement(0.5, wrong=("",))),
        (True, Judgement(1.0)),
        (False, Judgement(0.0, wrong=("",))),
        (np.bool_(True), Judgement(1.0)),
        (np.float32(0.5), Judgement(0.5, wrong=("",))),
        (Judgement(0.5, ("/a",)), Judgement(0.5, ("/a",))),
        ({"score": 0.5, "wrong": ["/a"]}, Judgement(0.5, ("/a",))),
        ({"score": 0.5, "abstained": {"/b", "/a"}}, Judgement(0.5, (), ("/a", "/b"))),
        ({"score": 0.5, "figures": {"bleu": 3}}, Judgement(0.5, ("",), (), {"bleu": 3.0})),
    ],
)
def test_what_a_function_may_return(given: object, judgement: Judgement) -> None:
    assert judged(given) == judgement


@pytest.mark.parametrize(
    "given",
    [
        None,
        "1.0",
        1.5,
        -0.1,
        float("nan"),
        [],
        {},
        {"score": None},
        {"score": 1, "wrong": "/a"},
        {"score": 1, "wrong": [3]},
        {"score": 1, "wrong": ["a"]},
        {"score": 1, "wrnog": []},
        {"score": 1, "figures": {"a": "b"}},
        {"score": 1.0, "figures": {"a": float("nan")}},
        Judgement(1.0, (), (), {"a": float("inf")}),
        Judgement(2.0),
        np.zeros(2),
    ],
    ids=repr,
)
def test_a_bad_return_is_an_error_that_names_the_function(given: object) -> None:
    with pytest.raises(CrumpleError, match=r"mine:judge: the judge returned"):
        judged(given)


def test_a_function_that_raises_is_an_error_that_names_it() -> None:
    def judge(answer: object, truth: object) -> float:
        raise KeyError("total")

    with pytest.raises(CrumpleError, match=r"mine:judge: the judge raised KeyError: 'total'"):
        Function("mine:judge", judge).judge("answer", "truth", NONE_LOST)


def test_lost_fields_are_forgiven_where_the_function_knows_nothing_of_them() -> None:
    lost = frozenset({"/a"})
    assert judged({"score": 0.5, "abstained": ["/a"]}, lost).score == 1
    assert judged({"score": 0.5, "abstained": ["/a", "/b"]}, lost).abstained == ("/b",)
    assert judged({"score": 0.5, "abstained": ["/a"], "wrong": ["/b"]}, lost).score == 0.5
    assert Function("mine:judge", lambda answer, truth: 0.0).judge({}, {"a": 1}, frozenset({""})).score == 1


@pytest.mark.parametrize(
    ("answer", "lost", "score"),
    [
        ({"nr": "17", "total": None, "lines": [1, 2]}, {"/total"}, 1),
        ({"nr": "17", "lines": [1, 2]}, {"/total"}, 1),
        ({"nr": "17", "total": 5, "lines": [1, 2]}, {"/total"}, 1),
        ({"nr": "17", "total": 6, "lines": [1, 2]}, {"/total"}, 0),
        ({"nr": None, "total": None, "lines": [1, 2]}, {"/total"}, 0),
        ({"nr": "17", "total": 5, "lines": []}, {"/lines"}, 1),
        ({"nr": "17", "total": 5, "lines": [2]}, {"/lines/0"}, 1),
        ({"nr": "17", "total": 5, "lines": [None, 2]}, {"/lines/0"}, 1),
        ({"nr": "17", "total": 5, "lines": [1]}, {"/lines/0"}, 0),
        ({"nr": "17"}, {""}, 1),
        (b"{}", {"/total"}, 0),
    ],
)
def test_a_function_that_knows_nothing_of_lost_fields_forgives_those_left_out(
    answer: Json | bytes, lost: set[str], score: float
) -> None:
    truth: dict[str, Json] = {"nr": "17", "total": 5, "lines": [1, 2]}
    before = copy.deepcopy(answer)
    judge = Function("mine:judge", lambda answer, truth: answer == truth)
    assert judge.judge(answer, truth, frozenset(lost)).score == score
    assert answer == before


def test_a_returned_judgement_keeps_its_labels_also_where_lost_fields_are_forgiven() -> None:
    given = Judgement(0.5, abstained=("/a",), labels=("invoice", "order"))
    assert judged(given).labels == judged(given, frozenset({"/a"})).labels == ("invoice", "order")
