"""Recipes: the steps that turn a case into a degraded document, as short text and as JSON, exact both ways.

    scan.skew(angle=3.2,seed=41) > scan.jpeg(quality=20,seed=7)

A value is a number, true, false, or a quoted string; `seed`, `part` and `only` are reserved names. A part names
what the step acts on inside a case of several files or a container: `part="attachment.pdf"`. `only` keeps some of the
changes that the step makes, by their numbers in the order of the document: `only="0-3,7"`; the others are undone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from crumple.errors import CrumpleError

Value: TypeAlias = "bool | int | float | str"

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_KEY = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*")
_RESERVED = ("seed", "part", "only")
_CHANGES = re.compile(r"\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*")
_encode = json.JSONEncoder(ensure_ascii=False).encode
_EXAMPLE = "A recipe reads: scan.skew(angle=3.2,seed=41) > scan.jpeg(quality=20,seed=7)."


@dataclass(frozen=True, slots=True)
class Step:
    """One mutator applied once.

    Attributes:
        mutator: its name, "category.name".
        parameters: (name, value) pairs in the order they are written; floats are finite.
        seed: of the generator that the mutator is handed.
        part: the part of the case that it acts on; "" is the document itself.
        only: which of the changes that it makes are kept, as numbers and ranges: "0-3,7"; "": all.
    """

    mutator: str
    parameters: tuple[tuple[str, Value], ...] = ()
    seed: int = 0
    part: str = ""
    only: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.mutator):
            raise CrumpleError(f"{self.mutator!r} is not a mutator's name, category.name", where="recipe")
        if self.seed < 0:
            raise CrumpleError(f"a seed is 0 or more, got {self.seed}", where=self.mutator)
        if self.only and not _CHANGES.fullmatch(self.only):
            raise CrumpleError(
                f"only names changes by their numbers, got {self.only!r}", where=self.mutator, hint='only="0-3,7"'
            )
        for name, value in self.parameters:
            if name in _RESERVED:
                raise CrumpleError(f"{name!r} is not a parameter's name, it is reserved", where=self.mutator)
            if isinstance(value, float) and not math.isfinite(value):
                raise CrumpleError(f"{name} must be a finite number, got {value}", where=self.mutator)

    def __str__(self) -> str:
        pairs = [f"{name}={_written(value)}" for name, value in self.parameters]
        if self.part:
            pairs.append(f"part={_encode(self.part)}")
        if self.only:
            pairs.append(f'only="{self.only}"')
        return f"{self.mutator}({','.join([*pairs, f'seed={self.seed}'])})"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in order; none at all is the clean document."""

    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return " > ".join(map(str, self.steps))

    def to_json(self) -> list[dict[str, Any]]:
        """The steps as JSON; `from_json` gives the same recipe back."""
        return [
            {"mutator": step.mutator, "parameters": dict(step.parameters), "seed": step.seed}
            | ({"part": step.part} if step.part else {})
            | ({"only": step.only} if step.only else {})
            for step in self.steps
        ]

    @classmethod
    def from_json(cls, steps: object) -> Recipe:
        """A recipe from what `to_json` made.

        Raises:
            CrumpleError: it is not such a list.
        """
        if not isinstance(steps, list):
            raise CrumpleError("a recipe in JSON is a list of steps", where="recipe", hint=_EXAMPLE)
        return cls(tuple(_step(step) for step in steps))

    @classmethod
    def parse(cls, text: str) -> Recipe:
        """A recipe from its short text; "" is the recipe without steps.

        Raises:
            CrumpleError: with the position of what could not be read.
        """
        steps: list[Step] = []
        at = _skip(text, 0)
        while at < len(text):
            if steps:
                if text[at] != ">":
                    raise _unreadable(text, at, "'>' between two steps")
                at = _skip(text, at + 1)
            step, at = _parse_step(text, at)
            steps.append(step)
            at = _skip(text, at)
        return cls(tuple(steps))


def _written(value: Value) -> str:
    """A value as JSON; numbers, which most are, without the encoder's preparations, for runs have millions of them."""
    return repr(value) if type(value) is float or type(value) is int else _encode(value)


def _step(step: object) -> Step:
    if not isinstance(step, Mapping) or not isinstance(step.get("mutator"), str):
        raise CrumpleError("a step in JSON is an object with a mutator", where="recipe", hint=_EXAMPLE)
    unknown = set(step) - {"mutator", "parameters", "seed", "part", "only"}
    parameters, seed = step.get("parameters", {}), step.get("seed", 0)
    part, only = step.get("part", ""), step.get("only", "")
    sound = (
        not unknown
        and isinstance(parameters, Mapping)
        and all(isinstance(value, (bool, int, float, str)) for value in parameters.values())
        and type(seed) is int
        and isinstance(part, str)
        and isinstance(only, str)
    )
    if not sound:
        raise CrumpleError(
            "a step in JSON holds mutator, parameters, seed, part and only, and nothing else", where=step["mutator"]
        )
    return Step(step["mutator"], tuple(parameters.items()), seed, part, only)


def _parse_step(text: str, at: int) -> tuple[Step, int]:
    name = _NAME.match(text, at)
    if name is None:
        raise _unreadable(text, at, "a mutator's name, category.name")
    at = _skip(text, name.end())
    pairs: dict[str, Value] = {}
    if at < len(text) and text[at] == "(":
        at = _skip(text, at + 1)
        while at < len(text) and text[at] != ")":
            key, value, at = _parse_pair(text, at)
            if key in pairs:
                raise _unreadable(text, at, f"{key!r} only once")
            pairs[key] = value
            if at < len(text) and text[at] == ",":
                at = _skip(text, at + 1)
            elif at < len(text) and text[at] != ")":
                raise _unreadable(text, at, "',' or ')'")
        if at >= len(text):
            raise _unreadable(text, at, "')'")
        at += 1
    seed, part, only = pairs.pop("seed", 0), pairs.pop("part", ""), pairs.pop("only", "")
    if type(seed) is not int or not isinstance(part, str) or not isinstance(only, str):
        raise _unreadable(text, at, "a whole number as seed and quoted strings as part and only")
    return Step(name.group(), tuple(pairs.items()), seed, part, only), at


def _parse_pair(text: str, at: int) -> tuple[str, Value, int]:
    key = _KEY.match(text, at)
    if key is None:
        raise _unreadable(text, at, "name=value")
    try:
        value, at = json.JSONDecoder().raw_decode(text, key.end())
    except ValueError:
        value = None
    if not isinstance(value, (bool, int, float, str)):
        raise _unreadable(text, key.end(), "a number, true, false or a string in double quotes")
    return key.group(1), value, _skip(text, at)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _unreadable(text: str, at: int, expected: str) -> CrumpleError:
    found = repr(text[at : at + 12]) if at < len(text) else "the end"
    return CrumpleError(f"expected {expected}, found {found}", where=f"recipe, character {at + 1}", hint=_EXAMPLE)
