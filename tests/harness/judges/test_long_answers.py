"""What a judge looks at in an answer is bounded by the truth, not by what the system returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import pytest

from crumple import normalise
from crumple.judges.exact import exact
from crumple.judges.fields import fields
from crumple.judges.label import label
from crumple.judges.table import table
from crumple.judges.text import text
from crumple.truth import Json

NONE_LOST: frozenset[str] = frozenset()


class Endless(Sequence[Json]):
    """A list that says it has ten million items and fails a reader who takes more than some."""

    def __init__(self, item: Callable[[int], Json], length: int = 10_000_000, most: int = 50_000) -> None:
        self._item, self._length, self._left = item, length, most

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Json: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Json]: ...
    def __getitem__(self, index: int | slice) -> Json | Sequence[Json]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._length))]
        self._left -= 1
        assert self._left, "it reads all of it"
        return self._item(index)

    def __iter__(self) -> Iterator[Json]:
        return (self[index] for index in range(self._length))


def test_a_list_far_longer_than_the_truth_is_not_walked_to_its_end() -> None:
    truth = {"total": 5, "lines": [{"amount": 1}, {"amount": 2}]}
    for judge in (fields(), exact()):
        found = judge.judge({"total": 5, "lines": Endless(lambda i: {"amount": i})}, truth, NONE_LOST)
        assert found.wrong == ("/lines",)
        assert found.score < 0.1
        found = judge.judge({"total": 5, "lines": [{"amount": 1}, Endless(lambda i: i), 3]}, truth, NONE_LOST)
        assert found.wrong == ("/lines",)


def test_a_table_far_longer_than_the_truth_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    written = normalise.text

    def counted(value: Json, *, ignore_case: bool = False) -> str:
        nonlocal seen
        seen += 1
        return written(value, ignore_case=ignore_case)

    monkeypatch.setattr(normalise, "text", counted)
    truth = [["a", "b"], ["1", "x"], ["2", "y"]]
    for answer in ([{"a": 3, "b": "z"}] * 300_000, "a,b\n" + "3,z\n" * 300_000):
        found = table().judge(answer, truth, NONE_LOST)
        assert found.wrong == ("",)
        assert found.score < 0.1
    assert seen < 300_000


def test_columns_of_one_name_are_told_apart_by_their_position() -> None:
    header, row = ["a", "b", "a", "a"], ["1", "2", "3", "4"]
    assert table().judge([header, ["1", "2", "3", "5"]], [header, row], NONE_LOST).wrong == ("/1/a (4)",)


def test_many_keys_that_the_truth_does_not_have_are_one_finding() -> None:
    found = exact().judge({"a": 1} | {f"k{i}": i for i in range(2000)}, {"a": 1}, NONE_LOST)
    assert (found.score, found.wrong) == (0, ("",))


def test_an_answer_far_longer_than_the_text_scores_nothing() -> None:
    found = text().judge("the cat sat on the mat " * 1_000_000, "the cat sat", NONE_LOST)
    assert (found.score, found.wrong) == (0, ("",))
    assert found.figures["cer"] < 200_000, "it reads all of it"
    assert text().judge(" " * 5_000_000, "the cat sat", NONE_LOST).abstained == ("",)


def test_labels_far_more_or_longer_than_the_truth_are_cut() -> None:
    found = label().judge(Endless(str), "a", NONE_LOST)
    assert found.score == 0
    assert found.labels is not None
    assert len(found.labels[1]) < 1000
    long: Any = "invoice" + "x" * 20_000
    assert label().judge(long, "invoice", NONE_LOST).score == 0
    assert label().judge(long, long, NONE_LOST).score == 1
    assert label(top=2000).judge([str(i) for i in range(1, 2001)], "2000", NONE_LOST).score == 1
