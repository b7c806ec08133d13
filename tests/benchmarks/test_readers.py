"""The dummies beside the readers come out as what they are, whatever is read: a judge that let them pass is wrong."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from benchmarks.readers import __main__ as readers

from crumple import Case, CrumpleError, judges
from crumple.corpora import Tagged, folder, generated

FOUND = {"tables": "csv", "pdfs": "pdfminer", "amounts": "price_parser", "dates": "dateparser", "encodings": "chardet"}
CLEAN = 6


def prepared(kind: str, root: Path) -> tuple[Any, Any, list[Case]]:
    """A kind's readers, its judge and a few of its clean documents."""
    pytest.importorskip(FOUND[kind], reason="pip install -e '.[readers]'")
    readers.prepare(kind, "constant", root)
    settings = tomllib.loads((root / "crumple.toml").read_text("utf-8"))
    corpus = settings["corpus"]
    if "path" in corpus:
        found = folder(root / corpus["path"])
    else:
        found = Tagged(generated(corpus["generate"], {"count": corpus["count"]}), tuple(corpus["tags"]))
    options = {key: value for key, value in settings["judge"].items() if key not in ("kind", "pass")}
    judge = judges.load(settings["judge"]["kind"], root, options)
    cases = [found.load(entry.id) for entry in found.entries()[:CLEAN]]
    return readers.load(kind), (judge, settings["judge"].get("pass", 1.0)), cases


@pytest.mark.parametrize("kind", readers.KINDS)
def test_no_dummy_is_right_and_a_reader_is(kind: str, tmp_path: Path) -> None:
    module, (judge, mark), cases = prepared(kind, tmp_path)

    def right(name: str) -> int:
        answers = [getattr(module, name)(case.document.data) for case in cases]
        return sum(
            judge.judge(answer, case.truth, frozenset()).score >= mark
            for answer, case in zip(answers, cases, strict=True)
        )

    best = readers.available(kind)[0]
    assert right(best) >= CLEAN - 1
    for name in ("constant", "loses_half", "shuffles"):
        assert right(name) <= 1, name
    if kind != "encodings":  # a text that is ASCII is what its bytes are
        assert right("echo") == 0
    assert type(refusal(module, cases[0])).__name__ == "Refused"


def refusal(module: Any, case: Case) -> BaseException | None:
    """What the dummy that refuses everything raises."""
    try:
        module.refuses(case.document.data)
    except Exception as error:  # noqa: BLE001 - its own class is made anew with its module
        return error
    return None


def test_a_run_ranks_a_reader_above_a_dummy_and_prints_both() -> None:
    pytest.importorskip("clevercsv", reason="pip install -e '.[readers]'")
    try:
        reader, dummy = (readers.run("tables", name, 240) for name in ("csv_module", "constant"))
    except SystemExit as error:
        raise CrumpleError(str(error)) from None
    assert reader.rank > dummy.rank
    assert dummy.right == 0
    printed = readers.table("tables", [reader], [dummy])
    assert "`csv_module`" in printed
    assert "*constant* (dummy)" in printed
    assert json.dumps(printed)
