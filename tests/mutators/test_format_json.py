"""JSON and JSON Lines of category format: a tolerant reader reads the same; what is new or lost is exactly that."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crumple_mutators.format as family
from crumple import AnyOf, Degraded, Document, NotApplicable, Pointer, Record, Text, read, write
from crumple.mutation.action import act, seen_as
from crumple.mutation.mutator import Mutator
from naming import degraded_or_refused
from oracles.lenient_json import first

NAMED = {name: each for name in family.__all__ if isinstance(each := getattr(family, name), Mutator)}
OF_JSON = {name: each for name, each in NAMED.items() if name.startswith("json")}
SYNTAX = (
    "json_trailing_commas",
    "json_missing_commas",
    "json_comments",
    "json_single_quotes",
    "json_smart_quotes",
    "json_unquoted_keys",
    "json_literals",
    "json_unclosed",
    "json_answer",
)
PLAIN = ("json_layout", "json_escapes", "json_member_order", "json_number_notation", "json_float_noise")
ORDER = family.json_layout.examples[0][1]
LINES = family.jsonl_noise.examples[0][1]

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)
scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6, allow_nan=False) | texts
records = st.dictionaries(texts.filter(bool), scalars | st.lists(scalars, max_size=3), min_size=1, max_size=4)


def made(name: str, content: str, *, level: float = 5, seed: int = 0, media_type: str = "application/json") -> Degraded:
    mutator = NAMED[name]
    view = read(Document(content.encode(), media_type, "a.json"), seen_as(mutator))
    return act(mutator, view, mutator.step(level, seed))


def source(degraded: Degraded) -> str:
    text = degraded.view if isinstance(degraded.view, Text) else degraded.view.text
    return text.value


@pytest.mark.parametrize("name", SYNTAX)
@settings(max_examples=12)
@given(value=records, level=st.sampled_from([1, 3, 5]), seed=st.integers(0, 9))
def test_a_tolerant_reader_reads_the_same_and_a_strict_one_refuses(
    name: str, value: Any, level: float, seed: int
) -> None:
    try:
        degraded = made(name, json.dumps({"a": value, "b": [1, 2]}, indent=1), level=level, seed=seed)
    except NotApplicable:
        return
    assert first(source(degraded)) == {"a": value, "b": [1, 2]}
    with pytest.raises(ValueError, match=r"."):
        json.loads(source(degraded))
    assert not degraded.lost


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=12)
@given(value=records, level=st.sampled_from([1, 3, 5]), seed=st.integers(0, 9), ascii_only=st.booleans())
def test_any_reader_reads_the_same(name: str, value: Any, level: float, seed: int, ascii_only: bool) -> None:
    content = json.dumps({"a": value, "b": [1.25, 2]}, ensure_ascii=ascii_only)
    try:
        degraded = made(name, content, level=level, seed=seed)
    except NotApplicable:
        return
    assert json.loads(source(degraded)) == json.loads(content)
    assert source(degraded) != content


@pytest.mark.parametrize("name", [name for name, each in OF_JSON.items() if each.parameter == "share"])
def test_a_greater_share_touches_a_superset(name: str) -> None:
    for seed in range(3):
        before: set[object] = set()
        for level in (1, 2, 3, 4, 5):
            lines = name.startswith("jsonl")
            media_type = "application/x-ndjson" if lines else "application/json"
            degraded = made(name, LINES if lines else ORDER, level=level, seed=seed, media_type=media_type)
            after = {*degraded.touched, *degraded.lost, *getattr(degraded.truth, "values", ())}
            assert before <= after != set()
            before = after


def test_raw_line_ends_stand_for_escapes_or_spaces() -> None:
    value = first(source(made("json_raw_newlines", '{"a": "one two", "b": "x\\ny\\\\n", "c": "word"}')))
    assert value == {"a": "one\ntwo", "b": "x\ny\\n", "c": "word"}


def test_of_conflicting_members_either_value_is_right() -> None:
    degraded = made("json_conflicting_keys", '{"a": 1, "b": {"c": "x"}, "d": true}')
    pairs = json.loads(source(degraded), object_pairs_hook=lambda found: found)
    stands = {"/a": [v for k, v in pairs if k == "a"], "/d": [v for k, v in pairs if k == "d"]}
    stands["/b/c"] = [v for k, v in dict(pairs)["b"] if k == "c"]
    for place, either in degraded.truth.values.items():
        assert isinstance(place, Pointer)
        assert isinstance(either, AnyOf)
        assert len(stands[place.path]) == 2
        assert all(value in either.options for value in stands[place.path])


def test_numbers_that_are_none_are_lost_and_no_others_change() -> None:
    degraded = made("json_not_a_number", '{"a": 1, "b": [2.5, "3", true], "c": null}', level=3)
    value = json.loads(source(degraded))
    numbers = {"/a": value["a"], "/b/0": value["b"][0]}
    assert {each.path for each in degraded.lost} == {path for path, each in numbers.items() if not math.isfinite(each)}
    assert degraded.lost
    assert value["b"][1:] == ["3", True]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_long_integers_are_those_that_a_double_would_change(level: float) -> None:
    degraded = made("json_long_integers", '{"id": 20417, "quantity": 4, "code": "20417"}', level=level, seed=2)
    value = json.loads(source(degraded))
    assert degraded.truth.values == {Pointer("/id"): value["id"]}
    assert int(float(value["id"])) != value["id"]
    assert (value["quantity"], value["code"]) == (4, "20417")


@pytest.mark.parametrize("level", [1, 3, 5])
def test_what_is_added_leaves_every_member_as_it_was(level: float) -> None:
    for name in ("json_extra_members", "json_long_string", "json_extremes", "json_depth", "json_concatenated"):
        # A string of 16 MiB is no other than one of a few kilobytes, and takes this reader seconds.
        value = first(source(made(name, ORDER, level=min(level, 3) if name == "json_long_string" else level)))
        assert {key: value[key] for key in json.loads(ORDER)} == json.loads(ORDER)


def test_nesting_is_as_deep_as_it_says() -> None:
    assert source(made("json_depth", ORDER, level=5)).count("[" * 100_000) == 1
    with pytest.raises(RecursionError):
        json.loads(source(made("json_depth", ORDER, level=5)))


@pytest.mark.parametrize("level", [1, 3, 5])
def test_of_cut_lines_nothing_can_be_read_and_all_others_are_whole(level: float) -> None:
    degraded = made("jsonl_bad_lines", LINES, level=level, media_type="application/x-ndjson")
    lost = {each.path for each in degraded.lost}
    clean, lines = LINES.splitlines(), source(degraded).splitlines()
    assert len(lines) == len(clean)
    for index, (line, before) in enumerate(zip(lines, clean, strict=True)):
        if f"/{index}" in lost:
            assert all(str(value) not in line for value in json.loads(before).values())
        else:
            assert line == before
    assert lost


@pytest.mark.parametrize("form", family.jsonl_form.ladder.rungs)
def test_another_form_of_json_lines_holds_the_same_records(form: str) -> None:
    record = Record.of_lines(Text(LINES))
    degraded = family.jsonl_form(record, form=form, rng=np.random.default_rng(0))
    decoder, rest, found = json.JSONDecoder(), degraded.view.value.strip(), []
    while rest := rest.lstrip("[], \x1e\r\n"):
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:]
    assert found == record.value


HOSTILE = {
    "one byte": b"{",
    "NUL": b'{"a": "\0"}',
    "undecodable": b'\xff\xfa{"a": "\xe9"}',
    "spaces": b" " * 20_000,
    "open string": b'{"a": "' + b'\\"' * 10_000,
    "quotes": b'"' * 20_000,
    "deep": b"[" * 20_000,
    "binary": bytes(range(256)) * 40,
    "one line": b"[" + b"1," * 10_000 + b"1]",
    "surrogates": b'{"a": "\\ud800", "b": "\\udc80"}',
    "scalar": b'"a"',
    "empty": b"[]",
}


@pytest.mark.parametrize("name", [name for name in NAMED if name.startswith("json")])
def test_hostile_documents_give_a_result_or_a_reason(name: str) -> None:
    mutator = NAMED[name]
    for media_type in filter(mutator.fits, ("application/json", "application/x-ndjson")):
        for kind, data in HOSTILE.items():
            document = Document(data, media_type, "a.json")
            for level in (1, 5) if mutator.ladder else (mutator.level,):
                with degraded_or_refused(kind):
                    view = read(document, seen_as(mutator))
                    write(act(mutator, view, mutator.step(level, 1)).view, document)
