"""Every result as CSV, JSON Lines and Parquet: the same rows in each, whatever texts hold, a piece at a time."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crumple import CrumpleError, Material
from crumple_reports.columns import COLUMNS
from crumple_reports.parquet import render as parquet
from crumple_reports.results import as_csv, as_json_lines
from documents_of_runs import run, session

ROW: Mapping[str, Any] = {
    "run": "20260101-000000-abcd",
    "key": "0/encoding.bom/0/0",
    "kind": "degraded",
    "round": 0,
    "case": "-a.csv",
    "group": "a",
    "category": "encoding",
    "mutator": "encoding.bom",
    "level": 3.0,
    "parameter": "share",
    "value": 0.01,
    "choice": None,
    "unit": "share of bytes",
    "recipe": "encoding.bom(seed=5)",
    "outcome": "wrong",
    "counted": True,
    "failure": True,
    "silent": True,
    "score": 0.5,
    "wrong": ["/total", "=x"],
    "abstained": [],
    "fingerprint": "wrong /total",
    "cause": None,
    "expected": '{"/total": 119.0}',
    "answer": '=HYPERLINK("http://x")\r\n\t@b,\x00\u202e\'',
    "seconds": 0.25,
    "cost": 0.0,
    "attempts": 1,
    "digest": "ab",
    "skipped": None,
}
EMPTY = dict.fromkeys(ROW) | {"run": "r", "kind": "degraded", "counted": False, "cost": 0.0, "attempts": 0}


def material(*rows: Mapping[str, Any]) -> Material:
    return Material(privacy="full", results=lambda: iter(rows))


def in_csv(*rows: Mapping[str, Any]) -> str:
    return "".join(as_csv(run(), material(*rows)))


def in_json_lines(*rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in "".join(as_json_lines(run(), material(*rows))).splitlines()]


def in_parquet(*rows: Mapping[str, Any]) -> io.BytesIO:
    return io.BytesIO(b"".join(parquet(run(), material(*rows))))


def test_pandas_reads_the_same_of_csv_and_parquet() -> None:
    one = pd.read_csv(io.StringIO(in_csv(ROW, EMPTY)))
    other = pd.read_parquet(in_parquet(ROW, EMPTY))
    assert list(one) == list(other) == list(ROW)
    for name in ("round", "level", "value", "score", "seconds", "cost", "attempts", "counted", "outcome", "category"):
        assert one[name].isna().tolist() == other[name].isna().tolist()
        assert one[name].dropna().tolist() == other[name].dropna().tolist()
    assert one["counted"].dtype == bool


def test_no_text_of_a_csv_is_a_formula_or_a_second_line() -> None:
    text = in_csv(ROW)
    assert text.startswith("\ufeffrun,")  # so that Excel takes it for UTF-8
    assert text.count("\r\n") == 2
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["answer"] == "'=HYPERLINK(\"http://x\")\\r\\n\\t@b,\\x00\\u202e'"
    assert row["case"] == "'-a.csv"
    assert row["wrong"] == '["/total", "=x"]'
    assert (row["counted"], row["choice"], row["abstained"]) == ("TRUE", "", "[]")


def test_a_spreadsheet_that_cuts_at_semicolons_finds_no_formula_either() -> None:
    """As in most of Europe; what is quoted is quoted from the line's beginning on, and so not for it."""
    said = 'total;=1+1;"+cmd|1!A;-2; x;"""@b'
    text = in_csv({**ROW, "case": said, "answer": said, "wrong": [said]})
    for line in text.splitlines():
        assert not [cell for cell in line.split(";") if re.match(r'"*[=+\-@]', cell)]
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["case"] == "total;'=1+1;'\"+cmd|1!A;'-2; x;'\"\"\"@b"
    assert json.loads(row["wrong"]) == [said]


@settings(max_examples=40)
@given(st.text(max_size=12) | st.sampled_from(["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\uff1d1", "\ufeff=1", " =1"]))
def test_whatever_a_text_holds_each_form_has_one_row_and_no_formula(text: str) -> None:
    row = {**ROW, "case": text, "recipe": text, "answer": text, "wrong": [text]}
    (cells,) = csv.reader(io.StringIO(in_csv(row)[1:].partition("\r\n")[2], newline=""))
    assert not any(cell[:1] in {*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"} for cell in cells if cell)
    assert len(cells) == len(COLUMNS)
    (read,) = in_json_lines(row)
    assert read["answer"] == text.encode("utf-8", "backslashreplace").decode()
    assert pq.read_table(in_parquet(row)).to_pylist()[0]["wrong"] == [read["answer"]]


def test_json_lines_hold_what_strict_readers_take() -> None:
    odd = {**ROW, "case": "\udcff.csv", "seconds": math.nan, "cost": math.inf, "value": 10**400}
    text = "".join(as_json_lines(run(), material(odd, ROW)))
    assert text.isascii()
    read = pl.read_ndjson(io.StringIO(text))
    assert read["case"].to_list() == ["\\udcff.csv", "-a.csv"]
    assert read["seconds"].to_list() == [None, 0.25]
    assert read["value"].to_list() == [None, 0.01]


def test_parquet_has_a_type_and_a_description_for_each_column() -> None:
    table = pq.read_table(in_parquet(ROW, EMPTY))
    types = {name: table.schema.field(name).type for name in ROW}
    assert types["round"] == pa.int64()
    assert types["counted"] == pa.bool_()
    assert types["wrong"] == pa.list_(pa.string())
    assert pa.types.is_dictionary(types["mutator"])
    assert table.to_pylist()[0] == {**ROW, "answer": ROW["answer"]}
    assert table.to_pylist()[1]["failure"] is None
    assert all(field.metadata[b"description"] for field in table.schema)
    assert table.schema.field("seconds").metadata[b"unit"] == b"s"


def test_the_groups_and_parts_that_parquet_is_written_in_are_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple_reports.parquet._ROWS", 7)
    monkeypatch.setattr("crumple_reports.parquet._AT_ONCE", 3)
    rows = [EMPTY | {"key": f"{at}", "mutator": f"a.b{at % 4}"} for at in range(17)]
    file = pq.ParquetFile(io.BytesIO(b"".join(parquet(run(), Material(results=lambda: iter(rows))))))
    assert file.num_row_groups == 3
    assert [(row["key"], row["mutator"]) for row in file.read().to_pylist()] == [
        (row["key"], row["mutator"]) for row in rows
    ]


def test_polars_reads_the_parquet_file() -> None:
    read = pl.read_parquet(in_parquet(ROW, EMPTY))
    assert read["wrong"].to_list() == [["/total", "=x"], None]
    assert read.filter("counted").group_by("mutator").agg(pl.col("failure").mean()).rows() == [("encoding.bom", 1.0)]


@pytest.mark.parametrize(("make", "ahead"), [(as_csv, 0), (as_json_lines, 1), (parquet, 100)])
def test_rows_are_taken_as_the_file_is_written(make: Any, ahead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple_reports.parquet._ROWS", 100)
    taken = 0

    def rows() -> Iterator[Mapping[str, Any]]:
        nonlocal taken
        while True:  # whoever wants all of them first never ends
            taken += 1
            yield EMPTY

    pieces = make(run(), Material(results=rows))
    assert next(pieces)
    assert taken <= ahead


@pytest.mark.parametrize("make", [as_csv, as_json_lines, parquet])
def test_without_a_store_there_is_no_table_and_why_is_said(make: Any) -> None:
    with pytest.raises(CrumpleError, match="no store holds the results of this run"):
        make(run(), Material())
    with pytest.raises(CrumpleError, match="a pytest session does not store its calls"):
        make(session(), Material())


def test_no_rows_are_an_empty_table() -> None:
    assert in_csv().count("\r\n") == 1
    assert pd.read_parquet(in_parquet()).columns.tolist() == list(ROW)


def test_without_pyarrow_the_extra_is_named_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CrumpleError, match=r"crumple\[parquet\]"):
        parquet.check()
