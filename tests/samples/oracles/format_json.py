"""What undoes mutators of JSON and JSON Lines: a tolerant reader, and a writer of plain JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from crumple import Document, Step
from oracles.lenient_json import first, spelled, values
from oracles.orders import HEAD, ITEM

Undo = Callable[[Document, Step], Document]
_KEYS = (*HEAD, *ITEM, "lines")


def _written(document: Document, value: Any) -> Document:
    """The value as plain JSON, or a list of records as plain JSON Lines."""
    if document.media_type == "application/json":
        return Document(json.dumps(value).encode(), document.media_type, document.name)
    records = [each for each in value if isinstance(each, dict)]
    return Document("".join(json.dumps(each) + "\n" for each in records).encode(), document.media_type, document.name)


def _value(document: Document) -> Any:
    source = document.data.decode()
    return first(source) if document.media_type == "application/json" else values(source)


def tolerant(document: Document, step: Step) -> Document:
    """Read tolerantly, written plainly."""
    return _written(document, _value(document))


def by_lines(document: Document, step: Step) -> Document:
    """Line by line; a line that is no object is a record without values but those that all records share."""
    found: list[Any] = []
    for line in document.data.decode().splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append({})
    shared = next((each for each in found if each), {})
    return _written(document, [{**{name: shared.get(name) for name in HEAD}, **each} for each in found])


def without_noise(document: Document, step: Step) -> Document:
    """Those lines that are objects."""
    lines = [line for line in document.data.decode().splitlines() if line.startswith("{")]
    return Document("\n".join(lines).encode(), document.media_type, document.name)


def flattened(document: Document, step: Step) -> Document:
    """All objects, those in one outer list too."""
    found = values(document.data.decode())
    return _written(document, found[0] if len(found) == 1 and isinstance(found[0], list) else found)


def opened(document: Document, step: Step) -> Document:
    """What stands in the envelope: the first object that has the fields asked for."""
    return _written(document, _inside(json.loads(document.data)))


def _inside(value: Any) -> Any:
    if isinstance(value, dict) and "lines" in value:
        return value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for each in inner if (found := _inside(each))), None)


def decoded(document: Document, step: Step) -> Document:
    """Every string that is JSON, decoded, as often as it can be."""
    return _written(document, _decoded(json.loads(document.data)))


def _decoded(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("{", "[", '"')):
        return _decoded(json.loads(value))
    if isinstance(value, dict):
        return {key: _decoded(item) for key, item in value.items()}
    return [_decoded(item) for item in value] if isinstance(value, list) else value


def respelled(document: Document, step: Step) -> Document:
    """The keys as they were agreed."""
    return _written(document, spelled(_value(document), _KEYS))


def as_it_is(document: Document, step: Step) -> Document:
    """Nothing needs undoing: any reader of JSON reads it."""
    return document


UNDO: Mapping[str, Undo] = {
    **{
        f"format.json_{name}": tolerant
        for name in (
            "trailing_commas",
            "missing_commas",
            "comments",
            "single_quotes",
            "smart_quotes",
            "unquoted_keys",
            "raw_newlines",
            "unclosed",
            "answer",
            "concatenated",
            "duplicate_keys",
            "conflicting_keys",
            "not_a_number",
            "depth",
            "extremes",
        )
    },
    **{
        f"format.json_{name}": as_it_is
        for name in (
            "layout",
            "escapes",
            "member_order",
            "number_notation",
            "extra_members",
            "long_string",
        )
    },
    "format.json5": tolerant,
    "format.json_double_encoded": decoded,
    "format.json_envelope": opened,
    "format.json_key_style": respelled,
    "format.jsonl_bad_lines": by_lines,
    "format.jsonl_noise": without_noise,
    "format.jsonl_form": flattened,
}
