"""Record: values of a JSON document are replaced in place, and every other character stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import Document, Record, Text, Unreadable
from crumple.views.format import read, write

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
layouts = st.sampled_from([{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}, {"indent": "\t"}])


@given(values, layouts)
def test_an_unchanged_record_is_written_back_byte_for_byte(value: Any, layout: dict[str, Any]) -> None:
    document = Document(json.dumps(value, **layout).encode("utf-8", "surrogatepass"), "application/json", "a.json")
    try:
        record = read(document, Record)
    except Unreadable:
        return
    assert write(record, document) == document


@given(values, layouts, scalars, st.data())
def test_replacing_a_value_changes_that_value_alone(
    value: Any, layout: dict[str, Any], new: Any, data: st.DataObject
) -> None:
    record = Record.parsed(Text(json.dumps(value, **layout)))
    fields = dict(record.fields())
    if not fields:
        return
    path = data.draw(st.sampled_from(sorted(fields)))
    changed = record.set({path: new})
    assert json.dumps(changed.get(path)) == json.dumps(new)
    assert {p: v for p, v in changed.fields() if p != path} == {p: v for p, v in fields.items() if p != path}
    span = record.spans()[path]
    assert changed.source.startswith(record.source[: span.start])
    assert changed.source.endswith(record.source[span.end :])


@given(st.dictionaries(st.text(max_size=4), scalars, min_size=1, max_size=4), layouts, st.data())
def test_a_removed_member_leaves_valid_json_without_it(
    value: dict[str, Any], layout: dict[str, Any], data: st.DataObject
) -> None:
    from crumple.truth import pointer

    key = data.draw(st.sampled_from(sorted(value)))
    record = Record.parsed(Text(json.dumps(value, **layout))).remove(pointer(key))
    assert record.value == {k: v for k, v in value.items() if k != key}


def test_the_spelling_of_other_values_is_kept() -> None:
    record = Record.parsed(Text('{"a": 1.00, "b": "\\u00e9", "c": 1E3}'))
    assert record.set({"/a": 2}).source == '{"a": 2, "b": "\\u00e9", "c": 1E3}'


def test_of_duplicate_keys_the_last_is_meant() -> None:
    assert Record.parsed(Text('{"a": 1, "a": 2}')).set({"/a": 3}).source == '{"a": 1, "a": 3}'


@pytest.mark.parametrize("source", ["", "{", '{"a": }', "nope", "[" * 100_000])
def test_what_is_not_json_says_so(source: str) -> None:
    with pytest.raises(Unreadable, match=r"it is (not JSON|JSON nested too deep)|the document is empty"):
        read(Document(source.encode(), "application/json", "a.json"), Record)


def test_a_pointer_to_nothing_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="/b/0"):
        Record.parsed(Text('{"b": []}')).get("/b/0")


@given(st.dictionaries(st.text(max_size=4), scalars, min_size=1, max_size=6), layouts, st.data())
def test_several_removed_members_leave_valid_json_without_them(
    value: dict[str, Any], layout: dict[str, Any], data: st.DataObject
) -> None:
    from crumple.truth import pointer

    keys = data.draw(st.sets(st.sampled_from(sorted(value))))
    record = Record.parsed(Text(json.dumps(value, **layout))).remove(*map(pointer, keys))
    assert record.value == {k: v for k, v in value.items() if k not in keys}
    items = Record.parsed(Text(json.dumps(list(value.values()), **layout)))
    gone = data.draw(st.sets(st.integers(0, len(value) - 1)))
    left = [v for index, v in enumerate(value.values()) if index not in gone]
    assert items.remove(*(f"/{index}" for index in gone)).value == left


def test_a_lone_surrogate_is_written_as_the_escape_that_it_came_from() -> None:
    changed = Record.parsed(Text('{"a": "é", "b": 1}')).set({"/b": "\ud83d"})
    assert changed.source == '{"a": "é", "b": "\\ud83d"}'
    assert changed.text.encoded()


def test_nesting_beyond_two_hundred_levels_is_refused() -> None:
    assert Record.parsed(Text("[" * 201 + "]" * 201)).spans()
    with pytest.raises(Unreadable, match="more than 200 levels"):
        Record.parsed(Text("[" * 300 + "]" * 300))
