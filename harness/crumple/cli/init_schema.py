"""A JSON schema from examples of right answers, for `crumple init --chat`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crumple.truth import AnyOf

_TYPES: tuple[tuple[type, str], ...] = ((bool, "boolean"), (int, "number"), (float, "number"), (str, "string"))
EXAMPLE: Mapping[str, Any] = {"sender": "", "date": "", "reference": "", "total": 0.0}
"""What is asked for where nothing is known of right answers; there to be changed."""


def schema_of(answers: Sequence[Any]) -> dict[str, Any] | None:
    """What these answers have in common, every field required and allowed to be null; None where they are no objects.

    Strict as services want it: no field besides those that were seen.
    """
    answers = [_first(each) for each in answers]
    if not answers or not all(isinstance(each, Mapping) for each in answers):
        return None
    return _of(answers, nullable=False)


def _of(values: Sequence[Any], *, nullable: bool = True) -> dict[str, Any]:
    null = ["null"] if nullable or None in values else []
    values = [value for value in map(_first, values) if value is not None]
    if values and all(isinstance(value, Mapping) for value in values):
        names = dict.fromkeys(str(name) for value in values for name in value)
        return {
            "type": ["object", *null] if null else "object",
            "properties": {name: _of([value.get(name) for value in values]) for name in names},
            "required": list(names),
            "additionalProperties": False,
        }
    if values and all(isinstance(value, (list, tuple)) for value in values):
        return {"type": ["array", *null], "items": _of([item for value in values for item in value], nullable=False)}
    kinds = dict.fromkeys(kind for value in values for python, kind in _TYPES if type(value) is python)
    return {"type": [*(kinds or ["string"]), *null]}


def _first(value: Any) -> Any:
    while isinstance(value, AnyOf):
        value = value.options[0]
    return value
