"""How much work a JSON schema may make of one value: references that unfold like a bomb are told beforehand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crumple.truth import lookup

_SEVERAL: Final = ("allOf", "anyOf", "oneOf")
_ONE: Final = ("not", "if", "then", "else")
_DEEPEST = 400


def most_at_a_value(schema: Mapping[str, Any]) -> int:
    """The most subschemas that one and the same value is held to, references within the schema followed.

    What stands under `properties` or `items` is held to another value, and counted for itself; a reference that leads
    back to where it comes from counts once.

    Args:
        schema: as JSON.
    """
    counted: dict[int, int] = {}
    return max((_count(schema, each, counted, 0) for each in _subschemas(schema)), default=0)


def _count(root: Mapping[str, Any], schema: Mapping[str, Any], counted: dict[int, int], depth: int) -> int:
    if id(schema) in counted:
        return counted[id(schema)]
    counted[id(schema)] = 1  # while it is being counted: a way back to it counts once
    if depth < _DEEPEST:
        counted[id(schema)] += sum(_count(root, each, counted, depth + 1) for each in _at_same_value(root, schema))
    return counted[id(schema)]


def _at_same_value(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in _SEVERAL:
        if isinstance(several := schema.get(key), list):
            yield from (each for each in several if isinstance(each, Mapping))
    for key in _ONE:
        if isinstance(one := schema.get(key), Mapping):
            yield one
    dependent = schema.get("dependentSchemas")
    if isinstance(dependent, Mapping):
        yield from (each for each in dependent.values() if isinstance(each, Mapping))
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        found = root if reference == "#" else lookup(root, reference[1:]) if reference.startswith("#/") else None
        if isinstance(found, Mapping):
            yield found


def _subschemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every object in it, the deepest first, so that counting need not go deep."""
    found: list[Mapping[str, Any]] = []
    waiting: list[Any] = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            found.append(each)
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    yield from reversed(found)
