"""No file can hurt: what it does to the process that measures it is said of it, and of no other."""

import os

import pytest

import misbehaving
from crumple import CrumpleError
from crumple.profile.pool import Limits, measure_all


def test_a_file_costs_itself_and_no_other() -> None:
    paths = ["a", "killed", "b", "hangs", "large", "deep", "raises", "exits", "c"]
    limits = Limits(seconds=1.0, memory=1 << 30)
    found = {each.path: each.closed for each in measure_all(paths, misbehaving.prepare, None, workers=2, limits=limits)}
    assert found.pop("killed") == "it killed the process that measured it (SIGKILL)"
    assert found.pop("exits") == "it ended the process that measured it (exit code 3)"
    assert found.pop("hangs") == "it took longer than 1 s to measure"
    assert found.pop("large") == "it takes more memory than it may"
    assert found.pop("deep") == "it is nested too deeply"
    assert found.pop("raises") == "it could not be measured: ValueError: no"
    assert found == {"a": "", "b": "", "c": ""}


def test_each_process_calculates_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    assert [each.size for each in measure_all(["threads"], misbehaving.prepare, None, workers=1)] == [1]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"


def test_what_cannot_begin_is_an_error() -> None:
    with pytest.raises(CrumpleError, match="two measures are one"):
        list(measure_all(["a"], misbehaving.prepare, "broken", workers=1))
