"""Frozen data as JSON, and back from what people may have edited: checked to the last key. Pure."""

from __future__ import annotations

import datetime as dt
import math
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from crumple.errors import CrumpleError
from crumple.recipe import Recipe

T = TypeVar("T")

_WORDS: Mapping[Any, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


class MisfitError(ValueError):
    """What was read is not what it should be.

    Attributes:
        path: the keys that lead there.
        what: what is wrong, in one clause.
        got: the offending word, for which the nearest allowed one is looked up.
        allowed: every word that would do.
    """

    def __init__(self, path: Sequence[str], what: str, got: str = "", allowed: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.path, self.what, self.got, self.allowed = tuple(path), what, got, tuple(allowed)


def plain(value: Any) -> Any:
    """Frozen data as JSON: data classes as objects, recipes and dates as texts."""
    if is_dataclass(value) and not isinstance(value, (type, Recipe)):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def made(kind: type[T], data: object, path: tuple[str, ...] = ()) -> T:
    """An instance of a data class from what `plain` made of one.

    Raises:
        MisfitError: a key is missing, unknown, or of another type.
    """
    found: T = _made(kind, data, path)
    return found


def _made(kind: Any, data: object, path: tuple[str, ...]) -> Any:
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return _one_of(typing.get_args(kind), data, path)
    if origin in (types.UnionType, typing.Union):
        return _either(typing.get_args(kind), data, path)
    if origin is tuple:
        if not isinstance(data, list):
            raise MisfitError(path, "must be a list")
        return tuple(_made(typing.get_args(kind)[0], each, (*path, str(at))) for at, each in enumerate(data))
    if origin is not None:
        if not isinstance(data, Mapping):
            raise MisfitError(path, "must be an object")
        return {name: _made(typing.get_args(kind)[1], each, (*path, str(name))) for name, each in data.items()}
    if is_dataclass(kind) and kind is not Recipe:
        return _record(kind, data, path)
    return _value(kind, data, path)


def _one_of(allowed: Sequence[Any], data: object, path: tuple[str, ...]) -> object:
    if data not in allowed or not isinstance(data, str):
        raise MisfitError(path, f"cannot be {data!r}", str(data), [str(each) for each in allowed])
    return data


def _either(kinds: Sequence[Any], data: object, path: tuple[str, ...]) -> Any:
    if data is None and types.NoneType in kinds:
        return None
    wanted = [each for each in kinds if each is not types.NoneType]
    if len(wanted) == 1:
        return _made(wanted[0], data, path)
    if type(data) not in wanted or (isinstance(data, float) and not math.isfinite(data)):
        raise MisfitError(path, f"must be {' or '.join(_WORDS[each] for each in wanted)}")
    return data


def _record(kind: Any, data: object, path: tuple[str, ...]) -> Any:
    if not isinstance(data, Mapping):
        raise MisfitError(path, "must be an object")
    known = {each.name: each for each in fields(kind)}
    for name in data:
        if name not in known:
            raise MisfitError((*path, str(name)), f"unknown key {name!r}", str(name), sorted(known))
    hints = typing.get_type_hints(kind)
    values = {}
    for name, each in known.items():
        if name in data:
            values[name] = _made(hints[name], data[name], (*path, name))
        elif each.default is MISSING and each.default_factory is MISSING:
            raise MisfitError(path, f"{name!r} is missing")
    return kind(**values)


def _value(kind: Any, data: object, path: tuple[str, ...]) -> Any:
    if kind is Recipe and isinstance(data, str):
        try:
            return Recipe.parse(data)
        except CrumpleError as error:
            raise MisfitError(path, f"cannot be read: {str(error).rstrip('.')}") from None
    if kind is dt.date and isinstance(data, str):
        try:
            return dt.date.fromisoformat(data)
        except ValueError:
            raise MisfitError(path, f"must be a date such as 2027-03-31, not {data!r}") from None
    if kind is float and type(data) is int:
        return float(data)
    if kind is float and isinstance(data, float) and not math.isfinite(data):
        raise MisfitError(path, "must be a finite number")
    if type(data) is not kind:
        raise MisfitError(path, f"must be {_WORDS.get(kind, 'a text')}")
    return data
