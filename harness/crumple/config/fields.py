"""What values in crumple.toml may be: the annotated types of its keys. Importing this brings pydantic in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from crumple.config.quantities import duration, pixels, rate, share, size

BY_HAND = "by hand"
"""What [system] batch says where no command, but a person, processes what is exported."""
_CALLABLE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_POINTER = re.compile(r"(?:/[^/]*)*")


def is_callable(value: object) -> bool:
    """Whether a value names a function: "module:function"."""
    return isinstance(value, str) and _CALLABLE.fullmatch(value) is not None


def _callable(value: object) -> str:
    if not isinstance(value, str) or not is_callable(value):
        raise ValueError('must read "module:function"')
    return value


def _level(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 5:
        raise ValueError("must be a level, a number above 0 and at most 5")
    return float(value)


def refusable_from(value: object) -> float | None:
    """The level from which on refusing is acceptable; None for "never".

    Raises:
        ValueError: it is neither.
    """
    if value == "never":
        return None
    try:
        return _level(value)
    except ValueError:
        raise ValueError('must be a level, a number above 0 and at most 5, or "never"') from None


def _refusal(value: object) -> str | int | Mapping[str, Any]:
    if isinstance(value, bool) or not isinstance(value, (str, int, Mapping)) or value in ("", {}):
        raise ValueError(
            'must be an exception ("module.Class"), a predicate ("module:function"), an exit code or status (a whole '
            'number), { answer = "/pointer", equals = ... } or { matches = "..." }'
        )
    return value


def _pointer(value: object) -> str:
    if not isinstance(value, str) or not _POINTER.fullmatch(value):
        raise ValueError('must be a JSON pointer such as "/result" or "/lines/0/total"')
    return value


def listed(value: object) -> tuple[object, ...]:
    """The items of a list.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list, in square brackets")
    return tuple(value)


def some(value: object) -> tuple[object, ...]:
    """The items of a list that has any.

    Raises:
        ValueError: it has none, or is no list.
    """
    if not (values := listed(value)):
        raise ValueError("must not be empty; leave it out for the default")
    return values


def _argv(value: object) -> tuple[object, ...]:
    if isinstance(value, str):
        raise ValueError('must be a list of the command and its arguments: ["pdftotext", "{input}", "-"]')
    return some(value)


def _batch(value: object) -> tuple[object, ...]:
    return () if value == BY_HAND else _argv(value)


def _argvs(value: object) -> tuple[object, ...]:
    commands = listed(value)
    if commands and all(isinstance(each, str) for each in commands):
        return (commands,)  # one command may stand without the brackets around it
    return tuple(_argv(each) for each in commands)


Duration = Annotated[float, BeforeValidator(duration)]
Size = Annotated[int, BeforeValidator(size)]
Pixels = Annotated[int, BeforeValidator(pixels)]
Rate = Annotated[float, BeforeValidator(rate)]
Share = Annotated[float, BeforeValidator(share)]
Callable = Annotated[str, BeforeValidator(_callable)]
Level = Annotated[float, BeforeValidator(_level)]
Pointer = Annotated[str, BeforeValidator(_pointer)]
Refusals = Annotated[tuple[Annotated[Any, BeforeValidator(_refusal)], ...], BeforeValidator(listed)]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]
Argv = Annotated[tuple[Text, ...], BeforeValidator(_argv)]
Batch = Annotated[tuple[Text, ...], BeforeValidator(_batch)]
Argvs = Annotated[tuple[Argv, ...], BeforeValidator(_argvs)]
Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Section(BaseModel):
    """A table of the file: frozen, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)
