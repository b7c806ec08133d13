"""JSON that is valid and not what was agreed: fields that are new, renamed, null or of another type. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from crumple.dependency.faults import Shape, drawn

Path: TypeAlias = tuple[str, ...]

_ITEM = "[]"
_EXTRA = ("_links", "request_id", "schema_version", "updated_at", "etag", "deprecated", "warnings", "meta", "locale")
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_SNAKE = re.compile(r"_([a-z])")


def reshaped(body: bytes, how: Shape, amount: float, seed: int) -> bytes | None:
    """The body with fields changed, or None where it is no JSON that has any.

    Which ones is drawn by their path, whatever stands in them, so that the same fields are hit in every answer of
    one shape; a larger amount changes a superset.

    Args:
        body: as the dependency sent it, decompressed.
        how: what is done to fields.
        amount: the share of the fields; of "extra", how many there are to be.
        seed: what is drawn from.
    """
    try:
        value = json.loads(body)
        changed = _extended(value, round(amount)) if how == "extra" else _changed(value, how, amount, seed)
        return None if changed == value else json.dumps(changed, ensure_ascii=False, allow_nan=True).encode()
    except (ValueError, RecursionError):
        return None


def _changed(value: Any, how: Shape, share: float, seed: int) -> Any:
    paths = list(dict.fromkeys(_paths(value, how)))
    order = sorted(paths, key=lambda path: drawn(seed, *path))
    chosen = frozenset(order[: max(1, round(share * len(order)))])
    return _walked(value, chosen, how)


def _paths(value: Any, how: Shape, path: Path = ()) -> Iterator[Path]:
    """The fields that can be changed so; items of a list have one path together."""
    if isinstance(value, list):
        for item in value:
            yield from _paths(item, how, (*path, _ITEM))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if how == "renamed" or inner != (retyped(inner) if how == "retyped" else None):
                yield (*path, name)
            yield from _paths(inner, how, (*path, name))


def _walked(value: Any, chosen: frozenset[Path], how: Shape, path: Path = ()) -> Any:
    if isinstance(value, list):
        return [_walked(item, chosen, how, (*path, _ITEM)) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for name, inner in value.items():
        here = (*path, name)
        kept = _walked(inner, chosen, how, here)
        if here not in chosen:
            made[name] = kept
        elif how == "renamed":
            made[_free(renamed(name), value)] = kept
        else:
            made[name] = None if how == "null" else retyped(kept)
    return made


def _free(name: str, taken: dict[str, Any]) -> str:
    while name in taken:
        name += "_"
    return name


def renamed(name: str) -> str:
    """A field's name in the next version of an API: unit_price is unitPrice there, and the other way round."""
    if "_" in name.strip("_"):
        return _SNAKE.sub(lambda found: found[1].upper(), name)
    if _CAMEL.search(name):
        return _CAMEL.sub(lambda found: f"_{found[1].lower()}", name)
    return f"{name}_value"


def retyped(value: Any) -> Any:
    """A value as another type that serializers make of it: numbers and truth values as text, text in a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return json.dumps(value)
    return [value] if isinstance(value, str) else value


def _extended(value: Any, count: int) -> Any:
    """Every object with so many fields that nobody has heard of."""
    if isinstance(value, list):
        return [_extended(item, count) for item in value]
    if not isinstance(value, dict):
        return value
    made = {name: _extended(inner, count) for name, inner in value.items()}
    for number in range(count):
        name = _EXTRA[number] if number < len(_EXTRA) else f"reserved_{number + 1}"
        made[_free(name, made)] = (None, "2.1", {"href": "/v2"}, [], 0, True)[number % 6]
    return made


def shortened(body: bytes, left: float, media_type: str) -> tuple[bytes, bool] | None:
    """A share of a body, and whether it may be ended there as if it were whole; None where it has nothing to cut.

    Only a JSON object, list or text may: cut short it cannot be parsed, so that whoever looks can tell.

    Args:
        body: as the dependency sent it, decompressed.
        left: the share that is kept, in [0, 1).
        media_type: what it is said to be.
    """
    whole = body.rstrip()
    if not whole:
        return None
    kept = whole[: min(int(len(body) * left), len(whole) - 1)]
    lines = any(word in media_type for word in ("ndjson", "jsonl", "json-seq", "json-lines"))
    return kept, "json" in media_type and not lines and whole[:1] in b'{["'
