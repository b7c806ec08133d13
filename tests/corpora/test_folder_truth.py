"""Parsers of truth files on anything: what was written comes back, and what is no truth is one clean error."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from crumple import CrumpleError
from crumple_corpora.files import ENDINGS
from crumple_corpora.folder_truth import parse_truth

KEYS = st.text(max_size=5).filter(lambda key: not key.startswith("$"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(value=VALUES, mark=st.booleans(), ascii_only=st.booleans())
def test_json_comes_back_as_it_was_written(value: object, mark: bool, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    data = text.encode("utf-8-sig" if mark else "utf-8", "surrogatepass")
    assert parse_truth(data, ".json", "x") == value


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6)


@given(
    rows=st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=5)),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_comes_back_as_it_was_written(rows: list[list[str]], ends: str) -> None:
    header = [f"column {at}" for at in range(len(rows[0]))]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=ends).writerows([header, *rows])
    assert parse_truth(buffer.getvalue().encode(), ".csv", "x") == [header, *rows]


BYTES = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))


@given(data=BYTES, ending=st.sampled_from(ENDINGS))
def test_any_bytes_are_a_truth_or_one_error_that_names_the_file(data: bytes, ending: str) -> None:
    message = "the/file"
    try:
        parse_truth(data, ending, "the/file")
    except CrumpleError as error:
        message = str(error)
    assert message.startswith("the/file")
