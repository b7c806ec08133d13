"""The file of a baseline: written and read back, and what it says of files that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crumple.errors import CrumpleError
from crumple.nightly.baseline_file import path_of, read_baseline, text_of, write_baseline
from crumple.outcome import Outcome
from night_calls import baseline, call

WRITTEN = baseline(
    [call(1), call(2, Outcome.WRONG), call(3, Outcome.CRASHED, case="\udce9.txt"), call(4)],
    cases={f"{number}.txt": "d" for number in range(10)} | {"\udce9.txt": "d"},
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "crumple.toml"


def test_what_was_written_is_read_back(config: Path) -> None:
    write_baseline(config, WRITTEN)
    assert read_baseline(config) == WRITTEN


def test_where_there_is_none_there_is_none(config: Path) -> None:
    assert read_baseline(config) is None


def test_the_same_baseline_is_the_same_text_with_a_line_for_each_call(config: Path) -> None:
    text = write_baseline(config, WRITTEN).read_text("utf-8")
    assert text == text_of(WRITTEN)
    assert sum('"wrong"' in line or '"crashed"' in line for line in text.splitlines()) == 2
    assert json.loads(text)["schema"] == 1


def test_a_folder_may_have_several_configurations_each_with_its_baseline(tmp_path: Path) -> None:
    names = [path_of(tmp_path / each).name for each in ("crumple.toml", "pyproject.toml", "scans.toml")]
    assert names == ["crumple.baseline.json", "crumple.baseline.json", "scans.baseline.json"]


def test_two_baselines_of_one_run_are_two(config: Path) -> None:
    assert WRITTEN.id != baseline(WRITTEN.calls, reason="another").id


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CrumpleError, match="cannot be written"):
        write_baseline(tmp_path / "gone" / "crumple.toml", WRITTEN)


def _without(name: str) -> Callable[[str], str]:
    return lambda text: "\n".join(line for line in text.split("\n") if not line.startswith(f' "{name}"'))


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda text: text.replace('"schema": 1', '"schema": 9'), "line 2", "a newer crumple has written it"),
        (lambda text: text.replace('"schema": 1', '"schema": "x"'), "line 2", "its schema must be 1"),
        (lambda text: text.replace('"seed": 0', '"seed": []'), "line 3", "seed must be a whole number"),
        (lambda text: text.replace('"by": "M. Osei"', '"by": 7'), "line 7", "by must be a text"),
        (_without("reason"), "json: reason", "reason is missing"),
        (lambda text: text.replace('"wrong"', '"void"'), "line 31", "call 2 of calls .* its outcome is 'void'"),
        (lambda text: text.replace('"wrong"', '"Wrong"'), "line 31", "its outcome is 'Wrong'"),
        (lambda text: text.replace("seed=2)", "seed=)"), "line 31", "call 2 of calls cannot be understood"),
        (lambda text: text.replace("0.25, 0.0012, \"wrong\"", "NaN, 0, \"wrong\""), "line 31", "its seconds must be"),
        (lambda text: text.replace('["2.txt", ', '["99.txt", '), "line 31", "'99.txt' is not among the cases"),
        (lambda text: text.replace(', "wrong"]', "]"), "line 31", "it must have 9 values"),
        (lambda text: text.replace("\n  [", "\n<<<<<<< HEAD\n  [", 1), "line 18", "it has a merge conflict in it"),
        (lambda text: text[: len(text) // 2], "line", "it is no JSON"),
        (lambda text: "[]", "", "it holds no baseline"),
        (lambda text: "[" * 100_000, "", "it is nested too deeply"),
        (lambda text: text.replace("\n  [\"1.txt\"", "\n  [] ] }", 1), "line", "it is no JSON"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_baseline_is_said_with_its_line(
    config: Path, change: Callable[[str], str], where: str, what: str
) -> None:
    text = change(text_of(WRITTEN))
    path_of(config).write_text(text, "utf-8")
    with pytest.raises(CrumpleError, match=what) as caught:
        read_baseline(config)
    assert str(caught.value).startswith("crumple.baseline.json")
    assert where in str(caught.value)


def test_bytes_that_are_no_utf_8_are_said_with_their_line(config: Path) -> None:
    path_of(config).write_bytes(text_of(WRITTEN).encode().replace(b"M. Osei", b"M. Os\xe9i"))
    with pytest.raises(CrumpleError, match=r"line 7: it is not UTF-8"):
        read_baseline(config)


def test_an_empty_baseline_is_none(config: Path) -> None:
    path_of(config).write_text(text_of(baseline([])), "utf-8")
    with pytest.raises(CrumpleError, match="no call to make again"):
        read_baseline(config)


def test_a_folder_in_its_place_is_said(config: Path) -> None:
    path_of(config).mkdir()
    with pytest.raises(CrumpleError, match="cannot be read"):
        read_baseline(config)
