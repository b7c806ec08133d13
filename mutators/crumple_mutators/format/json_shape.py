"""JSON within something else, or something else within it: prose, envelopes, strings, nesting, further members."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Pointer, Record, Text, mutator
from crumple_mutators.format.json_tokens import JSON, JSONS, ORDER

_WRAPPINGS: Final = {
    "fence": "```json\n{}\n```\n",
    "sentence": "Here is the JSON:\n\n{}\n",
    "chat": "Sure! Here is the extracted data:\n\n```json\n{}\n```\n\nLet me know if you need anything else.\n",
    "thinking": "<think>\nThe document names every value, so I can fill in all keys.\n</think>\n\n```\n{}\n```\n",
    "outline": "The keys are as agreed {{see the schema}}. [Draft 2] Result:\n{}\nEnd of result [checked].\n",
}
_ENVELOPES: Final[Mapping[str, tuple[str, str]]] = {
    "data": ('{"data": ', "}"),
    "list": ("[", "]"),
    "response": ('{"status": "ok", "code": 200, "errors": [], "data": ', "}"),
    "page": ('{"meta": {"page": 1, "pages": 1, "count": 1}, "links": {"next": null}, "items": [', "]}"),
    "resource": ('{"data": {"type": "document", "id": "1", "attributes": ', ', "relationships": {}}, "included": []}'),
}
_EXTRA: Final[tuple[tuple[str, Any], ...]] = (
    ("_id", "65e0c7b1f2a4"),
    ("created_at", "2024-01-01T00:00:00Z"),
    ("_version", 3),
    ("tags", []),
    ("_links", {"self": {"href": "/documents/1"}}),
    ("deleted", False),
    ("updated_by", None),
    ("custom_fields", {}),
    ("locale", "en"),
    ("checksum", "9c1185a5c5e9fc54"),
)
_EXTREMES: Final = {
    "long integer": "9007199254740993",
    "huge number": "1e400",
    "long digits": "3." + "141592653589793238" * 60,
    "NUL": '"none\\u0000"',
    "lone surrogate": '"thanks \\ud83d"',
}
_MOST_LINES: Final = 1000
_KEYS: Final = ("extension", "attachment", "metadata")


@mutator(
    "format.json_answer",
    refusable_from=1,
    only=JSON,
    wrapping=Ladder(*_WRAPPINGS, unit="wrapping"),
    examples=[ORDER],
)
def answer(text: Text, wrapping: str, rng: Generator) -> Degraded[Text]:
    """Put a code fence or sentences around JSON, as chat models that were asked for JSON alone do.

    The JSON is whole, so the answer is the same; the document as such is no JSON, so refusing is acceptable. Ladder: a
    first guess: a fence, a sentence before it, both, thoughts before it, sentences with brackets of their own.
    """
    _check_json(text)
    before, after = _WRAPPINGS[wrapping].replace("{{", "{").replace("}}", "}").split("{}")
    return Degraded(text.with_value(before + text.value.strip() + after))


def _check_json(text: Text) -> None:
    if text.value.lstrip()[:1] not in ("{", "["):
        raise NotApplicable("it is no JSON object or list")


@mutator(
    "format.json_concatenated",
    refusable_from=1,
    only=JSON,
    objects=Ladder(1, 2, 5, 20, 100, unit="objects", zero=0),
    examples=[ORDER],
)
def concatenated(text: Text, objects: int, rng: Generator) -> Degraded[Text]:
    """Write further JSON objects after the document, as programs do that log to where they write their output.

    They are messages about the export, so the answer is the same; two values are no JSON, so refusing is acceptable.
    Ladder: a first guess.
    """
    _check_json(text)
    draws = rng.integers(1, 1000, size=512).tolist()
    end = "\r\n" if "\r\n" in text.value else "\n"
    lines = [
        json.dumps({"level": "info", "event": "exported", "step": at + 1, "ms": draws[at % len(draws)]}) + end
        for at in range(int(objects))
    ]
    return Degraded(text.with_value(text.value.rstrip() + end + "".join(lines)) if lines else text)


@mutator(
    "format.json_double_encoded",
    refusable_from=3,
    only=JSON,
    extent=Ladder("one member", "members", "whole", "twice", "three times", unit="extent"),
    examples=[ORDER],
)
def double_encoded(record: Record, extent: str, rng: Generator) -> Degraded[Record]:
    """Write JSON as a string of JSON, as programs do that encode what is encoded already.

    Decoding it once more gives the same, so the answer is the same; a string where an object was promised may be
    refused. Ladder: one object or list that is a member, all of those, then the whole once to three times over.
    """
    if extent in ("one member", "members"):
        nested = [path for path, value in _members(record).items() if isinstance(value, (dict, list)) and value]
        if not nested:
            raise NotApplicable("no member holds an object or a list")
        hit = nested if extent == "members" else [nested[int(rng.integers(len(nested)))]]
        spans = record.spans()
        changed = record.set({path: record.source[spans[path].start : spans[path].end] for path in hit})
        return Degraded(changed, touched=[Pointer(path) for path in hit])
    source = record.source.strip()
    for _ in range({"whole": 1, "twice": 2, "three times": 3}[extent]):
        source = json.dumps(source, ensure_ascii=record.source.isascii())
    return Degraded(Record.parsed(Text(source + "\n", record.encoding, record.bom)))


def _members(record: Record) -> dict[str, Any]:
    """The members of the outermost object, by pointer."""
    if not isinstance(record.value, dict):
        return {}
    return {path: record.get(path) for path in record.spans() if path.count("/") == 1}


@mutator(
    "format.json_envelope",
    refusable_from=3,
    only=JSON,
    form=Ladder(*_ENVELOPES, unit="envelope"),
    examples=[ORDER],
)
def envelope(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Put the document into an envelope, as the next version of an interface or another gateway does.

    Under "data", as the one item of a list, beside a status, as the one item of a page, as the attributes of a
    resource. It is whole inside, so the answer is the same; from the status on another interface may be refused.
    Ladder: a first guess, by how much stands around it.
    """
    _check_json(text)
    before, after = _ENVELOPES[form]
    return Degraded(text.with_value(before + text.value.strip() + after + "\n"))


@mutator(
    "format.json_extra_members",
    only=JSONS,
    members=Ladder(1, 3, 10, 30, 100, unit="members an object", zero=0),
    examples=[ORDER],
)
def extra_members(record: Record, members: int, rng: Generator) -> Degraded[Text]:
    """Add members that nobody asked for to the outermost objects, as every new version of an interface does.

    Ids, links, flags, times and empty lists, at the beginning or the end. They are no part of the question, so the
    answer is the same. Ladder: a first guess.
    """
    draws = rng.integers(2, size=512).tolist()
    taken = set(record.value[0] if record.lines and isinstance(record.value[0], dict) else _outermost(record))
    added = [
        (key if at < len(_EXTRA) else f"{key.lstrip('_')}_{at}", value) for at, (key, value) in _repeated(int(members))
    ]
    new = [(f"x_{key}" if key in taken else key, value) for key, value in added]
    written = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in new]
    first = [each for each, draw in zip(written, draws, strict=False) if draw]
    last = [each for each, draw in zip(written, draws, strict=False) if not draw]
    return Degraded(_text_with(record, first, last))


def _repeated(count: int) -> list[tuple[int, tuple[str, Any]]]:
    return [(at, _EXTRA[at % len(_EXTRA)]) for at in range(count)]


def _outermost(record: Record) -> Mapping[str, Any]:
    if isinstance(record.value, dict):
        return record.value
    raise NotApplicable("it is no JSON object")


def _text_with(record: Record, first: list[str], last: list[str]) -> Text:
    """A record with further members in its outermost object; of JSON Lines in those of the first thousand lines."""
    roots = [f"/{at}" for at in range(min(len(record.value), _MOST_LINES))] if record.lines else [""]
    spans, pieces, at, found = record.spans(), list[str](), 0, False
    for path in roots:
        value = record.get(path)
        if not isinstance(value, dict):
            continue
        start, end, found = spans[path].start + 1, spans[path].end - 1, True
        inner = record.source[start:end]
        head = ", ".join(first) + (", " if first and (value or last) else "")
        body = inner.rstrip()
        tail = (", " if last and value else "") + ", ".join(last)
        pieces += (record.source[at:start], head, body, tail, inner[len(body) :])
        at = end
    if not found:
        raise NotApplicable("it is no JSON object" if not record.lines else "no line is a JSON object")
    return Text("".join((*pieces, record.source[at:])), record.encoding, record.bom)


@mutator(
    "format.json_depth",
    refusable_from=2,
    only=JSON,
    depth=Ladder(10, 100, 1000, 10_000, 100_000, unit="lists in one another"),
    examples=[ORDER],
)
def depth(record: Record, depth: int, rng: Generator) -> Degraded[Text]:
    """Add a member that is nested deeply, as trees that were serialised with a cycle and attackers make it.

    It is no part of the question, so the answer is the same. RFC 8259 lets parsers limit depth, and some do at 64, so
    from the second level on refusing is acceptable; crashing is not. Ladder: the catalogue's.
    """
    return Degraded(_added(record, "[" * int(depth) + "]" * int(depth), rng))


@mutator(
    "format.json_long_string",
    refusable_from=5,
    only=JSON,
    size=Ladder(1 << 10, 1 << 16, 1 << 17, 1 << 20, 1 << 24, unit="bytes"),
    examples=[ORDER],
)
def long_string(record: Record, size: int, rng: Generator) -> Degraded[Text]:
    """Add a member that holds a long string, as interfaces do that send the scan along in Base64.

    It is no part of the question, so the answer is the same; 16 MB may be more than a system takes. Ladder: that of
    long cells in tables.
    """
    return Degraded(_added(record, '"' + "JVBERi0xLjQK" * (int(size) // 12 + 1) + '"', rng))


@mutator(
    "format.json_extremes",
    refusable_from=1,
    only=JSONS,
    value=Ladder(*_EXTREMES, unit="value"),
    examples=[ORDER],
)
def extremes(record: Record, value: str, rng: Generator) -> Degraded[Text]:
    """Add a member at the edge of what JSON can say: beyond 2^53, beyond a double, NUL, half an emoji.

    As other languages' long integers and cut strings are. It is no part of the question, so the answer is the same;
    RFC 7493 rules most of them out, so refusing is acceptable. Ladder: a first guess, by what parsers make of them.
    """
    return Degraded(_added(record, _EXTREMES[value], rng))


def _added(record: Record, value: str, rng: Generator) -> Text:
    outer = record.value[0] if record.lines else record.value
    key = next((key for key in _KEYS if not isinstance(outer, dict) or key not in outer), None)
    if key is None:
        raise NotApplicable("it has members of these names")
    member = [f'"{key}": {value}']
    return _text_with(record, *((member, []) if rng.integers(2) else ([], member)))
