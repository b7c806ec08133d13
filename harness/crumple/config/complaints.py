"""What is wrong with a configuration, in its reader's words: place, value, nearest match, what is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from crumple.config.fields import Section
from crumple.config.model import Settings
from crumple.config.system import KINDS, goes_with
from crumple.config.toml_source import Key, Source
from crumple.errors import CrumpleError

_TYPES: Mapping[str, str] = {
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "mapping_type": "must be a table",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "string_too_short": "must not be empty",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}
_SHOWN = 60


class ConfigurationError(CrumpleError):
    """Everything that is wrong with one configuration, a line each.

    Attributes:
        errors: the messages, each once.
    """

    def __init__(self, errors: Iterable[CrumpleError]) -> None:
        self.errors = tuple(dict.fromkeys(map(str, errors)))
        Exception.__init__(self, "\n".join(self.errors))


def complaints(error: ValidationError, source: Source, unresolved: Iterable[Key]) -> list[tuple[int, CrumpleError]]:
    """One message for each thing that pydantic found, with its line.

    Args:
        error: what it raised.
        source: the file as it was written; only this is ever quoted.
        unresolved: keys whose text could not be completed from the environment; that is said already.
    """
    skip = set(unresolved)
    found = []
    for each in error.errors(include_url=False, include_input=False):
        key: Key = tuple(each["loc"])
        if key not in skip:
            found.append((source.line(key), _complaint(each["type"], each.get("ctx", {}), each["msg"], key, source)))
    return found


def _complaint(kind: str, context: Mapping[str, Any], message: str, key: Key, source: Source) -> CrumpleError:
    where, value = source.place(key), source.value(key)
    if kind == "extra_forbidden":
        return unknown_key(key, source, _fitting(allowed_keys(key[:-1]), key, source))
    if kind == "missing":
        if len(key) > 1:
            return CrumpleError(
                f"{_name(key)} is missing", where=source.place(key[:-1]), hint=_LACKING.get(key[-1], "")
            )
        return CrumpleError(f"the section [{key[-1]}] is missing", where=source.name, hint=_MISSING[str(key[-1])])
    if kind == "literal_error":
        options = [str(option) for option in _options(key)]
        return CrumpleError(f"{_name(key)} cannot be {_shown(value)}", where=where, got=str(value), allowed=options)
    what = _TYPES.get(kind) or str(context.get("error") or message)
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        what = f"must be {words} {context[bound]:g}"
    if len(key) == 1:
        return CrumpleError(what, where=where)
    if isinstance(value, Mapping) and isinstance(key[-1], int):
        # A table of a list is too long to be quoted.
        return CrumpleError(f"{'.'.join(_named(key[1:]))} {key[-1] + 1} {what}", where=where)
    return CrumpleError(f"{_name(key)} {what}, got {_shown(value)}", where=where)


_MISSING = {
    "system": 'It says what is tested: [system] call = "module:function". `crumple init` writes one.',
    "corpus": 'It says what it is tested with: [corpus] path = "folder", or generate = "invoices".',
}


_LACKING: Mapping[str | int, str] = {
    "of": 'Say what it is a limit of: of = "all", "clean", "production", or the name of a category or mutator.',
}


def unknown_key(key: Key, source: Source, allowed: Sequence[str]) -> CrumpleError:
    """The message for a key that nobody knows."""
    what, hint = f"unknown key {str(key[-1])!r}", ""
    if len(key) == 1:
        section = isinstance(source.value(key), (Mapping, list))
        what = f"unknown section [{key[0]}]" if section else f"{key[0]!r} stands outside the sections"
        homes = [f"[{name}]" for name in allowed if key[0] in allowed_keys((name,))]
        hint = f"It belongs under {' or '.join(homes)}." if homes and not section else ""
    return CrumpleError(what, where=source.place(key), got=str(key[-1]), allowed=allowed, hint=hint)


def _fitting(allowed: Sequence[str], key: Key, source: Source) -> list[str]:
    """Of the keys of [system] those that go with the kind of system that is named there."""
    if key[:-1] != ("system",):
        return list(allowed)
    kinds = [kind for kind in KINDS if kind in (source.value(("system",)) or ())]
    return [each for each in allowed if goes_with(each, kinds)]


def allowed_keys(section: Key) -> list[str]:
    """What may stand in a section; () is the file itself."""
    model: type[Section] = Settings
    for token in _named(section):
        field = _field(model, token)
        inner = _section(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _named(key: Key) -> list[str]:
    """A key's path without the numbers of list items, which are alike."""
    return [token for token in key if isinstance(token, str)]


def _field(model: type[Section], key: str) -> FieldInfo | None:
    """What a section says of a key, by the name that it has in the file."""
    return next((field for name, field in model.model_fields.items() if key == (field.alias or name)), None)


def _section(annotation: Any) -> type[Section] | None:
    """The section that a key holds, which may be left out; None where it holds a value."""
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, Section):
            return each
    return None


def _options(key: Key) -> tuple[Any, ...]:
    model: type[Section] = Settings
    field: FieldInfo | None = None
    for token in _named(key):
        field = _field(model, token)
        model = (_section(field.annotation) if field else None) or model
    if field is None:
        return ()
    words = [option for each in (field.annotation, *get_args(field.annotation)) for option in get_args(each)]
    return tuple(word for word in words if isinstance(word, (str, int)) and not isinstance(word, type))


def _name(key: Key) -> str:
    """What a key is called: "cost", "poll.done", "use, item 2,"; within a table of a list "limit 2: failures"."""
    at = max((index for index, token in enumerate(key) if isinstance(token, int)), default=0)
    if at > 1 and at + 1 < len(key):
        return f"{'.'.join(_named(key[1:at]))} {int(key[at]) + 1}: {_name(key[at:])}"
    names = ".".join(_named(key[1:]))
    return names + "".join(f", item {token + 1}," for token in key[1:] if isinstance(token, int))


def _shown(value: Any) -> str:
    """A value as it was written, near enough, and not too long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
