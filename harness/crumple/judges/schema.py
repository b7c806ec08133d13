"""Whether an answer keeps to a JSON schema: a figure beside every judge's word, and the judge `schema`. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crumple.errors import CrumpleError
from crumple.judges.extent import MOST_TEXT, MOST_VALUES, Extent, extent
from crumple.judges.unfolding import most_at_a_value
from crumple.outcome import Judgement
from crumple.truth import Json, pointer

if TYPE_CHECKING:
    from jsonschema_rs import Validator

WHERE: Final = "[judge] schema"
_LARGEST_SCHEMA = 4_000_000  # characters
_MOST_UNFOLDED = 1_000_000  # checks of one value
# Patterns that look ahead or back may take time as the square of a text's length.
_MOST_SEARCHED, _MOST_SEARCHED_TOGETHER = 10_000, 1_000_000  # characters
_BACKTRACKS = 100_000
# The place of each fault is told with a copy of what stands there.
_MOST_PLACED, _MOST_PLACED_TEXT = 10_000, 1_000_000
_MOST_NAMED = 20
_HELD: Final = """
    type enum const properties patternProperties additionalProperties propertyNames required minProperties
    maxProperties dependencies dependentRequired dependentSchemas unevaluatedProperties items prefixItems
    additionalItems contains minItems maxItems uniqueItems unevaluatedItems allOf anyOf oneOf not if $ref
    $dynamicRef $recursiveRef pattern format minLength maxLength contentEncoding contentMediaType minimum
    maximum exclusiveMinimum exclusiveMaximum multipleOf
"""
"""Keywords that say something of a value."""


class Schema:
    """A JSON schema, ready to hold answers to; nothing that it refers to elsewhere is ever fetched.

    Source: JSON Schema: A Media Type for Describing JSON Documents (Wright, Andrews, Hutton, 2022), and the drafts
    before it, as the schema's own `$schema` says; without one 2020-12. `format` is checked in every draft.
    """

    def __init__(self, text: str, where: str = WHERE) -> None:
        """Read a schema.

        Args:
            text: JSON.
            where: what it is part of, for messages.

        Raises:
            CrumpleError: it is no JSON, no schema, says nothing, refers to something outside itself, or is too large.
        """
        self._validator, self._linear = _compiled(_read(text, where), where)
        self._where = where

    def keeps(self, answer: Json | bytes) -> bool:
        """Whether an answer keeps to it; text that is JSON may do so either way, and bytes are read as UTF-8.

        What is no JSON keeps to none: NaN, numbers that are infinite as floats (1e400), objects with other keys than
        text, bytes that are no text.

        Raises:
            CrumpleError: it cannot be told within bounds of time and memory, and why.
        """
        return any(size is not None and self._valid(value) for value, size in self._measured(answer))

    def faults(self, answer: Json | bytes) -> tuple[str, ...]:
        """JSON pointers of what does not keep to it, at most 20; "" for the whole, or where it is too large to say.

        Raises:
            CrumpleError: as `keeps`.
        """
        read = self._measured(answer)
        if any(size is not None and self._valid(value) for value, size in read):
            return ()
        value, size = read[-1]
        if size is None or size.values > _MOST_PLACED or size.text > _MOST_PLACED_TEXT:
            return ("",)
        places = ("".join(map(pointer, error.instance_path)) for error in self._validator.iter_errors(value))
        return tuple(sorted(dict.fromkeys(places))[:_MOST_NAMED])

    def _measured(self, answer: Json | bytes) -> list[tuple[Any, Extent | None]]:
        """An answer as it may be read, with its size each time."""
        return [(each, self._checked(extent(each))) for each in _readings(answer)]

    def _checked(self, size: Extent | None) -> Extent | None:
        if size is None:
            return None
        if size.too_large:
            raise CrumpleError(
                f"an answer of over {MOST_VALUES:,} values, or {MOST_TEXT:,} characters, is not held to it",
                where=self._where,
            )
        if not self._linear and (size.longest > _MOST_SEARCHED or size.text > _MOST_SEARCHED_TOGETHER):
            raise CrumpleError(
                f"a pattern of it looks around or back, and the answer holds {size.text:,} characters",
                where=self._where,
                hint=f"Such patterns are searched for in texts of {_MOST_SEARCHED:,}, and {_MOST_SEARCHED_TOGETHER:,} "
                "together; say it without.",
            )
        return size

    def _valid(self, value: Any) -> bool:
        if self._validator.is_valid(value):
            return True
        if not self._linear:
            from jsonschema_rs import ValidationErrorKind

            kind = ValidationErrorKind.BacktrackLimitExceeded
            for error in self._validator.iter_errors(value):
                if isinstance(error.kind, kind):
                    raise CrumpleError(
                        f"a pattern of it has been searched for in every way and was stopped: {error.schema_path}",
                        where=self._where,
                        hint="Repeats inside repeats, as in (a+)+, try every way to share a text out.",
                    )
        return False


@dataclass(frozen=True, slots=True)
class SchemaJudge:
    """The judge `schema`: right is what keeps to the schema, whatever it says; there need be no truth.

    Attributes:
        schema: what answers are held to.
        without_truth: it needs none.
    """

    schema: Schema
    without_truth: bool = True

    def judge(self, answer: Json | bytes, truth: Json, lost: frozenset[str]) -> Judgement:
        """Score 1 where the answer keeps to the schema, else 0, with the places that do not."""
        faults = self.schema.faults(answer)
        return Judgement(float(not faults), faults)


def schema(*, schema: str = "") -> SchemaJudge:
    """Make the judge.

    Args:
        schema: the schema as JSON; in crumple.toml its file's name, which is read for it.

    Raises:
        CrumpleError: there is none, or it is not as it must be.
    """
    if not schema:
        raise CrumpleError(
            'the judge "schema" needs one to hold answers to',
            where="[judge]",
            hint='Name its file: schema = "answer.schema.json".',
        )
    return SchemaJudge(Schema(schema))


def _readings(answer: Json | bytes) -> list[Any]:
    """What an answer may mean: itself, and of text that is JSON what that says."""
    if isinstance(answer, (bytes, bytearray)):
        try:
            answer = bytes(answer).decode("utf-8-sig")
        except UnicodeDecodeError:
            return [math.nan]  # no JSON either
    if not isinstance(answer, str):
        return [answer]
    try:
        return [answer, json.loads(answer.removeprefix("\ufeff"))]
    except (ValueError, RecursionError):  # also digits that are too many to be read
        return [answer]


def _read(text: str, where: str) -> Mapping[str, Any]:
    if len(text) > _LARGEST_SCHEMA:
        raise CrumpleError(f"a schema of {len(text):,} characters, and {_LARGEST_SCHEMA:,} are read", where=where)
    try:
        read = json.loads(text)
    except ValueError as error:
        raise CrumpleError(f"it is no JSON: {error}", where=where) from None
    except RecursionError:
        raise CrumpleError("it is nested deeper than can be read", where=where) from None
    if not isinstance(read, Mapping):
        what = f"{str(read).lower()} says nothing of an answer" if isinstance(read, bool) else "it is no JSON object"
        raise CrumpleError(what, where=where, hint='A schema begins like {"type": "object", "required": [...]}.')
    if read.keys().isdisjoint(_HELD.split()):
        raise CrumpleError(
            "it says nothing of an answer, whatever that is keeps to it",
            where=where,
            hint=f"None of its keys ({', '.join(map(repr, list(read)[:6])) or 'it has none'}) is a keyword that limits "
            "a value. If it is an example of an answer, describe it instead: "
            '{"type": "object", "properties": {...}, "required": [...]}.',
        )
    if most_at_a_value(read) > _MOST_UNFOLDED:
        raise CrumpleError(
            f"its references unfold into more than {_MOST_UNFOLDED:,} checks of one value",
            where=where,
            hint="Say what several branches share once, beside them.",
        )
    return read


def _compiled(read: Mapping[str, Any], where: str) -> tuple[Validator, bool]:
    """The validator, and whether the time that it takes grows no faster than the answer."""
    try:
        import jsonschema_rs
    except ImportError:
        raise CrumpleError(
            "holding answers to a JSON schema needs the extra schema", where=where, hint='pip install "crumple[schema]"'
        ) from None
    # Patterns without look-around and back-references are searched for in linear time; few schemas need others.
    engines = (
        jsonschema_rs.RegexOptions(),
        jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS),
    )
    problem: Exception | None = None
    for engine in engines:
        try:
            validator = jsonschema_rs.validator_for(
                dict(read), offline=True, validate_formats=True, pattern_options=engine
            )
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            problem = error
        else:
            return validator, engine is engines[0]
    assert problem is not None
    raise _refused(problem, where)


def _refused(problem: Exception, where: str) -> CrumpleError:
    said = str(getattr(problem, "message", "") or problem).splitlines()[0]
    if "etriev" in said:
        return CrumpleError(
            f"it refers to something outside itself, and nothing is fetched: {said}",
            where=where,
            hint='Put it under "$defs" and refer to "#/$defs/NAME".',
        )
    if "Recursion limit" in said:
        return CrumpleError("it is nested deeper than can be read", where=where)
    path = "".join(map(pointer, getattr(problem, "instance_path", ())))
    return CrumpleError(f"it is no JSON schema: {f'at {path}: ' if path else ''}{said}", where=where)
