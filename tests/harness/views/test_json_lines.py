"""JSON Lines: each line is a record, edits stay within their line, and all else is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import Document, Record, Text, Unreadable, identify
from crumple.views.format import read, write

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
records = st.lists(
    st.dictionaries(st.text(max_size=4), scalars, max_size=3) | st.lists(scalars, max_size=3), min_size=1
)
ends = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n \r\n"])


def written(values: list[Any], end: str, *, last: bool) -> str:
    return end.join(json.dumps(value) for value in values) + (end if last else "")


def lines(source: str) -> Record:
    return Record.of_lines(Text(source))


@given(records, ends, st.booleans())
def test_an_unchanged_document_is_written_back_byte_for_byte(values: list[Any], end: str, last: bool) -> None:
    document = Document(written(values, end, last=last).encode(), "application/x-ndjson", "a.jsonl")
    record = read(document, Record)
    assert record.value == values
    assert write(record, document) == document


@given(records, ends, scalars, st.data())
def test_replacing_a_value_changes_its_line_alone(values: list[Any], end: str, new: Any, data: st.DataObject) -> None:
    record = lines(written(values, end, last=True))
    fields = dict(record.fields())
    if not fields:
        return
    path = data.draw(st.sampled_from(sorted(fields)))
    changed = record.set({path: new})
    assert json.dumps(changed.get(path)) == json.dumps(new)
    assert {p: v for p, v in changed.fields() if p != path} == {p: v for p, v in fields.items() if p != path}
    assert lines(changed.source) == changed
    before, after = record.source.split("\n"), changed.source.split("\n")
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 1


@given(records, ends, st.data())
def test_a_removed_record_goes_with_its_line(values: list[Any], end: str, data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.integers(0, len(values) - 1), max_size=len(values) - 1))
    changed = lines(written(values, end, last=True)).remove(*(f"/{each}" for each in gone))
    assert changed.value == [value for index, value in enumerate(values) if index not in gone]


def test_blank_lines_and_spaces_stay_where_they_are() -> None:
    record = lines('{"a":1}\r\n\r\n  {"a":2} \r\n{"a":3}')
    assert record.set({"/1/a": "x"}).source == '{"a":1}\r\n\r\n  {"a":"x"} \r\n{"a":3}'
    assert record.remove("/1").source == '{"a":1}\r\n\r\n{"a":3}'
    assert record.remove("/1/a").source == '{"a":1}\r\n\r\n  {} \r\n{"a":3}'


def test_every_value_is_found_under_the_number_of_its_record() -> None:
    record = lines('{"a": [1, {"b": null}]}\n\n"x"\n')
    assert {path: record.source[span.start : span.end] for path, span in record.spans().items() if path} == {
        "/0": '{"a": [1, {"b": null}]}',
        "/0/a": '[1, {"b": null}]',
        "/0/a/0": "1",
        "/0/a/1": '{"b": null}',
        "/0/a/1/b": "null",
        "/1": '"x"',
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": 1}\n{"a": \n', "record 2 is not JSON"),
        (b"\n \r\n", "no line that is not blank"),
        (b'{\n "a": 1\n}\n', "record 1 is not JSON"),
        (b'{"a": 1}\n' + b"[" * 100_000, "nested too deep"),
        (b"[" * 300 + b"]" * 300, "nested too deep"),
        (b"1\0\n", "NUL"),
        (b"{", "record 1 is not JSON"),
    ],
)
def test_what_is_not_json_lines_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(Document(data, "application/x-ndjson", "a.jsonl"), Record)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b'{"a": 1}\n', "a.jsonl", "application/x-ndjson"),
        (b'{"a": 1}\n', "a.ndjson", "application/x-ndjson"),
        (b'{"a": 1}\n{"a": 2}\n', "a.json", "application/x-ndjson"),
        (b"\xef\xbb\xbf[1]\r\n[2]\r\n", "a.log", "application/x-ndjson"),
        (b'{"a": 1}\n', "a.json", "application/json"),
        (b"[\n[1],\n[2]]\n", "a.json", "application/json"),
        (b'{"a": 1}\nand so on', "a.txt", "application/json"),
    ],
)
def test_json_lines_are_told_by_name_or_by_a_second_record(data: bytes, name: str, media_type: str) -> None:
    assert identify(data, name) == media_type
