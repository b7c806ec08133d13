"""JSON that is valid, and not what was agreed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.dependency.shapes import renamed, reshaped, shortened

ORDER = {
    "id": 7,
    "unitPrice": 12.5,
    "in_stock": True,
    "name": "bolt",
    "none": None,
    "lines": [{"item_code": "A", "count": 2}, {"item_code": "B", "count": 3}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def made(how: Any, amount: float, seed: int = 1, value: Any = ORDER) -> Any:
    body = reshaped(json.dumps(value).encode(), how, amount, seed)
    return None if body is None else json.loads(body)


def test_every_field_is_renamed_as_the_next_version_of_an_api_does() -> None:
    assert made("renamed", 1) == {
        "id_value": 7,
        "unit_price": 12.5,
        "inStock": True,
        "name_value": "bolt",
        "none_value": None,
        "lines_value": [{"itemCode": "A", "count_value": 2}, {"itemCode": "B", "count_value": 3}],
    }


def test_every_field_is_null() -> None:
    assert made("null", 1) == dict.fromkeys(ORDER)


def test_every_value_has_another_type() -> None:
    assert made("retyped", 1) == {
        "id": "7",
        "unitPrice": "12.5",
        "in_stock": "true",
        "name": ["bolt"],
        "none": None,
        "lines": [{"item_code": ["A"], "count": "2"}, {"item_code": ["B"], "count": "3"}],
    }


def test_fields_that_nobody_has_heard_of_are_added_and_none_is_changed() -> None:
    more = made("extra", 12)
    assert {name: more[name] for name in ("id", "unitPrice", "in_stock", "name", "none")} == {
        name: value for name, value in ORDER.items() if name != "lines"
    }
    assert len(more) == len(ORDER) + 12
    assert [len(line) for line in more["lines"]] == [14, 14]


def test_a_field_is_changed_in_every_item_of_a_list_or_in_none() -> None:
    for seed in range(20):
        codes = [line.get("item_code") for line in made("retyped", 0.3, seed)["lines"]]
        assert codes in (["A", "B"], [["A"], ["B"]])


def test_the_same_fields_are_hit_whatever_stands_in_them() -> None:
    one = made("null", 0.25, 5, {"a": 1, "b": 2, "c": 3, "d": 4})
    other = made("null", 0.25, 5, {"a": 9, "b": 8, "c": 7, "d": 6})
    assert [name for name, value in one.items() if value is None] == [
        name for name, value in other.items() if value is None
    ]


def changed(value: Any) -> set[str]:
    """The fields that are null and were not; those of a line stand inside the field of all lines."""
    lines = value["lines"]
    inner = ("item_code", "count") if lines is None else [name for name in lines[0] if lines[0][name] is None]
    return {f"lines/{name}" for name in inner} | {name for name in ORDER if value[name] is None and name != "none"}


@given(st.integers(0, 1000), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_share_changes_a_superset(seed: int, one: float, other: float) -> None:
    low, high = (changed(made("null", share, seed)) for share in sorted((one, other)))
    assert low
    assert low <= high


@given(JSON, st.sampled_from(["extra", "renamed", "null", "retyped"]))
def test_what_comes_out_is_json_and_something_else_than_what_went_in(value: Any, how: Any) -> None:
    body = reshaped(json.dumps(value).encode(), how, 1, 1)
    assert body is None or json.loads(body) != value


@pytest.mark.parametrize("body", [b"", b"plain", b"[1, 2]", b'"text"', b"{", b"\xff{}", b"[" * 100_000, b'{"a": null}'])
def test_what_has_no_fields_to_change_is_left_alone(body: bytes) -> None:
    assert reshaped(body, "null", 1, 1) is None


def test_a_name_that_is_taken_is_not_taken_twice() -> None:
    assert made("renamed", 1, value={"a_b": 1, "aB": 2}) == {"aB_": 1, "a_b_": 2}
    assert renamed("HTTPCode2Name") != "HTTPCode2Name"


@pytest.mark.parametrize("left", [0.0, 0.3, 0.99])
@pytest.mark.parametrize("body", [b'{"a": [1, 2]}\n\n', b"[]", b'"text"', b'["a", {}]'])
def test_json_that_is_cut_cannot_be_parsed(body: bytes, left: float) -> None:
    cut = shortened(body, left, "application/json; charset=utf-8")
    assert cut is not None
    kept, ends_well = cut
    assert ends_well
    assert body.startswith(kept)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(kept)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(b"12345", "application/json"), (b"plain", "text/plain"), (b'{"a":1}\n{"a":2}\n', "application/x-ndjson")],
)
def test_what_could_be_taken_for_whole_must_not_end_as_if_it_were(body: bytes, media_type: str) -> None:
    cut = shortened(body, 0.6, media_type)
    assert cut is not None
    assert not cut[1]


def test_of_nothing_there_is_nothing_to_cut() -> None:
    assert shortened(b" \n", 0.5, "application/json") is None
